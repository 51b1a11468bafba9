//! What is reported of documents that are there and were not read. Knows no file system: why, whoever reads says.

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::{FileId, SourceFile, SourceMap, Span};

/// The way out where a file system refuses.
const HELP: &str = "fix the link or the permissions, so that the whole directory of documents can be read; until then nothing of this repository is written or removed";

/// What keeps all documents of a repository from being read.
#[derive(Clone, Debug)]
pub enum Unread {
    /// The directory of the documents is reached by a link that leaves the repository.
    Outside,
    /// A directory that the file system would not read.
    Unreadable {
        /// The directory, relative to the workspace.
        directory: String,
        /// What the file system said.
        reason: String,
    },
}

impl Unread {
    pub(super) fn diagnostic(&self, infra: &str, sources: &mut SourceMap) -> Diagnostic {
        match self {
            Unread::Outside => {
                Diagnostic::new(&codes::OUTSIDE_REPOSITORY, format!("`{infra}` is behind a link that leads out of the repository"))
                    .at(nowhere_in(infra.to_owned(), sources), "")
                    .help("put the directory itself here, or link to one inside the repository")
            }
            Unread::Unreadable { directory, reason } => {
                Diagnostic::new(&codes::UNREADABLE_DOCUMENT, format!("`{directory}` cannot be read: {reason}"))
                    .at(nowhere_in(directory.clone(), sources), "")
                    .help(HELP)
            }
        }
    }
}

pub(super) fn special(name: &str, what: &str, path: String, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> FileId {
    let span = nowhere_in(path, sources);
    let diagnostic = Diagnostic::new(&codes::NOT_A_DOCUMENT, format!("`{name}` has a document's name, but {what}"));
    diagnostics.push(diagnostic.at(span, "").help("a document is a plain text file: rename or remove this"));
    span.file
}

pub(super) fn outside(name: &str, path: String, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> FileId {
    let span = nowhere_in(path, sources);
    let diagnostic = Diagnostic::new(&codes::OUTSIDE_REPOSITORY, format!("`{name}` is a link that leads out of the repository"));
    diagnostics.push(diagnostic.at(span, "").help("put the file itself here, or link to one inside the repository"));
    span.file
}

pub(super) fn unreadable(name: &str, reason: &str, path: String, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> FileId {
    let span = nowhere_in(path, sources);
    diagnostics.push(Diagnostic::new(&codes::UNREADABLE_DOCUMENT, format!("`{name}` cannot be read: {reason}")).at(span, "").help(HELP));
    span.file
}

/// The start of a file whose text nobody has.
fn nowhere_in(path: String, sources: &mut SourceMap) -> Span {
    Span::new(sources.add(SourceFile::new(path, String::new())), 0, 0)
}
