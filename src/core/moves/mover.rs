//! What a move takes, where it may be made: which roots, which files, and what the cloud does.

use super::disk::DiskRoot;
use super::refuse::{as_made, is_live};
use super::steps::{End, NOTHING_THERE, Steps};
use crate::compile::{HarmfulPlaces, Root};
use crate::diagnostics::{Report, ReportLabel};
use crate::emit::{self, GUARD_FILE, MOVE_DIRECTORY, MOVED_FILE, memory, moved_from, record};
use crate::failure::Failure;
use crate::fleet::RunContext;
use crate::paths::relative;
use crate::reconcile::{HarmWords, harm_words, located_harms};
use crate::source::{Location, Place, SourceFile};
use crate::terraform::{RootIdentity, RootModule};
use crate::tree::{Change, DiskFile, FileState, Harm, Tree, WrittenBackend, backend_elsewhere, mark_strays, plan, state_place};
use std::sync::Arc;

/// The one customer whose roots may move, and the tree.
pub struct Mover<'j> {
    /// What is known in addition to the customer.
    pub run: &'j dyn RunContext,
    /// The tree.
    pub tree: &'j dyn Tree,
    /// Every root of the tree.
    pub disk: &'j [DiskRoot],
    /// What the documents give, and where in them.
    pub roots: &'j [RootModule],
    /// Its roots, with their places.
    pub places: &'j [Root],
    /// See [`crate::compile::Proven::all_harmful_places`].
    pub harmful: &'j [HarmfulPlaces],
    /// The options of `terralet` that this workspace takes.
    pub options: &'j str,
}

/// A root that may move.
pub struct Move<'j> {
    /// What is on disk at the old place.
    pub old: &'j DiskRoot,
    /// What the documents give.
    pub new: &'j RootModule,
    /// The files that change in the new directory, in the order in which they are written.
    pub changes: Vec<Change>,
    /// The files of the old root that go, in order, relative to its directory.
    pub goes: Vec<String>,
    /// The old `backend.tf` as the directory of the move has it.
    pub old_backend: String,
    /// The record; nothing where it is there already.
    pub record: Option<String>,
    /// The two ends.
    pub ends: (End, End),
    /// True when the providers' lock file stands in the old root alone.
    pub takes_lock_file: bool,
    /// True when the new root stood there before the move, which may have been applied.
    pub stood: bool,
    /// What the cloud replaces, destroys or refuses.
    pub harms: Vec<Report>,
}

impl Move<'_> {
    /// True when only the backend changes.
    pub fn is_in_place(&self) -> bool {
        self.old.directory == self.new.key.directory()
    }

    /// The steps of the move.
    pub fn steps<'t>(&'t self, options: &'t str) -> Steps<'t> {
        let (old, new) = &self.ends;
        Steps { identity: &self.new.identity, old, new, takes_lock_file: self.takes_lock_file, stood: self.stood, options }
    }
}

impl<'j> Mover<'j> {
    /// The move of a root, and of the services that share it.
    pub fn moves(&self, old: &'j DiskRoot, new: &str) -> Result<Vec<Move<'j>>, Failure> {
        let main = self.judge(old, new)?;
        let (was, now) = (old.current.clone(), main.new.identity.clone());
        let mut moves = vec![main];
        if was.service.is_some() {
            return Ok(moves);
        }
        for service in self.disk.iter().filter(|root| root.current.service.is_some()) {
            let RootIdentity { repository, environment, region, service: name } = &service.current;
            if *repository != was.repository || *environment != was.environment || *region != was.region {
                continue;
            }
            let wanted = RootIdentity { service: name.clone(), ..now.clone() };
            let Some(root) = self.roots.iter().find(|root| root.identity == wanted) else { continue };
            let directory = root.key.directory();
            if service.is_left() && !service.goes_to(directory) {
                continue;
            }
            if service.directory != directory || self.place_changes(service, root)? || service.comes_from(directory) {
                moves.push(self.judge(service, directory)?);
            }
        }
        Ok(moves)
    }

    /// The moves of every root of the customer whose deployment has another place now, and those that are staged already: run again, it says
    /// the same.
    pub fn all(&self) -> Result<Vec<Move<'j>>, Failure> {
        let mut moves = Vec::new();
        // What services share goes before them.
        for root in self.roots {
            for old in self.disk.iter().filter(|old| old.current == root.identity) {
                let directory = root.key.directory();
                if old.is_left() && !old.goes_to(directory) {
                    continue;
                }
                if old.directory != directory || self.place_changes(old, root)? || old.comes_from(directory) {
                    moves.push(self.judge(old, directory)?);
                }
            }
        }
        Ok(moves)
    }

