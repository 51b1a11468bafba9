//! The walk over one document: everything that is wrong with a key or a value by itself, told once however many deployments use it.

use super::identifier::{IdentifierKind, identifier};
use super::places::{IDENTITY, Place, SHORTHANDS};
use super::read::{invalid_identifier, read, unknown_region, wrong_type};
use super::secrets::{key_names_secret, looks_secret};
use super::{Default, Key, SECTIONS, Section, Shape, Type, formats, section};
use crate::catalog;
use crate::diagnostics::{Diagnostic, Diagnostics, and_list, codes, nearest, or_list};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Mapping, Node, Value};
use smol_str::SmolStr;
use std::collections::HashSet;

/// The most tags of a customer; AWS takes 50 of which the platform keeps ten (language.md section 4).
const MAX_TAGS: usize = 40;

/// What the walk learned that later rules need.
#[derive(Debug, Default)]
pub struct Facts {
    /// Keys that an unknown key is near to, by section (empty for a document's top level): such a key is not reported missing too.
    pub misspelt: HashSet<(&'static str, &'static str)>,
    /// Values with an error of their own, which take part in no further rule.
    pub wrong: HashSet<Span>,
    /// True when a document was left out because of its own errors: what is absent may stand in it.
    pub incomplete: bool,
}

/// Tells everything that is wrong with the keys and values of one document.
pub fn check_document(root: &Node, place: Place, diagnostics: &mut Diagnostics, facts: &mut Facts) {
    let mut walk = Walk { diagnostics, facts, secrets: HashSet::new() };
    // Credentials first: nothing else is told of them, so that nothing else can repeat them.
    walk.secrets("", root);
    walk.part(root, place);
}

struct Walk<'w> {
    diagnostics: &'w mut Diagnostics,
    facts: &'w mut Facts,
    secrets: HashSet<Span>,
}

