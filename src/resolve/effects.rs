//! What overrides changed: one that changes nothing in any deployment is told once, as advice.

use super::merge::Origin;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::Span;
use std::collections::BTreeMap;

/// What is told of a place that no deployment felt.
#[derive(Debug)]
struct Untold {
    message: String,
    help: &'static str,
}

/// Overrides by place, and what is to be told of those that no deployment has felt so far.
#[derive(Debug, Default)]
pub(super) struct Effects {
    places: BTreeMap<Span, Option<Untold>>,
}

impl Effects {
    /// Notes a null, and whether it removed something that a customer's layer wrote.
    pub(super) fn null(&mut self, key: &str, origin: Origin, removed: bool) {
        let message = || format!("`{key}` has no value, and there is nothing that this removes");
        let help = "a key without a value removes what lower layers say of it; remove the line, or write a value";
        self.note(origin.value, removed, message, help);
    }

    /// Notes something that may have an effect in some deployment.
    pub(super) fn note(&mut self, span: Span, happened: bool, message: impl FnOnce() -> String, help: &'static str) {
        let untold = || (!happened).then(|| Untold { message: message(), help });
        let noted = self.places.entry(span).or_insert_with(untold);
        if happened {
            *noted = None;
        }
    }

    /// Notes an effect of a place that is known already.
    pub(super) fn had_effect(&mut self, span: Span) {
        if let Some(noted) = self.places.get_mut(&span) {
            *noted = None;
        }
    }

    /// Tells every override without effect.
    pub(super) fn tell(self, diagnostics: &mut Diagnostics) {
        let untold = self.places.into_iter().filter_map(|(span, untold)| Some((span, untold?)));
        for (span, Untold { message, help }) in untold {
            diagnostics.push(Diagnostic::new(&codes::OVERRIDE_WITHOUT_EFFECT, message).at(span, "no effect").help(help));
        }
    }
}
