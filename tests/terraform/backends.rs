//! The table of backends' arguments, name by name: what it has, the installed Terraform takes, and what it says is gone, Terraform refuses.

use std::path::Path;
use std::sync::Arc;

use crate::Suite;
use crate::offline::Terraform;
use crate::statestore::StateStore;
use crate::workspace::{Failure, Workspace};

const TABLE: &str = include_str!("../../src/core/platform/tables/backend-arguments.txt");

pub(crate) fn add(suite: &mut Suite) {
    suite.add("backends::arguments", arguments);
}

fn arguments(terraform: &Terraform) -> Result<(), Failure> {
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    let workspace = Workspace::copy(terraform, &[], Arc::new(store))?;
    for backend in ["s3", "azurerm", "gcs", "http", "local"] {
        let rows = || rows(backend).filter(|(name, _)| !name.contains('.'));
        let nulls: String = rows().map(|(name, _)| format!("    {name} = null\n")).collect();
        let said = init(&workspace, backend, &format!("terraform {{\n  backend \"{backend}\" {{\n{nulls}  }}\n}}\n"))?;
        let wrong: Vec<&str> =
            rows().filter(|(name, rest)| is_refused(&said, name) != rest.starts_with("gone")).map(|(name, _)| name).collect();
        if rows().count() < 2 || !wrong.is_empty() {
            return Err(Failure::new(backend, format!("the table is wrong about {wrong:?}:\n{said}")));
        }
    }
    // What has a block of its own: the provider writes `project` next to the organization, and terralet the name.
    let within = |name: &str| if ["name", "project", "tags"].contains(&name) { "workspaces" } else { "cloud" };
    let nulls = |block: &str| -> String {
        let names = rows("cloud").map(|(name, _)| name).filter(|name| !["workspaces", "prefix"].contains(name) && within(name) == block);
        names.map(|name| format!("    {name} = null\n")).collect()
    };
    let text = format!("terraform {{\n  cloud {{\n{}    workspaces {{\n{}    }}\n  }}\n}}\n", nulls("cloud"), nulls("workspaces"));
    let said = init(&workspace, "cloud", &text)?;
    match rows("cloud").find(|(name, _)| is_refused(&said, name)) {
        Some((name, _)) => Err(Failure::new("cloud", format!("the table is wrong about {name}:\n{said}"))),
        // It has everything that it knows, and lacks what has to be there.
        None if said.contains("organization") => Ok(()),
        None => Err(Failure::new("cloud", said)),
    }
}

/// The rows of a backend: each name, and what else is in the row.
fn rows(backend: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = TABLE.lines().filter_map(|row| row.split_once('\t'));
    rows.filter_map(move |(name, rest)| Some((name.strip_prefix(backend)?.strip_prefix('.')?, rest)))
}

fn is_refused(said: &str, name: &str) -> bool {
    said.contains(&format!("An argument named \"{name}\" is not expected here"))
}

/// What a real `init` says of a configuration.
fn init(workspace: &Workspace<'_>, directory: &str, text: &str) -> Result<String, Failure> {
    let path = workspace.path().join(directory);
    let written = std::fs::create_dir_all(&path).and_then(|()| std::fs::write(path.join("main.tf"), text));
    written.map_err(|error| Failure::new(directory, error))?;
    let outcome = workspace.module(Path::new(directory)).run(&["init", "-input=false", "-no-color"])?;
    Ok(format!("{}{}", outcome.stdout, outcome.stderr))
}
