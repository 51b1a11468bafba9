//! The built-in modules in the tree: written where the platform names no others, taken away where it does.

use super::against::Against;
use std::collections::BTreeMap;
use terralet_core::compile::Customer;
use terralet_core::diagnostics::codes;
use terralet_core::emit::{GUARD_FILE, MODULES, module_file, module_guard};
use terralet_core::failure::Failure;
use terralet_core::modules::BUILT_IN;
use terralet_core::paths::normal;
use terralet_core::platform::ModuleSource;
use terralet_core::tree::{Change, FileState, RootPlan, plan_module};
use terralet_host::output::Output;
use terralet_host::write::{self, Writer};

/// What the built-in modules need.
#[derive(Debug, Default)]
pub(super) struct ModulesPlan {
    directories: Vec<(String, RootPlan)>,
}

impl Against<'_> {
    /// Compares the modules of the tree with those that are wanted, and tells what stands in their way; then none of them is written.
    pub(super) fn modules(&mut self, customers: &[Customer], failed: &[bool]) -> Result<ModulesPlan, Failure> {
        let source = &self.workspace.platform.modules.source;
        let is_built_in = *source == ModuleSource::BuiltIn;
        if !is_built_in && !self.targets.covers(MODULES) {
            return Ok(ModulesPlan::default());
        }
        // What the provider keeps there is in use: it is in the wrong place, and not ours to remove.
        let is_own = matches!(source, ModuleSource::Local(path) if normal(&self.workspace.root.join(path)).starts_with(&self.output.root));
        let may_go = is_built_in || self.all_are_written(customers, failed);
        self.output.refuse_links(MODULES)?;
        let listing = self.output.list(MODULES)?;
        if !self.options.check {
            write::sweep(&listing.leftovers)?;
        }
        let mut wanted: BTreeMap<String, Vec<(&str, String)>> = BTreeMap::new();
        wanted.extend(listing.directories.iter().map(|(directory, _)| (directory.to_string(), Vec::new())));
        for file in BUILT_IN.iter().filter(|_| is_built_in) {
            let (module, name) = file.path.rsplit_once('/').unwrap_or(("", file.path));
            wanted.entry(format!("{MODULES}/{module}")).or_default().push((name, module_file(file.path, file.text)));
        }
        let mut found = ModulesPlan::default();
        for (directory, expected) in wanted {
            self.output.refuse_links(&directory)?;
            let disk = self.output.module_files(&directory, listing.names(&directory))?;
            let mut plan = plan_module(expected, &disk);
            self.output.refuse_newer(&directory, &plan)?;
            for change in plan.changes.iter_mut().filter(|_| is_own) {
                change.state = FileState::Foreign;
            }
            plan.changes.retain(|change| may_go || change.state == FileState::Foreign);
            self.written.unchanged += plan.unchanged;
            if !plan.changes.is_empty() {
                found.directories.push((directory, plan));
            }
        }
        if self.options.check {
            for (directory, plan) in &found.directories {
                self.differ(directory, plan);
            }
            return Ok(ModulesPlan::default());
        }
        let mut stops = false;
        for (directory, plan) in &found.directories {
            let obstacles: Vec<&Change> = plan.obstacles(self.options.overwrite).collect();
            for change in obstacles {
                stops |= self.obstacle(directory, change, None, None);
            }
        }
        Ok(if stops { ModulesPlan::default() } else { found })
    }

    /// True when every root of the tree is one of this run's, so that none calls what it does not.
    fn all_are_written(&self, customers: &[Customer], failed: &[bool]) -> bool {
        let is_missing = self.reports.iter().any(|report| *report.code == codes::CUSTOMER_MISSING);
        self.targets.whole && !is_missing && !failed.contains(&true) && customers.iter().all(|customer| customer.roots.is_some())
    }
}

impl ModulesPlan {
    /// Prepares the modules around what else is prepared. Modules that are there and change are guarded first and last, since no root may
    /// be planned with modules that are partly old, or older than it is.
    pub(super) fn around(&self, roots: Writer, output: &Output) -> Result<Writer, Failure> {
        let (mut first, mut modules, mut guards) = (Writer::default(), Writer::default(), Vec::new());
        for (directory, plan) in &self.directories {
            let path = output.root.join(directory);
            if modules.directory(&path, path.parent().unwrap_or(&output.root), &plan.changes)? {
                continue;
            }
            let module = directory.strip_prefix(MODULES).unwrap_or(directory).trim_start_matches('/');
            let guard = path.join(GUARD_FILE);
            first.guard(&guard, &module_guard(module))?;
            modules.changes(&path, &plan.changes)?;
            guards.push(guard);
        }
        first.join(roots);
        first.join(modules);
        for guard in guards {
            first.unguard(guard);
        }
        Ok(first)
    }

    /// Removes the directories that nothing is left in.
    pub(super) fn remove_empty(&self, output: &Output) {
        for (directory, plan) in self.directories.iter().filter(|(_, plan)| plan.changes.iter().all(|change| change.new.is_none())) {
            if plan.unchanged == 0 {
                write::remove_empty(&output.root, &output.root.join(directory));
            }
        }
    }
}
