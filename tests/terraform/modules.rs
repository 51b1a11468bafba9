//! The shared modules: formatted, valid, and passing their own tests.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Suite;
use crate::offline::{Tally, Terraform};
use crate::statestore::StateStore;
use crate::workspace::{Failure, Workspace};

/// Names another directory of modules to check: a provider's own.
const DIRECTORY: &str = "TERRALET_MODULES";

/// One check for every `modules/<cloud>/<module>`.
pub(crate) fn add(suite: &mut Suite) {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = package.join(std::env::var_os(DIRECTORY).unwrap_or_else(|| "modules".into()));
    let found: Vec<PathBuf> = directories(&modules).iter().flat_map(|cloud| directories(cloud)).collect();
    if found.is_empty() {
        suite.add_fault("modules", format!("{} holds no module", modules.display()));
    }
    for module in found {
        let relative = module.strip_prefix(&modules).unwrap_or(&module).to_owned();
        let modules = modules.clone();
        suite.add(format!("modules::{}", relative.display()), move |terraform| check(terraform, modules, &relative));
    }
}

/// All modules are copied, since one may call another.
fn check(terraform: &Terraform, modules: PathBuf, relative: &Path) -> Result<(), Failure> {
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    let workspace = Workspace::copy(terraform, &[(modules, "modules".to_owned())], Arc::new(store))?;
    let module = workspace.module(&Path::new("modules").join(relative));
    module.check_format()?;
    module.init()?;
    module.validate()?;
    for directory in test_directories(module.path()) {
        Tally::add(&terraform.tally.module_tests, module.test(&directory)?);
    }
    Ok(())
}

/// `tests`, where Terraform looks on its own, and what lies below it with tests that a person has to ask for. Those are for a provider that
/// makes nothing real, as it is here.
fn test_directories(module: &Path) -> Vec<String> {
    let holds_tests = |directory: &PathBuf| {
        let names = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.into_iter().any(|name| name.to_string_lossy().ends_with(".tftest.hcl"))
    };
    let below = directories(&module.join("tests")).into_iter().filter(holds_tests);
    let names = below.filter_map(|directory| Some(format!("tests/{}", directory.file_name()?.to_string_lossy())));
    std::iter::once("tests".to_owned()).chain(names).collect()
}

/// The directories in one, in the order of their names, hidden ones left out.
pub(crate) fn directories(parent: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let mut found: Vec<PathBuf> = entries.filter(|path| path.is_dir() && !is_hidden(path)).collect();
    found.sort();
    found
}
