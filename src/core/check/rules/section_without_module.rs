//! `section-without-module`: what the customer asked for and no shared module takes, one warning a section.

use crate::check::KeyTaker;
use crate::check::context::{DeploymentScope, RuleContext};
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::{Setting, Source};
use crate::modules::{CalledBy, InputRow, InputSource, ModuleRow};
use crate::resolve::Role;
use crate::schema::{Default, Key, SECTIONS, Typed};
use crate::source::{SourceMap, Span};

/// The section of instances.
const COMPUTE: &str = "compute";
/// How many keys a message names.
const NAMED: usize = 4;
/// How many places a message shows.
const LABELLED: usize = 3;

/// What became of a wish.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// No module has it.
    Untaken,
    /// The platform's module has no such input.
    LacksInput(&'static str),
    /// It speaks of instances, and there are none that it could reach.
    Unreached,
}

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let scopes = context.scopes();
    let mut wishes: Vec<(&'static str, Fate, Span, &'static str)> = Vec::new();
    let keys = SECTIONS.iter().flat_map(|section| section.keys.iter().map(|key| (section.name, key)));
    for (index, (section, key)) in keys.enumerate() {
        let asks = |scope: &DeploymentScope<'_>| scope.deployment.settings.at(index).is_some_and(|setting| is_wish(key, setting));
        let Some(fate) = scopes.iter().any(asks).then(|| fate(context, (key.name, index))).flatten() else { continue };
        for scope in scopes.iter().filter(|scope| fate != Fate::Unreached || scope.deployment.compute.is_none()) {
            let Some(setting) = scope.deployment.settings.at(index).filter(|setting| is_wish(key, setting)) else { continue };
            if fate != Fate::Unreached || is_unreached(&scopes, scope, index, setting.span) {
                wishes.push((section, fate, setting.span, key.name));
            }
        }
    }
    for scope in scopes.iter() {
        for key in scope.deployment.custom.iter().filter(|key| key.file != SourceMap::PLATFORM) {
            wishes.push(("custom", Fate::Untaken, *key, ""));
        }
    }
    if let Some(module) = lacks_databases(context) {
        let databases = scopes.iter().filter_map(|scope| scope.deployment.entry.as_ref());
        wishes.extend(
            databases
                .filter(|entry| entry.span.file != SourceMap::PLATFORM)
                .map(|entry| ("databases", Fate::LacksInput(module), entry.span, "")),
        );
    }
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

/// The module that takes something of each named database, and lacks the input for it.
fn lacks_databases(context: &RuleContext<'_, '_>) -> Option<&'static str> {
    let of_entries = |row: &&InputRow| matches!(row.source, InputSource::EntryOutputs(_));
    let lacks = |module: &&ModuleRow| {
        let row = module.inputs.iter().find(of_entries);
        row.is_some_and(|row| !context.input.interfaces.takes(module, row.name))
    };
    context.cloud().facts().modules.iter().find(lacks).map(|module| module.name)
}

/// What may become of a key's values, where anything but being taken may.
fn fate(context: &RuleContext<'_, '_>, (key, index): (&'static str, usize)) -> Option<Fate> {
    match context.input.interfaces.taker(context.cloud().facts(), index) {
        None => Some(Fate::Untaken),
        // A key that a module is there for is `module-interface` without it.
        Some(KeyTaker { module, .. }) if module.called_by == CalledBy::With(key) => None,
        Some(KeyTaker { module, takes: false }) => Some(Fate::LacksInput(module.name)),
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

/// The keys of a section, or the section itself, as messages name them.
fn in_words(section: &str, names: &[&str]) -> String {
    let mut words = String::with_capacity(64);
    for (index, key) in names.iter().take(NAMED).enumerate() {
        words.push_str(match index {
            0 => "`",
            last if last + 1 == names.len() => " and `",
            _ => ", `",
        });
        words.extend([section, ".", key, "`"]);
    }
    match names.len() {
        0 => format!("`{section}`"),
        1..=NAMED => words,
        all => format!("{words} and {} more of `{section}`", all - NAMED),
    }
}

fn diagnostic(section: &'static str, names: &[&str], places: &[Span], fate: Fate) -> Diagnostic {
    let what = in_words(section, names);
    let diagnostic = |message: String, label: &'static str, help: &'static str| {
        let mut diagnostic = Diagnostic::new(&codes::SECTION_WITHOUT_MODULE, message).help(help).about(section);
        for (index, span) in places.iter().take(LABELLED).enumerate() {
            let more = places.len().saturating_sub(LABELLED);
            diagnostic = match (index, more) {
                (0, _) => diagnostic.at(*span, label),
                (last, 1..) if last + 1 == LABELLED => diagnostic.at(*span, format!("nor this, nor {more} more")),
                _ => diagnostic.at(*span, "nor this"),
            };
        }
        diagnostic
    };
    match fate {
        Fate::Untaken => diagnostic(
            format!("no shared module takes {what} yet"),
            "no module uses this",
            "the values are checked and kept; ask your service provider when a module will take them, or remove them",
        ),
        Fate::LacksInput(module) => diagnostic(
            format!("the platform's module `{module}` does not take {what}"),
            "no module uses this",
            "ask your service provider to add the input to the module, or remove the value",
        ),
        Fate::Unreached => diagnostic(
            format!("{what} is about instances, and there are none that it could reach"),
            "no module uses this",
            "write `compute:` with an `instance_type:`, or remove the value",
        ),
    }
}
