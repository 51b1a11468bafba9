//! Telling people: the formats of diagnostics, tables, notes.

mod clean;
mod escape;
mod github;
mod groups;
mod human;
mod json;
mod paths;
mod sarif;
mod screen;
mod wrap;

use super::args::{Arguments, Format};
use super::compile::Difference;
use super::failure::Failure;
use super::fleet::Summary;
use crate::diagnostics::{Report, Severity};
use paths::FromRoot;
use serde::Serialize;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

pub(super) use clean::clean;
pub(super) use json::{JsonDiagnostic, diagnostic as json_diagnostic};

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
    /// The workspace's root, which paths are relative to.
    pub(super) root: &'t Path,
    pub(super) reports: Vec<&'t Report>,
    pub(super) differences: &'t [Difference],
    pub(super) summary: Summary,
    pub(super) written: Option<Written>,
    pub(super) elapsed: Duration,
}

/// Tells a run in the format of the call.
pub(super) fn told(arguments: &Arguments, told: &Told<'_>) {
    let mut reports = told.reports.clone();
    reports.sort_by(|a, b| a.order(b));
    match arguments.format {
        Format::Json => json(&json::document(&reports, told.differences, told.summary)),
        Format::Sarif => {
            json(&sarif::log(&FromRoot::of(told.root), &reports, told.differences, None));
            summary(arguments, told);
        }
        Format::Github => {
            without_warnings(arguments, &mut reports);
            let commands = github::commands(&FromRoot::of(told.root), &reports, told.differences);
            out(&commands.text);
            if let Some(said) = commands.note.filter(|_| !arguments.quiet) {
                note(&said);
            }
            summary(arguments, told);
        }
        Format::Human => {
            without_warnings(arguments, &mut reports);
            human::reports(arguments, &reports);
            human::differences(arguments, told.differences);
            summary(arguments, told);
        }
    }
}

fn without_warnings(arguments: &Arguments, reports: &mut Vec<&Report>) {
    if arguments.quiet {
        reports.retain(|report| report.severity == Severity::Error);
    }
}

fn summary(arguments: &Arguments, told: &Told<'_>) {
    if !arguments.quiet {
        note(&human::summary(told));
    }
}

/// Tells why a run could not do its work.
pub(super) fn failure(arguments: &Arguments, failure: &Failure) {
    const OF_PLATFORM: &str = "the platform file has errors; nothing was done";
    match failure {
        Failure::Platform { root, reports } => {
            let reports: Vec<&Report> = reports.iter().collect();
            match arguments.format {
                Format::Json => json(&json::document(&reports, &[], Summary { errors: reports.len(), ..Summary::default() })),
                Format::Sarif => json(&sarif::log(&FromRoot::of(root), &reports, &[], Some(OF_PLATFORM))),
                Format::Github => out(&github::commands(&FromRoot::of(root), &reports, &[]).text),
                Format::Human => human::reports(arguments, &reports),
            }
            if matches!(arguments.format, Format::Human | Format::Github) {
                note(OF_PLATFORM);
            }
        }
        Failure::Io { .. } | Failure::Usage { .. } => not_a_diagnostic(arguments.format, failure),
    }
}

/// Tells why a run could not do its work on standard error, whatever the format.
pub(super) fn failure_for_people(failure: &Failure) {
    not_a_diagnostic(Format::Human, failure);
}

fn not_a_diagnostic(format: Format, failure: &Failure) {
    match failure {
        Failure::Platform { .. } => {}
        Failure::Io { action, path, error } => other(format, &format!("cannot {action} `{}`: {error}", path.display()), None),
        Failure::Usage { message, help } => other(format, message, Some(help)),
    }
}

/// Tells a failure that is no diagnostic: a call that cannot be carried out, or the file system.
pub(super) fn other(format: Format, message: &str, help: Option<&str>) {
    match format {
        Format::Json => json(&json::failed(message, help)),
        Format::Sarif => json(&sarif::failure(message, help)),
        Format::Github => out(&github::failure(message, help)),
        Format::Human => {
            let help = help.map(|help| format!("\n  help: {help}")).unwrap_or_default();
            note(&format!("error: {message}{help}"));
        }
    }
}

/// Prints a value as JSON on standard output.
pub(super) fn json<T: Serialize>(value: &T) {
    out(&escape::pretty(value));
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
