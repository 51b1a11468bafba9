//! `regex` and `regexall`. Terraform takes the syntax of RE2 (github.com/google/re2/wiki/Syntax), which regex-lite mostly shares; patterns with
//! anything else in them are left to Terraform.

use super::no_value::{NoValue, Outcome};
use super::value::TerraformValue;
use regex_lite::{Captures, Regex, RegexBuilder};
use std::collections::BTreeMap;

/// The most bytes of a pattern, and of what it becomes: `(a{500}){500}` is short and becomes long.
const MOST_PATTERN: usize = 4096;
const MOST_COMPILED: usize = 1 << 16;
/// The most bytes of a text that is searched; every match is looked for from each of its ends.
const MOST_TEXT: usize = 1 << 14;
const MOST_TEXT_OF_ALL: usize = 1 << 10;
/// RE2 takes no more repetitions.
const MOST_REPETITIONS: u32 = 1000;

/// What the first match has: itself, or its groups.
pub(super) fn regex(pattern: &str, text: &str) -> Outcome<TerraformValue> {
    let regex = compiled(pattern, text)?;
    match regex.captures(text) {
        Some(captures) => found(&regex, &captures),
        None => NoValue::error("the pattern does not match"),
    }
}

/// What each match has.
pub(super) fn regexall(pattern: &str, text: &str) -> Outcome<TerraformValue> {
    if text.len() > MOST_TEXT_OF_ALL {
        return Err(NoValue::Undecided);
    }
    let regex = compiled(pattern, text)?;
    regex.captures_iter(text).map(|captures| found(&regex, &captures)).collect::<Outcome<_>>().map(TerraformValue::List)
}

fn compiled(pattern: &str, text: &str) -> Outcome<Regex> {
    // `\s` is one character more here, and letters beyond ASCII are some letters' other case there.
    let differs = (text.contains('\u{b}') && pattern.contains(['\\', '['])) || (!text.is_ascii() && pattern.contains("(?"));
    if pattern.len() > MOST_PATTERN || text.len() > MOST_TEXT || differs || !is_common(pattern) {
        return Err(NoValue::Undecided);
    }
    RegexBuilder::new(pattern).size_limit(MOST_COMPILED).build().map_err(|_| NoValue::Undecided)
}

/// The match, or its groups: by name, or in a row.
fn found(regex: &Regex, captures: &Captures<'_>) -> Outcome<TerraformValue> {
    let value = |at: usize| captures.get(at).map_or(TerraformValue::Null, |group| TerraformValue::Text(group.as_str().to_owned()));
    let names: Vec<Option<&str>> = regex.capture_names().skip(1).collect();
    if names.is_empty() {
        return Ok(value(0));
    }
    if names.iter().all(Option::is_none) {
        return Ok(TerraformValue::Tuple((1..=names.len()).map(value).collect()));
    }
    let entries: Option<BTreeMap<String, TerraformValue>> =
        names.iter().zip(1..).map(|(name, at)| Some(((*name)?.to_owned(), value(at)))).collect();
    entries.map(TerraformValue::Object).ok_or(NoValue::Undecided)
}

/// True where both read a pattern alike: ASCII, no flags but those of RE2, no repetition of a repetition, classes without operations.
fn is_common(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let (mut index, mut repeated) = (0, false);
    // RE2 multiplies the counts of repetitions that are in each other.
    let (mut product, mut has_counted_group) = (1_u32, false);
    while index < bytes.len() {
        let (length, is_repetition) = match at(index) {
            b'\\' if is_escape(at(index + 1), b"dDwWsSbBAznrtf") => (2, false),
            b'\\' => return false,
            b'[' => match class(bytes, index) {
                Some(end) => (end - index, false),
                None => return false,
            },
            b'(' if at(index + 1) == b'?' => match group(pattern, index) {
                Some(length) => (length, false),
                None => return false,
            },
            b'*' | b'+' | b'?' => (1, true),
            b'{' => match repetition(pattern, index) {
                Some((length, most)) => {
                    product = product.saturating_mul(most.max(1));
                    has_counted_group |= index > 0 && at(index - 1) == b')';
                    (length, true)
                }
                None => return false,
            },
            _ => (1, false),
        };
        if is_repetition {
            if repeated {
                return false;
            }
            index += length;
            // A `?` behind makes it lazy.
            index += usize::from(at(index) == b'?');
        } else {
            index += length;
        }
        repeated = is_repetition;
    }
    pattern.is_ascii() && (!has_counted_group || product <= MOST_REPETITIONS)
}

/// True for what both read alike behind a backslash: a mark as itself, and these letters.
fn is_escape(byte: u8, letters: &[u8]) -> bool {
    letters.contains(&byte) || (byte.is_ascii_punctuation() && byte != b'<' && byte != b'>')
}

/// The end of a class that starts here; nothing for one that others may read in another way.
fn class(bytes: &[u8], start: usize) -> Option<usize> {
    let mut index = start + 1;
    index += usize::from(bytes.get(index) == Some(&b'^'));
    let first = index;
    loop {
        let pair = [*bytes.get(index)?, bytes.get(index + 1).copied().unwrap_or(0)];
        match pair {
            [b']', _] if index > first => return Some(index + 1),
            [b'[', _] | [b'&', b'&'] | [b'-', b'-'] | [b'~', b'~'] => return None,
            [b'\\', escaped] if is_escape(escaped, b"dDwWsSnrtf") => index += 2,
            [b'\\', _] => return None,
            _ => index += 1,
        }
    }
}

/// The length of what opens a group with `(?`.
fn group(pattern: &str, start: usize) -> Option<usize> {
    let rest = pattern.get(start + 2..)?;
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if let Some(named) = rest.strip_prefix("P<") {
        let (name, _) = named.split_once('>')?;
        return is_name(name).then_some(2 + 2 + name.len() + 1);
    }
    let end = rest.find([':', ')'])?;
    rest.get(..end)?.bytes().all(|flag| matches!(flag, b'i' | b'm' | b's' | b'U' | b'-')).then_some(2 + end + 1)
}

/// The length of `{2}`, `{2,}` or `{2,5}`, and the greatest count in it.
fn repetition(pattern: &str, start: usize) -> Option<(usize, u32)> {
    let (inside, _) = pattern.get(start + 1..)?.split_once('}')?;
    let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
    let count = |text: &str| {
        let is_plain = text == "0" || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
        text.parse().ok().filter(|count: &u32| is_plain && *count <= MOST_REPETITIONS)
    };
    let least = count(least)?;
    let most = if most.is_empty() { least } else { count(most)? };
    Some((inside.len() + 2, most))
}
