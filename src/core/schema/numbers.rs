//! Whole numbers, and what is said of a value that is not one or is out of range.

use super::Type;
use super::read::{Typed, written, wrong_type};
use super::units::{amount, has_unit, is_for_ever};
use crate::diagnostics::{Diagnostic, codes, or_list};
use crate::source::Span;
use crate::syntax::{Node, Plain, Value, plain};

/// Reads a whole number.
pub(super) fn integer(kind: Type, key: &str, node: &Node) -> Result<Typed, Diagnostic> {
    let Some(scalar) = node.as_scalar() else { return Err(not_one_number(kind, key, node)) };
    let value = match (scalar.plain, plain(&scalar.text)) {
        (true, Plain::Integer(Some(value))) => value,
        (true, Plain::Integer(None)) => return Err(out_of_range(kind, key, &scalar.text, node.span)),
        (_, read) => return Err(not_an_integer(kind, key, node, read)),
    };
    if fits(kind, value) { Ok(Typed::Integer(value)) } else { Err(out_of_range(kind, key, &scalar.text, node.span)) }
}

fn fits(kind: Type, value: i64) -> bool {
    match kind {
        Type::Integer { min, max, .. } => (min..=max).contains(&value),
        Type::IntegerOf(values, _) => values.contains(&value),
        _ => true,
    }
}

fn unit_of(kind: Type) -> &'static str {
    match kind {
        Type::Integer { unit, .. } | Type::IntegerOf(_, unit) => unit,
        _ => "",
    }
}

/// The unit of operations a second.
const IOPS: &str = "IOPS";

/// A number that the key takes, for examples.
fn example(kind: Type) -> i64 {
    match kind {
        Type::Integer { max, unit: "percent", .. } => max.min(70),
        Type::Integer { min, max, .. } => 2.clamp(min, max),
        Type::IntegerOf(values, _) => values.iter().copied().find(|value| *value >= 14).unwrap_or_default(),
        _ => 2,
    }
}

