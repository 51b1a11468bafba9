//! Finds out which edits mend the documents of one repository: applied in memory, and checked again, until nothing is left that mends.

use super::draft::{Change, Draft};
use super::{FixedEdit, LeftAlone};
use crate::assemble::Surroundings;
use crate::cli::failure::Failure;
use crate::cli::fleet::read_target;
use crate::cli::render;
use crate::cli::repository::{Target, infra_of};
use crate::cli::workspace::Workspace;
use crate::compile::customer;
use crate::diagnostics::{Code, Report, Severity, codes};
use crate::resolve::{Content, RepositoryFiles};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A mended mistake may bring another one to light, this many times at the most.
const MAX_ROUNDS: usize = 10;
/// How often a round leaves out what did not mend, and tries again.
const MAX_TRIES: usize = 10;

/// What the text is judged by: after an edit there may be no more of these than before.
static OF_THE_TEXT: [&Code; 4] = [&codes::YAML_SYNTAX, &codes::DUPLICATE_KEY, &codes::UNSUPPORTED_YAML, &codes::DOCUMENT_TOO_LARGE];

/// What mends a repository.
#[derive(Debug, Default)]
pub(super) struct Mended {
    pub(super) documents: Vec<MendedDocument>,
    pub(super) left: Vec<LeftAlone>,
}

/// A document before and after.
#[derive(Debug)]
pub(super) struct MendedDocument {
    pub(super) path: PathBuf,
    pub(super) shown: String,
    pub(super) old: String,
    pub(super) new: String,
    /// Both without credentials, for people.
    pub(super) old_shown: String,
    pub(super) new_shown: String,
    /// How many mistakes the edits mend.
    pub(super) mistakes: usize,
    pub(super) edits: Vec<FixedEdit>,
}

/// The edits of one mistake, which go together.
#[derive(Debug)]
struct Proposal {
    code: &'static Code,
    /// Each with its draft.
    changes: Vec<(usize, Change)>,
}

/// Finds what mends a repository.
pub(super) fn mend(workspace: &Workspace, target: &Target, surroundings: &Surroundings<'_>) -> Result<Mended, Failure> {
    let Some(files) = read_target(workspace, target)? else { return Ok(Mended::default()) };
    let (found, _) = customer(files.clone(), surroundings);
    let first = found.reports;
    let wanted: BTreeSet<&str> = first.iter().filter(|report| report.certain).flat_map(files_of).collect();
    if wanted.is_empty() {
        return Ok(Mended::default());
    }
    let infra = infra_of(workspace, target);
    let mut left = Vec::new();
    let mut drafts = Vec::new();
    let mut paths = Vec::new();
    for (index, file) in files.files.iter().enumerate() {
        let Content::Bytes(bytes) = &file.content else { continue };
        let Ok(old) = String::from_utf8(bytes.clone()) else { continue };
        let shown = if files.infra.is_empty() { file.name.clone() } else { format!("{}/{}", files.infra, file.name) };
        let path = infra.join(&file.name);
        match untouchable(workspace, &target.directory, &path) {
            Some(reason) if wanted.contains(shown.as_str()) => left.push(LeftAlone { file: shown, reason }),
            Some(_) => {}
            None => {
                drafts.push(Draft { index, shown, old, changes: Vec::new() });
                paths.push(path);
            }
        }
    }
    let mut session = Session { files, surroundings, drafts, mistakes: BTreeMap::new() };
    let last = session.mend(&first);
    let Session { drafts, mistakes, .. } = session;
    let documents = drafts.into_iter().zip(paths).enumerate().filter(|(_, (draft, _))| !draft.changes.is_empty());
    let documents = documents.map(|(index, (draft, path))| {
        let new = draft.text();
        let edit =
            |change: &Change| FixedEdit { code: change.code, start: change.range.start, end: change.range.end, text: change.text.clone() };
        MendedDocument {
            path,
            old_shown: render::concealed(&draft.shown, &draft.old, &first),
            new_shown: render::concealed(&draft.shown, &new, last.as_deref().unwrap_or(&first)),
            mistakes: mistakes.get(&index).copied().unwrap_or(0),
            edits: draft.changes.iter().map(edit).collect(),
            shown: draft.shown,
            old: draft.old,
            new,
        }
    });
    Ok(Mended { documents: documents.collect(), left })
}

/// The files that a report's edits are in.
fn files_of(report: &Report) -> impl Iterator<Item = &str> {
    report.edits.iter().map(|edit| &*edit.location.file.path)
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

/// One repository while it is mended.
struct Session<'s> {
    files: RepositoryFiles,
    surroundings: &'s Surroundings<'s>,
    drafts: Vec<Draft>,
    /// How many mistakes were mended, by draft.
    mistakes: BTreeMap<usize, usize>,
}

