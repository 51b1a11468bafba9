//! `terralet explain`: what a code means.

use super::args::{Arguments, ExplainOptions, Format};
use super::failure::Failure;
use super::{EXIT_OK, render};
use crate::diagnostics::{codes, nearest};
use serde::Serialize;

#[derive(Serialize)]
struct Explained {
    code: &'static str,
    severity: &'static str,
    group: &'static str,
    summary: &'static str,
    page: &'static str,
}

pub(super) fn run(arguments: &Arguments, options: &ExplainOptions) -> Result<u8, Failure> {
    let explained = |code: &'static crate::diagnostics::Code| Explained {
        code: code.name,
        severity: code.severity.as_str(),
        group: code.group,
        summary: code.summary,
        page: code.page,
    };
    let Some(name) = &options.code else {
        match arguments.format {
            Format::Json => render::json(&codes::ALL.iter().map(|code| explained(code)).collect::<Vec<_>>()),
            Format::Human | Format::Sarif | Format::Github => list(),
        }
        return Ok(EXIT_OK);
    };
    let Some(code) = codes::find(name) else {
        let help = match nearest(name, codes::ALL.iter().map(|code| code.name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`terralet explain` lists the codes".to_owned(),
        };
        return Err(Failure::usage(format!("there is no code `{name}`"), help));
    };
    match arguments.format {
        Format::Json => render::json(&explained(code)),
        Format::Human | Format::Sarif | Format::Github => render::out(code.page),
    }
    Ok(EXIT_OK)
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
    render::out(&text);
}
