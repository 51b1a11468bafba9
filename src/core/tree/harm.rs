//! What a change of a root that is already there does to a network or a database: `destructive-change`.
//!
//! The old root is read back from the `main.tf` that an earlier run wrote. What is compared is data; where it is reported, the caller knows.

use crate::clouds::{CLOUDS, of_provider};
use crate::modules::{ModuleRow, OnChange, When};
use crate::terraform::{Expression, ModuleCall, RootModule};
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression as Written, ObjectKey};
use hcl_edit::structure::{Block, Body, Structure};
use smol_str::SmolStr;
use std::cmp::Ordering;
use std::ops::Range;

/// A harm that a change does.
#[derive(Debug)]
pub struct Harm {
    /// What it is.
    pub kind: HarmKind,
    /// The named database that it is done to, by the name that it had.
    pub entry: Option<String>,
    /// The label of the call now, where there is one.
    pub label: Option<SmolStr>,
    /// Where the old value or block stands in the old `main.tf`, in bytes.
    pub place: Range<usize>,
}

/// What does harm.
#[derive(Debug)]
pub enum HarmKind {
    /// A module is not called any more.
    CallGone(&'static str),
    /// An argument has another value.
    Changed {
        /// The argument.
        argument: HarmedArgument,
        /// The value on disk, where there is one.
        old: Option<String>,
        /// The value now.
        new: String,
    },
    /// The provider is held to another account, or to none any more.
    AccountChanged {
        /// The account on disk.
        old: String,
        /// The account now.
        new: Option<String>,
    },
    /// Entries of an argument are gone.
    EntriesGone {
        /// The argument.
        argument: HarmedArgument,
        /// The entries.
        gone: Vec<String>,
    },
}

/// An argument whose change does harm.
#[derive(Debug, Clone, Copy)]
pub struct HarmedArgument {
    /// The module.
    pub module: &'static str,
    /// The argument.
    pub name: &'static str,
    /// What its change does.
    pub on_change: OnChange,
}

/// What the cloud would replace, destroy or refuse when `old`, the text of a `main.tf`, becomes `new`. Nothing where the text is none that
/// terralet wrote.
pub fn harms(old: &str, new: &RootModule) -> Vec<Harm> {
    let Ok(body) = old.parse::<Body>() else { return Vec::new() };
    let mut harms = Vec::new();
    let clouds = of_provider(new.provider.row);
    let of_module =
        |module: &'static ModuleRow| calls(&body).filter_map(move |(label, block)| Some((module, module.entry_of(label)?, label, block)));
    for (module, entry, label, block) in clouds.iter().flat_map(|cloud| cloud.facts().modules).flat_map(of_module) {
        let place = block.labels.first().and_then(|label| label.span()).or_else(|| block.span()).unwrap_or(0..0);
        // What has another label now says so.
        let is_it = |call: &&ModuleCall| call.formerly.iter().any(|old| old == label);
        let is_now = || new.calls.iter().find(|call| call.label == label);
        let Some(call) = new.calls.iter().find(is_it).or_else(is_now) else {
            harms.push(Harm { kind: HarmKind::CallGone(module.name), entry, label: None, place });
            continue;
        };
        for (row, on_change) in module.harmful() {
            let attribute = block.body.get_attribute(row.name).map(|attribute| &attribute.value);
            let argument = HarmedArgument { module: module.name, name: row.name, on_change };
            let now = call.arguments.iter().find(|(name, _)| *name == row.name).map(|(_, value)| value);
            let kind = match attribute {
                Some(old) if on_change.when.is_of_entries() => entries_gone(argument, old, now),
                Some(old) => changed(argument, block, (written(old), now.and_then(literal)), row.absent, &call.arguments),
                None => changed(argument, block, (None, now.and_then(literal)), row.absent, &call.arguments),
            };
            if let Some(kind) = kind.filter(|kind| !joins(&mut harms, kind)) {
                let (entry, label) = (entry.clone(), Some(call.label.clone()));
                harms.push(Harm { kind, entry, label, place: attribute.and_then(|old| old.span()).unwrap_or_else(|| place.clone()) });
            }
        }
    }
    harms
}

/// The newer modules that a root calls and that `old`, the text of its `main.tf` so far, does not.
pub fn added_modules(old: &str, new: &RootModule) -> Vec<&'static ModuleRow> {
    let newer: Vec<&ModuleCall> = new.calls.iter().filter(|call| call.module.can_be_held_back()).collect();
    if newer.is_empty() {
        return Vec::new();
    }
    let Ok(body) = old.parse::<Body>() else { return Vec::new() };
    let is_new = |call: &&ModuleCall| !calls(&body).any(|(label, _)| label == call.label);
    newer.into_iter().filter(is_new).map(|call| call.module).collect()
}

/// Adds entries that go to those of another input whose going means the same; false where there are none.
fn joins(harms: &mut [Harm], kind: &HarmKind) -> bool {
    let HarmKind::EntriesGone { argument, gone } = kind else { return false };
    let same = harms.iter_mut().find_map(|harm| match &mut harm.kind {
        HarmKind::EntriesGone { argument: other, gone } if other.on_change == argument.on_change => Some(gone),
        _ => None,
    });
    let Some(all) = same else { return false };
    all.extend(gone.iter().cloned());
    all.sort_unstable();
    all.dedup();
    true
}

/// The entries that go.
fn entries_gone(argument: HarmedArgument, old: &Written, new: Option<&Expression>) -> Option<HarmKind> {
    let now = new.map(entries).unwrap_or_default();
    let gone: Vec<String> = written_entries(old).into_iter().filter(|entry| !now.contains(&entry.as_str())).collect();
    (!gone.is_empty()).then_some(HarmKind::EntriesGone { argument, gone })
}

