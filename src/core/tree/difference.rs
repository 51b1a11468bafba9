//! A file of the tree that is not as it would be written.

use super::FileState;

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
