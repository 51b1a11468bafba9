//! What single mistakes in the documents of fixtures/acme take away, by `compile --check` over the committed tree: whenever a deployment, a
//! module call, a network of a list or a value that is replaced when it changes goes, a diagnostic names it with a line of the customer's
//! documents. Documents with errors take nothing away: nothing of them is written.
//!
//! A sample of the mistakes is tried; `TERRALET_EVERY_MISTAKE=1 cargo test --test cli what_goes::` tries all of them.

#![cfg(unix)]

use crate::harness::{Sandbox, terralet};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Of so many mistakes one is tried.
const SAMPLE: usize = 29;
/// What a diagnostic of something that goes is.
const CODES: [&str; 4] = ["deployment-removed", "destructive-change", "list-entry-removed", "state-key-changed"];
/// Arguments whose change replaces what is there.
const REPLACED: [&str; 3] = ["name", "vpc_cidr", "engine"];

/// A document with one mistake in it.
struct Mistake {
    document: PathBuf,
    what: String,
    text: String,
}

/// The documents of every customer: YAML files in a directory `infra`.
fn documents(root: &Path) -> Vec<PathBuf> {
    let mut open = vec![root.join("customers")];
    let mut found = Vec::new();
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()) {
            let is_yaml = entry.extension().is_some_and(|extension| extension == "yml" || extension == "yaml");
            if entry.is_dir() {
                open.push(entry);
            } else if is_yaml && directory.ends_with("infra") {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// True for lines that say nothing.
fn is_blank(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

/// The end of what stands below a line.
fn below(lines: &[&str], at: usize) -> usize {
    let own = indentation(lines[at]);
    let is_below = |line: &&&str| is_blank(line) || indentation(line) > own;
    at + 1 + lines[at + 1..].iter().take_while(is_below).count()
}

/// Every single-key deletion, indentation shift and emptied section of a document.
fn mistakes(document: &Path) -> Vec<Mistake> {
    let text = fs::read_to_string(document).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut mistakes = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !is_blank(line)) {
        let mut add = |what: &str, kept: Vec<String>| {
            let what = format!("{what} line {}: {}", at + 1, line.trim());
            mistakes.push(Mistake { document: document.to_owned(), what, text: kept.join("\n") + "\n" });
        };
        let end = below(&lines, at);
        let with = |from: usize, to: usize, place: Option<String>| {
            let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
            [own(&lines[..from]), place.into_iter().collect(), own(&lines[to..])].concat()
        };
        add("without", with(at, end, None));
        add("further in", with(at, at + 1, Some(format!("  {line}"))));
        if indentation(line) >= 2 {
            add("further out", with(at, at + 1, Some(line[2..].to_owned())));
        }
        let Some((key, value)) = line.split_once(':').filter(|(key, _)| !key.trim_start().starts_with(['-', '"', '{'])) else { continue };
        if end > at + 1 || value.trim_start().starts_with(['{', '[']) {
            add("emptied", with(at, end, Some(format!("{key}:"))));
        }
    }
    mistakes
}

/// Networks in a text.
fn networks(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').filter(|text| text.contains('/') && text.split(['.', '/']).filter(|part| part.parse::<u16>().is_ok()).count() == 5)
}

/// What the difference of one `main.tf` takes away.
fn taken(diff: &str) -> Vec<String> {
    let lines = |sign: char| diff.lines().filter(move |line| line.starts_with(sign)).map(|line| &line[1..]);
    let calls = |sign| lines(sign).filter(|line| line.starts_with("module ")).collect::<BTreeSet<_>>();
    let of_networks = |sign| lines(sign).flat_map(networks).collect::<BTreeSet<_>>();
    let arguments = |sign| {
        let assigned = lines(sign).filter_map(|line| line.split_once(" = "));
        // An argument of the call itself, and none of an object in one.
        let replaced = assigned.filter(|(name, _)| REPLACED.contains(&name.trim()) && indentation(name) == 2);
        replaced.map(|(name, value)| (name.trim(), value)).collect::<BTreeSet<_>>()
    };
    let mut taken: Vec<String> = calls('-').difference(&calls('+')).map(|call| (*call).to_owned()).collect();
    taken.extend(of_networks('-').difference(&of_networks('+')).map(|network| (*network).to_owned()));
    let now = arguments('+');
    let changed = arguments('-').into_iter().filter(|(name, value)| now.iter().any(|(other, new)| other == name && new != value));
    taken.extend(changed.map(|(name, value)| format!("{name} = {value}")));
    taken
}

/// What a mistake takes away: how many things, and those that go without a word.
fn judged(root: &Path, mistake: &Mistake) -> (usize, Vec<String>) {
    let repository = mistake.document.strip_prefix(root.join("customers")).unwrap().iter().next().unwrap().to_string_lossy().into_owned();
    let before = fs::read_to_string(&mistake.document).unwrap();
    fs::write(&mistake.document, &mistake.text).unwrap();
    let output = terralet(root, &["compile", "--check", "--customer", &repository, "--format", "json"]);
    fs::write(&mistake.document, before).unwrap();
    let status = output.status.code();
    assert!(matches!(status, Some(0 | 1 | 3)), "{}: {status:?}: {}", mistake.what, String::from_utf8_lossy(&output.stderr));
    let reported: Value = serde_json::from_slice(&output.stdout).unwrap();
    if status == Some(1) {
        return (0, Vec::new());
    }
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    // The directories of deployments about which something is said with a line of the customer's documents.
    let named: Vec<String> = reported["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|reported| CODES.contains(&text(&reported["code"]).as_str()))
        .filter(|reported| {
            let labels = reported["labels"].as_array().unwrap();
            labels.iter().any(|label| text(&label["file"]).starts_with("customers/") && label["line"].is_u64())
        })
        .map(|reported| text(&reported["message"]))
        .collect();
    let (mut count, mut silent) = (0, Vec::new());
    for difference in reported["differences"].as_array().unwrap() {
        let (file, state, diff) = (text(&difference["file"]), text(&difference["state"]), text(&difference["diff"]));
        let Some(directory) = file.strip_suffix("/main.tf") else { continue };
        let taken = match state.as_str() {
            "stale" => taken(&diff),
            "no longer wanted" => vec!["the deployment".to_owned()],
            _ => continue,
        };
        count += taken.len();
        // A message names a deployment by its repository and environment.
        let environment = fs::read_to_string(root.join(&file)).unwrap();
        let word = |name: &str| environment.split(name).nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap().to_owned();
        let identity = format!("{}/{}", word("repository="), word("environment="));
        let is_named = named.iter().any(|message| message.contains(&identity) || message.contains(directory));
        silent.extend(
            taken
                .into_iter()
                .filter(|_| !is_named)
                .map(|taken| format!("{}: {}: {directory}: {taken}", mistake.document.display(), mistake.what)),
        );
    }
    (count, silent)
}

#[test]
fn nothing_goes_without_a_word() {
    let sandbox = Sandbox::new();
    let root = sandbox.with("fixtures/acme", &[]);
    let every = std::env::var_os("TERRALET_EVERY_MISTAKE").is_some_and(|value| value == "1");
    let all: Vec<Mistake> = documents(&root).iter().flat_map(|document| mistakes(document)).collect();
    assert!(all.len() > 1500, "only {} mistakes were made", all.len());
    let tried: Vec<&Mistake> = all.iter().step_by(if every { 1 } else { SAMPLE }).collect();
    let (mut taken, mut silent) = (0, Vec::new());
    for mistake in &tried {
        let (count, of_one) = judged(&root, mistake);
        taken += count;
        silent.extend(of_one);
    }
    println!("{} of {} mistakes were tried, and took away {taken} things", tried.len(), all.len());
    assert!(taken > 10, "only {taken} things went");
    assert!(silent.is_empty(), "{} things go without a word:\n{}", silent.len(), silent.join("\n"));
}
