//! Whatever a message proposes is taken at that place: every edit and every value that a help says to write, over all fixtures and over
//! mistakes made by rule, put in and checked again by the real binary. And what is proposed for units and for words of other tools is what
//! they mean.
//!
//! `cargo test --test cli advice:: -- --nocapture` prints the figures.

use crate::harness::cases::folders;
use crate::harness::proposals::{Places, offset, primary, proposals, with_changes};
use crate::harness::workspace::Workspace;
use crate::harness::{copy_tree, package, terralet};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use terralet_core::schema::{SECTIONS, Shape, Type, words_of_other_tools};

/// No fewer proposals are put in over the fixtures.
const FEWEST_OF_FIXTURES: usize = 200;
/// No fewer words of other tools are known.
const FEWEST_WORDS: usize = 750;

/// A whole document without a section, and with more lines.
fn document(without: &str, more: &str) -> String {
    let lines = [
        ("project_name", "project_name: shop\n"),
        ("region", "region: eu-west-1\n"),
        ("environments", "environments: {dev: {}}\n"),
        ("networking", "networking: {vpc_cidr: 10.20.0.0/16}\n"),
    ];
    lines.iter().filter(|(key, _)| *key != without).map(|(_, line)| *line).collect::<String>() + more
}

/// A section with a value for a key, and what else the section needs.
fn with_value(section: &str, key: &str, value: &str) -> String {
    let needed: &[(&str, &str)] = match section {
        "networking" => &[("vpc_cidr", "10.20.0.0/16")],
        "compute" => &[("instance_type", "t3.small")],
        // Storage for which the numbers are right.
        "database" if key == "iops" => &[
            ("engine", "postgres"),
            ("engine_version", "'16'"),
            ("instance_class", "db.t4g.medium"),
            ("storage_type", "io2"),
            ("allocated_storage", "1000"),
        ],
        // Of Aurora alone.
        "database" if key == "instances" => {
            &[("engine", "aurora-postgresql"), ("engine_version", "'16'"), ("instance_class", "db.t4g.medium")]
        }
        "database" => &[("engine", "postgres"), ("engine_version", "'16'"), ("instance_class", "db.t4g.medium")],
        "storage" => &[("bucket_name", "shop-files")],
        _ => &[],
    };
    let mut lines = format!("{section}:\n");
    for (other, text) in needed.iter().filter(|(other, _)| *other != key) {
        lines.push_str(&format!("  {other}: {text}\n"));
    }
    document(section, &format!("{lines}  {key}: {value}\n"))
}

const PLATFORM: &str = "environments: {dev: {}, staging: {}, production: {}}\nrules: {section-without-module: off}\n";

