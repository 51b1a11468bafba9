//! What is reported of one customer shows nothing of the others that the platform file has next to it: not on the line, not around it, and not in
//! the words of a message.

use crate::harness::cases::folders;
use crate::harness::workspace::Workspace;
use crate::harness::{copy_tree, package, terralet};
use serde_yaml::{Mapping, Value};
use std::fs;
use std::path::{Path, PathBuf};

/// What no output has: each is in every entry of the other customers.
const CANARIES: [&str; 4] = ["canary", "909090909090", "ap-northeast-3", "v90.90.90"];

/// The other customers, as many as are asked for.
fn neighbour(number: usize) -> (Value, Value) {
    let entry = "{customer_id: canary-id-NN, account_id: '909090909090', infra: canary/infra, residency: [ap-northeast-3], formerly: canary-old-NN, grants: {snapshots: [canary-NN]}}";
    let entry: Mapping = serde_yaml::from_str(&entry.replace("NN", &number.to_string())).unwrap();
    (format!("canary-{number}").into(), Value::Mapping(entry))
}

/// A registry with other customers before, between and behind its entries.
fn surrounded(registry: &Mapping) -> Mapping {
    let mut among = Mapping::new();
    let mut number = 0;
    for (name, entry) in registry {
        for _ in 0..2 {
            let (name, entry) = neighbour(number);
            among.insert(name, entry);
            number += 1;
        }
        among.insert(name.clone(), entry.clone());
    }
    for number in number..number + 2 {
        let (name, entry) = neighbour(number);
        among.insert(name, entry);
    }
    among
}

/// A platform file in each style: a key a line, an entry a line, all of a section on one line.
fn styles(platform: &Mapping) -> [String; 3] {
    let block = serde_yaml::to_string(platform).unwrap();
    let json = |value: &Value| serde_json::to_string(value).unwrap();
    let key = |key: &Value| key.as_str().unwrap().to_owned();
    let of_sections = platform.iter().map(|(name, value)| format!("{}: {}\n", key(name), json(value))).collect();
    let entries = |value: &Value| match value {
        Value::Mapping(entries) if !entries.is_empty() => {
            entries.iter().map(|(name, value)| format!("\n  {}: {}", json(name), json(value))).collect()
        }
        value => json(value),
    };
    let of_entries = platform.iter().map(|(name, value)| format!("{}: {}\n", key(name), entries(value))).collect();
    [block, of_entries, of_sections]
}

/// The calls that show lines of a file, and then the others.
const CALLS: [(&str, &str); 7] = [
    ("check", "human"),
    ("compile", "human"),
    ("check", "json"),
    ("check", "sarif"),
    ("check", "github"),
    ("compile", "json"),
    ("list", "human"),
];

fn assert_hidden(directory: &Path, calls: &[(&str, &str)], what: &str) {
    for (command, format) in calls {
        let output = terralet(directory, &[command, "--color", "never", "--format", format]);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let shown = CANARIES.iter().find_map(|canary| said.find(canary));
        let near = shown.map(|at| said.get(at.saturating_sub(500)..).unwrap_or(&said).chars().take(900).collect::<String>());
        assert_eq!(near, None, "{what}: {command} as {format}");
    }
}

/// A fixture's platform file, when it has one that is right; there are neighbours then.
fn platform_of(directory: &Path) -> Option<Mapping> {
    let text = fs::read_to_string(directory.join("terralet.yml")).ok()?;
    let mut platform: Mapping = serde_yaml::from_str(&text).ok()?;
    let is_right = terralet(directory, &["check"]).status.code() != Some(2) && !platform.contains_key("exported");
    let registry = platform.get("registry").cloned().unwrap_or_else(|| Value::Mapping(Mapping::new()));
    let Value::Mapping(registry) = registry else { return None };
    platform.insert("registry".into(), Value::Mapping(surrounded(&registry)));
    is_right.then_some(platform)
}

