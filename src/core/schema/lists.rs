//! Lists, and what a layer writes to change the list of the layers below it: `{add: [..], remove: [..]}`.

use super::kinds::{not_a_list, not_an_item};
use super::walk::Walk;
use super::{Key, Shape, Type};
use crate::diagnostics::{Diagnostic, Guess, codes, guess, shown};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Mapping, Node, Plain, Value, plain};
use smol_str::SmolStr;

/// The keys of a change to a list.
const KEYS: [&str; 2] = ["add", "remove"];
/// Words that people write in their place, each with the key that it stands for.
const OTHER_WORDS: [(&str, &str); 16] = [
    ("append", "add"),
    ("prepend", "add"),
    ("insert", "add"),
    ("extend", "add"),
    ("include", "add"),
    ("plus", "add"),
    ("merge", "add"),
    ("push", "add"),
    ("delete", "remove"),
    ("drop", "remove"),
    ("exclude", "remove"),
    ("minus", "remove"),
    ("subtract", "remove"),
    ("omit", "remove"),
    ("except", "remove"),
    ("unset", "remove"),
];

/// What a layer adds to the list of the layers below it, and what it removes from there.
#[derive(Debug, Clone, Copy)]
pub struct ListChange<'n> {
    /// What is added, behind what is there.
    pub add: &'n [Node],
    /// What is removed, before anything is added.
    pub remove: &'n [Node],
    /// True where something in it is wrong, which counts for nothing.
    pub is_wrong: bool,
}

impl<'n> ListChange<'n> {
    /// The change that a value of a list's key is; nothing for other mappings and other values.
    pub fn of(node: &'n Node) -> Option<Self> {
        let mapping = node.as_mapping().filter(|mapping| is_list_change(mapping))?;
        let items = |key: &str| match mapping.get(key).map(|entry| &entry.value.value) {
            Some(Value::Sequence(items)) => items.as_slice(),
            _ => &[],
        };
        let is_right = |entry: &Entry| KEYS.contains(&entry.key.value.as_str()) && matches!(entry.value.value, Value::Sequence(_));
        Some(ListChange { add: items("add"), remove: items("remove"), is_wrong: !mapping.entries.iter().all(is_right) })
    }
}

/// True for a mapping that changes a list: one of its keys says so, or all of them are words for that.
pub(super) fn is_list_change(mapping: &Mapping) -> bool {
    let mut keys = mapping.entries.iter().map(|entry| entry.key.value.as_str());
    keys.clone().any(|key| KEYS.contains(&key)) || !mapping.entries.is_empty() && keys.all(|key| meant(key).is_some())
}

/// The key that a word stands for.
fn meant(word: &str) -> Option<Guess<'static>> {
    let other = OTHER_WORDS.iter().find(|(other, _)| other.eq_ignore_ascii_case(word));
    other.map(|(_, key)| Guess::synonym(key)).or_else(|| guess(word, KEYS))
}

/// What an item of a list is, so that the same item is known in another layer: its text, of a mapping that of its `name`.
pub fn list_item_name(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Scalar(scalar) => Some(scalar.text.as_str()),
        Value::Mapping(mapping) => mapping.get("name").and_then(|entry| entry.value.as_scalar()).map(|scalar| scalar.text.as_str()),
        Value::Null | Value::Sequence(_) => None,
    }
}

impl Walk<'_> {
    /// The value of a key that takes a list.
    pub(super) fn list(&mut self, name: &str, shape: &'static Shape, node: &Node) {
        match (shape, &node.value) {
            (Shape::Records(keys), _) => self.records(name, keys, node),
            (Shape::Texts(kind), _) => self.texts(name, *kind, node),
            (Shape::List(kind) | Shape::OneOrMore(kind) | Shape::Scalar(kind), Value::Sequence(items)) => self.items(name, *kind, items),
            (Shape::List(kind) | Shape::OneOrMore(kind) | Shape::Scalar(kind), _) => {
                self.report(not_a_list(self.cloud, Some(*kind), name, node))
            }
        }
    }

    /// Items that are single values.
    fn items(&mut self, name: &str, kind: Type, items: &[Node]) {
        for item in items {
            if item.as_scalar().is_none() {
                self.report(not_an_item(kind, name, item));
            } else {
                self.scalar(kind, name, item);
            }
        }
    }

    /// A change of the list that the layers below give.
    pub(super) fn list_change(&mut self, name: &str, key: &'static Key, mapping: &Mapping, node: &Node) {
        if !self.goes_over_others {
            self.report(nothing_below(name, mapping, node));
            return;
        }
        for entry in &mapping.entries {
            let Spanned { value: word, span } = &entry.key;
            match (word.as_str(), &key.shape) {
                // What is said of mappings knows whose they are.
                ("add", Shape::Records(keys)) if matches!(entry.value.value, Value::Sequence(_)) => self.records(name, keys, &entry.value),
                ("add", shape) => self.list("add", shape, &entry.value),
                // Mappings are removed by their names.
                ("remove", Shape::Records(keys)) => match (&entry.value.value, keys.iter().find(|key| key.name == "name")) {
                    (Value::Sequence(items), Some(Key { shape: Shape::Scalar(kind), .. })) => self.items("remove", *kind, items),
                    _ => self.report(not_a_list(self.cloud, None, "remove", &entry.value)),
                },
                ("remove", shape) => self.list("remove", shape, &entry.value),
                _ => self.report(unknown_word(name, word, *span, mapping)),
            }
        }
    }
}

/// `wrong-type` for a change where no layer is below.
fn nothing_below(name: &str, mapping: &Mapping, node: &Node) -> Diagnostic {
    let diagnostic = Diagnostic::new(&codes::WRONG_TYPE, format!("`{name}` changes a list, and there is no layer below this one"))
        .at(node.span, "expected a list");
    let items = mapping.get("add").filter(|_| mapping.entries.len() == 1).map(|entry| &entry.value.value);
    let Some(Value::Sequence(items)) = items else {
        return diagnostic.help(format!("write the list itself below `{name}:`; `add` and `remove` are for environments and overlays"));
    };
    let is_plain = |text: &SmolStr| plain(text) == Plain::Text && !text.contains([',', '[', ']', '{', '}', '#', ':', '"', '\'']);
    let texts: Option<Vec<&str>> =
        items.iter().map(|item| item.as_scalar().map(|scalar| &scalar.text).filter(|text| is_plain(text)).map(SmolStr::as_str)).collect();
    match texts {
        Some(texts) => {
            let list = format!("[{}]", texts.join(", "));
            diagnostic.help(format!("write the list itself: `{name}: {}`", shown(&list))).suggest(node.span, list).unquoted()
        }
        None => diagnostic.help(format!("write the list itself below `{name}:`, without `add`")),
    }
}

/// `unknown-key` for a word that a change of a list does not take.
fn unknown_word(name: &str, word: &SmolStr, span: Span, mapping: &Mapping) -> Diagnostic {
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_KEY, format!("unknown key `{word}` in a change of `{name}`"));
    match meant(word).filter(|guess| mapping.get(guess.best()).is_none()) {
        Some(guess) => diagnostic.meant(span, &guess).help(format!("write `{}`; a change of a list has `add` and `remove`", guess.best())),
        None => diagnostic
            .at(span, "not a key of a change")
            .help("a change of a list has `add` and `remove`, each with a list; write what counts below one of them"),
    }
}
