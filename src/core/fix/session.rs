//! Finds out which edits fix the documents of one repository: applied in memory, and checked again, until no safe fix is left.

use super::draft::{Draft, DraftEdit};
use super::{FixedEdit, LeftAlone};
use crate::assemble::CompileContext;
use crate::compile::customer;
use crate::diagnostics::{Code, Report, ReportEdit, Severity, codes};
use crate::redact::redact_document;
use crate::resolve::{Content, RepositoryFiles};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// A fixed mistake may bring another one to light, this many times at the most.
const MAX_ROUNDS: usize = 10;
/// How often everything is tried again without the edits that do not help. A repository that is not through by then stays unchanged.
const MAX_TRIES: usize = 10;

/// What the text is judged by: after an edit there may be no more of these than before.
static OF_THE_TEXT: [&Code; 4] = [&codes::YAML_SYNTAX, &codes::DUPLICATE_KEY, &codes::UNSUPPORTED_YAML, &codes::DOCUMENT_TOO_LARGE];

/// What fixes a repository.
#[derive(Debug, Default)]
pub struct Fixed {
    /// The documents that change.
    pub documents: Vec<FixedDocument>,
    /// Documents that have edits and stay unchanged.
    pub left: Vec<LeftAlone>,
}

/// A document before and after.
#[derive(Debug)]
pub struct FixedDocument {
    /// Its name in the directory of the documents.
    pub name: String,
    /// The same, relative to the workspace.
    pub shown: String,
    /// Its text as it was read.
    pub old: String,
    /// Its text with the edits.
    pub new: String,
    /// Both without credentials, for people.
    pub old_shown: String,
    /// See `old_shown`.
    pub new_shown: String,
    /// How many mistakes the edits fix.
    pub mistakes: usize,
    /// The edits.
    pub edits: Vec<FixedEdit>,
}

/// Finds what fixes a repository. `untouchable` says why a document of it, by its name, is not to be written, if it is not.
pub fn fix(files: RepositoryFiles, surroundings: &CompileContext<'_>, untouchable: &dyn Fn(&str) -> Option<&'static str>) -> Fixed {
    let (found, _) = customer(files.clone(), surroundings);
    let first = found.reports;
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    wanted.extend(first.iter().filter(|report| report.certain).flat_map(files_of));
    if wanted.is_empty() {
        return Fixed::default();
    }
    let mut left = Vec::new();
    let mut drafts = Vec::new();
    for (index, file) in files.files.iter().enumerate() {
        let Content::Bytes(bytes) = &file.content else { continue };
        let Ok(old) = String::from_utf8(bytes.clone()) else { continue };
        let shown = if files.infra.is_empty() { file.name.clone() } else { format!("{}/{}", files.infra, file.name) };
        match untouchable(&file.name) {
            Some(reason) if wanted.contains(shown.as_str()) => left.push(LeftAlone { file: shown, reason: reason.into() }),
            Some(_) => {}
            None => drafts.push(Draft { index, name: file.name.clone(), shown, old, changes: Vec::new() }),
        }
    }
    let mut session = Session { files, surroundings, drafts, mistakes: BTreeMap::new(), refused: BTreeSet::new() };
    let last = session.fix(&first);
    let Session { drafts, mistakes, .. } = session;
    let documents = drafts.into_iter().enumerate().filter(|(_, draft)| !draft.changes.is_empty());
    let documents = documents.map(|(index, draft)| {
        let new = draft.text();
        let edit = |change: &DraftEdit| FixedEdit {
            code: change.code,
            start: change.range.start,
            end: change.range.end,
            text: change.text.clone(),
        };
        FixedDocument {
            old_shown: redact_document(&draft.shown, &draft.old, &first),
            new_shown: redact_document(&draft.shown, &new, last.as_deref().unwrap_or(&first)),
            mistakes: mistakes.get(&index).copied().unwrap_or(0),
            edits: draft.changes.iter().map(edit).collect(),
            name: draft.name,
            shown: draft.shown,
            old: draft.old,
            new,
        }
    });
    Fixed { documents: documents.collect(), left }
}

/// The files that a report's edits are in.
fn files_of(report: &Report) -> impl Iterator<Item = &str> {
    report.edits.iter().map(|edit| &*edit.location.file.path)
}

/// One repository while it is fixed.
struct Session<'s> {
    files: RepositoryFiles,
    surroundings: &'s CompileContext<'s>,
    drafts: Vec<Draft>,
    /// How many mistakes were fixed, by draft.
    mistakes: BTreeMap<usize, usize>,
    /// Changes that turned out not to help.
    refused: BTreeSet<Refused>,
}

