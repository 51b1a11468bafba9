//! `contradicting-keys`: two keys that say one thing in different words, and differ; and keys that say nothing next to another one.

use crate::check::context::{RuleContext, place};
use crate::clouds::Engine;
use crate::diagnostics::{Diagnostic, and_list, codes};
use crate::ir::{Deployment, Setting, Source};
use crate::schema::{EXISTING_NETWORK, KEYS_OF_ENGINES, KeyOfEngines, Typed, section};
use smol_str::SmolStr;

/// The section of networks.
const NETWORKING: &str = "networking";
/// The section of databases.
const DATABASE: &str = "database";

/// Keys of networks.
pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(network) = &deployment.network else { continue };
        if let Some(existing) = context.valid(&network.existing, EXISTING_NETWORK.1) {
            next_to_existing(context, deployment, existing);
            continue;
        }
        let nat =
            context.valid(&network.nat_gateways, "nat_gateways").zip(context.valid(&network.enable_nat_gateway, "enable_nat_gateway"));
        if let Some((word, flag)) = nat
            && flag.source == Source::Written
            && (word.value != "none") != flag.value
        {
            let words = (format!("`nat_gateways` is `{}`", word.value), format!("`enable_nat_gateway` is `{}`", flag.value));
            report(context, (deployment, NETWORKING), (word, "nat_gateways", words.0), (flag, "enable_nat_gateway", words.1));
        }
        let zones = context.valid(&network.zones, "zones").zip(context.valid(&network.availability_zones, "availability_zones"));
        if let Some((named, count)) = zones
            && count.source == Source::Written
            && usize::try_from(count.value) != Ok(named.value.len())
        {
            let words = (format!("`zones` names {}", named.value.len()), format!("`availability_zones` is `{}`", count.value));
            report(context, (deployment, NETWORKING), (named, "zones", words.0), (count, "availability_zones", words.1));
        }
    }
}

/// Keys of databases that say nothing for the engine, and of Aurora how many instances there are in two ways that differ.
pub(super) fn of_databases(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(engine) = context.valid(&database.engine, "engine") else { continue };
        next_to_engine(context, deployment, engine);
        let both = context.valid(&database.instances, "instances").zip(context.valid(&database.multi_az, "multi_az"));
        if let Some((instances, standby)) = both
            && engine.value.is_aurora()
            && standby.source == Source::Written
            && standby.value != (instances.value >= 2)
        {
            let words = (format!("`instances` is `{}`", instances.value), format!("`multi_az` is `{}`", standby.value));
            report(context, (deployment, DATABASE), (instances, "instances", words.0), (standby, "multi_az", words.1));
        }
    }
}

/// Reports what is written of other engines next to one that it says nothing for. Defaults say nothing there: see `lower`.
fn next_to_engine(context: &mut RuleContext<'_, '_>, deployment: &Deployment, engine: &Setting<Engine>) {
    let written = |row: &'static KeyOfEngines| {
        let setting = deployment.settings.get(DATABASE, row.key)?;
        (!row.is_of(engine.value) && context.is_valid(setting, row.key)).then_some((row, setting))
    };
    let others: Vec<(&KeyOfEngines, &Setting<Typed>)> = KEYS_OF_ENGINES.iter().filter_map(written).collect();
    if others.is_empty() {
        return;
    }
    let names = and_list(others.iter().map(|(row, _)| row.key));
    let nulls: Vec<String> = others.iter().map(|(row, _)| format!("{}: null", row.key)).collect();
    let message = format!("`{}` takes no {names} in {}", engine.value, deployment.name());
    let mut diagnostic = Diagnostic::new(&codes::CONTRADICTING_KEYS, message);
    for (row, setting) in &others {
        diagnostic = diagnostic.at(place(deployment, DATABASE, *setting), row.reason);
    }
    let instead: String = others.iter().filter_map(|(row, _)| Some(format!("; {}", row.instead?))).collect();
    let them = if others.len() == 1 { "it" } else { "them" };
    let diagnostic = diagnostic.at(place(deployment, DATABASE, engine), format!("the engine is `{}`", engine.value)).help(format!(
        "remove {names}, or where a lower layer has {them} write {} next to `engine`{instead}",
        and_list(nulls.iter().map(String::as_str))
    ));
    let poisoned: Vec<_> = others.iter().map(|(row, setting)| (setting.span, row.key)).collect();
    context.report_and_poison(diagnostic, &poisoned);
}

/// Reports what would be said of a network that is made, next to the name of one that exists.
fn next_to_existing(context: &mut RuleContext<'_, '_>, deployment: &Deployment, existing: &Setting<SmolStr>) {
    let (name, key) = EXISTING_NETWORK;
    let keys = section(name).into_iter().flat_map(|section| section.keys).filter(|other| other.name != key);
    let others = keys.filter_map(|other| Some((other.name, deployment.settings.get(name, other.name)?)));
    let others: Vec<(&'static str, &Setting<Typed>)> = others.collect();
    let Some((_, first)) = others.first() else { return };
    let names = and_list(others.iter().map(|(other, _)| *other));
    let nulls: Vec<String> = others.iter().map(|(other, _)| format!("`{other}: null`")).collect();
    let message = format!("{} is in a network that exists already, so that {names} cannot apply", deployment.name());
    let diagnostic = Diagnostic::new(&codes::CONTRADICTING_KEYS, message)
        .at(place(deployment, name, *first), "of a network that is made")
        .at(place(deployment, name, existing), "exists already")
        .help(format!("remove `{key}`, or what stands next to it; where a lower layer has it, write {} here", nulls.join(" and ")));
    let poisoned: Vec<_> = others.iter().map(|(other, setting)| (setting.span, *other)).chain([(existing.span, key)]).collect();
    context.report_and_poison(diagnostic, &poisoned);
}

fn report<T, U>(
    context: &mut RuleContext<'_, '_>,
    (deployment, section): (&Deployment, &str),
    (one, key, says): (&Setting<T>, &'static str, String),
    (other, other_key, other_says): (&Setting<U>, &'static str, String),
) {
    let diagnostic = Diagnostic::new(&codes::CONTRADICTING_KEYS, format!("{says} in {}, and {other_says}", deployment.name()))
        .at(place(deployment, section, one), "one of the two")
        .at(place(deployment, section, other), "the other")
        .help(format!("keep the one that is meant, and remove the other; where a lower layer has that one, write `{key}: null` or `{other_key}: null` here"));
    context.report_and_poison(diagnostic, &[(one.span, key), (other.span, other_key)]);
}
