//! `deploy_to` of a service overlay: in which environments and regions the service is.

use super::walk::Walk;
use super::{IdentifierKind, Shape, Type};
use crate::diagnostics::{Diagnostic, codes, guess};
use crate::syntax::{Node, Value};

/// The keys below `deploy_to`, each with a list of names.
static KEYS: [(&str, Shape); 2] =
    [("environments", Shape::List(Type::Identifier(IdentifierKind::Environment))), ("regions", Shape::List(Type::Region))];

impl Walk<'_> {
    /// The value of `deploy_to`.
    pub(super) fn deploy_to(&mut self, node: &Node) {
        let mapping = match &node.value {
            Value::Mapping(mapping) => mapping,
            Value::Null => {
                self.report(nothing("deploy_to", node));
                return;
            }
            Value::Scalar(_) | Value::Sequence(_) => {
                let diagnostic = self.not_by_kind(node);
                self.report(diagnostic);
                return;
            }
        };
        for entry in &mapping.entries {
            let name = entry.key.value.as_str();
            if let Some((name, shape)) = KEYS.iter().find(|(known, _)| *known == name) {
                if entry.value.is_null() {
                    self.report(nothing(name, &entry.value));
                } else {
                    self.list(name, shape, &entry.value);
                }
                continue;
            }
            let diagnostic = Diagnostic::new(&codes::UNKNOWN_KEY, format!("unknown key `{name}` in `deploy_to`"));
            let names = KEYS.iter().map(|(name, _)| *name).filter(|name| mapping.get(name).is_none());
            self.report(match guess(name, names) {
                Some(near) => diagnostic.meant(entry.key.span, &near).help(format!("write {}", near.names())),
                None => diagnostic
                    .at(entry.key.span, "not a key of `deploy_to`")
                    .help("`deploy_to` has `environments` and `regions`, each with a list of names"),
            });
        }
    }

    /// `wrong-type` for names that stand right in `deploy_to`: which of the two they are is seen in the document, or in the names.
    fn not_by_kind(&self, node: &Node) -> Diagnostic {
        let diagnostic = Diagnostic::new(&codes::WRONG_TYPE, format!("`deploy_to` is {}", node.kind()))
            .at(node.span, "expected `environments` and `regions`, each with a list");
        let items = if let Value::Sequence(items) = &node.value { items.as_slice() } else { std::slice::from_ref(node) };
        let names: Option<Vec<&str>> = items.iter().map(|item| item.as_scalar().map(|scalar| scalar.text.as_str())).collect();
        let names = names.filter(|names| !names.is_empty()).unwrap_or_default();
        let key = match names.as_slice() {
            [] => None,
            names if names.iter().all(|name| self.cloud.region(name).is_some()) => Some("regions"),
            names if names.iter().all(|name| super::identifier(IdentifierKind::Environment, name).is_ok()) => Some("environments"),
            _ => None,
        };
        match key {
            Some(key) => {
                let list = format!("{{{key}: [{}]}}", names.join(", "));
                diagnostic.help(format!("write `deploy_to: {list}`")).suggest(node.span, list).unquoted()
            }
            None => diagnostic.help("write `deploy_to: {environments: [production]}`, or `regions` with names of regions, or both"),
        }
    }
}

/// `wrong-type` for a key with nothing behind it: it does not say where a service is, and without it the service is everywhere.
fn nothing(name: &str, node: &Node) -> Diagnostic {
    Diagnostic::new(&codes::WRONG_TYPE, format!("`{name}` has no value, and a service without it is everywhere"))
        .at(node.span, "nothing is behind it or below it")
        .help(format!("write names below `{name}`, indented further; where the service is everywhere, remove the line"))
}
