//! Reading a mapping of the platform file: known keys, unknown keys, and single values of each type.

use super::KNOWN_IN_PATTERNS;
use crate::clouds::default_cloud;
use crate::diagnostics::{Diagnostic, Diagnostics, Guess, and_list, codes, guess, or_list};
use crate::schema::{Type, Typed, read as read_value, wrong_type};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Mapping, Node, Value};
use smol_str::SmolStr;
use std::borrow::Cow;

/// A mapping whose unknown keys have been reported.
pub(super) struct Fields<'n> {
    mapping: &'n Mapping,
}

impl<'n> Fields<'n> {
    /// The fields of a node, whose keys have a value; null is a mapping with nothing in it.
    pub(super) fn of(node: &'n Node, what: &str, keys: &[&str], diagnostics: &mut Diagnostics) -> Fields<'n> {
        let fields = Self::bare_or_not(node, what, keys, diagnostics);
        for entry in fields.mapping.entries.iter().filter(|entry| keys.contains(&entry.key.value.as_str()) && entry.is_bare()) {
            diagnostics.push(bare(&entry.key, what));
        }
        fields
    }

    /// The fields of a node, where a key without a value has diagnostics of its own.
    pub(super) fn bare_or_not(node: &'n Node, what: &str, keys: &[&str], diagnostics: &mut Diagnostics) -> Fields<'n> {
        static EMPTY: Mapping = Mapping { entries: Vec::new() };
        let mapping = match &node.value {
            Value::Mapping(mapping) => mapping,
            Value::Null => &EMPTY,
            Value::Scalar(_) | Value::Sequence(_) => {
                diagnostics.push(wrong_type("a mapping", what, node));
                &EMPTY
            }
        };
        for entry in mapping.entries.iter().filter(|entry| !keys.contains(&entry.key.value.as_str())) {
            diagnostics.push(unknown(&entry.key, what, keys, &mapping.entries));
        }
        Fields { mapping }
    }

    /// The entry of a key that has a value.
    pub(super) fn get(&self, key: &str) -> Option<&'n Entry> {
        self.mapping.get(key).filter(|entry| !entry.value.is_null())
    }

    /// A value of a key by its type.
    fn typed(&self, kind: Type, key: &str, diagnostics: &mut Diagnostics) -> Option<Spanned<Typed>> {
        let entry = self.get(key)?;
        typed(kind, key, &entry.value, diagnostics)
    }

    /// Text, taken as it is.
    pub(super) fn text(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<Spanned<SmolStr>> {
        text(key, &self.get(key)?.value, diagnostics)
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<bool> {
        match self.typed(Type::Boolean, key, diagnostics)?.value {
            Typed::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// A list of text.
    pub(super) fn texts(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<Vec<Spanned<SmolStr>>> {
        let node = &self.get(key)?.value;
        let is_list = matches!(node.value, Value::Sequence(_));
        let texts = text_list(key, node, diagnostics);
        is_list.then_some(texts)
    }

    /// A name out of a list.
    pub(super) fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)], diagnostics: &mut Diagnostics) -> Option<T> {
        let written = self.text(key, diagnostics)?;
        let found = choices.iter().find(|(name, _)| *name == written.value).map(|(_, value)| *value);
        if found.is_none() {
            let names = || choices.iter().map(|(name, _)| *name);
            let diagnostic = Diagnostic::new(&codes::INVALID_SETTING, format!("`{}` is not a valid {key}", written.value));
            let diagnostic = match guess(&written.value, names()) {
                Some(near) => diagnostic.meant(written.span, &near),
                None => diagnostic.at(written.span, format!("not a {key}")),
            };
            diagnostics.push(diagnostic.help(format!("`{key}` takes {}", or_list(names()))));
        }
        found
    }
}

/// A single value by its type.
pub(super) fn typed(kind: Type, key: &str, node: &Node, diagnostics: &mut Diagnostics) -> Option<Spanned<Typed>> {
    match read_value(default_cloud(), kind, key, node, None) {
        Ok(value) => value.map(|value| Spanned::new(value, node.span)),
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            None
        }
    }
}

/// Text, taken as it is.
pub(super) fn text(key: &str, node: &Node, diagnostics: &mut Diagnostics) -> Option<Spanned<SmolStr>> {
    let kind = Type::Verbatim { max_bytes: 4096 };
    match typed(kind, key, node, diagnostics)? {
        Spanned { value: Typed::Text(value), span } => Some(Spanned::new(value, span)),
        _ => None,
    }
}

/// A list of text; nothing where there is nothing.
pub(super) fn text_list(key: &str, node: &Node, diagnostics: &mut Diagnostics) -> Vec<Spanned<SmolStr>> {
    match &node.value {
        Value::Sequence(items) => items.iter().filter_map(|item| text(key, item, diagnostics)).collect(),
        Value::Null => Vec::new(),
        Value::Scalar(_) | Value::Mapping(_) => {
            diagnostics.push(wrong_type("a list", key, node).help(format!("write `{key}: [...]`, or one item a line behind `- `")));
            Vec::new()
        }
    }
}

/// The entries of a mapping whose keys are the provider's own names.
pub(super) fn entries<'n>(entry: Option<&'n Entry>, diagnostics: &mut Diagnostics) -> &'n [Entry] {
    let Some(entry) = entry else { return &[] };
    match &entry.value.value {
        Value::Mapping(mapping) => &mapping.entries,
        Value::Null => &[],
        Value::Scalar(_) | Value::Sequence(_) => {
            diagnostics.push(wrong_type("a mapping", &entry.key.value, &entry.value));
            &[]
        }
    }
}

