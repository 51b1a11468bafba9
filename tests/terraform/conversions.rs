//! What `terralet` says of types and values, compared with what real Terraform says: `types.txt` and `conversions.txt`, beside this file.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use hcl_edit::structure::Body;
use terralet::modules::{Fit, Given, read_interface};

use crate::Suite;
use crate::offline::Terraform;
use crate::statestore::StateStore;
use crate::workspace::{Diagnostic, Failure, Module, Workspace};

/// What a variable of the check is called; the line of the table stands behind.
const NAME: &str = "line_";

pub(crate) fn add(suite: &mut Suite) {
    suite.add("conversions::types_that_can_be_read", types_that_can_be_read);
    suite.add("conversions::values_that_fit", values_that_fit);
}

/// The lines of a table with their numbers.
fn table(name: &str) -> Result<Vec<(usize, String)>, Failure> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform").join(name);
    let text = std::fs::read_to_string(&file).map_err(|error| Failure::new(name, error))?;
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.to_owned()));
    Ok(lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).collect())
}

/// Arguments are apart by a `;` in the tables.
fn variable(number: usize, kind: &str) -> String {
    format!("variable \"{NAME}{number}\" {{\n  type = {}\n}}\n", kind.replace("; ", "\n  "))
}

fn types_that_can_be_read(terraform: &Terraform) -> Result<(), Failure> {
    let types = table("types.txt")?;
    let workspace = workspace(terraform, &[("variables.tf", types.iter().map(|(number, kind)| variable(*number, kind)).collect())])?;
    // Each variable has three lines.
    let refused = refused_lines(&workspace.module(Path::new("")), "variables.tf")?;
    let mut odd = Vec::new();
    for (index, (number, kind)) in types.iter().enumerate() {
        let (_, problems) = read_interface(&[("variables.tf".to_owned(), variable(*number, kind))]);
        let by_terraform = (index * 3 + 1..=index * 3 + 3).any(|line| refused.contains(&line));
        if problems.is_empty() == by_terraform {
            odd.push(format!("types.txt:{number}: `{kind}`: terralet says {problems:?}, Terraform refuses it: {by_terraform}"));
        }
    }
    terraform.tally.conversions.add(types.len() - odd.len(), types.len());
    if odd.is_empty() { Ok(()) } else { Err(Failure::new("types", odd.join("\n"))) }
}

fn values_that_fit(terraform: &Terraform) -> Result<(), Failure> {
    let lines = table("conversions.txt")?;
    let cells: Vec<(usize, Vec<&str>)> = lines.iter().map(|(number, line)| (*number, line.split(" | ").collect())).collect();
    let variables = cells.iter().map(|(number, cells)| variable(*number, cells[0])).collect();
    let arguments: String = cells.iter().map(|(number, cells)| format!("  {NAME}{number} = {}\n", cells[1])).collect();
    let call = format!("module \"called\" {{\n  source = \"./called\"\n{arguments}}}\n");
    let workspace = workspace(terraform, &[("called/variables.tf", variables), ("main.tf", call)])?;
    let module = workspace.module(Path::new(""));
    module.init()?;
    let refused = refused_lines(&module, "main.tf")?;
    let mut odd = Vec::new();
    for (index, (number, cells)) in cells.iter().enumerate() {
        let by_terraform = refused.contains(&(index + 3));
        let is_left = cells.get(2) == Some(&"left");
        let fit = fit(cells[0], cells[1])?;
        let agree = match &fit {
            Fit::Yes => by_terraform == is_left,
            Fit::Never(_) => by_terraform && !is_left,
            // A literal is known.
            Fit::Perhaps => false,
        };
        if !agree {
            odd.push(format!(
                "conversions.txt:{number}: `{}`: terralet says {fit:?}, Terraform refuses it: {by_terraform}",
                cells.join(" | ")
            ));
        }
    }
    terraform.tally.conversions.add(cells.len() - odd.len(), cells.len());
    if odd.is_empty() { Ok(()) } else { Err(Failure::new("values", odd.join("\n"))) }
}

fn fit(kind: &str, value: &str) -> Result<Fit, Failure> {
    let (interface, problems) = read_interface(&[("variables.tf".to_owned(), variable(0, kind))]);
    if !problems.is_empty() {
        return Err(Failure::new("values", format!("`{kind}`: {problems:?}")));
    }
    let body: Body = format!("value = {value}\n").parse().map_err(|error| Failure::new("values", format!("`{value}`: {error}")))?;
    let attribute = body.get_attribute("value").ok_or_else(|| Failure::new("values", value))?;
    let variable = interface.variables.values().next().ok_or_else(|| Failure::new("values", kind))?;
    Ok(variable.takes(&Given::of_literal(&attribute.value)))
}

fn workspace<'t>(terraform: &'t Terraform, files: &[(&str, String)]) -> Result<Workspace<'t>, Failure> {
    let failed = |error: std::io::Error| Failure::new("write", error);
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    let workspace = Workspace::copy(terraform, &[], Arc::new(store))?;
    for (name, text) in files {
        let file = workspace.path().join(name);
        file.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&file, text)).map_err(failed)?;
    }
    Ok(workspace)
}

/// The lines of a file that `validate` tells errors at.
fn refused_lines(module: &Module<'_>, file: &str) -> Result<BTreeSet<usize>, Failure> {
    let (here, elsewhere): (Vec<_>, Vec<_>) = module.validation()?.into_iter().partition(|diagnostic| diagnostic.line_in(file).is_some());
    match elsewhere.as_slice() {
        [] => Ok(here.iter().filter_map(|diagnostic| diagnostic.line_in(file)).collect()),
        elsewhere => Err(Failure::new("validate", Diagnostic::list(elsewhere))),
    }
}
