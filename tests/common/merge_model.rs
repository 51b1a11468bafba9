//! The layers of language.md section 2 in the plainest way: JSON Merge Patch over maps whose values are replaced by where they stand.
//!
//! RFC 7396 asks of a value only whether it is a map, a null or something else, so a document whose other values are [`mark`]s merges as
//! the document itself would, and the result says which layer and place won.

use super::layered::{DATABASES, SHORTHANDS, SWITCHES, language, stands_alone};
use super::merge_patch::{State, path};
use super::repository::Repository;
use super::written::{Path, written};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Which deployment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    pub(crate) environment: String,
    pub(crate) region: String,
    pub(crate) service: Option<String>,
}

/// A deployment, merged.
pub(crate) struct Modelled {
    pub(crate) address: Address,
    pub(crate) regional: bool,
    /// Sections that exist, with marks for values.
    pub(crate) sections: Map<String, Value>,
    /// For each key that no null touched, the marks of its values, lowest layer first.
    pub(crate) histories: BTreeMap<Path, Vec<String>>,
    /// The named databases that exist, each as the section `database` with marks for values, and with the histories of its keys.
    pub(crate) databases: BTreeMap<&'static str, (Value, BTreeMap<Path, Vec<String>>)>,
    /// For each key with a list, its items, each with the name of the layer that wrote it.
    pub(crate) lists: BTreeMap<Path, Vec<(Value, String)>>,
}

/// A part of a document that is a layer.
struct Layer<'d> {
    name: String,
    file: &'d str,
    path: Path,
    environment: bool,
    /// False for layers that what a service has of its own does not come from.
    own: bool,
}

/// The mark of a value: its layer and its place.
pub(crate) fn mark(layer: &str, file: &str, start: usize) -> String {
    format!("{layer} at {file}:{start}")
}

