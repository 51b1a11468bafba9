//! Diagnostics for people: miette's graphical reports, equal messages told once.

use super::{Told, clean};
use crate::cli::args::{Arguments, Color};
use crate::cli::compile::Difference;
use crate::diagnostics::{Report, ReportLabel, Severity};
use crate::source::{Location, SourceFile};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use similar::TextDiff;
use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::sync::Arc;

/// How many different messages are printed; the rest is counted.
const MOST_MESSAGES: usize = 200;
/// How many more places of an equal message are named.
const MOST_PLACES: usize = 5;
/// Lines longer than this are not shown: the place is enough.
const LONGEST_LINE: usize = 400;

/// Prints reports on standard error.
pub(super) fn reports(arguments: &Arguments, reports: &[&Report]) {
    let groups = grouped(reports);
    let handler = handler(arguments);
    let hidden: Vec<&Location> = reports.iter().flat_map(|report| &report.hidden).collect();
    let mut err = std::io::stderr().lock();
    for group in groups.iter().take(MOST_MESSAGES) {
        let _gone = writeln!(err, "{}", one(&handler, group, &hidden));
    }
    if groups.len() > MOST_MESSAGES {
        let _gone = writeln!(err, "... and {} more messages; `--format json` has them all\n", groups.len() - MOST_MESSAGES);
    }
}

/// Equal messages of many customers are one, with the first places.
fn grouped<'r>(reports: &[&'r Report]) -> Vec<Vec<&'r Report>> {
    let mut groups: Vec<Vec<&Report>> = Vec::new();
    let mut index: HashMap<(&str, &str, Option<&str>), usize> = HashMap::new();
    for report in reports {
        let key = (report.code.name, report.message.as_str(), report.help.as_deref());
        match index.get(&key) {
            Some(at) => groups.get_mut(*at).into_iter().for_each(|group| group.push(report)),
            None => {
                index.insert(key, groups.len());
                groups.push(vec![report]);
            }
        }
    }
    groups
}

fn one(handler: &GraphicalReportHandler, group: &[&Report], hidden: &[&Location]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let mut text = String::new();
    let shown = Shown::new(first, group.get(1..).unwrap_or(&[]), hidden);
    if handler.render_report(&mut text, &shown).is_err() {
        text = format!("{}: {}\n", first.code.name, clean(&first.message));
    }
    text
}

fn handler(arguments: &Arguments) -> GraphicalReportHandler {
    let terminal = std::io::stderr().is_terminal();
    let colour = match arguments.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    let ascii = !std::env::var("LC_ALL")
        .or_else(|_| std::env::var("LC_CTYPE"))
        .or_else(|_| std::env::var("LANG"))
        .is_ok_and(|locale| locale.to_ascii_lowercase().contains("utf"));
    let theme = match (colour, ascii) {
        (true, false) => GraphicalTheme::unicode(),
        (true, true) => GraphicalTheme { characters: miette::ThemeCharacters::ascii(), styles: miette::ThemeStyles::ansi() },
        (false, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::none(),
    };
    GraphicalReportHandler::new_themed(theme).with_width(100).with_context_lines(1).with_links(false).without_cause_chain()
}

/// A file with its text made safe for a terminal, byte for byte as long.
#[derive(Debug)]
struct SafeFile {
    file: Arc<SourceFile>,
    text: String,
}

impl SafeFile {
    /// The file without its credentials, whichever report shows the lines that they are on.
    fn new(file: &Arc<SourceFile>, hidden: &[&Location]) -> Self {
        let mut text = clean(&file.text);
        for location in hidden.iter().filter(|location| location.file.path == file.path) {
            // The lines at hand may begin or end within the credential.
            let end = file.in_text(location.end as usize).min(text.len());
            let range = file.in_text(location.start as usize).min(end)..end;
            let covered: Option<String> = file.text.get(range.clone()).map(covered);
            if let Some(covered) = covered.filter(|_| text.get(range.clone()).is_some()) {
                text.replace_range(range, &covered);
            }
        }
        SafeFile { file: Arc::clone(file), text }
    }
}

/// Stars for every byte, so that offsets stay.
fn covered(text: &str) -> String {
    text.chars().map(|letter| if letter == '\n' { "\n".into() } else { "*".repeat(letter.len_utf8()) }).collect()
}

impl SourceCode for SafeFile {
    fn read_span<'a>(&'a self, span: &SourceSpan, before: usize, after: usize) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.as_str().read_span(span, before, after)?;
        let (name, line) = (clean(&self.file.path), inner.line() + self.file.skipped_lines());
        Ok(Box::new(MietteSpanContents::new_named(name, inner.data(), *inner.span(), line, inner.column(), inner.line_count())))
    }
}

/// A report as miette takes it: labels of one file, those of other files as related parts.
#[derive(Debug)]
struct Shown {
    message: String,
    code: &'static str,
    severity: Severity,
    help: Option<String>,
    source: Option<SafeFile>,
    labels: Vec<LabeledSpan>,
    related: Vec<Shown>,
}

