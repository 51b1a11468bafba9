//! `terralet explain`: what a code means, or what a key takes.

use super::args::{Arguments, ExplainOptions, Format};
use super::exit::EXIT_OK;
use serde::Serialize;
use terralet_core::diagnostics::{Code, codes, nearest};
use terralet_core::failure::Failure;
use terralet_core::schema::{Default, Key, SECTIONS, section};
use terralet_report as report;

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
    } else if let Some((section, key)) = find_key(name) {
        let explained = explained_key(section, key);
        if is_json {
            report::print_json(&explained);
        } else {
            report::out(&shown(&explained));
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

/// A key by its section and name, as `database.multi_az`.
fn find_key(name: &str) -> Option<(&'static str, &'static Key)> {
    let (of, key) = name.split_once('.')?;
    let section = section(of)?;
    Some((section.name, section.key(key)?))
}

fn explained_key(section: &str, key: &'static Key) -> ExplainedKey {
    let default = match key.default {
        Default::Value(value) => Some(value),
        Default::Required | Default::None => None,
    };
    ExplainedKey {
        key: format!("{section}.{}", key.name),
        takes: key.shape.takes(),
        required: key.default == Default::Required,
        default,
        since: key.since,
        deprecated: key.deprecated.map(|new| format!("{section}.{new}")),
    }
}

fn shown(explained: &ExplainedKey) -> String {
    let ExplainedKey { key, takes, required, default, since, deprecated } = explained;
    let without = match (required, default) {
        (true, _) => "required where the section is there".to_owned(),
        (false, Some(default)) => format!("`{default}` where it is not written"),
        (false, None) => "optional".to_owned(),
    };
    format!("`{key}` takes {takes}; {without}.\n{}\n", age(since, deprecated.as_deref()))
}

/// Since when something is there, and what to take instead of it.
fn age(since: &str, deprecated: Option<&str>) -> String {
    match deprecated {
        Some(instead) => format!("Since version {since}; deprecated: see `{instead}`."),
        None => format!("Since version {since}."),
    }
}

fn unknown(name: &str) -> Failure {
    let keys = SECTIONS.iter().flat_map(|section| section.keys.iter().map(|key| format!("{}.{}", section.name, key.name)));
    let keys: Vec<String> = keys.collect();
    let help = match nearest(name, codes::ALL.iter().map(|code| code.name).chain(keys.iter().map(String::as_str))) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`terralet explain` lists the codes; a key is written with its section, such as `database.multi_az`".to_owned(),
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
