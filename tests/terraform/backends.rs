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
    for backend in ["s3", "azurerm", "gcs", "local"] {
        let rows = || {
            TABLE
                .lines()
                .filter_map(|row| row.split_once('\t'))
                .filter_map(|(name, rest)| Some((name.strip_prefix(backend)?.strip_prefix('.')?, rest)))
        };
        let at_the_top: Vec<(&str, bool)> =
            rows().filter(|(name, _)| !name.contains('.')).map(|(name, rest)| (name, rest.starts_with("gone"))).collect();
        let nulls: String = at_the_top.iter().map(|(name, _)| format!("    {name} = null\n")).collect();
        let directory = workspace.path().join(backend);
        let written = std::fs::create_dir_all(&directory).and_then(|()| {
            std::fs::write(directory.join("main.tf"), format!("terraform {{\n  backend \"{backend}\" {{\n{nulls}  }}\n}}\n"))
        });
        written.map_err(|error| Failure::new(backend, error))?;
        let outcome = workspace.module(Path::new(backend)).run(&["init", "-input=false", "-no-color"])?;
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        let is_refused = |name: &str| said.contains(&format!("An argument named \"{name}\" is not expected here"));
        let wrong: Vec<&str> = at_the_top.iter().filter(|(name, is_gone)| is_refused(name) != *is_gone).map(|(name, _)| *name).collect();
        if at_the_top.len() < 2 || !wrong.is_empty() {
            return Err(Failure::new(backend, format!("the table is wrong about {wrong:?}:\n{said}")));
        }
    }
    Ok(())
}
