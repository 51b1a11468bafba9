//! Conditions on values: what an environment requires and a tier allows.

use super::fields::{Fields, invalid, unknown};
use crate::clouds::default_cloud;
use crate::diagnostics::Diagnostics;
use crate::schema::{Key, SECTIONS, Section, Shape, Type, Typed, read as read_value, section};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Mapping, Node, Value};
use smol_str::SmolStr;

/// What a condition speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A section's key.
    Key {
        /// The section.
        section: &'static str,
        /// Its key.
        key: &'static str,
    },
    /// How many regions a customer is in.
    Regions,
    /// How many services a customer has.
    Services,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Subject::Key { section, key } => write!(out, "{section}.{key}"),
            Subject::Regions => write!(out, "regions"),
            Subject::Services => write!(out, "services"),
        }
    }
}

/// One bound of a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// The value must be this.
    Equals(Typed),
    /// The value must be at least this.
    Min(i64),
    /// The value must be at most this.
    Max(i64),
    /// The value must be one of these.
    OneOf(Vec<Typed>),
}

impl Bound {
    /// True when a value keeps to it. Text and numbers are never compared with each other: the reader gives both one type.
    pub fn holds(&self, value: &Typed) -> bool {
        match (self, value) {
            (Bound::Equals(expected), value) => expected == value,
            (Bound::Min(least), Typed::Integer(value)) => value >= least,
            (Bound::Max(most), Typed::Integer(value)) => value <= most,
            (Bound::OneOf(allowed), value) => allowed.contains(value),
            (Bound::Min(_) | Bound::Max(_), _) => true,
        }
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Bound::Equals(value) => write!(out, "`{value}`"),
            Bound::Min(least) => write!(out, "at least {least}"),
            Bound::Max(most) => write!(out, "at most {most}"),
            Bound::OneOf(values) => {
                let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
                write!(out, "one of {}", values.join(", "))
            }
        }
    }
}

/// A condition with its place in the platform file.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What it speaks of.
    pub subject: Subject,
    /// All of these must hold.
    pub bounds: Vec<Bound>,
    /// The value's place.
    pub span: Span,
}

/// The words of a condition.
const WORDS: [&str; 4] = ["equals", "min", "max", "one_of"];
/// How a condition is written.
const HELP: &str = "write `{equals: ...}`, `{min: ...}`, `{max: ...}` or `{one_of: [...]}`";

