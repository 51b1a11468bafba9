//! `terralet move`: stages a root in the place that the documents give it now, and tells the steps that carry its state over.
//!
//! terralet reads and writes no state. It writes the new root, keeps the old backend beside it, and takes the old root away; what a person
//! then does is told and recorded. Two files hold the tree still until that is done: `moved.tf` in the new root, which cannot be planned
//! before the state is there, and `moved.tf` in the old directory, which keeps the key taken.

mod all;
mod disk;
mod done;
mod judge;
mod refuse;
pub(super) mod shell;
mod steps;
mod told;

use super::args::{Arguments, Format, MoveOptions};
use super::{EXIT_INPUT, EXIT_OK};
use judge::{Judge, Move};
use serde::Serialize;
use std::time::Instant;
use steps::{Step, record};
use terralet_core::compile::Summary;
use terralet_core::diagnostics::Report;
use terralet_core::emit::{MOVE_DIRECTORY, MOVED_FILE, MoveNote, README, moved_to};
use terralet_core::failure::Failure;
use terralet_core::terraform::RootModule;
use terralet_core::tree::{Change, FileState};
use terralet_host::Lock;
use terralet_host::fleet::{Scope, across, compile_all, targets};
use terralet_host::output::Output;
use terralet_host::workspace::Workspace;
use terralet_host::write::{self, Writer, remove_empty};
use terralet_report::{self as report, RunReport};

/// The files in it, below the root's directory, in the order in which they go: the old place last.
fn memory() -> [String; 2] {
    [README, "backend.tf"].map(|name| format!("{MOVE_DIRECTORY}/{name}"))
}

/// Nothing of a move is read, written or removed through a link.
fn refuse_links(output: &Output, directory: &str) -> Result<(), Failure> {
    output.refuse_links(&format!("{directory}/{MOVE_DIRECTORY}"))
}

/// What a move tells as JSON.
#[derive(Serialize)]
struct Answer<'a, D: Serialize> {
    version: u32,
    dry_run: bool,
    moves: Vec<Moved<'a>>,
    diagnostics: D,
}

#[derive(Serialize)]
struct Moved<'a> {
    from: &'a str,
    to: &'a str,
    repository: &'a str,
    environment: &'a str,
    region: &'a str,
    service: Option<&'a str>,
    record: String,
    steps: Vec<Step>,
    undo: Vec<Step>,
}

pub(super) fn run(arguments: &Arguments, options: &MoveOptions) -> Result<u8, Failure> {
    let started = Instant::now();
    let addresses: Vec<&str> = options.addresses.iter().map(|address| self::address(address)).collect::<Result<_, _>>()?;
    let workspace = Workspace::find(&arguments.call(), None)?;
    let output = Output::of(&workspace, options.output.as_ref(), options.dry_run)?;
    let calls = calls(arguments, options, &workspace, &output);
    let lock = if options.dry_run { None } else { Some(Lock::take(&output, arguments.waits())?) };
    let listing = output.list_all(|prefix| !workspace.is_modules(prefix))?;
    if !options.dry_run {
        write::sweep(&listing.leftovers)?;
    }
    let disk = disk::roots(&output, listing, &workspace.platform)?;
    let ends: Vec<&str> = match options.done && options.all {
        true => disk.iter().filter(|root| matches!(root.note, Some(MoveNote::From(_)))).map(|root| root.directory.as_str()).collect(),
        false => addresses.clone(),
    };
    for root in disk.iter().filter(|root| options.all || root.note.is_some() || addresses.contains(&root.directory.as_str())) {
        refuse_links(&output, &root.directory)?;
    }
    if options.done {
        return done::run(arguments, options, &done::Tree { workspace: &workspace, output: &output, disk: &disk, options: &calls }, &ends);
    }
    if options.all {
        let done = all::run(arguments, options, &workspace, &output, &disk);
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
        return Err(Failure::usage(format!("`{old}` is no root that terralet made"), "`terralet list` names the roots, below DIRECTORY"));
    };
    let way = workspace.way_back(&output.root);
    let surroundings = workspace.surroundings(&way);
    let targets = targets(&workspace, &Scope { paths: &[], customer: None, shard: None, judge_names: true, allow_none: true })?;
    let repository = &root.current.repository;
    let (mut customers, found) = compile_all(arguments.quiet, &workspace, &targets, &surroundings, |proven| {
        Ok(proven
            .filter(|proven| *proven.checked.repository == **repository)
            .map(|proven| (proven.assemble(&surroundings), proven.origins.clone())))
    })?;
    across(&workspace, &targets, &mut customers, Some(&output))?;
    let Some((customer, found)) = customers.iter().zip(found).find(|(customer, _)| *customer.repository == **repository) else {
        return Err(Failure::usage(
            format!("the repository `{repository}`, whose root `{old}` is, is gone"),
            "where it has another name now, let its registry entry say so with `formerly`",
        ));
    };
    let Some(places) = &customer.roots else {
        let reports: Vec<&Report> = customer.reports.iter().collect();
        let summary = Summary::of(std::slice::from_ref(customer), &[]);
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
    };
    let (roots, origins) = found.unwrap_or_default();
    let judge = Judge { workspace: &workspace, output: &output, disk: &disk, roots: &roots, places, origins: &origins, options: &calls };
    let moves = judge.moves(root, new)?;
    if !options.dry_run {
        stage(&output, &moves)?;
    }
    drop(lock);
    tell(arguments, options, &moves, &calls, &workspace, &output);
    Ok(EXIT_OK)
}

