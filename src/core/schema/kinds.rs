//! What is said of a value of another kind than its key takes, where the kind alone says what was meant.

use super::misplaced::SEVERAL_REGIONS;
use super::places::IDENTITY;
use super::read::{read, read_text, wrong_type};
use super::{Key, SECTIONS, Type, named_secret_ranges, secret_ranges, section};
use crate::clouds::{self, Cloud};
use crate::diagnostics::{Diagnostic, codes, shown};
use crate::source::{SourceMap, Span};
use crate::syntax::{Entry, Mapping, Node, Plain, Scalar, Value, plain};
use smol_str::SmolStr;

/// The most bytes of a script that an edit writes again.
const MOST_OF_A_SCRIPT: usize = 1000;

/// `wrong-type` for what should be a mapping. What stands in place of keys and values is often a list of names, or a name whose colon is missing.
pub(super) fn not_a_mapping(what: &str, node: &Node) -> Diagnostic {
    let name = match &node.value {
        Value::Sequence(items) => items.first().and_then(Node::as_scalar),
        _ => node.as_scalar(),
    };
    let of_names = matches!(what, "`environments`" | "`services`" | "`regions`");
    let help = match (name.filter(|name| of_names && !name.text.contains(char::is_whitespace)), &node.value) {
        (Some(name), _) => {
            format!("write each name as a key on a line of its own below {what}, indented, with a colon behind it: `{}:`", name.text)
        }
        (None, Value::Sequence(_)) => "write keys and their values here, without `[`, `]` and `- `".to_owned(),
        (None, _) => match (node.as_scalar().and_then(|scalar| without_colon(&scalar.text)), first_key(what)) {
            (Some(key), _) => format!("write a colon behind the key: `{key}: ...`"),
            (None, Some(key)) => format!("write its keys on the lines below, indented, each with a value: `{key}: ...`"),
            (None, None) => "write keys and their values on the lines below, indented".to_owned(),
        },
    };
    let diagnostic =
        Diagnostic::new(&codes::WRONG_TYPE, format!("{what} is {}", node.kind())).at(node.span, "expected keys, each with a value");
    if let Some((key, offset)) = node.as_scalar().filter(|scalar| scalar.plain).and_then(|scalar| without_space(&scalar.text)) {
        let at = Span { start: node.span.start + offset, end: node.span.start + offset, ..node.span };
        return diagnostic.help(format!("write a space behind the colon: `{key}: ...`")).suggest(at, " ").unquoted();
    }
    if let Some(line) = node.as_scalar().filter(|_| what == "an environment").and_then(|scalar| as_environment(&scalar.text)) {
        return diagnostic.help(format!("write the key as well: `{line}`")).suggest(node.span, format!("{{{line}}}")).unquoted();
    }
    let edits = keys_in_list(node).unwrap_or_default();
    if !edits.is_empty() && as_mapping(of_names, node).is_none() {
        return edits.into_iter().fold(diagnostic.help(help), |diagnostic, mark| diagnostic.suggest(mark, "  ")).unquoted();
    }
    // A whole document or environment written so would lack more than this.
    match as_mapping(of_names, node).filter(|_| what.starts_with('`')) {
        Some(text) => diagnostic.help(help).suggest(node.span, text).unquoted(),
        None => diagnostic.help(help),
    }
}

/// The `- ` before each of a list's mappings, where blanks in its place make one mapping of them all.
fn keys_in_list(node: &Node) -> Option<Vec<Span>> {
    let Value::Sequence(items) = &node.value else { return None };
    let mut keys: Vec<&str> = Vec::new();
    let mut marks = Vec::new();
    for item in items {
        let mapping = item.as_mapping()?;
        keys.extend(mapping.entries.iter().map(|entry| entry.key.value.as_str()));
        // Between braces the first key is not where its mapping starts; from an anchor the list would be changed elsewhere.
        let first = mapping.entries.first().filter(|first| first.key.span.start == item.span.start)?;
        marks.push(Span { start: first.key.span.start.checked_sub(2)?, end: first.key.span.start, ..first.key.span });
    }
    let all = keys.len();
    keys.sort_unstable();
    keys.dedup();
    let is_block = marks.first().is_some_and(|mark| mark.start == node.span.start);
    (is_block && keys.len() == all && marks.iter().all(|mark| mark.file == node.span.file && mark.start >= node.span.start))
        .then_some(marks)
}

/// The one value that an environment has, behind its key: an instance type or a region.
fn as_environment(text: &str) -> Option<String> {
    let key = match text {
        text if clouds::is_instance_type(text) => "instance_type",
        text if clouds::is_region(text) => "region",
        _ => return None,
    };
    Some(format!("{key}: {text}"))
}

