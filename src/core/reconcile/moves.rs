//! What a compile says of moves: how a state that would move is moved, and what becomes of the directory that a state leaves.

use super::differ::DifferingRoot;
use super::{Reconciler, Tombstone};
use crate::compile::{CompiledCustomer, Root};
use crate::diagnostics::codes;
use crate::emit::{MOVE_DIRECTORY, MOVED_FILE, MoveNote, memory, record};
use crate::failure::Failure;
use crate::shell::quoted;
use crate::terraform::{RootIdentity, StateKey};
use crate::tree::{Change, FileState, Names, Orphan, current_identity, current_name, header, plan};
use std::sync::Arc;

impl Reconciler<'_> {
    /// The way out of `state-key-changed`.
    pub(super) fn move_help(&self, from: &str, to: &str) -> String {
        format!(
            "nothing is moved automatically, and nothing of this repository was written: revert the change, or run `{}`, which prints the steps that carry the state over (`terralet move{} --all` for every root at once)",
            self.move_command(from, to),
            self.options.tree_option
        )
    }

    fn move_command(&self, from: &str, to: &str) -> String {
        format!("terralet move{} {} {}", self.options.tree_option, quoted(from), quoted(to))
    }

    /// True for a root whose deployment has the place again that its state comes from: that has been reported with the place.
    pub(super) fn is_reported_at_old_place(&self, directory: &str, names: &Names, key: &StateKey) -> Result<bool, Failure> {
        let from = key.directory();
        let comes_from_there = self.tree.move_note(directory, names)? == Some(MoveNote::From(from.to_owned()));
        let goes_here = MoveNote::To(directory.to_owned());
        Ok(comes_from_there && self.tree.move_note(from, &self.tree.names(from)?)? == Some(goes_here))
    }

    /// `state-key-changed`: a deployment whose key still has the state of another, which is being moved away. True when it stops.
    pub(super) fn is_taken_by_move(
        &mut self,
        customer: &CompiledCustomer,
        root: &Root,
        differing: &DifferingRoot,
    ) -> Result<bool, Failure> {
        let directory = root.key.directory();
        let Some(to) = &differing.diff.moves_to else { return Ok(false) };
        if !self.tree.is_staged(directory, to)? {
            // The move was cut off and taken back: the root is as it was, and the file goes.
            return Ok(false);
        }
        let repository = Some(Arc::clone(&customer.repository));
        let owner = header(self.tree, to, &self.tree.names(to)?)?.map(|header| current_name(&header.identity.repository, self.platform));
        if let Some(owner) = owner.filter(|owner| **owner != *customer.repository) {
            let message = format!("the state of {} is being moved to a root of another repository", root.identity);
            let help = "the service provider ends the move, reverts it, or says in the registry that this repository had another name";
            let stops = self.push_at(&codes::STATE_KEY_CHANGED, repository, root.place.as_ref(), message, help);
            let (from, to) = (&root.key, StateKey::of_directory(to));
            self.between(
                &codes::STATE_KEY_CHANGED,
                &format!("the state of {} is being moved from `{from}` to `{to}` of `{owner}`", root.identity),
            );
            return Ok(stops);
        }
        let was = differing.diff.identity.as_ref().map(|was| current_identity(was, self.platform));
        let back = self.move_command(to, directory);
        let (message, help) = if was.as_ref() == Some(&root.identity) {
            let moves = format!("the state of {} is being moved from `{}` to `{}`", root.identity, root.key, StateKey::of_directory(to));
            (
                format!("{moves}, and would stay where it was"),
                format!("revert the change of the documents; or run `{back}`, which prints the steps back"),
            )
        } else {
            let message = format!(
                "the state at `{}` is being moved to `{}`, and {} would take its place",
                root.key,
                StateKey::of_directory(to),
                root.identity
            );
            let done = format!("terralet move{} --done {}", self.options.tree_option, quoted(to));
            (
                message,
                format!(
                    "carry it over and run `{done}`, as `{}` says; or revert the change and run `{back}`",
                    self.tree.shown(&format!("{to}/{}", record()))
                ),
            )
        };
        Ok(self.push_at(&codes::STATE_KEY_CHANGED, repository, root.place.as_ref(), message, help))
    }

    /// A directory that a state leaves, and that no deployment has: what a move that was killed left of its root goes, and the file that
    /// keeps its key taken stays. True when it stops.
    pub(super) fn left_by_move(
        &mut self,
        orphan: Orphan,
        identity: &RootIdentity,
        to: &str,
        customer: Option<usize>,
        names: &Names,
        left: &mut Vec<Tombstone>,
    ) -> Result<bool, Failure> {
        let Orphan { directory, identity: on_disk } = orphan;
        let repository: Arc<str> = Arc::from(identity.repository.as_str());
        if !self.tree.is_staged(&directory, to)? {
            let message = format!(
                "the move of {identity} from `{}` to `{}` was cut off",
                StateKey::of_directory(&directory),
                StateKey::of_directory(to)
            );
            let help =
                format!("run `{}` again, which finishes it; or revert the change of the documents", self.move_command(&directory, to));
            return Ok(self.push_at(&codes::STATE_KEY_CHANGED, Some(repository), None, message, help));
        }
        self.tree.refuse_links(&format!("{directory}/{MOVE_DIRECTORY}"))?;
        let mut plan = plan(Vec::new(), &self.tree.files(&directory, names)?);
        self.tree.refuse_newer(&directory, &plan)?;
        plan.changes.retain(|change| change.name != MOVED_FILE);
        // What it remembered of an earlier move, which this one takes back.
        for name in memory() {
            let old = self.tree.text(&format!("{directory}/{name}"));
            if old.is_some() {
                plan.changes.push(Change { name: name.into(), state: FileState::Unwanted, old, new: None });
            }
        }
        let mut stops = false;
        let obstacles: Vec<&Change> = plan.obstacles(self.options.overwrite).collect();
        for change in obstacles {
            stops |= self.obstacle(&directory, change, Some(Arc::clone(&repository)), None);
        }
        if !stops && !plan.changes.is_empty() {
            left.push(Tombstone { directory, identity: on_disk, diff: plan, customer });
        }
        Ok(stops)
    }
}
