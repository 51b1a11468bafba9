//! A root that a killed compile left between two generations cannot be planned, even where `init` has been through: `plan` and `apply` look
//! at the required version before anything else.
//!
//! tests/cli/crash.rs kills runs at every step, too; there Terraform is asked without providers, for `init` alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::Suite;
use crate::offline::Terraform;
use crate::statestore::StateStore;
use crate::workspace::{Failure, Workspace};

const ROOT: &str = "generated/shop/dev";
const PLATFORM: &str = "state: {backend: s3, config: {bucket: states, region: us-east-1}}\n";
const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments: {dev: {}}
";

/// The `.tf` files of the tree, by path.
type Tree = BTreeMap<String, String>;

pub(crate) fn add(suite: &mut Suite) {
    suite.add("guards::roots_between_generations", roots_between_generations);
}

fn roots_between_generations(terraform: &Terraform) -> Result<(), Failure> {
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    let workspace = Workspace::copy(terraform, &[], Arc::new(store))?;
    let write = |path: &str, text: &str| write(workspace.path(), path, text);
    write("terralet.yml", PLATFORM)?;
    write("customers/shop/infra/variables.yml", SHOP)?;
    compile(workspace.path(), None)?;
    let module = workspace.module(Path::new(ROOT));
    module.init()?;
    module.plan()?;
    // Two files of a module as another version of terralet made them, and every file of the root but the backend.
    let generated = workspace.path().join("generated");
    for name in ["modules/aws/customer-vpc/nat.tf", "modules/aws/customer-vpc/vpn.tf"] {
        let text = std::fs::read_to_string(generated.join(name)).map_err(|error| Failure::new(name, error))?;
        let (first, body) = text.split_once('\n').unwrap_or((&text, ""));
        let older = format!("# As it was.\n{body}");
        let first = first.replace(&terralet_core::emit::body_digest(body), &terralet_core::emit::body_digest(&older));
        write(&format!("generated/{name}"), &format!("{first}\n{older}"))?;
    }
    let old = tree(&generated)?;
    write("terralet.yml", &format!("{PLATFORM}clouds: {{aws: {{provider_version: \">= 6.0, < 7.0\"}}}}\n"))?;
    write("customers/shop/infra/variables.yml", &format!("tags: {{team: sales}}\n{}", SHOP.replace("10.0.", "10.7.")))?;
    compile(workspace.path(), None)?;
    let new = tree(&generated)?;

    let mut mixes: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for step in 1.. {
        restore(&generated, &old)?;
        if compile(workspace.path(), Some(step))? {
            break;
        }
        let found = tree(&generated)?;
        let is_new = |name: &String| found.get(name) == new.get(name) && found.get(name) != old.get(name);
        let newer: Vec<String> = new.keys().filter(|name| is_new(name)).cloned().collect();
        let older = old.iter().any(|(name, text)| new.get(name) != Some(text) && found.get(name) == Some(text));
        if newer.is_empty() || !older {
            continue;
        }
        *mixes.entry(newer.clone()).or_default() += 1;
        for call in [&["plan", "-input=false", "-no-color"][..], &["apply", "-input=false", "-no-color", "-auto-approve"]] {
            let outcome = module.run(call)?;
            if outcome.status == Some(0) || !outcome.stderr.contains("Unsupported Terraform Core version") {
                let said = format!("with {newer:?} new and the rest old, at step {step}:\n{}{}", outcome.stdout, outcome.stderr);
                return Err(Failure::new(call[0], said));
            }
        }
    }
    if mixes.len() < 5 {
        return Err(Failure::new("compile", format!("it was killed between two files {} times only: {mixes:?}", mixes.len())));
    }
    // What is whole again is planned again. The provider's constraint changed, which `init` notes.
    module.init()?;
    module.plan().map(drop)
}

/// Compiles; with a step, is killed before it. True when the run came to its end.
fn compile(workspace: &Path, step: Option<usize>) -> Result<bool, Failure> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terralet"));
    command.args(["compile", "--quiet"]).current_dir(workspace).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(step) = step {
        command.env("TERRALET_TEST_DIE_AT", step.to_string());
    }
    let status = command.status().map_err(|error| Failure::new("compile", error))?;
    match status.code() {
        Some(0) => Ok(true),
        None if step.is_some() => Ok(false),
        other => Err(Failure::new("compile", format!("it ended with {other:?}"))),
    }
}

fn write(workspace: &Path, path: &str, text: &str) -> Result<(), Failure> {
    let file = workspace.join(path);
    let made = file.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::write(&file, text)).map_err(|error| Failure::new(path, error))
}

/// Every file that a compile writes; what Terraform keeps next to them stays out, and so do temporary files.
fn tree(generated: &Path) -> Result<Tree, Failure> {
    let failed = |error: walkdir::Error| Failure::new("tree", error);
    let mut files = Tree::new();
    let is_ours = |entry: &walkdir::DirEntry| !entry.file_name().to_string_lossy().starts_with('.') || entry.depth() == 0;
    for entry in walkdir::WalkDir::new(generated).into_iter().filter_entry(is_ours) {
        let entry = entry.map_err(failed)?;
        if entry.path().extension().is_some_and(|extension| extension == "tf") {
            let name = entry.path().strip_prefix(generated).unwrap_or(entry.path()).to_string_lossy().into_owned();
            let text = std::fs::read_to_string(entry.path()).map_err(|error| Failure::new("tree", error))?;
            files.insert(name, text);
        }
    }
    Ok(files)
}

/// Brings the old tree back, without the temporary files of a killed run, whose removal would be steps of the next.
fn restore(generated: &Path, old: &Tree) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new("restore", error);
    let is_temporary = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        name.starts_with(".terralet-") && name.ends_with(".tmp")
    };
    for entry in walkdir::WalkDir::new(generated).into_iter().flatten().filter(is_temporary) {
        std::fs::remove_file(entry.path()).map_err(failed)?;
    }
    for name in tree(generated)?.keys().filter(|name| !old.contains_key(*name)) {
        std::fs::remove_file(generated.join(name)).map_err(failed)?;
    }
    old.iter().try_for_each(|(name, text)| write(generated, name, text))
}
