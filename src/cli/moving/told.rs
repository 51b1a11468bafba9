//! What a compile tells of moves: how a state that would move is moved, and what becomes of the directory that a state leaves.

use super::shell::quoted;
use super::steps::record;
use super::{memory, refuse_links};
use crate::against::{Against, Tombstone};
use crate::plan::Planned;
use std::sync::Arc;
use terralet_core::compile::{Customer, Root};
use terralet_core::diagnostics::codes;
use terralet_core::emit::{MOVED_FILE, MoveNote};
use terralet_core::failure::Failure;
use terralet_core::terraform::{RootIdentity, StateKey};
use terralet_core::tree::{Change, FileState, Orphan, current_identity, plan};
use terralet_host::fleet::tree_report;
use terralet_host::listing::Names;

impl Against<'_> {
    /// The way out of `state-key-changed`.
    pub(crate) fn move_help(&self, from: &str, to: &str) -> String {
        format!(
            "nothing is moved by itself, and nothing of this repository was written: take the change back, or run `{}`, which gives the steps that carry the state over (`terralet move{} --all` for every root at once)",
            self.move_command(from, to),
            self.output_option()
        )
    }

    fn move_command(&self, from: &str, to: &str) -> String {
        format!("terralet move{} {} {}", self.output_option(), quoted(from), quoted(to))
    }

    pub(crate) fn output_option(&self) -> String {
        self.options.output.as_ref().map(|output| format!(" --output {}", quoted(&output.to_string_lossy()))).unwrap_or_default()
    }

    /// True for a root whose deployment has the place again that its state comes from: that has been told of the place.
    pub(crate) fn is_told_of_old_place(&self, directory: &str, names: &Names, key: &StateKey) -> Result<bool, Failure> {
        let from = key.directory();
        let comes_from_there = self.output.move_note(directory, names)? == Some(MoveNote::From(from.to_owned()));
        let goes_here = MoveNote::To(directory.to_owned());
        Ok(comes_from_there && self.output.move_note(from, &self.output.names(from)?)? == Some(goes_here))
    }

    /// `state-key-changed`: a deployment whose key still has the state of another, which is being moved away. True when it stops.
    pub(crate) fn is_taken_by_move(&mut self, customer: &Customer, root: &Root, planned: &Planned) -> Result<bool, Failure> {
        let directory = root.key.directory();
        let Some(to) = &planned.plan.moves_to else { return Ok(false) };
        if !self.output.is_staged(directory, to)? {
            // The move was cut off and taken back: the root is as it was, and the file goes.
            return Ok(false);
        }
        let was = planned.plan.identity.as_ref().map(|was| current_identity(was, &self.workspace.platform));
        let back = self.move_command(to, directory);
        let (message, help) = if was.as_ref() == Some(&root.identity) {
            let moves = format!("the state of {} is being moved from `{}` to `{}`", root.identity, root.key, StateKey::of_directory(to));
            (
                format!("{moves}, and would stay where it was"),
                format!("take the change of the documents back; or run `{back}`, which gives the steps back"),
            )
        } else {
            let message = format!(
                "the state at `{}` is being moved to `{}`, and {} would take its place",
                root.key,
                StateKey::of_directory(to),
                root.identity
            );
            let done = format!("terralet move{} --done {}", self.output_option(), quoted(to));
            (
                message,
                format!(
                    "carry it over and run `{done}`, as `{}` says; or take the change back and run `{back}`",
                    self.shown(to, &record())
                ),
            )
        };
        let repository = Some(Arc::clone(&customer.repository));
        let place = self.located(root.place.as_ref());
        Ok(self.tell(tree_report(&codes::STATE_KEY_CHANGED, repository, place.as_ref(), message, &help)))
    }

    /// A directory that a state leaves, and that no deployment has: what a move that was killed left of its root goes, and the file that
    /// keeps its key taken stays. True when it stops.
    pub(crate) fn left_by_move(
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
        if !self.output.is_staged(&directory, to)? {
            let message = format!(
                "the move of {identity} from `{}` to `{}` was cut off",
                StateKey::of_directory(&directory),
                StateKey::of_directory(to)
            );
            let help =
                format!("run `{}` again, which finishes it; or take the change of the documents back", self.move_command(&directory, to));
            return Ok(self.tell(tree_report(&codes::STATE_KEY_CHANGED, Some(repository), None, message, &help)));
        }
        refuse_links(self.output, &directory)?;
        let mut plan = plan(Vec::new(), &self.output.files(&directory, names)?);
        self.output.refuse_newer(&directory, &plan)?;
        plan.changes.retain(|change| change.name != MOVED_FILE);
        // What it remembered of an earlier move, which this one takes back.
        for name in memory() {
            let old = self.output.text(&format!("{directory}/{name}"));
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
            left.push(Tombstone { directory, identity: on_disk, plan, customer });
        }
        Ok(stops)
    }
}