#[test]
fn no_report_of_any_fixture_shows_the_customers_next_to_it() {
    let folders = folders(&package().join("fixtures/diagnose"));
    let mut repositories: Vec<(String, PathBuf)> = Vec::new();
    let (mut workspaces, mut kept) = (0, Vec::new());
    for case in folders.values().flatten() {
        let (outer, directory) = case.copy();
        let what = format!("{}/{}", case.folder, case.name());
        if !directory.join("terralet.yml").exists() {
            if directory.join("infra").is_dir() {
                repositories.push((what, directory));
                kept.push(outer);
            }
            continue;
        }
        // What these say is the platform's, and names who it is about.
        if ["between-customers", "ended-rule", "unused-registration"].contains(&&*case.folder) {
            continue;
        }
        let Some(platform) = platform_of(&directory) else { continue };
        workspaces += 1;
        for (number, text) in styles(&platform).iter().enumerate() {
            fs::write(directory.join("terralet.yml"), text).unwrap();
            let calls = if number == 0 { &CALLS[..] } else { &CALLS[..1] };
            assert_hidden(&directory, calls, &format!("{what} in style {number}"));
        }
    }
    assert!(workspaces > 60 && repositories.len() > 250, "{workspaces} workspaces, {} repositories", repositories.len());
    // Repositories alone are put next to each other: for people 200 messages are shown.
    for group in repositories.chunks(60) {
        let workspace = Workspace::new("customers: [customers/*]", &[]);
        let mut registry = Mapping::new();
        for (number, (_, directory)) in group.iter().enumerate() {
            copy_tree(directory, &workspace.root.join(format!("customers/c{number}")), &[]);
            let entry = format!("{{customer_id: id-of-{number}, account_id: '{number:012}', tier: standard, residency: [eu-west-1]}}");
            registry.insert(format!("c{number}").into(), serde_yaml::from_str(&entry).unwrap());
        }
        let mut platform: Mapping = serde_yaml::from_str("customers: [customers/*]\nmodules: {source: ../modules}").unwrap();
        platform.insert("registry".into(), Value::Mapping(surrounded(&registry)));
        for (number, text) in styles(&platform).iter().enumerate() {
            fs::write(workspace.root.join("terralet.yml"), text).unwrap();
            let calls = if number == 0 { &CALLS[..] } else { &CALLS[..1] };
            assert_hidden(&workspace.root, calls, &group.iter().map(|(what, _)| format!("{what} ")).collect::<String>());
        }
    }
}

#[test]
fn who_claims_a_registered_id_sees_the_claim_alone() {
    let base = "project_name: shop\nregion: eu-west-1\nenvironments: {dev: {}}\nnetworking: {vpc_cidr: 10.20.0.0/16}\n";
    let platform = "registry: {aaa-canary: {customer_id: shop, account_id: '909090909090'}, zzz-canary: {customer_id: other}}";
    for (repository, document) in [("cafe", format!("customer_id: shop\n{base}")), ("shop", base.to_owned())] {
        let workspace = Workspace::new(platform, &[(&format!("{repository}/variables.yml"), &document)]);
        let reported = workspace.run(&["check"], 1);
        let conflict = reported.only("customer-id-conflict");
        assert_eq!(conflict["labels"].as_array().unwrap().len(), 1, "{conflict}");
        assert!(!conflict["message"].as_str().unwrap().contains("another"), "{conflict}");
        // Of a run over the whole workspace the operator reads whose the id is.
        let path = format!("customers/{repository}");
        for (command, format) in CALLS {
            let output = terralet(&workspace.root, &[command, &path, "--color", "never", "--format", format]);
            let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(!CANARIES.iter().any(|canary| said.contains(canary)), "{repository}, {command} as {format}: {said}");
        }
    }
}

#[test]
fn the_platform_files_own_mistakes_are_shown_with_their_lines() {
    let workspace = Workspace::new("registry:\n  shop: {tier: standard}\n  cafe: {tier: standart}\n", &[]);
    let output = terralet(&workspace.root, &["check", "--color", "never"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("2 │   shop: {tier: standard}") && said.contains("3 │   cafe: {tier: standart}"), "{said}");
}
