//! Diagnostics for people: miette's graphical reports, equal messages printed once.

use super::clean::{clean, clean_line};
use super::groups::{Group, MOST_MESSAGES, left_out, place};
use super::print::{note, out, written};
use super::results::RunReport;
use super::screen::Screen;
use super::style::Style;
use super::wrap::wrapped;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;
use terralet_core::diagnostics::{Report, ReportLabel, Severity, codes};
use terralet_core::fix::Fixes;
use terralet_core::redact::redact;
use terralet_core::source::{Location, SourceFile};
use terralet_core::tree::Difference;

/// What stands before a message and a help, in columns.
const BEFORE_MESSAGE: usize = 4;
const BEFORE_HELP: usize = 8;
/// Lines longer than this are not shown: the place is enough.
const LONGEST_LINE: usize = 400;

/// Prints reports on standard error.
pub(super) fn reports(style: Style, reports: &[&Report]) {
    let groups = Group::all(reports);
    let screen = Screen::of_errors(style.color);
    let handler = handler(&screen);
    let mut safe = SafeFiles { hidden: reports.iter().flat_map(|report| &report.hidden).collect(), files: HashMap::new() };
    let mut err = std::io::stderr().lock();
    for group in groups.iter().take(MOST_MESSAGES) {
        written(writeln!(err, "{}", one(&handler, &screen, group, &mut safe)));
    }
    if let Some(left_out) = left_out(&groups) {
        written(writeln!(err, "{left_out}\n"));
    }
}

fn one(handler: &GraphicalReportHandler, screen: &Screen, group: &Group<'_>, safe: &mut SafeFiles<'_>) -> String {
    let mut text = String::new();
    let shown = Shown::new(group, screen, safe);
    if handler.render_report(&mut text, &shown).is_err() {
        text = format!("{}: {}\n", shown.code, shown.message);
    }
    text
}

fn handler(screen: &Screen) -> GraphicalReportHandler {
    let theme = match (screen.colour, screen.unicode) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme { characters: miette::ThemeCharacters::ascii(), styles: miette::ThemeStyles::ansi() },
        (false, true) => GraphicalTheme::unicode_nocolor(),
        (false, false) => GraphicalTheme::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(screen.width).with_wrap_lines(false);
    handler.with_context_lines(1).with_links(false).without_cause_chain()
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
        let shown = hidden.iter().filter(|location| location.file.path == file.path);
        let ranges = shown.map(|location| file.in_text(location.start as usize)..file.in_text(location.end as usize));
        SafeFile { file: Arc::clone(file), text: clean(&redact(&file.text, ranges.collect())) }
    }
}

/// Files that were made safe, each once: many reports may be of one large file.
struct SafeFiles<'h> {
    hidden: Vec<&'h Location>,
    files: HashMap<*const SourceFile, Arc<SafeFile>>,
}

impl SafeFiles<'_> {
    fn of(&mut self, file: &Arc<SourceFile>) -> Arc<SafeFile> {
        // What is in the map holds its file, so that no other file gets its address.
        let safe = self.files.entry(Arc::as_ptr(file)).or_insert_with(|| Arc::new(SafeFile::new(file, &self.hidden)));
        Arc::clone(safe)
    }
}

/// The files of one report, one behind the other in one range of offsets: miette takes a single source. Spans across two files cannot be
/// read, which is how it shows each file separately.
#[derive(Debug, Default)]
struct Sources {
    parts: Vec<(usize, Arc<SafeFile>)>,
}

impl Sources {
    /// Where a file starts, which is added when it is new.
    fn start_of(&mut self, file: &Arc<SourceFile>, safe: &mut SafeFiles<'_>) -> usize {
        if let Some((start, _)) = self.parts.iter().find(|(_, part)| Arc::ptr_eq(&part.file, file)) {
            return *start;
        }
        let start = self.parts.last().map_or(0, |(start, part)| start + part.text.len() + 1);
        self.parts.push((start, safe.of(file)));
        start
    }
}

impl SourceCode for Sources {
    fn read_span<'a>(&'a self, span: &SourceSpan, before: usize, after: usize) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let holds =
            |(start, part): &&(usize, Arc<SafeFile>)| span.offset() >= *start && span.offset() + span.len() <= start + part.text.len();
        let (start, part) = self.parts.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        let inner = part.text.as_str().read_span(&SourceSpan::from((span.offset() - start, span.len())), before, after)?;
        let place = SourceSpan::from((inner.span().offset() + start, inner.span().len()));
        let name = clean_line(&part.file.path);
        // Both count from the start of the file.
        let skipped = part.file.skipped_lines();
        let (line, lines) = (skipped + inner.line(), skipped + inner.line_count());
        Ok(Box::new(MietteSpanContents::new_named(name, inner.data(), place, line, inner.column(), lines)))
    }
}

/// A report as miette takes it.
#[derive(Debug)]
struct Shown {
    message: String,
    code: &'static str,
    severity: Severity,
    help: Option<String>,
    sources: Sources,
    labels: Vec<LabeledSpan>,
}

