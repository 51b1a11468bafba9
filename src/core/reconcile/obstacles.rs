//! Files that stand in the way, and how what is found is reported.

use super::Reconciler;
use crate::diagnostics::{Code, Report, Severity, codes};
use crate::emit::MODULES;
use crate::source;
use crate::tree::{Change, Difference, FileState, RootDiff, current_name};
use std::borrow::Cow;
use std::sync::Arc;

impl Reconciler<'_> {
    /// Reports a file that stands in the way; true when it keeps the root from being written. Under `--check` it is a difference.
    pub(super) fn obstacle(&mut self, directory: &str, change: &Change, customer: Option<Arc<str>>, place: Option<&source::Place>) -> bool {
        let file = self.tree.shown(&format!("{directory}/{}", change.name));
        if self.options.check {
            if customer.is_none() {
                self.differences.push(Difference { file, state: change.state, old: change.old.clone(), new: None });
            }
            return false;
        }
        let (code, message, help) = match (change.state, &change.new) {
            (FileState::HandEdited, Some(_)) => (
                &codes::HAND_EDITED_FILE,
                format!("`{file}` was edited by hand"),
                "revert the edit, or replace it with `--overwrite`; `compile --check` shows what was edited",
            ),
            (FileState::Interrupted, _) => (
                &codes::HAND_EDITED_FILE,
                format!("`{file}` is cut short, and its deployment is gone, so nothing can write it again"),
                "restore the file from an earlier version of the tree: it says where the state is, and with what it is destroyed",
            ),
            (FileState::HandEdited, None) if directory.starts_with(MODULES) => (
                &codes::HAND_EDITED_FILE,
                format!("`{file}` was edited by hand, and is no longer wanted"),
                "keep the edit elsewhere, and remove the file or let `--overwrite` remove it",
            ),
            (FileState::HandEdited, None) => (
                &codes::HAND_EDITED_FILE,
                format!("`{file}` was edited by hand, and its deployment is gone"),
                "revert the edit: what destroys the infrastructure is what built it",
            ),
            (FileState::Stray, _) => (
                &codes::FOREIGN_FILE,
                format!("`{file}` is of another deployment than the rest of its directory"),
                "it was put there from elsewhere: move it away, and restore the file that belongs there from an earlier version of the tree",
            ),
            _ => (
                &codes::FOREIGN_FILE,
                format!("`{file}` is not terralet's, and Terraform would read it"),
                "move the file away: what is below the output directory is generated",
            ),
        };
        self.push_at(code, customer, place, message, help);
        true
    }

    /// Reports what the tree shows; true when it keeps the customer from being written.
    pub(super) fn push(&mut self, mut report: Report) -> bool {
        // Errors that `--allow-missing` has made warnings keep what it made of them.
        if report.code.raisable || !report.code.fixed {
            let platform = self.platform;
            let repository = report.customer.as_deref().map(|repository| current_name(repository, platform));
            let rules = repository.map_or(&platform.rules, |repository| platform.rules_of(&repository));
            match rules.severity(report.code) {
                Some(severity) if rules.names(report.code) => report.severity = severity,
                Some(_) => {}
                None => return false,
            }
        }
        if self.options.deny_warnings {
            report.deny();
        }
        let is_error = report.severity == Severity::Error;
        report.shorten();
        self.reports.push(report);
        is_error
    }

    /// A report about the tree.
    pub(super) fn report(
        &self,
        code: &'static Code,
        customer: Option<Arc<str>>,
        place: Option<&source::Place>,
        message: impl Into<Box<str>>,
        help: impl Into<Cow<'static, str>>,
    ) -> Report {
        Report::new(code, message).of(customer).at(place.map(|place| self.run.locate(place)), "").help(help)
    }

    /// Reports something about the tree; true when it keeps the customer from being written.
    pub(super) fn push_at(
        &mut self,
        code: &'static Code,
        customer: Option<Arc<str>>,
        place: Option<&source::Place>,
        message: impl Into<Box<str>>,
        help: impl Into<Cow<'static, str>>,
    ) -> bool {
        let report = self.report(code, customer, place, message, help);
        self.push(report)
    }

    /// Lists what differs in a directory.
    pub(super) fn differ(&mut self, directory: &str, plan: &RootDiff) {
        for change in &plan.changes {
            let file = self.tree.shown(&format!("{directory}/{}", change.name));
            self.differences.push(Difference { file, state: change.state, old: change.old.clone(), new: change.new.clone() });
        }
    }
}
