//! The sink that every pass of one customer reports to.
//!
//! "One mistake, one error" is kept here and nowhere else: a pass reports what it sees, and `finish` leaves out what only follows
//! from something else.

use super::bounded::{bounded, bounded_words};
use super::{Code, Diagnostic, Edit, Report, ReportEdit, ReportLabel, Severity, and_list, codes};
use crate::source::{SourceMap, Span};
use smol_str::SmolStr;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// What the platform's `rules` make of each code: a severity, or nothing for `off`.
#[derive(Clone, Debug, Default)]
pub struct Rules(pub BTreeMap<&'static str, Option<Severity>>);

impl Rules {
    /// The severity of a code under these rules, nothing when it is off.
    pub fn severity(&self, code: &'static Code) -> Option<Severity> {
        if code.fixed && !code.raisable {
            return Some(code.severity);
        }
        self.0.get(code.name).copied().unwrap_or(Some(code.severity))
    }

    /// True where a rule says something of a code.
    pub fn names(&self, code: &Code) -> bool {
        self.0.contains_key(code.name)
    }

    /// A report with the severity that its code has under these rules, nothing when it is off.
    pub fn report(&self, code: &'static Code, message: impl Into<Box<str>>) -> Option<Report> {
        let severity = self.severity(code)?;
        Some(Report::new(code, message).with_severity(severity))
    }

    /// The severity of a diagnostic under these rules, nothing when it is off.
    pub fn of(&self, diagnostic: &Diagnostic) -> Option<Severity> {
        // Errors come first in the order of severities.
        self.severity(diagnostic.code).into_iter().chain(diagnostic.least).min()
    }
}

/// Codes that judge a value by what one cloud takes, which says nothing of a customer of another cloud.
static OF_CLOUD: [&Code; 6] = [
    &codes::UNKNOWN_REGION,
    &codes::UNKNOWN_INSTANCE_TYPE,
    &codes::INVALID_INSTANCE_CLASS,
    &codes::INVALID_AMI,
    &codes::INVALID_ARN,
    &codes::REGION_MISMATCH,
];

/// How many diagnostics of one code are kept of one customer. It is counted by code, so that many of one never hide one of another.
pub const MOST_OF_A_CODE: usize = 1000;

/// How many keys that `<<` does not bring are named.
const MOST_LOST: usize = 8;

/// Collects the diagnostics of one customer.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    seen: HashSet<(&'static str, Span, Option<Box<str>>)>,
    places: HashSet<(&'static str, Span)>,
    /// Anchored text that aliases repeat.
    repeated: HashSet<Span>,
    /// Keys and nulls that take the place of an anchor's, with what the anchor has below its own.
    not_merged: HashMap<Span, Vec<SmolStr>>,
    counts: BTreeMap<&'static str, Count>,
}

/// What was reported of one code.
#[derive(Debug, Default)]
struct Count {
    kept: usize,
    left_out: usize,
    /// The first that was left out.
    first: Option<Diagnostic>,
}

impl Diagnostics {
    /// An empty sink.
    pub fn new() -> Self {
        Diagnostics::default()
    }

    /// Takes a diagnostic. The same code at the same place about the same thing is one mistake, however many deployments it shows in.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if let Some(span) = diagnostic.primary() {
            if !self.seen.insert((diagnostic.code.name, span, diagnostic.about.clone())) {
                return;
            }
            self.places.insert((diagnostic.code.name, span));
        }
        let count = self.counts.entry(diagnostic.code.name).or_default();
        if count.kept < MOST_OF_A_CODE {
            count.kept += 1;
            self.list.push(diagnostic);
            return;
        }
        count.left_out += 1;
        count.first.get_or_insert(diagnostic);
    }

    /// True when no more of a code are kept: what is reported from now on is counted, and its words are for nobody.
    pub fn is_full(&self, code: &'static Code) -> bool {
        self.counts.get(code.name).is_some_and(|count| count.left_out > 0)
    }

    /// Notes text that stands for several places, through an anchor and its aliases: a change of it is a change of them all.
    pub fn repeats(&mut self, anchored: impl IntoIterator<Item = Span>) {
        self.repeated.extend(anchored);
    }

    /// Notes that a value took the place of an anchor's, which has these keys more: the mapping of the key at this place, or the null there.
    pub fn not_merged(&mut self, at: Span, lost: Vec<SmolStr>) {
        self.not_merged.entry(at).or_insert(lost);
    }

    /// The keys that did not come along with `<<`, where one of them is missing.
    fn lost_in_merge(&self, diagnostic: &Diagnostic) -> Option<&Vec<SmolStr>> {
        let about = diagnostic.about.as_deref().filter(|_| diagnostic.code == &codes::MISSING_KEY)?;
        self.not_merged.get(&diagnostic.primary()?).filter(|lost| lost.iter().any(|key| key == about))
    }

    /// True when a code was reported at a place.
    pub fn has(&self, code: &'static Code, span: Span) -> bool {
        self.places.contains(&(code.name, span))
    }

    /// True when anything was reported that is an error under these rules.
    pub fn has_errors(&self, rules: &Rules) -> bool {
        self.list.iter().any(|diagnostic| rules.of(diagnostic) == Some(Severity::Error))
    }

    /// All that was reported, in the order of reporting.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Leaves out consequences, applies the rules, and makes every report stand alone.
    pub fn finish(
        self,
        sources: &SourceMap,
        rules: &Rules,
        customer: Option<&Arc<str>>,
        path_at: &dyn Fn(Span) -> Option<String>,
    ) -> Vec<Report> {
        let conflicts: HashSet<Span> = spans_of(&self.list, &codes::MERGE_TYPE_CONFLICT);
        let missing: HashSet<Span> = spans_of(&self.list, &codes::MISSING_KEY);
        let out_of_range: HashSet<Span> = spans_of(&self.list, &codes::OUT_OF_RANGE);
        let other_cloud = self.list.iter().any(|diagnostic| diagnostic.code == &codes::CLOUD_WITHOUT_MODULES);
        let emptied: HashSet<Span> = spans_of(&self.list, &codes::EMPTIED_SECTION);
        let explained: HashSet<Span> =
            self.list.iter().filter(|diagnostic| self.lost_in_merge(diagnostic).is_some()).filter_map(Diagnostic::primary).collect();
        let follows = |diagnostic: &Diagnostic| {
            let Some(span) = diagnostic.primary() else { return false };
            (other_cloud && OF_CLOUD.contains(&diagnostic.code))
                || (diagnostic.code == &codes::WRONG_TYPE && conflicts.contains(&span))
                || (diagnostic.code == &codes::OVERRIDE_WITHOUT_EFFECT && missing.contains(&span))
                || (diagnostic.code == &codes::OVERRIDE_WITHOUT_EFFECT && self.not_merged.contains_key(&span))
                || (diagnostic.code == &codes::SHALLOW_MERGE && (explained.contains(&span) || emptied.contains(&span)))
                || (diagnostic.code == &codes::TOO_FEW_ZONES && out_of_range.contains(&span))
        };
        let repeated = outermost(&self.repeated);
        let mut reports: Vec<Report> = Vec::with_capacity(self.list.len());
        let left_out: Vec<Diagnostic> = self.counts.values().filter_map(Count::left_out).collect();
        for diagnostic in self.list.iter().filter(|diagnostic| !follows(diagnostic)).chain(&left_out) {
            let Some(severity) = rules.of(diagnostic) else { continue };
            let mut report = report(diagnostic, severity, sources, customer, path_at);
            if let (Some(lost), Some(help)) = (self.lost_in_merge(diagnostic), &mut report.help) {
                let all = and_list(lost.iter().take(MOST_LOST).map(SmolStr::as_str));
                *help =
                    bounded_words(format!("{help}; `<<` brings nothing below a key that is written here too, and so lost {all}").into());
            }
            report.certain &= Self::leaves_no_choice(diagnostic, &repeated, sources);
            reports.push(report);
        }
        reports.sort_by(Report::order);
        reports
    }
    /// False where a replacement that its rule is certain of has more to it: text that aliases repeat, that a template makes, or that has
    /// several lines. A replacement has to stand alone on what it replaces.
    fn leaves_no_choice(diagnostic: &Diagnostic, repeated: &[Span], sources: &SourceMap) -> bool {
        diagnostic.certain
            && diagnostic.edits.iter().all(|edit| {
                let text = sources.text(edit.span);
                let before = |anchored: &Span| (anchored.file, anchored.start) <= (edit.span.file, edit.span.start);
                let last = repeated.partition_point(before).checked_sub(1).and_then(|at| repeated.get(at));
                let is_repeated = || last.is_some_and(|anchored| anchored.contains(edit.span));
                !text.is_empty() && (!text.contains(['\n', '\r']) || is_line_of_block(text)) && !text.contains("{{") && !is_repeated()
            })
    }
}

