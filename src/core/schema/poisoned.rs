//! What is wrong already, so that no rule judges it again.

use crate::source::Span;
use crate::syntax::Mapping;
use std::collections::{HashMap, HashSet};

/// What a level too many may hold: every key of the mapping that it stands in.
pub(super) const ANY_KEY: &str = "*";

/// What the walk learned that later rules need.
#[derive(Debug, Default)]
pub struct Poisoned {
    /// Unknown keys that are near a key which their mapping lacks, by place, with that key: it is not reported missing there too.
    pub misspelt: HashMap<Span, &'static str>,
    /// Values with an error of their own, which take part in no further rule.
    pub wrong: HashSet<Span>,
    /// Credentials, and keys that are one: they are shown nowhere.
    pub secrets: HashSet<Span>,
    /// True when a document was left out because of its own errors: what is absent may stand in it.
    pub incomplete: bool,
}

impl Poisoned {
    /// True when one of a mapping's keys, by their places, is a misspelt `name`.
    pub fn is_misspelt(&self, name: &str, keys: impl IntoIterator<Item = Span>) -> bool {
        let means = |key: Span| self.misspelt.get(&key).is_some_and(|meant| *meant == name || *meant == ANY_KEY);
        !self.misspelt.is_empty() && keys.into_iter().any(means)
    }

    /// True when a mapping has a misspelt `name`.
    pub fn misspells(&self, mapping: &Mapping, name: &str) -> bool {
        self.is_misspelt(name, mapping.entries.iter().map(|entry| entry.key.span))
    }
}
