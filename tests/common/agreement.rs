//! Our syntax tree against serde_yaml's values, and against the text that it came from.

use serde_yaml::Value as Other;
use terralet_core::diagnostics::Diagnostics;
use terralet_core::source::{FileId, Span};
use terralet_core::syntax::{Node, Plain, Value, parse, plain};
use unicode_normalization::UnicodeNormalization;

/// The tree of a text, when it is accepted.
pub(crate) fn ours(text: &str) -> (Option<Node>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let node = parse(FileId(1), text, &mut diagnostics);
    let refused = node.is_none() || diagnostics.iter().next().is_some();
    (node.filter(|_| !refused), diagnostics)
}

/// serde_yaml's value, when it accepts the text.
///
/// Two known differences are taken out beforehand. It takes a byte order mark for a column, so that the keys of a mapping do not line up.
/// And a block scalar that ends with the file, without a line break, ends with one for granit-parser, and without one for serde_yaml and by
/// YAML 1.2.2 (section 8.1.1.2, `b-chomped-last`).
pub(crate) fn theirs(text: &str) -> Option<Other> {
    let text = text.trim_start_matches('\u{feff}');
    let ended = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    let mut value: Other = serde_yaml::from_str(&ended).ok()?;
    value.apply_merge().ok()?;
    Some(value)
}

pub(crate) fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// Why serde_yaml may read a whole text otherwise; nothing where it may not.
pub(crate) fn known_difference_of_text(text: &str) -> Option<&'static str> {
    if text.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        return Some("U+0085, U+2028 and U+2029 end lines in YAML 1.1, which serde_yaml reads, and are letters in YAML 1.2");
    }
    if text.starts_with(['|', '>']) {
        return Some(
            "of a block scalar that is the whole document, lines may stand in the first column in YAML 1.2, and not in serde_yaml",
        );
    }
    None
}

/// Why serde_yaml may read a plain scalar as something else than the core schema does; nothing where it may not.
///
/// Each was looked up in serde_yaml 0.9.34's `de.rs` and in YAML 1.2.2, section 10.3.2.
fn known_difference(text: &str) -> Option<&'static str> {
    let digits = text.trim_start_matches(['-', '+']);
    let is = |digits: &str, radix| !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    if digits.len() > 1 && digits.starts_with('0') && is(digits, 10) {
        return Some("serde_yaml takes digits behind a 0 for text, the core schema for an integer");
    }
    if digits.starts_with("0b") || digits.len() < text.len() && (digits.starts_with("0x") || digits.starts_with("0o")) {
        return Some("serde_yaml reads 0b and signed 0x and 0o; in the core schema they are text");
    }
    if digits.starts_with('0') && digits.len() > 1 && digits.parse::<f64>().is_ok() {
        return Some("serde_yaml takes 00.5 for text, the core schema for a number");
    }
    if plain(text) == Plain::Integer(None) {
        return Some("integers past 64 bits: kept as text here, a float or an unsigned integer there");
    }
    if plain(text) == Plain::Float && digits.starts_with(|first: char| first.is_ascii_digit()) && text.parse().is_ok_and(f64::is_infinite) {
        return Some("serde_yaml takes a number that no float holds for text, the core schema for a float");
    }
    None
}

/// What differs between our tree and serde_yaml's value, known differences left out.
pub(crate) fn agrees(path: &str, node: &Node, other: &Other) -> Result<(), String> {
    let differs = || Err(format!("{path}: {:?} is not {other:?}", node.value));
    match (&node.value, other) {
        (Value::Null, Other::Null) => Ok(()),
        (Value::Scalar(scalar), other) if !scalar.plain => match other {
            Other::String(text) if nfc(text) == scalar.text.as_str() => Ok(()),
            _ => differs(),
        },
        (Value::Scalar(scalar), other) => {
            let same = match (plain(&scalar.text), other) {
                _ if known_difference(&scalar.text).is_some() => true,
                (Plain::Boolean(ours), Other::Bool(theirs)) => ours == *theirs,
                (Plain::Integer(Some(ours)), Other::Number(theirs)) => theirs.as_i64() == Some(ours),
                (Plain::Float, Other::Number(theirs)) => theirs.as_f64().is_some_and(|theirs| same_float(&scalar.text, theirs)),
                (Plain::Text, Other::String(theirs)) => nfc(theirs) == scalar.text.as_str(),
                _ => false,
            };
            if same { Ok(()) } else { differs() }
        }
        (Value::Sequence(items), Other::Sequence(others)) if items.len() == others.len() => {
            items.iter().zip(others).enumerate().try_for_each(|(index, (item, other))| agrees(&format!("{path}[{index}]"), item, other))
        }
        (Value::Mapping(mapping), Other::Mapping(others)) if mapping.entries.len() == others.len() => {
            others.iter().try_for_each(|(key, other)| {
                let key = nfc(key.as_str().unwrap_or_default());
                let entry = mapping.get(&key).ok_or_else(|| format!("{path}: no key {key:?}"))?;
                agrees(&format!("{path}.{key}"), &entry.value, other)
            })
        }
        _ => differs(),
    }
}

fn same_float(text: &str, theirs: f64) -> bool {
    let lower = text.to_ascii_lowercase();
    match lower.trim_start_matches(['-', '+']) {
        ".nan" => theirs.is_nan(),
        ".inf" => theirs.is_infinite() && theirs.is_sign_negative() == lower.starts_with('-'),
        _ => text.parse::<f64>().is_ok_and(|ours| ours.to_bits() == theirs.to_bits()),
    }
}

/// What is wrong with the spans of a tree.
pub(crate) fn spans_fit(text: &str, node: &Node) -> Result<(), String> {
    let slice = |span: Span| text.get(span.range()).ok_or_else(|| format!("{span:?} does not fit the text of {} bytes", text.len()));
    let own = slice(node.span)?;
    match &node.value {
        Value::Null => Ok(()),
        Value::Scalar(scalar) if scalar.plain => shows_plain(own, &scalar.text),
        Value::Scalar(scalar) => shows(own, &scalar.text),
        Value::Sequence(items) => items.iter().try_for_each(|item| spans_fit(text, item)),
        Value::Mapping(mapping) => mapping.entries.iter().try_for_each(|entry| {
            let key = slice(entry.key.span)?;
            shows_plain(key, &entry.key.value).or_else(|_| shows(key, &entry.key.value))?;
            spans_fit(text, &entry.value)
        }),
    }
}

/// Plain text stands in its span as it is; one of several lines is folded, so that only its words are compared.
fn shows_plain(slice: &str, text: &str) -> Result<(), String> {
    let same = nfc(slice) == text
        || slice.contains(['\n', '\r']) && slice.split_whitespace().map(nfc).eq(text.split_whitespace().map(str::to_owned));
    if same { Ok(()) } else { Err(format!("the span of {text:?} shows {slice:?}")) }
}

/// A quoted scalar stands in its span with its quotes; of a block scalar the span has the words.
fn shows(slice: &str, text: &str) -> Result<(), String> {
    let reads_so = || serde_yaml::from_str::<String>(slice).is_ok_and(|read| nfc(&read) == text);
    let quoted = slice.starts_with(['"', '\'']) && (known_difference_of_text(slice).is_some() || reads_so());
    let normal = nfc(slice);
    let block = || text.split_whitespace().map(str::to_owned).eq(normal.split_whitespace().map(str::to_owned));
    if quoted || block() { Ok(()) } else { Err(format!("the span of {text:?} shows {slice:?}")) }
}