impl Walk<'_> {
    fn tell(&mut self, diagnostic: Diagnostic) {
        if let Some(span) = diagnostic.primary() {
            if self.secrets.contains(&span) && diagnostic.code != &codes::SECRET_IN_SOURCE {
                return;
            }
            self.facts.wrong.insert(span);
        }
        self.diagnostics.push(diagnostic);
    }

    fn mapping<'n>(&mut self, what: impl std::fmt::Display, node: &'n Node) -> Option<&'n Mapping> {
        match &node.value {
            Value::Mapping(mapping) => Some(mapping),
            Value::Null => None,
            Value::Scalar(_) | Value::Sequence(_) => {
                self.tell(not_a_mapping(&what.to_string(), node));
                None
            }
        }
    }

    fn part(&mut self, node: &Node, place: Place) {
        let Some(mapping) = self.mapping(place.name(), node) else { return };
        let keys = place.keys();
        for entry in &mapping.entries {
            let name = entry.key.value.as_str();
            if place.is_service() && matches!(name, "networking" | "region") {
                self.tell(overrides_shared(&entry.key));
                continue;
            }
            if !keys.contains(&name) {
                let diagnostic = unknown_key(&entry.key, place, mapping, self.facts);
                self.tell(diagnostic);
                continue;
            }
            self.entry(entry, place);
        }
    }

    fn entry(&mut self, entry: &Entry, place: Place) {
        let Entry { key, value } = entry;
        if let Some(shorthand) = SHORTHANDS.iter().find(|shorthand| shorthand.name == key.value)
            && matches!(place, Place::Environment | Place::ServiceEnvironment)
        {
            if let Some(meant) = section(shorthand.section).and_then(|section| section.key(shorthand.key)) {
                self.value(shorthand.name, meant, value);
            }
            return;
        }
        if let Some(section) = section(&key.value) {
            self.section(section, value);
            return;
        }
        match key.value.as_str() {
            "project_name" => self.scalar(Type::Identifier(IdentifierKind::ProjectName), &key.value, value),
            "customer_id" => self.scalar(Type::Identifier(IdentifierKind::CustomerId), &key.value, value),
            "customer_tier" => self.scalar(Type::Identifier(IdentifierKind::Tier), &key.value, value),
            "cloud_provider" => self.scalar(Type::Cloud, &key.value, value),
            "region" => self.scalar(Type::Region, &key.value, value),
            "environments" => {
                let inside = if place.is_service() { Place::ServiceEnvironment } else { Place::Environment };
                self.named(&key.value, value, inside, |name| named(IdentifierKind::Environment, name));
            }
            "services" => {
                let inside = if place == Place::Base { Place::ServiceOverlay } else { Place::ServiceSections };
                self.named(&key.value, value, inside, |name| named(IdentifierKind::Service, name));
            }
            "regions" => {
                let inside = if place == Place::Base { Place::RegionOverlay } else { Place::ServiceSections };
                let labels = place == Place::Base;
                self.named(&key.value, value, inside, |name| {
                    let known = catalog::region(&name.value).is_some() || labels && catalog::is_region_label(&name.value);
                    if known { None } else { Some(unknown_region(&name.value, name.span)) }
                });
            }
            _ => {}
        }
    }

    /// A mapping from names to parts.
    fn named(&mut self, key: &str, node: &Node, inside: Place, problem: impl Fn(&Spanned<SmolStr>) -> Option<Diagnostic>) {
        let Some(mapping) = self.mapping(format_args!("`{key}`"), node) else { return };
        for entry in &mapping.entries {
            if let Some(diagnostic) = problem(&entry.key) {
                self.tell(diagnostic);
            }
            self.part(&entry.value, inside);
        }
    }

    fn section(&mut self, section: &'static Section, node: &Node) {
        let Some(mapping) = self.mapping(format_args!("`{}`", section.name), node) else { return };
        match section.name {
            "tags" => self.tags(mapping),
            "custom" => {}
            _ => self.keys(section.name, section.keys, mapping),
        }
    }

    fn keys(&mut self, section: &'static str, keys: &'static [Key], mapping: &Mapping) {
        for entry in &mapping.entries {
            match keys.iter().find(|key| key.name == entry.key.value) {
                Some(key) => self.value(&entry.key.value, key, &entry.value),
                None => {
                    let diagnostic = unknown_in_section(&entry.key, section, keys, mapping, self.facts);
                    self.tell(diagnostic);
                }
            }
        }
    }

    /// A value of one key; null removes and is for the layers.
    fn value(&mut self, name: &str, key: &'static Key, node: &Node) {
        if node.is_null() {
            return;
        }
        match &key.shape {
            Shape::Scalar(kind) => self.scalar(*kind, name, node),
            Shape::List(kind) => {
                let Value::Sequence(items) = &node.value else {
                    self.tell(not_a_list(name, node));
                    return;
                };
                items.iter().for_each(|item| self.scalar(*kind, name, item));
            }
            Shape::Records(keys) => self.records(name, keys, node),
        }
    }

    fn records(&mut self, name: &str, keys: &'static [Key], node: &Node) {
        let Value::Sequence(items) = &node.value else {
            self.tell(not_a_list(name, node));
            return;
        };
        let mut names: Vec<(&str, Span)> = Vec::new();
        for item in items {
            let Value::Mapping(mapping) = &item.value else {
                self.tell(wrong_type("a mapping", name, item));
                continue;
            };
            self.keys("storage", keys, mapping);
            for key in keys.iter().filter(|key| key.default == Default::Required) {
                let misspelt = self.facts.misspelt.contains(&("storage", key.name));
                let entry = mapping.get(key.name);
                if entry.is_none_or(|entry| entry.value.is_null()) && !misspelt {
                    let span =
                        entry.map_or_else(|| mapping.entries.first().map_or(item.span, |first| first.key.span), |entry| entry.value.span);
                    self.tell(
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
            match names.iter().find(|(other, _)| *other == rule.0) {
                Some((_, first)) => self.tell(
                    Diagnostic::new(&codes::DUPLICATE_KEY, format!("two rules of `{name}` have the name `{}`", rule.0))
                        .at(rule.1, "again here")
                        .at(*first, "first here")
                        .help("give each rule a name of its own"),
                ),
                None => names.push(rule),
            }
        }
    }

    fn scalar(&mut self, kind: Type, name: &str, node: &Node) {
        if node.is_null() && !matches!(kind, Type::TagValue) {
            return;
        }
        if self.secrets.contains(&node.span) {
            return;
        }
        if let Err(diagnostic) = read(kind, name, node, None) {
            self.tell(diagnostic);
        }
    }

    fn tags(&mut self, mapping: &Mapping) {
        for (index, entry) in mapping.entries.iter().enumerate() {
            let key = &entry.key;
            if let Some(diagnostic) = tag_key_problem(key) {
                self.tell(diagnostic);
            }
            let earlier = mapping.entries.iter().take(index).find(|other| differ_in_case_only(&other.key.value, &key.value));
            if let Some(first) = earlier {
                self.tell(
                    Diagnostic::new(&codes::INVALID_TAG, format!("the tags `{}` and `{}` differ only in case", first.key.value, key.value))
                        .at(key.span, "this one")
                        .at(first.key.span, "and this one")
                        .help("keep one of the two: some services of the cloud take them for the same tag"),
                );
            }
            if index >= MAX_TAGS {
                self.tell(
                    Diagnostic::new(&codes::INVALID_TAG, format!("there are more than {MAX_TAGS} tags"))
                        .at(key.span, format!("this is tag {}", index + 1))
                        .help("remove some: the cloud takes 50 on a resource, and the platform needs a few of them"),
                );
                return;
            }
            if !entry.value.is_null() {
                self.scalar(Type::TagValue, &key.value, &entry.value);
            }
        }
    }

    /// Credentials anywhere below a value, in keys too.
    fn secrets(&mut self, name: &str, node: &Node) {
        match &node.value {
            Value::Null => {}
            Value::Scalar(scalar) => self.secret(name, &scalar.text, node.span),
            Value::Sequence(items) => items.iter().for_each(|item| self.secrets(name, item)),
            Value::Mapping(mapping) => {
                for entry in &mapping.entries {
                    self.secret("", &entry.key.value, entry.key.span);
                    self.secrets(&entry.key.value, &entry.value);
                }
            }
        }
    }

    fn secret(&mut self, name: &str, text: &str, span: Span) {
        let by_value = looks_secret(text);
        let by_key = key_names_secret(name) && !text.is_empty() && !matches!(text, "true" | "false");
        let what = match (by_value, by_key) {
            (Some(what), _) => what.to_owned(),
            (None, true) => format!("the value of `{name}`"),
            (None, false) => return,
        };
        self.secrets.insert(span);
        self.tell(
            Diagnostic::new(&codes::SECRET_IN_SOURCE, format!("{what} is written in the document"))
                .at(span, "a credential; it is not shown here")
                .help("remove it from the file and from the repository's history, revoke it, and keep the new one in a secret store such as AWS Secrets Manager"),
        );
    }
}

fn named(kind: IdentifierKind, name: &Spanned<SmolStr>) -> Option<Diagnostic> {
    identifier(kind, &name.value).err().map(|reason| invalid_identifier(kind, &name.value, name.span, &reason))
}

/// What stands in place of keys and values is often a list of names, or a name whose colon is missing.
fn not_a_mapping(what: &str, node: &Node) -> Diagnostic {
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
        (None, _) => "write keys and their values on the lines below, indented".to_owned(),
    };
    Diagnostic::new(&codes::WRONG_TYPE, format!("{what} is {}", node.kind())).at(node.span, "expected keys, each with a value").help(help)
}

fn not_a_list(name: &str, node: &Node) -> Diagnostic {
    let diagnostic = wrong_type("a list", name, node);
    match node.as_scalar() {
        Some(scalar) => {
            diagnostic.help(format!("write a list: `{name}: [{}]`", scalar.text)).suggest(node.span, format!("[{}]", scalar.text))
        }
        None => diagnostic.help(format!("write one item a line below `{name}:`, each behind `- `")),
    }
}

/// True for texts that are one in lower case.
fn differ_in_case_only(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() { one.eq_ignore_ascii_case(other) } else { one.to_lowercase() == other.to_lowercase() }
}

fn tag_key_problem(key: &Spanned<SmolStr>) -> Option<Diagnostic> {
    let count = key.value.chars().count();
    let reason = if !(1..=128).contains(&count) {
        format!("it has {count} characters, and 1 to 128 are taken")
    } else if key.value.to_ascii_lowercase().starts_with("aws:") {
        "AWS keeps keys that start with `aws:`".to_owned()
    } else if let Some(letter) = key.value.chars().find(|letter| !formats::tag_letter(*letter)) {
        format!("`{}` is not taken in a tag", letter.escape_debug())
    } else {
        return None;
    };
    let short: String = key.value.chars().take(40).collect();
    Some(
        Diagnostic::new(&codes::INVALID_TAG, format!("the tag key `{short}` is refused by the cloud"))
            .at(key.span, reason)
            .help("a tag has letters, digits, spaces and `_ . : / = + - @` only, and does not start with `aws:`"),
    )
}

fn overrides_shared(key: &Spanned<SmolStr>) -> Diagnostic {
    Diagnostic::new(&codes::SERVICE_OVERRIDES_SHARED, format!("a service cannot set `{}`", key.value))
        .at(key.span, "all services of an environment share it")
        .help(format!("set `{}` in the base document, in one of its environments, or in a region overlay", key.value))
}

/// `unknown-key` for a part of a document.
pub fn unknown_key(key: &Spanned<SmolStr>, place: Place, written: &Mapping, facts: &mut Facts) -> Diagnostic {
    let taken = place.keys();
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_KEY, format!("unknown key `{}` in {}", key.value, place.name()));
    if let Some(home) = home_of(&key.value, place) {
        return diagnostic.at(key.span, "not a key of this place").help(home);
    }
    match nearest(&key.value, taken.iter().copied()) {
        Some(near) if written.get(near).is_some() => return there_already(diagnostic, key.span, near),
        Some(near) => {
            facts.misspelt.insert(("", near));
            return with_near(diagnostic, key.span, near);
        }
        None => {}
    }
    if let Some((section, near)) = near_anywhere(&key.value) {
        return diagnostic.at(key.span, "not a key of this place").help(format!("did you mean `{near}`? It belongs under `{section}:`"));
    }
    diagnostic
        .at(key.span, "not a key of this place")
        .help(format!("the keys here are {}; what has no key of its own goes under `custom:`", and_list(taken)))
}

