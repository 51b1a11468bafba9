//! Grants: what exists already in an account that customers share, and may be named there all the same.

use super::clouds::{Pattern, patterns};
use super::fields::Fields;
use crate::diagnostics::Diagnostics;
use crate::schema::Existing;
use crate::syntax::Entry;
use std::collections::BTreeMap;

/// The key that grants stand below.
pub(super) const KEY: &str = "grants";

/// What may be named: patterns of names, ids and ARNs, by what they name.
#[derive(Clone, Debug, Default)]
pub struct Grants(BTreeMap<Existing, Vec<Pattern>>);

impl Grants {
    /// Reads `grants`.
    pub(super) fn read(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> Self {
        let Some(entry) = entry else { return Grants::default() };
        let keys = Existing::ALL.map(Existing::grant);
        let fields = Fields::of(&entry.value, "`grants`", &keys, diagnostics);
        let mut grants = BTreeMap::new();
        for existing in Existing::ALL {
            let texts = fields.texts(existing.grant(), diagnostics).unwrap_or_default();
            if !texts.is_empty() {
                grants.insert(existing, patterns(texts, diagnostics));
            }
        }
        Grants(grants)
    }

    /// True when a thing of this name may be named.
    pub fn has(&self, existing: Existing, name: &str) -> bool {
        self.0.get(&existing).is_some_and(|patterns| patterns.iter().any(|pattern| pattern.matches(name)))
    }

    /// What is granted, key by key, with the patterns as they are written.
    pub(super) fn lists(&self) -> impl Iterator<Item = (&'static str, Vec<&str>)> {
        self.0.iter().map(|(existing, patterns)| (existing.grant(), patterns.iter().map(|pattern| pattern.text.value.as_str()).collect()))
    }
}