impl Shown {
    fn new(group: &Group<'_>, screen: &Screen, safe: &mut SafeFiles<'_>) -> Self {
        let report = group.first;
        let mut message = wrapped(&clean(&report.message), screen.width - BEFORE_MESSAGE);
        let mut sources = Sources::default();
        let mut labels = Vec::with_capacity(report.labels.len());
        let mut parts = Parts::default();
        for (index, label) in report.labels.iter().enumerate() {
            if can_show(label) {
                let file = parts.of(report, label);
                let start = sources.start_of(&file, safe);
                labels.push(labelled(label, &file, start, index == 0));
            } else {
                // A line that is not there or too long to show is named.
                let text = if label.text.is_empty() { String::new() } else { format!(": {}", clean(&label.text)) };
                message = format!("{message}\n{}{text}", place(label));
            }
        }
        let lines: Vec<String> = report.help.as_deref().map(clean).into_iter().chain(group.elsewhere()).collect();
        let help = (!lines.is_empty()).then(|| wrapped(&lines.join("\n"), screen.width - BEFORE_HELP));
        Shown { message, code: report.code.name, severity: report.severity, help, sources, labels }
    }
}

/// Of files that have lines of several customers what may be shown to one of them: the places that its report is about.
#[derive(Default)]
struct Parts {
    files: Vec<(Arc<SourceFile>, Arc<SourceFile>)>,
}

impl Parts {
    fn of(&mut self, report: &Report, label: &ReportLabel) -> Arc<SourceFile> {
        let file = &label.location.file;
        // What every run over all customers says of the platform file is of no customer, and its lines around may be of several.
        let is_of_platform = [&codes::UNMATCHED_PATTERN, &codes::MISLEADING_NAME, &codes::EMPTIED_SECTION].contains(&report.code);
        let is_whole = report.customer.is_none() && !is_of_platform;
        if is_whole || !file.is_of_several() {
            return Arc::clone(file);
        }
        if let Some((_, part)) = self.files.iter().find(|(whole, _)| Arc::ptr_eq(whole, file)) {
            return Arc::clone(part);
        }
        let places = report.labels.iter().map(|label| &label.location).filter(|location| Arc::ptr_eq(&location.file, file));
        let part = file.only(&places.map(Location::range).collect::<Vec<_>>());
        self.files.push((Arc::clone(file), Arc::clone(&part)));
        part
    }
}

fn labelled(label: &ReportLabel, file: &SourceFile, file_start: usize, primary: bool) -> LabeledSpan {
    let range = label.location.range();
    let text = (!label.text.is_empty()).then(|| clean(&label.text));
    let span = SourceSpan::from((file_start + file.in_text(range.start), range.len()));
    if primary { LabeledSpan::new_primary_with_span(text, span) } else { LabeledSpan::new_with_span(text, span) }
}

/// True when the line of a label can be shown: there is one, and it is not too long to read.
fn can_show(label: &ReportLabel) -> bool {
    let file = &label.location.file;
    let line = file.line(label.location.start_position().line).trim_end();
    !file.text.is_empty() && line.len() <= LONGEST_LINE
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
        (!self.labels.is_empty()).then_some(&self.sources as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}

/// Prints the differences of `--check` on standard output.
pub(super) fn differences(style: Style, differences: &[Difference]) {
    if style.quiet {
        return;
    }
    let mut text = String::new();
    for difference in differences {
        text.push_str(&format!("{}: {}\n", difference.file, difference.state.as_str()));
        text.push_str(&difference.unified());
    }
    out(&clean(&text));
}

/// Prints the diff of a dry run of `--fix` on standard output.
pub(super) fn fix_diffs(style: Style, fixes: &Fixes) {
    if fixes.dry_run && !style.quiet {
        fixes.files.iter().for_each(|file| out(&clean(&file.diff)));
    }
}

/// Prints on standard error what `--fix` did.
pub(super) fn fixes(fixes: &Fixes, remaining: usize) {
    for left in &fixes.left {
        note(&format!("left `{}` unchanged: {}", left.file, left.reason));
    }
    let fixed = format!("{} in {}", count(fixes.mistakes, "mistake", "mistakes"), count(fixes.files.len(), "file", "files"));
    note(&match (fixes.dry_run, fixes.files.is_empty(), remaining) {
        (true, true, _) => "would fix nothing".to_owned(),
        (true, false, _) => format!("would fix {fixed}"),
        (false, true, remaining) => format!("fixed nothing; {}", remain(remaining)),
        (false, false, remaining) => format!("fixed {fixed}; {}", remain(remaining)),
    });
}

/// Prints how many mistakes of documents have a safe fix.
pub(super) fn fixable(style: Style, reports: &[&Report]) {
    let fixable = reports.iter().filter(|report| report.certain && report.customer.is_some()).count();
    if fixable > 0 && !style.quiet {
        note(&format!("`terralet check --fix` can fix {}", count(fixable, "mistake", "mistakes")));
    }
}

fn remain(errors: usize) -> String {
    match errors {
        0 => "none remains".to_owned(),
        1 => "1 remains".to_owned(),
        many => format!("{many} remain"),
    }
}

fn count(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The summary line.
pub(super) fn summary(run: &RunReport<'_>) -> String {
    let summary = run.summary;
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
    if let Some(written) = &run.written {
        let place = if written.files > 0 { format!(" to `{}`", written.output) } else { String::new() };
        parts.push(format!("{} written{place}", count(written.files, "file", "files")));
        parts.push(format!("{} unchanged", written.unchanged));
    }
    if !run.differences.is_empty() {
        parts.push(count(run.differences.len(), "difference", "differences"));
    }
    parts.push(format!("{:.2} s", run.elapsed.as_secs_f64()));
    parts.join(", ")
}
