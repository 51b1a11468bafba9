//! The results of a run.

use std::path::Path;
use std::time::Duration;
use terralet_core::diagnostics::{Report, Summary};
use terralet_core::fix::Fixes;
use terralet_core::reconcile::Written;
use terralet_core::tree::Difference;

/// Everything that a run prints.
pub struct RunReport<'t> {
    /// The workspace's root, which paths are relative to.
    pub root: &'t Path,
    /// Diagnostics, in any order.
    pub reports: Vec<&'t Report>,
    /// Files of the tree that are not as they would be written.
    pub differences: &'t [Difference],
    /// The numbers at the end.
    pub summary: Summary,
    /// What was written; nothing where nothing was to be.
    pub written: Option<Written>,
    /// What `--fix` did.
    pub fixes: Option<&'t Fixes>,
    /// How long it took.
    pub elapsed: Duration,
}

impl<'t> RunReport<'t> {
    /// The results of a run that wrote nothing and compared no tree.
    pub fn new(root: &'t Path, reports: Vec<&'t Report>, summary: Summary, elapsed: Duration) -> Self {
        RunReport { root, reports, differences: &[], summary, written: None, fixes: None, elapsed }
    }
}
