//! Whether a value becomes what an input takes, by the conversions that Terraform makes automatically.
//!
//! What Terraform takes is never refused here. Where nobody can say before the value is known, the answer is [`Fit::Perhaps`]; where two
//! elements of an `any` have to become one type, Terraform tries more than is written down here, and it is [`Fit::Yes`].

use super::types::VariableType;
use hcl_edit::expr::{Expression, ObjectKey};

/// What is passed to an input, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// A reference, whose type only Terraform knows.
    Unknown,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// This text.
    Text(String),
    /// Some text that is neither a number nor a boolean.
    Word,
    /// Some text.
    AnyText,
    /// `[...]`.
    Tuple(Vec<Given>),
    /// `[...]` of any length, nothing in it as well.
    TupleOf(Box<Given>),
    /// `{...}`.
    Object(Vec<(String, Given)>),
    /// `{...}` with one entry or more, whatever their keys.
    ObjectOf(Box<Given>),
    /// `{...}` with these entries, each with whether it is always there.
    ObjectWith(Vec<(String, Given, bool)>),
}

/// Whether a value becomes what an input takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// Terraform takes it.
    Yes,
    /// It depends on what is not known yet.
    Perhaps,
    /// Terraform refuses it, for this reason: `a number is needed, and this is a list`.
    Never(String),
}

impl VariableType {
    /// Whether a value becomes one of this type.
    pub fn takes(&self, given: &Given) -> Fit {
        match (self, given) {
            (_, Given::Unknown | Given::Null) | (VariableType::Any, _) => Fit::Yes,
            (VariableType::Text, Given::Boolean | Given::Number | Given::Text(_) | Given::Word | Given::AnyText)
            | (VariableType::Number, Given::Number)
            | (VariableType::Boolean, Given::Boolean) => Fit::Yes,
            (VariableType::Number | VariableType::Boolean, Given::AnyText) => Fit::Perhaps,
            (VariableType::Number, Given::Text(text)) if is_number(text) => Fit::Yes,
            (VariableType::Boolean, Given::Text(text)) if matches!(text.as_str(), "true" | "false" | "1" | "0") => Fit::Yes,
            (VariableType::List(element) | VariableType::Set(element), Given::Tuple(items)) => {
                let each = all(items.iter().enumerate().map(|(index, item)| within(index, element.takes(item))));
                each.and(|| unified(element, items.iter()))
            }
            (VariableType::List(element) | VariableType::Set(element), Given::TupleOf(item)) => perhaps_empty(element.takes(item)),
            (VariableType::Map(element), Given::Object(entries)) => {
                let each = all(entries.iter().map(|(key, item)| within(format!("{key:?}"), element.takes(item))));
                each.and(|| unified(element, entries.iter().map(|(_, item)| item)))
            }
            (VariableType::Map(element), Given::ObjectWith(entries)) => {
                let each = all(entries.iter().map(|(key, item, _)| within(format!("{key:?}"), element.takes(item))));
                each.and(|| unified(element, entries.iter().map(|(_, item, _)| item)))
            }
            (VariableType::Map(element), Given::ObjectOf(item)) => in_each(element.takes(item)),
            (VariableType::Tuple(kinds), Given::Tuple(items)) if kinds.len() == items.len() => {
                all(kinds.iter().zip(items).enumerate().map(|(index, (kind, item))| within(index, kind.takes(item))))
            }
            (VariableType::Tuple(kinds), Given::Tuple(items)) => {
                Fit::Never(format!("{} elements are needed, and there are {}", kinds.len(), items.len()))
            }
            (VariableType::Tuple(_), Given::TupleOf(_)) => Fit::Perhaps,
            (VariableType::Object(attributes), Given::Object(entries)) => {
                all(attributes.iter().map(|(name, attribute)| match entries.iter().find(|(key, _)| key == name) {
                    Some((_, item)) => within(format!("{name:?}"), attribute.kind.takes(item)),
                    None if attribute.is_optional => Fit::Yes,
                    None => Fit::Never(format!("the attribute `{name}` is needed")),
                }))
            }
            (VariableType::Object(attributes), Given::ObjectWith(entries)) => {
                all(attributes.iter().map(|(name, attribute)| match entries.iter().find(|(key, ..)| key == name) {
                    Some((_, item, is_there)) => {
                        let fit = within(format!("{name:?}"), attribute.kind.takes(item));
                        if *is_there || attribute.is_optional { fit } else { fit.and(|| Fit::Perhaps) }
                    }
                    None if attribute.is_optional => Fit::Yes,
                    None => Fit::Never(format!("the attribute `{name}` is needed")),
                }))
            }
            (VariableType::Object(attributes), Given::ObjectOf(_)) => {
                if attributes.is_empty() {
                    Fit::Yes
                } else {
                    Fit::Perhaps
                }
            }
            (kind, given) => Fit::Never(format!("{} is needed, and this is {}", kind.in_words(), given.in_words())),
        }
    }

