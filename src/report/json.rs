//! The JSON document of cli.md.

use serde::Serialize;
use terralet_core::diagnostics::{Report, ReportEdit, ReportLabel, Summary};
use terralet_core::fix::{FixedEdit, Fixes};
use terralet_core::tree::Difference;

#[derive(Serialize)]
pub(super) struct Document<'d> {
    version: u32,
    diagnostics: Vec<JsonDiagnostic<'d>>,
    differences: Vec<JsonDifference<'d>>,
    /// Only with `--fix`.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<JsonFixes<'d>>,
    summary: JsonSummary,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<JsonError<'d>>,
}

/// A run that could not do its work, for a reason that is not a diagnostic.
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
pub(super) struct JsonDiagnostic<'d> {
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
struct JsonFixes<'d> {
    written: bool,
    files: Vec<JsonFixedFile<'d>>,
    left: Vec<JsonLeft<'d>>,
}

#[derive(Serialize)]
struct JsonFixedFile<'d> {
    file: &'d str,
    edits: Vec<JsonFixedEdit<'d>>,
    diff: &'d str,
}

#[derive(Serialize)]
struct JsonFixedEdit<'d> {
    code: &'d str,
    byte_start: usize,
    byte_end: usize,
    text: &'d str,
}

#[derive(Serialize)]
struct JsonLeft<'d> {
    file: &'d str,
    reason: &'d str,
}

#[derive(Serialize)]
struct JsonSummary {
    customers: usize,
    failed: usize,
    root_modules: usize,
    errors: usize,
    warnings: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<usize>,
}

/// The document of a run.
pub(super) fn document<'d>(
    reports: &[&'d Report],
    differences: &'d [Difference],
    fixes: Option<&'d Fixes>,
    summary: Summary,
) -> Document<'d> {
    let fixed = fixes.map(|fixes| if fixes.dry_run { 0 } else { fixes.mistakes });
    let Summary { customers, failed, root_modules, errors, warnings } = summary;
    Document {
        version: 1,
        diagnostics: self::diagnostics(reports),
        differences: differences.iter().map(difference).collect(),
        fixes: fixes.map(json_fixes),
        summary: JsonSummary { customers, failed, root_modules, errors, warnings, fixed },
        error: None,
    }
}

/// The document of a run that had found something when it ended.
pub(super) fn ended<'d>(reports: &[&'d Report], summary: Summary, message: &'d str, help: Option<&'d str>) -> Document<'d> {
    Document { error: Some(JsonError { message, help }), ..document(reports, &[], None, summary) }
}

/// Diagnostics alone.
pub(super) fn diagnostics<'d>(reports: &[&'d Report]) -> Vec<JsonDiagnostic<'d>> {
    reports.iter().map(|report| diagnostic(report)).collect()
}

fn diagnostic(report: &Report) -> JsonDiagnostic<'_> {
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

fn json_fixes(fixes: &Fixes) -> JsonFixes<'_> {
    let files = fixes.files.iter();
    JsonFixes {
        written: !fixes.dry_run,
        files: files
            .map(|file| JsonFixedFile { file: &file.file, edits: file.edits.iter().map(fixed_edit).collect(), diff: &file.diff })
            .collect(),
        left: fixes.left.iter().map(|left| JsonLeft { file: &left.file, reason: &left.reason }).collect(),
    }
}

fn fixed_edit(edit: &FixedEdit) -> JsonFixedEdit<'_> {
    JsonFixedEdit { code: edit.code, byte_start: edit.start, byte_end: edit.end, text: &edit.text }
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
    JsonDifference { file: &difference.file, state: difference.state.as_str(), diff: difference.unified() }
}