    pub(super) fn judge(&self, old: &'j DiskRoot, directory: &str) -> Result<Move<'j>, Failure> {
        let (index, new) = self.wanted(old, directory)?;
        let was = &old.directory;
        self.may_have(old, new)?;
        let there = self.disk.iter().find(|root| root.directory == directory);
        let is_in_place = was == directory;
        let changes_place = is_in_place && self.place_changes(old, new)?;
        let is_staged = if is_in_place {
            old.comes_from(was) && !changes_place
        } else {
            old.goes_to(directory) || there.is_some_and(|root| root.comes_from(was))
        };
        if is_in_place && !changes_place && !is_staged {
            let message = format!("there is nothing to move: the state of {} is where the documents want it", old.current);
            return Err(Failure::usage(message, "`terralet compile` writes what else has changed"));
        }
        let names = self.tree.names(directory)?;
        let files = self.tree.files(directory, &names)?;
        self.is_free(old, new, there, is_staged)?;
        let changes = self.changes(old, new, &files, is_in_place)?;
        let old_files = self.tree.files(was, &old.names)?;
        if !is_in_place {
            let mut plan = plan(Vec::new(), &old_files);
            mark_strays(&mut plan, &old.current, &old_files, self.run.platform());
            self.tree.refuse_newer(was, &plan)?;
            as_made(self, was, &plan.changes)?;
        }
        let old_text = |name: &str| old_files.iter().find(|file| file.name == name).map(text_of);
        let kept = self.tree.text(&format!("{directory}/{MOVE_DIRECTORY}/backend.tf")).filter(|_| is_staged);
        let way = relative(&format!("{directory}/{MOVE_DIRECTORY}"), was);
        let written = old_text("backend.tf").filter(|_| !(is_in_place && is_staged));
        let old_backend = kept.filter(|_| written.is_none()).or_else(|| written.as_deref().and_then(|text| backend_elsewhere(text, &way)));
        let path = |directory: &str| self.tree.shown(directory);
        let old_backend = old_backend.ok_or_else(|| {
            let message = format!("`{}/backend.tf` is not there or cannot be read, so that nobody knows where its state is", path(was));
            Failure::usage(message, "restore the file from the repository that has the tree")
        })?;
        let new_text = backend_text(new);
        let ends = (self.end(was, &old_backend, &format!("{directory}/{MOVE_DIRECTORY}"))?, self.end(directory, &new_text, directory)?);
        let is_file = |directory: &str| self.tree.is_file(&format!("{directory}/.terraform.lock.hcl"));
        let recorded = self.tree.text(&format!("{directory}/{}", record()));
        let mut found = Move {
            old,
            new,
            changes,
            goes: if is_in_place { Vec::new() } else { self.goes(old, &old_files) },
            old_backend,
            record: None,
            ends,
            stood: !is_in_place
                && (there.is_some_and(is_live) || is_staged && recorded.as_deref().is_some_and(|text| text.contains(NOTHING_THERE))),
            takes_lock_file: !is_in_place && is_file(was) && !is_file(directory),
            harms: old_text("main.tf").map(|text| self.harms(&text, old, index, new)).unwrap_or_default(),
        };
        found.record = (!is_staged || recorded.is_none()).then(|| found.steps(self.options).readme());
        Ok(found)
    }

    /// What changes in the new directory.
    fn changes(&self, old: &DiskRoot, new: &RootModule, files: &[DiskFile], is_in_place: bool) -> Result<Vec<Change>, Failure> {
        let directory = new.key.directory();
        let mut plan = plan(emit::root(new), files);
        mark_strays(&mut plan, if is_in_place { &old.current } else { &new.identity }, files, self.run.platform());
        self.tree.refuse_newer(directory, &plan)?;
        let mut changes = plan.changes;
        // The file of a move that comes back, or that a power cut emptied, is written again; one of somebody else stands in the way.
        changes.retain(|change| {
            change.name != MOVED_FILE || matches!(change.state, FileState::Foreign | FileState::Stray | FileState::HandEdited)
        });
        as_made(self, directory, &changes)?;
        let text = moved_from(new, &old.directory);
        let was = files.iter().find(|file| file.name == MOVED_FILE).map(text_of);
        if was.as_deref() != Some(&text) {
            let state = if was.is_some() { FileState::Stale } else { FileState::Missing };
            // In place it goes before the backend that it guards; in a new root behind it, so that the root never stands without one.
            let at = usize::from(!is_in_place && changes.first().is_some_and(|change| change.name == "backend.tf"));
            changes.insert(at, Change { name: MOVED_FILE.into(), state, old: was, new: Some(text) });
        }
        Ok(changes)
    }

    /// The files of the old root that go: what calls modules first, the backend last.
    fn goes(&self, old: &DiskRoot, files: &[DiskFile]) -> Vec<String> {
        let is_there = |name: &&str| files.iter().any(|file| file.name == *name);
        let names = emit::FILE_NAMES.into_iter().rev().chain([GUARD_FILE]);
        let mut goes: Vec<String> = names.filter(is_there).map(str::to_owned).collect();
        goes.extend(memory().into_iter().filter(|name| self.tree.is_file(&format!("{}/{name}", old.directory))));
        goes
    }

    /// True when a root on disk keeps its state elsewhere than the documents want; what cannot be read is elsewhere.
    pub(super) fn place_changes(&self, old: &DiskRoot, new: &RootModule) -> Result<bool, Failure> {
        let files = self.tree.files(&old.directory, &old.names)?;
        let was = files.iter().find(|file| file.name == "backend.tf").and_then(|file| WrittenBackend::read(&text_of(file)));
        Ok(was.map(|was| was.place()) != state_place(&backend_text(new)))
    }

    /// An end of a move. `seen_from` is the directory that a local path is relative to.
    pub(super) fn end(&self, address: &str, backend_tf: &str, seen_from: &str) -> Result<End, Failure> {
        let path = self.tree.shown(address);
        let backend = WrittenBackend::read(backend_tf).ok_or_else(|| {
            Failure::usage(format!("the backend of `{path}` cannot be read"), "restore the file from the repository that has the tree")
        })?;
        let file = backend.text("path").map(|file| self.tree.shown_from(seen_from, file));
        Ok(End { address: address.to_owned(), path, backend, file })
    }

    /// `destructive-change`, which a compile reports of roots that stay where they are.
    fn harms(&self, main_tf: &str, old: &DiskRoot, index: usize, new: &RootModule) -> Vec<Report> {
        let file = Arc::new(SourceFile::new(self.tree.shown(&format!("{}/main.tf", old.directory)), main_tf));
        let report = |(harm, origin): (Harm, Option<Place>)| {
            let HarmWords { code, message, was, help } = harm_words(&harm, &new.identity);
            let place = origin.as_ref().or_else(|| self.places.get(index).and_then(|root| root.place.as_ref()));
            let place = place.map(|place| self.run.locate(place));
            let repository = Some(Arc::from(new.identity.repository.as_str()));
            let mut report = Report::new(code, message).of(repository).at(place, "").help(help);
            if let (Ok(start), Ok(end)) = (u32::try_from(harm.place.start), u32::try_from(harm.place.end)) {
                report.labels.push(ReportLabel { location: Location { file: Arc::clone(&file), start, end }, text: was.into() });
            }
            report
        };
        located_harms(|| self.harmful.get(index).cloned().unwrap_or_default(), main_tf, new).into_iter().map(report).collect()
    }
}

/// The `backend.tf` that the documents give.
pub(super) fn backend_text(root: &RootModule) -> String {
    emit::root(root).into_iter().find(|(name, _)| *name == "backend.tf").map(|(_, text)| text).unwrap_or_default()
}

fn text_of(file: &DiskFile) -> String {
    String::from_utf8_lossy(&file.bytes).into_owned()
}
