//! The results of a run, and what ended it, in the format of the call.

use super::paths::FromRoot;
use super::print::{note, out, print_json};
use super::results::RunReport;
use super::style::{Format, Style};
use super::{github, human, json, sarif};
use serde::Serialize;
use std::path::Path;
use terralet_core::diagnostics::{Report, Severity, Summary};
use terralet_core::failure::Failure;

/// Prints a run in the format of the call.
pub fn print_run(style: Style, run: &RunReport<'_>) {
    let mut reports = run.reports.clone();
    // Before they are sorted: warnings may be nearly all of them.
    if matches!(style.format, Format::Github | Format::Human) {
        without_warnings(style, &mut reports);
    }
    sort(&mut reports);
    match style.format {
        Format::Json => print_json(&json::document(&reports, run.differences, run.fixes, run.summary)),
        Format::Sarif => {
            print_json(&sarif::log(&FromRoot::of(run.root), &reports, run.differences, None));
            summary(style, run);
        }
        Format::Github => {
            let commands = github::commands(&FromRoot::of(run.root), &reports, run.differences);
            out(&commands.text);
            if let Some(said) = commands.note.filter(|_| !style.quiet) {
                note(&said);
            }
            summary(style, run);
        }
        Format::Human => {
            human::reports(style, &reports);
            human::differences(style, run.differences);
            match run.fixes {
                Some(fixes) => human::fix_diffs(style, fixes),
                None => human::fixable(style, &reports),
            }
            summary(style, run);
        }
    }
}

/// The order of all output. What is printed is sorted here, and nowhere before.
fn sort(reports: &mut [&Report]) {
    reports.sort_by(|one, other| one.order(other));
}

fn without_warnings(style: Style, reports: &mut Vec<&Report>) {
    if style.quiet {
        reports.retain(|report| report.severity == Severity::Error);
    }
}

fn summary(style: Style, run: &RunReport<'_>) {
    if !style.quiet {
        if let Some(fixes) = run.fixes {
            human::fixes(fixes, run.summary.errors);
        }
        if let Some(written) = &run.written {
            written.roots.iter().for_each(|root| note(root));
            if written.more > 0 {
                note(&format!("and {} more", written.more));
            }
        }
        note(&human::summary(run));
    }
}

/// Prints why a run could not do its work, after what it had found.
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

/// Prints reports for people, without a summary.
pub fn print_reports(style: Style, reports: &[&Report]) {
    let mut reports = reports.to_vec();
    without_warnings(style, &mut reports);
    sort(&mut reports);
    human::reports(style, &reports);
}

/// Diagnostics as JSON has them.
pub fn diagnostics(reports: &[&Report]) -> impl Serialize {
    let mut reports = reports.to_vec();
    sort(&mut reports);
    json::diagnostics(&reports)
}

/// Prints what a run had found when it ended, and then what ended it: a failure, or nothing but what it had found in the platform file.
fn ended(style: Style, root: &Path, mut reports: Vec<&Report>, summary: Summary, last: Option<(String, Option<&str>)>) {
    const OF_PLATFORM: &str = "the platform file has errors; nothing was done";
    sort(&mut reports);
    match style.format {
        Format::Json => match &last {
            Some((message, help)) => print_json(&json::ended(&reports, summary, message, *help)),
            None => print_json(&json::document(&reports, &[], None, summary)),
        },
        Format::Sarif => {
            let said = last.as_ref().map_or(OF_PLATFORM, |(message, _)| message);
            print_json(&sarif::log(&FromRoot::of(root), &reports, &[], Some(said)));
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

/// Prints why a run could not do its work on standard error, whatever the format.
pub fn print_failure_for_people(failure: &Failure) {
    if let Some((message, help)) = words(failure) {
        print_error(Format::Human, &message, help);
    }
}

/// The words of a failure that is not a diagnostic: a call that cannot be carried out, or the file system.
fn words(failure: &Failure) -> Option<(String, Option<&str>)> {
    match failure {
        Failure::Io { action, path, reason } => Some((format!("cannot {action} `{}`: {reason}", path.display()), None)),
        Failure::Usage { message, help } => Some((message.clone(), Some(help))),
        Failure::Platform { .. } | Failure::After { .. } => None,
    }
}

/// Prints a failure that is not a diagnostic: a call that cannot be carried out, or the file system.
pub fn print_error(format: Format, message: &str, help: Option<&str>) {
    match format {
        Format::Json => print_json(&json::failed(message, help)),
        Format::Sarif => print_json(&sarif::failure(message, help)),
        Format::Github => out(&github::failure(message, help)),
        Format::Human => {
            let help = help.map(|help| format!("\n  help: {help}")).unwrap_or_default();
            note(&format!("error: {message}{help}"));
        }
    }
}
