//! Safe fixes: the edits of diagnostics that can only mean one thing, put into the documents of a repository in memory.
//!
//! What is given has been checked: an edit that does not put its mistake right stays a proposal.

mod draft;
mod session;

pub use session::{Fixed, FixedDocument, fix};

use std::borrow::Cow;

/// What became of the documents.
#[derive(Debug, Default)]
pub struct Fixes {
    /// True when nothing was to be written.
    pub dry_run: bool,
    /// How many mistakes were fixed, or would be.
    pub mistakes: usize,
    /// The documents, by name.
    pub files: Vec<FixedFile>,
    /// Documents that have edits and were left unchanged.
    pub left: Vec<LeftAlone>,
}

/// A document that was fixed, or would be.
#[derive(Debug)]
pub struct FixedFile {
    /// The document, relative to the workspace.
    pub file: String,
    /// What was replaced.
    pub edits: Vec<FixedEdit>,
    /// A unified diff, without credentials.
    pub diff: String,
}

/// A replacement.
#[derive(Debug)]
pub struct FixedEdit {
    /// The mistake that it fixes.
    pub code: &'static str,
    /// First byte of what it replaces, in the document as it was.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The replacement.
    pub text: String,
}

/// A document that was left unchanged.
#[derive(Debug)]
pub struct LeftAlone {
    /// The document, relative to the workspace.
    pub file: String,
    /// Why.
    pub reason: Cow<'static, str>,
}
