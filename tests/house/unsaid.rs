//! "What cannot be said" of docs/language.md: keys that it says are not there are unknown, those that it says are kept have no module, and
//! what it advises is taken.

use crate::harness::{package, terralet};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use terralet_core::schema::SECTIONS as LANGUAGE;

/// No fewer keys that are not there.
const FEWEST: usize = 15;

/// Sections with what they cannot be without.
const SECTIONS: [(&str, &str); 5] = [
    ("networking", "vpc_cidr: 10.0.0.0/16"),
    ("compute", "instance_type: t3.small"),
    ("database", "engine: postgres, engine_version: '17', instance_class: db.t4g.medium"),
    ("security", ""),
    ("scaling", ""),
];

/// The section of the page, up to the next one.
fn section() -> String {
    let page = fs::read_to_string(package().join("docs/language.md")).unwrap();
    let (_, from) = page.split_once("## What cannot be said\n").unwrap();
    from.split("\n## ").next().unwrap().to_owned()
}

/// Words in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// What `check` says of one document.
fn said_of(document: &str) -> Vec<Value> {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("infra")).unwrap();
    fs::write(directory.path().join("infra/variables.yml"), document).unwrap();
    let output = terralet(directory.path(), &["check", "--format", "json"]);
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    said["diagnostics"].as_array().unwrap().clone()
}

/// A column of the table, row by row.
fn column(section: &str, number: usize) -> Vec<&str> {
    section.lines().filter(|line| line.starts_with("| ")).skip(2).map(|row| row.split('|').nth(number).unwrap()).collect()
}

/// True when a diagnostic has a code, and a name in backticks in its message.
fn names(said: &Value, code: &str, name: &str) -> bool {
    said["code"] == code && said["message"].as_str().unwrap().contains(&format!("`{name}`"))
}

#[test]
fn keys_that_there_are_not_are_unknown() {
    let section = section();
    let cells = column(&section, 2);
    let mut keys: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (of, key) in cells.iter().flat_map(|cell| quoted(cell)).map(|word| word.split_once('.').unwrap()) {
        keys.entry(of).or_default().push(key);
    }
    assert!(keys.values().map(Vec::len).sum::<usize>() >= FEWEST, "{keys:?}");
    let mut document = "project_name: shop\nregion: eu-west-1\nenvironments: {dev: {}}\n".to_owned();
    for (of, needed) in SECTIONS {
        let unknown = keys.get(of).into_iter().flatten().map(|key| format!("{key}: x"));
        let lines: Vec<String> = Some(needed.to_owned()).into_iter().filter(|needed| !needed.is_empty()).chain(unknown).collect();
        document.push_str(&format!("{of}: {{{}}}\n", lines.join(", ")));
    }
    let said = said_of(&document);
    for (of, key) in keys.iter().flat_map(|(of, keys)| keys.iter().map(move |key| (of, key))) {
        assert!(SECTIONS.iter().any(|(section, _)| section == of), "{of}");
        assert!(said.iter().any(|said| names(said, "unknown-key", key) && names(said, "unknown-key", of)), "`{of}.{key}` is a key");
    }
}

#[test]
fn what_is_there_instead_is_of_the_language() {
    let section = section();
    let output = "load_balancer_dns_name";
    for word in column(&section, 3).iter().flat_map(|cell| quoted(cell)).filter(|word| *word != output) {
        let (of, key) = word.split_once('.').map_or((None, word), |(of, key)| (Some(of), key));
        let is_one = |name: &str| name == key;
        let sections = LANGUAGE.iter().filter(|section| of.is_none_or(|of| of == section.name));
        let known = sections.flat_map(|section| section.keys.iter().map(|key| key.name).chain([section.name])).any(is_one);
        assert!(known, "`{word}` is no key");
    }
}

#[test]
fn what_is_kept_has_no_module() {
    let section = section();
    let (_, kept) = section.split_once("The five also ask for ").unwrap();
    let kept: Vec<&str> = quoted(kept).collect();
    let document = "project_name: shop\nregion: eu-west-1\nenvironments: {dev: {}}\nnetworking: {vpc_cidr: 10.0.0.0/16}\n\
        storage: {bucket_name: shop-pages}\nfeatures: {enable_cdn: true}\n\
        security: {enable_waf: true}\nmonitoring: {log_retention_days: 30}\n";
    let said = said_of(document);
    for key in kept {
        assert!(said.iter().any(|said| names(said, "section-without-module", key)), "`{key}` is taken: {said:#?}");
    }
    assert!(said.iter().all(|said| said["severity"] != "error"), "{said:#?}");
}

#[test]
fn what_is_advised_is_taken() {
    let section = section();
    let document = section.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let said = said_of(document);
    assert!(said.is_empty(), "{said:#?}");
}
