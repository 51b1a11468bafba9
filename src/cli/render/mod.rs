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
use super::fix::Fixes;
use super::fleet::Summary;
use paths::FromRoot;
use serde::Serialize;
use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;
use terralet_core::diagnostics::{Report, Severity};

pub(super) use clean::clean;
pub(super) use human::concealed;

/// What a compile wrote.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// The generated tree, as it is shown.
    pub(super) output: String,
    /// The roots that were written, each with what became of it: the first ones.
    pub(super) roots: Vec<String>,
    /// How many more there were.
    pub(super) more: usize,
    /// Files written or removed.
    pub(super) files: usize,
    /// Files that were as they should be.
    pub(super) unchanged: usize,
}

impl Written {
    /// The most roots that are named.
    const MOST: usize = 20;

    /// Notes a root that was written.
    pub(super) fn root(&mut self, text: impl FnOnce() -> String) {
        if self.roots.len() < Self::MOST {
            self.roots.push(text());
        } else {
            self.more += 1;
        }
    }
}

/// Everything that a run tells.
pub(super) struct Told<'t> {
    /// The workspace's root, which paths are relative to.
    pub(super) root: &'t Path,
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
    // Before they are sorted: warnings may be nearly all of them.
    if matches!(arguments.format, Format::Github | Format::Human) {
        without_warnings(arguments, &mut reports);
    }
    reports.sort_by(|a, b| a.order(b));
    match arguments.format {
        Format::Json => json(&json::document(&reports, told.differences, told.fixes, told.summary)),
        Format::Sarif => {
            json(&sarif::log(&FromRoot::of(told.root), &reports, told.differences, None));
            summary(arguments, told);
        }
        Format::Github => {
            let commands = github::commands(&FromRoot::of(told.root), &reports, told.differences);
            out(&commands.text);
            if let Some(said) = commands.note.filter(|_| !arguments.quiet) {
                note(&said);
            }
            summary(arguments, told);
        }
        Format::Human => {
            human::reports(arguments, &reports);
            human::differences(arguments, told.differences);
            match told.fixes {
                Some(fixes) => human::fix_diffs(arguments, fixes),
                None => human::fixable(arguments, &reports),
            }
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
        if let Some(fixes) = told.fixes {
            human::fixes(fixes, told.summary.errors);
        }
        if let Some(written) = &told.written {
            written.roots.iter().for_each(|root| note(root));
            if written.more > 0 {
                note(&format!("and {} more", written.more));
            }
        }
        note(&human::summary(told));
    }
}

/// Tells why a run could not do its work, behind what it had found.
pub(super) fn failure(arguments: &Arguments, failure: &Failure) {
    match failure {
        Failure::Platform { root, reports } => {
            let reports: Vec<&Report> = reports.iter().collect();
            let summary = Summary { errors: reports.len(), ..Summary::default() };
            ended(arguments, root, reports, summary, None);
        }
        Failure::After { root, reports, summary, failure } => {
            ended(arguments, root, reports.iter().collect(), *summary, words(failure));
        }
        Failure::Io { .. } | Failure::Usage { .. } => {
            if let Some((message, help)) = words(failure) {
                other(arguments.format, &message, help);
            }
        }
    }
}

/// Tells reports to people, without a summary.
pub(super) fn reports(arguments: &Arguments, reports: &[&Report]) {
    let mut reports = reports.to_vec();
    without_warnings(arguments, &mut reports);
    human::reports(arguments, &reports);
}

/// Diagnostics as JSON has them.
pub(super) fn diagnostics(reports: &[&Report]) -> impl Serialize {
    json::diagnostics(reports)
}

/// Tells what a run had found when it ended, and then what ended it: a failure, or nothing but what it had found in the platform file.
fn ended(arguments: &Arguments, root: &Path, mut reports: Vec<&Report>, summary: Summary, last: Option<(String, Option<&str>)>) {
    const OF_PLATFORM: &str = "the platform file has errors; nothing was done";
    reports.sort_by(|a, b| a.order(b));
    match arguments.format {
        Format::Json => match &last {
            Some((message, help)) => json(&json::ended(&reports, summary, message, *help)),
            None => json(&json::document(&reports, &[], None, summary)),
        },
        Format::Sarif => {
            let said = last.as_ref().map_or(OF_PLATFORM, |(message, _)| message);
            json(&sarif::log(&FromRoot::of(root), &reports, &[], Some(said)));
        }
        Format::Github => {
            without_warnings(arguments, &mut reports);
            out(&github::commands(&FromRoot::of(root), &reports, &[]).text);
        }
        Format::Human => {
            without_warnings(arguments, &mut reports);
            human::reports(arguments, &reports);
        }
    }
    match (last, arguments.format) {
        (_, Format::Json | Format::Sarif) => {}
        (Some((message, help)), format) => other(format, &message, help),
        (None, _) => note(OF_PLATFORM),
    }
}

/// Tells why a run could not do its work on standard error, whatever the format.
pub(super) fn failure_for_people(failure: &Failure) {
    if let Some((message, help)) = words(failure) {
        other(Format::Human, &message, help);
    }
}

/// The words of a failure that is no diagnostic: a call that cannot be carried out, or the file system.
fn words(failure: &Failure) -> Option<(String, Option<&str>)> {
    match failure {
        Failure::Io { action, path, error } => Some((format!("cannot {action} `{}`: {error}", path.display()), None)),
        Failure::Usage { message, help } => Some((message.clone(), Some(help))),
        Failure::Platform { .. } | Failure::After { .. } => None,
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
    let mut out = std::io::stdout().lock();
    // What is left in the buffer at the end of the process is written without anybody asking whether it could be.
    written(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// Why something could not be printed, the first of it.
static UNWRITTEN: OnceLock<String> = OnceLock::new();

/// Notes that something could not be printed. A reader that went away is no error.
fn written(result: std::io::Result<()>) {
    if let Err(error) = result
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        UNWRITTEN.get_or_init(|| error.to_string());
    }
}

/// Notes whether something that others print could be printed.
pub(super) fn printed(result: std::io::Result<()>) {
    written(result.and_then(|()| std::io::stdout().flush()));
}

/// Why something that the run had to say could not be printed; nothing where all of it was.
pub(super) fn unwritten() -> Option<&'static str> {
    UNWRITTEN.get().map(String::as_str)
}

/// Prints a line on standard error.
pub(super) fn note(text: &str) {
    written(writeln!(std::io::stderr().lock(), "{}", clean(text)));
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
