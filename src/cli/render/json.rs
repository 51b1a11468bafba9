//! The JSON document of cli.md.

use crate::cli::compile::Difference;
use crate::cli::fleet::Summary;
use crate::diagnostics::{Report, ReportEdit, ReportLabel};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Document<'d> {
    version: u32,
    diagnostics: Vec<JsonDiagnostic<'d>>,
    differences: Vec<JsonDifference<'d>>,
    summary: JsonSummary,
}

/// A run that could not do its work, for a reason that is no diagnostic.
#[derive(Serialize)]
pub(super) struct Failed<'f> {
    version: u32,
    error: JsonError<'f>,
}

#[derive(Serialize)]
struct JsonError<'f> {
    message: &'f str,
    help: Option<&'f str>,
}

/// The document of a run that could not do its work.
pub(super) fn failed<'f>(message: &'f str, help: Option<&'f str>) -> Failed<'f> {
    Failed { version: 1, error: JsonError { message, help } }
}

#[derive(Serialize)]
pub(in crate::cli) struct JsonDiagnostic<'d> {
    code: &'static str,
    severity: &'static str,
    message: &'d str,
    help: Option<&'d str>,
    customer: Option<&'d str>,
    path: Option<&'d str>,
    edits: Vec<JsonEdit<'d>>,
    labels: Vec<JsonLabel<'d>>,
}

#[derive(Serialize)]
struct JsonEdit<'d> {
    file: &'d str,
    byte_start: u32,
    byte_end: u32,
    text: &'d str,
    certain: bool,
}

#[derive(Serialize)]
struct JsonLabel<'d> {
    file: &'d str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    byte_start: u32,
    byte_end: u32,
    text: &'d str,
    primary: bool,
}

#[derive(Serialize)]
struct JsonDifference<'d> {
    file: &'d str,
    state: &'static str,
    diff: String,
}

#[derive(Serialize)]
struct JsonSummary {
    customers: usize,
    failed: usize,
    root_modules: usize,
    errors: usize,
    warnings: usize,
}

/// The document of a run.
pub(super) fn document<'d>(reports: &[&'d Report], differences: &'d [Difference], summary: Summary) -> Document<'d> {
    let Summary { customers, failed, root_modules, errors, warnings } = summary;
    Document {
        version: 1,
        diagnostics: reports.iter().map(|report| diagnostic(report)).collect(),
        differences: differences.iter().map(difference).collect(),
        summary: JsonSummary { customers, failed, root_modules, errors, warnings },
    }
}

/// A diagnostic of a document.
pub(in crate::cli) fn diagnostic(report: &Report) -> JsonDiagnostic<'_> {
    JsonDiagnostic {
        code: report.code.name,
        severity: report.severity.as_str(),
        message: &report.message,
        help: report.help.as_deref(),
        customer: report.customer.as_deref(),
        path: report.path.as_deref(),
        edits: report.edits.iter().map(|edit| json_edit(edit, report.certain)).collect(),
        labels: report.labels.iter().enumerate().map(|(index, label)| json_label(label, index == 0)).collect(),
    }
}

fn json_edit(edit: &ReportEdit, certain: bool) -> JsonEdit<'_> {
    let location = &edit.location;
    JsonEdit { file: &location.file.path, byte_start: location.start, byte_end: location.end, text: &edit.text, certain }
}

fn json_label(label: &ReportLabel, primary: bool) -> JsonLabel<'_> {
    let location = &label.location;
    let (start, end) = (location.start_position(), location.end_position());
    JsonLabel {
        file: &location.file.path,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        byte_start: location.start,
        byte_end: location.end,
        text: &label.text,
        primary,
    }
}

fn difference(difference: &Difference) -> JsonDifference<'_> {
    JsonDifference { file: &difference.file, state: difference.state.as_str(), diff: super::human::unified(difference) }
}
