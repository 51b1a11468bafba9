//! Values as Terraform's expressions have them, and the automatic conversions between their types.

use super::decimal::Decimal;
use super::no_value::{NoValue, Outcome};
use crate::modules::{AttributeDefault, ObjectAttribute, VariableType};
use hcl_edit::expr::{Expression, ObjectKey};
use std::collections::BTreeMap;
use std::fmt;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerraformValue {
    /// `null`, of whatever type.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(Decimal),
    /// Text.
    Text(String),
    /// A list, whose elements are of one type.
    List(Vec<TerraformValue>),
    /// A set: sorted, each element once.
    Set(Vec<TerraformValue>),
    /// What is written in brackets.
    Tuple(Vec<TerraformValue>),
    /// A map, whose elements are of one type.
    Map(BTreeMap<String, TerraformValue>),
    /// What is written in braces.
    Object(BTreeMap<String, TerraformValue>),
}

/// What a value is, as far as conversions ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueKind {
    Null,
    Boolean,
    Number,
    Text,
    List,
    Set,
    Tuple,
    Map,
    Object,
}

impl TerraformValue {
    /// A literal; nothing for what has to be worked out.
    pub fn of_literal(expression: &Expression) -> Option<TerraformValue> {
        Some(match expression {
            Expression::Null(_) => TerraformValue::Null,
            Expression::Bool(value) => TerraformValue::Boolean(*value.value()),
            // As it is written: its value has been rounded.
            Expression::Number(_) => TerraformValue::Number(Decimal::parse(expression.to_string().trim())?),
            Expression::String(text) => TerraformValue::Text(text.value().clone()),
            Expression::Parenthesis(inner) => TerraformValue::of_literal(inner.inner())?,
            Expression::Array(items) => TerraformValue::Tuple(items.iter().map(TerraformValue::of_literal).collect::<Option<_>>()?),
            Expression::Object(entries) => {
                let entry = |(key, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
                    let key = match key {
                        ObjectKey::Ident(name) => name.as_str().to_owned(),
                        ObjectKey::Expression(Expression::String(text)) => text.value().clone(),
                        ObjectKey::Expression(_) => return None,
                    };
                    Some((key, TerraformValue::of_literal(value.expr())?))
                };
                TerraformValue::Object(entries.iter().map(entry).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }

    pub(super) fn kind(&self) -> ValueKind {
        match self {
            TerraformValue::Null => ValueKind::Null,
            TerraformValue::Boolean(_) => ValueKind::Boolean,
            TerraformValue::Number(_) => ValueKind::Number,
            TerraformValue::Text(_) => ValueKind::Text,
            TerraformValue::List(_) => ValueKind::List,
            TerraformValue::Set(_) => ValueKind::Set,
            TerraformValue::Tuple(_) => ValueKind::Tuple,
            TerraformValue::Map(_) => ValueKind::Map,
            TerraformValue::Object(_) => ValueKind::Object,
        }
    }

    /// A value as an input of a type has it.
    pub(super) fn converted(self, kind: &VariableType) -> Outcome<TerraformValue> {
        match (kind, self) {
            (VariableType::Any, value) => Ok(value),
            (_, TerraformValue::Null) => Ok(TerraformValue::Null),
            (VariableType::Text, value) => value.text().map(TerraformValue::Text),
            (VariableType::Number, value) => value.number().map(TerraformValue::Number),
            (VariableType::Boolean, value) => value.boolean().map(TerraformValue::Boolean),
            (VariableType::List(element), value) => Ok(TerraformValue::List(each(value.elements()?, element)?)),
            (VariableType::Set(element), value) => set(each(value.elements()?, element)?),
            (VariableType::Tuple(kinds), value) => {
                let items = value.elements()?;
                let fits = items.len() == kinds.len();
                let converted = items.into_iter().zip(kinds).map(|(item, kind)| item.converted(kind)).collect::<Outcome<_>>()?;
                if fits { Ok(TerraformValue::Tuple(converted)) } else { Err(NoValue::Undecided) }
            }
            (VariableType::Map(element), TerraformValue::Map(entries) | TerraformValue::Object(entries)) => {
                let (keys, values): (Vec<String>, Vec<TerraformValue>) = entries.into_iter().unzip();
                Ok(TerraformValue::Map(keys.into_iter().zip(each(values, element)?).collect()))
            }
            (VariableType::Object(attributes), TerraformValue::Map(entries) | TerraformValue::Object(entries)) => {
                object(attributes, entries)
            }
            _ => Err(NoValue::Undecided),
        }
    }

    /// The elements of a list, set or tuple.
    pub(super) fn elements(self) -> Outcome<Vec<TerraformValue>> {
        match self {
            TerraformValue::List(items) | TerraformValue::Set(items) | TerraformValue::Tuple(items) => Ok(items),
            TerraformValue::Null => Err(NoValue::null()),
            _ => Err(NoValue::Error("a list is needed".to_owned())),
        }
    }

    /// As text.
    pub(super) fn text(self) -> Outcome<String> {
        match self {
            TerraformValue::Text(text) => Ok(text),
            TerraformValue::Boolean(value) => Ok(value.to_string()),
            TerraformValue::Number(number) => Ok(number.to_string()),
            TerraformValue::Null => Err(NoValue::null()),
            _ => Err(NoValue::Error("text is needed".to_owned())),
        }
    }

    /// As a number.
    pub(super) fn number(self) -> Outcome<Decimal> {
        match self {
            TerraformValue::Number(number) => Ok(number),
            TerraformValue::Text(text) => match Decimal::parse(&text) {
                Some(number) => Ok(number),
                None if text.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'i' | b'I')) => Err(NoValue::Undecided),
                None => Err(NoValue::Error("a number is needed".to_owned())),
            },
            TerraformValue::Null => Err(NoValue::null()),
            _ => Err(NoValue::Error("a number is needed".to_owned())),
        }
    }

    /// As a boolean.
    pub(super) fn boolean(self) -> Outcome<bool> {
        match self {
            TerraformValue::Boolean(value) => Ok(value),
            TerraformValue::Text(text) => match text.as_str() {
                "true" | "1" => Ok(true),
                "false" | "0" => Ok(false),
                _ => Err(NoValue::Error("a boolean is needed".to_owned())),
            },
            TerraformValue::Null => Err(NoValue::null()),
            _ => Err(NoValue::Error("a boolean is needed".to_owned())),
        }
    }

    /// Whether two values are equal, which those of different types never are.
    pub(super) fn equals(&self, other: &TerraformValue) -> Outcome<bool> {
        match (self, other) {
            (TerraformValue::List(one), TerraformValue::List(other)) | (TerraformValue::Set(one), TerraformValue::Set(other)) => {
                match (one.is_empty(), other.is_empty()) {
                    // The types of elements that are not there may differ.
                    (true, true) => Err(NoValue::Undecided),
                    _ => Ok(one.len() == other.len() && all_equal(one.iter().zip(other))?),
                }
            }
            (TerraformValue::Tuple(one), TerraformValue::Tuple(other)) => Ok(one.len() == other.len() && all_equal(one.iter().zip(other))?),
            (TerraformValue::Map(one), TerraformValue::Map(other)) if one.is_empty() && other.is_empty() => Err(NoValue::Undecided),
            (TerraformValue::Map(one), TerraformValue::Map(other)) | (TerraformValue::Object(one), TerraformValue::Object(other)) => {
                Ok(one.keys().eq(other.keys()) && all_equal(one.values().zip(other.values()))?)
            }
            _ => Ok(self == other),
        }
    }

    /// How many values it is made of, text counted by its length.
    pub(super) fn size(&self) -> usize {
        match self {
            TerraformValue::Null | TerraformValue::Boolean(_) | TerraformValue::Number(_) => 1,
            TerraformValue::Text(text) => 1 + text.len() / 64,
            TerraformValue::List(items) | TerraformValue::Set(items) | TerraformValue::Tuple(items) => {
                1 + items.iter().map(TerraformValue::size).sum::<usize>()
            }
            TerraformValue::Map(entries) | TerraformValue::Object(entries) => 1 + entries.values().map(TerraformValue::size).sum::<usize>(),
        }
    }
}

/// Whether all pairs are equal. Two nulls may be of two types, and then what they are in is too.
fn all_equal<'v>(pairs: impl Iterator<Item = (&'v TerraformValue, &'v TerraformValue)>) -> Outcome<bool> {
    let mut equal = Ok(true);
    for (one, other) in pairs {
        let pair = if (one, other) == (&TerraformValue::Null, &TerraformValue::Null) { Err(NoValue::Undecided) } else { one.equals(other) };
        match pair {
            Ok(false) => return Ok(false),
            Ok(true) => {}
            Err(stop) => equal = Err(stop),
        }
    }
    equal
}

/// As a literal.
impl fmt::Display for TerraformValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TerraformValue::Null => out.write_str("null"),
            TerraformValue::Boolean(value) => write!(out, "{value}"),
            TerraformValue::Number(number) => write!(out, "{number}"),
            TerraformValue::Text(text) => write!(out, "{}", Expression::from(text.as_str())),
            TerraformValue::List(items) | TerraformValue::Set(items) | TerraformValue::Tuple(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                write!(out, "[{}]", items.join(", "))
            }
            TerraformValue::Map(entries) | TerraformValue::Object(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{} = {value}", Expression::from(key.as_str()))).collect();
                write!(out, "{{{}}}", entries.join(", "))
            }
        }
    }
}