/// A script that is written as a list of its lines, as one text. One with credentials is not repeated.
pub(super) fn not_one_script(key: &str, node: &Node) -> Diagnostic {
    let diagnostic = wrong_type("text", key, node);
    let Value::Sequence(items) = &node.value else { return diagnostic };
    let lines: Option<Vec<&str>> = items.iter().map(|item| item.as_scalar().map(|scalar| scalar.text.as_str())).collect();
    let diagnostic = diagnostic.help(format!("write `{key}: |`, and the lines of the script below it, indented and without `- `"));
    let Some(script) = lines.map(|lines| lines.iter().map(|line| format!("{line}\n")).collect::<String>()) else { return diagnostic };
    let is_simple = script.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)) && script.len() <= MOST_OF_A_SCRIPT;
    if !is_simple || !secret_ranges(&script).is_empty() || !named_secret_ranges(&script).is_empty() {
        return diagnostic;
    }
    let escaped = script.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    diagnostic.suggest(node.span, format!("\"{escaped}\"")).unquoted()
}

/// The key of a text that lacks the space behind its colon, with the place behind that; `host:80` below a key of names is one too.
fn without_space(text: &str) -> Option<(&str, u32)> {
    let (key, rest) = text.split_once(':').filter(|_| !text.contains(char::is_whitespace))?;
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let is_value = !rest.is_empty() && !rest.starts_with('/') && !rest.contains(':');
    (is_key && is_value).then(|| u32::try_from(key.len() + 1).ok().map(|offset| (key, offset)))?
}

/// A list as the mapping that it stands for, on one line: names as keys with nothing below, mappings of one key each, and `Key` and `Value`
/// as CloudFormation writes tags.
fn as_mapping(of_names: bool, node: &Node) -> Option<String> {
    let as_key = |text: &str| {
        let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        (is_plain && plain(text) == Plain::Text).then(|| text.to_owned())
    };
    let as_value = |node: &Node| {
        let scalar = node.as_scalar()?;
        let is_simple =
            scalar.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./@ ".contains(&byte)) && scalar.text.trim() == scalar.text;
        match (scalar.plain, is_simple && !scalar.text.is_empty()) {
            (true, true) => Some(scalar.text.to_string()),
            (false, true) => Some(format!("\"{}\"", scalar.text)),
            (_, false) => None,
        }
    };
    let name = |item: &Node| Some(format!("{}: {{}}", as_key(&item.as_scalar()?.text)?));
    let pair = |item: &Node| {
        let mapping = item.as_mapping()?;
        let value_of = |name: &str| mapping.get(name).map(|entry| &entry.value);
        let (key, value) = match (
            mapping.entries.as_slice(),
            value_of("Key").or(value_of("key")).or(value_of("name")),
            value_of("Value").or(value_of("value")),
        ) {
            ([_, _], Some(key), Some(value)) => (as_key(&key.as_scalar()?.text)?, as_value(value)?),
            ([only], ..) => (as_key(&only.key.value)?, as_value(&only.value)?),
            _ => return None,
        };
        Some(format!("{key}: {value}"))
    };
    let items: Option<Vec<String>> = match &node.value {
        Value::Sequence(items) if !items.is_empty() && of_names => items.iter().map(name).collect(),
        Value::Sequence(items) if !items.is_empty() => items.iter().map(pair).collect(),
        Value::Scalar(_) if of_names => Some(vec![name(node)?]),
        _ => None,
    };
    items.map(|items| format!("{{{}}}", items.join(", ")))
}

/// The key of a line whose colon is missing: one word that could be a key, and a value behind it.
fn without_colon(text: &str) -> Option<&str> {
    let (key, _) = text.split_once(' ').filter(|_| !text.contains('\n'))?;
    let all = SECTIONS.iter().flat_map(|section| section.keys.iter().map(|key| key.name).chain([section.name]));
    all.chain(IDENTITY.iter().copied()).chain(["region"]).any(|known| known == key).then_some(key)
}

/// The key that people write first in a section, which is named as in messages.
fn first_key(what: &str) -> Option<&'static str> {
    section(what.trim_matches('`')).and_then(|section| section.keys.first()).map(|key| key.name)
}