/// Reports bounds that no value keeps to. Where there is one at all, it is a value that a bound names or the key's type has at an end.
fn satisfiable(bounds: &[Bound], of: (Subject, Option<&'static Key>), mapping: &Mapping, diagnostics: &mut Diagnostics) {
    let (subject, key) = of;
    let is_of_key = |number: i64| match key.map(|key| &key.shape) {
        Some(Shape::Scalar(Type::Integer { min, max, .. })) => (*min..=*max).contains(&number),
        Some(Shape::Scalar(Type::IntegerOf(values, _))) => values.contains(&number),
        _ => number >= 0,
    };
    let at_ends = match key.map(|key| &key.shape) {
        Some(Shape::Scalar(Type::Integer { min, max, .. })) => vec![*min, *max],
        Some(Shape::Scalar(Type::IntegerOf(values, _))) => values.to_vec(),
        _ => Vec::new(),
    };
    let named = bounds.iter().flat_map(|bound| match bound {
        Bound::Equals(value) => vec![value.clone()],
        Bound::OneOf(values) => values.clone(),
        Bound::Min(number) | Bound::Max(number) => vec![Typed::Integer(*number)].into_iter().filter(|_| is_of_key(*number)).collect(),
    });
    let is_met = |value: Typed| bounds.iter().all(|bound| bound.holds(&value));
    if bounds.is_empty() || named.chain(at_ends.into_iter().map(Typed::Integer)).any(is_met) {
        return;
    }
    let Some((first, last)) = mapping.entries.first().zip(mapping.entries.last()) else { return };
    let span = Span { end: last.value.span.end, ..first.key.span };
    let words: Vec<String> =
        bounds.iter().filter(|bound| !matches!(bound, Bound::OneOf(values) if values.is_empty())).map(ToString::to_string).collect();
    let what = if words.len() < bounds.len() { "`one_of` is empty".to_owned() } else { words.join(" and ") };
    let message = format!("no value meets the condition on `{subject}`: {what}");
    diagnostics.push(invalid(span, message, "change it so that a value can meet it, or remove it"));
}

/// Reads the conditions of `require` or `limits`; `counts` allows `regions` and `services`, and plain numbers as most.
pub(super) fn read(entries: &[Entry], counts: bool, diagnostics: &mut Diagnostics) -> Vec<Condition> {
    entries.iter().filter_map(|entry| condition(entry, counts, diagnostics)).collect()
}

fn condition(entry: &Entry, counts: bool, diagnostics: &mut Diagnostics) -> Option<Condition> {
    let (subject, key) = subject(&entry.key, counts, diagnostics)?;
    let span = entry.value.span;
    if let Value::Mapping(mapping) = &entry.value.value {
        Fields::bare_or_not(&entry.value, "a condition", &WORDS, diagnostics);
        let mut bounds = Vec::new();
        for (name, entry) in WORDS.iter().filter_map(|name| Some((*name, mapping.get(name)?))) {
            if entry.value.is_null() {
                let message = format!("`{name}` of the condition on `{subject}` has no value");
                diagnostics.push(invalid(entry.key.span, message, format!("write a value behind `{name}:`, or remove it")));
            } else {
                bounds.extend(bound(name, key, &entry.value, diagnostics));
            }
        }
        if mapping.entries.is_empty() {
            let message = format!("the condition on `{subject}` has no word");
            diagnostics.push(invalid(span, message, HELP));
        }
        satisfiable(&bounds, (subject, key), mapping, diagnostics);
        return Some(Condition { subject, bounds, span });
    }
    if counts {
        let bounds = bound("max", key, &entry.value, diagnostics).into_iter().collect();
        return Some(Condition { subject, bounds, span });
    }
    diagnostics.push(invalid(span, format!("the requirement on `{subject}` has no word"), HELP));
    None
}

fn subject(written: &Spanned<SmolStr>, counts: bool, diagnostics: &mut Diagnostics) -> Option<(Subject, Option<&'static Key>)> {
    match written.value.as_str() {
        "regions" if counts => return Some((Subject::Regions, None)),
        "services" if counts => return Some((Subject::Services, None)),
        _ => {}
    }
    let found = written.value.split_once('.').and_then(|(name, key)| {
        let section = section(name)?;
        let key = section.key(key).filter(|key| matches!(key.shape, Shape::Scalar(_)))?;
        Some((Subject::Key { section: section.name, key: key.name }, Some(key)))
    });
    if found.is_none() {
        // Where the section is right, its keys alone are what can be meant.
        let has_keys = |section: &&'static Section| section.keys.iter().any(|key| matches!(key.shape, Shape::Scalar(_)));
        let known = written.value.split_once('.').and_then(|(name, _)| section(name)).filter(has_keys);
        let sections = SECTIONS.iter().filter(|section| known.is_none_or(|known| known.name == section.name));
        let names = sections.flat_map(|section| {
            section.keys.iter().filter(|key| matches!(key.shape, Shape::Scalar(_))).map(move |key| format!("{}.{}", section.name, key.name))
        });
        let mut names: Vec<String> = names.collect();
        if counts && known.is_none() {
            names.extend(["regions".to_owned(), "services".to_owned()]);
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        diagnostics.push(unknown(written, "a list of conditions", &names, &[]));
    }
    found
}

fn bound(name: &str, key: Option<&'static Key>, node: &Node, diagnostics: &mut Diagnostics) -> Option<Bound> {
    let number = crate::schema::Type::Integer { min: i64::MIN, max: i64::MAX, unit: "" };
    let kind = match key.map(|key| &key.shape) {
        Some(Shape::Scalar(kind)) => *kind,
        _ => number,
    };
    let mut read = |kind, node: &Node| match read_value(default_cloud(), kind, name, node, None) {
        Ok(value) => value,
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            None
        }
    };
    match name {
        "equals" => read(kind, node).map(Bound::Equals),
        "one_of" => match &node.value {
            Value::Sequence(items) => Some(Bound::OneOf(items.iter().filter_map(|item| read(kind, item)).collect())),
            _ => {
                diagnostics.push(invalid(node.span, "`one_of` takes a list", "write `one_of: [a, b]`"));
                None
            }
        },
        least_or_most => {
            if !matches!(kind, crate::schema::Type::Integer { .. } | crate::schema::Type::IntegerOf(..)) {
                diagnostics.push(invalid(
                    node.span,
                    format!("`{least_or_most}` fits numbers only"),
                    "write `equals` or `one_of` for this key",
                ));
                return None;
            }
            match read(number, node)? {
                Typed::Integer(value) if least_or_most == "min" => Some(Bound::Min(value)),
                Typed::Integer(value) => Some(Bound::Max(value)),
                _ => None,
            }
        }
    }
}
