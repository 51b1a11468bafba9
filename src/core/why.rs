//! Where each value of a deployment comes from: the winner, and every value that it overrode.

use crate::clouds::Cloud;
use crate::platform::Platform;
use crate::resolve::{
    Layer, LayerOrigin, MergedDeployment, MergedMap, MergedValue, NamedDatabase, RepositoryFiles, read_documents, resolve,
};
use crate::schema::{
    Default, EXISTING_NETWORK, Key, Poisoned, SECTIONS, Section, Shape, default_by_environment, default_of_cache, is_engine_of_aurora,
    is_key_of_other_engines, section, section_path, stands_alone,
};
use crate::source::{SourceMap, Span};
use crate::syntax::{Entry, Node, Value};
use serde::Serialize;
use std::sync::Arc;

/// One value with its provenance.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Provenance {
    /// The key, such as `database.multi_az`.
    pub key: String,
    /// The place that won; its value is `null` where a null removed the key.
    pub winner: LayerValue,
    /// Of a list that layers change, each item at its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<LayerValue>,
    /// What it went over, the next lower layer first.
    pub overrode: Vec<LayerValue>,
}

/// A value at its place.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct LayerValue {
    /// The layer's name.
    pub layer: String,
    /// The value as written.
    pub value: String,
    /// The file; nothing for a default of the language.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
}

/// Which deployment of a repository is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    /// The environment.
    pub environment: &'w str,
    /// The region.
    pub region: &'w str,
    /// The service.
    pub service: Option<&'w str>,
}

/// The provenance of every value of one deployment, in the order of the language; nothing when the repository has no such deployment.
pub fn why(files: RepositoryFiles, platform: &Platform, wanted: Wanted<'_>) -> Option<Vec<Provenance>> {
    let mut sources = SourceMap::new(Arc::clone(&platform.source));
    // What is wrong has been reported by the run that found the address.
    let mut quiet = crate::diagnostics::Diagnostics::new();
    let mut poisoned = Poisoned::default();
    let documents = read_documents(files, platform, &mut sources, &mut poisoned, &mut quiet);
    let resolved = resolve(&documents, platform, &poisoned, &mut quiet)?;
    let deployment = resolved.deployments.iter().find(|deployment| {
        deployment.environment.value == wanted.environment
            && deployment.region.value == wanted.region
            && deployment.service.as_ref().map(|service| service.value.as_str()) == wanted.service
    })?;
    let tier = resolved.identity.tier.as_ref().map(|tier| tier.value.to_string()).unwrap_or_default();
    let around = (resolved.cloud, platform.is_protected(wanted.environment));
    let teller = Teller { deployment, sources: &sources, poisoned: &poisoned, tier, around };
    let mut list: Vec<Provenance> = teller.region().into_iter().collect();
    for section in SECTIONS.iter().filter(|section| deployment.role.holds(section.name)) {
        if section.name == DATABASES {
            teller.databases(&mut list);
            continue;
        }
        match deployment.values.section(section.name) {
            Some((map, _)) => teller.section(section, section.name, map, &mut list),
            None => list.extend(teller.removed(section.name)),
        }
    }
    Some(list)
}

/// The engine of a database of these values; nothing of another section.
fn engine<'m>(map: &'m MergedMap<'_>) -> &'m str {
    let Some(MergedValue::Leaf(node)) = map.get("engine").map(|merged| &merged.value) else { return "" };
    node.as_scalar().map_or("", |scalar| scalar.text.as_str())
}

