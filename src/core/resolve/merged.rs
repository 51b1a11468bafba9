//! What a merge gives: every value with its place, and what it overrode.

use super::lists::MergedList;
use crate::source::Span;
use crate::syntax::Node;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Where a value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerOrigin {
    /// The layer's index in the deployment's layers; nothing for the tier's defaults.
    pub layer: Option<u8>,
    /// The key's place.
    pub key: Span,
    /// The value's place.
    pub value: Span,
}

/// A value that was overridden or removed.
#[derive(Clone, Copy, Debug)]
pub struct Overridden<'t> {
    /// What it was.
    pub node: &'t Node,
    /// Where.
    pub origin: LayerOrigin,
}

/// A merged value.
#[derive(Debug)]
pub struct Merged<'t> {
    /// What it is.
    pub value: MergedValue<'t>,
    /// The winner's place; for a mapping the first place that wrote it.
    pub origin: LayerOrigin,
    /// What it overrode, lowest layer first.
    pub overridden: Vec<Overridden<'t>>,
}

impl Merged<'_> {
    /// A mapping without keys.
    pub(super) fn mapping(origin: LayerOrigin, exists: bool) -> Self {
        Merged { value: MergedValue::Map(Box::new(MergedMap { exists, ..MergedMap::default() })), origin, overridden: Vec::new() }
    }
}

/// What a merged value is.
#[derive(Debug)]
pub enum MergedValue<'t> {
    /// A mapping, merged key by key. Boxed, since most values are leaves.
    Map(Box<MergedMap<'t>>),
    /// Anything else, whole; a null in `custom`.
    Leaf(&'t Node),
    /// A list that a layer changes. Boxed, since few are.
    List(Box<MergedList<'t>>),
}

/// A merged mapping.
#[derive(Debug, Default)]
pub struct MergedMap<'t> {
    /// Keys in the order in which they first came.
    pub entries: Vec<(&'t str, Merged<'t>)>,
    /// Keys that a null removed and nothing wrote again.
    pub removed: BTreeMap<&'t str, Merged<'t>>,
    /// Where each key of a large mapping is; sorted, since that takes nothing while it is empty.
    index: BTreeMap<&'t str, usize>,
    /// False for a section that only shorthands and defaults write, or that is switched off: it does not exist.
    pub exists: bool,
    /// The switch that takes the section away.
    pub switched_off: Option<LayerOrigin>,
}

impl<'t> MergedMap<'t> {
    /// Mappings up to this size are searched as they are, as most tags are; a customer may write as many keys as fit into a document.
    const SMALL: usize = 32;

    /// One that exists and has no key, with room for some.
    pub(super) fn with_capacity(keys: usize) -> Self {
        MergedMap { exists: true, entries: Vec::with_capacity(keys), ..MergedMap::default() }
    }

    pub(super) fn position(&self, key: &str) -> Option<usize> {
        if self.entries.len() <= Self::SMALL {
            return self.entries.iter().position(|(name, _)| *name == key);
        }
        self.index.get(key).copied()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Merged<'t>> {
        self.position(key).and_then(|at| self.entries.get(at)).map(|(_, value)| value)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Merged<'t>> {
        self.position(key).and_then(|at| self.at(at))
    }

    pub(super) fn at(&mut self, position: usize) -> Option<&mut Merged<'t>> {
        self.entries.get_mut(position).map(|(_, value)| value)
    }

    /// The value of a key, which is made where there is none.
    pub(super) fn entry(&mut self, key: &'t str, make: impl FnOnce() -> Merged<'t>) -> Option<&mut Merged<'t>> {
        let position = self.position(key).unwrap_or_else(|| self.insert(key, make()));
        self.at(position)
    }

    /// Adds a key that is not there, and gives its position; what a null removed of it becomes what it overrode.
    pub(super) fn insert(&mut self, key: &'t str, mut merged: Merged<'t>) -> usize {
        if let Some(removed) = self.removed.remove(key) {
            let mut overridden = removed.overridden;
            if let MergedValue::Leaf(null) = removed.value {
                overridden.push(Overridden { node: null, origin: removed.origin });
            }
            overridden.append(&mut merged.overridden);
            merged.overridden = overridden;
        }
        if self.entries.len() == Self::SMALL {
            self.index.extend(self.entries.iter().enumerate().map(|(at, (name, _))| (*name, at)));
        }
        let position = self.entries.len();
        if position >= Self::SMALL {
            self.index.insert(key, position);
        }
        self.entries.push((key, merged));
        position
    }

    /// Takes keys out, all in one go, since a customer may remove as many as fit into a document; the order of the others stays.
    pub(super) fn take(&mut self, keys: &[Null<'t>]) -> HashMap<&'t str, Merged<'t>> {
        let found: HashSet<&str> = keys.iter().map(|null| null.key).filter(|key| self.position(key).is_some()).collect();
        let mut taken = HashMap::with_capacity(found.len());
        if found.is_empty() {
            return taken;
        }
        let (out, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.entries).into_iter().partition(|(name, _)| found.contains(name));
        taken.extend(out);
        self.entries = kept;
        self.index.clear();
        if self.entries.len() > Self::SMALL {
            self.index.extend(self.entries.iter().enumerate().map(|(at, (name, _))| (*name, at)));
        }
        taken
    }

    /// The null that removed a key.
    pub fn removal(&self, key: &str) -> Option<&LayerOrigin> {
        self.removed.get(key).map(|removed| &removed.origin)
    }

    /// A section, when it exists.
    pub fn section(&self, name: &str) -> Option<(&MergedMap<'t>, &Merged<'t>)> {
        let merged = self.get(name)?;
        match &merged.value {
            MergedValue::Map(map) if map.exists => Some((map, merged)),
            MergedValue::Map(_) | MergedValue::Leaf(_) | MergedValue::List(_) => None,
        }
    }
}

/// A key of a patch that a null removes.
pub(super) struct Null<'t> {
    pub(super) key: &'t str,
    pub(super) node: &'t Node,
    pub(super) origin: LayerOrigin,
}