/// True for a block of text that has one line, with its mark and nothing else before it.
fn is_line_of_block(text: &str) -> bool {
    let Some((mark, line)) = text.split_once('\n') else { return false };
    let mark = mark.trim_start_matches(':').trim();
    mark.starts_with(['|', '>']) && mark.len() <= 3 && !mark.contains([' ', '#']) && !line.trim().is_empty() && !line.contains(['\n', '\r'])
}

/// The text of a replacement, in the quotes of what it replaces where those stay.
fn replacement(edit: &Edit, sources: &SourceMap) -> String {
    let text = sources.text(edit.span);
    let quote = ['"', '\''].into_iter().find(|quote| text.len() >= 2 && text.starts_with(*quote) && text.ends_with(*quote));
    match quote.filter(|_| edit.keeps_quotes) {
        Some(quote) => format!("{quote}{}{quote}", edit.text),
        None => edit.text.clone(),
    }
}

/// The spans that no other one contains, in order. Nodes stand in each other or apart.
fn outermost(spans: &HashSet<Span>) -> Vec<Span> {
    let mut sorted: Vec<Span> = spans.iter().copied().collect();
    sorted.sort_by_key(|span| (span.file, span.start, Reverse(span.end)));
    let mut outermost: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        if outermost.last().is_none_or(|last| !last.contains(span)) {
            outermost.push(span);
        }
    }
    outermost
}

