//! `terralet move --all`: every root whose state would move, staged together. All of them may move, or none is staged.

use super::disk::DiskRoot;
use super::judge::{Judge, Move};
use super::{calls, stage, tell};
use crate::args::{Arguments, MoveOptions};
use crate::{EXIT_INPUT, EXIT_OK};
use std::time::Instant;
use terralet_core::compile::Summary;
use terralet_core::diagnostics::{Report, Severity};
use terralet_core::failure::Failure;
use terralet_host::fleet::{Scope, across, compile_all, targets};
use terralet_host::output::Output;
use terralet_host::workspace::Workspace;
use terralet_report::{self as report, RunReport};

pub(super) fn run(
    arguments: &Arguments,
    options: &MoveOptions,
    workspace: &Workspace,
    output: &Output,
    disk: &[DiskRoot],
) -> Result<u8, Failure> {
    let started = Instant::now();
    let calls = calls(arguments, options, workspace, output);
    let way = workspace.way_back(&output.root);
    let surroundings = workspace.surroundings(&way);
    // Every customer is compiled, since rules between them may stop one; those that are wanted move.
    let targets = targets(workspace, &Scope { paths: &[], customer: None, shard: None, judge_names: true, allow_none: false })?;
    let wanted = options.customer.as_deref().map(terralet_host::fleet::customer_pattern).transpose()?;
    let is_wanted = |repository: &str| wanted.as_ref().is_none_or(|pattern| pattern.matches(repository));
    let (mut customers, found) = compile_all(arguments.quiet, workspace, &targets, &surroundings, |proven| {
        Ok(proven
            .filter(|proven| is_wanted(&proven.checked.repository))
            .map(|proven| (proven.assemble(&surroundings), proven.origins.clone())))
    })?;
    across(workspace, &targets, &mut customers, Some(output))?;
    let has_roots = |repository: &str| disk.iter().any(|root| root.current.repository == repository);
    let failed: Vec<_> = customers
        .iter()
        .filter(|customer| customer.roots.is_none() && is_wanted(&customer.repository) && has_roots(&customer.repository))
        .collect();
    if !failed.is_empty() {
        let reports: Vec<&Report> =
            failed.iter().flat_map(|customer| &customer.reports).filter(|report| report.severity == Severity::Error).collect();
        let summary = Summary::of(&customers, &[]);
        report::print_run(
            arguments.style(),
            &RunReport {
                root: &workspace.root,
                reports,
                differences: &[],
                summary,
                written: None,
                fixes: None,
                elapsed: started.elapsed(),
            },
        );
        return Ok(EXIT_INPUT);
    }
    let found: Vec<_> = found.into_iter().map(Option::unwrap_or_default).collect();
    let judges: Vec<Judge<'_>> = customers
        .iter()
        .zip(&found)
        .filter(|(customer, _)| is_wanted(&customer.repository))
        .filter_map(|(customer, (roots, origins))| {
            let places = customer.roots.as_ref()?;
            Some(Judge { workspace, output, disk, roots, places, origins, options: &calls })
        })
        .collect();
    let mut moves: Vec<Move<'_>> = Vec::new();
    for judge in &judges {
        moves.extend(judge.all()?);
    }
    if !options.dry_run && !moves.is_empty() {
        stage(output, &moves)?;
    }
    tell(arguments, options, &moves, &calls, workspace, output);
    if moves.is_empty() && !arguments.quiet {
        report::note("there is nothing to move: every state is where the documents want it");
    }
    Ok(EXIT_OK)
}

impl<'j> Judge<'j> {
    /// The moves of every root of the customer whose deployment has another place now, and those that are staged already: run again, it says
    /// the same.
    fn all(&self) -> Result<Vec<Move<'j>>, Failure> {
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
}
