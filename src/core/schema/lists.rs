//! Lists, and what a layer writes to change the list of the layers below it: `{add: [..], remove: [..]}`.

use super::kinds::{not_a_list, not_an_item};
use super::read::wrong_type;
use super::walk::Walk;
use super::{Default, Key, Shape, Type};
use crate::diagnostics::{Diagnostic, Guess, codes, guess, shown};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Mapping, Node, Plain, Value, plain};
use smol_str::SmolStr;
use std::collections::HashMap;

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
pub fn list_item_name(node: &Node) -> Option<&SmolStr> {
    match &node.value {
        Value::Scalar(scalar) => Some(&scalar.text),
        Value::Mapping(mapping) => mapping.get("name").and_then(|entry| entry.value.as_scalar()).map(|scalar| &scalar.text),
        Value::Null | Value::Sequence(_) => None,
    }
}

impl Walk<'_> {
    /// The value of a key that takes a list.
    pub(super) fn list(&mut self, name: &str, shape: &'static Shape, node: &Node) {
        let kind = if let Shape::List(kind) = shape { Some(*kind) } else { None };
        let Value::Sequence(items) = &node.value else {
            self.report(not_a_list(self.cloud, kind, name, node));
            return;
        };
        match shape {
            Shape::Records(keys) => self.records(name, keys, items),
            Shape::List(kind) | Shape::Scalar(kind) => self.items(name, *kind, items),
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

    /// Items that are mappings.
    fn records(&mut self, name: &str, keys: &'static [Key], items: &[Node]) {
        let mut names: HashMap<&str, Span> = HashMap::new();
        for item in items {
            let Value::Mapping(mapping) = &item.value else {
                self.report(wrong_type("a mapping", name, item));
                continue;
            };
            self.keys("storage", keys, mapping);
            for key in keys.iter().filter(|key| key.default == Default::Required) {
                let misspelt = self.poisoned.misspells(mapping, key.name);
                let entry = mapping.get(key.name);
                if entry.is_none_or(|entry| entry.value.is_null()) && !misspelt {
                    let span =
                        entry.map_or_else(|| mapping.entries.first().map_or(item.span, |first| first.key.span), |entry| entry.value.span);
                    self.report(
                        Diagnostic::new(&codes::MISSING_KEY, format!("a rule of `{name}` has no `{}`", key.name))
                            .at(span, format!("`{}` is missing in this rule", key.name))
                            .help(format!("add `{}:` to the rule", key.name))
                            .about(key.name),
                    );
                }
            }
            let Some(rule) =
                mapping.get("name").and_then(|entry| entry.value.as_scalar().map(|scalar| (scalar.text.as_str(), entry.value.span)))
            else {
                continue;
            };
            match names.get(rule.0) {
                Some(first) => self.report(
                    Diagnostic::new(&codes::DUPLICATE_KEY, format!("two rules of `{name}` have the name `{}`", rule.0))
                        .at(rule.1, "again here")
                        .at(*first, "first here")
                        .help("give each rule a name of its own"),
                ),
                None => {
                    names.insert(rule.0, rule.1);
                }
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
