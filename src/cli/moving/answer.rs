//! What `terralet move` prints.

use crate::args::{Arguments, Format, MoveOptions};
use serde::Serialize;
use terralet_core::diagnostics::Report;
use terralet_core::emit::record;
use terralet_core::moves::{Move, Step};
use terralet_core::shell::quoted;
use terralet_core::tree::Tree as _;
use terralet_host::output::Output;
use terralet_host::workspace::Workspace;
use terralet_report as report;

/// What a move prints as JSON.
#[derive(Serialize)]
struct MoveAnswer<'a, D: Serialize> {
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

/// The options that `terralet` needs to find this workspace and tree again, each with a space before it.
pub(super) fn calls(arguments: &Arguments, options: &MoveOptions, workspace: &Workspace, output: &Output) -> String {
    let option = |name: &str, path: String| format!(" {name} {}", quoted(&path));
    let platform = arguments.platform.as_ref().map(|file| option("--platform", workspace.shown(&workspace.start.join(file))));
    let output = options.output.as_ref().map(|_| option("--output", workspace.shown(&output.root)));
    format!("{}{}", platform.unwrap_or_default(), output.unwrap_or_default())
}

pub(super) fn print(arguments: &Arguments, options: &MoveOptions, moves: &[Move<'_>], calls: &str, output: &Output) {
    let harms: Vec<&Report> = moves.iter().flat_map(|moved| &moved.harms).collect();
    let record_of = |moved: &Move<'_>| output.shown(&format!("{}/{}", moved.new.key.directory(), record()));
    if arguments.format == Format::Json {
        report::print_json(&MoveAnswer {
            version: 1,
            dry_run: options.dry_run,
            moves: moves.iter().map(|moved| as_json(moved, calls, record_of(moved))).collect(),
            diagnostics: report::diagnostics(&harms),
        });
        return;
    }
    report::print_reports(arguments.style(), &harms);
    let pages: Vec<String> = moves.iter().map(|moved| moved.steps(calls).readme()).collect();
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
    let steps = moved.steps(calls);
    let identity = &moved.new.identity;
    Moved {
        from: &moved.old.directory,
        to: moved.new.key.directory(),
        repository: &identity.repository,
        environment: &identity.environment,
        region: &identity.region,
        service: identity.service.as_deref(),
        record,
        steps: steps.carry(),
        undo: steps.undo(),
    }
}
