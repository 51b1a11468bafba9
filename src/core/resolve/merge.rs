//! The merge: JSON Merge Patch (RFC 7396) that remembers the winner and the overridden of every value.

use super::effects::{Effects, Override};
use super::emptied::Emptying;
use super::fill::conflict;
use super::layers::{Layer, LayerName};
use super::lists;
use super::merged::{LayerOrigin, Merged, MergedMap, MergedValue, Null, Overridden};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::schema::{SECTIONS, Shorthand, section, section_path, stands_alone};
use crate::syntax::{Entry, Mapping, Node, Value};

/// Merges layers into sections. `defaults` are the tier's, which only fill sections that exist.
pub(super) fn merge<'t>(
    layers: &[Layer<'t>],
    defaults: Option<&'t Node>,
    effects: &mut Effects<'t>,
    emptied: &mut Vec<Emptying<'t>>,
    diagnostics: &mut Diagnostics,
) -> MergedMap<'t> {
    let mut root = MergedMap::with_capacity(SECTIONS.len());
    let mut merger = Merger { layers, database: None, effects, emptied, diagnostics };
    for (index, layer) in layers.iter().enumerate() {
        merger.layer(&mut root, layer, u8::try_from(index).unwrap_or(u8::MAX));
    }
    merger.finish(&mut root, defaults);
    root
}

/// Merges a named database as the section `database`, out of what layers say of it, by their index.
pub(super) fn merge_database<'t>(
    (layers, name): (&[Layer<'t>], &'t str),
    said: &[(usize, &'t Node, LayerOrigin)],
    defaults: Option<&'t Node>,
    effects: &mut Effects<'t>,
    emptied: &mut Vec<Emptying<'t>>,
    diagnostics: &mut Diagnostics,
) -> MergedMap<'t> {
    let mut root = MergedMap::with_capacity(1);
    let mut merger = Merger { layers, database: Some(name), effects, emptied, diagnostics };
    for (index, layer) in layers.iter().enumerate() {
        if let Some((_, node, origin)) = said.iter().find(|(of, ..)| *of == index) {
            merger.apply(&mut root, DATABASE, node, *origin, false, 0);
        }
        merger.layer_shorthands(&mut root, layer, u8::try_from(index).unwrap_or(u8::MAX));
    }
    merger.finish(&mut root, defaults);
    root
}

/// The section of a database, and of each named one.
const DATABASE: &str = "database";
/// The section of named databases.
pub(super) const DATABASES: &str = "databases";

pub(super) struct Merger<'m, 't> {
    pub(super) layers: &'m [Layer<'t>],
    /// The named database that is merged; nothing for the sections of a deployment.
    pub(super) database: Option<&'t str>,
    pub(super) effects: &'m mut Effects<'t>,
    emptied: &'m mut Vec<Emptying<'t>>,
    pub(super) diagnostics: &'m mut Diagnostics,
}