/// Checks documents, each a customer of its own; gives what is said of each.
fn checked(documents: &[String]) -> Vec<Vec<Value>> {
    let paths: Vec<(String, &str)> =
        documents.iter().enumerate().map(|(at, text)| (format!("shop-{at}/variables.yml"), text.as_str())).collect();
    let paths: Vec<(&str, &str)> = paths.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    // Networks and names of many customers are the same, which is not what this is about.
    let workspace = Workspace::new(PLATFORM, &paths);
    let output = terralet(&workspace.root, &["check", "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let mut said = vec![Vec::new(); documents.len()];
    for diagnostic in json["diagnostics"].as_array().unwrap() {
        let customer = diagnostic["customer"].as_str().unwrap_or_default();
        if let Some(at) = customer.strip_prefix("shop-").and_then(|at| at.parse::<usize>().ok()) {
            said[at].push(diagnostic.clone());
        }
    }
    said
}

/// The errors at places of a file.
fn errors_at<'j>(said: impl Iterator<Item = &'j Value>, file: &str, places: &[(usize, usize)]) -> Vec<String> {
    let mut errors = Vec::new();
    for diagnostic in said.filter(|diagnostic| diagnostic["severity"] == "error") {
        let Some(label) = primary(diagnostic).filter(|label| label["file"] == file) else { continue };
        let (start, end) = (offset(label, "byte_start"), offset(label, "byte_end"));
        // Customers are made of the same names here.
        let is_between = ["customer-id-conflict", "cidr-overlap"].iter().any(|code| diagnostic["code"] == *code);
        if !is_between && places.iter().any(|(from, to)| start < *to && end > *from) {
            errors.push(format!("{}: {}", diagnostic["code"].as_str().unwrap(), diagnostic["message"].as_str().unwrap()));
        }
    }
    errors
}

fn json_of(directory: &Path) -> Option<Value> {
    serde_json::from_slice(&terralet(directory, &["check", "--format", "json"]).stdout).ok()
}

/// Puts everything in that is proposed for a directory; gives how much there was, and what was refused.
fn apply_all(name: &str, directory: &Path) -> (usize, Vec<String>) {
    let Some(json) = json_of(directory) else { return (0, Vec::new()) };
    let (mut count, mut refused) = (0, Vec::new());
    for diagnostic in json["diagnostics"].as_array().into_iter().flatten() {
        for proposal in proposals(diagnostic) {
            let path = directory.join(&proposal.file);
            let Ok(before) = fs::read_to_string(&path) else { continue };
            let Some((now, places)) = with_changes(&before, &proposal.changes) else {
                refused.push(format!("{name}: {proposal:?} is not in the file"));
                continue;
            };
            count += 1;
            fs::write(&path, &now).unwrap();
            let said = json_of(directory).unwrap_or(Value::Null);
            fs::write(&path, &before).unwrap();
            let errors = errors_at(said["diagnostics"].as_array().into_iter().flatten(), &proposal.file, &places);
            if !errors.is_empty() {
                let message = diagnostic["message"].as_str().unwrap();
                let texts: Vec<&str> = proposal.changes.iter().map(|(.., text)| text.as_str()).collect();
                refused.push(format!("{name}: {message}\n    proposed {texts:?}, and then {errors:?}"));
            }
        }
    }
    (count, refused)
}

/// What may be refused: an entry of the fixtures, and why.
const MAY_BE_REFUSED: &[(&str, &str)] = &[
    ("unknown-cloud/long-name", "the cloud is meant; that it has no modules yet is the next thing to say"),
    ("unknown-key/state-arguments", "the argument to write instead has a required key of its own, which is the next thing to say"),
    ("yaml-syntax/unquoted-star", "YAML needs the quotes; that a tag takes no `*` shows only when it is read"),
];

#[test]
fn what_is_proposed_over_the_fixtures_is_taken() {
    let mut entries: Vec<(String, PathBuf)> = Vec::new();
    let outer = tempfile::tempdir().unwrap();
    let mut kept = Vec::new();
    for case in folders(&package().join("fixtures/diagnose")).into_values().flatten() {
        let (keep, directory) = case.copy();
        kept.push(keep);
        entries.push((format!("{}/{}", case.folder, case.name()), directory));
    }
    copy_tree(&package().join("modules"), &outer.path().join("modules"), &["tests"]);
    for entry in fs::read_dir(package().join("fixtures/compile")).unwrap().map(|entry| entry.unwrap().path()) {
        let input = if entry.join("input").is_dir() { entry.join("input") } else { entry.clone() };
        let directory = outer.path().join("fixtures/compile").join(entry.file_name().unwrap());
        if input.is_dir() {
            copy_tree(&input, &directory, &["expected"]);
            entries.push((format!("compile/{}", entry.file_name().unwrap().to_string_lossy()), directory));
        }
    }
    let results: Vec<(usize, Vec<String>)> = entries.par_iter().map(|(name, directory)| apply_all(name, directory)).collect();
    let count: usize = results.iter().map(|(count, _)| count).sum();
    let is_allowed = |line: &&String| MAY_BE_REFUSED.iter().any(|(entry, _)| line.starts_with(&format!("{entry}: ")));
    let refused: Vec<&String> = results.iter().flat_map(|(_, refused)| refused).filter(|line| !is_allowed(line)).collect();
    println!("{count} proposals over {} fixtures put in, {} refused", entries.len(), refused.len());
    assert!(
        refused.is_empty(),
        "{} of {count} are refused:\n{}",
        refused.len(),
        refused.iter().map(|line| format!("{line}\n")).collect::<String>()
    );
    assert!(count >= FEWEST_OF_FIXTURES, "{count}");
}

/// Puts every proposal for documents in, and checks them all again in one run.
fn refused_of(documents: &[String]) -> (usize, Vec<String>) {
    let said = checked(documents);
    let mut again: Vec<(String, Places, String)> = Vec::new();
    for (at, (text, said)) in documents.iter().zip(&said).enumerate() {
        let own = format!("customers/shop-{at}/");
        for diagnostic in said {
            for proposal in proposals(diagnostic).into_iter().filter(|proposal| proposal.file.starts_with(&own)) {
                let texts: Vec<&str> = proposal.changes.iter().map(|(.., text)| text.as_str()).collect();
                let about = format!("{}\n    proposed {texts:?}", diagnostic["message"].as_str().unwrap());
                let (now, places) = with_changes(text, &proposal.changes).unwrap();
                again.push((now, places, about));
            }
        }
    }
    let texts: Vec<String> = again.iter().map(|(text, ..)| text.clone()).collect();
    let mut refused = Vec::new();
    for (at, (said, (_, places, about))) in checked(&texts).iter().zip(&again).enumerate() {
        // One name may be proposed to several of them.
        let own = said.iter().filter(|diagnostic| diagnostic["code"] != "name-collision");
        let errors = errors_at(own, &format!("customers/shop-{at}/infra/variables.yml"), places);
        if !errors.is_empty() {
            refused.push(format!("{about}, and then {errors:?}"));
        }
    }
    (again.len(), refused)
}

/// Values that people write for keys of every type, right ones of another key among them.
const WRITTEN: [&str; 75] = [
    "yes",
    "'true'",
    "on",
    "enabled",
    "1",
    "0",
    "-1",
    "2.5",
    "0.65",
    "1.0",
    "1e2",
    "5m",
    "300s",
    "1h30m",
    "PT5M",
    "2w",
    "21d",
    "6 months",
    "1y",
    "P30D",
    "forever",
    "never",
    "1TB",
    "50Gi",
    "100GB",
    "512MB",
    "1Ti",
    "65%",
    "'70'",
    "'99999'",
    "99999",
    "1_000",
    "1,000",
    "'3 zones'",
    "two",
    "3 instances",
    "ten",
    "abc",
    "[a, b]",
    "[]",
    "{a: b}",
    "{dev: 1, production: 2}",
    "v16",
    "16.x",
    "latest",
    "postgres16",
    "PostgreSQL",
    "aurora",
    "mssql",
    "t3.samll",
    "t3",
    "medium",
    "db.t3.micro",
    "m5.large",
    "p2.xlarge",
    "g2.2xlarge",
    "Standard_D2s_v3",
    "n1-standard-1",
    "10.20.0.1/16",
    "10.0.0.0/8",
    "10.20.0.0/24",
    "10.20.0.0",
    "8.8.8.0/16",
    "'::/0'",
    "0.0.0.0",
    "10.0.0.1-10.0.0.9",
    "someone",
    "a@b",
    "http://example.com",
    "example.com",
    "0 5 * * *",
    "daily",
    "My_Bucket",
    "ami-123",
    "arn:aws:iam::123456789012:role/x",
];

#[test]
fn what_is_proposed_for_any_value_of_any_key_is_taken() {
    let mut documents = Vec::new();
    for section in SECTIONS {
        for key in section.keys.iter().filter(|key| !matches!(key.shape, Shape::Records(_))) {
            for value in WRITTEN {
                documents.push(with_value(section.name, key.name, value));
            }
        }
    }
    for region in [
        "Frankfurt",
        "germany",
        "London",
        "us-east4",
        "westus",
        "eu-west-1a",
        "us-east",
        "EU_WEST_1",
        "eu-wset-1",
        "virginia",
        "São Paulo",
        "europe-west1",
    ] {
        documents.push(document("region", &format!("region: {region}\n")));
    }
    for name in ["Acme_Shop", "4acme", "-shop", "shop-", "x", "Ä", "aws-shop", "a--b", "shop.example.com"] {
        documents.push(document("project_name", &format!("project_name: '{name}'\n")));
        documents.push(document("", &format!("customer_id: '{name}'\n")));
        documents.push(document("", &format!("services: {{'{name}': {{compute: {{instance_type: t3.small}}}}}}\n")));
    }
    let (count, refused) = refused_of(&documents);
    println!("{} documents, {count} proposals put in, {} refused", documents.len(), refused.len());
    assert!(refused.is_empty(), "{} of {count} are refused:\n{}", refused.len(), refused.join("\n"));
}

#[test]
fn amounts_with_a_unit_are_proposed_in_the_unit_of_the_key() {
    let table: &[(&str, &str, &str, Option<&str>)] = &[
        ("scaling", "scale_up_cooldown", "5m", Some("300")),
        ("scaling", "scale_up_cooldown", "300s", Some("300")),
        ("scaling", "scale_up_cooldown", "5 minutes", Some("300")),
        ("scaling", "scale_up_cooldown", "1h30m", Some("5400")),
        ("scaling", "scale_up_cooldown", "PT5M", Some("300")),
        ("scaling", "scale_up_cooldown", "2d", None),
        ("scaling", "scale_up_cooldown", "1e2", Some("100")),
        ("scaling", "scale_up_cooldown", "0.5", None),
        ("scaling", "scale_up_cooldown", "-5m", None),
        ("scaling", "cpu_threshold", "65%", Some("65")),
        ("scaling", "cpu_threshold", "0.65", Some("65")),
        ("scaling", "cpu_threshold", "65.0", Some("65")),
        ("scaling", "cpu_threshold", "1.0", None),
        ("scaling", "cpu_threshold", "0.655", None),
        ("scaling", "cpu_threshold", "650%", None),
        ("database", "allocated_storage", "1TB", Some("1000")),
        ("database", "allocated_storage", "1TiB", Some("1024")),
        ("database", "allocated_storage", "0.5TB", Some("500")),
        ("database", "allocated_storage", "50Gi", Some("50")),
        ("database", "allocated_storage", "100GB", Some("100")),
        ("database", "allocated_storage", "100 GiB", Some("100")),
        ("database", "allocated_storage", "20480MiB", Some("20")),
        ("database", "allocated_storage", "10GB", None),
        ("database", "allocated_storage", "100TB", None),
        ("database", "allocated_storage", "5m", None),
        ("database", "backup_retention_period", "21d", Some("21")),
        ("database", "backup_retention_period", "2w", Some("14")),
        ("database", "backup_retention_period", "1 month", Some("30")),
        ("database", "backup_retention_period", "48h", Some("2")),
        ("database", "backup_retention_period", "6w", None),
        ("database", "backup_retention_period", "5m", None),
        ("backup", "retention_days", "1y", Some("365")),
        ("backup", "retention_days", "P30D", Some("30")),
        ("monitoring", "log_retention_days", "2w", Some("14")),
        ("monitoring", "log_retention_days", "6 months", Some("180")),
        ("monitoring", "log_retention_days", "21d", Some("30")),
        ("monitoring", "log_retention_days", "forever", Some("0")),
        ("monitoring", "log_retention_days", "-1", Some("0")),
        ("monitoring", "log_retention_days", "10", Some("14")),
        ("monitoring", "log_retention_days", "4000", Some("3653")),
        ("compute", "max_instances", "2.0", Some("2")),
        ("compute", "max_instances", "1e2", Some("100")),
        ("compute", "max_instances", "3 instances", Some("3")),
        ("compute", "max_instances", "three", Some("3")),
        ("compute", "max_instances", "2.5", None),
        ("compute", "max_instances", "1e9", None),
        ("networking", "availability_zones", "2 azs", Some("2")),
        ("networking", "availability_zones", "[eu-west-1a, eu-west-1b]", Some("2")),
    ];
    let documents: Vec<String> = table.iter().map(|(section, key, value, _)| with_value(section, key, value)).collect();
    for ((section, key, value, meant), said) in table.iter().zip(checked(&documents)) {
        let path = format!("{section}.{key}");
        let at_key: Vec<&Value> = said.iter().filter(|said| said["severity"] == "error" && said["path"] == path.as_str()).collect();
        assert_eq!(at_key.len(), 1, "{path}: {value}: {said:#?}");
        let edit = at_key[0]["edits"].get(0).map(|edit| edit["text"].as_str().unwrap());
        assert_eq!(edit, *meant, "{path}: {value}: {}", at_key[0]);
        // Numbers with a unit stay errors, and are never written by `--fix`.
        assert!(at_key[0]["edits"].as_array().into_iter().flatten().all(|edit| edit["certain"] == false), "{}", at_key[0]);
    }
    // The unit is named, wherever the key has one.
    let help = &checked(&[with_value("database", "allocated_storage", "1TB")])[0][0]["help"];
    assert_eq!(help, "write `allocated_storage: 1000`; the number is in GiB");
}

#[test]
fn words_of_other_tools_are_proposed_by_meaning() {
    let mut documents = Vec::new();
    let mut meant = Vec::new();
    let mut size: BTreeMap<&str, usize> = BTreeMap::new();
    for (where_it_stands, key, word) in words_of_other_tools() {
        *size.entry(if key.is_some() { "for a key" } else { "for nothing" }).or_default() += 1;
        // A word that means this wherever it stands is tried in its section and next to it.
        let sections = match (where_it_stands, key) {
            ("*", Some((section, _))) => vec![section, ""],
            ("*", None) => vec!["database", "compute", ""],
            (section, _) => vec![section],
        };
        for section in sections {
            let text = match section {
                "" => document("", &format!("{word}: x\n")),
                "database" | "compute" | "storage" | "networking" => {
                    let left_out = key.filter(|(of, _)| *of == section).map_or("", |(_, key)| key);
                    document(section, &format!("{section}: {{{word}: x}}\n# {left_out}\n"))
                }
                section => document(section, &format!("{section}: {{{word}: x}}\n")),
            };
            documents.push(text);
            meant.push((section, key, word));
        }
    }
    let mut wrong = Vec::new();
    let is_there = |key: &str| ["project_name", "region", "environments", "networking"].contains(&key);
    for ((section, key, word), said) in meant.iter().zip(checked(&documents)) {
        let Some(reported) =
            said.iter().find(|said| said["code"] == "unknown-key" && said["message"].as_str().unwrap().contains(&format!("`{word}`")))
        else {
            wrong.push(format!("`{word}` in `{section}` is not an unknown key"));
            continue;
        };
        let (label, help) = (reported["labels"][0]["text"].as_str().unwrap(), reported["help"].as_str().unwrap());
        let edit = reported["edits"].get(0).map(|edit| edit["text"].as_str().unwrap());
        let is_right = match key {
            Some((of, key)) if of == section && section.is_empty() && is_there(key) => {
                label.contains(&format!("did you mean `{key}`? It is there"))
            }
            Some((of, key)) if of == section => edit == Some(key),
            Some((of, key)) => edit.is_none() && help.contains(&format!("`{key}`")) && help.contains(&format!("`{of}:`")),
            // A key that means nothing here may be taken out where the help says so.
            None => edit.is_none_or(|edit| edit.is_empty() && help.starts_with("remove it")) && !label.contains("did you mean"),
        };
        if !is_right {
            wrong.push(format!("`{word}` in `{section}`, meant {key:?}: {label}; {help}; {edit:?}"));
        }
    }
    println!("{size:?} words of other tools, in {} documents; {} wrong", documents.len(), wrong.len());
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), meant.len(), wrong.join("\n"));
    assert!(size.values().sum::<usize>() >= FEWEST_WORDS, "{size:?}");

    // No word is listed twice for one place, and none is a key of the place.
    let mut seen = BTreeSet::new();
    for (section, _, word) in words_of_other_tools() {
        assert!(seen.insert((section, word.replace('_', ""))), "`{word}` stands twice in `{section}`");
    }
}

