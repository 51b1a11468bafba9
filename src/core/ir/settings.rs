//! The sections of a deployment that exist, and the values of their keys.

use super::Setting;
use crate::schema::{SECTIONS, Typed, key_index};
use crate::source::Span;

/// A value, or none, for every key of every section, in the order of the language's table.
#[derive(Debug, Default)]
pub struct Settings {
    values: Vec<Option<Setting<Typed>>>,
    sections: Vec<(&'static str, Span)>,
}

impl Settings {
    /// The place of a section's first key, where the section exists.
    pub fn section(&self, name: &str) -> Option<Span> {
        self.sections.iter().find(|(section, _)| *section == name).map(|(_, key)| *key)
    }

    /// Adds a section that exists, with the place of its first key.
    pub fn add_section(&mut self, name: &'static str, key: Span) {
        if self.sections.is_empty() {
            self.sections.reserve_exact(SECTIONS.len());
        }
        self.sections.push((name, key));
    }

    /// The value of a key.
    pub fn get(&self, section: &str, key: &str) -> Option<&Setting<Typed>> {
        self.at(key_index(section, key)?)
    }

    /// The value of the key that stands at this place among all of them.
    pub fn at(&self, index: usize) -> Option<&Setting<Typed>> {
        self.values.get(index)?.as_ref()
    }

    /// True when a key has a value.
    pub fn has(&self, section: &str, key: &str) -> bool {
        self.get(section, key).is_some()
    }

    /// Sets the value of a key; one that the language does not have has none.
    pub fn insert(&mut self, section: &str, key: &str, setting: Setting<Typed>) {
        if let Some(index) = key_index(section, key) {
            self.insert_at(index, setting);
        }
    }

    /// Takes the value of a key away.
    pub fn remove(&mut self, section: &str, key: &str) {
        if let Some(index) = key_index(section, key) {
            self.remove_at(index);
        }
    }

    /// Takes the value of the key away that stands at this place among all of them.
    pub fn remove_at(&mut self, index: usize) {
        if let Some(value) = self.values.get_mut(index) {
            *value = None;
        }
    }

    /// Sets the value of the key that stands at this place among all of them.
    pub fn insert_at(&mut self, index: usize, setting: Setting<Typed>) {
        if self.values.is_empty() {
            self.values.resize_with(SECTIONS.iter().map(|section| section.keys.len()).sum(), || None);
        }
        if let Some(value) = self.values.get_mut(index) {
            *value = Some(setting);
        }
    }
}
