//! `terralet move --done`: takes away what a move left, once a person says that the state is where it belongs.

use crate::args::{Arguments, Format, MoveOptions};
use crate::exit::EXIT_OK;
use serde::Serialize;
use terralet_core::emit::{MOVE_DIRECTORY, MOVED_FILE, MoveNote};
use terralet_core::failure::Failure;
use terralet_core::moves::DiskRoot;
use terralet_core::tree::Tree as _;
use terralet_host::output::Output;
use terralet_host::staging::{EndedMove, end, refuse_links};
use terralet_report as report;

/// What it is done in.
pub(super) struct Tree<'t> {
    pub(super) output: &'t Output,
    pub(super) disk: &'t [DiskRoot],
    /// The options of `terralet` that this workspace takes.
    pub(super) options: &'t str,
}

#[derive(Serialize)]
struct DoneAnswer<'a> {
    version: u32,
    dry_run: bool,
    done: Vec<Ended<'a>>,
}

#[derive(Serialize)]
struct Ended<'a> {
    from: &'a str,
    to: &'a str,
}

pub(super) fn run(arguments: &Arguments, options: &MoveOptions, tree: &Tree<'_>, addresses: &[&str]) -> Result<u8, Failure> {
    let done: Vec<EndedMove<'_>> = addresses.iter().map(|address| find(tree, address)).collect::<Result<_, _>>()?;
    for EndedMove { root, from, .. } in &done {
        refuse_links(tree.output, root)?;
        refuse_links(tree.output, from)?;
    }
    if !options.dry_run {
        end(tree.output, &done)?;
    }
    if arguments.format == Format::Json {
        let done = done.iter().map(|done| Ended { from: done.from, to: done.root }).collect();
        report::print_json(&DoneAnswer { version: 1, dry_run: options.dry_run, done });
        return Ok(EXIT_OK);
    }
    let did = if options.dry_run { "would end" } else { "ended" };
    let lines: Vec<String> = done.iter().map(|done| format!("{did} the move of {} to {}\n", done.from, done.root)).collect();
    report::out(&lines.concat());
    for EndedMove { root, .. } in done.iter().filter(|_| !options.dry_run && !arguments.quiet) {
        let left = format!("{root}/{MOVE_DIRECTORY}");
        if tree.output.root.join(&left).is_dir() {
            report::note(&format!("`{}` is left: what Terraform keeps there may hold the state, so remove it", tree.output.shown(&left)));
        }
    }
    Ok(EXIT_OK)
}

fn find<'d>(tree: &Tree<'d>, address: &str) -> Result<EndedMove<'d>, Failure> {
    let root = tree.disk.iter().find(|root| root.directory == address);
    let Some((root, Some(MoveNote::From(from)))) = root.map(|root| (root, &root.note)) else {
        let help = match root.map(|root| &root.note) {
            Some(Some(MoveNote::To(to))) => format!("its state goes to `{to}`: `terralet move{} --done {to}`", tree.options),
            _ => "name the root that a state was moved to".to_owned(),
        };
        return Err(Failure::usage(format!("no state is being moved to `{address}`"), help));
    };
    let old = tree.disk.iter().find(|root| root.directory == *from && root.directory != address && root.goes_to(address));
    if old.is_some_and(|old| old.names.iter().any(|name| name != MOVED_FILE)) {
        let message = format!("the move of `{from}` to `{address}` was cut off, and the old root is still there");
        return Err(Failure::usage(message, format!("finish it first: `terralet move{} {from} {address}`", tree.options)));
    }
    Ok(EndedMove { root: &root.directory, from, keeps: old.is_some() })
}
