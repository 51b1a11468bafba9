//! Keys of `features` that make a section exist, or take it away. The highest layer that says anything of a section counts, be it the
//! section or its switch. A tier has no switches.

use super::layers::Layer;
use super::merge::Merger;
use super::merged::{LayerOrigin, Merged, MergedMap, MergedValue, Null};
use crate::diagnostics::{Diagnostic, codes};
use crate::schema::{FEATURES, SWITCHES, Switch, stands_alone};
use crate::syntax::{Entry, Mapping, Plain, plain};

impl<'t> Merger<'_, 't> {
    /// The switches of a layer, next to its sections.
    pub(super) fn layer_switches(&mut self, root: &mut MergedMap<'t>, layer: &Layer<'t>, index: u8) {
        let Some(features) = features(layer.mapping) else { return };
        for Switch { key, section } in SWITCHES.iter().filter(|switch| !layer.below_service || !stands_alone(switch.section)) {
            let Some((entry, is_on)) = features.get(key).and_then(switched) else { continue };
            let own = layer.mapping.get(section);
            if let Some(own) = own.filter(|own| own.value.as_mapping().is_some() != is_on && !own.is_bare()) {
                self.diagnostics.push(contradiction(entry, own, is_on));
            }
            let origin = LayerOrigin { layer: Some(index), key: entry.key.span, value: entry.value.span };
            if is_on {
                switch_on(root, section, origin);
            } else {
                switch_off(root, section, entry, origin);
            }
        }
    }
}

/// Makes a section exist, at the switch where nothing is written of it.
fn switch_on<'t>(root: &mut MergedMap<'t>, section: &'static str, origin: LayerOrigin) {
    let merged = root.entry(section, || Merged::mapping(origin, true));
    if let Some(Merged { value: MergedValue::Map(map), .. }) = merged {
        map.exists = true;
    }
}

/// Takes a section away that lower layers make exist.
fn switch_off<'t>(root: &mut MergedMap<'t>, section: &'static str, entry: &'t Entry, origin: LayerOrigin) {
    let node = &entry.value;
    if root.take(&[Null { key: section, node, origin }]).is_empty() {
        return;
    }
    root.removed.insert(section, Merged { value: MergedValue::Leaf(node), origin, overridden: Vec::new() });
}

/// The mapping with the switches.
fn features(mapping: &Mapping) -> Option<&Mapping> {
    mapping.get(FEATURES)?.value.as_mapping()
}

/// A switch with what it says. What is wrong of it has been reported.
fn switched(entry: &Entry) -> Option<(&Entry, bool)> {
    let scalar = entry.value.as_scalar().filter(|scalar| scalar.plain)?;
    match plain(&scalar.text) {
        Plain::Boolean(is_on) => Some((entry, is_on)),
        _ => None,
    }
}

/// `contradicting-keys`: a section, and a switch that says the opposite, in one layer.
fn contradiction(switch: &Entry, section: &Entry, is_on: bool) -> Diagnostic {
    let (key, name) = (&switch.key.value, &section.key.value);
    let (message, of_section, help) = if is_on {
        (
            format!("`{FEATURES}.{key}` switches on what `{name}: null` removes"),
            "removes it",
            format!("remove `{name}`, or write `{key}: false`"),
        )
    } else {
        (format!("`{FEATURES}.{key}` switches off what `{name}` asks for"), "asks for it", format!("remove `{key}`, or remove `{name}`"))
    };
    Diagnostic::new(&codes::CONTRADICTING_KEYS, message)
        .at(switch.value.span, if is_on { "switches it on" } else { "switches it off" })
        .at(section.key.span, of_section)
        .help(help)
        .about(key.as_str())
}
