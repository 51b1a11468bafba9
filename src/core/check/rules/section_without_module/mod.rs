//! `section-without-module`: what the customer asked for and no shared module takes, one warning a section.

mod backups;
mod words;

use crate::check::KeyTaker;
use crate::check::acting::is_on;
use crate::check::context::{DeploymentScope, RuleContext};
use crate::ir::{Deployment, Setting, Source};
use crate::modules::{CalledBy, InputRow, InputSource, ModuleRow, SectionKey};
use crate::resolve::Role;
use crate::schema::{Default, FEATURES, Key, SECTIONS, SWITCHES, Typed};
use crate::source::{SourceMap, Span};
use words::{Fate, diagnostic};

/// The section of instances.
const COMPUTE: &str = "compute";
/// The section of named databases.
const DATABASES: &str = "databases";
/// Whom alarms notify.
const NOTIFICATIONS: &str = "notifications";
/// The key that gives instances alarms.
const ALARMS_OF_INSTANCES: SectionKey = ("monitoring", "enable_cloudwatch");
pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let scopes = context.scopes();
    let mut wishes: Vec<(&'static str, Fate, Span, &'static str)> = Vec::new();
    let keys = SECTIONS.iter().flat_map(|section| section.keys.iter().map(|key| (section.name, key)));
    for (index, (section, key)) in keys.enumerate() {
        let wish = |scope: &DeploymentScope<'_>| {
            let setting = scope.deployment.settings.at(index).filter(|setting| is_wish(key, setting))?;
            (!is_off(context, section, scope.deployment)).then_some(setting.span)
        };
        let asks = |scope: &DeploymentScope<'_>| wish(scope).is_some();
        let Some(fate) = scopes.iter().any(asks).then(|| fate(context, section, (key.name, index))).flatten() else { continue };
        for scope in scopes.iter().filter(|scope| fate != Fate::Unreached || scope.deployment.compute.is_none()) {
            let Some(span) = wish(scope) else { continue };
            if fate != Fate::Unreached || is_unreached(&scopes, scope, index, span) {
                wishes.push((section, fate, span, key.name));
            }
        }
    }
    for module in context.cloud().facts().modules.iter().filter(|module| module.can_be_held_back() && !context.input.offers(module)) {
        let asking = scopes.iter().filter(|scope| is_on(module, scope.deployment));
        let sections = asking.filter_map(|scope| scope.deployment.settings.section(module.section));
        wishes.extend(sections.map(|section| (module.section, Fate::LacksModule(module.name), section, "")));
    }
    for scope in scopes.iter() {
        for key in &scope.deployment.custom {
            wishes.push(("custom", Fate::Untaken, *key, ""));
        }
    }
    for (module, section) in lacks_outputs(context, &scopes) {
        let fate = if section == NOTIFICATIONS { Fate::Unheard(module) } else { Fate::LacksRight(module) };
        let of_scope = |scope: &DeploymentScope<'_>| match section {
            DATABASES => scope.deployment.entry.as_ref().map(|entry| entry.span),
            _ => scope.deployment.settings.section(section),
        };
        wishes.extend(scopes.iter().filter_map(of_scope).map(|span| (section, fate, span, "")));
    }
    wishes.extend(without_alarms(context, &scopes).into_iter().map(|span| (NOTIFICATIONS, Fate::WithoutAlarms, span, "")));
    wishes.extend(backups::wishes(context, &scopes));
    // What the tier asks for is not the customer's to change.
    wishes.retain(|(_, _, span, _)| span.file != SourceMap::PLATFORM);
    wishes.sort_unstable();
    wishes.dedup();
    for wishes in wishes.chunk_by(|(section, fate, ..), (other, of_other, ..)| (section, fate) == (other, of_other)) {
        let Some((section, fate, ..)) = wishes.first() else { continue };
        let mut places: Vec<Span> = wishes.iter().map(|(_, _, span, _)| *span).collect();
        places.dedup();
        let mut names: Vec<&str> = Vec::new();
        for (_, _, _, key) in wishes {
            if !key.is_empty() && !names.contains(key) {
                names.push(key);
            }
        }
        context.report(diagnostic(section, &names, &places, *fate));
    }
}

/// Modules that are called and lack the input for what others give, each with the section that makes those: nobody could use what is made.
fn lacks_outputs(context: &RuleContext<'_, '_>, scopes: &[DeploymentScope<'_>]) -> Vec<(&'static str, &'static str)> {
    let is_called = |module: &ModuleRow| scopes.iter().any(|scope| makes(context, module, scope.deployment));
    let modules = context.cloud().facts().modules;
    let section_of = |row: &InputRow| match row.source {
        InputSource::EntryOutputs(_) => Some(DATABASES),
        InputSource::Outputs(output) => {
            let giver = modules.iter().find(|module| module.block == output.block)?;
            context.input.offers(giver).then_some(giver.section)
        }
        _ => None,
    };
    let lacking = |module: &'static ModuleRow| {
        let rows = context.input.interfaces.mismatches(module).map_or(&[][..], |mismatches| &mismatches.lacking);
        rows.iter().filter_map(|row| Some((module.name, section_of(row)?))).collect::<Vec<_>>()
    };
    modules.iter().filter(|module| is_called(module) && context.input.offers(module)).flat_map(lacking).collect()
}

/// True where a deployment has a module's section, and calls the module.
fn makes(context: &RuleContext<'_, '_>, module: &ModuleRow, deployment: &Deployment) -> bool {
    deployment.settings.section(module.section).is_some() && context.input.is_called(module, deployment)
}

