//! A compile against the tree on disk: what differs, what may be written, and writing it.

use super::args::CompileOptions;
use super::compile::Difference;
use super::failure::Failure;
use super::fleet::tree_report;
use super::output::{Listing, MODULES, Output};
use super::render::Written;
use super::workspace::Workspace;
use super::write::{self, Writer};
use crate::compile::{Customer, Root};
use crate::diagnostics::{Report, Severity, codes};
use crate::emit;
use crate::modules::BUILT_IN;
use crate::platform::ModuleSource;
use crate::source::Location;
use crate::terraform::{RootIdentity, StateKey};
use crate::tree::{Change, FileState, Known, Orphan, RootPlan, current_identity, may_share, plan};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a repository that holds the tree should not hold: providers, local state, the lock and temporary files of a run.
const GITIGNORE: &str = ".terraform/\n.terralet/\n.terralet-*\n";

/// A root that differs from what is on disk, or does not.
pub(super) struct Planned {
    pub(super) plan: RootPlan,
    is_new: bool,
}

/// A root that becomes a tombstone, or already is one.
pub(super) struct Tombstone {
    pub(super) directory: String,
    pub(super) identity: RootIdentity,
    pub(super) plan: RootPlan,
    /// The customer that it was of, when the run has it.
    pub(super) customer: Option<usize>,
}

/// The comparison of a run with the tree on disk.
pub(super) struct Against<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) output: &'a Output,
    pub(super) options: &'a CompileOptions,
    pub(super) reports: Vec<Report>,
    pub(super) differences: Vec<Difference>,
    pub(super) written: Written,
    writer: Writer,
}

impl<'a> Against<'a> {
    pub(super) fn new(workspace: &'a Workspace, output: &'a Output, options: &'a CompileOptions, reports: Vec<Report>) -> Self {
        let (differences, written, writer) = (Vec::new(), Written::default(), Writer::default());
        Against { workspace, output, options, reports, differences, written, writer }
    }

    pub(super) fn run(&mut self, customers: &mut [Customer], whole: bool) -> Result<(), Failure> {
        let listing = self.listing(customers, whole)?;
        if !self.options.check {
            write::sweep(&listing.leftovers)?;
        }
        let planned = self.plan(customers, &listing)?;
        let mut failed = vec![false; customers.len()];
        let orphans = self.orphans(customers, &listing)?;
        let known = known(customers, whole);
        self.ownership(customers, &planned, &orphans, &mut failed);
        self.differing(customers, &planned, &known, &mut failed);
        let tombstones = self.fates(orphans, &known, customers, &listing, &mut failed)?;
        for (index, (customer, roots)) in customers.iter().zip(&planned).enumerate() {
            if has_failed(&failed, index) {
                continue;
            }
            for (root, planned) in customer.roots.iter().flatten().zip(roots) {
                self.apply(root.module.key.directory(), &root.module.identity, &planned.plan, planned.is_new)?;
            }
        }
        for Tombstone { directory, identity, plan, customer } in tombstones {
            if !customer.is_some_and(|index| has_failed(&failed, index)) {
                self.apply(&directory, &identity, &plan, false)?;
            }
        }
        self.modules_and_ignore()?;
        self.written.files = std::mem::take(&mut self.writer).commit()?;
        for (customer, failed) in customers.iter_mut().zip(failed) {
            if failed {
                customer.roots = None;
            }
        }
        Ok(())
    }

