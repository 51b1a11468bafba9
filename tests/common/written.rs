//! JSON values as YAML documents, with the place of every value.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A key's path in a document.
pub(crate) type Path = Vec<String>;

/// A document's text.
pub(crate) struct Written {
    pub(crate) text: String,
    /// The byte offset at which each value starts; that of its key for a value with nothing in it.
    pub(crate) starts: BTreeMap<Path, usize>,
}

/// Writes a document.
pub(crate) fn written(document: &Map<String, Value>) -> Written {
    let mut written = Written { text: String::new(), starts: BTreeMap::new() };
    if document.is_empty() {
        written.text.push_str("{}\n");
    }
    map(&mut written, document, &mut Vec::new());
    written
}

fn map(written: &mut Written, entries: &Map<String, Value>, path: &mut Path) {
    for (key, value) in entries {
        written.text.push_str(&"  ".repeat(path.len()));
        path.push(key.clone());
        let key_start = written.text.len();
        let is_plain = key.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-.".contains(letter))
            && key.starts_with(|first: char| first.is_ascii_alphabetic());
        written.text.push_str(&if is_plain { key.clone() } else { quoted(key) });
        written.text.push(':');
        let start = match value {
            Value::Null => key_start,
            Value::Object(inner) if !inner.is_empty() => written.text.len() + 1 + 2 * path.len(),
            _ => written.text.len() + 1,
        };
        written.starts.insert(path.clone(), start);
        match value {
            Value::Null => written.text.push('\n'),
            Value::Object(inner) if !inner.is_empty() => {
                written.text.push('\n');
                map(written, inner, path);
            }
            other => {
                written.text.push(' ');
                flow(&mut written.text, other);
                written.text.push('\n');
            }
        }
        path.pop();
    }
}

fn flow(text: &mut String, value: &Value) {
    match value {
        Value::String(string) => text.push_str(&quoted(string)),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                flow(text, item);
            }
            text.push(']');
        }
        Value::Object(entries) => {
            text.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                text.push_str(&quoted(key));
                text.push_str(": ");
                flow(text, value);
            }
            text.push('}');
        }
        Value::Null => text.push('~'),
        Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
    }
}

/// A double-quoted scalar of ASCII only, so that no character of it means anything to YAML.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(letter),
            letter => out.push_str(&format!("\\U{:08x}", u32::from(letter))),
        }
    }
    out.push('"');
    out
}