/// An address as the tree has it. What is no name of a root's directory is told and goes no further: addresses stand in commands.
fn address(text: &str) -> Result<&str, Failure> {
    let trimmed = text.trim_end_matches('/');
    let is_name = |part: &str| {
        !part.is_empty() && !part.starts_with(['.', '-']) && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    if trimmed.split('/').all(is_name) {
        return Ok(trimmed);
    }
    Err(Failure::usage(
        format!("`{text}` is no address of a root"),
        "an address is a root's directory below the output, such as `acme/production`; `terralet list` has them",
    ))
}

/// The options that `terralet` needs to find this workspace and tree again, each with a space before it.
fn calls(arguments: &Arguments, options: &MoveOptions, workspace: &Workspace, output: &Output) -> String {
    let option = |name: &str, path: String| format!(" {name} {}", shell::quoted(&path));
    let platform = arguments.platform.as_ref().map(|file| option("--platform", workspace.shown(&workspace.start.join(file))));
    let output = options.output.as_ref().map(|_| option("--output", workspace.shown(&output.root)));
    format!("{}{}", platform.unwrap_or_default(), output.unwrap_or_default())
}

/// Writes all of it. The order matters to a run that is killed: first every old key is taken, then the new roots stand, with the old places
/// beside them, and only then the old roots go.
fn stage(output: &Output, moves: &[Move<'_>]) -> Result<(), Failure> {
    for moved in moves {
        refuse_links(output, &moved.old.directory)?;
        refuse_links(output, moved.new.key.directory())?;
    }
    let mut writer = Writer::default();
    for moved in moves.iter().filter(|moved| !moved.is_in_place() && !moved.old.goes_to(moved.new.key.directory())) {
        let file = output.root.join(&moved.old.directory).join(MOVED_FILE);
        writer.file(&file, &moved_to(&moved.old.identity, moved.new.key.directory()))?;
    }
    for moved in moves {
        write_root(output, &mut writer, moved)?;
    }
    for moved in moves {
        for name in &moved.goes {
            writer.remove(output.root.join(&moved.old.directory).join(name));
        }
    }
    writer.commit()?;
    for moved in moves.iter().filter(|moved| !moved.goes.is_empty()) {
        remove_empty(&output.root, &output.root.join(&moved.old.directory).join(MOVE_DIRECTORY));
    }
    Ok(())
}

fn write_root(output: &Output, writer: &mut Writer, moved: &Move<'_>) -> Result<(), Failure> {
    let root: &RootModule = moved.new;
    let directory = output.root.join(root.key.directory());
    let old_backend = (format!("{MOVE_DIRECTORY}/backend.tf"), &moved.old_backend);
    let memory = std::iter::once(old_backend).chain(moved.record.as_ref().map(|text| (record(), text)));
    let differs = |(name, text): &(String, &String)| output.text(&format!("{}/{name}", root.key.directory())).as_ref() != Some(*text);
    let memory = memory.filter(differs).map(|(name, text)| Change {
        name: name.into(),
        state: FileState::Missing,
        old: None,
        new: Some(text.clone()),
    });
    if moved.is_in_place() {
        // The root is there: what it remembers stands before the guard of the change goes.
        for change in memory {
            writer.file(&directory.join(&change.name), change.new.as_deref().unwrap_or(""))?;
        }
        return writer.root(&directory, &root.identity, &moved.changes, None);
    }
    let changes: Vec<Change> = memory.chain(moved.changes.iter().map(copy)).collect();
    // A directory that only has the word that its state went away gets its files one by one, and cannot be planned before the last.
    writer.root(&directory, &root.identity, &changes, Some(directory.parent().unwrap_or(&output.root)))
}

fn copy(change: &Change) -> Change {
    Change { name: change.name.clone(), state: change.state, old: None, new: change.new.clone() }
}

fn tell(arguments: &Arguments, options: &MoveOptions, moves: &[Move<'_>], calls: &str, workspace: &Workspace, output: &Output) {
    let harms: Vec<&Report> = moves.iter().flat_map(|moved| &moved.harms).collect();
    let record_of = |moved: &Move<'_>| workspace.shown(&output.root.join(moved.new.key.directory()).join(record()));
    if arguments.format == Format::Json {
        report::json(&Answer {
            version: 1,
            dry_run: options.dry_run,
            moves: moves.iter().map(|moved| as_json(moved, calls, record_of(moved))).collect(),
            diagnostics: report::diagnostics(&harms),
        });
        return;
    }
    report::print_reports(arguments.style(), &harms);
    let pages: Vec<String> = moves.iter().map(|moved| moved.told(calls).readme()).collect();
    report::out(&report::clean(&pages.join("\n")));
    if !arguments.quiet {
        let did = if options.dry_run { "would stage" } else { "staged" };
        for moved in moves {
            let (from, to) = (&moved.old.directory, moved.new.key.directory());
            report::note(&format!("{did} `{to}`, from `{from}`: the steps are in `{}`", record_of(moved)));
        }
    }
}

fn as_json<'a>(moved: &'a Move<'_>, calls: &str, record: String) -> Moved<'a> {
    let told = moved.told(calls);
    let identity = &moved.new.identity;
    Moved {
        from: &moved.old.directory,
        to: moved.new.key.directory(),
        repository: &identity.repository,
        environment: &identity.environment,
        region: &identity.region,
        service: identity.service.as_deref(),
        record,
        steps: told.carry(),
        undo: told.undo(),
    }
}
