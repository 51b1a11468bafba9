//! What ends a run with exit status 2: usage, the platform file, or the file system.

use crate::diagnostics::{Report, Summary};
use std::fmt;
use std::path::{Path, PathBuf};

/// Why a run could not do its work.
#[derive(Debug)]
pub enum Failure {
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
        reason: String,
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
    /// What the file system refused: what was tried, on what, and what it said.
    pub fn io(action: &'static str, path: &Path, reason: impl fmt::Display) -> Self {
        Failure::Io { action, path: path.to_owned(), reason: reason.to_string() }
    }

    /// What ended a run that had found something. What was found is reported first: it would be found again.
    pub fn after(self, root: &Path, reports: Vec<Report>, summary: Summary) -> Self {
        Failure::After { root: root.to_owned(), reports, summary, failure: Box::new(self) }
    }

    /// What is wrong with a call, and the way out.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Failure::Usage { message: message.into(), help: help.into() }
    }
}
