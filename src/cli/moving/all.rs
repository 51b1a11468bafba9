//! `terralet move --all`: every root whose state would move, staged together. All of them may move, or none is staged.

use super::answer::{calls, print};
use crate::args::{Arguments, MoveOptions};
use crate::exit::{EXIT_INPUT, EXIT_OK};
use std::time::Instant;
use terralet_core::diagnostics::{Report, Severity, Summary};
use terralet_core::failure::Failure;
use terralet_core::fleet::across;
use terralet_core::moves::{DiskRoot, Move, Mover};
use terralet_core::tree::Listing;
use terralet_host::fleet::{Run, Scope, compile_all, customer_pattern, no_match, targets};
use terralet_host::output::Output;
use terralet_host::staging::stage;
use terralet_host::workspace::Workspace;
use terralet_report::{self as report, RunReport};

pub(super) fn run(
    arguments: &Arguments,
    options: &MoveOptions,
    workspace: &Workspace,
    output: &Output,
    listing: &Listing,
    disk: &[DiskRoot],
) -> Result<u8, Failure> {
    let started = Instant::now();
    let calls = calls(arguments, options, workspace, output);
    let way = workspace.way_back(&output.root);
    let surroundings = workspace.surroundings(&way);
    // Every customer is compiled, since rules between them may stop one; those that are wanted move.
    let targets = targets(workspace, &Scope { paths: &[], customer: None, shard: None, judge_names: true, allow_none: false })?;
    let wanted = options.customer.as_deref().map(customer_pattern).transpose()?;
    let is_wanted = |repository: &str| wanted.as_ref().is_none_or(|pattern| pattern.matches(repository));
    if let Some(text) = options.customer.as_ref().filter(|_| !targets.list.iter().any(|target| is_wanted(&target.name()))) {
        return Err(no_match(text));
    }
    let (mut customers, found) = compile_all(arguments.quiet, workspace, &targets, &surroundings, |proven| {
        Ok(proven
            .filter(|proven| is_wanted(&proven.proof.customer().repository))
            .map(|proven| (proven.assemble(&surroundings), proven.all_harmful_places())))
    })?;
    let run = Run { workspace, targets: &targets };
    across(&run, &mut customers, Some((output, listing)))?;
    let has_roots = |repository: &str| disk.iter().any(|root| root.current.repository == repository);
    let failed: Vec<_> = customers
        .iter()
        .filter(|customer| customer.roots.is_none() && is_wanted(&customer.repository) && has_roots(&customer.repository))
        .collect();
    if !failed.is_empty() {
        let reports: Vec<&Report> =
            failed.iter().flat_map(|customer| &customer.reports).filter(|report| report.severity == Severity::Error).collect();
        let summary = Summary::of(&customers, &[]);
        report::print_run(arguments.style(), &RunReport::new(&workspace.root, reports, summary, started.elapsed()));
        return Ok(EXIT_INPUT);
    }
    let found: Vec<_> = found.into_iter().map(Option::unwrap_or_default).collect();
    let movers: Vec<Mover<'_>> = customers
        .iter()
        .zip(&found)
        .filter(|(customer, _)| is_wanted(&customer.repository))
        .filter_map(|(customer, (roots, harmful))| {
            let places = customer.roots.as_ref()?;
            Some(Mover { run: &run, tree: output, disk, roots, places, harmful, options: &calls })
        })
        .collect();
    let mut moves: Vec<Move<'_>> = Vec::new();
    for mover in &movers {
        moves.extend(mover.all()?);
    }
    if !options.dry_run && !moves.is_empty() {
        stage(output, &moves)?;
    }
    print(arguments, options, &moves, &calls, output);
    if moves.is_empty() && !arguments.quiet {
        report::note("there is nothing to move: every state is where the documents want it");
    }
    Ok(EXIT_OK)
}
