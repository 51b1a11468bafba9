//! A diagnostic of Terraform's as a report of ours: its text, and both places.

use super::{Mapped, TerraformDiagnostic};
use crate::diagnostics::{Report, ReportLabel, Severity, codes};
use crate::source::Location;
use std::sync::Arc;

/// The place that Terraform names.
#[derive(Debug, Clone)]
pub struct Generated {
    /// The file as it is printed: relative to the workspace, or as Terraform has it where it cannot be found.
    pub file: String,
    /// Line and column, from 1.
    pub position: (usize, usize),
    /// The place in its text, when the file can be read.
    pub location: Option<Location>,
}

/// Everything that is known of a diagnostic's place.
#[derive(Debug, Default)]
pub struct TracedPlace {
    /// The repository that it belongs to.
    pub customer: Option<Arc<str>>,
    /// What Terraform names.
    pub generated: Option<Generated>,
    /// What that comes from.
    pub mapped: Option<Mapped>,
    /// What the arguments come from that the module's line reads.
    pub read: Vec<Mapped>,
    /// What has to be said of the mapping.
    pub note: Option<&'static str>,
}

/// Makes the report. Without a mapping it is what Terraform said, at the place that Terraform named.
pub fn report(diagnostic: &TerraformDiagnostic, place: TracedPlace) -> Report {
    let TracedPlace { customer, generated, mapped, read, note } = place;
    let mut message = diagnostic.summary.clone();
    if !diagnostic.detail.is_empty() {
        message = format!("{message}\n{}", diagnostic.detail);
    }
    let mut labels = Vec::new();
    if let Some(mapped) = &mapped {
        labels.push(ReportLabel { location: mapped.origin.location.clone(), text: format!("{} comes from here", mapped.what).into() });
    }
    for read in read.into_iter().filter(|read| !labels.iter().any(|label| label.location == read.origin.location)).collect::<Vec<_>>() {
        labels.push(ReportLabel { location: read.origin.location, text: format!("{}, which the module reads there", read.what).into() });
    }
    let is_lost = mapped.is_none() && generated.as_ref().is_some_and(|generated| generated.location.is_none());
    let note = match (is_lost, &customer) {
        (true, None) => Some("that file cannot be found from here; name the root: `terralet trace ADDRESS`"),
        (true, Some(_)) => Some("that file no longer exists"),
        (false, _) => note,
    };
    let help = found(diagnostic, generated.as_ref(), note);
    if let Some(location) = generated.and_then(|generated| generated.location) {
        let text = if mapped.is_some() { "what Terraform names" } else { "" };
        labels.push(ReportLabel { location, text: text.to_owned().into() });
    }
    let severity = if diagnostic.is_error() { Severity::Error } else { Severity::Warning };
    let mut report = Report::new(&codes::TERRAFORM_DIAGNOSTIC, message).with_severity(severity).of(customer);
    report.help = help.map(Into::into);
    report.path = mapped.and_then(|mapped| mapped.origin.key).map(Into::into);
    report.labels = labels;
    report
}

/// Where Terraform found it.
fn found(diagnostic: &TerraformDiagnostic, generated: Option<&Generated>, note: Option<&str>) -> Option<String> {
    let at = generated.map(|generated| format!("at {}:{}:{}", generated.file, generated.position.0, generated.position.1));
    let address = diagnostic.address.as_ref().map(|address| format!("in `{address}`"));
    let places: Vec<String> = address.into_iter().chain(at).collect();
    let mut sentences = Vec::new();
    if !places.is_empty() {
        sentences.push(format!("Terraform found it {}", places.join(", ")));
    }
    sentences.extend(note.map(str::to_owned));
    (!sentences.is_empty()).then(|| sentences.join("; "))
}
