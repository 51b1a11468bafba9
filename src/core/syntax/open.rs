//! What is still open while a tree is built: collections, their keys and what they cost.

use super::core::{Plain, plain};
use super::tree::{Entry, Node};
use crate::source::Span;
use smol_str::SmolStr;
use std::collections::HashMap;
use std::rc::Rc;

/// An anchored node with what it costs to repeat it.
#[derive(Clone)]
pub(super) struct Anchored {
    pub(super) node: Rc<Node>,
    pub(super) size: Size,
}

/// What a node costs.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) nodes: usize,
    pub(super) levels: usize,
    pub(super) bytes: usize,
}

impl Size {
    /// The size of a scalar, and of a collection alone.
    pub(super) fn one(bytes: usize) -> Self {
        Size { nodes: 1, levels: 1, bytes }
    }
}

/// A collection that is still open.
pub(super) struct Open {
    pub(super) kind: OpenKind,
    pub(super) anchor: usize,
    pub(super) span: Span,
    pub(super) flow: bool,
    pub(super) size: Size,
}

pub(super) enum OpenKind {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, keys: Keys, key: Option<ParsedKey>, merges: Vec<(Span, Node)> },
}

/// The keys of a mapping that is still open. Small mappings are searched as they are; large ones have an index, since a customer writes
/// as many keys as fit into a document.
#[derive(Default)]
pub(super) struct Keys {
    pub(super) index: HashMap<SmolStr, usize>,
}

impl Keys {
    /// Mappings up to this size are searched as they are.
    pub(super) const SMALL: usize = 16;

    /// The entry of a key that is there.
    pub(super) fn first<'e>(&self, entries: &'e [Entry], key: &str) -> Option<&'e Entry> {
        if entries.len() <= Self::SMALL {
            return entries.iter().find(|entry| entry.key.value == key);
        }
        self.index.get(key).and_then(|at| entries.get(*at))
    }

    /// Notes a key that is about to be added.
    pub(super) fn add(&mut self, entries: &[Entry], key: &SmolStr) {
        if entries.len() == Self::SMALL {
            self.index.extend(entries.iter().enumerate().map(|(at, entry)| (entry.key.value.clone(), at)));
        }
        if entries.len() >= Self::SMALL {
            self.index.insert(key.clone(), entries.len());
        }
    }
}

/// A mapping's key while its value is awaited.
pub(super) struct ParsedKey {
    pub(super) text: Option<SmolStr>,
    pub(super) span: Span,
    pub(super) merge: bool,
}

impl ParsedKey {
    pub(super) fn read(node: &Node) -> Self {
        let text = node.as_scalar().filter(|scalar| !scalar.plain || plain(&scalar.text) == Plain::Text).map(|scalar| scalar.text.clone());
        let merge = node.as_scalar().is_some_and(|scalar| scalar.plain && scalar.text == "<<");
        ParsedKey { text: if merge { None } else { text }, span: node.span, merge }
    }
}