/// A value that becomes one that does harm. What is not passed is `absent`, where that is known.
fn changed(
    argument: HarmedArgument,
    block: &Block,
    (old, new): (Option<String>, Option<String>),
    absent: Option<&'static str>,
    arguments: &[(&'static str, Expression)],
) -> Option<HarmKind> {
    if argument.on_change.unless.is_some_and(|(other, value)| has(block, arguments, other, value)) {
        return None;
    }
    let absent = || absent.map(str::to_owned);
    let (old, new) = (old.or_else(absent), new.or_else(absent)?);
    let Some(old) = old else {
        return (argument.on_change.when == When::Given).then_some(HarmKind::Changed { argument, old: None, new });
    };
    let does_harm = match argument.on_change.when {
        When::Changed | When::Given => old != new,
        When::ChangedUnless(none) => old != new && old != none,
        When::Smaller => matches!((old.parse::<i64>(), new.parse::<i64>()), (Ok(old), Ok(new)) if new < old),
        When::Lower(words) => {
            let at = |word: &str| words.iter().position(|known| *known == word);
            matches!((at(&old), at(&new)), (Some(old), Some(new)) if new < old)
        }
        When::Older { of_same } => !differs(block, arguments, of_same) && is_older(&new, &old),
        When::EntriesDestroyed | When::EntriesRemoved => false,
    };
    does_harm.then_some(HarmKind::Changed { argument, old: Some(old), new })
}

/// True where an input has a value in the old call or in the new one.
fn has(block: &Block, arguments: &[(&'static str, Expression)], input: &str, value: &str) -> bool {
    let old = block.body.get_attribute(input).and_then(|attribute| written(&attribute.value));
    let new = arguments.iter().find(|(name, _)| *name == input).and_then(|(_, value)| literal(value));
    [old, new].into_iter().flatten().any(|found| found == value)
}

/// The change of the account that a root is held to, between two texts of its `providers.tf`, with its place in the old one. Of a root that
/// was held to none nobody knows where it is.
pub fn account_changed(old: &str, new: &str) -> Option<Harm> {
    let (was, now) = (account(old)?, account(new).map(|(account, _)| account.to_owned()));
    let (account, place) = was;
    if now.as_deref() == Some(account) {
        return None;
    }
    let kind = HarmKind::AccountChanged { old: account.to_owned(), new: now };
    Some(Harm { kind, entry: None, label: None, place })
}

/// The account of a `providers.tf`, with its place. A customer's text is a literal within a line and starts none.
fn account(text: &str) -> Option<(&str, Range<usize>)> {
    let starts_a_line = |at: &usize| text.get(..*at).is_some_and(|before| before.trim_end_matches(' ').ends_with('\n'));
    let of_account = CLOUDS.iter().find_map(|cloud| {
        let argument = cloud.facts().provider.of_account()?;
        text.match_indices(argument).map(|(at, _)| at).find(starts_a_line)
    });
    let at = of_account?;
    let start = at + text.get(at..)?.find('"')? + 1;
    let account = text.get(start..)?.split('"').next()?;
    Some((account, start..start + account.len()))
}

/// The calls of modules, by their labels.
fn calls(body: &Body) -> impl Iterator<Item = (&str, &Block)> {
    body.iter().filter_map(|structure| match structure {
        Structure::Block(block) if block.ident.as_str() == "module" => Some((block.labels.first()?.as_str(), block)),
        Structure::Block(_) | Structure::Attribute(_) => None,
    })
}

fn differs(block: &Block, arguments: &[(&'static str, Expression)], name: &str) -> bool {
    let was = block.body.get_attribute(name).and_then(|attribute| written(&attribute.value));
    was != arguments.iter().find(|(argument, _)| *argument == name).and_then(|(_, value)| literal(value))
}

/// The texts of a list, or the keys of an object, as they stand in a file.
fn written_entries(value: &Written) -> Vec<String> {
    match value {
        Written::Array(items) => items.iter().filter_map(written).collect(),
        Written::Object(object) => object
            .iter()
            .filter_map(|(key, _)| match key {
                ObjectKey::Expression(key) => written(key),
                ObjectKey::Ident(key) => Some(key.to_string()),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The same of a value that will be written.
fn entries(value: &Expression) -> Vec<&str> {
    match value {
        Expression::List(items) => items
            .iter()
            .filter_map(|item| match item {
                Expression::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect(),
        Expression::Object(entries) | Expression::Record(entries) => entries.iter().map(|(key, _)| key.as_str()).collect(),
        _ => Vec::new(),
    }
}

fn written(value: &Written) -> Option<String> {
    match value {
        Written::String(text) => Some(text.as_str().to_owned()),
        Written::Number(number) => Some(number.value().to_string()),
        Written::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn literal(value: &Expression) -> Option<String> {
    match value {
        Expression::Text(text) => Some(text.to_string()),
        Expression::Number(number) => Some(number.to_string()),
        Expression::Boolean(value) => Some(value.to_string()),
        _ => None,
    }
}

/// What stands between the version of MySQL and the one of Aurora: `8.0.mysql_aurora.3.08.0`.
const OF_AURORA: &str = "mysql_aurora";

/// True when a version is older than another. A version that leaves the end out means any: `15` is not older than `15.4`.
fn is_older(one: &str, other: &str) -> bool {
    let numbers =
        |version: &str| version.split('.').filter(|part| *part != OF_AURORA).map(str::parse::<u64>).collect::<Result<Vec<_>, _>>();
    let (Ok(one), Ok(other)) = (numbers(one), numbers(other)) else { return false };
    one.iter().zip(&other).map(|(one, other)| one.cmp(other)).find(|order| *order != Ordering::Equal) == Some(Ordering::Less)
}
