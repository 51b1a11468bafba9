//! What is said of what YAML reads and documents do not take: keys that are not text, aliases without an anchor, a second document, lines of
//! Terraform's variables, which are one text to YAML.

use crate::diagnostics::{Diagnostic, codes, shown};
use crate::source::{FileId, Span};
use crate::syntax::{Node, Value};

/// An alias whose anchor is not above it. What is not a name is text that starts with `*`.
pub(super) fn no_anchor(name: &str, written: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(&codes::YAML_SYNTAX, format!("`*{}` refers to an anchor that does not exist", shown(name)))
        .at(span, "no anchor of this name above");
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        let help = "write the value out: an anchor holds below it in its own file, and is not seen from another";
        return diagnostic.help(format!("{help}; text that starts with `*` needs quotes"));
    }
    diagnostic.help(format!("text that starts with `*` needs quotes: `\"*{}\"`", shown(name))).suggest(span, format!("\"{written}\""))
}

/// A key that is not text. `most` bytes of it are repeated.
pub(super) fn not_a_key(text: &str, node: &Node, span: Span, most: usize) -> Diagnostic {
    let (message, label, help) = key_problem(node);
    let diagnostic = Diagnostic::new(&codes::UNSUPPORTED_YAML, message).at(span, label).help(help);
    if let Some(scalar) = node.as_scalar().filter(|scalar| scalar.text.len() <= most) {
        return diagnostic.suggest(span, format!("\"{}\"", scalar.text));
    }
    match with_quotes(text, span).filter(|_| node.as_mapping().is_some()) {
        Some((start, end)) => diagnostic.suggest(start, "\"").suggest(end, "\""),
        None => diagnostic,
    }
}

fn key_problem(node: &Node) -> (String, &'static str, String) {
    match &node.value {
        Value::Scalar(scalar) => (
            format!("the key `{}` is not text", shown(&scalar.text)),
            "this key",
            format!("write it in quotes: `\"{}\":`", shown(&scalar.text)),
        ),
        Value::Null => ("a key with nothing in it".into(), "this key", "write a name before the `:`".into()),
        // What YAML takes a template without quotes for.
        Value::Mapping(mapping) if matches!(mapping.entries.as_slice(), [only] if only.value.is_null()) => {
            let name = mapping.entries.first().map_or("", |only| only.key.value.as_str());
            let help = format!("write it in quotes, as `\"{{{{ {name} }}}}\"`: what starts with `{{` is a mapping to YAML");
            (format!("the template `{{{{ {name} }}}}` stands without quotes"), "this template", help)
        }
        Value::Sequence(_) | Value::Mapping(_) => {
            let help = "keys are text; a value that starts with `{` or `[` needs quotes";
            (format!("{} as a key", node.kind()), "this key", help.into())
        }
    }
}

/// The quotes that a template lacks, where it is all that stands behind its key. `inner` is the mapping between the second braces.
fn with_quotes(text: &str, inner: Span) -> Option<(Span, Span)> {
    let (start, end) = (inner.range().start.checked_sub(1)?, inner.range().end + 1);
    let line = text.get(..start)?.rsplit('\n').next()?;
    let behind = text.get(end..)?.lines().next().unwrap_or("").trim();
    let is_whole = text.get(start..end)?.starts_with("{{") && text.get(start..end)?.ends_with("}}");
    let is_alone = is_whole && line.trim_end().ends_with(':') && (behind.is_empty() || behind.starts_with('#'));
    let at = |place: usize| Span::new(inner.file, place, place);
    (is_alone && !text.get(start..end)?.contains(['"', '\n', '\\'])).then(|| (at(start), at(end)))
}

/// A second document in a file.
pub(super) fn second_document(at: Span, text: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(&codes::UNSUPPORTED_YAML, "a second document in one file")
        .at(at, "the second document starts here")
        .help("one file holds one document: remove the `---`, or move what follows it into a file of its own");
    let is_mark = text.get(at.range()).is_some_and(|line| line.trim_end() == "---");
    if is_mark { diagnostic.remove(at) } else { diagnostic }
}

/// Lines of Terraform's variables in place of keys and values: `name = "value"`, and blocks of them between braces. Values that YAML reads
/// otherwise are not translated.
pub(super) fn assignments(file: FileId, text: &str, span: Span) -> Option<Diagnostic> {
    let mut edits: Vec<(usize, usize, &str)> = Vec::new();
    // How far each open block is indented, with what the lines inside it are.
    let mut blocks: Vec<usize> = Vec::new();
    let line_start = text.get(..span.range().start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let mut first = None;
    let mut at = line_start;
    for line in text.get(line_start..span.range().end)?.split_inclusive('\n') {
        let (start, content) = (at, line.trim());
        at += line.len();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        if content == "}" {
            blocks.pop().filter(|block| *block == indent)?;
            edits.push((start + indent, start + indent + 1, ""));
            continue;
        }
        if blocks.last().is_some_and(|block| indent <= *block) {
            return None;
        }
        let (name, value) = content.split_once('=')?;
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if !is_name(name.trim_end()) || value.starts_with('=') {
            return None;
        }
        let end_of_name = start + indent + name.trim_end().len();
        let start_of_value = start + indent + content.len() - value.trim_start().len();
        first.get_or_insert((start + indent + name.len(), name.trim_end()));
        match value.trim() {
            "{" => {
                blocks.push(indent);
                edits.push((end_of_name, start_of_value + 1, ":"));
            }
            value if is_literal(value) => edits.push((end_of_name, start_of_value, ": ")),
            _ => return None,
        }
    }
    let (equals, name) = first.filter(|_| blocks.is_empty())?;
    let diagnostic = Diagnostic::new(&codes::YAML_SYNTAX, "a `=` in place of a `:`")
        .at(Span::new(file, equals, equals + 1), "this `=`")
        .help(format!("write `{name}: ` and the value behind it; keys below another are indented, without braces"));
    Some(
        edits.into_iter().fold(diagnostic, |diagnostic, (start, end, new)| diagnostic.suggest(Span::new(file, start, end), new)).unquoted(),
    )
}

/// True for a value that Terraform and YAML read alike.
fn is_literal(value: &str) -> bool {
    let is_text = |value: &str| {
        let inside = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        inside.is_some_and(|inside| !inside.contains(['"', '\\']) && !inside.contains("${"))
    };
    let is_word = |value: &str| {
        matches!(value, "true" | "false")
            || !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
    };
    let list = value.strip_prefix('[').and_then(|value| value.strip_suffix(']'));
    is_text(value) || is_word(value) || list.is_some_and(|items| items.split(',').map(str::trim).all(|item| is_text(item) || is_word(item)))
}