#[test]
fn a_value_by_environment_is_shown_under_environments() {
    let texts = [
        document("", "compute: {instance_type: {dev: t3.small, production: m5.large}}\n"),
        document("region", "region: {dev: eu-west-1, production: eu-west-2}\n"),
    ];
    let said = checked(&texts);
    let help = |at: usize| said[at].iter().find(|said| said["code"] == "wrong-type").unwrap()["help"].as_str().unwrap().to_owned();
    assert!(
        help(0).ends_with("`environments: {dev: {compute: {instance_type: t3.small}}, production: {compute: {instance_type: m5.large}}}`"),
        "{}",
        help(0)
    );
    assert!(help(1).ends_with("`environments: {dev: {region: eu-west-1}, production: {region: eu-west-2}}`"), "{}", help(1));
}

#[test]
fn a_key_of_a_section_is_shown_as_it_is_written_where_it_stands() {
    let text = document(
        "environments",
        "environments: {dev: {multi_az: true, max_instances: 2}, staging: {cpu_threshold: 65, log_retention_days: 30}}\n",
    );
    let said = &checked(std::slice::from_ref(&text))[0];
    let edits: Vec<&str> = said.iter().filter_map(|said| said["edits"].get(0)?["text"].as_str()).collect();
    assert_eq!(edits, ["database: {multi_az: true}", "scaling: {cpu_threshold: 65}", "monitoring: {log_retention_days: 30}"]);
    assert!(!said.iter().any(|said| said["help"].as_str().is_some_and(|help| help.contains("move it there"))), "{said:#?}");
}

#[test]
fn numbers_have_a_unit_that_is_known() {
    // A unit that nobody converts would get no proposals.
    let units = ["", "IOPS", "zones", "instances", "GiB", "days", "percent", "seconds"];
    for key in SECTIONS.iter().flat_map(|section| section.keys) {
        if let Shape::Scalar(Type::Integer { unit, .. } | Type::IntegerOf(_, unit)) = key.shape {
            assert!(units.contains(&unit), "{}: {unit}", key.name);
        }
    }
}