/// Elements as a collection has them: those of one of `any` are of one type, which is found for single values alone.
fn each(items: Vec<TerraformValue>, element: &VariableType) -> Outcome<Vec<TerraformValue>> {
    if *element == VariableType::Any {
        return same_kind(&items).map(|()| items);
    }
    items.into_iter().map(|item| item.converted(element)).collect()
}

/// Nothing where all elements are single values of one type.
pub(super) fn same_kind(items: &[TerraformValue]) -> Outcome<()> {
    let is_single = |item: &TerraformValue| matches!(item.kind(), ValueKind::Boolean | ValueKind::Number | ValueKind::Text);
    let is_same = items.windows(2).all(|pair| matches!(pair, [one, other] if one.kind() == other.kind()));
    if items.iter().all(is_single) && is_same { Ok(()) } else { Err(NoValue::Undecided) }
}

/// A set of single values of one type, in Terraform's order: numbers by size, text by its bytes.
pub(super) fn set(mut items: Vec<TerraformValue>) -> Outcome<TerraformValue> {
    same_kind(&items)?;
    items.sort_by(|one, other| match (one, other) {
        (TerraformValue::Number(one), TerraformValue::Number(other)) => one.cmp(other),
        (TerraformValue::Text(one), TerraformValue::Text(other)) => one.cmp(other),
        (TerraformValue::Boolean(one), TerraformValue::Boolean(other)) => one.cmp(other),
        _ => std::cmp::Ordering::Equal,
    });
    items.dedup();
    Ok(TerraformValue::Set(items))
}

/// An object with the attributes of its type: others go, and optional ones have their defaults.
fn object(attributes: &BTreeMap<String, ObjectAttribute>, mut entries: BTreeMap<String, TerraformValue>) -> Outcome<TerraformValue> {
    let mut converted = BTreeMap::new();
    for (name, attribute) in attributes {
        let value = match (entries.remove(name), &attribute.default) {
            (Some(TerraformValue::Null) | None, AttributeDefault::Unknown) => return Err(NoValue::Undecided),
            (Some(TerraformValue::Null) | None, AttributeDefault::Known(default)) => default.clone(),
            (Some(value), _) => value,
            (None, AttributeDefault::Null) if attribute.is_optional => TerraformValue::Null,
            (None, AttributeDefault::Null) => return Err(NoValue::Undecided),
        };
        converted.insert(name.clone(), value.converted(&attribute.kind)?);
    }
    Ok(TerraformValue::Object(converted))
}
