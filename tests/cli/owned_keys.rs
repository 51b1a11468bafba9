//! Whose a key is, on disk: keys that two repositories claim, prefixes that have an owner, and files outside the output directory.

use crate::common::repository::Repository;
use crate::common::written::written;
use crate::harness::workspace::Workspace;
use crate::harness::{read_tree, terralet};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const REGISTRY_OF_ONE_CUSTOMER: &str = "registry: {alder: {customer_id: alder}, birch: {customer_id: alder}}\n";

fn repository(name: &str, customer_id: &str, environment: &str) -> Repository {
    let document = json!({
        "project_name": "shop", "customer_id": customer_id, "region": "eu-west-1", "environments": {environment: {}}, "networking": {"vpc_cidr": "10.20.0.0/16"},
    });
    Repository { name: name.to_owned(), documents: BTreeMap::from([("variables.yml".to_owned(), document.as_object().cloned().unwrap())]) }
}

/// A workspace whose tree has the built-in modules in it.
fn workspace(platform: &str) -> Workspace {
    let workspace = Workspace::new("", &[]);
    workspace.write("terralet.yml", platform);
    workspace
}

fn add(workspace: &Workspace, repository: &Repository) {
    for (name, document) in &repository.documents {
        workspace.document(&format!("{}/{name}", repository.name), &written(document).text);
    }
}

/// The codes of the errors that a run reports, by customer.
fn errors(workspace: &Workspace, arguments: &[&str]) -> (Option<i32>, Vec<(String, String)>) {
    let output = terralet(&workspace.root, &[arguments, &["--format", "json"]].concat());
    let reported: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let diagnostics = reported["diagnostics"].as_array().unwrap().iter().filter(|reported| reported["severity"] == "error");
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (output.status.code(), diagnostics.map(|reported| (word(&reported["customer"]), word(&reported["code"]))).collect())
}

/// The generated tree, without the shared modules and the lock.
fn roots(workspace: &Workspace) -> BTreeMap<String, String> {
    let mut files = workspace.tree();
    files.retain(|path, _| path.ends_with(".tf") && !path.starts_with("modules/"));
    files
}

fn owners(roots: &BTreeMap<String, String>) -> Vec<String> {
    let mut owners: Vec<String> = roots
        .values()
        .map(|text| {
            let first = text.lines().next().unwrap_or_default();
            first.split("repository=").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default().to_owned()
        })
        .collect();
    owners.sort();
    owners.dedup();
    owners
}

#[test]
fn two_repositories_never_get_one_key() {
    for registry in ["", REGISTRY_OF_ONE_CUSTOMER] {
        for layout in ["service", "region"] {
            let workspace = workspace(&format!("state: {{layout: {layout}}}\n{registry}"));
            for repository in
                [repository("alder", "alder", "dev"), repository("birch", "alder", "dev"), repository("cedar", "cedar", "dev")]
            {
                add(&workspace, &repository);
            }
            let (exit, errors) = errors(&workspace, &["compile"]);
            assert_eq!(exit, Some(1), "{errors:?}");
            for customer in ["alder", "birch"] {
                let reported = |(whose, code): &(String, String)| {
                    whose == customer && ["state-key-collision", "customer-id-conflict"].contains(&code.as_str())
                };
                assert!(errors.iter().any(reported), "{customer} is reported nothing: {errors:?}");
            }
            assert_eq!(owners(&roots(&workspace)), ["cedar"]);
        }
    }
}

#[test]
fn repositories_of_one_registered_customer_share_a_prefix_and_no_key() {
    let workspace = workspace(&format!("state: {{layout: service}}\n{REGISTRY_OF_ONE_CUSTOMER}"));
    add(&workspace, &repository("alder", "alder", "dev"));
    add(&workspace, &repository("birch", "alder", "staging"));
    assert_eq!(errors(&workspace, &["compile"]), (Some(0), Vec::new()));
    assert_eq!(owners(&roots(&workspace)), ["alder", "birch"]);
    assert!(roots(&workspace).keys().all(|path| path.starts_with("alder/app-service/")));
}

#[test]
fn a_prefix_stays_with_its_repository() {
    for layout in ["service", "region"] {
        let workspace = workspace(&format!("state: {{layout: {layout}}}\n"));
        add(&workspace, &repository("alder", "alder", "dev"));
        assert_eq!(errors(&workspace, &["compile"]), (Some(0), Vec::new()));
        let before = roots(&workspace);
        // Another environment, so that no key is the same: the prefix is what counts, in whole runs and in partial ones.
        add(&workspace, &repository("birch", "alder", "staging"));
        for arguments in [&["compile"][..], &["compile", "--customer", "birch"], &["compile", "customers/birch"]] {
            let (exit, errors) = errors(&workspace, arguments);
            assert_eq!(exit, Some(1), "{arguments:?}");
            assert!(errors.contains(&("birch".to_owned(), "customer-id-conflict".to_owned())), "{arguments:?}: {errors:?}");
            assert!(roots(&workspace) == before, "{arguments:?} changed the tree");
        }
    }
}

#[test]
fn another_customer_changes_no_file_of_the_others() {
    for layout in ["repository", "service", "region"] {
        let workspace = workspace(&format!("state: {{layout: {layout}}}\n"));
        add(&workspace, &repository("birch", "birch", "dev"));
        add(&workspace, &repository("cedar", "cedar", "production"));
        assert_eq!(errors(&workspace, &["compile"]), (Some(0), Vec::new()));
        let before = roots(&workspace);
        for name in ["alder", "birch-dev", "zelkova"] {
            add(&workspace, &repository(name, name, "dev"));
        }
        assert_eq!(errors(&workspace, &["compile"]), (Some(0), Vec::new()));
        let after = roots(&workspace);
        assert!(after.len() > before.len());
        assert!(before.iter().all(|(path, bytes)| after.get(path) == Some(bytes)));
    }
}

#[test]
fn nothing_is_written_outside_the_output() {
    let hostile = [
        "..x",
        "a b",
        "-x",
        "default",
        "modules",
        "Modules",
        "caf\u{e9}",
        "a\\b",
        "${x}",
        "x'y\"z",
        "a\nb",
        "CON",
        "a.",
        "generated",
        "terralet.yml",
    ];
    for layout in ["repository", "service", "region"] {
        let workspace = workspace(&format!("state: {{layout: {layout}}}\n"));
        for name in hostile {
            let mut repository = repository(name, "unset", "dev");
            repository.documents.get_mut("variables.yml").unwrap().remove("customer_id");
            add(&workspace, &repository);
        }
        add(&workspace, &repository("climber", "../../climber", "dev"));
        add(&workspace, &repository("deep", "deep", "../../../dev"));
        add(&workspace, &repository("honest", "honest", "dev"));
        let outside = |workspace: &Workspace| {
            let mut files = read_tree(workspace.root.parent().unwrap());
            files.retain(|path, _| !path.starts_with("workspace/generated/"));
            files
        };
        let before = outside(&workspace);
        let output = terralet(&workspace.root, &["compile"]);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(outside(&workspace) == before, "files outside the output changed");
        let roots = roots(&workspace);
        assert!(roots.keys().any(|path| path.starts_with("honest/")));
        for path in roots.keys() {
            assert!(path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte)), "{path:?}");
        }
    }
}
