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
mod style;
mod wrap;

use paths::FromRoot;
use serde::Serialize;
use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;
use terralet_core::diagnostics::{Report, Severity, Summary};
use terralet_core::failure::Failure;
use terralet_core::fix::Fixes;
use terralet_core::reconcile::Written;
use terralet_core::tree::Difference;

pub use clean::clean;
pub use style::{Color, Format, Style};

/// Everything that a run tells.
pub struct RunReport<'t> {
    /// The workspace's root, which paths are relative to.
    pub root: &'t Path,
    /// Diagnostics, in any order.
    pub reports: Vec<&'t Report>,
    /// Files of the tree that are not as they would be written.
    pub differences: &'t [Difference],
    /// The numbers at the end.
    pub summary: Summary,
    /// What was written; nothing where nothing was to be.
    pub written: Option<Written>,
    /// What `--fix` did.
    pub fixes: Option<&'t Fixes>,
    /// How long it took.
    pub elapsed: Duration,
}

/// Tells a run in the format of the call.
pub fn print_run(style: Style, told: &RunReport<'_>) {
    let mut reports = told.reports.clone();
    // Before they are sorted: warnings may be nearly all of them.
    if matches!(style.format, Format::Github | Format::Human) {
        without_warnings(style, &mut reports);
    }
    reports.sort_by(|a, b| a.order(b));
    match style.format {
        Format::Json => json(&json::document(&reports, told.differences, told.fixes, told.summary)),
        Format::Sarif => {
            json(&sarif::log(&FromRoot::of(told.root), &reports, told.differences, None));
            summary(style, told);
        }
        Format::Github => {
            let commands = github::commands(&FromRoot::of(told.root), &reports, told.differences);
            out(&commands.text);
            if let Some(said) = commands.note.filter(|_| !style.quiet) {
                note(&said);
            }
            summary(style, told);
        }
        Format::Human => {
            human::reports(style, &reports);
            human::differences(style, told.differences);
            match told.fixes {
                Some(fixes) => human::fix_diffs(style, fixes),
                None => human::fixable(style, &reports),
            }
            summary(style, told);
        }
    }
}

fn without_warnings(style: Style, reports: &mut Vec<&Report>) {
    if style.quiet {
        reports.retain(|report| report.severity == Severity::Error);
    }
}

fn summary(style: Style, told: &RunReport<'_>) {
    if !style.quiet {
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
pub fn print_failure(style: Style, failure: &Failure) {
    match failure {
        Failure::Platform { root, reports } => {
            let reports: Vec<&Report> = reports.iter().collect();
            let summary = Summary { errors: reports.len(), ..Summary::default() };
            ended(style, root, reports, summary, None);
        }
        Failure::After { root, reports, summary, failure } => {
            ended(style, root, reports.iter().collect(), *summary, words(failure));
        }
        Failure::Io { .. } | Failure::Usage { .. } => {
            if let Some((message, help)) = words(failure) {
                print_error(style.format, &message, help);
            }
        }
    }
}

/// Tells reports to people, without a summary.
pub fn print_reports(style: Style, reports: &[&Report]) {
    let mut reports = reports.to_vec();
    without_warnings(style, &mut reports);
    human::reports(style, &reports);
}

/// Diagnostics as JSON has them.
pub fn diagnostics(reports: &[&Report]) -> impl Serialize {
    json::diagnostics(reports)
}

/// Tells what a run had found when it ended, and then what ended it: a failure, or nothing but what it had found in the platform file.
fn ended(style: Style, root: &Path, mut reports: Vec<&Report>, summary: Summary, last: Option<(String, Option<&str>)>) {
    const OF_PLATFORM: &str = "the platform file has errors; nothing was done";
    reports.sort_by(|a, b| a.order(b));
    match style.format {
        Format::Json => match &last {
            Some((message, help)) => json(&json::ended(&reports, summary, message, *help)),
            None => json(&json::document(&reports, &[], None, summary)),
        },
        Format::Sarif => {
            let said = last.as_ref().map_or(OF_PLATFORM, |(message, _)| message);
            json(&sarif::log(&FromRoot::of(root), &reports, &[], Some(said)));
        }
        Format::Github => {
            without_warnings(style, &mut reports);
            out(&github::commands(&FromRoot::of(root), &reports, &[]).text);
        }
        Format::Human => {
            without_warnings(style, &mut reports);
            human::reports(style, &reports);
        }
    }
    match (last, style.format) {
        (_, Format::Json | Format::Sarif) => {}
        (Some((message, help)), format) => print_error(format, &message, help),
        (None, _) => note(OF_PLATFORM),
    }
}

/// Tells why a run could not do its work on standard error, whatever the format.
pub fn print_failure_for_people(failure: &Failure) {
    if let Some((message, help)) = words(failure) {
        print_error(Format::Human, &message, help);
    }
}

/// The words of a failure that is no diagnostic: a call that cannot be carried out, or the file system.
fn words(failure: &Failure) -> Option<(String, Option<&str>)> {
    match failure {
        Failure::Io { action, path, reason } => Some((format!("cannot {action} `{}`: {reason}", path.display()), None)),
        Failure::Usage { message, help } => Some((message.clone(), Some(help))),
        Failure::Platform { .. } | Failure::After { .. } => None,
    }
}

/// Tells a failure that is no diagnostic: a call that cannot be carried out, or the file system.
pub fn print_error(format: Format, message: &str, help: Option<&str>) {
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
pub fn json<T: Serialize>(value: &T) {
    out(&escape::pretty(value));
    out("\n");
}

/// Prints text on standard output. A reader that went away is no error.
pub fn out(text: &str) {
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
pub fn printed(result: std::io::Result<()>) {
    written(result.and_then(|()| std::io::stdout().flush()));
}

/// Why something that the run had to say could not be printed; nothing where all of it was.
pub fn unwritten() -> Option<&'static str> {
    UNWRITTEN.get().map(String::as_str)
}

/// Prints a line on standard error.
pub fn note(text: &str) {
    written(writeln!(std::io::stderr().lock(), "{}", clean(text)));
}

/// Prints rows with their columns aligned.
pub fn table<const N: usize>(rows: &[[String; N]]) {
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
