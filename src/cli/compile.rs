//! `terralet compile`: check, then write the root modules; `--check` compares instead.

use super::args::{Arguments, CompileOptions, Format};
use super::failure::Failure;
use super::fleet::{Scope, Summary, deny_in, deny_warnings, left_out, run as run_fleet, targets, tree_report};
use super::output::{Listing, MODULES, Output};
use super::render::{self, Told, Written};
use super::workspace::Workspace;
use super::write::{self, Lock};
use super::{EXIT_DIFFERENT, EXIT_INPUT, EXIT_OK};
use crate::compile::{Customer, Root};
use crate::diagnostics::{Report, Severity, codes};
use crate::emit;
use crate::modules::BUILT_IN;
use crate::platform::ModuleSource;
use crate::source::Location;
use crate::terraform::RootIdentity;
use crate::tree::{Change, Fate, FileState, Known, Orphan, RootPlan, fate, may_share, plan, state_place};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

/// What a repository that holds the tree should not hold: providers, local state, the lock and temporary files of a run.
const GITIGNORE: &str = ".terraform/\n.terralet/\n.terralet-*\n";

/// A difference of `--check`.
#[derive(Debug)]
pub(super) struct Difference {
    /// The file, relative to the workspace.
    pub(super) file: String,
    /// What it is.
    pub(super) state: FileState,
    /// What is on disk.
    pub(super) old: Option<String>,
    /// What should be.
    pub(super) new: Option<String>,
}

pub(super) fn run(arguments: &Arguments, options: &CompileOptions) -> Result<u8, Failure> {
    let started = Instant::now();
    if let Some(jobs) = options.jobs {
        // The pool is made once a process, and this is its first use.
        let built = rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build_global();
        built.map_err(|error| Failure::usage(format!("cannot start {jobs} threads: {error}"), "give a smaller `--jobs`"))?;
    }
    let workspace = Workspace::find(arguments, options.paths.first().map(std::path::PathBuf::as_path))?;
    let scope = Scope { paths: &options.paths, customer: options.customer.as_deref(), judge_names: true };
    let targets = targets(&workspace, &scope)?;
    let output = Output { root: workspace.output(options.output.as_ref()) };
    let way = workspace.way_back(&output.root);
    let lock = if options.check { None } else { Some(Lock::take(&output, arguments.quiet)?) };
    let mut customers = run_fleet(arguments, &workspace, &targets, &way)?;
    if options.deny_warnings {
        deny_warnings(&mut customers);
    }
    let input_failed = Summary::of(&customers, &[]).errors > 0;
    let mut against = Against {
        workspace: &workspace,
        output: &output,
        options,
        reports: left_out(&workspace, &targets).into_iter().collect(),
        differences: Vec::new(),
        written: Written::default(),
    };
    against.run(&mut customers, targets.whole)?;
    let Against { mut reports, mut differences, written, .. } = against;
    drop(lock);
    if options.deny_warnings {
        deny_in(&mut reports);
    }
    reports.sort_by(Report::order);
    differences.sort_by(|a, b| a.file.cmp(&b.file));
    let summary = Summary::of(&customers, &reports);
    let all = customers.iter().flat_map(|customer| &customer.reports).chain(&reports).collect();
    let is_different = !differences.is_empty();
    let written = (!options.check).then_some(written);
    render::told(arguments, &Told { reports: all, differences: &differences, summary, written, elapsed: started.elapsed() });
    if options.check && arguments.format == Format::Human && is_different && !arguments.quiet {
        render::note("the tree on disk is not what would be written; run `terralet compile`");
    }
    let tree_failed = reports.iter().any(|report| report.severity == Severity::Error);
    Ok(match (input_failed, tree_failed, options.check) {
        (true, ..) | (_, true, false) => EXIT_INPUT,
        (false, tree_failed, true) if tree_failed || is_different => EXIT_DIFFERENT,
        _ => EXIT_OK,
    })
}

/// A root that differs from what is on disk, or does not.
struct Planned {
    plan: RootPlan,
    is_new: bool,
}

/// The comparison of a run with the tree on disk.
struct Against<'a> {
    workspace: &'a Workspace,
    output: &'a Output,
    options: &'a CompileOptions,
    reports: Vec<Report>,
    differences: Vec<Difference>,
    written: Written,
}