/// ` days`, or nothing.
fn with_unit(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

/// A list or a mapping in place of a number. What is counted may have been listed.
fn not_one_number(kind: Type, key: &str, node: &Node) -> Diagnostic {
    let diagnostic = wrong_type(kind.expected(), key, node);
    let count = match &node.value {
        Value::Sequence(items) if unit_of(kind) == "zones" => i64::try_from(items.len()).ok().filter(|count| fits(kind, *count)),
        _ => None,
    };
    match (count, &node.value) {
        (Some(count), _) => diagnostic
            .help(format!("write how many there are: `{key}: {count}`; which zones they are is chosen for you"))
            .suggest(node.span, count.to_string())
            .unquoted(),
        (None, Value::Mapping(_) | Value::Sequence(_)) => diagnostic.help(format!("write one number{}", such_as(kind, key))),
        (None, Value::Null | Value::Scalar(_)) => diagnostic,
    }
}

fn not_an_integer(kind: Type, key: &str, node: &Node, read: Plain) -> Diagnostic {
    let scalar = node.as_scalar();
    let text = scalar.map_or("", |scalar| scalar.text.as_str());
    let diagnostic = Diagnostic::new(&codes::WRONG_TYPE, format!("`{key}` takes a whole number, not {}", written(node)));
    if scalar.is_some_and(|scalar| !scalar.plain)
        && let Plain::Integer(Some(value)) = read
    {
        if !fits(kind, value) {
            return out_of_range(kind, key, text, node.span);
        }
        return diagnostic
            .at(node.span, "a number in quotes is text")
            .help(format!("write it without quotes: `{key}: {text}`"))
            .fix(node.span, text)
            .unquoted();
    }
    let unit = unit_of(kind);
    let meant = match kind {
        Type::IntegerOf(values, "days") if values.contains(&0) && is_for_ever(text) => Some(0),
        _ => amount(text, unit),
    };
    match meant {
        Some(value) if fits(kind, value) => {
            let why = match unit {
                "" | "zones" | "instances" => String::new(),
                _ if value == 0 => ", which keeps them for ever".to_owned(),
                unit => format!("; the number is in {unit}"),
            };
            diagnostic
                .at(node.span, format!("this is {value}{}", with_unit(unit)))
                .help(format!("write `{key}: {value}`{why}"))
                .suggest(node.span, value.to_string())
                .unquoted()
        }
        Some(value) => {
            let diagnostic = diagnostic.at(node.span, format!("this is {value}{}", with_unit(unit)));
            let near: Vec<String> = match kind {
                Type::IntegerOf(values, _) => nearest(values, value).iter().map(ToString::to_string).collect(),
                _ => Vec::new(),
            };
            match near.last() {
                Some(longest) => diagnostic
                    .help(format!("write {}: it takes no number between", or_list(near.iter().map(String::as_str))))
                    .suggest(node.span, longest.clone())
                    .unquoted(),
                None => diagnostic.help(format!("write digits only: {}", range(kind))),
            }
        }
        None if has_unit(text) && !unit.is_empty() => diagnostic.at(node.span, format!("not a whole number of {unit}")).help(format!(
            "write how many {unit} it is, without a unit{}; {}",
            such_as(kind, key),
            range(kind)
        )),
        None => diagnostic.at(node.span, "expected a whole number").help(format!(
            "write digits only, without a unit or a fraction{}; {}",
            such_as(kind, key),
            range(kind)
        )),
    }
}

/// An example. Which operations a second a database takes depends on its storage, so that there is none of those.
fn such_as(kind: Type, key: &str) -> String {
    if unit_of(kind) == IOPS { String::new() } else { format!(", such as `{key}: {}`", example(kind)) }
}

/// What numbers there are, as a sentence.
fn range(kind: Type) -> String {
    match kind {
        Type::Integer { .. } => format!("it takes {}", bounds(kind)),
        Type::IntegerOf(..) => format!("it is {}", bounds(kind)),
        _ => String::new(),
    }
}

/// What numbers there are, in words.
pub(super) fn bounds(kind: Type) -> String {
    match kind {
        Type::Integer { min, max, unit } => format!("{min} to {max}{}", with_unit(unit)),
        Type::IntegerOf(values, unit) => {
            let all: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("one of {}{}", all.join(", "), with_unit(unit))
        }
        _ => String::new(),
    }
}

/// The values below and above one that a list lacks.
fn nearest(values: &[i64], value: i64) -> Vec<i64> {
    let below = values.iter().copied().rfind(|known| *known < value);
    let above = values.iter().copied().find(|known| *known > value);
    // 0 stands for no end, and is near to nothing but what is below it.
    let below = below.filter(|below| *below != 0 || above.is_none());
    [below, above].into_iter().flatten().collect()
}

fn out_of_range(kind: Type, key: &str, text: &str, span: Span) -> Diagnostic {
    let value = text.parse::<i64>().ok();
    let is_below = |min: i64| text.starts_with('-') || value.is_some_and(|value| value < min);
    match kind {
        Type::IntegerOf(values, unit) => {
            let diagnostic = Diagnostic::new(&codes::OUT_OF_RANGE, format!("`{key}` cannot be {text}{}", with_unit(unit)));
            let near = match (is_below(0), value) {
                // `-1` is not an end in other tools.
                (true, _) if value == Some(-1) && values.contains(&0) => vec![0],
                (true, _) => values.first().copied().into_iter().collect(),
                (false, Some(value)) => nearest(values, value),
                (false, None) => values.last().copied().into_iter().collect(),
            };
            let names: Vec<String> = near.iter().map(ToString::to_string).collect();
            let all: Vec<String> = values.iter().map(ToString::to_string).collect();
            let label = match near.as_slice() {
                [0] => "0 keeps them for ever".to_owned(),
                [_] => format!("the nearest is {}", names.join(" and ")),
                _ => format!("the nearest are {}", names.join(" and ")),
            };
            let diagnostic = diagnostic.at(span, label).help(format!(
                "write {}; it is one of {}",
                or_list(names.iter().map(String::as_str)),
                all.join(", ")
            ));
            match names.last() {
                Some(longest) => diagnostic.suggest(span, longest.clone()).unquoted(),
                None => diagnostic,
            }
        }
        Type::Integer { min, max, unit } => {
            let diagnostic = Diagnostic::new(&codes::OUT_OF_RANGE, format!("`{key}` cannot be {text}"))
                .at(span, format!("expected {min} to {max}{}", with_unit(unit)));
            match (is_below(min), unit) {
                (_, IOPS) => diagnostic
                    .help(format!("write a number from {min} to {max}; the type and the size of the storage take a part of these")),
                (true, _) => {
                    diagnostic.help(format!("write `{key}: {min}` or more, up to {max}")).suggest(span, min.to_string()).unquoted()
                }
                // How many there may be depends on the region, and on what stands next to it.
                (false, "zones") => diagnostic.help("write how many zones of the region to use: most regions have three"),
                (false, "instances") => diagnostic.help(format!("write a number from {min} to {max}")),
                (false, _) => {
                    diagnostic.help(format!("write `{key}: {max}` or less, down to {min}")).suggest(span, max.to_string()).unquoted()
                }
            }
        }
        _ => Diagnostic::new(&codes::OUT_OF_RANGE, format!("`{key}` cannot be {text}")).at(span, ""),
    }
}