impl Count {
    /// What is said of those that were left out.
    fn left_out(&self) -> Option<Diagnostic> {
        let first = self.first.as_ref()?;
        let message = match self.left_out {
            1 => "1 more of these is not shown".to_owned(),
            count => format!("{count} more of these are not shown"),
        };
        let diagnostic = Diagnostic::new(first.code, message).help("fix those that are shown, and run again");
        Some(first.primary().into_iter().fold(diagnostic, |diagnostic, span| diagnostic.at(span, "the first of them")))
    }
}

fn spans_of(list: &[Diagnostic], code: &'static Code) -> HashSet<Span> {
    list.iter()
        .filter(|diagnostic| diagnostic.code == code)
        .flat_map(|diagnostic| diagnostic.labels.iter().map(|label| label.span))
        .collect()
}

fn report(
    diagnostic: &Diagnostic,
    severity: Severity,
    sources: &SourceMap,
    customer: Option<&Arc<str>>,
    path_at: &dyn Fn(Span) -> Option<String>,
) -> Report {
    // Reports stay until the run ends, and so lists take no more than they hold.
    let mut labels = Vec::with_capacity(diagnostic.labels.len());
    labels.extend(diagnostic.labels.iter().filter_map(|label| {
        let location = sources.locate(sources.first_line(label.span))?;
        Some(ReportLabel { location, text: bounded_words(label.text.clone()) })
    }));
    let edits = diagnostic.edits.iter().map(|edit| {
        let is_removal = edit.text.is_empty() && !edit.keeps_quotes;
        // Between braces a comma would stay.
        let span = if is_removal { sources.whole_lines(edit.span)? } else { edit.span };
        let location = sources.locate(span)?;
        Some(ReportEdit { location, text: replacement(edit, sources) })
    });
    // All together or none: what is removed in one place may be written in another.
    let edits: Vec<ReportEdit> = edits.collect::<Option<_>>().unwrap_or_default();
    let mut report = Report::new(diagnostic.code, bounded(&diagnostic.message)).with_severity(severity).of(customer.cloned());
    report.help = diagnostic.help.clone().map(bounded_words);
    report.path = diagnostic.primary().and_then(path_at).map(|path| bounded(&path).into());
    report.labels = labels;
    report.edits = edits;
    report.certain = diagnostic.certain;
    let secret = diagnostic.primary().filter(|_| diagnostic.code == &codes::SECRET_IN_SOURCE);
    report.hidden.extend(secret.and_then(|span| sources.locate(span)));
    report.shorten();
    report
}
