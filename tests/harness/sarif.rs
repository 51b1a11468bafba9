//! What a SARIF log must be: what the published schema says, and what GitHub code scanning asks of it.

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The schema of OASIS, which the package `serde-sarif` carries.
fn schema_file() -> PathBuf {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let about = String::from_utf8(rustc.stdout).unwrap();
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // What other machines need was not fetched here.
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host, "--manifest-path"])
        .arg(super::package().join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    manifest.parent().unwrap().join("src/schema.json")
}

fn schema() -> &'static (Schemas, SchemaIndex) {
    static SCHEMA: OnceLock<(Schemas, SchemaIndex)> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = std::fs::read_to_string(schema_file()).unwrap();
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.enable_format_assertions();
        compiler.add_resource("sarif.json", serde_json::from_str(&text).unwrap()).unwrap();
        let index = compiler.compile("sarif.json", &mut schemas).unwrap();
        (schemas, index)
    })
}

/// Reads a log and holds it against the schema, the types and GitHub's rules.
pub fn read(text: &[u8]) -> Value {
    let log: Value = serde_json::from_slice(text).unwrap_or_else(|error| panic!("{error}:\n{}", String::from_utf8_lossy(text)));
    let (schemas, index) = schema();
    if let Err(error) = schemas.validate(&log, *index) {
        panic!("{error:#}\n{log:#}");
    }
    let typed: serde_sarif::sarif::Sarif = serde_json::from_value(log.clone()).unwrap();
    assert_eq!(typed.runs.len(), 1);
    for_github(&log["runs"][0]);
    log
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn for_github(run: &Value) {
    let rules = list(&run["tool"]["driver"]["rules"]);
    let mut ids = BTreeSet::new();
    for rule in rules {
        assert!(ids.insert(rule["id"].as_str().unwrap()), "a rule stands there twice: {rule}");
        for part in ["shortDescription", "fullDescription"] {
            let text = rule[part]["text"].as_str().unwrap();
            assert!(!text.is_empty() && text.len() <= 1024, "{part} of {rule}");
        }
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty());
    }
    let results = list(&run["results"]);
    assert!(results.len() <= 5000);
    let mut fingerprints = BTreeSet::new();
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(list(&result["locations"]).len(), 1, "GitHub needs a place: {result}");
        assert!(fingerprints.insert(result["partialFingerprints"].to_string()), "two results are reported for one: {result}");
        let related = list(&result["relatedLocations"]);
        for location in list(&result["locations"]).iter().chain(related) {
            let artifact = &location["physicalLocation"]["artifactLocation"];
            let uri = artifact["uri"].as_str().unwrap();
            assert_eq!(artifact["uriBaseId"], "%SRCROOT%");
            assert!(!uri.is_empty() && !uri.starts_with('/') && uri.is_ascii() && !uri.contains([' ', '\\', ':']), "{uri}");
            let region = &location["physicalLocation"]["region"];
            assert!(region["startLine"].as_u64().unwrap() >= 1);
            if region["startLine"] == region["endLine"] {
                assert!(region["startColumn"].as_u64() <= region["endColumn"].as_u64(), "{region}");
            }
        }
    }
}
