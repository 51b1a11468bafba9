//! Every root module of the fixtures, and of the samples that prove this harness, through its whole life.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::offline::Terraform;
use crate::statestore::StateStore;
use crate::workspace::{Failure, Workspace};
use crate::{Suite, cycle, discovery, modules};

/// The output directory of a workspace, as platform files have it by default.
pub(crate) const OUTPUT: &str = "generated";

/// The output of one compile, and what belongs beside it.
#[derive(Clone)]
struct Tree {
    name: String,
    /// What is copied, and to where. Module sources lead out of the output, so a copy has everything at the distance that it has in the package.
    sources: Vec<(PathBuf, String)>,
    output: PathBuf,
    /// The place of the output in the copy.
    place: PathBuf,
}

pub(crate) fn add(suite: &mut Suite) {
    for tree in trees() {
        let parent = tree.output.parent().unwrap_or(&tree.output);
        let output = tree.output.strip_prefix(parent).unwrap_or(&tree.output);
        match discovery::discover(parent, output) {
            Ok(groups) if groups.is_empty() => {
                suite.add_fault(format!("roots::{}", tree.name), format!("{} holds no root", tree.output.display()))
            }
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

/// The samples and, of the fixtures, those that have an output.
fn trees() -> Vec<Tree> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = (package.join("modules"), "modules".to_owned());
    let acme = "fixtures/acme".to_owned();
    let mut trees = vec![
        Tree {
            name: "samples".to_owned(),
            sources: vec![(samples(), String::new())],
            output: samples().join(OUTPUT),
            place: OUTPUT.into(),
        },
        Tree {
            name: "acme".to_owned(),
            output: package.join(&acme).join(OUTPUT),
            place: Path::new(&acme).join(OUTPUT),
            sources: vec![modules.clone(), (package.join(&acme), acme)],
        },
    ];
    for case in modules::directories(&package.join("fixtures/compile")) {
        let name = case.file_name().unwrap_or_default().to_string_lossy();
        let workspace = format!("fixtures/compile/{name}/input");
        let (output, place) = (case.join("expected"), format!("{workspace}/{OUTPUT}"));
        trees.push(Tree {
            name: format!("compile::{name}"),
            sources: vec![modules.clone(), (case.join("input"), workspace), (output.clone(), place.clone())],
            output,
            place: place.into(),
        });
    }
    trees.retain(|tree| tree.output.exists());
    trees
}

fn check(terraform: &Terraform, tree: &Tree, index: usize) -> Result<(), Failure> {
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    let workspace = Workspace::copy(terraform, &tree.sources, Arc::new(store))?;
    let groups = discovery::discover(workspace.path(), &tree.place).map_err(|error| Failure::new("discovery", error))?;
    // The copy has the groups of the original in the same order.
    cycle::run(&workspace, &groups[index]).map(drop)
}
