//! Every value of every section, typed.

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::ir::{Setting, Source};
use crate::resolve::{Merged, MergedMap, MergedValue};
use crate::schema::{Default, Facts, Key, SECTIONS, Section, Shape, Typed, Variables, read, read_text};
use crate::source::Span;
use crate::syntax::{Node, Value};
use std::collections::BTreeMap;

/// The values of a deployment, by section and key.
pub(super) type Settings = BTreeMap<(&'static str, &'static str), Setting<Typed>>;

/// Reads the sections of one deployment.
pub(super) struct Reader<'r, 't> {
    pub(super) values: &'r MergedMap<'t>,
    pub(super) variables: &'r Variables,
    pub(super) facts: &'r Facts,
    pub(super) diagnostics: &'r mut Diagnostics,
}

impl Reader<'_, '_> {
    /// The sections that exist, at the keys that made them.
    pub(super) fn sections(&self, held: impl Fn(&str) -> bool) -> BTreeMap<&'static str, Span> {
        let present = SECTIONS.iter().filter(|section| held(section.name));
        present.filter_map(|section| self.values.section(section.name).map(|(_, merged)| (section.name, merged.origin.key))).collect()
    }

    /// Reads every section that exists.
    pub(super) fn all(&mut self, held: impl Fn(&str) -> bool) -> Settings {
        let mut settings = Settings::new();
        for section in SECTIONS.iter().filter(|section| held(section.name)) {
            if let Some((map, merged)) = self.values.section(section.name) {
                self.section(section, map, merged.origin.key, &mut settings);
            }
        }
        instances(&mut settings);
        settings
    }

    fn section(&mut self, section: &'static Section, map: &MergedMap<'_>, key_span: Span, settings: &mut Settings) {
        for key in section.keys {
            let setting = match map.get(key.name) {
                Some(merged) => self.value(key, merged),
                None => self.absent(section, key, map, key_span),
            };
            if let Some(setting) = setting {
                settings.insert((section.name, key.name), setting);
            }
        }
    }

    fn value(&mut self, key: &'static Key, merged: &Merged<'_>) -> Option<Setting<Typed>> {
        let MergedValue::Leaf(node) = &merged.value else { return None };
        let source = if merged.origin.layer.is_some() { Source::Written } else { Source::Tier };
        let setting = |value| Setting { value, span: node.span, source };
        match (&key.shape, &node.value) {
            (Shape::Scalar(kind), _) => self.read(*kind, key.name, node).map(setting),
            (Shape::List(kind), Value::Sequence(items)) => {
                let values: Vec<Typed> = items.iter().filter_map(|item| self.read(*kind, key.name, item)).collect();
                (values.len() == items.len()).then(|| setting(Typed::List(values)))
            }
            // Records have no module yet: what counts is that they are there.
            (Shape::Records(_), Value::Sequence(items)) => Some(setting(Typed::List(items.iter().map(|_| Typed::Boolean(true)).collect()))),
            (Shape::List(_) | Shape::Records(_), _) => None,
        }
    }

    fn read(&mut self, kind: crate::schema::Type, key: &str, node: &Node) -> Option<Typed> {
        if self.facts.wrong.contains(&node.span) {
            return None;
        }
        match read(kind, key, node, Some(self.variables)) {
            Ok(value) => value,
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    fn absent(&mut self, section: &'static Section, key: &'static Key, map: &MergedMap<'_>, key_span: Span) -> Option<Setting<Typed>> {
        match key.default {
            Default::None => None,
            Default::Value(text) => {
                let Shape::Scalar(kind) = key.shape else { return None };
                let value = default_value(kind, key.name, text, key_span)?;
                Some(Setting { value, span: key_span, source: Source::Default })
            }
            Default::Required => {
                if self.facts.misspelt.contains(&(section.name, key.name)) {
                    return None;
                }
                let span = map.removal(key.name).map_or(key_span, |null| null.value);
                let label = if span == key_span { format!("`{}` is missing here", key.name) } else { "this null removes it".to_owned() };
                let Shape::Scalar(kind) = key.shape else { return None };
                self.diagnostics.push(
                    Diagnostic::new(&codes::MISSING_KEY, format!("`{}` has no `{}`", section.name, key.name))
                        .at(span, label)
                        .help(format!("write `{}:` under `{}:`, with {}", key.name, section.name, kind.expected()))
                        .about(key.name),
                );
                None
            }
        }
    }
}

/// A default of the table as a value.
fn default_value(kind: crate::schema::Type, key: &str, text: &str, span: Span) -> Option<Typed> {
    match text {
        "true" => Some(Typed::Boolean(true)),
        "false" => Some(Typed::Boolean(false)),
        number => match number.parse() {
            Ok(number) => Some(Typed::Integer(number)),
            Err(_) => read_text(kind, key, text, span).ok(),
        },
    }
}

/// The fewest instances are 1 (0 when the most are 0), the most are the fewest (language.md section 4). Each follows the other's place.
fn instances(settings: &mut Settings) {
    const MIN: (&str, &str) = ("compute", "min_instances");
    const MAX: (&str, &str) = ("compute", "max_instances");
    let Some(anchor) = settings.get(&("compute", "instance_type")).map(|setting| setting.span) else { return };
    let (min, max) = (settings.get(&MIN).cloned(), settings.get(&MAX).cloned());
    let default = |value, span| Setting { value: Typed::Integer(value), span, source: Source::Default };
    let min = min.unwrap_or_else(|| match &max {
        Some(Setting { value: Typed::Integer(0), span, .. }) => default(0, *span),
        Some(max) => default(1, max.span),
        None => default(1, anchor),
    });
    if max.is_none()
        && let Typed::Integer(fewest) = min.value
    {
        settings.insert(MAX, default(fewest, min.span));
    }
    settings.insert(MIN, min);
}
