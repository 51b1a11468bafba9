//! What `<<` does not bring along: it merges one level, and a key that is written next to it takes the place of the anchor's whole.

use super::tree::{Entry, Value};
use crate::diagnostics::{Diagnostic, and_list, codes, shown};
use crate::source::Span;
use smol_str::SmolStr;
use std::collections::HashSet;

/// How many keys a message names.
const MOST_NAMED: usize = 8;

/// A value of an anchor that another one took the place of.
#[derive(Clone, Debug)]
pub struct NotMerged {
    /// The key that is written next to `<<`; for a null that removes the anchor's value on purpose, the null.
    pub at: Span,
    /// The anchor's keys that the mapping there lacks.
    pub lost: Vec<SmolStr>,
    /// The report of it; nothing where it is on purpose.
    pub diagnostic: Option<Diagnostic>,
}

/// What of an anchor's mapping does not come along, since its key is written next to `<<` too. An explicit null removes it on purpose.
pub(super) fn not_merged(own: &Entry, brought: &Entry, merge: Span) -> Option<NotMerged> {
    if own.value.is_null() && own.value.span != own.key.span && !brought.value.is_null() {
        return Some(NotMerged { at: own.value.span, lost: Vec::new(), diagnostic: None });
    }
    let mapping = brought.value.as_mapping()?;
    let written: HashSet<&str> = match &own.value.value {
        Value::Mapping(own) => own.entries.iter().map(|entry| entry.key.value.as_str()).collect(),
        Value::Null if own.value.span == own.key.span => HashSet::new(),
        Value::Null | Value::Scalar(_) | Value::Sequence(_) => return None,
    };
    let lost: Vec<SmolStr> =
        mapping.entries.iter().filter(|entry| !written.contains(entry.key.value.as_str())).map(|entry| entry.key.value.clone()).collect();
    if lost.is_empty() {
        return None;
    }
    let name = shown(&own.key.value);
    let message = format!("`{name}` takes the place of the whole `{name}` that `<<` brings, without {}", named(&lost));
    let diagnostic = Diagnostic::new(&codes::SHALLOW_MERGE, message)
        .at(own.key.span, "written here again")
        .at(brought.key.span, "not merged with this")
        .at(merge, "this merges one level")
        .help(format!("write the keys here too; or give the other `{name}` an anchor of its own, and merge that below `{name}`"));
    Some(NotMerged { at: own.key.span, lost, diagnostic: Some(diagnostic) })
}

/// Some of the keys, as a list of words.
fn named(keys: &[SmolStr]) -> String {
    let list = and_list(keys.iter().take(MOST_NAMED).map(|key| key.as_str()));
    match keys.len().saturating_sub(MOST_NAMED) {
        0 => list,
        more => format!("{list}, and {more} more"),
    }
}