/// Reports a name with nothing behind it, where what belongs below it is likely lost.
pub(super) fn bare_name(entry: &Entry, what: &str, diagnostics: &mut Diagnostics) {
    if entry.is_bare() {
        let name = &entry.key.value;
        let diagnostic = Diagnostic::new(&codes::EMPTIED_SECTION, format!("{what} `{name}` says nothing"));
        let help = format!("indent what belongs to it below it; where there is nothing to say, write `{name}: {{}}`");
        diagnostics.push(diagnostic.at(entry.key.span, "nothing is behind it or below it").help(help));
    }
}

/// `emptied-section` for a key with nothing behind it: it counts as one that is not there, and its default holds.
fn bare(key: &Spanned<SmolStr>, what: &str) -> Diagnostic {
    Diagnostic::new(&codes::EMPTIED_SECTION, format!("`{}` in {what} has no value", key.value))
        .at(key.span, "nothing is behind it or below it")
        .help(format!("what holds without it holds: indent what belongs to it below it, or write `{}: null`", key.value))
}

/// Says which name was meant; where that is written too, a second one would be a mistake.
pub(super) fn meant(diagnostic: Diagnostic, key: &Spanned<SmolStr>, near: &Guess<'_>, next_to: &[Entry]) -> Diagnostic {
    let best = near.best();
    if next_to.iter().any(|entry| entry.key.value == best) {
        let help = format!("keep the value that counts in `{best}`, and remove this one");
        return diagnostic.at(key.span, format!("did you mean `{best}`? It is there already")).help(help);
    }
    diagnostic.meant(key.span, near).help(format!("write {}", near.names()))
}

/// `unknown-key` with the nearest; `next_to` is what is written in the same mapping.
pub(super) fn unknown(key: &Spanned<SmolStr>, what: &str, keys: &[&str], next_to: &[Entry]) -> Diagnostic {
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_KEY, format!("unknown key `{}` in {what}", key.value));
    if key.value.split_once('.').is_some_and(|(first, _)| keys.contains(&first)) {
        let parts: Vec<String> = key.value.split('.').map(|part| format!("`{part}:`")).collect();
        let help = format!("write each part as a key of its own, one below the other and indented: {}", parts.join(", "));
        return diagnostic.at(key.span, "a dot does not go a level down").help(help);
    }
    match guess(&key.value, keys.iter().copied()) {
        Some(near) => meant(diagnostic, key, &near, next_to),
        None => diagnostic.at(key.span, "not a key of this place").help(format!("the keys here are {}", and_list(keys.iter().copied()))),
    }
}

/// `invalid-setting` for a pattern in a list.
pub(super) fn no_pattern(text: &Spanned<SmolStr>, reason: &str) -> Diagnostic {
    let message = format!("`{}` is not a valid pattern: {reason}", text.value);
    invalid(text.span, message, format!("{KNOWN_IN_PATTERNS}; where one is not enough, list several"))
}

/// `invalid-setting`.
pub(super) fn invalid(span: Span, message: impl Into<String>, help: impl Into<Cow<'static, str>>) -> Diagnostic {
    Diagnostic::new(&codes::INVALID_SETTING, message).at(span, "").help(help)
}