fn unknown_in_section(
    key: &Spanned<SmolStr>,
    section: &'static str,
    keys: &'static [Key],
    written: &Mapping,
    facts: &mut Facts,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_KEY, format!("unknown key `{}` in `{section}`", key.value));
    if let Some(home) = home_of(&key.value, Place::ServiceSections) {
        return diagnostic.at(key.span, format!("not a key of `{section}`")).help(home);
    }
    match nearest(&key.value, keys.iter().map(|key| key.name)) {
        Some(near) if written.get(near).is_some() => return there_already(diagnostic, key.span, near),
        Some(near) => {
            facts.misspelt.insert((section, near));
            return with_near(diagnostic, key.span, near);
        }
        None => {}
    }
    if let Some((other, near)) = near_anywhere(&key.value) {
        return diagnostic
            .at(key.span, format!("not a key of `{section}`"))
            .help(format!("did you mean `{near}`? It belongs under `{other}:`"));
    }
    diagnostic
        .at(key.span, format!("not a key of `{section}`"))
        .help(format!("the keys of `{section}` are {}", and_list(keys.iter().map(|key| key.name))))
}

/// The right key stands beside the misspelt one.
fn there_already(diagnostic: Diagnostic, span: Span, near: &str) -> Diagnostic {
    diagnostic.at(span, format!("did you mean `{near}`? It is there already")).help("remove one of the two")
}

