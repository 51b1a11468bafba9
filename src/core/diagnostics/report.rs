//! A diagnostic that stands alone: its files are held, so that it outlives its customer.

use super::{Code, Severity};
use crate::source::Location;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

/// A place with a word on it.
#[derive(Clone, Debug)]
pub struct ReportLabel {
    /// The place.
    pub location: Location,
    /// What stands there; may be empty.
    pub text: Cow<'static, str>,
}

/// A replacement.
#[derive(Clone, Debug)]
pub struct ReportEdit {
    /// What it replaces.
    pub location: Location,
    /// With what.
    pub text: String,
}

/// One mistake, ready to be printed.
#[derive(Clone, Debug)]
pub struct Report {
    /// The code.
    pub code: &'static Code,
    /// The severity, after the platform's rules and `--deny-warnings`.
    pub severity: Severity,
    /// What is wrong.
    pub message: Box<str>,
    /// The way out.
    pub help: Option<Cow<'static, str>>,
    /// The repository that it belongs to.
    pub customer: Option<Arc<str>>,
    /// The key's path in its document, such as `environments.production.region`.
    pub path: Option<Box<str>>,
    /// The offender first.
    pub labels: Vec<ReportLabel>,
    /// Replacements that fix it.
    pub edits: Vec<ReportEdit>,
    /// True when the edits are safe fixes.
    pub certain: bool,
    /// Places whose text must never be shown, in full: a credential may have many lines.
    pub hidden: Vec<Location>,
}

impl Report {
    /// A report with the severity of its code, of nobody and without a place.
    pub fn new(code: &'static Code, message: impl Into<Box<str>>) -> Self {
        Self::with_message(code, message.into())
    }

    // As in `Diagnostic`, what is done at many places is not built into each of them.

    #[inline(never)]
    fn with_message(code: &'static Code, message: Box<str>) -> Self {
        Report {
            code,
            severity: code.severity,
            message,
            help: None,
            customer: None,
            path: None,
            labels: Vec::new(),
            edits: Vec::new(),
            certain: false,
            hidden: Vec::new(),
        }
    }

    #[inline(never)]
    fn with_label(mut self, label: Option<ReportLabel>) -> Self {
        self.labels.extend(label);
        self
    }

    #[inline(never)]
    fn with_help(mut self, help: Cow<'static, str>) -> Self {
        self.help = Some(help);
        self
    }

    /// The same with another severity than its code's.
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Makes a warning an error, as `--deny-warnings` wants it; true where it was one.
    pub fn deny(&mut self) -> bool {
        let is_warning = self.severity == Severity::Warning;
        if is_warning {
            self.severity = Severity::Error;
        }
        is_warning
    }

    /// The repository that it belongs to.
    pub fn of(mut self, customer: Option<Arc<str>>) -> Self {
        self.customer = customer;
        self
    }

    /// A place, where there is one, with what stands there; may be empty.
    pub fn at(self, location: Option<Location>, text: impl Into<Cow<'static, str>>) -> Self {
        self.with_label(location.map(|location| ReportLabel { location, text: text.into() }))
    }

    /// The way out.
    pub fn help(self, help: impl Into<Cow<'static, str>>) -> Self {
        self.with_help(help.into())
    }

    /// Lets go of all text of the customer's documents but the lines that are shown.
    pub fn shorten(&mut self) {
        let labels = self.labels.iter_mut().map(|label| &mut label.location);
        let edits = self.edits.iter_mut().map(|edit| &mut edit.location);
        Location::shorten(labels.chain(edits).chain(&mut self.hidden));
    }

    /// The order of all output: by file, then position, then code; reports without a place come first.
    pub fn order(&self, other: &Self) -> Ordering {
        fn key(report: &Report) -> (Option<(&str, u32, u32)>, &'static str, &str) {
            (report.labels.first().map(|label| label.location.order()), report.code.name, &report.message)
        }
        key(self).cmp(&key(other))
    }
}