impl Session<'_> {
    /// Fixes until no safe fix is left. Gives what is reported of the drafts in the end; nothing when they stay unchanged.
    fn fix(&mut self, first: &[Report]) -> Option<Vec<Report>> {
        for _ in 0..MAX_TRIES {
            match self.attempt(first) {
                Ok(last) => return last,
                // Everything is tried again without the edits that do not help: other edits may have been made because of it.
                Err(refused) => {
                    self.refused.extend(refused);
                    self.reset();
                }
            }
        }
        None
    }

    fn reset(&mut self) {
        self.mistakes.clear();
        self.drafts.iter_mut().for_each(|draft| draft.changes.clear());
    }

    fn attempt(&mut self, first: &[Report]) -> Result<Option<Vec<Report>>, BTreeSet<Refused>> {
        let mut last: Option<Vec<Report>> = None;
        for _ in 0..MAX_ROUNDS {
            let before = last.as_deref().unwrap_or(first);
            if !self.apply(before) {
                break;
            }
            let after = self.check();
            let refused = refused(&self.drafts, before, &after);
            if !refused.is_empty() {
                return Err(refused);
            }
            last = Some(after);
        }
        Ok(last)
    }

    /// Puts the safe fixes into the drafts, as far as they do not overlap. False where there are none.
    fn apply(&mut self, reports: &[Report]) -> bool {
        // By the text that was checked: the first of them moves what stands behind it.
        let proposals: Vec<Vec<(usize, DraftEdit)>> = reports.iter().filter_map(|report| self.proposal(report)).collect();
        let mut applied = false;
        for proposal in proposals {
            if !proposal.iter().all(|(at, change)| self.drafts.get(*at).is_some_and(|draft| draft.takes(change))) {
                continue;
            }
            if let Some((at, _)) = proposal.first() {
                *self.mistakes.entry(*at).or_default() += 1;
            }
            for (at, change) in proposal {
                self.drafts.get_mut(at).into_iter().for_each(|draft| draft.add(&change));
            }
            applied = true;
        }
        applied
    }

    /// The edits of a report, which go together, where all of them are safe and are in documents that may be written.
    fn proposal(&self, report: &Report) -> Option<Vec<(usize, DraftEdit)>> {
        if !report.certain || report.edits.is_empty() {
            return None;
        }
        let change = |edit: &ReportEdit| {
            let at = self.drafts.iter().position(|draft| draft.shown == *edit.location.file.path)?;
            let range = self.drafts.get(at)?.in_old(edit.location.range())?;
            let change = DraftEdit { range, text: edit.text.clone(), code: report.code.name };
            (!self.refused.contains(&refusal(at, &change))).then_some((at, change))
        };
        report.edits.iter().map(change).collect()
    }

    /// What is reported of the repository with the drafts.
    fn check(&self) -> Vec<Report> {
        let mut files = self.files.clone();
        for draft in self.drafts.iter().filter(|draft| !draft.changes.is_empty()) {
            if let Some(file) = files.files.get_mut(draft.index) {
                file.content = Content::Bytes(draft.text().into_bytes());
            }
        }
        customer(files, self.surroundings).0.reports
    }
}

/// A change that does not help: the draft, its first byte there, and the text. At the same place another text may help.
type Refused = (usize, usize, String);

fn refusal(draft: usize, change: &DraftEdit) -> Refused {
    (draft, change.range.start, change.text.clone())
}

/// The changes that do not help: the same error or a new one is reported in what they wrote, or their document is not a better text.
fn refused(drafts: &[Draft], before: &[Report], after: &[Report]) -> BTreeSet<Refused> {
    // Edits stay on their lines.
    let finding = |report: &Report| {
        let label = report.labels.first().map(|label| (Arc::clone(&label.location.file.path), label.location.start_position().line));
        (report.code.name, report.message.clone(), label)
    };
    let mut known: BTreeSet<_> = BTreeSet::new();
    known.extend(before.iter().map(finding));
    let is_new = |report: &Report| !known.contains(&finding(report));
    let mut refused = BTreeSet::new();
    for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| !draft.changes.is_empty()) {
        let in_draft = |report: &&Report| place(report).is_some_and(|(file, _)| file == draft.shown);
        let of_text = |reports: &[Report]| reports.iter().filter(|report| OF_THE_TEXT.contains(&report.code)).filter(in_draft).count();
        if of_text(after) > of_text(before) {
            refused.extend(draft.changes.iter().map(|change| refusal(at, change)));
            continue;
        }
        let written: Vec<(Range<usize>, &DraftEdit)> = draft.written().collect();
        for report in after.iter().filter(|report| report.severity == Severity::Error).filter(in_draft) {
            let Some((_, reported)) = place(report) else { continue };
            let last = written.partition_point(|(range, _)| range.start <= reported.start).checked_sub(1);
            let Some((range, change)) = last.and_then(|last| written.get(last)) else { continue };
            let is_left = report.code.name == change.code;
            if reported.end <= range.end && (is_left || is_new(report) && speaks_of(change.code, report.code)) {
                refused.insert(refusal(at, change));
            }
        }
    }
    refused
}

/// True when an error at a place that an edit wrote is about what it wrote. At a key stands also what its section lacks.
fn speaks_of(fixed: &str, reported: &Code) -> bool {
    fixed != codes::UNKNOWN_KEY.name || [&codes::UNKNOWN_KEY, &codes::DUPLICATE_KEY].contains(&reported)
}

/// The file and bytes of what a report is about.
fn place(report: &Report) -> Option<(&str, Range<usize>)> {
    report.labels.first().map(|label| (&*label.location.file.path, label.location.range()))
}
