//! Keys of `features` that make a section exist, or take it away. The highest layer that says anything of a section counts, be it the
//! section or its switch. What is switched off keeps its values, for a higher layer that switches it on again. A tier has no switches.

use super::layers::Layer;
use super::merge::Merger;
use super::merged::{LayerOrigin, Merged, MergedMap, MergedValue};
use crate::diagnostics::{Diagnostic, codes};
use crate::schema::{FEATURES, SWITCHES, Switch, stands_alone};
use crate::syntax::{Entry, Node, Plain, plain};

impl<'t> Merger<'_, 't> {
    /// The switches of all layers, which are merged.
    pub(super) fn switches(&mut self, root: &mut MergedMap<'t>) {
        if root.get(FEATURES).is_none() && root.removal(FEATURES).is_none() {
            return;
        }
        for switch in SWITCHES {
            match self.last_word(switch) {
                Some((origin, true)) => {
                    let merged = root.entry(switch.section, || Merged::mapping(origin, true));
                    if let Some(Merged { value: MergedValue::Map(map), .. }) = merged {
                        map.exists = true;
                    }
                }
                Some((origin, false)) => {
                    if let Some(Merged { value: MergedValue::Map(map), .. }) = root.get_mut(switch.section) {
                        map.exists = false;
                        map.switched_off = Some(origin);
                    }
                }
                None => {}
            }
        }
    }

    /// What a switch says, where no higher layer says anything of its section.
    fn last_word(&mut self, switch: &Switch) -> Option<(LayerOrigin, bool)> {
        let mut word = None;
        for (index, layer) in self.layers.iter().enumerate().filter(|(_, layer)| speaks_of(layer, switch)) {
            let own = layer.mapping.get(switch.section);
            if let Some(own) = own {
                // It takes away what a switch alone made.
                if own.value.is_null() && matches!(word, Some((_, true))) {
                    self.effects.had_effect(own.value.span);
                }
                word = None;
            }
            match layer.mapping.get(FEATURES).map(|features| (features, features.value.as_mapping().and_then(|map| map.get(switch.key)))) {
                Some((_, Some(entry))) if !entry.value.is_null() => {
                    let Some(is_on) = boolean(&entry.value) else { continue };
                    if let Some(own) = own.filter(|own| own.value.as_mapping().is_some() != is_on && !own.is_bare()) {
                        self.diagnostics.push(contradiction(entry, own, is_on));
                    }
                    let layer = u8::try_from(index).ok();
                    word = Some((LayerOrigin { layer, key: entry.key.span, value: entry.value.span }, is_on));
                }
                // A null takes back what lower layers say.
                Some((_, Some(_))) => word = None,
                Some((features, None)) if features.value.is_null() => word = None,
                Some((_, None)) | None => {}
            }
        }
        word
    }
}

/// False for layers of the base where a service has sections of its own or none.
fn speaks_of(layer: &Layer<'_>, switch: &Switch) -> bool {
    !layer.below_service || !stands_alone(switch.section)
}

/// What a switch says; what is wrong of it has been reported.
fn boolean(node: &Node) -> Option<bool> {
    match node.as_scalar().filter(|scalar| scalar.plain).map(|scalar| plain(&scalar.text)) {
        Some(Plain::Boolean(is_on)) => Some(is_on),
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