impl Session<'_> {
    /// Mends until nothing is left that does. Gives what is told of the drafts in the end; nothing when no edit was taken.
    fn mend(&mut self, first: &[Report]) -> Option<Vec<Report>> {
        let mut told: Option<Vec<Report>> = None;
        for _ in 0..MAX_ROUNDS {
            let before = told.as_deref().unwrap_or(first);
            let Some((drafts, taken, after)) = self.round(before) else { break };
            self.drafts = drafts;
            for proposal in taken {
                if let Some((draft, _)) = proposal.changes.first() {
                    *self.mistakes.entry(*draft).or_default() += 1;
                }
            }
            told = Some(after);
        }
        told
    }

    /// Applies what is proposed, without what turns out not to mend.
    fn round(&self, before: &[Report]) -> Option<(Vec<Draft>, Vec<Proposal>, Vec<Report>)> {
        let mut proposals: Vec<Proposal> = before.iter().filter_map(|report| self.proposal(report)).collect();
        for _ in 0..MAX_TRIES {
            let (drafts, taken) = self.apply(proposals);
            if taken.is_empty() {
                return None;
            }
            let after = self.check(&drafts);
            let refuted = refuted(&drafts, &taken, before, &after);
            if refuted.is_empty() {
                return Some((drafts, taken, after));
            }
            proposals = taken.into_iter().enumerate().filter(|(at, _)| !refuted.contains(at)).map(|(_, proposal)| proposal).collect();
        }
        None
    }

    /// The edits of a report that leave no choice, where all of them are in documents that may be written.
    fn proposal(&self, report: &Report) -> Option<Proposal> {
        if !report.certain || report.edits.is_empty() {
            return None;
        }
        let change = |edit: &crate::diagnostics::ReportEdit| {
            let draft = self.drafts.iter().position(|draft| draft.shown == *edit.location.file.path)?;
            let range = self.drafts.get(draft)?.in_old(edit.location.range())?;
            Some((draft, Change { range, text: edit.text.clone(), code: report.code.name }))
        };
        Some(Proposal { code: report.code, changes: report.edits.iter().map(change).collect::<Option<_>>()? })
    }

    /// The drafts with the proposals that fit beside each other, and those.
    fn apply(&self, proposals: Vec<Proposal>) -> (Vec<Draft>, Vec<Proposal>) {
        let mut drafts = self.drafts.clone();
        let mut taken = Vec::with_capacity(proposals.len());
        for proposal in proposals {
            let before: Vec<(usize, Vec<Change>)> = match proposal.changes.as_slice() {
                // Taken whole or not at all by itself.
                [_] => Vec::new(),
                several => several.iter().filter_map(|(at, _)| drafts.get(*at).map(|draft| (*at, draft.changes.clone()))).collect(),
            };
            let fits = proposal.changes.iter().all(|(at, change)| drafts.get_mut(*at).is_some_and(|draft| draft.add(change.clone())));
            if fits {
                taken.push(proposal);
            } else {
                for (at, changes) in before {
                    drafts.get_mut(at).into_iter().for_each(|draft| draft.changes.clone_from(&changes));
                }
            }
        }
        (drafts, taken)
    }

    /// What is told of the repository with these drafts.
    fn check(&self, drafts: &[Draft]) -> Vec<Report> {
        let mut files = self.files.clone();
        for draft in drafts.iter().filter(|draft| !draft.changes.is_empty()) {
            if let Some(file) = files.files.get_mut(draft.index) {
                file.content = Content::Bytes(draft.text().into_bytes());
            }
        }
        customer(files, self.surroundings).0.reports
    }
}

/// The proposals that do not mend: what they wrote is told an error of, or their document is no better text than before.
fn refuted(drafts: &[Draft], taken: &[Proposal], before: &[Report], after: &[Report]) -> BTreeSet<usize> {
    let known: BTreeSet<(&str, &str)> = before.iter().map(|report| (report.code.name, report.message.as_str())).collect();
    let of_the_text = |reports: &[Report], file: &str| {
        let is_told = |report: &&Report| OF_THE_TEXT.contains(&report.code) && place(report).is_some_and(|(path, ..)| path == file);
        reports.iter().filter(is_told).count()
    };
    let mut refuted = BTreeSet::new();
    for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| !draft.changes.is_empty()) {
        let in_draft = |change: &&(usize, Change)| change.0 == at;
        if of_the_text(after, &draft.shown) > of_the_text(before, &draft.shown) {
            refuted.extend(
                taken.iter().enumerate().filter(|(_, proposal)| proposal.changes.iter().any(|change| in_draft(&change))).map(|(at, _)| at),
            );
            continue;
        }
        let errors =
            after.iter().filter(|report| report.severity == Severity::Error && !known.contains(&(report.code.name, &report.message)));
        for (code, start, end) in errors
            .filter_map(|report| place(report).filter(|(path, ..)| *path == draft.shown).map(|(_, start, end)| (report.code, start, end)))
        {
            let Some((_, change)) = draft.written().find(|(written, _)| written.start <= start && end <= written.end) else { continue };
            let of_change = |proposal: &Proposal| proposal.changes.iter().filter(in_draft).any(|(_, other)| other.range == change.range);
            refuted.extend(
                taken.iter().enumerate().filter(|(_, proposal)| of_change(proposal) && speaks_of(proposal.code, code)).map(|(at, _)| at),
            );
        }
    }
    refuted
}

/// True when an error at a place that an edit wrote is about what it wrote. At a key stands also what its section lacks.
fn speaks_of(mended: &Code, told: &Code) -> bool {
    *mended != codes::UNKNOWN_KEY || [&codes::UNKNOWN_KEY, &codes::DUPLICATE_KEY].contains(&told)
}

/// The file and bytes of what a report is about.
fn place(report: &Report) -> Option<(&str, usize, usize)> {
    report.labels.first().map(|label| {
        let range = label.location.range();
        (&*label.location.file.path, range.start, range.end)
    })
}
