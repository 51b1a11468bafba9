//! What is said of a value of another kind than its key takes, where the kind alone tells what was meant.

use super::places::IDENTITY;
use super::read::wrong_type;
use super::{SECTIONS, Type, section};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::{Node, Value};

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

/// `wrong-type` for what should be a list.
pub(super) fn not_a_list(name: &str, node: &Node) -> Diagnostic {
    let diagnostic = wrong_type("a list", name, node);
    match node.as_scalar() {
        Some(scalar) => diagnostic
            .help(format!("write a list: `{name}: [{}]`", scalar.text))
            .suggest(node.span, format!("[{}]", scalar.text))
            .unquoted(),
        None => diagnostic.help(format!("write one item a line below `{name}:`, each behind `- `")),
    }
}
