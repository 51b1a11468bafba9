//! Why a root may not move. A state is only ever given to a root of the same repository, region and kind; what the documents do not say, a
//! move does not do.

use super::disk::DiskRoot;
use super::mover::{Mover, backend_text};
use crate::diagnostics::nearest_of;
use crate::emit::{self, MOVE_DIRECTORY, record};
use crate::failure::Failure;
use crate::paths::relative;
use crate::reconcile::folded;
use crate::terraform::RootModule;
use crate::tree::{Change, FileState, TOMBSTONE, backend_elsewhere, may_share, state_place};

impl<'j> Mover<'j> {
    /// The root that the documents give the new place.
    pub(super) fn wanted(&self, old: &DiskRoot, directory: &str) -> Result<(usize, &'j RootModule), Failure> {
        let was = &old.current;
        let own = self.roots.iter().find(|root| root.identity == *was);
        let found = self.roots.iter().enumerate().find(|(_, root)| root.key.directory() == directory);
        match (found, own) {
            (Some((_, root)), Some(own)) if root.identity != own.identity => Err(Failure::usage(
                format!("`{directory}` is the place of {}, and `{}` holds {was}", root.identity, old.directory),
                self.other_way(old, own),
            )),
            (Some(found), _) => Ok(found),
            (None, Some(own)) => {
                Err(Failure::usage(format!("the documents do not give {was} the place `{directory}`"), self.other_way(old, own)))
            }
            (None, None) => {
                let near = nearest_of(directory, self.roots.iter().map(|root| root.key.directory()));
                let near = near.first().map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
                Err(Failure::usage(
                    format!("the documents of `{}` give no deployment the place `{directory}`", was.repository),
                    format!("{near}change the documents first, and then move; `terralet list` has the places"),
                ))
            }
        }
    }

    fn other_way(&self, old: &DiskRoot, own: &RootModule) -> String {
        let place = own.key.directory();
        if place == old.directory && !self.place_changes(old, own).unwrap_or(true) {
            return "the documents leave it where it is: there is nothing to move".to_owned();
        }
        format!("they give it `{place}`: `terralet move{} {} {place}`", self.options, old.directory)
    }

    /// What has another name may be the same deployment, when a person says so; what is of another repository, region or kind is not.
    pub(super) fn may_have(&self, old: &DiskRoot, new: &RootModule) -> Result<(), Failure> {
        let (was, now, directory) = (&old.current, &new.identity, new.key.directory());
        let refuse = |message: String, help: &str| Err(Failure::usage(message, help));
        if was.region != now.region {
            let message = format!("`{}` holds {was}, and `{directory}` would hold {now}: nothing moves between regions", old.directory);
            return refuse(message, "what is in one region is destroyed there and created again in the other");
        }
        if was.service.is_some() != now.service.is_some() {
            let message = format!("`{}` holds {was}, and `{directory}` would hold {now}", old.directory);
            return refuse(message, "the state of a service's root is none for what services share, and the other way round");
        }
        let mut others = self.disk.iter().filter(|root| root.directory != old.directory && root.directory != directory && !root.is_left());
        if let Some(other) = others.find(|root| root.current == *now) {
            let message = format!("the state of {now} is at `{}`, and not at `{}`", other.directory, old.directory);
            return refuse(message, &format!("move that one: `terralet move{} {} {directory}`", self.options, other.directory));
        }
        let prefix = new.key.prefix();
        let below = |root: &&DiskRoot| folded(root.directory.split('/').next().unwrap_or("")) == folded(prefix);
        let mut owners = self.disk.iter().filter(below).map(|root| &root.current.repository);
        if let Some(owner) = owners.find(|owner| !may_share(&now.repository, owner, self.run.platform())) {
            let message = format!("the state prefix `{prefix}` belongs to the repository `{owner}`");
            return refuse(
                message,
                "give this repository a `customer_id` of its own, or let the registry give both repositories the one id",
            );
        }
        Ok(())
    }

    /// True when a root remembers a place that is neither the one that the documents want, nor, after a move in place that was cut off, its
    /// own still.
    fn would_forget(&self, old: &DiskRoot, new: &RootModule) -> bool {
        let memory = format!("{}/{MOVE_DIRECTORY}", old.directory);
        let Some(remembered) = self.tree.text(&format!("{memory}/backend.tf")) else { return true };
        let seen = |text: &str, directory: &str| backend_elsewhere(text, &relative(&memory, directory)).and_then(|text| state_place(&text));
        let own = self.tree.text(&format!("{}/backend.tf", old.directory)).and_then(|text| seen(&text, &old.directory));
        let remembered = state_place(&remembered);
        remembered.is_none() || remembered != seen(&backend_text(new), new.key.directory()) && remembered != own
    }