    /// The part of the tree that the run has to know.
    fn listing(&self, customers: &[Customer], whole: bool) -> Result<Listing, Failure> {
        let skip_modules = self.workspace.platform.modules.source == ModuleSource::BuiltIn;
        if whole {
            return self.output.list("", skip_modules);
        }
        let mut own: BTreeSet<(&str, &str)> = BTreeSet::new();
        for customer in customers {
            let roots = customer.roots.iter().flatten();
            own.extend(roots.map(|root| (root.module.key.prefix(), &*customer.repository)));
        }
        let on_disk = self.output.prefixes()?;
        let mut listing = Listing { leftovers: self.output.leftovers()?, ..Listing::default() };
        for prefix in own.iter().map(|(prefix, _)| *prefix).collect::<BTreeSet<&str>>() {
            listing.extend(self.output.list(prefix, skip_modules)?);
        }
        // A prefix that a repository has no root below yet is new to it, though others may share it.
        let owned = self.owners(&listing)?;
        let makes_new = own.iter().any(|(prefix, repository)| !owned.contains(&((*prefix).to_owned(), (*repository).to_owned())));
        let offboards = customers.iter().any(|customer| self.workspace.is_offboarded(&customer.repository));
        for prefix in on_disk.iter().filter(|prefix| !(skip_modules && *prefix == MODULES)) {
            if own.iter().any(|(known, _)| known == prefix) || !(makes_new || offboards) {
                continue;
            }
            // A new prefix may be a moved one, and who left has no prefix any more: whose roots are the others?
            let below = self.output.list(prefix, skip_modules)?;
            let owners = self.owners(&below)?;
            let mut concerned = customers.iter();
            let platform = &self.workspace.platform;
            if concerned.any(|customer| owners.iter().any(|(_, owner)| may_share(&customer.repository, owner, platform))) {
                listing.extend(below);
            }
        }
        Ok(listing)
    }

    /// The repositories that have roots in a part of the tree, with the prefixes that those are below.
    fn owners(&self, part: &Listing) -> Result<BTreeSet<(String, String)>, Failure> {
        let mut owners = BTreeSet::new();
        for (directory, names) in &part.directories {
            if let Some(header) = self.output.header(directory, names)? {
                let prefix = directory.split('/').next().unwrap_or("").to_owned();
                owners.insert((prefix, current_identity(&header.identity, &self.workspace.platform).repository));
            }
        }
        Ok(owners)
    }

    /// Compares every root with its directory, in parallel.
    fn plan(&self, customers: &[Customer], listing: &Listing) -> Result<Vec<Vec<Planned>>, Failure> {
        let one = |root: &Root| -> Result<Planned, Failure> {
            let directory = root.module.key.directory();
            let disk = self.output.files(directory, listing.names(directory))?;
            let plan = plan(&emit::root(&root.module), &disk);
            Ok(Planned { plan, is_new: disk.is_empty() })
        };
        customers.par_iter().map(|customer| customer.roots.iter().flatten().map(one).collect()).collect()
    }

    /// Roots on disk that no deployment of the run has, with foreign directories told.
    fn orphans(&mut self, customers: &[Customer], listing: &Listing) -> Result<Vec<Orphan>, Failure> {
        let roots = customers.iter().filter_map(|customer| customer.roots.as_ref()).flatten();
        let live: BTreeSet<&str> = roots.map(|root| root.module.key.directory()).collect();
        let mut orphans = Vec::new();
        for (directory, names) in listing.directories.iter().filter(|(directory, _)| !live.contains(directory.as_str())) {
            match self.output.header(directory, names)? {
                Some(header) => orphans.push(Orphan { directory: directory.clone(), identity: header.identity }),
                None => {
                    for file in self.output.files(directory, names)? {
                        let old = Some(String::from_utf8_lossy(&file.bytes).into_owned());
                        self.obstacle(directory, &Change { name: file.name, state: FileState::Foreign, old, new: None }, None, None);
                    }
                }
            }
        }
        Ok(orphans)
    }

    /// Tells a file that stands in the way; true when it keeps the root from being written. Under `--check` it is a difference.
    pub(super) fn obstacle(&mut self, directory: &str, change: &Change, customer: Option<Arc<str>>, place: Option<&Location>) -> bool {
        let file = self.shown(directory, &change.name);
        if self.options.check {
            if customer.is_none() {
                self.differences.push(Difference { file, state: change.state, old: change.old.clone(), new: None });
            }
            return false;
        }
        let (code, message, help) = match (change.state, &change.new) {
            (FileState::HandEdited, Some(_)) => (
                &codes::HAND_EDITED_FILE,
                format!("`{file}` was edited by hand"),
                "take the edit back, or write over it with `--overwrite`; `compile --check` shows what was edited",
            ),
            (FileState::HandEdited, None) => (
                &codes::HAND_EDITED_FILE,
                format!("`{file}` was edited by hand, and its deployment is gone"),
                "take the edit back: what destroys the infrastructure is what built it",
            ),
            _ => (
                &codes::FOREIGN_FILE,
                format!("`{file}` is not terralet's, and Terraform would read it"),
                "move the file away: what is below the output directory is generated",
            ),
        };
        self.tell(tree_report(code, customer, place, message, help));
        true
    }

