//! What ends a run with exit status 2: usage, the platform file, or the file system.

use super::fleet::Summary;
use std::path::{Path, PathBuf};
use terralet_core::diagnostics::Report;

/// Why a run could not do its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// The platform file has errors.
    Platform {
        /// The directory that the reports' paths are relative to.
        root: PathBuf,
        /// The errors.
        reports: Vec<Report>,
    },
    /// The file system refused.
    Io {
        /// What was tried, such as `read`.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What it said.
        error: std::io::Error,
    },
    /// The call cannot be carried out as it is.
    Usage {
        /// What is wrong.
        message: String,
        /// The way out.
        help: String,
    },
    /// The run had found something when it ended.
    After {
        /// The directory that the reports' paths are relative to.
        root: PathBuf,
        /// What it had found.
        reports: Vec<Report>,
        /// How far it had come.
        summary: Summary,
        /// What ended it.
        failure: Box<Failure>,
    },
}

impl Failure {
    pub(super) fn io(action: &'static str, path: &Path, error: std::io::Error) -> Self {
        Failure::Io { action, path: path.to_owned(), error }
    }

    /// What ended a run that had found something. What was found is told first: it would be found again.
    pub(super) fn after(self, root: &Path, reports: Vec<Report>, summary: Summary) -> Self {
        Failure::After { root: root.to_owned(), reports, summary, failure: Box::new(self) }
    }

    pub(super) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Failure::Usage { message: message.into(), help: help.into() }
    }
}