/// What holds of Aurora where nobody writes how many instances there are, or whether one takes over: each follows the other.
fn of_aurora(map: &MergedMap<'_>, key: &str, is_protected: bool) -> Option<&'static str> {
    match (key, map.get("instances"), map.get("multi_az")) {
        ("instances", None, None) if is_protected => Some("2"),
        ("instances", None, None) => Some("1"),
        ("instances", None, Some(_)) => Some("2 where multi_az is true, 1 elsewhere"),
        ("multi_az", Some(_), None) => Some("true from 2 instances on"),
        _ => None,
    }
}

/// A default of the language, which stands in no file.
fn default(path: &str, key: &Key, map: &MergedMap<'_>, (cloud, is_protected): (&dyn Cloud, bool)) -> Option<Provenance> {
    let engine = engine(map);
    let value = match (key.default, &key.shape, key.name) {
        _ if is_key_of_other_engines(key.name, engine) => return None,
        (_, _, "instances" | "multi_az") if is_engine_of_aurora(engine) => of_aurora(map, key.name, is_protected)?.to_owned(),
        (Default::Value(value), Shape::Scalar(_), _) => value.to_owned(),
        (Default::None, _, "min_instances") => "1, or 0 when max_instances is 0".to_owned(),
        (Default::None, _, "max_instances") => "min_instances".to_owned(),
        (Default::None, ..) if path == CACHE => default_of_cache(cloud, key.name, engine, is_protected)?,
        (Default::None, ..) => default_by_environment(path, key.name, is_protected)?,
        _ => return None,
    };
    let winner = LayerValue { layer: "default of the language".to_owned(), value, file: None, line: None, column: None };
    Some(Provenance { key: format!("{path}.{}", key.name), winner, items: Vec::new(), overrode: Vec::new() })
}

struct Teller<'w, 't> {
    deployment: &'w MergedDeployment<'t>,
    sources: &'w SourceMap,
    /// Knows the credentials, which are not shown.
    poisoned: &'w Poisoned,
    tier: String,
    /// What defaults depend on: the cloud, and whether the environment is protected.
    around: (&'static dyn Cloud, bool),
}

impl Teller<'_, '_> {
    /// A section that exists, or a named database, with the defaults of keys that nobody writes.
    fn section(&self, section: &Section, path: &str, map: &MergedMap<'_>, list: &mut Vec<Provenance>) {
        self.map(path, map, list);
        let (of, existing) = EXISTING_NETWORK;
        if section.name == of && map.get(existing).is_some() {
            return;
        }
        for key in section.keys.iter().filter(|key| map.get(key.name).is_none()) {
            let Some(default) = default(path, key, map, self.around) else { continue };
            // Under a null the default holds again.
            match list.iter_mut().find(|entry| entry.key == default.key) {
                Some(entry) => {
                    let null = std::mem::replace(&mut entry.winner, default.winner);
                    entry.overrode.insert(0, null);
                }
                None => list.push(default),
            }
        }
    }

    /// The named databases: those that exist, and those that a null removed.
    fn databases(&self, list: &mut Vec<Provenance>) {
        let Some(section) = section("database") else { return };
        for NamedDatabase { name, values, .. } in &self.deployment.databases {
            let path = section_path(section.name, Some(name));
            match (values.section(section.name), values.removal(section.name)) {
                (Some((map, _)), _) => self.section(section, &path, map, list),
                (None, Some(removal)) => list.push(self.removed_by(*removal, &path, &|layer| {
                    let databases = layer.mapping.get(DATABASES).filter(|_| !layer.below_service)?.value.as_mapping()?;
                    Some(&databases.get(name)?.value)
                })),
                (None, None) => {}
            }
        }
    }

    fn map(&self, path: &str, map: &MergedMap<'_>, list: &mut Vec<Provenance>) {
        for (key, merged) in &map.entries {
            let path = format!("{path}.{}", self.key(key, merged.origin));
            let (winner, items) = match &merged.value {
                MergedValue::Map(map) => {
                    self.map(&path, map, list);
                    continue;
                }
                MergedValue::Leaf(node) => (self.place(merged.origin, node), Vec::new()),
                MergedValue::List(changed) => {
                    let items: Vec<LayerValue> = changed.items.iter().map(|item| self.place(item.origin, item.node)).collect();
                    let value = format!("[{}]", items.iter().map(|item| item.value.as_str()).collect::<Vec<_>>().join(", "));
                    (self.at(merged.origin.value, self.layer(merged.origin), value), items)
                }
            };
            let overrode = merged.overridden.iter().rev().map(|overridden| self.place(overridden.origin, overridden.node)).collect();
            list.push(Provenance { key: path, winner, items, overrode });
        }
        for (key, removed) in &map.removed {
            let overrode = removed.overridden.iter().rev().map(|overridden| self.place(overridden.origin, overridden.node)).collect();
            let winner = self.at(removed.origin.value, self.layer(removed.origin), "null".to_owned());
            list.push(Provenance { key: format!("{path}.{}", self.key(key, removed.origin)), winner, items: Vec::new(), overrode });
        }
    }

    /// A section that a null removed, with what the layers below it say; nothing when no layer writes it.
    fn removed(&self, section: &str) -> Option<Provenance> {
        let values = &self.deployment.values;
        let off = values.get(section).and_then(|merged| if let MergedValue::Map(map) = &merged.value { map.switched_off } else { None });
        let origin = off.or(values.removal(section).copied())?;
        let mut removed = self.removed_by(origin, section, &|layer| {
            Some(&layer.mapping.get(section)?.value).filter(|_| !stands_alone(section) || !layer.below_service)
        });
        if off.is_some() {
            removed.winner.value = "false".to_owned();
        }
        Some(removed)
    }

    /// What a null removed, with what each layer below it says.
    fn removed_by<'l>(&self, origin: LayerOrigin, key: &str, said: &dyn Fn(&'l Layer<'_>) -> Option<&'l Node>) -> Provenance
    where
        Self: 'l,
    {
        let below = self.deployment.layers.iter().take(origin.layer.map_or(0, usize::from));
        let overrode = below.filter_map(|layer| {
            let value = said(layer)?;
            Some(self.at(value.span, layer.name.to_string(), self.written(value)))
        });
        let mut overrode: Vec<LayerValue> = overrode.collect();
        overrode.reverse();
        Provenance {
            key: key.to_owned(),
            winner: self.at(origin.value, self.layer(origin), "null".to_owned()),
            items: Vec::new(),
            overrode,
        }
    }

    /// The region, with the regions of lower layers; nothing when nobody says it.
    fn region(&self) -> Option<Provenance> {
        let region = &self.deployment.region;
        if region.value.is_empty() {
            return None;
        }
        let written_in = |layer: &Layer<'_>| {
            layer.mapping.get("region").map(|entry| (layer.name.to_string(), entry.value.span, self.written(&entry.value)))
        };
        let mut layers: Vec<(String, Span, String)> = self.deployment.layers.iter().filter_map(written_in).collect();
        // What the name of a region overlay says goes over the base.
        let winner = match layers.iter().position(|(_, span, _)| *span == region.span) {
            Some(at) => layers.split_off(at).into_iter().next(),
            None => None,
        };
        let name = winner.map_or_else(|| "name of the region overlay".to_owned(), |(name, ..)| name);
        let winner = self.at(region.span, name, region.value.to_string());
        let overrode = layers.into_iter().rev().map(|(name, span, value)| self.at(span, name, value)).collect();
        Some(Provenance { key: "region".to_owned(), winner, items: Vec::new(), overrode })
    }

    fn layer(&self, origin: LayerOrigin) -> String {
        match origin.layer.and_then(|layer| self.deployment.layers.get(usize::from(layer))) {
            Some(layer) => layer.name.to_string(),
            None => format!("defaults of tier {}", self.tier),
        }
    }

    fn place(&self, origin: LayerOrigin, node: &Node) -> LayerValue {
        self.at(origin.value, self.layer(origin), self.written(node))
    }

    fn at(&self, span: Span, layer: String, value: String) -> LayerValue {
        let file = self.sources.get(span.file);
        let position = file.map(|file| file.position(span.start as usize));
        LayerValue {
            layer,
            value,
            file: file.map(|file| file.path.to_string()),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
        }
    }

    /// A key, unless it is a credential.
    fn key<'k>(&self, key: &'k str, origin: LayerOrigin) -> &'k str {
        if self.poisoned.secrets.contains(&origin.key) { HIDDEN } else { key }
    }

    /// A value on one line, without the credentials in it.
    fn written(&self, node: &Node) -> String {
        if self.poisoned.secrets.contains(&node.span) {
            return HIDDEN.to_owned();
        }
        match &node.value {
            Value::Null => "null".to_owned(),
            Value::Scalar(scalar) if scalar.plain => scalar.text.to_string(),
            Value::Scalar(scalar) => format!("{:?}", scalar.text.as_str()),
            Value::Sequence(items) => format!("[{}]", items.iter().map(|item| self.written(item)).collect::<Vec<_>>().join(", ")),
            Value::Mapping(mapping) => {
                let entry = |entry: &Entry| {
                    let is_secret = self.poisoned.secrets.contains(&entry.key.span);
                    let key = if is_secret { HIDDEN } else { entry.key.value.as_str() };
                    format!("{key}: {}", self.written(&entry.value))
                };
                format!("{{{}}}", mapping.entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// The section of named databases.
const DATABASES: &str = "databases";
/// The section of caches.
const CACHE: &str = "cache";

/// What stands for a credential.
const HIDDEN: &str = "***";
