//! Places that outlive the text that they are in: many are kept of every customer, and few are ever reported.

use super::{Location, SourceFile, Span};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A file without its text.
#[derive(Debug)]
pub struct PlaceFile {
    /// Relative to the workspace, with `/`.
    pub path: Arc<str>,
    /// Recognises a text that is read again as the one that was read.
    text: u64,
}

/// A place in a file whose text is not held.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file.
    pub file: Arc<PlaceFile>,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl SourceFile {
    /// A place of this file.
    pub(super) fn place(&self, span: Span) -> Place {
        let file = self.identity.get_or_init(|| Arc::new(PlaceFile { path: Arc::clone(&self.path), text: hash(&self.text) }));
        Place { file: Arc::clone(file), start: span.start, end: span.end }
    }
}

impl Place {
    /// The place with its text, which the caller read again. Of a text that has changed since, or cannot be had, only the path is given.
    pub fn locate(&self, text: Option<String>) -> Location {
        let text = text.filter(|text| hash(text) == self.file.text);
        let (start, end) = if text.is_some() { (self.start, self.end) } else { (0, 0) };
        let file = Arc::new(SourceFile::new(Arc::clone(&self.file.path), text.unwrap_or_default()));
        Location { file, start, end }
    }

    /// File, then position: the order in which diagnostics are reported.
    pub fn order(&self) -> (&str, u32, u32) {
        (&self.file.path, self.start, self.end)
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
