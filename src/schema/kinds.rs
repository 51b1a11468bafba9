//! What is said of a value of another kind than its key takes, where the kind alone tells what was meant.

use super::places::IDENTITY;
use super::read::{read_text, wrong_type};
use super::{SECTIONS, Type, section};
use crate::diagnostics::{Diagnostic, codes, shown};
use crate::syntax::{Entry, Mapping, Node, Plain, Value, plain};
use smol_str::SmolStr;

/// `wrong-type` for what should be a mapping. What stands in place of keys and values is often a list of names, or a name whose colon is missing.
pub(super) fn not_a_mapping(what: &str, node: &Node) -> Diagnostic {
    let name = match &node.value {
        Value::Sequence(items) => items.first().and_then(Node::as_scalar),
        _ => node.as_scalar(),
    };
    let of_names = matches!(what, "`environments`" | "`services`" | "`regions`");
    let help = match (name.filter(|name| of_names && !name.text.contains(char::is_whitespace)), &node.value) {
        (Some(name), _) => {
            format!("write each name as a key on a line of its own below {what}, indented, with a colon behind it: `{}:`", name.text)
        }
        (None, Value::Sequence(_)) => "write keys and their values here, without `[`, `]` and `- `".to_owned(),
        (None, _) => match (node.as_scalar().and_then(|scalar| without_colon(&scalar.text)), first_key(what)) {
            (Some(key), _) => format!("write a colon behind the key: `{key}: ...`"),
            (None, Some(key)) => format!("write its keys on the lines below, indented, each with a value: `{key}: ...`"),
            (None, None) => "write keys and their values on the lines below, indented".to_owned(),
        },
    };
    Diagnostic::new(&codes::WRONG_TYPE, format!("{what} is {}", node.kind())).at(node.span, "expected keys, each with a value").help(help)
}

/// The key of a line whose colon is missing: one word that could be a key, and a value behind it.
fn without_colon(text: &str) -> Option<&str> {
    let (key, _) = text.split_once(' ').filter(|_| !text.contains('\n'))?;
    let all = SECTIONS.iter().flat_map(|section| section.keys.iter().map(|key| key.name).chain([section.name]));
    all.chain(IDENTITY.iter().copied()).chain(["region"]).any(|known| known == key).then_some(key)
}

/// The key that people write first in a section, which is named as in messages.
fn first_key(what: &str) -> Option<&'static str> {
    section(what.trim_matches('`')).and_then(|section| section.keys.first()).map(|key| key.name)
}

/// `wrong-type` for an item that is no single value.
pub(super) fn not_an_item(kind: Type, name: &str, item: &Node) -> Diagnostic {
    let expected = kind.expected();
    let help = if item.is_null() {
        format!("write {expected} behind the `- `, or remove the item")
    } else {
        format!("write {expected} behind the `- `, and nothing else")
    };
    Diagnostic::new(&codes::WRONG_TYPE, format!("an item of `{name}` is {}", item.kind()))
        .at(item.span, format!("expected {expected}"))
        .help(help)
}

/// `wrong-type` for what should be a list; `kind` is that of its items, where they are single values.
pub(super) fn not_a_list(kind: Option<Type>, name: &str, node: &Node) -> Diagnostic {
    let diagnostic = wrong_type("a list", name, node);
    let (Some(scalar), Some(kind)) = (node.as_scalar(), kind) else {
        return diagnostic.help(format!("write one item a line below `{name}:`, each behind `- `"));
    };
    match items_of(kind, name, &scalar.text, node) {
        Some(items) => {
            let list = format!("[{}]", items.join(", "));
            diagnostic.help(format!("write a list: `{name}: {list}`")).suggest(node.span, list).unquoted()
        }
        None => diagnostic.help(format!("write a list below `{name}:`, one item a line, each behind `- `; an item is {}", kind.expected())),
    }
}

/// The items of a list that is written as one text, with commas or spaces between; nothing where one of them would be refused.
fn items_of(kind: Type, name: &str, text: &str, node: &Node) -> Option<Vec<String>> {
    let items: Vec<&str> = text.split([',', ' ', ';']).map(str::trim).filter(|item| !item.is_empty()).collect();
    let is_taken = |item: &&str| {
        let needs_quotes = item.contains(['[', ']', '{', '}', '#', '"', '\'', ':']) || plain(item) != Plain::Text;
        !needs_quotes && read_text(kind, name, &SmolStr::new(item), node.span).is_ok()
    };
    (!items.is_empty() && items.iter().all(is_taken)).then(|| items.into_iter().map(str::to_owned).collect())
}

/// `wrong-type` for a value that is written by environment, with the way to write it so.
pub(super) fn by_environment(section: &str, name: &str, kind: Type, mapping: &Mapping, node: &Node) -> Diagnostic {
    // As many as fit a line.
    const SHOWN: usize = 3;
    let entry = |entry: &Entry| {
        let short = entry.value.as_scalar().map(|scalar| scalar.text.as_str()).filter(|text| shown(text) == *text && text.len() <= 40);
        let value = short.unwrap_or("...");
        match section {
            "" => format!("{}: {{{name}: {value}}}", entry.key.value),
            section => format!("{}: {{{section}: {{{name}: {value}}}}}", entry.key.value),
        }
    };
    let entries: Vec<String> = mapping.entries.iter().take(SHOWN).map(entry).collect();
    let more = if mapping.entries.len() > SHOWN { ", ..." } else { "" };
    Diagnostic::new(&codes::WRONG_TYPE, format!("`{name}` is a mapping"))
        .at(node.span, format!("expected {}", kind.expected()))
        .help(format!("a value that differs by environment is written in each: `environments: {{{}{more}}}`", entries.join(", ")))
}