fn with_near(diagnostic: Diagnostic, span: Span, near: &str) -> Diagnostic {
    diagnostic.at(span, format!("did you mean `{near}`?")).help(format!("write `{near}`")).fix(span, near)
}

/// Where a key that is spelt right belongs.
fn home_of(name: &str, place: Place) -> Option<String> {
    let sections: Vec<&str> = SECTIONS.iter().filter(|section| section.key(name).is_some()).map(|section| section.name).collect();
    if !sections.is_empty() {
        return Some(format!("`{name}` is a key of {}: move it there", or_list(sections)));
    }
    if section(name).is_some() {
        return Some(format!("`{name}` is a section of its own: move it out, to the top level or into an environment"));
    }
    if let Some(shorthand) = SHORTHANDS.iter().find(|shorthand| shorthand.name == name) {
        return Some(format!(
            "`{name}` is taken in an environment only; here write `{}:` and `{}:` below it",
            shorthand.section, shorthand.key
        ));
    }
    if IDENTITY.contains(&name) {
        return Some(format!("`{name}` belongs at the top level of the base document (or of each region overlay, where there is no base)"));
    }
    match name {
        "region" => Some("`region` belongs at the top level of the base or of a region overlay, or in one of its environments".into()),
        "environments" => Some("`environments` belongs at a document's top level".into()),
        "services" => Some("`services` belongs at the top level of the base or of a region overlay".into()),
        "regions" if place == Place::RegionOverlay => {
            Some("a region overlay speaks of one region: `regions` belongs in the base document".into())
        }
        "regions" => Some("`regions` belongs at the top level of the base or of a service overlay".into()),
        _ => None,
    }
}

fn near_anywhere(name: &str) -> Option<(&'static str, &'static str)> {
    let all = SECTIONS.iter().flat_map(|section| section.keys.iter().map(move |key| (section.name, key.name)));
    let near = nearest(name, all.clone().map(|(_, key)| key))?;
    all.into_iter().find(|(_, key)| *key == near)
}
