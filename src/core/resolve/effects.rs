//! What overrides changed: one that changes nothing in any deployment is reported once, as advice.

use super::merged::LayerOrigin;
use crate::diagnostics::{Diagnostic, Diagnostics, Severity, codes};
use crate::schema::Shorthand;
use crate::source::Span;
use smol_str::SmolStr;
use std::collections::HashSet;

/// An override that may change nothing.
#[derive(Debug)]
pub(super) enum Override<'t> {
    /// A null, at a key.
    Null(&'t str),
    /// A shorthand, whose section may not exist.
    Shorthand(&'static Shorthand),
    /// What a service says of a region, in which nothing may be deployed.
    Region(&'t str),
    /// What is said of a service in an environment or a region in which it is not.
    LeftOut {
        /// The service.
        service: SmolStr,
        /// The environment or region.
        place: SmolStr,
    },
    /// An item that is added to a list, and may be there already.
    Added,
    /// An item that is removed from a list, and may not be there.
    Removed,
    /// A change of a list without items.
    Nothing,
}

/// What each deployment felt of each override, in the order of noting: by its place, the override where it was not felt.
#[derive(Debug, Default)]
pub(super) struct Effects<'t> {
    noted: Vec<(Span, Option<Override<'t>>)>,
}

impl<'t> Effects<'t> {
    /// Notes a null, and whether it removed something that a customer's layer wrote.
    pub(super) fn null(&mut self, key: &'t str, origin: LayerOrigin, removed: bool) {
        self.note(origin.value, removed, Override::Null(key));
    }

    /// Notes something that may have an effect in some deployment.
    pub(super) fn note(&mut self, span: Span, happened: bool, what: Override<'t>) {
        self.noted.push((span, (!happened).then_some(what)));
    }

    /// Notes that an override had an effect.
    pub(super) fn had_effect(&mut self, span: Span) {
        self.noted.push((span, None));
    }

    /// Reports every override without effect.
    pub(super) fn report(mut self, diagnostics: &mut Diagnostics) {
        // What is wrong itself has been reported: a key that does not exist, an item that is not one.
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.code.severity == Severity::Error);
        let wrong: HashSet<Span> = errors.filter_map(Diagnostic::primary).collect();
        self.noted.sort_by_key(|(span, _)| *span);
        for of_one in self.noted.chunk_by(|(one, _), (other, _)| one == other) {
            let is_felt = of_one.iter().any(|(_, untold)| untold.is_none());
            if let Some((span, Some(untold))) = of_one.first().filter(|(span, _)| !is_felt && !wrong.contains(span)) {
                let (message, help) = untold.words();
                diagnostics.push(Diagnostic::new(&codes::OVERRIDE_WITHOUT_EFFECT, message).at(*span, "no effect").help(help));
            }
        }
    }
}

impl Override<'_> {
    fn words(&self) -> (String, &'static str) {
        match self {
            Override::Null(key) => (
                format!("`{key}` has no value, and there is nothing that this removes"),
                "a key without a value removes what lower layers say of it; remove the line, or write a value",
            ),
            Override::Shorthand(Shorthand { name, section, key }) => (
                format!("`{name}` sets `{section}.{key}`, and there is no `{section}` here"),
                "write the section, or remove the line: a shorthand fills a section and makes none",
            ),
            Override::Region(name) => {
                (format!("nothing is deployed in `{name}`"), "remove the entry, or deploy an environment in this region")
            }
            Override::LeftOut { service, place } => (
                format!("the service `{service}` is not deployed in `{place}`"),
                "remove the entry, or name the environment or region in the service's `deploy_to`",
            ),
            Override::Added => ("this item is in the list already".to_owned(), "remove it from `add`: each item is in a list once"),
            Override::Removed => (
                "there is no such item in the list of the layers below".to_owned(),
                "write it as the lower layer does, letter by letter, or remove it from `remove`",
            ),
            Override::Nothing => ("this changes nothing of the list".to_owned(), "write items below `add` or `remove`, or remove the line"),
        }
    }
}
