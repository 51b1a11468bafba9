//! The sink that every pass of one customer reports to.
//!
//! "One mistake, one error" is kept here and nowhere else: a pass reports what it sees, and `finish` leaves out what only follows
//! from something else.

use super::{Code, Diagnostic, Report, ReportEdit, ReportLabel, Severity, codes};
use crate::source::{SourceMap, Span};
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
    places: HashSet<(&'static str, Span)>,
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
        self.list.push(diagnostic);
    }

    /// True when a code was reported at a place.
    pub fn has(&self, code: &'static Code, span: Span) -> bool {
        self.places.contains(&(code.name, span))
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
        let mut reports: Vec<Report> = Vec::with_capacity(self.list.len());
        for diagnostic in self.list.iter().filter(|diagnostic| !follows(diagnostic)) {
            let Some(severity) = rules.severity(diagnostic.code) else { continue };
            reports.push(report(diagnostic, severity, sources, customer, &path_at));
        }
        reports.sort_by(Report::order);
        reports
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
            .filter_map(|edit| sources.locate(edit.span).map(|location| ReportEdit { location, text: edit.text.clone() }))
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
