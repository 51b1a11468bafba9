//! `check --fix`: writes safe fixes into the customers' documents, and nothing else into them. Only documents of the repositories that a run
//! checks are written, never the platform file, and never through a link.

use super::fleet::{Targets, read_target};
use super::replacement::Replacement;
use super::repository::{Target, infra_of};
use super::workspace::Workspace;

use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use terralet_core::assemble::CompileContext;
use terralet_core::diff;
use terralet_core::fix::{self, Fixed, FixedDocument, FixedFile, Fixes, LeftAlone};

/// Fixes the documents of a run's repositories; `dry_run` writes nothing. A document that cannot be written stays unchanged, and the others
/// are written.
pub fn fix(workspace: &Workspace, targets: &Targets, dry_run: bool) -> Fixes {
    let way = workspace.way_back(&workspace.output(None));
    let surroundings = workspace.surroundings(&way);
    let one = |target| repository(workspace, target, &surroundings);
    let repositories: Vec<(PathBuf, Fixed)> = targets.list.par_iter().filter_map(one).collect();
    let mut fixes = Fixes { dry_run, ..Fixes::default() };
    let mut seen = BTreeSet::new();
    let mut prepared: Vec<(FixedDocument, Option<Replacement>)> = Vec::new();
    for (infra, Fixed { documents, left }) in repositories {
        fixes.left.extend(left);
        for document in documents {
            let path = infra.join(&document.name);
            // A call may name a repository twice.
            if !seen.insert(path.clone()) {
                continue;
            }
            if dry_run {
                prepared.push((document, None));
                continue;
            }
            match Replacement::prepare(&path, &document.old, &document.new) {
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

/// The fixes of one repository, with the directory of its documents; nothing for one that left.
fn repository(workspace: &Workspace, target: &Target, surroundings: &CompileContext<'_>) -> Option<(PathBuf, Fixed)> {
    let files = read_target(workspace, target)?;
    let infra = infra_of(workspace, target);
    let untouchable = |name: &str| untouchable(workspace, &target.directory, &infra.join(name));
    let fixed = fix::fix(files, surroundings, &untouchable);
    Some((infra, fixed))
}

/// Why a document is not written, if it is not.
fn untouchable(workspace: &Workspace, repository: &Path, path: &Path) -> Option<&'static str> {
    // What stands above the workspace, or above a repository elsewhere, is not a customer's to make.
    let above = if repository.starts_with(&workspace.root) { &workspace.root } else { repository };
    let is_link = |path: &Path| fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_symlink());
    if path.ancestors().take_while(|part| *part != above).any(is_link) {
        return Some("it is reached through a link, and nothing is written through links");
    }
    let is_readonly = fs::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly());
    is_readonly.then_some("it is read-only")
}
