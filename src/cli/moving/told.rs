//! What a compile tells of moves: how a state that would move is moved, and what becomes of the directory that a state leaves.

use super::memory;
use super::shell::quoted;
use crate::cli::against::{Against, Tombstone};
use crate::cli::failure::Failure;
use crate::cli::fleet::tree_report;
use crate::cli::output::Names;
use crate::cli::plan::Planned;
use crate::compile::{Customer, Root};
use crate::diagnostics::codes;
use crate::emit::MOVED_FILE;
use crate::terraform::{RootIdentity, StateKey};
use crate::tree::{Change, FileState, Orphan, plan};
use std::sync::Arc;

impl Against<'_> {
    /// The way out of `state-key-changed`.
    pub(in crate::cli) fn move_help(&self, from: &str, to: &str) -> String {
        format!(
            "nothing is moved by itself, and nothing of this repository was written: take the change back, or run `{}`, which gives the steps that carry the state over",
            self.move_command(from, to)
        )
    }

    fn move_command(&self, from: &str, to: &str) -> String {
        let output = self.options.output.as_ref().map(|output| format!(" --output {}", quoted(&output.to_string_lossy())));
        format!("terralet move{} {} {}", output.unwrap_or_default(), quoted(from), quoted(to))
    }

    /// `state-key-changed`: a deployment whose key still has the state of another, which is being moved away. True when it stops.
    pub(in crate::cli) fn is_taken_by_move(&mut self, customer: &Customer, root: &Root, planned: &Planned) -> Result<bool, Failure> {
        let directory = root.key.directory();
        let Some(to) = &planned.plan.moves_to else { return Ok(false) };
        if !self.output.is_staged(directory, to)? {
            // The move was cut off and taken back: the root is as it was, and the file goes.
            return Ok(false);
        }
        let message = format!("the state at `{}` is being moved to `{to}`, and {} would take its place", root.key, root.identity);
        let help = format!(
            "carry it over and run `terralet move --done {}`, as `{}` says; or take the change back and run `{}`",
            quoted(to),
            self.shown(to, ".moved/README.md"),
            self.move_command(to, directory)
        );
        let repository = Some(Arc::clone(&customer.repository));
        let place = self.located(root.place.as_ref());
        Ok(self.tell(tree_report(&codes::STATE_KEY_CHANGED, repository, place.as_ref(), message, &help)))
    }

    /// A directory that a state leaves, and that no deployment has: what a move that was killed left of its root goes, and the file that
    /// keeps its key taken stays. True when it stops.
    pub(in crate::cli) fn left_by_move(
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
        let mut plan = plan(Vec::new(), &self.output.files(&directory, names)?);
        plan.changes.retain(|change| change.name != MOVED_FILE);
        // What it remembered of an earlier move, which this one takes back.
        for name in memory() {
            let old = self.output.text(&format!("{directory}/{name}"));
            if old.is_some() {
                plan.changes.push(Change { name, state: FileState::Unwanted, old, new: None });
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
