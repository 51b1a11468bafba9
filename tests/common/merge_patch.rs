//! JSON Merge Patch (RFC 7396) in the plainest way, with what each key was on the way.

use super::written::Path;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// RFC 7396, section 2.
fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.remove(key);
        } else {
            merge_patch(target.entry(key.as_str()).or_insert(Value::Null), value);
        }
    }
}

/// What has been merged so far.
pub(crate) struct State {
    root: Value,
    exists: BTreeSet<String>,
    histories: BTreeMap<Path, Vec<String>>,
    /// Paths and sections that a null touched.
    touched: BTreeSet<Path>,
}

impl State {
    /// The tier's defaults below everything: sections that do not exist yet, apart from `tags`, which always do.
    pub(crate) fn of_defaults(defaults: &Map<String, Value>) -> Self {
        let mut state =
            State { root: Value::Object(defaults.clone()), exists: BTreeSet::new(), histories: BTreeMap::new(), touched: BTreeSet::new() };
        if defaults.contains_key("tags") {
            state.make("tags");
        }
        state.look();
        state
    }

    pub(crate) fn make(&mut self, section: &str) {
        self.exists.insert(section.to_owned());
    }

    pub(crate) fn vanish(&mut self, section: &str) {
        self.exists.remove(section);
    }

    /// Merges a patch of one section, over nothing with `replace`.
    pub(crate) fn apply(&mut self, section: &str, patch: &Value, replace: bool) {
        if replace {
            self.touched.insert(path(&[section]));
            self.root.as_object_mut().unwrap().remove(section);
        }
        for (key, value) in patch.as_object().into_iter().flatten() {
            if value.is_null() {
                self.touched.insert(path(&[section, key]));
            }
        }
        merge_patch(&mut self.root, &Value::Object(Map::from_iter([(section.to_owned(), patch.clone())])));
        self.look();
    }

    /// Notes every mark that is new.
    fn look(&mut self) {
        let sections = self.root.as_object().into_iter().flatten();
        let keys = sections
            .flat_map(|(section, value)| value.as_object().into_iter().flatten().map(move |(key, value)| (path(&[section, key]), value)));
        for (path, value) in keys {
            let Some(mark) = value.as_str() else { continue };
            let history = self.histories.entry(path).or_default();
            if history.last().map(String::as_str) != Some(mark) {
                history.push(mark.to_owned());
            }
        }
    }

    /// The sections that exist, and the histories of keys that no null touched.
    pub(crate) fn finish(self) -> (Map<String, Value>, BTreeMap<Path, Vec<String>>) {
        let State { root, exists, histories, touched } = self;
        let sections = root.as_object().cloned().unwrap_or_default().into_iter().filter(|(section, _)| exists.contains(section)).collect();
        let untouched = |at: &Path| exists.contains(&at[0]) && at[0] != "custom" && !touched.contains(at) && !touched.contains(&at[..1]);
        (sections, histories.into_iter().filter(|(at, _)| untouched(at)).collect())
    }
}

/// A path from its keys.
pub(crate) fn path(keys: &[&str]) -> Path {
    keys.iter().map(|key| (*key).to_owned()).collect()
}
