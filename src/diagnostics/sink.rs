//! The sink that every pass of one customer reports to.
//!
//! "One mistake, one error" is kept here and nowhere else: a pass reports what it sees, and `finish` leaves out what only follows
//! from something else.

use super::{Code, Diagnostic, Edit, Report, ReportEdit, ReportLabel, Severity, codes};
use crate::source::{SourceMap, Span};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What the platform's `rules` make of each code: a severity, or nothing for `off`.
#[derive(Clone, Debug, Default)]
pub struct Rules(pub BTreeMap<&'static str, Option<Severity>>);

impl Rules {
    /// The severity of a code under these rules, nothing when it is off.
    pub fn severity(&self, code: &'static Code) -> Option<Severity> {
        if code.fixed {
            return Some(code.severity);
        }
        self.0.get(code.name).copied().unwrap_or(Some(code.severity))
    }
}

/// Codes that judge a value by what AWS takes, which says nothing of a customer of another cloud.
static OF_AWS: [&Code; 6] = [
    &codes::UNKNOWN_REGION,
    &codes::UNKNOWN_INSTANCE_TYPE,
    &codes::INVALID_INSTANCE_CLASS,
    &codes::INVALID_AMI,
    &codes::INVALID_ARN,
    &codes::REGION_MISMATCH,
];

/// Collects the diagnostics of one customer.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    seen: HashSet<(&'static str, Span, Option<Box<str>>)>,
    /// Anchored text that aliases repeat.
    repeated: HashSet<Span>,
}

impl Diagnostics {
    /// An empty sink.
    pub fn new() -> Self {
        Diagnostics::default()
    }

    /// Takes a diagnostic. The same code at the same place about the same thing is one mistake, however many deployments it shows in.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if let Some(span) = diagnostic.primary()
            && !self.seen.insert((diagnostic.code.name, span, diagnostic.about.clone()))
        {
            return;
        }
        self.list.push(diagnostic);
    }

    /// Notes text that stands for several places, through an anchor and its aliases: a change of it is a change of them all.
    pub fn repeats(&mut self, anchored: impl IntoIterator<Item = Span>) {
        self.repeated.extend(anchored);
    }

    /// True when a code was reported at a place.
    pub fn has(&self, code: &'static Code, span: Span) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.code == code && diagnostic.primary() == Some(span))
    }

    /// True when anything was reported that is an error under these rules.
    pub fn has_errors(&self, rules: &Rules) -> bool {
        self.list.iter().any(|diagnostic| rules.severity(diagnostic.code) == Some(Severity::Error))
    }

    /// All that was reported, in the order of reporting.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Leaves out consequences, applies the rules, and makes every report stand by itself.
    pub fn finish(
        self,
        sources: &SourceMap,
        rules: &Rules,
        customer: Option<&Arc<str>>,
        path_at: impl Fn(Span) -> Option<String>,
    ) -> Vec<Report> {
        let conflicts: HashSet<Span> = spans_of(&self.list, &codes::MERGE_TYPE_CONFLICT);
        let missing: HashSet<Span> = spans_of(&self.list, &codes::MISSING_KEY);
        let out_of_range: HashSet<Span> = spans_of(&self.list, &codes::OUT_OF_RANGE);
        let other_cloud = self.list.iter().any(|diagnostic| diagnostic.code == &codes::CLOUD_WITHOUT_MODULES);
        let follows = |diagnostic: &Diagnostic| {
            let Some(span) = diagnostic.primary() else { return false };
            (other_cloud && OF_AWS.contains(&diagnostic.code))
                || (diagnostic.code == &codes::WRONG_TYPE && conflicts.contains(&span))
                || (diagnostic.code == &codes::OVERRIDE_WITHOUT_EFFECT && missing.contains(&span))
                || (diagnostic.code == &codes::TOO_FEW_ZONES && out_of_range.contains(&span))
        };
        let repeated = outermost(&self.repeated);
        let mut reports: Vec<Report> = Vec::with_capacity(self.list.len());
        for diagnostic in self.list.iter().filter(|diagnostic| !follows(diagnostic)) {
            let Some(severity) = rules.severity(diagnostic.code) else { continue };
            let mut report = report(diagnostic, severity, sources, customer, &path_at);
            report.certain &= Self::leaves_no_choice(diagnostic, &repeated, sources);
            reports.push(report);
        }
        reports.sort_by(Report::order);
        reports
    }
    /// False where a replacement that its rule is certain of has more to it: text that aliases repeat, that a template makes, or that has
    /// several lines. A replacement has to stand by itself on what it replaces.
    fn leaves_no_choice(diagnostic: &Diagnostic, repeated: &[Span], sources: &SourceMap) -> bool {
        diagnostic.certain
            && diagnostic.edits.iter().all(|edit| {
                let text = sources.text(edit.span);
                let before = |anchored: &Span| (anchored.file, anchored.start) <= (edit.span.file, edit.span.start);
                let last = repeated.partition_point(before).checked_sub(1).and_then(|at| repeated.get(at));
                let is_repeated = || last.is_some_and(|anchored| anchored.contains(edit.span));
                !text.is_empty() && !text.contains(['\n', '\r']) && !text.contains("{{") && !is_repeated()
            })
    }
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
    path_at: &impl Fn(Span) -> Option<String>,
) -> Report {
    let labels = diagnostic.labels.iter();
    let edits = diagnostic.edits.iter();
    let mut report = Report {
        code: diagnostic.code,
        severity,
        message: diagnostic.message.clone(),
        help: diagnostic.help.as_deref().map(str::to_owned),
        customer: customer.cloned(),
        path: diagnostic.primary().and_then(path_at),
        labels: labels
            .filter_map(|label| {
                sources.locate(sources.first_line(label.span)).map(|location| ReportLabel { location, text: label.text.clone() })
            })
            .collect(),
        edits: edits
            .filter_map(|edit| sources.locate(edit.span).map(|location| ReportEdit { location, text: replacement(edit, sources) }))
            .collect(),
        certain: diagnostic.certain,
        hidden: diagnostic
            .primary()
            .filter(|_| diagnostic.code == &codes::SECRET_IN_SOURCE)
            .and_then(|span| sources.locate(span))
            .into_iter()
            .collect(),
    };
    report.shorten();
    report
}
