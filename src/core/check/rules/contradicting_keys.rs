//! `contradicting-keys`: two keys of `networking` that say one thing in different words, and differ.

use crate::check::context::{RuleContext, place};
use crate::diagnostics::{Diagnostic, and_list, codes};
use crate::ir::{Deployment, Setting, Source};
use crate::schema::{EXISTING_NETWORK, Typed, section};
use smol_str::SmolStr;

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
            report(context, deployment, (word, "nat_gateways", words.0), (flag, "enable_nat_gateway", words.1));
        }
        let zones = context.valid(&network.zones, "zones").zip(context.valid(&network.availability_zones, "availability_zones"));
        if let Some((named, count)) = zones
            && count.source == Source::Written
            && usize::try_from(count.value) != Ok(named.value.len())
        {
            let words = (format!("`zones` names {}", named.value.len()), format!("`availability_zones` is `{}`", count.value));
            report(context, deployment, (named, "zones", words.0), (count, "availability_zones", words.1));
        }
    }
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
    deployment: &Deployment,
    (one, key, says): (&Setting<T>, &'static str, String),
    (other, other_key, other_says): (&Setting<U>, &'static str, String),
) {
    let diagnostic = Diagnostic::new(&codes::CONTRADICTING_KEYS, format!("{says} in {}, and {other_says}", deployment.name()))
        .at(place(deployment, "networking", one), "one of the two")
        .at(place(deployment, "networking", other), "the other")
        .help(format!("keep the one that is meant, and remove the other; where a lower layer has that one, write `{key}: null` or `{other_key}: null` here"));
    context.report_and_poison(diagnostic, &[(one.span, key), (other.span, other_key)]);
}
