//! `terralet move`: stages a root in the place that the documents give it now, and prints the steps that carry its state over.
//!
//! terralet reads and writes no state. It writes the new root, keeps the old backend next to it, and removes the old root; what a person
//! then does is printed and recorded. Two files hold the tree still until that is done: `moved.tf` in the new root, which cannot be planned
//! before the state is there, and `moved.tf` in the old directory, which keeps the key taken.

mod all;
mod answer;
mod done;

use super::args::{Arguments, MoveOptions};
use super::exit::{EXIT_INPUT, EXIT_OK};
use answer::{calls, print};
use std::time::Instant;
use terralet_core::diagnostics::{Report, Summary};
use terralet_core::emit::{MODULES, MoveNote};
use terralet_core::failure::Failure;
use terralet_core::fleet::across;
use terralet_core::moves::{Mover, roots};
use terralet_host::fleet::{Run, Scope, compile_all, targets};
use terralet_host::output::Output;
use terralet_host::staging::{refuse_links, stage};
use terralet_host::workspace::Workspace;
use terralet_host::{Lock, write};
use terralet_report::{self as report, RunReport};

pub(super) fn run(arguments: &Arguments, options: &MoveOptions) -> Result<u8, Failure> {
    let started = Instant::now();
    let addresses: Vec<&str> = options.addresses.iter().map(|address| self::address(address)).collect::<Result<_, _>>()?;
    let workspace = Workspace::find(&arguments.call(), None)?;
    let output = Output::of(&workspace, options.output.as_ref(), options.dry_run)?;
    let calls = calls(arguments, options, &workspace, &output);
    let lock = if options.dry_run { None } else { Some(Lock::take(&output, arguments.waits())?) };
    let listing = output.list_all(|prefix| prefix != MODULES)?;
    if !options.dry_run {
        write::sweep(&listing.leftovers)?;
    }
    let disk = roots(&output, &listing, &workspace.platform)?;
    let ends: Vec<&str> = match options.done && options.all {
        true => disk.iter().filter(|root| matches!(root.note, Some(MoveNote::From(_)))).map(|root| root.directory.as_str()).collect(),
        false => addresses.clone(),
    };
    for root in disk.iter().filter(|root| options.all || root.note.is_some() || addresses.contains(&root.directory.as_str())) {
        refuse_links(&output, &root.directory)?;
    }
    if options.done {
        return done::run(arguments, options, &done::Tree { output: &output, disk: &disk, options: &calls }, &ends);
    }
    if options.all {
        let done = all::run(arguments, options, &workspace, &output, &listing, &disk);
        drop(lock);
        return done;
    }
    let [old, new] = addresses.as_slice() else {
        return Err(Failure::usage(
            "a move takes two addresses",
            "write `terralet move OLD NEW`; when only the backend changes, the same twice; `--all` moves every root that has another place now",
        ));
    };
    let Some(root) = disk.iter().find(|root| root.directory == *old) else {
        return Err(Failure::usage(
            format!("`{old}` is not a root that terralet made"),
            "`terralet list` names the roots, below DIRECTORY",
        ));
    };
    let way = workspace.way_back(&output.root);
    let surroundings = workspace.surroundings(&way);
    let targets = targets(&workspace, &Scope { paths: &[], customer: None, shard: None, judge_names: true, allow_none: true })?;
    let repository = &root.current.repository;
    let (mut customers, found) = compile_all(arguments.quiet, &workspace, &targets, &surroundings, |proven| {
        Ok(proven
            .filter(|proven| *proven.proof.customer().repository == **repository)
            .map(|proven| (proven.assemble(&surroundings), proven.all_harmful_places())))
    })?;
    let run = Run { workspace: &workspace, targets: &targets };
    across(&run, &mut customers, Some((&output, &listing)))?;
    let Some((customer, found)) = customers.iter().zip(found).find(|(customer, _)| *customer.repository == **repository) else {
        return Err(Failure::usage(
            format!("the repository `{repository}`, whose root `{old}` is, is gone"),
            "if it was renamed, let its registry entry say so with `formerly`",
        ));
    };
    let Some(places) = &customer.roots else {
        let reports: Vec<&Report> = customer.reports.iter().collect();
        let summary = Summary::of(std::slice::from_ref(customer), &[]);
        report::print_run(arguments.style(), &RunReport::new(&workspace.root, reports, summary, started.elapsed()));
        return Ok(EXIT_INPUT);
    };
    let (roots, harmful) = found.unwrap_or_default();
    let mover = Mover { run: &run, tree: &output, disk: &disk, roots: &roots, places, harmful: &harmful, options: &calls };
    let moves = mover.moves(root, new)?;
    if !options.dry_run {
        stage(&output, &moves)?;
    }
    drop(lock);
    print(arguments, options, &moves, &calls, &output);
    Ok(EXIT_OK)
}

/// An address as the tree has it. What is not the name of a root's directory is reported and goes no further: addresses stand in commands.
fn address(text: &str) -> Result<&str, Failure> {
    let trimmed = text.trim_end_matches('/');
    let is_name = |part: &str| {
        !part.is_empty() && !part.starts_with(['.', '-']) && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    if trimmed.split('/').all(is_name) {
        return Ok(trimmed);
    }
    Err(Failure::usage(
        format!("`{text}` is not the address of a root"),
        "an address is a root's directory below the output, such as `acme/production`; `terralet list` has them",
    ))
}
