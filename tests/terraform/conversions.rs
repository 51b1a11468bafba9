//! What `terralet` says of types and values, compared with what real Terraform says: `types.txt` and `conversions.txt`, next to this file.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use hcl_edit::structure::Body;
use terralet_core::modules::{Fit, Given, read_interface};

use crate::Suite;
use crate::offline::Terraform;
use crate::statestore::StateStore;
use crate::workspace::{Diagnostic, Failure, Module, Workspace};

/// What a variable of the check is called; the line of the table stands behind.
const NAME: &str = "line_";

pub(crate) fn add(suite: &mut Suite) {
    suite.add("conversions::types_that_can_be_read", types_that_can_be_read);
    suite.add("conversions::values_that_fit", values_that_fit);
    suite.add("conversions::made_up", made_up);
}

/// How many pairs are made up.
const MADE_UP: usize = 400;

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
    let pairs: Vec<(usize, &str, &str)> = cells.iter().map(|(number, cells)| (*number, cells[0], cells[1])).collect();
    let refused = refused_arguments(terraform, &pairs)?;
    let mut odd = Vec::new();
    for (index, (number, cells)) in cells.iter().enumerate() {
        let by_terraform = refused.contains(&index);
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

/// Pairs that nobody thought of. Where a type has no `any`, both have to say the same of each; where it has, terralet may keep quiet.
fn made_up(terraform: &Terraform) -> Result<(), Failure> {
    let mut generator = Generator(1);
    let pairs: Vec<(String, String)> = (0..MADE_UP).map(|_| generator.pair()).collect();
    let numbered: Vec<(usize, &str, &str)> =
        pairs.iter().enumerate().map(|(number, (kind, value))| (number, kind.as_str(), value.as_str())).collect();
    let refused = refused_arguments(terraform, &numbered)?;
    if refused.len() < MADE_UP / 5 || refused.len() > MADE_UP * 4 / 5 {
        return Err(Failure::new("values", format!("Terraform refuses {} of {MADE_UP}, so that little is compared", refused.len())));
    }
    let mut odd = Vec::new();
    for (number, kind, value) in numbered {
        let by_terraform = refused.contains(&number);
        let agree = match fit(kind, value)? {
            Fit::Yes => !by_terraform || kind.contains("any"),
            Fit::Never(_) => by_terraform,
            Fit::Perhaps => false,
        };
        if !agree {
            odd.push(format!("`{kind} | {value}`: Terraform refuses it: {by_terraform}"));
        }
    }
    terraform.tally.conversions.add(MADE_UP - odd.len(), MADE_UP);
    if odd.is_empty() { Ok(()) } else { Err(Failure::new("values", odd.join("\n"))) }
}

/// Makes up types, and values that often nearly fit; the same ones in each run.
struct Generator(u64);

impl Generator {
    /// A number below `end`: a linear congruential generator with the constants of Knuth's MMIX.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn one_of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[usize::try_from(self.below(list.len() as u64)).unwrap_or(0)]
    }

    /// A type, and a value of another type made up on the way.
    fn pair(&mut self) -> (String, String) {
        let depth = self.below(3);
        self.typed(depth)
    }

    fn typed(&mut self, depth: u64) -> (String, String) {
        if depth > 0 && self.below(8) == 0 {
            // A value that has nothing to do with the type.
            let (kind, _) = self.typed(depth - 1);
            return (kind, self.one_of(&["[]", "{}", "[[]]", "{a = {}}", "null", "\"text\"", "1"]).to_owned());
        }
        match if depth == 0 { self.below(4) } else { 4 + self.below(5) } {
            0 => ("string".to_owned(), self.one_of(&["\"text\"", "1", "true", "null", "[]"]).to_owned()),
            1 => ("number".to_owned(), self.one_of(&["1", "\"1.5\"", "\"one\"", "true", "null", "\"1e-2\""]).to_owned()),
            2 => ("bool".to_owned(), self.one_of(&["true", "\"false\"", "\"yes\"", "1", "\"1\"", "null"]).to_owned()),
            3 => ("any".to_owned(), self.one_of(&["1", "\"text\"", "null", "[1, {}]"]).to_owned()),
            4 | 5 => {
                let kind = self.one_of(&["list", "set"]);
                let (element, first) = self.typed(depth - 1);
                let items = if self.below(2) == 0 { vec![first] } else { vec![first.clone(), first] };
                (format!("{kind}({element})"), format!("[{}]", items.join(", ")))
            }
            6 => {
                let (element, first) = self.typed(depth - 1);
                (format!("map({element})"), if self.below(6) == 0 { format!("[{first}]") } else { format!("{{a = {first}, b = {first}}}") })
            }
            7 => {
                let ((one, first), (other, second)) = (self.typed(depth - 1), self.typed(depth - 1));
                let value = if self.below(5) == 0 { format!("[{first}]") } else { format!("[{first}, {second}]") };
                (format!("tuple([{one}, {other}])"), value)
            }
            _ => {
                let ((one, first), (other, second)) = (self.typed(depth - 1), self.typed(depth - 1));
                let other = if self.below(2) == 0 { format!("optional({other})") } else { other };
                let value = match self.below(4) {
                    0 => format!("{{a = {first}}}"),
                    1 => format!("{{a = {first}, b = {second}, c = 1}}"),
                    2 => format!("{{b = {second}, a = {first}}}"),
                    _ => format!("{{a = {first}, B = {second}}}"),
                };
                (format!("object({{a = {one}, b = {other}}})"), value)
            }
        }
    }
}

/// Which of the pairs of type and value real Terraform refuses, by their places in the list.
fn refused_arguments(terraform: &Terraform, pairs: &[(usize, &str, &str)]) -> Result<BTreeSet<usize>, Failure> {
    let variables = pairs.iter().map(|(number, kind, _)| variable(*number, kind)).collect();
    let arguments: String = pairs.iter().map(|(number, _, value)| format!("  {NAME}{number} = {value}\n")).collect();
    let call = format!("module \"called\" {{\n  source = \"./called\"\n{arguments}}}\n");
    let workspace = workspace(terraform, &[("called/variables.tf", variables), ("main.tf", call)])?;
    let module = workspace.module(Path::new(""));
    module.init()?;
    // The first argument stands on the third line.
    Ok(refused_lines(&module, "main.tf")?.into_iter().map(|line| line.saturating_sub(3)).collect())
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

pub(crate) fn workspace<'t>(terraform: &'t Terraform, files: &[(&str, String)]) -> Result<Workspace<'t>, Failure> {
    let failed = |error: std::io::Error| Failure::new("write", error);
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    let workspace = Workspace::copy(terraform, &[], Arc::new(store))?;
    for (name, text) in files {
        let file = workspace.path().join(name);
        file.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&file, text)).map_err(failed)?;
    }
    Ok(workspace)
}

/// The lines of a file that `validate` reports errors at.
fn refused_lines(module: &Module<'_>, file: &str) -> Result<BTreeSet<usize>, Failure> {
    let (here, elsewhere): (Vec<_>, Vec<_>) = module.validation()?.into_iter().partition(|diagnostic| diagnostic.line_in(file).is_some());
    match elsewhere.as_slice() {
        [] => Ok(here.iter().filter_map(|diagnostic| diagnostic.line_in(file)).collect()),
        elsewhere => Err(Failure::new("validate", Diagnostic::list(elsewhere))),
    }
}
