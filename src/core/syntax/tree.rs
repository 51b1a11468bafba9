//! The syntax tree: what was written, with its place.

use crate::source::{Span, Spanned};
use smol_str::SmolStr;
use std::fmt::Write as _;

/// A value and its place. A collection's span runs from its first to its last child; an empty value has its key's span.
#[derive(Clone, Debug)]
pub struct Node {
    /// The place.
    pub span: Span,
    /// What stands there.
    pub value: Value,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// Text as written, unread: what it means depends on the key.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values.
    Mapping(Mapping),
}

/// Text as written, in NFC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, without quotes and with escapes resolved.
    pub text: SmolStr,
    /// False for quoted and block scalars, which are always text.
    pub plain: bool,
    /// True where NFC made other letters of what was written.
    pub is_changed: bool,
    /// True for a block of text, behind `|` or `>`.
    pub is_block: bool,
}

/// Keys and values in the order written, each key once.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Spanned<SmolStr>,
    /// The value.
    pub value: Node,
}

impl Entry {
    /// True for a key with no value at all, not even `null`: the parser gives the value the place of the key.
    pub fn is_bare(&self) -> bool {
        self.value.is_null() && self.value.span == self.key.span
    }
}

impl Mapping {
    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.value == key)
    }
}

impl Node {
    /// The mapping, when it is one.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            Value::Null | Value::Scalar(_) | Value::Sequence(_) => None,
        }
    }

    /// The scalar, when it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            Value::Null | Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// True for nothing, `~` and `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// How many nodes there are, itself among them.
    pub fn count(&self) -> usize {
        match &self.value {
            Value::Null | Value::Scalar(_) => 1,
            Value::Sequence(items) => 1 + items.iter().map(Node::count).sum::<usize>(),
            Value::Mapping(mapping) => 1 + mapping.entries.iter().map(|entry| entry.value.count()).sum::<usize>(),
        }
    }

    /// What it is, in the words of messages.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a single value",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }

    /// True when both hold the same, wherever it stands. Plain and quoted text differ: `"5"` is not `5`.
    pub fn same_value(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Scalar(a), Value::Scalar(b)) => a.text == b.text && a.plain == b.plain,
            (Value::Sequence(a), Value::Sequence(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_value(b)),
            (Value::Mapping(a), Value::Mapping(b)) => {
                let same = |entry: &Entry| b.get(&entry.key.value).is_some_and(|other| entry.value.same_value(&other.value));
                a.entries.len() == b.entries.len() && a.entries.iter().all(same)
            }
            _ => false,
        }
    }
}

/// The path of the innermost key or list item that holds a place, such as `environments.production.region` or `tags` or
/// `storage.lifecycle_rules[0].name`; nothing for the document itself.
pub fn path_at(root: &Node, span: Span) -> Option<String> {
    let mut path = String::new();
    let mut node = root;
    loop {
        match &node.value {
            Value::Mapping(mapping) => {
                let holds = |entry: &Entry| entry.key.span.contains(span) || entry.value.span.contains(span);
                let Some(index) = holder(&mapping.entries, holds, |entry| entry.key.span, span) else { break };
                let Some(entry) = mapping.entries.get(index) else { break };
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&entry.key.value);
                if entry.key.span.contains(span) {
                    break;
                }
                node = &entry.value;
            }
            Value::Sequence(items) => {
                let Some(index) = holder(items, |item| item.span.contains(span), |item| item.span, span) else { break };
                let Some(item) = items.get(index) else { break };
                // Writing to a text cannot fail.
                let _written = write!(path, "[{index}]");
                node = item;
            }
            Value::Null | Value::Scalar(_) => break,
        }
    }
    (!path.is_empty()).then_some(path)
}

/// The first of several that holds a place. Most stand in the order of the text, so that the last that starts before the place holds it;
/// aliases and merge keys bring places from elsewhere.
fn holder<T>(all: &[T], holds: impl Fn(&T) -> bool, place: impl Fn(&T) -> Span, span: Span) -> Option<usize> {
    let behind = all.partition_point(|one| place(one).start <= span.start);
    let near = behind.checked_sub(1).filter(|index| all.get(*index).is_some_and(&holds));
    near.or_else(|| all.iter().position(holds))
}
