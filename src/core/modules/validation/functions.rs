//! The functions that conditions of `validation` blocks call ("Built-in Functions" in Terraform's language documentation).

use super::decimal::Decimal;
use super::networks;
use super::no_value::{NoValue, Outcome};
use super::pattern;
use super::value::{TerraformValue, same_kind, set};
use std::collections::{BTreeMap, BTreeSet};

/// The most text that one block looks through, in bytes.
pub(super) const MOST_TEXT: usize = 1 << 18;

/// A function by its name; its arguments have been worked out.
type Function = fn(Vec<TerraformValue>) -> Outcome<TerraformValue>;

/// The functions that are known, in addition to `can` and `try`.
const FUNCTIONS: &[(&str, Function)] = &[
    ("abs", |arguments| {
        let [number] = numbers(arguments)?;
        Ok(TerraformValue::Number(number.absolute()))
    }),
    ("alltrue", |arguments| all_or_any(arguments, true)),
    ("anytrue", |arguments| all_or_any(arguments, false)),
    ("ceil", |arguments| {
        let [number] = numbers(arguments)?;
        number.ceil().map(TerraformValue::Number).ok_or(NoValue::Undecided)
    }),
    ("cidrhost", networks::host),
    ("cidrnetmask", networks::netmask),
    ("cidrsubnet", networks::subnet),
    ("coalesce", coalesce),
    ("compact", |arguments| {
        let [list] = exactly(arguments)?;
        is_typed(&list)?;
        let is_something = |item: &TerraformValue| !matches!(item, TerraformValue::Null) && *item != TerraformValue::Text(String::new());
        let kept: Vec<TerraformValue> = list.elements()?.into_iter().filter(is_something).collect();
        kept.into_iter()
            .map(TerraformValue::text)
            .map(|text| text.map(TerraformValue::Text))
            .collect::<Outcome<_>>()
            .map(TerraformValue::List)
    }),
    ("concat", concat),
    ("contains", contains),
    ("distinct", |arguments| {
        let [list] = exactly(arguments)?;
        let items = list.elements()?;
        same_kind(&items)?;
        // Of one kind, values are the same where they are written alike.
        let mut seen = BTreeSet::new();
        Ok(TerraformValue::List(items.into_iter().filter(|item| seen.insert(item.to_string())).collect()))
    }),
    ("endswith", |arguments| of_two_texts(arguments, |text, part| text.ends_with(part))),
    ("flatten", |arguments| {
        let [list] = exactly(arguments)?;
        let mut flat = Vec::new();
        flatten(list, &mut flat)?;
        Ok(TerraformValue::Tuple(flat))
    }),
    ("floor", |arguments| {
        let [number] = numbers(arguments)?;
        Ok(TerraformValue::Number(number.floor()))
    }),
    ("join", |mut arguments| {
        if arguments.len() != 2 {
            return Err(NoValue::Undecided);
        }
        let list = arguments.pop().unwrap_or(TerraformValue::Null);
        is_typed(&list)?;
        let list = list.elements()?;
        let [separator] = texts(arguments)?;
        let list: Vec<String> = list.into_iter().map(TerraformValue::text).collect::<Outcome<_>>()?;
        let length = list.iter().map(String::len).sum::<usize>() + list.len().saturating_mul(separator.len());
        if length > MOST_TEXT { Err(NoValue::Undecided) } else { Ok(TerraformValue::Text(list.join(&separator))) }
    }),
    ("keys", |arguments| {
        // Those of an object are as many as its type says.
        let is_map = matches!(arguments.as_slice(), [TerraformValue::Map(_)]);
        let keys = entries(arguments)?.into_keys().map(TerraformValue::Text).collect();
        Ok(if is_map { TerraformValue::List(keys) } else { TerraformValue::Tuple(keys) })
    }),
    ("length", length),
    ("lookup", lookup),
    ("lower", |arguments| of_ascii(arguments, str::to_ascii_lowercase)),
    ("max", |arguments| {
        let numbers: Vec<Decimal> = arguments.into_iter().map(TerraformValue::number).collect::<Outcome<_>>()?;
        numbers.into_iter().max().map(TerraformValue::Number).ok_or(NoValue::Error("`max` needs a number".to_owned()))
    }),
    ("min", |arguments| {
        let numbers: Vec<Decimal> = arguments.into_iter().map(TerraformValue::number).collect::<Outcome<_>>()?;
        numbers.into_iter().min().map(TerraformValue::Number).ok_or(NoValue::Error("`min` needs a number".to_owned()))
    }),
    ("regex", |arguments| {
        let [pattern, text] = texts(arguments)?;
        pattern::regex(&pattern, &text)
    }),
    ("regexall", |arguments| {
        let [pattern, text] = texts(arguments)?;
        pattern::regexall(&pattern, &text)
    }),
    ("setsubtract", |arguments| {
        let [from, what] = exactly(arguments)?;
        is_typed(&from).and(is_typed(&what))?;
        let (from, what) = (sorted(from)?, sorted(what)?);
        same_kind(&[from.as_slice(), what.as_slice()].concat())?;
        let what: BTreeSet<String> = what.iter().map(ToString::to_string).collect();
        Ok(TerraformValue::Set(from.into_iter().filter(|item| !what.contains(&item.to_string())).collect()))
    }),
    ("split", |arguments| {
        let [separator, text] = texts(arguments)?;
        if separator.is_empty() {
            return Err(NoValue::Undecided);
        }
        Ok(TerraformValue::List(text.split(&separator).map(|part| TerraformValue::Text(part.to_owned())).collect()))
    }),
    ("startswith", |arguments| of_two_texts(arguments, |text, part| text.starts_with(part))),
    ("strcontains", |arguments| of_two_texts(arguments, |text, part| text.contains(part))),
    ("tobool", |arguments| to_single(arguments, |value| value.boolean().map(TerraformValue::Boolean))),
    ("tolist", |arguments| {
        let [list] = exactly(arguments)?;
        if list == TerraformValue::Null {
            return Err(NoValue::Undecided);
        }
        let items = list.elements()?;
        same_kind(&items)?;
        Ok(TerraformValue::List(items))
    }),
    ("tonumber", |arguments| to_single(arguments, |value| value.number().map(TerraformValue::Number))),
    ("toset", |arguments| {
        let [list] = exactly(arguments)?;
        if list == TerraformValue::Null { Err(NoValue::Undecided) } else { set(list.elements()?) }
    }),
    ("tostring", |arguments| to_single(arguments, |value| value.text().map(TerraformValue::Text))),
    ("trimspace", |arguments| {
        let [text] = texts(arguments)?;
        Ok(TerraformValue::Text(text.trim().to_owned()))
    }),
    ("upper", |arguments| of_ascii(arguments, str::to_ascii_uppercase)),
    ("values", |arguments| {
        // Those of an object may be of several types.
        let are_of_one = matches!(arguments.as_slice(), [TerraformValue::Map(_)]);
        let values = entries(arguments)?.into_values().collect();
        Ok(if are_of_one { TerraformValue::List(values) } else { TerraformValue::Tuple(values) })
    }),
];

