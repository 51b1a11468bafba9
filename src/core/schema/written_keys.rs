//! The keys of a mapping, next to those that it takes.

use super::places::KeyPlace;
use super::{Section, key_names_secret, looks_secret};
use crate::source::Span;
use crate::syntax::{Entry, Mapping, Value};
use std::collections::HashSet;

/// The keys that a mapping has and its place takes: few, while a customer may write any number of others.
pub(super) struct WrittenKeys<'m> {
    pub(super) taken: HashSet<&'m str>,
    pub(super) mapping: &'m Mapping,
    /// For a section, the mapping that it stands in.
    pub(super) around: Option<&'m Mapping>,
}

impl<'m> WrittenKeys<'m> {
    pub(super) fn new(mapping: &'m Mapping, takes: impl Fn(&str) -> bool) -> Self {
        let taken = mapping.entries.iter().map(|entry| entry.key.value.as_str()).filter(|name| takes(name)).collect();
        WrittenKeys { taken, mapping, around: None }
    }

    /// The same for a section that stands in this mapping.
    pub(super) fn inside(self, around: Option<&'m Mapping>) -> Self {
        WrittenKeys { around, ..self }
    }

    /// The removal of a key, and its line again at the start of the section that it belongs to, where that stands next to its own in the same part of
    /// the document.
    pub(super) fn moved(&self, name: &str, home: &str) -> Option<(Span, Span, String)> {
        let here = self.removable(name)?;
        let (_, value) = self.on_one_line(name)?;
        let (own, home) = (self.mapping.entries.first()?, self.around?.get(home)?);
        let entries = &home.value.as_mapping()?.entries;
        let [first, second, ..] = entries.as_slice() else { return None };
        // What the column is shows in what stands between the keys; a comment there would make two columns of it.
        let below = first.key.span.start.checked_sub(home.key.span.end + ":\n".len() as u32)?;
        let beside = second.key.span.start.checked_sub(first.value.span.end + "\n".len() as u32)?;
        let is_block = below == beside && (1..=16).contains(&below) && first.value.as_scalar().is_some();
        let is_here = own.key.span.file == first.key.span.file && !entries.iter().any(|entry| entry.key.value == name);
        let at = Span { end: first.key.span.start, ..first.key.span };
        (is_block && is_here).then(|| (here, at, format!("{name}: {value}\n{}", " ".repeat(below as usize))))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// True when only this key of the mapping belongs into a section that the mapping lacks.
    pub(super) fn is_only_one_of(&self, section: &Section, name: &str) -> bool {
        let others = self.mapping.entries.iter().filter(|entry| entry.key.value != name);
        !self.has(section.name) && !others.into_iter().any(|entry| section.key(&entry.key.value).is_some())
    }

    /// Where a key of a section that stands above it in the column of the section has to be indented, and by how much. Known at the top level
    /// alone, whose column is the first.
    pub(super) fn slipped_out(&self, section: &Section, name: &str, place: KeyPlace) -> Option<(Span, usize)> {
        if !matches!(place, KeyPlace::Base | KeyPlace::RegionOverlay | KeyPlace::ServiceOverlay) {
            return None;
        }
        let entries = &self.mapping.entries;
        let (above, own) =
            (entries.iter().position(|entry| entry.key.value == section.name)?, entries.iter().position(|entry| entry.key.value == name)?);
        let between = entries.get(above + 1..own)?;
        let (home, own) = (entries.get(above)?, entries.get(own)?);
        if !between.iter().chain([own]).all(|entry| section.key(&entry.key.value).is_some() && entry.value.as_scalar().is_some()) {
            return None;
        }
        // Behind the section's key come its colon and the line's end.
        let width = match &home.value.value {
            Value::Null => 2,
            Value::Mapping(mapping) => (mapping.entries.first()?.key.span.start.checked_sub(home.key.span.end + 2)?) as usize,
            _ => return None,
        };
        let at = Span { end: own.key.span.start, ..own.key.span };
        (1..=8).contains(&width).then_some((at, width))
    }

    /// True for a mapping of single values with keys as programs have them for their environment: `LOG_LEVEL`.
    pub(super) fn is_of_a_program(&self, name: &str) -> bool {
        let mapping = self.mapping.get(name).and_then(|entry| entry.value.as_mapping()).filter(|mapping| !mapping.entries.is_empty());
        let is_variable = |entry: &Entry| {
            let key = entry.key.value.as_str();
            let is_key = key.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
            is_key && key.starts_with(|letter: char| letter.is_ascii_uppercase()) && entry.value.as_scalar().is_some()
        };
        mapping.is_some_and(|mapping| mapping.entries.iter().all(is_variable))
    }

    /// A key with a single value, where its mapping has others: without its only key a section would be emptied.
    pub(super) fn removable(&self, name: &str) -> Option<Span> {
        // A credential is revoked, and not only removed.
        let entry = self.mapping.get(name).filter(|_| self.mapping.entries.len() > 1 && !key_names_secret(name))?;
        let is_single = entry.value.as_scalar().is_some_and(|scalar| !scalar.text.contains('\n'));
        let is_behind = entry.key.span.file == entry.value.span.file && entry.key.span.end < entry.value.span.start;
        (is_single && is_behind).then_some(Span { end: entry.value.span.end, ..entry.key.span })
    }

    /// The value of a key as it may be written on one line.
    pub(super) fn on_one_line(&self, name: &str) -> Option<(Span, &'m str)> {
        let entry = self.mapping.get(name)?;
        let scalar = entry
            .value
            .as_scalar()
            .filter(|scalar| scalar.plain && !scalar.text.contains(['{', '}', '[', ']', ',', '#', '\n', '*', '&']))?;
        if looks_secret(&scalar.text).is_some() {
            return None;
        }
        // What aliases and merge keys bring stands elsewhere.
        let is_behind = entry.key.span.file == entry.value.span.file && entry.key.span.end < entry.value.span.start;
        let length = (entry.value.span.end - entry.value.span.start) as usize;
        let is_near = is_behind && length == scalar.text.len() && entry.value.span.start - entry.key.span.end <= 16;
        is_near.then_some((Span { end: entry.value.span.end, ..entry.key.span }, scalar.text.as_str()))
    }
}
