//! `terralet explain`: what a code means, or what a key takes.

use super::args::{Arguments, ExplainOptions, Format};
use super::exit::EXIT_OK;
use serde::Serialize;
use std::collections::BTreeSet;
use terralet_core::diagnostics::{Code, codes, nearest};
use terralet_core::failure::Failure;
use terralet_core::schema::{Default, DocumentKey, Key, SECTIONS, SHORTHANDS, document_keys, section};
use terralet_report as report;

/// The version that the language began with.
const FIRST: &str = "0.1.0";

#[derive(Serialize)]
struct ExplainedCode {
    code: &'static str,
    severity: &'static str,
    group: &'static str,
    summary: &'static str,
    since: &'static str,
    deprecated: Option<&'static str>,
    page: &'static str,
}

#[derive(Serialize)]
struct ExplainedKey {
    key: String,
    takes: String,
    required: bool,
    default: Option<&'static str>,
    since: &'static str,
    deprecated: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stands_for: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

#[derive(Serialize)]
struct ExplainedSection {
    section: &'static str,
    keys: Vec<ExplainedKey>,
}

/// What a name of the language is.
enum Topic {
    Key(ExplainedKey),
    /// A section, or one name in several sections.
    Keys(&'static str, Vec<ExplainedKey>),
}

pub(super) fn run(arguments: &Arguments, options: &ExplainOptions) -> Result<u8, Failure> {
    let is_json = match arguments.format {
        Format::Json => true,
        Format::Human | Format::Sarif | Format::Github => false,
    };
    let Some(name) = &options.name else {
        if is_json {
            report::print_json(&codes::ALL.iter().map(|code| explained_code(code)).collect::<Vec<_>>());
        } else {
            list();
        }
        return Ok(EXIT_OK);
    };
    if let Some(code) = codes::find(name) {
        let explained = explained_code(code);
        if is_json {
            report::print_json(&explained);
        } else {
            report::out(&format!("{}\n{}\n", explained.page, age(explained.since, explained.deprecated)));
        }
    } else if let Some(topic) = topic(name) {
        match topic {
            Topic::Key(explained) if is_json => report::print_json(&explained),
            Topic::Key(explained) => report::out(&shown(&explained)),
            Topic::Keys(section, keys) if is_json => report::print_json(&ExplainedSection { section, keys }),
            Topic::Keys(section, keys) => report::out(&of_section(section, &keys)),
        }
    } else {
        return Err(unknown(name));
    }
    Ok(EXIT_OK)
}

fn explained_code(code: &'static Code) -> ExplainedCode {
    ExplainedCode {
        code: code.name,
        severity: code.severity.as_str(),
        group: code.group,
        summary: code.summary,
        since: code.since,
        deprecated: code.deprecated,
        page: code.page,
    }
}

/// A key of a section by its name with or without the section, a shorthand, a section, or a key of a document.
fn topic(name: &str) -> Option<Topic> {
    if let Some((section, key)) = find_key(name) {
        return Some(Topic::Key(explained_key(section, key)));
    }
    if let Some(key) = document_keys().into_iter().find(|key| key.name == name) {
        let DocumentKey { name, takes, required, default, since } = key;
        return Some(Topic::Key(ExplainedKey {
            key: name.to_owned(),
            takes,
            required,
            default,
            since,
            deprecated: None,
            stands_for: None,
            note: None,
        }));
    }
    if let Some(section) = section(name) {
        return Some(Topic::Keys(section.name, section.keys.iter().map(|key| explained_key(section.name, key)).collect()));
    }
    if let Some(shorthand) = SHORTHANDS.iter().find(|shorthand| shorthand.name == name) {
        let key = section(shorthand.section)?.key(shorthand.key)?;
        let stands_for = Some(format!("{}.{}", shorthand.section, shorthand.key));
        let of_key = explained_key(shorthand.section, key);
        return Some(Topic::Key(ExplainedKey { key: shorthand.name.to_owned(), stands_for, required: false, default: None, ..of_key }));
    }
    let all = SECTIONS.iter().filter_map(|section| section.key(name).map(|key| explained_key(section.name, key)));
    let mut all: Vec<ExplainedKey> = all.collect();
    match all.len() {
        0 => None,
        1 => all.pop().map(Topic::Key),
        _ => Some(Topic::Keys("", all)),
    }
}

/// A key by its section and name, as `database.multi_az`.
fn find_key(name: &str) -> Option<(&'static str, &'static Key)> {
    let (of, key) = name.split_once('.')?;
    let section = section(of)?;
    Some((section.name, section.key(key)?))
}

fn explained_key(section: &str, key: &'static Key) -> ExplainedKey {
    let default = match key.default {
        Default::Value(value) => Some(value),
        Default::Required | Default::RequiredUnless(_) | Default::None => None,
    };
    ExplainedKey {
        key: format!("{section}.{}", key.name),
        takes: key.shape.takes(),
        required: key.default.is_required(),
        default,
        since: key.since,
        deprecated: key.deprecated.map(|new| format!("{section}.{new}")),
        stands_for: None,
        note: note(section, key.name),
    }
}

/// What a person has to do next to writing a key, or instead of it.
fn note(section: &str, key: &str) -> Option<&'static str> {
    match (section, key) {
        ("backup", "cross_region_copy") => Some("The service provider says to which region; without one it is `missing-copy-region`."),
        ("notifications", "email_list") => {
            Some("Each address gets a mail with a link first, and hears of no alarm until somebody has followed that link.")
        }
        ("notifications", "slack_webhook" | "enable_pagerduty") => Some(
            "No module takes it yet. Slack gives a channel an e-mail address, and PagerDuty a service: `notifications.email_list` takes it.",
        ),
        _ => None,
    }
}

fn shown(explained: &ExplainedKey) -> String {
    format!("{}\n{}\n", in_words(explained), age(explained.since, explained.deprecated.as_deref()))
}

/// What a key takes, in a sentence.
fn in_words(explained: &ExplainedKey) -> String {
    let ExplainedKey { key, takes, required, default, since: _, deprecated: _, stands_for, note } = explained;
    if let Some(stands_for) = stands_for {
        return format!("`{key}` in an environment stands for `{stands_for}`, and takes {takes}.");
    }
    let without = match (required, default) {
        (true, _) if !key.contains('.') => "required".to_owned(),
        (true, _) => "required where the section is there".to_owned(),
        (false, Some(default)) => format!("`{default}` where it is not written"),
        (false, None) => "optional".to_owned(),
    };
    let note = note.map(|note| format!(" {note}")).unwrap_or_default();
    format!("`{key}` takes {takes}; {without}.{note}")
}

/// A section with its keys, one a line; or keys of one name in several sections.
fn of_section(section: &str, keys: &[ExplainedKey]) -> String {
    match section {
        "tags" => return format!("`tags` takes keys of your own, each with a single value that is kept as text.\n{}\n", age(FIRST, None)),
        "databases" => return format!("`databases` takes names of your own, each with the keys of `database`.\n{}\n", age("0.2.0", None)),
        "custom" => return format!("`custom` takes anything, and keeps it as it is; no module takes it yet.\n{}\n", age(FIRST, None)),
        _ => {}
    }
    let mut text = match section {
        "" => String::new(),
        section => format!("`{section}` is a section. Its keys:\n\n"),
    };
    for key in keys {
        text.push_str(&in_words(key));
        text.push('\n');
    }
    text
}

/// Since when something is there, and what to take instead of it.
fn age(since: &str, deprecated: Option<&str>) -> String {
    match deprecated {
        Some(instead) => format!("Since version {since}; deprecated: see `{instead}`."),
        None => format!("Since version {since}."),
    }
}

fn unknown(name: &str) -> Failure {
    let in_sections = SECTIONS.iter().flat_map(|section| section.keys.iter().map(|key| (section.name, key.name)));
    let in_full: Vec<String> = in_sections.clone().map(|(section, key)| format!("{section}.{key}")).collect();
    // Who writes a name with `_` or `.` asks for a key.
    let alone = in_sections
        .map(|(_, key)| key)
        .chain(SECTIONS.iter().map(|section| section.name))
        .chain(document_keys().into_iter().map(|key| key.name));
    let keys: BTreeSet<&str> = alone.chain(SHORTHANDS.iter().map(|shorthand| shorthand.name)).collect();
    let of_keys = || nearest(name, in_full.iter().map(String::as_str).filter(|_| name.contains('.')).chain(keys.iter().copied()));
    let of_codes = || nearest(name, codes::ALL.iter().map(|code| code.name));
    let near = if name.contains('-') { of_codes().or_else(of_keys) } else { of_keys().or_else(of_codes) };
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`terralet explain` lists the codes; a key is written with its section or alone, such as `database.multi_az`".to_owned(),
    };
    Failure::usage(format!("unknown code or key `{name}`"), help)
}

fn list() {
    let mut group = "";
    let width = codes::ALL.iter().map(|code| code.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for code in codes::ALL {
        if code.group != group {
            if !group.is_empty() {
                text.push('\n');
            }
            group = code.group;
            text.push_str(&format!("{group}\n"));
        }
        text.push_str(&format!("  {:width$}  {:7}  {}\n", code.name, code.severity.as_str(), code.summary));
    }
    report::out(&text);
}
