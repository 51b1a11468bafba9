//! The built-in modules in the tree: written where the platform names no others, taken away where it does.

use super::Reconciler;
use super::differ::CustomerDiff;
use crate::clouds::built_in_files;
use crate::compile::CompiledCustomer;
use crate::diagnostics::codes;
use crate::emit::{MODULES, README, module_file};
use crate::failure::Failure;
use crate::platform::ModuleSource;
use crate::tree::{Change, DiskFile, FileState, Names, RootDiff, plan_module};
use std::collections::BTreeMap;

impl Reconciler<'_> {
    /// Compares the modules of the tree with those that are wanted, and reports what stands in their way; then none of them is
    /// written.
    pub(super) fn modules(&mut self, customers: &[CompiledCustomer], diffs: &[CustomerDiff]) -> Result<Vec<(String, RootDiff)>, Failure> {
        let source = &self.platform.modules.source;
        let is_built_in = *source == ModuleSource::BuiltIn;
        if !is_built_in && !self.run.coverage().covers(MODULES) {
            return Ok(Vec::new());
        }
        // What the provider keeps there is in use: it is in the wrong place, and not ours to remove.
        let is_own = matches!(source, ModuleSource::Local(_)) && self.options.modules_are_below_output;
        let may_go = is_built_in || self.all_are_written(customers, diffs);
        self.tree.refuse_links(MODULES)?;
        let listing = self.tree.list(MODULES)?;
        self.changes.leftovers.extend(listing.leftovers.iter().cloned());
        let mut wanted: BTreeMap<String, Vec<(&str, String)>> = BTreeMap::new();
        wanted.extend(listing.directories.iter().map(|(directory, _)| (directory.to_string(), Vec::new())));
        for file in built_in_files().filter(|_| is_built_in) {
            let (module, name) = file.path.rsplit_once('/').unwrap_or(("", file.path));
            wanted.entry(format!("{MODULES}/{module}")).or_default().push((name, module_file(file.path, file.text)));
        }
        let mut found = Vec::new();
        for (directory, expected) in wanted {
            self.tree.refuse_links(&directory)?;
            let disk = self.module_files(&directory, listing.names(&directory))?;
            let mut plan = plan_module(expected, &disk);
            self.tree.refuse_newer(&directory, &plan)?;
            for change in plan.changes.iter_mut().filter(|_| is_own) {
                change.state = FileState::Foreign;
            }
            plan.changes.retain(|change| may_go || change.state == FileState::Foreign);
            self.changes.unchanged += plan.unchanged;
            if !plan.changes.is_empty() {
                found.push((directory, plan));
            }
        }
        if self.options.check {
            for (directory, plan) in &found {
                self.differ(directory, plan);
            }
            return Ok(Vec::new());
        }
        let mut stops = false;
        for (directory, plan) in &found {
            let obstacles: Vec<&Change> = plan.obstacles(self.options.overwrite).collect();
            for change in obstacles {
                stops |= self.obstacle(directory, change, None, None);
            }
        }
        Ok(if stops { Vec::new() } else { found })
    }

    /// True when every root of the tree is one of this run's, so that none calls what it does not.
    fn all_are_written(&self, customers: &[CompiledCustomer], diffs: &[CustomerDiff]) -> bool {
        let is_missing = self.reports.iter().any(|report| *report.code == codes::CUSTOMER_MISSING);
        self.run.coverage().whole
            && !is_missing
            && !diffs.iter().any(|diff| diff.failed)
            && customers.iter().all(|customer| customer.roots.is_some())
    }

    /// The files of a directory of the built-in modules: what Terraform reads, and the README.
    fn module_files(&self, directory: &str, names: Option<&Names>) -> Result<Vec<DiskFile>, Failure> {
        let mut files = names.map_or(Ok(Vec::new()), |names| self.tree.files(directory, names))?;
        files.extend(self.tree.file(&format!("{directory}/{README}"))?);
        Ok(files)
    }
}