/// The functions that are known here. `can` and `try` look at expressions and not at values.
pub fn known_functions() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name).chain(["can", "try"])
}

/// What a function makes of its arguments.
pub(super) fn call(name: &str, arguments: Vec<TerraformValue>) -> Outcome<TerraformValue> {
    match FUNCTIONS.iter().find(|(known, _)| *known == name) {
        Some((_, function)) => function(arguments),
        None => Err(NoValue::Undecided),
    }
}

/// Exactly so many arguments: Terraform refuses the module where there are others.
pub(super) fn exactly<const N: usize>(arguments: Vec<TerraformValue>) -> Outcome<[TerraformValue; N]> {
    arguments.try_into().map_err(|_| NoValue::Undecided)
}

/// Exactly so many texts.
fn texts<const N: usize>(arguments: Vec<TerraformValue>) -> Outcome<[String; N]> {
    let texts: Vec<String> = arguments.into_iter().map(TerraformValue::text).collect::<Outcome<_>>()?;
    texts.try_into().map_err(|_| NoValue::Undecided)
}

/// Exactly so many numbers.
fn numbers<const N: usize>(arguments: Vec<TerraformValue>) -> Outcome<[Decimal; N]> {
    let numbers: Vec<Decimal> = arguments.into_iter().map(TerraformValue::number).collect::<Outcome<_>>()?;
    numbers.try_into().map_err(|_| NoValue::Undecided)
}

fn of_two_texts(arguments: Vec<TerraformValue>, of: fn(&str, &str) -> bool) -> Outcome<TerraformValue> {
    let [text, part] = texts(arguments)?;
    Ok(TerraformValue::Boolean(of(&text, &part)))
}

/// Case of letters beyond ASCII follows tables that the two may have of different years.
fn of_ascii(arguments: Vec<TerraformValue>, of: fn(&str) -> String) -> Outcome<TerraformValue> {
    let [text] = texts(arguments)?;
    if text.is_ascii() { Ok(TerraformValue::Text(of(&text))) } else { Err(NoValue::Undecided) }
}

/// Nothing where elements show the type that they have to come to: a list of a type is of it when it is empty too, and so is a null.
fn is_typed(list: &TerraformValue) -> Outcome<()> {
    match list {
        TerraformValue::List(items) | TerraformValue::Set(items) if items.is_empty() => Err(NoValue::Undecided),
        TerraformValue::Tuple(items) if items.contains(&TerraformValue::Null) => Err(NoValue::Undecided),
        _ => Ok(()),
    }
}

/// Conversions leave null as it is, where its type allows them at all.
fn to_single(arguments: Vec<TerraformValue>, of: fn(TerraformValue) -> Outcome<TerraformValue>) -> Outcome<TerraformValue> {
    match exactly(arguments)? {
        [TerraformValue::Null] => Err(NoValue::Undecided),
        [value] => of(value),
    }
}