/// A list or a mapping in place of one value. A list of one item has that value.
pub(super) fn not_one_value(cloud: &dyn Cloud, kind: Type, key: &str, node: &Node) -> Diagnostic {
    let diagnostic = wrong_type(kind.expected(), key, node);
    let Value::Sequence(items) = &node.value else { return diagnostic };
    let texts: Option<Vec<&str>> = items.iter().map(|item| item.as_scalar().map(|scalar| scalar.text.as_str())).collect();
    match texts.as_deref() {
        Some([only])
            if is_simple(only) && plain(only) == Plain::Text && read_text(cloud, kind, key, &SmolStr::new(only), node.span).is_ok() =>
        {
            diagnostic.help(format!("write it without the list: `{key}: {only}`")).suggest(node.span, *only).unquoted()
        }
        Some([_, ..]) if kind == Type::Region => diagnostic.help(SEVERAL_REGIONS),
        Some([_, _, ..]) => diagnostic.help(format!("`{key}` takes one value: write one of them on the line of `{key}:`")),
        _ => diagnostic,
    }
}

/// True for text that may stand in a message and, without quotes, in a document.
fn is_simple(text: &str) -> bool {
    !text.is_empty() && text.len() <= 80 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./@+".contains(&byte))
}

/// The one line of a block of text (`|`, `>`), where the key takes one line and gets its line break too, or something else than text.
pub(super) fn line_of_block(kind: Type, node: &Node) -> Option<&str> {
    let scalar = node.as_scalar().filter(|scalar| !scalar.plain && !matches!(kind, Type::Verbatim { .. }))?;
    let line = scalar.text.trim_end_matches('\n');
    let is_block = scalar.is_block && !line.is_empty() && !line.contains('\n');
    let is_text = !matches!(kind, Type::Boolean | Type::Integer { .. } | Type::IntegerOf(..));
    (is_block && (line.len() < scalar.text.len() || !is_text)).then_some(line)
}

/// `wrong-type` for such a block.
pub(super) fn not_on_one_line(key: &str, line: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(&codes::WRONG_TYPE, format!("`{key}` is a block of text")).at(span, "expected on the line of its key");
    diagnostic.help(match is_simple(line) && secret_ranges(line).is_empty() {
        true => format!("write it on one line behind the colon: `{key}: {line}`"),
        false => format!("write it on one line behind the colon, without `|` and `>`: `{key}: ...`"),
    })
}

/// The same with the edit, for a key whose place is known: certain where the line is taken.
pub(super) fn on_one_line(cloud: &dyn Cloud, kind: Type, name: &str, key: Span, node: &Node, diagnostic: Diagnostic) -> Diagnostic {
    let Some(line) = line_of_block(kind, node).filter(|line| is_simple(line)) else { return diagnostic };
    let is_near = key.file == node.span.file && key.end < node.span.start;
    let value =
        Node { span: node.span, value: Value::Scalar(Scalar { text: line.into(), plain: true, is_changed: false, is_block: false }) };
    if is_near && read(cloud, kind, name, &value, None).is_ok() {
        let span = Span { end: node.span.end, ..Span { start: key.end, ..key } };
        return diagnostic.fix(span, format!(": {line}")).unquoted();
    }
    diagnostic
}

/// What people write for something that is not to be there.
pub(super) fn is_off(node: &Node) -> bool {
    let words = ["false", "no", "off", "none", "disabled", "", "nil", "0"];
    node.as_scalar().is_some_and(|scalar| words.contains(&scalar.text.to_ascii_lowercase().as_str()))
}

/// `wrong-type` for a section that is switched off: `takes_away` where a lower layer may have it.
pub(super) fn section_off(name: &str, node: &Node, takes_away: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new(&codes::WRONG_TYPE, format!("`{name}` is a single value")).at(node.span, "expected keys, or `null`");
    match takes_away {
        true => diagnostic
            .help(format!("write `{name}: null`: that takes away what lower layers say of it"))
            .suggest(node.span, "null")
            .unquoted(),
        false => diagnostic.help(format!("remove it: a deployment has no `{name}` where nothing writes it")),
    }
}

/// `wrong-type` for an entry of `environments`, `services` or `regions` that is switched on or off.
pub(super) fn entry_switched(what: &'static str, of_service: bool, node: &Node) -> Option<Diagnostic> {
    let diagnostic = || Diagnostic::new(&codes::WRONG_TYPE, format!("{what} is a single value")).at(node.span, "nothing is switched here");
    let is_on =
        node.as_scalar().is_some_and(|scalar| ["true", "yes", "on", "enabled"].contains(&scalar.text.to_ascii_lowercase().as_str()));
    match (is_on, is_off(node)) {
        (true, _) => {
            Some(diagnostic().help("write `{}` where there is nothing to say: what is named is there").suggest(node.span, "{}").unquoted())
        }
        (false, true) if of_service => {
            Some(diagnostic().help("remove the entry, which only changes settings; where a service is, `deploy_to` in its overlay says"))
        }
        (false, true) => Some(diagnostic().help("remove the entry: what is not named is not deployed")),
        (false, false) => None,
    }
}

