//! `check --fix`: writes the edits that leave no choice into the customers' documents, and nothing else into them.
//!
//! What is written has been checked before: an edit that does not mend its mistake stays a proposal. Only documents of the repositories
//! that a run checks are written, never the platform file, and never through a link.

mod draft;
mod repository;

use super::fleet::Targets;
use super::workspace::Workspace;
use super::write::Replacement;
use rayon::prelude::*;
use repository::Mended;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;
use terralet_core::diff;

/// What became of the documents.
#[derive(Debug, Default)]
pub(super) struct Fixes {
    /// True when nothing was to be written.
    pub(super) dry_run: bool,
    /// How many mistakes were mended, or would be.
    pub(super) mistakes: usize,
    /// The documents, by name.
    pub(super) files: Vec<FixedFile>,
    /// Documents that have edits and were left as they are.
    pub(super) left: Vec<LeftAlone>,
}

/// A document that was mended, or would be.
#[derive(Debug)]
pub(super) struct FixedFile {
    /// The document, relative to the workspace.
    pub(super) file: String,
    /// What was replaced.
    pub(super) edits: Vec<FixedEdit>,
    /// A unified diff, without credentials.
    pub(super) diff: String,
}

/// A replacement.
#[derive(Debug)]
pub(super) struct FixedEdit {
    /// The mistake that it mends.
    pub(super) code: &'static str,
    /// First byte of what it replaces, in the document as it was.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// The replacement.
    pub(super) text: String,
}

/// A document that was left as it is.
#[derive(Debug)]
pub(super) struct LeftAlone {
    /// The document, relative to the workspace.
    pub(super) file: String,
    /// Why.
    pub(super) reason: Cow<'static, str>,
}

/// Mends the documents of a run's repositories; `dry_run` writes nothing. A document that cannot be written stays as it is, and the others
/// are written.
pub(super) fn fix(workspace: &Workspace, targets: &Targets, dry_run: bool) -> Fixes {
    let way = workspace.way_back(&workspace.output(None));
    let surroundings = workspace.surroundings(&way);
    let one = |target| repository::mend(workspace, target, &surroundings);
    let repositories: Vec<Mended> = targets.list.par_iter().map(one).collect();
    let mut fixes = Fixes { dry_run, ..Fixes::default() };
    let mut seen = BTreeSet::new();
    let mut prepared = Vec::new();
    for Mended { documents, left } in repositories {
        fixes.left.extend(left);
        for document in documents {
            // A call may name a repository twice.
            if !seen.insert(document.path.clone()) {
                continue;
            }
            if dry_run {
                prepared.push((document, None));
                continue;
            }
            match Replacement::prepare(&document.path, &document.old, &document.new) {
                Ok(replacement) => prepared.push((document, Some(replacement))),
                Err(error) => fixes.left.push(unwritten(document.shown, &error)),
            }
        }
    }
    for (document, replacement) in prepared {
        // Whoever wrote the document in the meantime wins: what was checked is not what stands there now.
        match replacement.map_or(Ok(true), Replacement::persist) {
            Ok(true) => {
                let diff = diff::unified(&document.shown, &document.old_shown, &document.new_shown);
                fixes.mistakes += document.mistakes;
                fixes.files.push(FixedFile { file: document.shown, edits: document.edits, diff });
            }
            Ok(false) => {
                fixes.left.push(LeftAlone { file: document.shown, reason: "it changed while it was checked; run again".into() });
            }
            Err(error) => fixes.left.push(unwritten(document.shown, &error)),
        }
    }
    fixes.files.sort_by(|a, b| a.file.cmp(&b.file));
    fixes.left.sort_by(|a, b| a.file.cmp(&b.file));
    fixes
}

fn unwritten(file: String, error: &io::Error) -> LeftAlone {
    LeftAlone { file, reason: format!("it cannot be written: {error}").into() }
}
