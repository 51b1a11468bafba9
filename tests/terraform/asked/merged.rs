//! The layers of one deployment, merged in the plainest way over YAML that another library read.

use serde_yaml::{Mapping, Value as Yaml};
use std::collections::BTreeSet;

/// Keys of a document that are not of the deployment itself.
const OTHER_LAYERS: [&str; 3] = ["environments", "services", "regions"];

/// What an environment may write in short, and what it stands for.
pub(super) const SHORTHANDS: [(&str, &str, &str); 5] = [
    ("instance_type", "compute", "instance_type"),
    ("min_instances", "compute", "min_instances"),
    ("max_instances", "compute", "max_instances"),
    ("enable_monitoring", "monitoring", "enable_cloudwatch"),
    ("backup_retention_days", "database", "backup_retention_period"),
];

/// A section of layers that has a switch, where it exists: language.md, "Features". Of the two the last that is written counts.
pub(super) fn switched(layers: &[(Mapping, bool)], defaults: &Mapping, section: &str, switch: &str) -> Option<Merged> {
    let mut merged = Merged::default();
    merged.defaults(defaults);
    for (layer, is_environment) in layers {
        let mut alone = Mapping::new();
        alone.extend(layer.get(section).map(|written| (section.into(), written.clone())));
        match layer.get("features").and_then(|features| features.get(switch)).and_then(Yaml::as_bool) {
            Some(true) => drop(alone.entry(section.into()).or_insert_with(|| Yaml::Mapping(Mapping::new()))),
            Some(false) => drop(alone.insert(section.into(), Yaml::Null)),
            None => {}
        }
        merged.layer(&alone, *is_environment);
    }
    merged.written.contains(section).then_some(merged)
}

/// A deployment's merged values, and the sections that somebody wrote.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) values: Mapping,
    pub(super) written: BTreeSet<String>,
}

impl Merged {
    /// Defaults, which fill sections and make none.
    pub(super) fn defaults(&mut self, layer: &Mapping) {
        merge(&mut self.values, layer);
    }

    pub(super) fn layer(&mut self, layer: &Mapping, is_environment: bool) {
        let mut plain = layer.clone();
        let mut short = Mapping::new();
        for (name, section, key) in SHORTHANDS.into_iter().filter(|_| is_environment) {
            if let Some(value) = plain.remove(name) {
                let entry = short.entry(section.into()).or_insert_with(|| Yaml::Mapping(Mapping::new()));
                entry.as_mapping_mut().into_iter().for_each(|entry| drop(entry.insert(key.into(), value.clone())));
                if name == "instance_type" {
                    self.written.insert(section.to_owned());
                }
            }
        }
        for name in OTHER_LAYERS {
            plain.remove(name);
        }
        for (name, value) in &plain {
            let name = name.as_str().unwrap_or_default().to_owned();
            if value.is_null() {
                self.written.remove(&name);
            } else {
                self.written.insert(name);
            }
        }
        merge(&mut self.values, &plain);
        merge(&mut self.values, &short);
    }

    pub(super) fn get(&self, section: &str, key: &str) -> Option<&Yaml> {
        self.values.get(section).filter(|_| self.written.contains(section))?.get(key)
    }
}

/// A list with what a layer removes from it and adds to it.
fn changed(list: &[Yaml], change: &Mapping) -> Yaml {
    let items = |key: &str| change.get(key).and_then(Yaml::as_sequence).cloned().unwrap_or_default();
    let name = |item: &Yaml| item.get("name").unwrap_or(item).clone();
    let (removed, mut added) = (items("remove"), items("add"));
    let mut kept: Vec<Yaml> = list.iter().filter(|item| !removed.contains(&name(item))).cloned().collect();
    for item in &mut kept {
        if let Some(at) = added.iter().position(|new| name(new) == name(item)) {
            *item = added.remove(at);
        }
    }
    kept.extend(added);
    Yaml::Sequence(kept)
}

/// RFC 7396, and changes of lists.
fn merge(base: &mut Mapping, over: &Mapping) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (_, Yaml::Null) => drop(base.remove(key)),
            (Some(Yaml::Mapping(base)), Yaml::Mapping(over)) => merge(base, over),
            (Some(Yaml::Sequence(list)), Yaml::Mapping(change)) => {
                let list = changed(list, change);
                base.insert(key.clone(), list);
            }
            _ => drop(base.insert(key.clone(), value.clone())),
        }
    }
}