    /// Nothing is in the new place that a move would take away.
    pub(super) fn is_free(&self, old: &DiskRoot, new: &RootModule, there: Option<&DiskRoot>, is_staged: bool) -> Result<(), Failure> {
        let directory = new.key.directory();
        if let Some(emit::MoveNote::From(from)) = &old.note {
            // The way back is open, since both places are known; from there on to a third one, the first would be forgotten.
            if from != directory || !is_staged && self.would_forget(old, new) {
                let message = format!("the state of `{}` is itself being moved there, from `{from}`", old.directory);
                let help = format!(
                    "carry it over as `{}` says, and run `terralet move{} --done {}` first",
                    self.tree.shown(&format!("{}/{}", old.directory, record())),
                    self.options,
                    old.directory
                );
                return Err(Failure::usage(message, help));
            }
        }
        let Some(there) = there.filter(|root| root.directory != old.directory && !is_staged) else { return Ok(()) };
        let path = self.tree.shown(directory);
        match &there.note {
            Some(emit::MoveNote::To(to)) if *to == old.directory => Ok(()),
            Some(emit::MoveNote::To(to)) => Err(Failure::usage(
                format!("the state at `{directory}` is still being moved to `{to}`"),
                format!("carry it over, and run `terralet move{} --done {to}` first", self.options),
            )),
            None if self.may_be_staged_over(old, new, there)? => Ok(()),
            Some(emit::MoveNote::From(_)) | None => {
                let is_tombstone = !there.names.iter().any(|name| name == "main.tf");
                let (what, help) = if is_tombstone {
                    ("a tombstone", "apply and prune it first: a state is never put where another one is".to_owned())
                } else if there.current == new.identity {
                    (
                        "a root",
                        format!(
                            "if it was never applied, remove `{path}` from the tree and run this again; if it was, it has a state of its own"
                        ),
                    )
                } else {
                    ("a root", "move that one first: a state is never put where another one is".to_owned())
                };
                Err(Failure::usage(format!("`{path}` is {what} already, of {}", there.current), help))
            }
        }
    }
}

impl Mover<'_> {
    /// True where the new place has a root of the very deployment that moves, which a run wrote before the registry said that the repository
    /// had another name. Two roots of one deployment cannot both be meant, and the older one has the state: the other may be staged over
    /// where its state would be in the place that the state is carried to, so that no place is forgotten, and no local state is there. What
    /// a remote place holds is for the steps to find out, which ask before anything is put there. That the files are as terralet made them
    /// is judged with the changes.
    fn may_be_staged_over(&self, old: &DiskRoot, new: &RootModule, there: &DiskRoot) -> Result<bool, Failure> {
        let was_renamed = old.identity.repository != old.current.repository;
        let is_same = was_renamed && there.current == old.current && there.current == new.identity;
        if !is_same || !is_live(there) || self.place_changes(there, new)? {
            return Ok(false);
        }
        let directory = new.key.directory();
        let backend = self.end(directory, &backend_text(new), directory)?.backend;
        Ok(!backend.text("path").is_some_and(|file| self.tree.leads_somewhere(directory, file)))
    }
}

/// True for a root that calls modules, and of which no move says anything.
pub(super) fn is_live(root: &DiskRoot) -> bool {
    root.note.is_none() && root.names.iter().any(|name| name == "main.tf")
}

/// Refuses files that are not terralet's, or not as it made them: what is in them would be lost.
pub(super) fn as_made(mover: &Mover<'_>, directory: &str, changes: &[Change]) -> Result<(), Failure> {
    let stands_in_the_way = |change: &&Change| matches!(change.state, FileState::HandEdited | FileState::Foreign | FileState::Stray);
    let Some(change) = changes.iter().find(stands_in_the_way) else { return Ok(()) };
    let file = mover.tree.shown(&format!("{directory}/{}", change.name));
    Err(match change.state {
        FileState::HandEdited if TOMBSTONE.contains(&change.name.as_str()) => {
            Failure::usage(format!("`{file}` was edited by hand"), "revert the edit: a state is carried from the place that terralet wrote")
        }
        FileState::HandEdited => Failure::usage(format!("`{file}` was edited by hand"), "revert the edit, or put it into the documents"),
        FileState::Stray => Failure::usage(
            format!("`{file}` is of another deployment than the rest of its directory"),
            "move it away, and restore the file that belongs there from an earlier version of the tree",
        ),
        _ => Failure::usage(format!("`{file}` is not terralet's, and Terraform would read it"), "move the file away"),
    })
}
