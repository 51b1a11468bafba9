//! Every root module of the fixtures, and of the samples that prove this harness, through its whole life.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::offline::Terraform;
use crate::statestore::StateStore;
use crate::workspace::{Failure, Workspace};
use crate::{Suite, cycle, discovery, modules};

/// Where the output stands in a workspace. Module sources may lead out of it, so what stands beside it is copied too.
pub(crate) const OUTPUT: &str = "generated";

/// A tree of roots and what belongs beside it.
#[derive(Clone)]
struct Tree {
    name: String,
    /// What is copied, and to where in the workspace.
    sources: Vec<(PathBuf, &'static str)>,
    /// The output before it is copied.
    output: PathBuf,
}

pub(crate) fn add(suite: &mut Suite) {
    for tree in trees() {
        let parent = tree.output.parent().unwrap_or(&tree.output);
        let output = tree.output.strip_prefix(parent).unwrap_or(&tree.output);
        match discovery::discover(parent, output) {
            Ok(groups) if groups.is_empty() => suite.add_fault(format!("roots::{}", tree.name), format!("{} holds no root", tree.output.display())),
            Ok(groups) => {
                for (index, group) in groups.iter().enumerate() {
                    let directory = group.shared.directory.strip_prefix(output).unwrap_or(&group.shared.directory);
                    let tree = tree.clone();
                    suite.add(format!("roots::{}::{}", tree.name, directory.display()), move |terraform| check(terraform, &tree, index));
                }
            }
            Err(fault) => suite.add_fault(format!("roots::{}", tree.name), fault),
        }
    }
}

/// The samples beside this file.
pub(crate) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform/samples")
}

/// Of the two kinds of fixtures those that exist.
fn trees() -> Vec<Tree> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let acme = fixtures.join("acme");
    let mut trees = vec![Tree { name: "samples".to_owned(), sources: vec![(samples(), "")], output: samples().join(OUTPUT) }];
    trees.push(Tree { name: "acme".to_owned(), output: acme.join(OUTPUT), sources: vec![(acme, "")] });
    for case in modules::directories(&fixtures.join("compile")) {
        let name = case.file_name().unwrap_or_default().to_string_lossy();
        let output = case.join("expected");
        trees.push(Tree { name: format!("compile::{name}"), sources: vec![(case.join("input"), ""), (output.clone(), OUTPUT)], output });
    }
    trees.retain(|tree| tree.output.exists());
    trees
}

fn check(terraform: &Terraform, tree: &Tree, index: usize) -> Result<(), Failure> {
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    let workspace = Workspace::copy(terraform, &tree.sources, Arc::new(store))?;
    let groups = discovery::discover(workspace.path(), Path::new(OUTPUT)).map_err(|error| Failure::new("discovery", error))?;
    // The copy has the groups of the original in the same order.
    cycle::run(&workspace, &groups[index]).map(drop)
}
