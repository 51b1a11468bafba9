//! The tier's defaults, below all layers; and a value that is a mapping in one layer and a single value in another.

use super::merge::Merger;
use super::merged::{LayerOrigin, Merged, MergedMap, MergedValue, Overridden};
use crate::diagnostics::{Diagnostic, codes};
use crate::schema::{SECTIONS, Shape, section};
use crate::syntax::{Entry, Mapping, Node, Value};

impl<'t> Merger<'_, 't> {
    /// The tier's defaults: below everything, in sections that exist; `tags` always do. A null above removes them too.
    pub(super) fn fill(&mut self, root: &mut MergedMap<'t>, defaults: &'t Mapping) {
        for entry in &defaults.entries {
            let Some(section) = SECTIONS.iter().find(|section| section.name == entry.key.value) else { continue };
            let Value::Mapping(values) = &entry.value.value else { continue };
            if section.name == "tags" && self.database.is_none() && root.get("tags").is_none() && root.removal("tags").is_none() {
                let origin = LayerOrigin { layer: None, key: entry.key.span, value: entry.value.span };
                root.insert(section.name, Merged::mapping(origin, true));
            }
            let removed_section = root.removal(section.name).map(|origin| origin.value);
            if let Some(span) = removed_section {
                self.effects.had_effect(span);
            }
            let Some(Merged { value: MergedValue::Map(map), .. }) = root.get_mut(section.name) else { continue };
            // Of a section's mappings, those whose names are the customer's are filled name by name; below `custom` all are.
            let nests = |key: &str| section.name == "custom" || is_of_texts(section.name, key);
            self.fill_below(map, values, section.name == "custom", &nests);
        }
    }

    /// Fills a mapping that exists, key by key; the values of the keys that nest are mappings, which are filled too.
    fn fill_below(&mut self, map: &mut MergedMap<'t>, defaults: &'t Mapping, in_custom: bool, nests: &dyn Fn(&str) -> bool) {
        // A null says nothing where nothing is below it; in `custom` it is a value.
        for Entry { key, value } in defaults.entries.iter().filter(|entry| in_custom || !entry.value.is_null()) {
            let origin = LayerOrigin { layer: None, key: key.span, value: value.span };
            let key = key.value.as_str();
            if let Some(removal) = map.removal(key) {
                self.effects.had_effect(removal.value);
                continue;
            }
            let filled = || match &value.value {
                Value::Mapping(_) if nests(key) => Merged::mapping(origin, true),
                _ => Merged { value: MergedValue::Leaf(value), origin, overridden: Vec::new() },
            };
            let above = map.entry(key, filled).filter(|above| nests(key) || above.origin.layer.is_some());
            let Some(above) = above else { continue };
            // A null below what is written removed the tier's too.
            let null = above.overridden.iter().find(|below| !in_custom && below.node.is_null() && nests(key));
            if let Some(null) = null {
                self.effects.had_effect(null.origin.value);
                continue;
            }
            match (&mut above.value, &value.value) {
                (MergedValue::List(list), _) => list.start_from(value, origin),
                (MergedValue::Map(above), Value::Mapping(below)) => {
                    self.fill_below(above, below, in_custom, &|_| in_custom);
                    continue;
                }
                (MergedValue::Map(_), Value::Scalar(_)) if nests(key) => {
                    let places = (("a mapping", above.origin), ("a single value", origin));
                    self.diagnostics.push(conflict((key, false), in_custom, places.0, places.1));
                }
                (MergedValue::Leaf(Node { value: Value::Scalar(_), .. }), Value::Mapping(_)) if nests(key) => {
                    let places = (("a single value", above.origin), ("a mapping", origin));
                    self.diagnostics.push(conflict((key, false), in_custom, places.0, places.1));
                }
                _ => {}
            }
            if above.origin.layer.is_some() {
                above.overridden.insert(0, Overridden { node: value, origin });
            }
        }
    }
}

/// True for a key whose value is a mapping from names that the customer chooses.
fn is_of_texts(name: &str, key: &str) -> bool {
    section(name).and_then(|section| section.key(key)).is_some_and(|key| matches!(key.shape, Shape::Texts(_)))
}

/// Both places of a value that is a mapping in one layer and a single value in another. In `custom` nobody knows which is right.
pub(super) fn conflict(
    (key, is_section): (&str, bool),
    in_custom: bool,
    (kind, origin): (&str, LayerOrigin),
    (other, earlier): (&str, LayerOrigin),
) -> Diagnostic {
    let help = if !in_custom && is_section {
        format!("`{key}` takes keys and values of its own: write it as a mapping in both places, or as `{key}: null` where it is to go")
    } else if !in_custom && SECTIONS.iter().any(|section| is_of_texts(section.name, key)) {
        format!("`{key}` takes names with a value each: write it as a mapping in both places, or as `{key}: null` where it is to go")
    } else if !in_custom && SECTIONS.iter().any(|section| section.key(key).is_some()) {
        format!("`{key}` takes a single value: write it as one in both places")
    } else {
        "write both as mappings, or both as single values, so that one can go over the other".to_owned()
    };
    Diagnostic::new(&codes::MERGE_TYPE_CONFLICT, format!("`{key}` is {kind} here and {other} in another layer"))
        .at(origin.value, format!("{kind} here"))
        .at(earlier.value, format!("{other} here"))
        .help(help)
}