    /// Tells what the tree shows; true when it keeps the customer from being written.
    pub(super) fn tell(&mut self, mut report: Report) -> bool {
        if self.options.deny_warnings && report.severity == Severity::Warning {
            report.severity = Severity::Error;
        }
        let is_error = report.severity == Severity::Error;
        self.reports.push(report);
        is_error
    }

    /// Prepares a root for writing, or notes what would be written.
    fn apply(&mut self, directory: &str, identity: &RootIdentity, plan: &RootPlan, is_new: bool) -> Result<(), Failure> {
        self.written.unchanged += plan.unchanged;
        if plan.changes.is_empty() {
            return Ok(());
        }
        if self.options.check {
            for change in &plan.changes {
                let file = self.shown(directory, &change.name);
                self.differences.push(Difference { file, state: change.state, old: change.old.clone(), new: change.new.clone() });
            }
            return Ok(());
        }
        self.writer.root(&self.output.root.join(directory), identity, &plan.changes, is_new)
    }

    /// The built-in modules, owned whole, and the tree's `.gitignore`.
    fn modules_and_ignore(&mut self) -> Result<(), Failure> {
        let platform = &self.workspace.platform;
        let mut owned: Vec<(String, String)> = Vec::new();
        if platform.modules.source == ModuleSource::BuiltIn {
            owned.extend(BUILT_IN.iter().map(|file| (format!("{MODULES}/{}", file.path), file.text.to_owned())));
            let listing = self.output.list(MODULES, false)?;
            if !self.options.check {
                write::sweep(&listing.leftovers)?;
            }
            for (directory, names) in listing.directories {
                for name in names.iter().filter(|name| !owned.iter().any(|(path, _)| *path == format!("{directory}/{name}"))) {
                    let change = Change { name: name.clone(), state: FileState::Foreign, old: Some(String::new()), new: None };
                    self.obstacle(&directory, &change, None, None);
                }
            }
        }
        owned.push((".gitignore".to_owned(), GITIGNORE.to_owned()));
        for (path, text) in owned {
            let file = self.output.root.join(&path);
            let old = self.output.text(&path);
            if old.as_deref() == Some(text.as_str()) {
                self.written.unchanged += 1;
            } else if self.options.check {
                let state = if old.is_some() { FileState::Stale } else { FileState::Missing };
                self.differences.push(Difference { file: self.shown("", &path), state, old, new: Some(text) });
            } else {
                self.writer.file(&file, &text)?;
            }
        }
        Ok(())
    }

    /// A file or directory of the tree, as it is told.
    pub(super) fn shown(&self, directory: &str, name: &str) -> String {
        self.workspace.shown(&self.output.root.join(directory).join(name))
    }
}

/// What the run knows, for the fate of orphans.
fn known(customers: &[Customer], whole: bool) -> Known {
    let mut known = Known { whole, ..Known::default() };
    for customer in customers {
        let names = if customer.roots.is_some() { &mut known.clean } else { &mut known.failed };
        names.insert(customer.repository.to_string());
        for root in customer.roots.iter().flatten() {
            let key: &StateKey = &root.module.key;
            known.keys.insert(root.module.identity.clone(), key.clone());
        }
    }
    known
}

/// Keeps a customer from being written.
pub(super) fn fail(failed: &mut [bool], index: usize) {
    if let Some(failed) = failed.get_mut(index) {
        *failed = true;
    }
}

fn has_failed(failed: &[bool], index: usize) -> bool {
    failed.get(index).copied().unwrap_or(true)
}
