//! The values of a deployment, by section and key.

use super::Setting;
use crate::schema::{SECTIONS, Typed, key_index};

/// A value, or none, for every key of every section, in the order of the language's table.
#[derive(Debug, Default)]
pub struct Settings {
    values: Vec<Option<Setting<Typed>>>,
}

impl Settings {
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
        let Some(index) = key_index(section, key) else { return };
        if self.values.is_empty() {
            self.values.resize_with(SECTIONS.iter().map(|section| section.keys.len()).sum(), || None);
        }
        if let Some(value) = self.values.get_mut(index) {
            *value = Some(setting);
        }
    }
}