/// A repository with the platform that it is compiled with.
pub(crate) struct Model<'d> {
    documents: BTreeMap<&'d str, &'d Map<String, Value>>,
    starts: BTreeMap<&'d str, BTreeMap<Path, usize>>,
    /// Service and region overlays: name, file, path in it.
    services: BTreeMap<String, (&'d str, Path)>,
    regions: BTreeMap<String, (&'d str, Path)>,
}

const BASE: &str = "variables.yml";
pub(crate) const PLATFORM: &str = "terralet.yml";

impl<'d> Model<'d> {
    pub(crate) fn new(repository: &'d Repository, platform: &'d Map<String, Value>) -> Self {
        let mut documents: BTreeMap<&str, &Map<String, Value>> =
            repository.documents.iter().map(|(name, document)| (name.as_str(), document)).collect();
        documents.insert(PLATFORM, platform);
        let starts = documents.iter().map(|(name, document)| (*name, written(document).starts)).collect();
        let mut model = Model { documents, starts, services: BTreeMap::new(), regions: BTreeMap::new() };
        for file in repository.documents.keys() {
            if let Some(name) = file.strip_suffix("-vars.yml") {
                model.services.insert(name.to_owned(), (file, Vec::new()));
            } else if let Some(name) = file.strip_suffix("-variables.yml") {
                model.regions.insert(name.to_owned(), (file, Vec::new()));
            }
        }
        for (key, into) in [("services", &mut model.services), ("regions", &mut model.regions)] {
            let inline = repository.documents.get(BASE).and_then(|base| base.get(key)).and_then(Value::as_object);
            for name in inline.into_iter().flat_map(Map::keys) {
                into.insert(name.clone(), (BASE, vec![key.to_owned(), name.clone()]));
            }
        }
        model
    }

    /// A part of a document; nothing and null are an empty map where a map is meant.
    fn part(&self, file: &str, path: &[String]) -> Option<Map<String, Value>> {
        let mut part = Value::Object((*self.documents.get(file)?).clone());
        for key in path {
            part = part.as_object()?.get(key)?.clone();
        }
        Some(part.as_object().cloned().unwrap_or_default())
    }

    fn names(&self, file: &str, path: &[String]) -> Vec<String> {
        self.part(file, path).unwrap_or_default().keys().cloned().collect()
    }

    fn region_of(&self, file: &str, path: &[String]) -> Option<String> {
        self.part(file, path)?.get("region")?.as_str().map(str::to_owned)
    }

    /// The value that a mark stands for.
    pub(crate) fn value_at(&self, mark: &str) -> Value {
        let (file, start) = mark.rsplit_once(" at ").and_then(|(_, at)| at.split_once(':')).unwrap();
        let start: usize = start.parse().unwrap();
        // A mapping starts where its first key does; the value is the innermost.
        let found = self.starts[file].iter().filter(|(_, at)| **at == start).map(|(path, _)| path).max_by_key(|path| path.len()).unwrap();
        found.iter().fold(Value::Object(self.documents[file].clone()), |value, key| value[key].clone())
    }

    /// Section 3: every deployment.
    pub(crate) fn deployments(&self) -> Vec<Modelled> {
        let mut spots: Vec<(String, String, Option<&str>)> = Vec::new();
        for environment in self.names(BASE, &path(&["environments"])) {
            let own = self.region_of(BASE, &path(&["environments", &environment]));
            if let Some(region) = own.or_else(|| self.region_of(BASE, &[])) {
                spots.push((environment, region, None));
            }
        }
        for (overlay, (file, at)) in &self.regions {
            let own = self.names(file, &below(at, &["environments"]));
            let names = if own.is_empty() { self.names(BASE, &path(&["environments"])) } else { own };
            for environment in names {
                let own = self.region_of(file, &below(at, &["environments", &environment]));
                let region = own.or_else(|| self.region_of(file, at)).unwrap_or_else(|| overlay.clone());
                spots.push((environment, region, Some(overlay)));
            }
        }
        let mut all = Vec::new();
        for (environment, region, overlay) in spots {
            let services = self.services.keys().filter(|service| self.is_in(service, &environment, &region));
            let services = services.map(|service| Some(service.clone()));
            for service in std::iter::once(None).chain(services) {
                let address = Address { environment: environment.clone(), region: region.clone(), service };
                let (sections, histories) = self.merged(&address, overlay, None);
                let databases = DATABASES.into_iter().filter_map(|name| {
                    let (mut sections, histories) = self.merged(&address, overlay, Some(name));
                    Some((name, (sections.remove("database")?, histories)))
                });
                let (databases, lists) = (databases.collect(), self.lists(&address, overlay));
                all.push(Modelled { address, regional: overlay.is_some(), sections, histories, databases, lists });
            }
        }
        all
    }

    /// True where instances are those of services.
    pub(crate) fn has_services(&self) -> bool {
        !self.services.is_empty()
    }

    /// Section 5: whether a service is in an environment of a region.
    fn is_in(&self, service: &str, environment: &str, region: &str) -> bool {
        let (file, at) = &self.services[service];
        let deploy_to = self.part(file, &below(at, &["deploy_to"])).unwrap_or_default();
        let names = |key: &str, name: &str| deploy_to.get(key).and_then(Value::as_array).is_none_or(|names| names.contains(&name.into()));
        names("environments", environment) && names("regions", region)
    }

    /// Section 2: layers 2 to 8.
    fn layers(&self, address: &Address, overlay: Option<&str>) -> Vec<Layer<'d>> {
        let Address { environment, region, service } = address;
        let shared = service.is_none();
        let mut layers = Vec::new();
        let mut add = |name: String, file: &'d str, path: Path, environment: bool, own: bool| {
            if self.part(file, &path).is_some() {
                layers.push(Layer { name, file, path, environment, own });
            }
        };
        add("base".into(), BASE, vec![], false, shared);
        add(format!("base, environment {environment}"), BASE, path(&["environments", environment]), true, shared);
        if let Some(overlay) = overlay {
            let (file, at) = &self.regions[overlay];
            add(format!("region overlay {overlay}"), file, at.clone(), false, shared);
            add(
                format!("region overlay {overlay}, environment {environment}"),
                file,
                below(at, &["environments", environment]),
                true,
                shared,
            );
        }
        if let Some(service) = service {
            let (file, at) = &self.services[service];
            add(format!("service overlay {service}"), file, at.clone(), false, true);
            add(
                format!("service overlay {service}, environment {environment}"),
                file,
                below(at, &["environments", environment]),
                true,
                true,
            );
            add(format!("service overlay {service}, region {region}"), file, below(at, &["regions", region]), false, true);
            if let Some(overlay) = overlay {
                let (file, at) = &self.regions[overlay];
                add(format!("region overlay {overlay}, service {service}"), file, below(at, &["services", service]), false, true);
            }
        }
        layers
    }

    /// The sections of a deployment; of a named database as the section `database`, as if it were the only one and without a name.
    fn merged(
        &self,
        address: &Address,
        overlay: Option<&str>,
        database: Option<&str>,
    ) -> (Map<String, Value>, BTreeMap<Path, Vec<String>>) {
        let tier_path = path(&["tiers", "standard", "defaults"]);
        let defaults: Map<String, Value> = self.part(PLATFORM, &tier_path).unwrap_or_default();
        let tier_layer = Layer { name: "defaults of tier standard".into(), file: PLATFORM, path: tier_path, environment: false, own: true };
        let defaults: Map<String, Value> = defaults
            .iter()
            .filter(|(section, _)| database.is_none() || *section == "database")
            .map(|(section, value)| (section.clone(), self.marked(&tier_layer, vec![section.clone()], value, false)))
            .collect();
        let mut state = State::of_defaults(&defaults);
        // What each switch says above the last layer that says anything of its section.
        let mut words = [None; SWITCHES.len()];
        for layer in self.layers(address, overlay) {
            let part = self.part(layer.file, &layer.path).unwrap_or_default();
            let is_merged = |section: &str| (database.is_none() || section == "database") && (!stands_alone(section) || layer.own);
            for section in language().iter().map(|(section, _)| *section).chain(["custom"]).filter(|section| is_merged(section)) {
                let at = database.map_or_else(|| path(&[section]), |name| path(&["databases", name]));
                let value = match part.get(&at[0]) {
                    Some(Value::Object(databases)) if database.is_some() => databases.get(&at[1]),
                    value => value,
                };
                let Some(value) = value else { continue };
                if value.is_null() {
                    // What the tier gives comes back with the section when a higher layer writes it again: defaults fill what exists.
                    state.apply(section, &defaults.get(section).cloned().unwrap_or(Value::Null), true);
                    state.vanish(section);
                } else {
                    state.apply(section, &self.marked(&layer, at, value, section == "custom"), false);
                    state.make(section);
                }
            }
            for (shorthand, section, key) in SHORTHANDS {
                let Some(value) = part.get(shorthand).filter(|_| layer.environment && is_merged(section)) else {
                    continue;
                };
                let patch =
                    Value::Object(Map::from_iter([(key.to_owned(), self.marked(&layer, vec![shorthand.to_owned()], value, false))]));
                state.apply(section, &patch, false);
                if shorthand == "instance_type" && !value.is_null() {
                    state.make(section);
                }
            }
            for (at, (switch, section)) in SWITCHES.into_iter().enumerate().filter(|(_, (_, section))| is_merged(section)) {
                if part.contains_key(section) {
                    words[at] = None;
                }
                match part.get("features").map(|features| (features, features.get(switch))) {
                    Some((_, Some(Value::Bool(is_on)))) => words[at] = Some(*is_on),
                    Some((Value::Null, _) | (_, Some(Value::Null))) => words[at] = None,
                    _ => {}
                }
            }
        }
        for ((_, section), word) in SWITCHES.into_iter().zip(words) {
            match word {
                Some(true) => {
                    state.apply(section, &json!({}), false);
                    state.make(section);
                }
                Some(false) => state.vanish(section),
                None => {}
            }
        }
        state.finish()
    }

    /// Every list, by going through the layers for each key: the tier's default, what a layer writes in its place, what it removes and adds.
    fn lists(&self, address: &Address, overlay: Option<&str>) -> BTreeMap<Path, Vec<(Value, String)>> {
        let defaults = self.part(PLATFORM, &path(&["tiers", "standard", "defaults"])).unwrap_or_default();
        let mut lists = BTreeMap::new();
        for (section, key) in lists_of_the_language() {
            let items = |value: Option<&Value>, layer: &str| {
                let items = value.and_then(Value::as_array).cloned();
                items.map(|items| items.into_iter().map(|item| (item, layer.to_owned())).collect::<Vec<_>>())
            };
            let default = || items(defaults.get(section).and_then(|section| section.get(key)), "defaults of tier standard");
            let mut list = default();
            for layer in self.layers(address, overlay).into_iter().filter(|layer| layer.own || !stands_alone(section)) {
                let part = self.part(layer.file, &layer.path).unwrap_or_default();
                match part.get(section).map(|section| (section, section.get(key))) {
                    Some((Value::Null, _)) => list = default(),
                    Some((_, Some(Value::Null))) => list = None,
                    Some((_, Some(Value::Object(change)))) => {
                        let (remove, add) = (items(change.get("remove"), ""), items(change.get("add"), &layer.name));
                        let mut changed = list.unwrap_or_default();
                        changed.retain(|(item, _)| !remove.iter().flatten().any(|(removed, _)| name_of(removed) == name_of(item)));
                        for (item, layer) in add.into_iter().flatten() {
                            match changed.iter_mut().find(|(there, _)| name_of(there) == name_of(&item)) {
                                Some(there) if item.is_object() => *there = (item, layer),
                                Some(_) => {}
                                None => changed.push((item, layer)),
                            }
                        }
                        list = Some(changed);
                    }
                    Some((_, Some(value))) => list = items(Some(value), &layer.name),
                    Some((_, None)) | None => {}
                }
            }
            lists.extend(list.map(|list| (path(&[section, key]), list)));
        }
        lists
    }

    /// A value with marks in place of everything that is no map and, outside `custom`, no null.
    fn marked(&self, layer: &Layer<'_>, at: Path, value: &Value, keep_nulls: bool) -> Value {
        let is_list = || matches!(at.as_slice(), [section, key] if lists_of_the_language().any(|list| list == (section, key)));
        match value {
            Value::Object(entries) if !is_list() => Value::Object(
                entries.iter().map(|(key, value)| (key.clone(), self.marked(layer, below(&at, &[key]), value, keep_nulls))).collect(),
            ),
            Value::Null if !keep_nulls => Value::Null,
            _ => {
                let whole: Path = layer.path.iter().cloned().chain(at).collect();
                Value::String(mark(&layer.name, layer.file, self.starts[layer.file][&whole]))
            }
        }
    }
}

/// What an item of a list is known by.
pub(crate) fn name_of(item: &Value) -> &Value {
    item.get("name").unwrap_or(item)
}

/// The keys that take a list.
fn lists_of_the_language() -> impl Iterator<Item = (&'static str, &'static str)> {
    let keys = language().into_iter().flat_map(|(section, keys)| keys.into_iter().map(move |(key, values)| (section, key, values)));
    keys.filter(|(.., values)| values.iter().all(Value::is_array)).map(|(section, key, _)| (section, key))
}

fn below(at: &[String], keys: &[&str]) -> Path {
    at.iter().cloned().chain(path(keys)).collect()
}
