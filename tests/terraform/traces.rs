//! What `terralet trace` is tested with, said by real Terraform: every fault of `tests/trace_faults` over `fixtures/trace`, compared with its
//! recording. `UPDATE_GOLDEN=1` records again.

#[path = "../trace_faults/mod.rs"]
mod trace_faults;

use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::Suite;
use crate::offline::{Tally, Terraform};
use crate::statestore::StateStore;
use crate::workspace::{Failure, Module, Workspace};
use trace_faults::{Command, FAULTS, Fault, RECORDED, WORKSPACE};

pub(crate) fn add(suite: &mut Suite) {
    let mut roots: Vec<&'static str> = FAULTS.iter().map(|fault| fault.root).collect();
    roots.sort_unstable();
    roots.dedup();
    for root in roots {
        suite.add(format!("traces::{root}"), move |terraform| check(terraform, root));
    }
}

/// Runs the faults of one root in one copy, each taken out again before the next.
fn check(terraform: &Terraform, root: &str) -> Result<(), Failure> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    let sources = [(package.join("modules"), "modules".to_owned()), (package.join(WORKSPACE), WORKSPACE.to_owned())];
    let workspace = Workspace::copy(terraform, &sources, Arc::new(store))?;
    compile(&workspace)?;
    let module = workspace.module(&Path::new(WORKSPACE).join("generated").join(root));
    module.init()?;
    let mut failures = Vec::new();
    for fault in FAULTS.iter().filter(|fault| fault.root == root) {
        match one(terraform, &workspace, &module, fault) {
            Ok(()) => terraform.tally.faults.add(1, 1),
            Err(failure) => {
                terraform.tally.faults.add(0, 1);
                failures.push(format!("{}: {failure}", fault.name));
            }
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(Failure::new("trace", failures.join("\n"))) }
}

fn one(terraform: &Terraform, workspace: &Workspace<'_>, module: &Module<'_>, fault: &Fault) -> Result<(), Failure> {
    let failed = |error: String| Failure::new("fault", error);
    let injected = fault.inject(workspace.path()).map_err(failed)?;
    if fault.is_compiled() {
        compile(workspace)?;
    }
    let outcome = module.run(fault.command.arguments())?;
    let place = fault.place(&workspace.path().join(WORKSPACE)).map_err(failed)?;
    let reported = trace(workspace, fault, &outcome.stdout)?;
    if let Some((file, before)) = injected {
        std::fs::write(file, before).map_err(|error| failed(error.to_string()))?;
    }
    if fault.is_compiled() {
        compile(workspace)?;
    }
    if fault.command == Command::Init {
        // A backend that was refused, or a provider that was not found, is not what the next fault is to meet.
        module.run(&["init", "-json", "-reconfigure"])?.succeeded()?;
    }
    if !outcome.stdout.contains(fault.said) {
        return Err(failed(format!("Terraform did not say `{}`\n{}{}", fault.said, outcome.stdout, outcome.stderr)));
    }
    compare(&recording(fault), &steady(&outcome.stdout), terraform.has_terraforms_words())?;
    let wanted = place.map_or((Value::Null, Value::Null), |(file, line)| (json!(file), json!(line)));
    match reported.iter().find(|reported| **reported != wanted) {
        Some(reported) => Err(failed(format!("`terralet trace` names {reported:?} and not {wanted:?}"))),
        None if reported.is_empty() => Err(failed("`terralet trace` reports nothing".to_owned())),
        None => {
            Tally::add(&terraform.tally.mapped, usize::from(place.is_some()));
            Ok(())
        }
    }
}

/// File and line that `terralet trace` names for each error in what Terraform has just said.
fn trace(workspace: &Workspace<'_>, fault: &Fault, said: &str) -> Result<Vec<(Value, Value)>, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new("trace", format!("{}: {error}", fault.name));
    let mut input = tempfile::tempfile().map_err(|error| failed(&error))?;
    input.write_all(said.as_bytes()).and_then(|()| input.rewind()).map_err(|error| failed(&error))?;
    let mut process = Process::new(env!("CARGO_BIN_EXE_terralet"));
    process.current_dir(workspace.path().join(WORKSPACE)).args(["trace", fault.root, "--format", "json"]);
    let output = process.stdin(input).output().map_err(|error| failed(&error))?;
    let reported: Value = serde_json::from_slice(&output.stdout).map_err(|error| failed(&error))?;
    let places = reported["diagnostics"].as_array().into_iter().flatten().map(|one| &one["labels"][0]);
    Ok(places.map(|label| (label["file"].clone(), label["line"].clone())).collect())
}

fn recording(fault: &Fault) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(RECORDED).join(format!("{}.json", fault.name))
}

/// Of another product than Terraform the places are compared, and the words are its own.
fn compare(file: &Path, said: &str, by_word: bool) -> Result<(), Failure> {
    if by_word && std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        return std::fs::write(file, said).map_err(|error| Failure::new("record", error));
    }
    let recorded = std::fs::read_to_string(file).map_err(|error| Failure::new(&file.display().to_string(), error))?;
    // Terraform reports several errors of one run in any order.
    let sorted = |mut list: Vec<Value>| {
        if !by_word {
            let place = |one: &Value| json!({"severity": one["severity"], "address": one["address"], "range": one["range"]});
            list = list.iter().map(place).collect();
        }
        list.sort_by_key(Value::to_string);
        list
    };
    let (recorded, said) = (sorted(diagnostics(&recorded)), sorted(diagnostics(said)));
    if recorded == said && !said.is_empty() {
        return Ok(());
    }
    let shown = |diagnostics: &[Value]| diagnostics.iter().map(|diagnostic| format!("{diagnostic:#}\n")).collect::<String>();
    Err(Failure::new("recording", format!("{}\nrecorded:\n{}said:\n{}", file.display(), shown(&recorded), shown(&said))))
}

/// What Terraform printed without what differs from run to run.
fn steady(stdout: &str) -> String {
    let lines = stdout.lines().map(|line| match (line.starts_with('{'), line.split_once("\"@timestamp\":\"")) {
        (true, Some((before, behind))) => {
            let rest = behind.split_once('"').map_or("", |(_, rest)| rest);
            format!("{before}\"@timestamp\":\"2025-01-01T00:00:00Z\"{rest}\n")
        }
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// The diagnostics of a document or of a stream.
fn diagnostics(text: &str) -> Vec<Value> {
    if let Ok(document) = serde_json::from_str::<Value>(text)
        && let Some(diagnostics) = document["diagnostics"].as_array()
    {
        return diagnostics.clone();
    }
    let values = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    values.filter(|value| value["type"] == "diagnostic").map(|value| value["diagnostic"].clone()).collect()
}

/// Compiles with the binary, as a person would.
fn compile(workspace: &Workspace<'_>) -> Result<(), Failure> {
    let mut process = Process::new(env!("CARGO_BIN_EXE_terralet"));
    let output = process.current_dir(workspace.path().join(WORKSPACE)).args(["compile", "--color", "never"]).output();
    let output = output.map_err(|error| Failure::new("compile", error))?;
    if output.status.success() { Ok(()) } else { Err(Failure::new("compile", String::from_utf8_lossy(&output.stderr))) }
}