impl<'t> Merger<'_, 't> {
    fn layer(&mut self, root: &mut MergedMap<'t>, layer: &Layer<'t>, index: u8) {
        for entry in &layer.mapping.entries {
            let Some(section) = section(&entry.key.value) else { continue };
            if layer.below_service && stands_alone(section.name) {
                continue;
            }
            let origin = LayerOrigin { layer: Some(index), key: entry.key.span, value: entry.value.span };
            if section.name == DATABASES && !entry.value.is_null() {
                // Whether there are any; each of them is merged alone.
                if entry.value.as_mapping().is_some() {
                    root.entry(DATABASES, || Merged::mapping(origin, true));
                }
                continue;
            }
            self.apply(root, section.name, &entry.value, origin, section.name == "custom", 0);
        }
        self.layer_shorthands(root, layer, index);
    }

    /// The shorthands of a layer.
    fn layer_shorthands(&mut self, root: &mut MergedMap<'t>, layer: &Layer<'t>, index: u8) {
        for (shorthand, entry) in self.own_shorthands(layer) {
            if layer.below_service && stands_alone(shorthand.section) {
                continue;
            }
            self.shadowed(layer.mapping, shorthand, &entry.value);
            let origin = LayerOrigin { layer: Some(index), key: entry.key.span, value: entry.value.span };
            self.shorthand(root, shorthand, &entry.value, origin);
        }
    }

    /// The shorthands of a layer for keys of what is merged.
    fn own_shorthands<'l>(&self, layer: &'l Layer<'t>) -> impl Iterator<Item = (&'static Shorthand, &'t Entry)> + use<'l, 't> {
        let of_database = self.database.is_some();
        layer.shorthands.iter().copied().filter(move |(shorthand, _)| !of_database || shorthand.section == DATABASE)
    }

    /// What is below all layers, and what is known when all of them are merged.
    fn finish(&mut self, root: &mut MergedMap<'t>, defaults: Option<&'t Node>) {
        if self.database.is_none() {
            self.switches(root);
        }
        if let Some(Value::Mapping(defaults)) = defaults.map(|node| &node.value) {
            self.fill(root, defaults);
        }
        self.lists(root);
        self.shorthands(root);
        // Without a region overlay nothing can go over an environment of the base.
        if self.layers.iter().any(|layer| matches!(layer.name, LayerName::RegionOverlay(_))) {
            for (name, merged) in &root.entries {
                if let MergedValue::Map(map) = &merged.value {
                    self.told_overrides(&section_path(name, self.database), map);
                }
            }
        }
    }

    /// A shorthand is one layer above its environment's own section.
    fn shorthand(&mut self, root: &mut MergedMap<'t>, shorthand: &Shorthand, node: &'t Node, origin: LayerOrigin) {
        let section = root.entry(shorthand.section, || Merged::mapping(origin, false));
        let Some(Merged { value: MergedValue::Map(map), origin: section_origin, .. }) = section else { return };
        if shorthand.name == "instance_type" && !node.is_null() {
            if !map.exists {
                *section_origin = origin;
            }
            map.exists = true;
        }
        self.apply(map, shorthand.key, node, origin, false, 1);
    }

    /// Notes which shorthands reached a section that exists.
    fn shorthands(&mut self, root: &MergedMap<'t>) {
        for (index, layer) in self.layers.iter().enumerate() {
            for (shorthand, entry) in self.own_shorthands(layer).filter(|(_, entry)| !entry.value.is_null()) {
                let exists = root.section(shorthand.section).is_some() && !(layer.below_service && stands_alone(shorthand.section));
                // Where the section was emptied in the same place, its own report says what is wrong.
                let index = u8::try_from(index).ok();
                let is_emptied = || self.emptied.iter().any(|emptied| emptied.key == shorthand.section && emptied.at.layer == index);
                let counts = exists || is_emptied();
                self.effects.note(entry.key.span, counts, Override::Shorthand(shorthand));
            }
        }
    }

    /// Applies one key of a patch.
    fn apply(&mut self, target: &mut MergedMap<'t>, key: &'t str, node: &'t Node, origin: LayerOrigin, keep_nulls: bool, depth: usize) {
        match &node.value {
            Value::Null if !(keep_nulls && depth > 0) => self.remove(target, &[Null { key, node, origin }], depth == 0),
            Value::Mapping(patch) => self.descend(target, key, patch, origin, keep_nulls, depth),
            Value::Null | Value::Scalar(_) | Value::Sequence(_) => {
                let Some(position) = target.position(key) else {
                    target.insert(key, Merged { value: MergedValue::Leaf(node), origin, overridden: Vec::new() });
                    return;
                };
                let Some(old) = target.at(position) else { return };
                match &old.value {
                    MergedValue::Leaf(overridden) => {
                        let overridden = Overridden { node: overridden, origin: old.origin };
                        old.overridden.push(overridden);
                    }
                    MergedValue::Map(map) if map.exists || depth > 0 => {
                        if matches!(node.value, Value::Scalar(_)) {
                            self.diagnostics.push(conflict(
                                self.name(key, depth),
                                keep_nulls,
                                ("a single value", origin),
                                ("a mapping", old.origin),
                            ));
                        }
                        old.overridden.clear();
                    }
                    MergedValue::Map(_) => {}
                    MergedValue::List(list) => {
                        let last = list.last();
                        old.overridden.extend(last);
                    }
                }
                old.value = MergedValue::Leaf(node);
                old.origin = origin;
            }
        }
    }

    fn descend(
        &mut self,
        target: &mut MergedMap<'t>,
        key: &'t str,
        patch: &'t Mapping,
        origin: LayerOrigin,
        keep_nulls: bool,
        depth: usize,
    ) {
        let layer = origin.layer;
        let Some(old) = target.entry(key, || Merged::mapping(origin, false)) else { return };
        if let MergedValue::Leaf(leaf) = &old.value {
            if matches!(leaf.value, Value::Scalar(_)) {
                self.diagnostics.push(conflict(self.name(key, depth), keep_nulls, ("a mapping", origin), ("a single value", old.origin)));
            }
            let overridden = Overridden { node: leaf, origin: old.origin };
            *old = Merged { overridden: vec![overridden], ..Merged::mapping(origin, false) };
        }
        let MergedValue::Map(map) = &mut old.value else { return };
        if !map.exists {
            old.origin = origin;
        }
        map.exists = true;
        // A layer over another one often adds a key or two, and so do the tier's defaults.
        if map.entries.capacity() == 0 {
            map.entries.reserve(patch.entries.len() + 2);
        }
        let is_new = map.entries.is_empty();
        let has_lists = depth == 0 && !keep_nulls && self.goes_over_others(layer);
        let mut nulls: Vec<Null<'t>> = Vec::new();
        for entry in &patch.entries {
            let origin = LayerOrigin { layer, key: entry.key.span, value: entry.value.span };
            if entry.value.is_null() && !keep_nulls {
                nulls.push(Null { key: &entry.key.value, node: &entry.value, origin });
            } else if has_lists && lists::is_change(key, &entry.key.value, &entry.value) {
                lists::change(map, &entry.key.value, &entry.value, origin);
            } else if is_new && entry.value.as_mapping().is_none() {
                // The keys of one mapping differ, so that none of them needs to be looked for.
                map.insert(&entry.key.value, Merged { value: MergedValue::Leaf(&entry.value), origin, overridden: Vec::new() });
            } else {
                self.apply(map, &entry.key.value, &entry.value, origin, keep_nulls, depth + 1);
            }
        }
        self.remove(map, &nulls, false);
    }

    /// A key as it is written, and whether it takes keys of its own: a named database stands under its name.
    fn name(&self, key: &'t str, depth: usize) -> (&'t str, bool) {
        match self.database.filter(|_| depth == 0) {
            Some(name) => (name, true),
            None => (key, section(key).is_some()),
        }
    }

    /// True for layers whose lists may be changes of those below.
    fn goes_over_others(&self, layer: Option<u8>) -> bool {
        layer.and_then(|layer| self.layers.get(usize::from(layer))).is_some_and(|layer| layer.name != LayerName::Base)
    }

    fn remove(&mut self, target: &mut MergedMap<'t>, nulls: &[Null<'t>], is_section: bool) {
        if nulls.is_empty() {
            return;
        }
        let mut taken = target.take(nulls);
        for Null { key, node: null, origin } in nulls {
            // A second null over a removed key removes nothing, and the history goes on.
            let before = taken.remove(key).or_else(|| target.removed.remove(key));
            let mut overridden = Vec::new();
            let (mut removed, mut from, mut is_list) = (false, None, false);
            if let Some(Merged { value, origin, overridden: earlier }) = before {
                overridden = earlier;
                match value {
                    MergedValue::Leaf(node) => {
                        overridden.push(Overridden { node, origin });
                        removed = !node.is_null();
                        is_list = matches!(&node.value, Value::Sequence(items) if !items.is_empty());
                    }
                    MergedValue::Map(map) => {
                        removed = map.exists || is_section && !map.entries.is_empty();
                        is_list = !map.entries.is_empty();
                    }
                    MergedValue::List(list) => {
                        overridden.extend(list.last());
                        (removed, is_list) = (true, true);
                    }
                }
                from = Some(origin).filter(|_| removed);
            }
            // A key with no value at all: the parser gives the value the place of the key.
            if origin.key == origin.value && (is_section || is_list) {
                self.emptied.push(Emptying { key, is_section, at: *origin, from });
                self.effects.had_effect(origin.value);
            } else {
                self.effects.null(key, *origin, removed);
            }
            target.removed.insert(key, Merged { value: MergedValue::Leaf(null), origin: *origin, overridden });
        }
    }

    /// Makes the lists that layers change, when what is below all of them is known.
    fn lists(&mut self, root: &mut MergedMap<'t>) {
        let sections = root.entries.iter_mut().filter_map(|(_, merged)| match &mut merged.value {
            MergedValue::Map(map) => Some(map),
            MergedValue::Leaf(_) | MergedValue::List(_) => None,
        });
        for (_, merged) in sections.flat_map(|map| &mut map.entries) {
            if let MergedValue::List(list) = &mut merged.value {
                list.make(self.effects);
            }
        }
    }

    fn shadowed(&mut self, environment: &'t Mapping, shorthand: &Shorthand, node: &'t Node) {
        let within = |mapping: &'t Mapping, key: &str| mapping.get(key).and_then(|entry| entry.value.as_mapping());
        let section = match self.database {
            Some(name) => within(environment, DATABASES).and_then(|databases| within(databases, name)),
            None => within(environment, shorthand.section),
        };
        let Some(own) = section.and_then(|mapping| mapping.get(shorthand.key)) else { return };
        if own.value.same_value(node) || own.value.is_null() || node.is_null() {
            return;
        }
        let path = section_path(shorthand.section, self.database);
        self.diagnostics.push(
            Diagnostic::new(&codes::SHADOWED_VALUE, format!("`{path}.{}` and its shorthand `{}` differ", shorthand.key, shorthand.name))
                .at(own.value.span, "this value has no effect")
                .at(node.span, "the shorthand wins")
                .help(format!("keep one of the two; in an environment `{}` stands for `{path}.{}`", shorthand.name, shorthand.key)),
        );
    }

    /// `region-overrides-environment`: a region overlay's top level wins over the base's environment.
    fn told_overrides(&mut self, path: &str, map: &MergedMap<'t>) {
        for (key, merged) in &map.entries {
            let winner = match &merged.value {
                MergedValue::Leaf(winner) => winner,
                MergedValue::Map(map) => {
                    self.told_overrides(&format!("{path}.{key}"), map);
                    continue;
                }
                // Goes over nothing.
                MergedValue::List(_) => continue,
            };
            let Some(overridden) = merged.overridden.last() else { continue };
            let name = |origin: LayerOrigin| origin.layer.and_then(|layer| self.layers.get(usize::from(layer))).map(|layer| &layer.name);
            let (Some(LayerName::RegionOverlay(region)), Some(LayerName::BaseEnvironment(environment))) =
                (name(merged.origin), name(overridden.origin))
            else {
                continue;
            };
            if winner.same_value(overridden.node) {
                continue;
            }
            self.diagnostics.push(
                Diagnostic::new(&codes::REGION_OVERRIDES_ENVIRONMENT, format!("`{path}.{key}` of region `{region}` overrides the one of environment `{environment}`"))
                    .at(merged.origin.value, "this value wins")
                    .at(overridden.origin.value, format!("over the value for `{environment}`"))
                    .help(format!("a region's top level goes before the base's environments; where `{environment}` should keep its value, write it under `environments.{environment}` of the region too")),
            );
        }
    }
}
