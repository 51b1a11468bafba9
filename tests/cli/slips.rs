//! Slips of YAML's shape, made by rule over the documents of fixtures/acme: the edits of the messages alone, put in as often as there are any,
//! lead back to a document that checks as it did.
//!
//! `cargo test --test cli slips:: -- --nocapture` prints the share by kind.

use crate::harness::edits::apply;
use crate::harness::{copy_tree, package, terralet};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// No smaller share of the slips, of all kinds together, ends in a document without errors.
const FEWEST: f64 = 0.95;
/// No fewer slips are made.
const FEWEST_SLIPS: usize = 300;
/// How often edits are put in: one may bring the next mistake to light.
const ROUNDS: usize = 4;

/// A slip in one line of a document.
struct Slip {
    kind: &'static str,
    repository: PathBuf,
    file: String,
    text: String,
}

/// What a slip makes of line `at`; nothing where the line is not of the kind.
fn slip(kind: &str, lines: &[&str], at: usize) -> Option<String> {
    let line = lines[at];
    let indent = line.len() - line.trim_start().len();
    let content = line.trim_start();
    let (key, value) = content.split_once(": ")?;
    let is_plain =
        !key.contains(['"', '\'', '#', '{', '-']) && !value.is_empty() && !value.starts_with(['{', '[', '|', '>', '&', '*', '#']);
    let above =
        at.checked_sub(1).map(|at| lines[at]).filter(|above| above.contains(": ") && !above.trim_start().starts_with(['#', '-']))?;
    let same_column = above.len() - above.trim_start().len() == indent;
    let has_value = !above.trim_end().ends_with(':') && !above.contains(['|', '>', '{', '[', '&']);
    let new = match kind {
        "too far" if indent > 0 && same_column && has_value && is_plain => format!("{}{content}", " ".repeat(indent + 4)),
        "too little" if indent > 2 && same_column && has_value && is_plain => format!("{}{content}", " ".repeat(indent - 1)),
        "no space" if is_plain && !value.contains([' ', ':']) && same_column => format!("{}{key}:{value}", " ".repeat(indent)),
        "equals" if is_plain && same_column => format!("{}{key} = {value}", " ".repeat(indent)),
        "a tab" if indent > 0 && same_column && has_value && is_plain => format!("\t{content}"),
        "slashes" if is_plain && same_column => format!("{}// a note\n{line}", " ".repeat(indent)),
        _ => return None,
    };
    let mut changed: Vec<&str> = lines.to_vec();
    changed[at] = &new;
    Some(changed.join("\n") + "\n")
}

fn check(directory: &Path) -> Vec<Value> {
    let output = terralet(directory, &["--platform", "../platform.yml", "check", "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    json["diagnostics"].as_array().unwrap().iter().filter(|diagnostic| diagnostic["severity"] == "error").cloned().collect()
}

#[test]
fn the_edits_of_the_messages_undo_slips() {
    let customers = package().join("fixtures/acme/customers");
    let mut slips = Vec::new();
    for repository in fs::read_dir(customers).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.join("infra").is_dir()) {
        for document in fs::read_dir(repository.join("infra")).unwrap().map(|entry| entry.unwrap().path()) {
            let Some(text) = fs::read_to_string(&document).ok().filter(|_| document.extension().is_some_and(|end| end == "yml")) else {
                continue;
            };
            let lines: Vec<&str> = text.lines().collect();
            let file = document.file_name().unwrap().to_string_lossy().into_owned();
            for kind in ["too far", "too little", "no space", "equals", "a tab", "slashes"] {
                for at in (0..lines.len()).step_by(2) {
                    if let Some(text) = slip(kind, &lines, at) {
                        slips.push(Slip { kind, repository: repository.clone(), file: file.clone(), text });
                    }
                }
            }
        }
    }
    let results: Vec<(&str, Option<String>)> = slips
        .par_iter()
        .map(|slip| {
            let outer = tempfile::tempdir().unwrap();
            let directory = outer.path().join(slip.repository.file_name().unwrap());
            copy_tree(&slip.repository, &directory, &[]);
            fs::write(outer.path().join("platform.yml"), PLATFORM).unwrap();
            assert!(check(&directory).is_empty(), "{} has errors of its own", slip.repository.display());
            let path = directory.join("infra").join(&slip.file);
            fs::write(&path, &slip.text).unwrap();
            let mut errors = check(&directory);
            for _ in 0..ROUNDS {
                if errors.is_empty() || !apply(&directory, &errors) {
                    break;
                }
                errors = check(&directory);
            }
            let left = (!errors.is_empty()).then(|| {
                let first = &errors[0];
                format!("{} in {}: {}: {}", slip.kind, slip.file, first["code"], first["message"])
            });
            (slip.kind, left)
        })
        .collect();
    let mut by_kind: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (kind, left) in &results {
        let (undone, all) = by_kind.entry(kind).or_default();
        *undone += usize::from(left.is_none());
        *all += 1;
    }
    let left: Vec<&String> = results.iter().filter_map(|(_, left)| left.as_ref()).collect();
    let share = (results.len() - left.len()) as f64 / results.len().max(1) as f64;
    println!("{} of {} slips undone by edits alone, {:.1}%", results.len() - left.len(), results.len(), 100.0 * share);
    by_kind.iter().for_each(|(kind, (undone, all))| println!("  {kind}: {undone} of {all}"));
    left.iter().for_each(|left| println!("  left: {left}"));
    assert!(results.len() >= FEWEST_SLIPS, "{}", results.len());
    assert!(share >= FEWEST, "{share}");
}

/// A platform without rules of its own about the customers.
const PLATFORM: &str = "exported: true
rules: {section-without-module: off}
clouds: {aws: {backup_copy_region: {eu-west-1: eu-central-1, eu-central-1: eu-west-1}}}
";
