//! Values behind keys that name a secret, in text that may not parse: what the terminal must not show of it.

use super::secret_names::{is_reference, key_names_secret};
use std::ops::Range;

/// Where a text has values whose keys name a secret, in bytes.
pub fn named_secret_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices(':') {
        let behind = ranges.last().map_or(0, |range| range.end);
        if at >= behind
            && let Some(value) = value_at(text, at)
        {
            ranges.push(value);
        }
    }
    ranges
}

/// The value behind a colon, when the key before it names a secret.
fn value_at(text: &str, colon: usize) -> Option<Range<usize>> {
    let (before, rest) = (text.get(..colon)?, text.get(colon + 1..)?);
    let key = before.trim_end_matches([' ', '"', '\'']);
    let start = key.rfind([' ', '\t', '\n', '\r', '{', '[', ',', '"', '\'']).map_or(0, |at| at + 1);
    // `key:value` is a key with a value in flow style and behind quotes only; it is hidden anyway.
    let key = key.get(start..)?;
    // In `arn:...:secretsmanager:...:secret:name` no colon ends a key.
    let is_inside = key.starts_with("arn:") && !rest.starts_with(char::is_whitespace);
    if is_inside || !key_names_secret(key) {
        return None;
    }
    let from = colon + 1 + (rest.len() - rest.trim_start_matches([' ', '\t']).len());
    let value = text.get(from..)?;
    let line = value.lines().next().unwrap_or("");
    let length = match line.chars().next()? {
        '#' => return None,
        quote @ ('"' | '\'') => value.get(1..)?.find(quote).map_or(value.len(), |end| end + 2),
        '|' | '>' => block(text, colon, from)?,
        '{' | '[' => line.len(),
        _ => plain(line, before),
    };
    let inside = value.get(..length)?.trim_end().trim_matches(['"', '\'']);
    let is_said = matches!(inside, "" | "~" | "null" | "true" | "false") || is_reference(inside);
    (!is_said).then(|| from..from + value.get(..length).unwrap_or("").trim_end().len())
}

/// How long a plain value is: to a comment, and in flow style to what ends it.
fn plain(line: &str, before: &str) -> usize {
    let is_flow = before.lines().next_back().is_some_and(|line| line.contains(['{', '[']));
    let end = if is_flow && !line.starts_with(['{', '$']) { line.find([',', '}', ']']) } else { None };
    let comment = line.find(" #");
    [end, comment].into_iter().flatten().min().unwrap_or(line.len())
}

/// How long a block of lines is that are further in than the line of its key.
fn block(text: &str, colon: usize, from: usize) -> Option<usize> {
    let line_start = text.get(..colon)?.rfind('\n').map_or(0, |at| at + 1);
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let own = indent(text.get(line_start..)?);
    let mut lines = text.get(from..)?.split_inclusive('\n');
    let mut length = lines.next()?.len();
    for line in lines {
        if !line.trim().is_empty() && line.len() - line.trim_start_matches(' ').len() <= own {
            break;
        }
        length += line.len();
    }
    Some(length)
}