impl Shown {
    fn new(report: &Report, others: &[&Report], hidden: &[&Location]) -> Self {
        let mut message = clean(&report.message);
        let first = report.labels.first();
        let (here, elsewhere): (Vec<&ReportLabel>, Vec<&ReportLabel>) =
            report.labels.iter().partition(|label| first.is_some_and(|first| Arc::ptr_eq(&first.location.file, &label.location.file)));
        let source = first.filter(|label| can_show(label)).map(|label| SafeFile::new(&label.location.file, hidden));
        if let (None, Some(label)) = (&source, first) {
            message = format!("{message}\n{}", place(label));
        }
        let mut help = report.help.as_deref().map(clean);
        if !others.is_empty() {
            let places: Vec<String> = others.iter().take(MOST_PLACES).filter_map(|report| report.labels.first().map(place)).collect();
            let more = if others.len() > places.len() { ", ..." } else { "" };
            let told = format!("the same {} more times: {}{more}", others.len(), places.join(", "));
            help = Some(help.map_or(told.clone(), |help| format!("{help}\n{told}")));
        }
        let related = elsewhere
            .into_iter()
            .map(|label| Shown {
                message: format!("{}: {}", place(label), clean(&label.text)),
                code: "",
                severity: Severity::Advice,
                help: None,
                labels: vec![labelled(label, true)],
                source: can_show(label).then(|| SafeFile::new(&label.location.file, hidden)),
                related: Vec::new(),
            })
            .collect();
        let labels =
            if source.is_some() { here.iter().enumerate().map(|(index, label)| labelled(label, index == 0)).collect() } else { Vec::new() };
        Shown { message, code: report.code.name, severity: report.severity, help, source, labels, related }
    }
}

fn labelled(label: &ReportLabel, primary: bool) -> LabeledSpan {
    let range = label.location.range();
    let text = (!label.text.is_empty()).then(|| clean(&label.text));
    let span = SourceSpan::from((label.location.file.in_text(range.start), range.len()));
    if primary { LabeledSpan::new_primary_with_span(text, span) } else { LabeledSpan::new_with_span(text, span) }
}

/// True when the line of a label can be shown: there is one, and it is not too long to read.
fn can_show(label: &ReportLabel) -> bool {
    let file = &label.location.file;
    let line = file.line(label.location.start_position().line).trim_end();
    !file.text.is_empty() && line.len() <= LONGEST_LINE
}

fn place(label: &ReportLabel) -> String {
    let file = &label.location.file;
    if file.text.is_empty() {
        return clean(&file.path);
    }
    let position = label.location.start_position();
    format!("{}:{}:{}", clean(&file.path), position.line, position.column)
}

impl std::fmt::Display for Shown {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        (!self.code.is_empty()).then(|| Box::new(format!("{}[{}]", self.severity.as_str(), self.code)) as Box<dyn std::fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        (!self.related.is_empty())
            .then(|| Box::new(self.related.iter().map(|part| part as &dyn miette::Diagnostic)) as Box<dyn Iterator<Item = _>>)
    }
}

/// Prints the differences of `--check` on standard output.
pub(super) fn differences(arguments: &Arguments, differences: &[Difference]) {
    if arguments.quiet {
        return;
    }
    let mut text = String::new();
    for difference in differences {
        text.push_str(&format!("{}: {}\n", difference.file, difference.state.as_str()));
        text.push_str(&unified(difference));
    }
    super::out(&clean(&text));
}

/// A unified diff from what is on disk to what would be written.
pub(super) fn unified(difference: &Difference) -> String {
    let old = difference.old.as_deref().unwrap_or("");
    let new = difference.new.as_deref().unwrap_or("");
    TextDiff::from_lines(old, new).unified_diff().context_radius(3).header(&difference.file, &difference.file).to_string()
}

/// The summary line.
pub(super) fn summary(told: &Told<'_>) -> String {
    let count = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let summary = told.summary;
    let mut parts = vec![count(summary.customers, "customer", "customers")];
    if summary.failed > 0 {
        parts.push(format!("{} with errors", summary.failed));
    }
    parts.push(count(summary.root_modules, "root module", "root modules"));
    if summary.errors > 0 {
        parts.push(count(summary.errors, "error", "errors"));
    }
    if summary.warnings > 0 {
        parts.push(count(summary.warnings, "warning", "warnings"));
    }
    if let Some(written) = told.written {
        parts.push(format!("{} written", count(written.files, "file", "files")));
        parts.push(format!("{} unchanged", written.unchanged));
    }
    if !told.differences.is_empty() {
        parts.push(count(told.differences.len(), "difference", "differences"));
    }
    parts.push(format!("{:.2} s", told.elapsed.as_secs_f64()));
    parts.join(", ")
}