impl Against<'_> {
    fn run(&mut self, customers: &mut [Customer], whole: bool) -> Result<(), Failure> {
        let listing = self.listing(customers, whole)?;
        if !self.options.check {
            write::sweep(&listing.leftovers)?;
        }
        let planned = self.plan(customers, &listing)?;
        let mut failed = vec![false; customers.len()];
        let orphans = self.orphans(customers, &listing)?;
        self.ownership(customers, &planned, &orphans, &mut failed);
        self.differing(customers, &planned, &mut failed);
        let known = known(customers, whole);
        let mut tombstones = Vec::new();
        for orphan in orphans {
            self.orphan(orphan, &known, customers, &listing, &mut failed, &mut tombstones)?;
        }
        for (index, (customer, roots)) in customers.iter().zip(&planned).enumerate() {
            if failed.get(index).copied().unwrap_or(true) {
                continue;
            }
            self.write_customer(customer, roots)?;
        }
        for (directory, identity, plan, index) in tombstones {
            if index.is_some_and(|index| failed.get(index).copied().unwrap_or(false)) {
                continue;
            }
            self.apply(&directory, &identity, &plan, false)?;
        }
        self.modules_and_ignore()?;
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
        let roots = || customers.iter().filter_map(|customer| customer.roots.as_ref()).flatten();
        let own: BTreeSet<String> = roots().map(|root| root.module.key.prefix().to_owned()).collect();
        let on_disk = self.output.prefixes()?;
        let mut listing = Listing::default();
        let makes_new = own.iter().any(|prefix| !on_disk.contains(prefix));
        for prefix in on_disk.iter().filter(|prefix| !(skip_modules && *prefix == MODULES)) {
            if own.contains(prefix) {
                listing.extend(self.output.list(prefix, skip_modules)?);
            } else if makes_new {
                // A new prefix may be a moved one: whose roots are the others?
                let below = self.output.list(prefix, skip_modules)?;
                let Some((directory, names)) = below.directories.iter().next() else { continue };
                let header = self.output.header(directory, names)?;
                let concerns = header.is_some_and(|header| {
                    customers.iter().any(|customer| may_share(&customer.repository, &header.identity.repository, &self.workspace.platform))
                });
                if concerns {
                    listing.extend(below);
                }
            }
        }
        Ok(listing)
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
                        let change = Change {
                            name: file.name,
                            state: FileState::Foreign,
                            old: Some(String::from_utf8_lossy(&file.bytes).into_owned()),
                            new: None,
                        };
                        self.obstacle(directory, &change, None, None);
                    }
                }
            }
        }
        Ok(orphans)
    }

    /// A prefix belongs to the repository whose roots are below it.
    fn ownership(&mut self, customers: &[Customer], planned: &[Vec<Planned>], orphans: &[Orphan], failed: &mut [bool]) {
        let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for orphan in orphans {
            let prefix = orphan.directory.split('/').next().unwrap_or("");
            owners.entry(prefix).or_default().insert(&orphan.identity.repository);
        }
        for (customer, plans) in customers.iter().zip(planned) {
            for (root, planned) in customer.roots.iter().flatten().zip(plans) {
                if let Some(identity) = &planned.plan.identity {
                    owners.entry(root.module.key.prefix()).or_default().insert(&identity.repository);
                }
                // A file that is as it should be names this repository in its first line.
                if planned.plan.unchanged > 0 {
                    owners.entry(root.module.key.prefix()).or_default().insert(&customer.repository);
                }
            }
        }
        for (index, customer) in customers.iter().enumerate() {
            for root in customer.roots.iter().flatten() {
                let prefix = root.module.key.prefix();
                let others = owners.get(prefix).into_iter().flatten();
                let Some(other) = others.into_iter().find(|other| !may_share(&customer.repository, other, &self.workspace.platform)) else {
                    continue;
                };
                fail(failed, index);
                self.reports.push(tree_report(
                    &codes::CUSTOMER_ID_CONFLICT,
                    Some(Arc::clone(&customer.repository)),
                    root.place.as_ref(),
                    format!("the state prefix `{prefix}` belongs to the repository `{other}`"),
                    "give this repository a `customer_id` of its own, or let the registry give both repositories the one id",
                ));
                break;
            }
        }
    }

    /// What the differences of live roots mean.
    fn differing(&mut self, customers: &[Customer], planned: &[Vec<Planned>], failed: &mut [bool]) {
        for (index, (customer, plans)) in customers.iter().zip(planned).enumerate() {
            for (root, planned) in customer.roots.iter().flatten().zip(plans) {
                let directory = root.module.key.directory();
                let repository = Some(Arc::clone(&customer.repository));
                // A backend that was edited by hand is told as such, and written over only when that is asked for.
                let mut backends =
                    planned.plan.changes.iter().filter(|change| change.name == "backend.tf" && change.state == FileState::Stale);
                let moved = backends.find_map(|change| {
                    let (old, new) = (state_place(change.old.as_deref()?)?, state_place(change.new.as_deref()?)?);
                    (old != new).then(|| (difference(&old, &new), difference(&new, &old)))
                });
                if let Some((old, new)) = moved {
                    fail(failed, index);
                    self.reports.push(tree_report(
                        &codes::STATE_KEY_CHANGED,
                        repository.clone(),
                        root.place.as_ref(),
                        format!("the state of {} would move: on disk {old}, now {new}", root.module.identity),
                        "nothing is moved by itself, and nothing of this repository was written: take the change back, or move the state first",
                    ));
                }
                if let Some(identity) = planned
                    .plan
                    .identity
                    .as_ref()
                    .filter(|identity| **identity != root.module.identity && identity.repository == root.module.identity.repository)
                {
                    self.reports.push(tree_report(
                        &codes::DESTRUCTIVE_CHANGE,
                        repository.clone(),
                        root.place.as_ref(),
                        format!("`{directory}` was {identity} and becomes {}: everything in it is replaced", root.module.identity),
                        "the plan destroys what is there and makes it anew elsewhere; to keep it, take the change back",
                    ));
                }
                let obstacles: Vec<&Change> = planned.plan.obstacles(self.options.overwrite).collect();
                for change in obstacles {
                    if self.obstacle(directory, change, repository.clone(), root.place.as_ref()) {
                        fail(failed, index);
                    }
                }
            }
        }
    }

    /// Tells a file that stands in the way; true when it keeps the root from being written. Under `--check` it is a difference.
    fn obstacle(&mut self, directory: &str, change: &Change, customer: Option<Arc<str>>, place: Option<&Location>) -> bool {
        let file = self.shown(directory, &change.name);
        if self.options.check {
            if customer.is_none() {
                self.differences.push(Difference { file, state: change.state, old: change.old.clone(), new: None });
            }
            return false;
        }
        let (code, message, help) = match change.state {
            FileState::HandEdited => (
                &codes::HAND_EDITED_FILE,
                format!("`{file}` was edited by hand"),
                "take the edit back, or write over it with `--overwrite`; `compile --check` shows what was edited",
            ),
            _ => (
                &codes::FOREIGN_FILE,
                format!("`{file}` is not terralet's, and Terraform would read it"),
                "move the file away: what is below the output directory is generated",
            ),
        };
        self.reports.push(tree_report(code, customer, place, message, help));
        true
    }

    fn orphan(
        &mut self,
        orphan: Orphan,
        known: &Known,
        customers: &[Customer],
        listing: &Listing,
        failed: &mut [bool],
        tombstones: &mut Vec<(String, RootIdentity, RootPlan, Option<usize>)>,
    ) -> Result<(), Failure> {
        let Orphan { directory, identity } = &orphan;
        let index = customers.iter().position(|customer| may_share(&customer.repository, &identity.repository, &self.workspace.platform));
        match fate(&orphan, known, &self.workspace.platform) {
            Fate::Untouched => {}
            Fate::Moved(key) => {
                if let Some(index) = index {
                    fail(failed, index);
                }
                let place = index.and_then(|index| customers.get(index)).and_then(|customer| {
                    customer.roots.iter().flatten().find(|root| root.module.key == key).and_then(|root| root.place.as_ref())
                });
                self.reports.push(tree_report(
                    &codes::STATE_KEY_CHANGED,
                    Some(Arc::from(identity.repository.as_str())),
                    place,
                    format!("the state key of {identity} would change from `{directory}/terraform.tfstate` to `{key}`"),
                    "nothing is moved by itself, and nothing of this repository was written: take the change of layout or `customer_id` back, or move the state first",
                ));
            }
            Fate::Missing => {
                let mut report = tree_report(
                    &codes::CUSTOMER_MISSING,
                    Some(Arc::from(identity.repository.as_str())),
                    None,
                    format!("the repository `{}` is gone, and `{}` is still there", identity.repository, self.shown(directory, "")),
                    "bring the repository back; or write `offboarded: true` in its registry entry, so that its infrastructure can be destroyed; `--allow-missing` goes on without it",
                );
                if self.options.allow_missing {
                    report.severity = Severity::Warning;
                }
                self.reports.push(report);
            }
            Fate::Tombstone => {
                let disk = self.output.files(directory, listing.names(directory))?;
                let kept: Vec<(&'static str, String)> = ["backend.tf", "versions.tf", "providers.tf"]
                    .into_iter()
                    .filter_map(|name| {
                        disk.iter().find(|file| file.name == name).map(|file| (name, String::from_utf8_lossy(&file.bytes).into_owned()))
                    })
                    .collect();
                let plan = plan(&kept, &disk);
                let obstacles: Vec<&Change> = plan.obstacles(self.options.overwrite).collect();
                let mut blocked = false;
                for change in obstacles {
                    blocked |= self.obstacle(directory, change, Some(Arc::from(identity.repository.as_str())), None);
                }
                self.removed(identity, directory);
                if !blocked {
                    tombstones.push((directory.clone(), identity.clone(), plan, index));
                }
            }
        }
        Ok(())
    }

    fn removed(&mut self, identity: &RootIdentity, directory: &str) {
        let platform = &self.workspace.platform;
        let mut help = format!(
            "review and apply `{}`: its plan destroys what was there; then `terralet prune` removes the directory",
            self.shown(directory, "")
        );
        if platform.is_protected(&identity.environment) {
            help.push_str(
                ". The environment is protected, so that the apply is refused until a person switches deletion protection off on the load balancer and the database, and lets go of the database's key",
            );
        }
        self.reports.push(tree_report(
            &codes::DEPLOYMENT_REMOVED,
            Some(Arc::from(identity.repository.as_str())),
            None,
            format!("the deployment {identity} is gone from the documents, and its infrastructure is not"),
            &help,
        ));
    }

    fn write_customer(&mut self, customer: &Customer, planned: &[Planned]) -> Result<(), Failure> {
        for (root, planned) in customer.roots.iter().flatten().zip(planned) {
            self.apply(root.module.key.directory(), &root.module.identity, &planned.plan, planned.is_new)?;
        }
        Ok(())
    }

    /// Writes a root, or notes what would be written.
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
        self.written.files += write::root(self.output, directory, identity, &plan.changes, is_new)?;
        Ok(())
    }

    /// The built-in modules, owned whole, and the tree's `.gitignore`.
    fn modules_and_ignore(&mut self) -> Result<(), Failure> {
        let platform = &self.workspace.platform;
        let mut owned: Vec<(String, String)> = Vec::new();
        if platform.modules.source == ModuleSource::BuiltIn {
            owned.extend(BUILT_IN.iter().map(|file| (format!("{MODULES}/{}", file.path), file.text.to_owned())));
            for (directory, names) in self.output.list(MODULES, false)?.directories {
                for name in names.iter().filter(|name| !owned.iter().any(|(path, _)| *path == format!("{directory}/{name}"))) {
                    let change = Change { name: name.clone(), state: FileState::Foreign, old: Some(String::new()), new: None };
                    self.obstacle(&directory, &change, None, None);
                }
            }
        }
        owned.push((".gitignore".to_owned(), GITIGNORE.to_owned()));
        for (path, text) in owned {
            let file = self.output.root.join(&path);
            let old = std::fs::read_to_string(&file).ok();
            if old.as_deref() == Some(text.as_str()) {
                self.written.unchanged += 1;
                continue;
            }
            if self.options.check {
                let state = if old.is_some() { FileState::Stale } else { FileState::Missing };
                self.differences.push(Difference { file: self.shown("", &path), state, old, new: Some(text) });
                continue;
            }
            if let Some(parent) = file.parent() {
                std::fs::create_dir_all(parent).map_err(|error| Failure::io("make", parent, error))?;
            }
            write::replace(&file, &text)?;
            self.written.files += 1;
        }
        Ok(())
    }

    fn shown(&self, directory: &str, name: &str) -> String {
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
            known.keys.insert(root.module.identity.clone(), root.module.key.clone());
        }
    }
    known
}

fn difference(one: &[String], other: &[String]) -> String {
    let only: Vec<String> = one.iter().filter(|line| !other.contains(line)).map(|line| format!("`{line}`")).collect();
    if only.is_empty() { "nothing".to_owned() } else { only.join(", ") }
}

fn fail(failed: &mut [bool], index: usize) {
    if let Some(failed) = failed.get_mut(index) {
        *failed = true;
    }
}