/// `wrong-type` for an item that is not a single value.
pub(super) fn not_an_item(kind: Type, name: &str, item: &Node) -> Diagnostic {
    let expected = kind.expected();
    let help = if item.is_null() {
        format!("write {expected} behind the `- `, or remove the item")
    } else {
        format!("write {expected} behind the `- `, and nothing else")
    };
    Diagnostic::new(&codes::WRONG_TYPE, format!("an item of `{name}` is {}", item.kind()))
        .at(item.span, format!("expected {expected}"))
        .help(help)
}

/// `wrong-type` for an item that is not a mapping.
pub(super) fn not_a_record(name: &str, keys: &[Key], item: &Node) -> Diagnostic {
    let required = keys.iter().filter(|key| key.default.is_required());
    let required: Vec<String> = required.map(|key| format!("{}: ...", key.name)).collect();
    Diagnostic::new(&codes::WRONG_TYPE, format!("an item of `{name}` is {}", item.kind()))
        .at(item.span, "expected a mapping")
        .help(format!("write keys and their values behind the `- `: `- {{{}}}`", required.join(", ")))
}

/// `wrong-type` for what should be a list; `kind` is that of its items, where they are single values.
pub(super) fn not_a_list(cloud: &dyn Cloud, kind: Option<Type>, name: &str, node: &Node) -> Diagnostic {
    let diagnostic = wrong_type("a list", name, node);
    let (Some(scalar), Some(kind)) = (node.as_scalar(), kind) else {
        return diagnostic.help(format!("write one item a line below `{name}:`, each behind `- `"));
    };
    match items_of(cloud, kind, name, &scalar.text, node) {
        Some(items) => {
            let list = format!("[{}]", items.join(", "));
            diagnostic.help(format!("write a list: `{name}: {list}`")).suggest(node.span, list).unquoted()
        }
        None => diagnostic.help(format!("write a list below `{name}:`, one item a line, each behind `- `; an item is {}", kind.expected())),
    }
}

/// The items of a list that is written as one text, with commas or spaces between; nothing where one of them would be refused.
fn items_of(cloud: &dyn Cloud, kind: Type, name: &str, text: &str, node: &Node) -> Option<Vec<String>> {
    let items: Vec<&str> = text.split([',', ' ', ';']).map(str::trim).filter(|item| !item.is_empty()).collect();
    let is_taken = |item: &&str| {
        let needs_quotes = item.contains(['[', ']', '{', '}', '#', '"', '\'', ':']) || plain(item) != Plain::Text;
        !needs_quotes && read_text(cloud, kind, name, &SmolStr::new(item), node.span).is_ok()
    };
    (!items.is_empty() && items.iter().all(is_taken)).then(|| items.into_iter().map(str::to_owned).collect())
}

/// `wrong-type` for a value that is written by environment, with the way to write it so.
pub(super) fn by_environment(section: &str, name: &str, kind: Type, mapping: &Mapping, node: &Node) -> Diagnostic {
    // As many as fit a line.
    const SHOWN: usize = 3;
    let entry = |entry: &Entry| {
        let short = entry.value.as_scalar().map(|scalar| scalar.text.as_str()).filter(|text| shown(text) == *text && text.len() <= 40);
        let value = short.unwrap_or("...");
        match section {
            "" => format!("{}: {{{name}: {value}}}", entry.key.value),
            section => format!("{}: {{{section}: {{{name}: {value}}}}}", entry.key.value),
        }
    };
    let entries: Vec<String> = mapping.entries.iter().take(SHOWN).map(entry).collect();
    let more = if mapping.entries.len() > SHOWN { ", ..." } else { "" };
    Diagnostic::new(&codes::WRONG_TYPE, format!("`{name}` is a mapping"))
        .at(node.span, format!("expected {}", kind.expected()))
        .help(format!("a value that differs by environment is written in each: `environments: {{{}{more}}}`", entries.join(", ")))
}

/// True for text that is to be passed on unchanged and cannot be. The service provider's own file is its own to look after.
pub(super) fn is_changed_script(kind: Type, node: &Node) -> bool {
    matches!(kind, Type::Verbatim { .. })
        && node.span.file != SourceMap::PLATFORM
        && node.as_scalar().is_some_and(|scalar| scalar.is_changed)
}

pub(super) fn changed_script(name: &str, node: &Node) -> Diagnostic {
    Diagnostic::new(&codes::TEXT_NORMALISED, format!("`{name}` is not passed on unchanged"))
        .at(node.span, "some letters have another form in Unicode NFC")
        .help("Terraform normalises all text to NFC; write the letters composed (`é` as one character), or as escapes that the script's own language reads")
}