fn entries(arguments: Vec<TerraformValue>) -> Outcome<BTreeMap<String, TerraformValue>> {
    match exactly(arguments)? {
        [TerraformValue::Map(entries) | TerraformValue::Object(entries)] => Ok(entries),
        [TerraformValue::Null] => Err(NoValue::null()),
        [_] => NoValue::error("a map is needed"),
    }
}

fn sorted(value: TerraformValue) -> Outcome<Vec<TerraformValue>> {
    set(value.elements()?)?.elements()
}

fn all_or_any(arguments: Vec<TerraformValue>, all: bool) -> Outcome<TerraformValue> {
    let [list] = exactly(arguments)?;
    is_typed(&list)?;
    let mut result = all;
    for item in list.elements()? {
        match item {
            TerraformValue::Boolean(item) => result = if all { result && item } else { result || item },
            _ => return Err(NoValue::Undecided),
        }
    }
    Ok(TerraformValue::Boolean(result))
}

/// The first that is not empty text. A null has a type too, which all of them come to.
fn coalesce(arguments: Vec<TerraformValue>) -> Outcome<TerraformValue> {
    same_kind(&arguments)?;
    arguments
        .into_iter()
        .find(|argument| *argument != TerraformValue::Text(String::new()))
        .map_or_else(|| NoValue::error("`coalesce` has no argument that is neither null nor empty"), Ok)
}

fn contains(arguments: Vec<TerraformValue>) -> Outcome<TerraformValue> {
    let [list, value] = exactly(arguments)?;
    let items = list.elements()?;
    if value == TerraformValue::Null {
        return Err(NoValue::Undecided);
    }
    let mut found = false;
    for item in &items {
        if *item != TerraformValue::Null && item.kind() != value.kind() {
            return Err(NoValue::Undecided);
        }
        found |= item.equals(&value)?;
    }
    Ok(TerraformValue::Boolean(found))
}

fn flatten(value: TerraformValue, flat: &mut Vec<TerraformValue>) -> Outcome<()> {
    for item in value.elements()? {
        match item {
            TerraformValue::List(_) | TerraformValue::Set(_) | TerraformValue::Tuple(_) => flatten(item, flat)?,
            single => flat.push(single),
        }
    }
    Ok(())
}

/// Terraform counts what a reader sees as one character, which of ASCII is a byte, but for a line break of two.
fn length(arguments: Vec<TerraformValue>) -> Outcome<TerraformValue> {
    let length = match exactly(arguments)? {
        [TerraformValue::Text(text)] if text.is_ascii() && !text.contains("\r\n") => text.len(),
        [TerraformValue::Text(_)] => return Err(NoValue::Undecided),
        [TerraformValue::List(items) | TerraformValue::Set(items) | TerraformValue::Tuple(items)] => items.len(),
        [TerraformValue::Map(entries) | TerraformValue::Object(entries)] => entries.len(),
        [TerraformValue::Null] => return Err(NoValue::null()),
        [TerraformValue::Boolean(_) | TerraformValue::Number(_)] => return NoValue::error("`length` is of text and collections"),
    };
    i64::try_from(length).ok().and_then(Decimal::whole).map(TerraformValue::Number).ok_or(NoValue::Undecided)
}

/// The default comes to the type of a map's elements, which is looked at for single values alone.
fn lookup(mut arguments: Vec<TerraformValue>) -> Outcome<TerraformValue> {
    if !(2..=3).contains(&arguments.len()) {
        return Err(NoValue::Undecided);
    }
    let mut rest = arguments.split_off(1);
    let mut entries = entries(arguments)?;
    let default = if rest.len() == 2 { rest.pop() } else { None };
    let [key] = texts(rest)?;
    if let (Some(default), first) = (&default, entries.values().next()) {
        same_kind(&[first.cloned().ok_or(NoValue::Undecided)?, default.clone()])?;
        same_kind(&entries.values().cloned().collect::<Vec<_>>())?;
    }
    match entries.remove(&key).or(default) {
        Some(value) => Ok(value),
        None => NoValue::error(format!("there is no `{key}`")),
    }
}

/// Lists of one type are a list of it; with what is written in brackets among them it is a tuple.
fn concat(arguments: Vec<TerraformValue>) -> Outcome<TerraformValue> {
    let are_lists = arguments.iter().all(|argument| matches!(argument, TerraformValue::List(_)));
    let (mut all, mut has_empty) = (Vec::new(), arguments.is_empty());
    for argument in arguments {
        match argument {
            TerraformValue::List(items) | TerraformValue::Tuple(items) => {
                has_empty |= items.is_empty();
                all.extend(items);
            }
            TerraformValue::Null => return Err(NoValue::null()),
            _ => return Err(NoValue::Undecided),
        }
    }
    if !are_lists {
        return Ok(TerraformValue::Tuple(all));
    }
    same_kind(&all)?;
    if has_empty { Err(NoValue::Undecided) } else { Ok(TerraformValue::List(all)) }
}
