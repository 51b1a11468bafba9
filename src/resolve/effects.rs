//! What overrides changed: one that changes nothing in any deployment is told once, as advice.

use super::merge::Origin;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::Span;
use std::collections::BTreeMap;

#[derive(Debug)]
struct Effect {
    happened: bool,
    message: String,
    help: String,
}

/// Overrides by place, and whether any deployment felt them.
#[derive(Debug, Default)]
pub(super) struct Effects {
    places: BTreeMap<Span, Effect>,
}

impl Effects {
    /// Notes a null, and whether it removed something that a customer's layer wrote.
    pub(super) fn null(&mut self, key: &str, origin: Origin, removed: bool) {
        let note = || Effect {
            happened: false,
            message: format!("`{key}` has no value, and there is nothing that this removes"),
            help: "a key without a value removes what lower layers say of it; remove the line, or write a value".into(),
        };
        self.places.entry(origin.value).or_insert_with(note).happened |= removed;
    }

    /// Notes something that may have an effect in some deployment.
    pub(super) fn note(&mut self, span: Span, happened: bool, message: impl FnOnce() -> String, help: &str) {
        self.places.entry(span).or_insert_with(|| Effect { happened: false, message: message(), help: help.to_owned() }).happened |=
            happened;
    }

    /// Notes an effect of a place that is known already.
    pub(super) fn had_effect(&mut self, span: Span) {
        if let Some(effect) = self.places.get_mut(&span) {
            effect.happened = true;
        }
    }

    /// Tells every override without effect.
    pub(super) fn tell(self, diagnostics: &mut Diagnostics) {
        for (span, effect) in self.places.into_iter().filter(|(_, effect)| !effect.happened) {
            diagnostics.push(Diagnostic::new(&codes::OVERRIDE_WITHOUT_EFFECT, effect.message).at(span, "no effect").help(effect.help));
        }
    }
}
