//! The walk over a list of mappings: what each lacks, what two of them share, and what is wrong with the keys of each.

use super::kinds::{not_a_list, not_a_record};
use super::volumes::{VOLUMES, too_many, volume};
use super::walk::Walk;
use super::{Key, Shape, Type};
use crate::clouds::Cloud;
use crate::diagnostics::{Diagnostic, codes, shown};
use crate::source::Span;
use crate::syntax::{Node, Value};
use std::collections::{HashMap, hash_map};

impl Walk<'_> {
    /// A list of mappings with these keys.
    pub(super) fn records(&mut self, name: &str, keys: &'static [Key], node: &Node) {
        let Value::Sequence(items) = &node.value else {
            self.report(not_a_list(self.cloud, None, name, node));
            return;
        };
        let is_of_volumes = (self.section, name) == VOLUMES;
        if let Some(diagnostic) = too_many(self.cloud, items.iter()).filter(|_| is_of_volumes) {
            self.report(diagnostic);
        }
        for item in items {
            let Value::Mapping(mapping) = &item.value else {
                self.report(not_a_record(name, keys, item));
                continue;
            };
            self.keys(self.section, keys, mapping);
            if is_of_volumes {
                let diagnostics = volume(self.cloud, mapping, |key| self.poisoned.misspells(mapping, key));
                diagnostics.into_iter().for_each(|diagnostic| self.report(diagnostic));
            }
            for key in keys.iter().filter(|key| key.default.is_required()) {
                let misspelt = self.poisoned.misspells(mapping, key.name);
                let entry = mapping.get(key.name);
                if entry.is_none_or(|entry| entry.value.is_null()) && !misspelt {
                    let span =
                        entry.map_or_else(|| mapping.entries.first().map_or(item.span, |first| first.key.span), |entry| entry.value.span);
                    self.report(
                        Diagnostic::new(&codes::MISSING_KEY, format!("an item of `{name}` has no `{}`", key.name))
                            .at(span, format!("`{}` is missing in this item", key.name))
                            .help(format!("add `{}:` to the item, with {}", key.name, key.shape.takes()))
                            .about(key.name),
                    );
                }
            }
        }
        for diagnostic in shared(name, keys, items.iter()) {
            self.report(diagnostic);
        }
    }
}

/// What is wrong with a list of mappings that several layers made, each of which is right alone: too many, or two that share what none may share.
pub fn joined_records(cloud: &dyn Cloud, (section, key): (&str, &Key), items: &[&Node]) -> Option<Diagnostic> {
    let Shape::Records(keys) = key.shape else { return None };
    if (section, key.name) == VOLUMES
        && let Some(diagnostic) = too_many(cloud, items.iter().copied())
    {
        return Some(diagnostic);
    }
    shared(key.name, keys, items.iter().copied()).into_iter().next()
}

/// `duplicate-key` for each item of a list that has what no two may have, and an item before it has.
fn shared<'n>(list: &str, keys: &[Key], items: impl Iterator<Item = &'n Node>) -> Vec<Diagnostic> {
    let mut taken: HashMap<(&str, &str), Span> = HashMap::new();
    let mut shared = Vec::new();
    for item in items.filter_map(Node::as_mapping) {
        for key in keys.iter().filter(|key| is_unique(key)) {
            let Some(value) = item.get(key.name).map(|entry| &entry.value) else { continue };
            let Some(text) = value.as_scalar().map(|scalar| scalar.text.as_str()) else { continue };
            match taken.entry((key.name, text)) {
                hash_map::Entry::Occupied(first) => shared.push(
                    Diagnostic::new(&codes::DUPLICATE_KEY, format!("two items of `{list}` have the {} `{}`", key.name, shown(text)))
                        .at(value.span, "again here")
                        .at(*first.get(), "first here")
                        .help(format!("give each item a {} of its own", key.name)),
                ),
                hash_map::Entry::Vacant(free) => {
                    free.insert(value.span);
                }
            }
        }
    }
    shared
}

/// True for a key whose value no two mappings of a list share.
fn is_unique(key: &Key) -> bool {
    key.name == "name" || matches!(key.shape, Shape::Scalar(Type::MountPath))
}