    fn in_words(&self) -> &'static str {
        match self {
            VariableType::Any => "anything",
            VariableType::Text => "text",
            VariableType::Number => "a number",
            VariableType::Boolean => "a boolean",
            VariableType::List(_) | VariableType::Set(_) | VariableType::Tuple(_) => "a list",
            VariableType::Map(_) | VariableType::Object(_) => "a map",
        }
    }
}

impl Given {
    /// What a literal is; what has to be worked out is unknown.
    pub fn of_literal(expression: &Expression) -> Given {
        match expression {
            Expression::Null(_) => Given::Null,
            Expression::Bool(_) => Given::Boolean,
            Expression::Number(_) => Given::Number,
            Expression::String(text) => Given::Text(text.value().clone()),
            Expression::Parenthesis(inner) => Given::of_literal(inner.inner()),
            Expression::Array(items) => Given::Tuple(items.iter().map(Given::of_literal).collect()),
            Expression::Object(entries) => {
                let entry = |(key, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
                    let key = match key {
                        ObjectKey::Ident(name) => name.as_str().to_owned(),
                        ObjectKey::Expression(Expression::String(text)) => text.value().clone(),
                        ObjectKey::Expression(_) => return None,
                    };
                    Some((key, Given::of_literal(value.expr())))
                };
                entries.iter().map(entry).collect::<Option<_>>().map_or(Given::Unknown, Given::Object)
            }
            _ => Given::Unknown,
        }
    }

    fn in_words(&self) -> &'static str {
        match self {
            Given::Unknown => "not known",
            Given::Null => "null",
            Given::Boolean => "a boolean",
            Given::Number => "a number",
            Given::Text(_) | Given::Word | Given::AnyText => "text",
            Given::Tuple(_) | Given::TupleOf(_) => "a list",
            Given::Object(_) | Given::ObjectOf(_) | Given::ObjectWith(_) => "a map",
        }
    }

    fn is_simple(&self) -> Option<bool> {
        match self {
            Given::Unknown | Given::Null => None,
            Given::Boolean | Given::Number | Given::Text(_) | Given::Word | Given::AnyText => Some(true),
            Given::Tuple(_) | Given::TupleOf(_) | Given::Object(_) | Given::ObjectOf(_) | Given::ObjectWith(_) => Some(false),
        }
    }
}

impl Fit {
    fn and(self, other: impl FnOnce() -> Fit) -> Fit {
        match self {
            Fit::Never(_) => self,
            Fit::Yes => other(),
            Fit::Perhaps => match other() {
                Fit::Yes => Fit::Perhaps,
                other => other,
            },
        }
    }
}

fn all(fits: impl Iterator<Item = Fit>) -> Fit {
    fits.fold(Fit::Yes, |before, fit| before.and(|| fit))
}

fn within(place: impl std::fmt::Display, fit: Fit) -> Fit {
    match fit {
        Fit::Never(reason) => Fit::Never(format!("in `[{place}]`, {reason}")),
        other => other,
    }
}

fn in_each(fit: Fit) -> Fit {
    match fit {
        Fit::Never(reason) => Fit::Never(format!("of each entry {reason}")),
        other => other,
    }
}

/// Of a list that may have nothing in it nobody can say that it does not fit.
fn perhaps_empty(fit: Fit) -> Fit {
    match fit {
        Fit::Never(_) => Fit::Perhaps,
        other => other,
    }
}

/// The elements of a list or map are of one type: text and a list never become one.
fn unified<'g>(element: &VariableType, mut items: impl Iterator<Item = &'g Given>) -> Fit {
    if *element != VariableType::Any {
        return Fit::Yes;
    }
    let Some(first) = items.by_ref().find_map(Given::is_simple) else { return Fit::Yes };
    match items.any(|item| item.is_simple().is_some_and(|is_simple| is_simple != first)) {
        true => Fit::Never("all elements have to be of one type".to_owned()),
        false => Fit::Yes,
    }
}

/// Whether text reads as a number: decimal digits with perhaps a sign, a point and an exponent. Terraform takes infinity for one too.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, "Inf" | "inf") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E', 'p', 'P']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let has_digits = !(whole.is_empty() && fraction.is_empty());
    has_digits && digits(whole) && digits(fraction) && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}