/// True where a section switches itself off, so that nothing in it is a wish.
fn is_off(context: &RuleContext<'_, '_>, section: &str, deployment: &Deployment) -> bool {
    context.cloud().facts().modules.iter().any(|module| module.section == section && !is_on(module, deployment))
}

/// The module of notifications, where the platform has it.
fn notifier(context: &RuleContext<'_, '_>) -> Option<&'static ModuleRow> {
    let modules = context.cloud().facts().modules;
    modules.iter().find(|module| module.section == NOTIFICATIONS && context.input.offers(module))
}

/// Where it is written whom alarms notify, and there are none that could. What has alarms may be lost to an error.
fn without_alarms(context: &RuleContext<'_, '_>, scopes: &[DeploymentScope<'_>]) -> Vec<Span> {
    let notified = scopes.iter().filter_map(|scope| Some((scope.deployment.settings.section(NOTIFICATIONS)?, scope)));
    let notified: Vec<(Span, &DeploymentScope<'_>)> = notified.collect();
    let modules = context.cloud().facts().modules;
    let Some(notifier) = notifier(context).filter(|_| !notified.is_empty() && !context.after_errors) else { return Vec::new() };
    let reads = |row: &InputRow| row.source.output().is_some_and(|output| output.block == notifier.block);
    let notifies = |module: &&ModuleRow| module.inputs.iter().any(reads) && context.input.offers(module);
    let alarmed: Vec<&ModuleRow> = modules.iter().filter(notifies).collect();
    let has_alarms = |deployment: &Deployment| {
        let mut there = alarmed.iter().filter(|module| makes(context, module, deployment));
        there.any(|module| module.section != COMPUTE || instances_have_alarms(deployment))
    };
    let hears = |scope: &DeploymentScope<'_>, other: &DeploymentScope<'_>| {
        let is_shared = scope.deployment.role == Role::Shared && scope.shares_network_with(other);
        (is_shared || std::ptr::eq(scope.deployment, other.deployment)) && has_alarms(other.deployment)
    };
    let (heard, unheard): (Vec<_>, Vec<_>) = notified.into_iter().partition(|(_, scope)| scopes.iter().any(|other| hears(scope, other)));
    // In another environment there may be alarms.
    unheard.into_iter().map(|(span, _)| span).filter(|span| !heard.iter().any(|(other, _)| other == span)).collect()
}

/// True where instances have alarms: they are asked for, and there is a load balancer or a number of instances to look at.
fn instances_have_alarms(deployment: &Deployment) -> bool {
    let value = |(section, key): SectionKey| deployment.settings.get(section, key).map(|setting| &setting.value);
    let (fewest, most) = (value((COMPUTE, "min_instances")), value((COMPUTE, "max_instances")));
    value(ALARMS_OF_INSTANCES) == Some(&Typed::Boolean(true))
        && (value((COMPUTE, "load_balancer")) != Some(&Typed::Text("none".into())) || fewest != most)
}

/// What may become of a key's values, where anything but being taken may.
fn fate(context: &RuleContext<'_, '_>, section: &str, (key, index): (&'static str, usize)) -> Option<Fate> {
    match context.input.interfaces.taker(context.cloud().facts(), index) {
        // What it switches on says whether there is a module.
        None if section == FEATURES && SWITCHES.iter().any(|switch| switch.key == key) => None,
        None if section == NOTIFICATIONS && notifier(context).is_some() => Some(Fate::ByMail),
        None => Some(Fate::Untaken),
        // Said of the section as a whole.
        Some(KeyTaker { module, .. }) if module.can_be_held_back() && !context.input.offers(module) => None,
        // A key that a module is there for is `module-interface` without it, and so is an input that nothing is made without.
        Some(KeyTaker { module, input, .. }) if module.called_by == CalledBy::With(key) || input.needed.is_some() => None,
        Some(KeyTaker { module, takes: false, .. }) => Some(Fate::LacksInput(module.name)),
        // Instances may be lost to an error.
        Some(KeyTaker { module, .. }) if module.section == COMPUTE && !context.after_errors => Some(Fate::Unreached),
        Some(_) => None,
    }
}

/// True when a value about instances, of a deployment without any, reaches none elsewhere.
fn is_unreached(scopes: &[DeploymentScope<'_>], scope: &DeploymentScope<'_>, index: usize, span: Span) -> bool {
    let reaches = |other: &DeploymentScope<'_>| {
        let same_value = || other.deployment.settings.at(index).is_some_and(|theirs| theirs.span == span);
        // What the base says of instances goes to its services, which may override it.
        let of_service = || scope.deployment.role == Role::Shared && scope.shares_network_with(other);
        other.deployment.compute.is_some() && (same_value() || of_service())
    };
    !scopes.iter().any(reaches)
}

/// True when a customer's value asks for something: it is not the default, and not the absence of something that is absent by default.
fn is_wish(key: &Key, setting: &Setting<Typed>) -> bool {
    setting.source == Source::Written
        && !key.is_default(&setting.value)
        && match &setting.value {
            Typed::Boolean(false) => matches!(key.default, Default::Value(_)),
            Typed::List(items) => !items.is_empty(),
            Typed::Object(entries) => !entries.is_empty(),
            Typed::Boolean(true) | Typed::Integer(_) | Typed::Text(_) | Typed::Network(_) => true,
        }
}
