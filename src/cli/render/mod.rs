//! Telling people: the formats of diagnostics, tables, notes.

mod clean;
mod human;
mod json;
mod wrap;

use super::args::{Arguments, Format};
use super::compile::Difference;
use super::failure::Failure;
use super::fix::Fixes;
use super::fleet::Summary;
use crate::diagnostics::{Report, Severity};
use serde::Serialize;
use std::io::Write;
use std::time::Duration;

pub(super) use clean::clean;
pub(super) use human::{concealed, diff};

/// What a compile wrote.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Written {
    /// Files written or removed.
    pub(super) files: usize,
    /// Files that were as they should be.
    pub(super) unchanged: usize,
}

/// Everything that a run tells.
pub(super) struct Told<'t> {
    pub(super) reports: Vec<&'t Report>,
    pub(super) differences: &'t [Difference],
    pub(super) summary: Summary,
    pub(super) written: Option<Written>,
    /// What `--fix` did.
    pub(super) fixes: Option<&'t Fixes>,
    pub(super) elapsed: Duration,
}

/// Tells a run in the format of the call.
pub(super) fn told(arguments: &Arguments, told: &Told<'_>) {
    let mut reports = told.reports.clone();
    reports.sort_by(|a, b| a.order(b));
    match arguments.format {
        Format::Json => json(&json::document(&reports, told.differences, told.fixes, told.summary)),
        Format::Human => {
            if arguments.quiet {
                reports.retain(|report| report.severity == Severity::Error);
            }
            human::reports(arguments, &reports);
            human::differences(arguments, told.differences);
            match told.fixes {
                Some(fixes) => human::fixes(arguments, fixes, told.summary.errors),
                None => human::fixable(arguments, &reports),
            }
            if !arguments.quiet {
                note(&human::summary(told));
            }
        }
    }
}

/// Tells why a run could not do its work.
pub(super) fn failure(arguments: &Arguments, failure: &Failure) {
    match (failure, arguments.format) {
        (Failure::Platform(reports), Format::Json) => {
            let reports: Vec<&Report> = reports.iter().collect();
            json(&json::document(&reports, &[], None, Summary { errors: reports.len(), ..Summary::default() }));
        }
        (Failure::Platform(reports), Format::Human) => {
            human::reports(arguments, &reports.iter().collect::<Vec<_>>());
            note("the platform file has errors; nothing was done");
        }
        (Failure::Io { action, path, error }, format) => other(format, &format!("cannot {action} `{}`: {error}", path.display()), None),
        (Failure::Usage { message, help }, format) => other(format, message, Some(help)),
    }
}

/// Tells a failure that is no diagnostic: a call that cannot be carried out, or the file system.
fn other(format: Format, message: &str, help: Option<&str>) {
    match format {
        Format::Json => json(&json::failed(message, help)),
        Format::Human => {
            let help = help.map(|help| format!("\n  help: {help}")).unwrap_or_default();
            note(&format!("error: {message}{help}"));
        }
    }
}

/// Prints a value as JSON on standard output.
pub(super) fn json<T: Serialize>(value: &T) {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    out(&text);
    out("\n");
}

/// Prints text on standard output. A reader that went away is no error.
pub(super) fn out(text: &str) {
    let _gone = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Prints a line on standard error.
pub(super) fn note(text: &str) {
    let _gone = writeln!(std::io::stderr().lock(), "{}", clean(text));
}

/// Prints rows with their columns aligned.
pub(super) fn table<const N: usize>(rows: &[[String; N]]) {
    let mut widths = [0_usize; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    out(&clean(&text));
}
