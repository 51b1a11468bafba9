//! Diagnostics for people: miette's graphical reports, equal messages told once.

use super::wrap::wrapped;
use super::{Told, clean};
use crate::cli::args::{Arguments, Color};
use crate::cli::compile::Difference;
use crate::diagnostics::{Report, ReportLabel, Severity};
use crate::schema::secret_ranges;
use crate::source::{Location, SourceFile};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use similar::TextDiff;
use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::sync::Arc;

/// Columns of a report; what stands before a message and a help takes a few of them.
const WIDTH: usize = 100;
const MESSAGE_WIDTH: usize = WIDTH - 4;
const HELP_WIDTH: usize = WIDTH - 8;
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
    let mut safe = SafeFiles { hidden: reports.iter().flat_map(|report| &report.hidden).collect(), files: HashMap::new() };
    let mut err = std::io::stderr().lock();
    for group in groups.iter().take(MOST_MESSAGES) {
        let _gone = writeln!(err, "{}", one(&handler, group, &mut safe));
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

fn one(handler: &GraphicalReportHandler, group: &[&Report], safe: &mut SafeFiles<'_>) -> String {
    let Some(first) = group.first() else { return String::new() };
    let mut text = String::new();
    let shown = Shown::new(first, group.get(1..).unwrap_or(&[]), safe);
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
    let handler = GraphicalReportHandler::new_themed(theme).with_width(WIDTH).with_wrap_lines(false);
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
        let text = clean(&file.text);
        // What the lines at hand hold of a credential: it may begin before them, or end behind.
        let in_text = |location: &&&Location| {
            let end = file.in_text(location.end as usize).min(text.len());
            file.in_text(location.start as usize).min(end)..end
        };
        let told = hidden.iter().filter(|location| location.file.path == file.path).map(|location| in_text(&location));
        let mut ranges: Vec<_> = told.chain(secret_ranges(&file.text)).collect();
        ranges.sort_by_key(|range| range.start);
        let mut shown = String::with_capacity(text.len());
        for range in ranges {
            // Ranges overlap; what is in front of one may be covered already.
            let start = range.start.max(shown.len());
            let (Some(before), Some(covered)) = (text.get(shown.len()..start), text.get(start..range.end)) else { continue };
            shown.push_str(before);
            shown.extend(covered.chars().map(|letter| if letter == '\n' { "\n" } else { STARS.get(..letter.len_utf8()).unwrap_or("") }));
        }
        shown.push_str(text.get(shown.len()..).unwrap_or(""));
        SafeFile { file: Arc::clone(file), text: shown }
    }
}

/// As many as a character has bytes at most.
const STARS: &str = "****";

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
/// read, which is how it shows each file by itself.
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
        let name = clean(&part.file.path);
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
    fn new(report: &Report, others: &[&Report], safe: &mut SafeFiles<'_>) -> Self {
        let mut message = wrapped(&clean(&report.message), MESSAGE_WIDTH);
        let mut sources = Sources::default();
        let mut labels = Vec::with_capacity(report.labels.len());
        for (index, label) in report.labels.iter().enumerate() {
            if can_show(label) {
                let start = sources.start_of(&label.location.file, safe);
                labels.push(labelled(label, start, index == 0));
            } else {
                // A line that is not there or too long to show is named.
                let text = if label.text.is_empty() { String::new() } else { format!(": {}", clean(&label.text)) };
                message = format!("{message}\n{}{text}", place(label));
            }
        }
        let mut help = report.help.as_deref().map(clean);
        let shown_already = |other: &&&Report| {
            let first = other.labels.first().map(|label| label.location.order());
            first.is_some() && report.labels.iter().any(|label| Some(label.location.order()) == first)
        };
        let others: Vec<&&Report> = others.iter().filter(|other| !shown_already(other)).collect();
        if !others.is_empty() {
            let places: Vec<String> = others.iter().take(MOST_PLACES).filter_map(|report| report.labels.first().map(place)).collect();
            let more = if others.len() > places.len() { ", ..." } else { "" };
            let count = if others.len() == 1 { "1 more place".to_owned() } else { format!("{} more places", others.len()) };
            let told = format!("the same in {count}: {}{more}", places.join(", "));
            help = Some(help.map_or(told.clone(), |help| format!("{help}\n{told}")));
        }
        let help = help.map(|help| wrapped(&help, HELP_WIDTH));
        Shown { message, code: report.code.name, severity: report.severity, help, sources, labels }
    }
}

fn labelled(label: &ReportLabel, file_start: usize, primary: bool) -> LabeledSpan {
    let range = label.location.range();
    let text = (!label.text.is_empty()).then(|| clean(&label.text));
    let span = SourceSpan::from((file_start + label.location.file.in_text(range.start), range.len()));
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
        (!self.labels.is_empty()).then_some(&self.sources as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
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
