//! Every root module of the fixtures, and of the samples that prove this harness, through its whole life.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::offline::{Tally, Terraform};
use crate::share::Share;
use crate::statestore::StateStore;
use crate::workspace::{Failure, Workspace};
use crate::{Suite, asked, cycle, discovery, modules};

/// The output directory of a workspace, as platform files have it by default.
pub(crate) const OUTPUT: &str = "generated";

/// The tree whose plans are compared with what the customers asked for.
const ACME: &str = "acme";

/// What the names of the cases of `fixtures/compile` begin with.
const CASES: &str = "compile::";

/// The output of one compile, and what belongs next to it.
#[derive(Clone)]
pub(crate) struct Tree {
    name: String,
    /// What is copied, and to where. Module sources lead out of the output, so a copy has everything at the distance that it has in the package.
    pub(crate) sources: Vec<(PathBuf, String)>,
    output: PathBuf,
    /// The place of the output in the copy.
    pub(crate) place: PathBuf,
}

impl Tree {
    /// True for a case of `fixtures/compile`, of which there are so many that a run may be about a share of them.
    fn is_case(&self) -> bool {
        self.name.starts_with(CASES)
    }
}

pub(crate) fn add(suite: &mut Suite) {
    if let Err(fault) = table_fits() {
        suite.add_fault("roots::asked", fault);
    }
    let share = Share::asked_for().unwrap_or_else(|fault| {
        suite.add_fault("roots::share", fault);
        Share::all()
    });
    let mut of_cases = 0..;
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
                    let name = format!("roots::{}::{}", tree.name, directory.display());
                    if tree.is_case() && !of_cases.next().is_some_and(|number| share.takes(number)) {
                        suite.leave_out(name);
                        continue;
                    }
                    let tree = tree.clone();
                    suite.add(name, move |terraform| check(terraform, &tree, index));
                }
            }
            Err(fault) => suite.add_fault(format!("roots::{}", tree.name), fault),
        }
    }
}

/// Every root of the fixture is in the table of what was asked for, and nothing else is.
fn table_fits() -> Result<(), String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(ACME);
    let groups = discovery::discover(&package, Path::new(OUTPUT))?;
    let roots = groups.iter().flat_map(|group| std::iter::once(&group.shared).chain(&group.services));
    let below = roots.filter_map(|root| root.directory.strip_prefix(OUTPUT).ok());
    let found = below.map(|directory| directory.display().to_string()).collect();
    let table = asked::roots()?;
    let odd: Vec<&String> = table.symmetric_difference(&found).collect();
    if odd.is_empty() { Ok(()) } else { Err(format!("in the fixture or in the table of what was asked for, and not in both: {odd:?}")) }
}

/// The samples next to this file.
pub(crate) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform/samples")
}

/// The samples and, of the fixtures, those that have an output.
fn trees() -> Vec<Tree> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = (package.join("modules"), "modules".to_owned());
    let mut trees = vec![
        Tree {
            name: "samples".to_owned(),
            sources: vec![(samples(), String::new())],
            output: samples().join(OUTPUT),
            place: OUTPUT.into(),
        },
        acme(),
    ];
    for case in modules::directories(&package.join("fixtures/compile")) {
        let name = case.file_name().unwrap_or_default().to_string_lossy();
        let workspace = format!("fixtures/compile/{name}/input");
        let (output, place) = (case.join("expected"), format!("{workspace}/{OUTPUT}"));
        trees.push(Tree {
            name: format!("{CASES}{name}"),
            sources: vec![modules.clone(), (case.join("input"), workspace), (output.clone(), place.clone())],
            output,
            place: place.into(),
        });
    }
    trees.retain(|tree| tree.output.exists());
    trees
}

/// The fixture with a whole service provider's customers.
pub(crate) fn acme() -> Tree {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = format!("fixtures/{ACME}");
    Tree {
        name: ACME.to_owned(),
        output: package.join(&place).join(OUTPUT),
        place: Path::new(&place).join(OUTPUT),
        sources: vec![(package.join("modules"), "modules".to_owned()), (package.join(&place), place)],
    }
}

fn check(terraform: &Terraform, tree: &Tree, index: usize) -> Result<(), Failure> {
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    let workspace = Workspace::copy(terraform, &tree.sources, Arc::new(store))?;
    let groups = discovery::discover(workspace.path(), &tree.place).map_err(|error| Failure::new("discovery", error))?;
    // The copy has the groups of the original in the same order.
    run(&workspace, &tree.place, &groups[index])
}

/// Runs a group of roots; of the fixture's, compares the plans with what the customers asked for.
pub(crate) fn run(workspace: &Workspace<'_>, output: &Path, group: &discovery::Group) -> Result<(), Failure> {
    let plans = cycle::run(workspace, group)?;
    let Some(documents) = output.parent().filter(|documents| documents.ends_with(ACME)) else { return Ok(()) };
    for (directory, plan) in &plans {
        let directory = directory.strip_prefix(output).unwrap_or(directory);
        asked::compare(&workspace.path().join(documents), directory, plan)?;
        Tally::add(&workspace.tally().compared, 1);
    }
    Ok(())
}
