//! A file of the tree that is not as it would be written.

use super::FileState;
use crate::diff;

/// A difference of `--check`.
#[derive(Debug)]
pub struct Difference {
    /// The file, relative to the workspace.
    pub file: String,
    /// What it is.
    pub state: FileState,
    /// What is on disk.
    pub old: Option<String>,
    /// What should be.
    pub new: Option<String>,
}

impl Difference {
    /// A unified diff from what is on disk to what should be.
    pub fn unified(&self) -> String {
        diff::unified(&self.file, self.old.as_deref().unwrap_or(""), self.new.as_deref().unwrap_or(""))
    }
}
