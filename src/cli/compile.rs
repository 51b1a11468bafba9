//! `terralet compile`: check, then write the root modules; `--check` compares instead.

use super::args::{Arguments, CompileOptions, Format};
use super::failure::Failure;
use super::fleet::{Scope, Summary, Targets, deny_in, deny_warnings, left_out, run_with, targets, tree_report};
use super::output::{Listing, MODULES, Output};
use super::plan::{CustomerPlan, Planned, Planner};
use super::render::{self, Told, Written};
use super::repository::Target;
use super::workspace::Workspace;
use super::write::{self, Lock};
use super::{EXIT_DIFFERENT, EXIT_INPUT, EXIT_OK};
use crate::compile::{Customer, Root};
use crate::diagnostics::{Report, Severity, codes};
use crate::modules::BUILT_IN;
use crate::platform::{Layout, ModuleSource};
use crate::source::Place;
use crate::terraform::RootIdentity;
use crate::tree::{Change, Fate, FileState, Known, Orphan, RootPlan, current_name, fate, may_share, plan};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};
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
    let scope = Scope { paths: &options.paths, customer: options.customer.as_deref(), shard: options.shard, judge_names: true };
    let targets = targets(&workspace, &scope)?;
    let output = Output { root: workspace.output(options.output.as_ref()) };
    let way = workspace.way_back(&output.root);
    let lock = if options.check { None } else { Some(Lock::take(&output, arguments.quiet)?) };
    let skip_modules = workspace.platform.modules.source == ModuleSource::BuiltIn;
    // In the layout by repository a prefix says whose roots are below it, so that those of other shards need not be looked at.
    let says_whose = workspace.platform.state.layout == Layout::Repository;
    let wanted = |prefix: &str| {
        let covered = || !says_whose || targets.covers(&current_name(prefix, &workspace.platform));
        !(skip_modules && prefix == MODULES) && covered()
    };
    let listing = if targets.whole || targets.shard.is_some() { Some(output.list_all(wanted)?) } else { None };
    let planner = Planner::new(&output, listing.as_ref(), workspace.surroundings(&way), options.check);
    let surroundings = &planner.surroundings;
    let (mut customers, plans) = run_with(arguments, &workspace, &targets, surroundings, |checked| planner.plan(checked))?;
    if options.deny_warnings {
        deny_warnings(&mut customers);
    }
    let input_failed = Summary::of(&customers, &[]).errors > 0;
    let mut against = Against {
        workspace: &workspace,
        targets: &targets,
        planner: &planner,
        options,
        reports: left_out(&workspace, &targets).into_iter().collect(),
        differences: Vec::new(),
        written: Written::default(),
    };
    against.run(&mut customers, &plans)?;
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

/// The comparison of a run with the tree on disk.
struct Against<'a> {
    workspace: &'a Workspace,
    targets: &'a Targets,
    planner: &'a Planner<'a>,
    options: &'a CompileOptions,
    reports: Vec<Report>,
    differences: Vec<Difference>,
    written: Written,
}

impl Against<'_> {
    fn run(&mut self, customers: &mut [Customer], plans: &[CustomerPlan]) -> Result<(), Failure> {
        let planner = self.planner;
        let of_part = match planner.listing {
            Some(_) => None,
            None => Some(self.listing_of(customers)?),
        };
        let nothing = Listing::default();
        let listing = planner.listing.or(of_part.as_ref()).unwrap_or(&nothing);
        if !self.options.check {
            write::sweep(&listing.leftovers)?;
        }
        let mut failed = vec![false; customers.len()];
        let orphans = self.orphans(customers, listing)?;
        self.ownership(customers, plans, &orphans, &mut failed);
        self.differing(customers, plans, &mut failed);
        let mut tombstones = Vec::new();
        if !orphans.is_empty() {
            let mut known = known(customers);
            for orphan in orphans {
                known.whole = self.targets.covers(&current_name(&orphan.identity.repository, &self.workspace.platform));
                self.orphan(orphan, &known, customers, listing, &mut failed, &mut tombstones)?;
            }
        }
        self.write_customers(customers, plans, &failed)?;
        for (directory, identity, plan, index) in tombstones {
            if index.is_some_and(|index| failed.get(index).copied().unwrap_or(false)) {
                continue;
            }
            self.written.unchanged += plan.unchanged;
            self.written.files += self.apply(&directory, &identity, &plan, false)?;
        }
        self.modules_and_ignore()?;
        for (customer, failed) in customers.iter_mut().zip(failed) {
            if failed {
                customer.roots = None;
            }
        }
        Ok(())
    }

    /// The part of the tree that a run over a few customers has to know.
    fn listing_of(&self, customers: &[Customer]) -> Result<Listing, Failure> {
        let skip_modules = self.workspace.platform.modules.source == ModuleSource::BuiltIn;
        let output = self.planner.output;
        let roots = || customers.iter().filter_map(|customer| customer.roots.as_ref()).flatten();
        let own: BTreeSet<&str> = roots().map(|root| root.key.prefix()).collect();
        let on_disk = output.prefixes()?;
        let makes_new = own.iter().any(|prefix| on_disk.binary_search_by(|known| known.as_str().cmp(prefix)).is_err());
        let mut parts = Vec::new();
        for prefix in on_disk.iter().filter(|prefix| !(skip_modules && *prefix == MODULES)) {
            if own.contains(prefix.as_str()) {
                parts.push(output.list(prefix)?);
            } else if makes_new {
                // A new prefix may be a moved one: whose roots are the others?
                let concerns = output.first_root(prefix)?.is_some_and(|header| {
                    customers.iter().any(|customer| may_share(&customer.repository, &header.identity.repository, &self.workspace.platform))
                });
                if concerns {
                    parts.push(output.list(prefix)?);
                }
            }
        }
        let mut listing = Listing::default();
        listing.extend(parts);
        Ok(listing)
    }

    /// Roots on disk that no deployment of the run has, with foreign directories told.
    fn orphans(&mut self, customers: &[Customer], listing: &Listing) -> Result<Vec<Orphan>, Failure> {
        let roots = customers.iter().filter_map(|customer| customer.roots.as_ref()).flatten();
        let live: HashSet<&str> = roots.map(|root| root.key.directory()).collect();
        let output = self.planner.output;
        let mut orphans = Vec::new();
        for (directory, names) in listing.directories.iter().filter(|(directory, _)| !live.contains(&**directory)) {
            match output.header(directory, names)? {
                Some(header) => orphans.push(Orphan { directory: directory.to_string(), identity: header.identity }),
                // Of what is nobody's, each shard tells a part.
                None if !self.targets.covers(directory.split('/').next().unwrap_or("")) && self.targets.shard.is_some() => {}
                None => {
                    for file in output.files(directory, names)? {
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
    fn ownership(&mut self, customers: &[Customer], plans: &[CustomerPlan], orphans: &[Orphan], failed: &mut [bool]) {
        let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for orphan in orphans {
            let prefix = orphan.directory.split('/').next().unwrap_or("");
            owners.entry(prefix).or_default().insert(&orphan.identity.repository);
        }
        for (root, planned) in customers.iter().zip(plans).flat_map(differing_roots) {
            if let Some(identity) = &planned.plan.identity {
                owners.entry(root.key.prefix()).or_default().insert(&identity.repository);
            }
        }
        if owners.is_empty() {
            return;
        }
        for (index, customer) in customers.iter().enumerate() {
            for root in customer.roots.iter().flatten() {
                let prefix = root.key.prefix();
                let others = owners.get(prefix).into_iter().flatten();
                let Some(other) = others.into_iter().find(|other| !may_share(&customer.repository, other, &self.workspace.platform)) else {
                    continue;
                };
                fail(failed, index);
                self.reports.push(tree_report(
                    &codes::CUSTOMER_ID_CONFLICT,
                    Some(Arc::clone(&customer.repository)),
                    self.workspace.labels(root.place.as_ref(), String::new()),
                    format!("the state prefix `{prefix}` belongs to the repository `{other}`"),
                    "give this repository a `customer_id` of its own, or let the registry give both repositories the one id",
                ));
                break;
            }
        }
    }

    /// What the differences of live roots mean.
    fn differing(&mut self, customers: &[Customer], plans: &[CustomerPlan], failed: &mut [bool]) {
        for (index, (customer, plan)) in customers.iter().zip(plans).enumerate() {
            for (root, planned) in differing_roots((customer, plan)) {
                let directory = root.key.directory();
                let repository = Some(Arc::clone(&customer.repository));
                if let Some((old, new)) = &planned.moved {
                    fail(failed, index);
                    self.reports.push(tree_report(
                        &codes::STATE_KEY_CHANGED,
                        repository.clone(),
                        self.workspace.labels(root.place.as_ref(), String::new()),
                        format!("the state of {} would move: on disk {old}, now {new}", root.identity),
                        "nothing is moved by itself, and nothing of this repository was written: take the change back, or move the state first",
                    ));
                }
                if let Some(identity) = planned
                    .plan
                    .identity
                    .as_ref()
                    .filter(|identity| **identity != root.identity && identity.repository == root.identity.repository)
                {
                    self.reports.push(tree_report(
                        &codes::DESTRUCTIVE_CHANGE,
                        repository.clone(),
                        self.workspace.labels(root.place.as_ref(), String::new()),
                        format!("`{directory}` was {identity} and becomes {}: everything in it is replaced", root.identity),
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
    fn obstacle(&mut self, directory: &str, change: &Change, customer: Option<Arc<str>>, place: Option<&Place>) -> bool {
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
        let labels = self.workspace.labels(place, String::new());
        self.reports.push(tree_report(code, customer, labels, message, help));
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
                    customer.roots.iter().flatten().find(|root| root.key == key).and_then(|root| root.place.as_ref())
                });
                self.reports.push(tree_report(
                    &codes::STATE_KEY_CHANGED,
                    Some(Arc::from(identity.repository.as_str())),
                    self.workspace.labels(place, String::new()),
                    format!("the state key of {identity} would change from `{directory}/terraform.tfstate` to `{key}`"),
                    "nothing is moved by itself, and nothing of this repository was written: take the change of layout or `customer_id` back, or move the state first",
                ));
            }
            Fate::Missing => {
                let mut report = tree_report(
                    &codes::CUSTOMER_MISSING,
                    Some(Arc::from(identity.repository.as_str())),
                    Vec::new(),
                    format!("the repository `{}` is gone, and `{}` is still there", identity.repository, self.shown(directory, "")),
                    "bring the repository back; or write `offboarded: true` in its registry entry, so that its infrastructure can be destroyed; `--allow-missing` goes on without it",
                );
                if self.options.allow_missing {
                    report.severity = Severity::Warning;
                }
                self.reports.push(report);
            }
            Fate::Tombstone => {
                let names = listing.names(directory).cloned().unwrap_or_default();
                let disk = self.planner.output.files(directory, &names)?;
                let kept: Vec<(&'static str, String)> = ["backend.tf", "versions.tf", "providers.tf"]
                    .into_iter()
                    .filter_map(|name| {
                        disk.iter().find(|file| file.name == name).map(|file| (name, String::from_utf8_lossy(&file.bytes).into_owned()))
                    })
                    .collect();
                let plan = plan(kept, &disk);
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
            Vec::new(),
            format!("the deployment {identity} is gone from the documents, and its infrastructure is not"),
            &help,
        ));
    }

    /// Writes what differs, in parallel, or notes what would be written.
    fn write_customers(&mut self, customers: &[Customer], plans: &[CustomerPlan], failed: &[bool]) -> Result<(), Failure> {
        let each = customers.iter().zip(plans).zip(&self.targets.list).zip(failed);
        let wanted: Vec<_> = each.filter(|((pair, _), failed)| !**failed && pair.0.roots.is_some()).map(|(wanted, _)| wanted).collect();
        for ((_, plan), _) in &wanted {
            self.written.unchanged += plan.unchanged + plan.roots.iter().map(|root| root.plan.unchanged).sum::<usize>();
        }
        if self.options.check {
            for (pair, _) in &wanted {
                for (root, planned) in differing_roots(*pair) {
                    self.differ(root.key.directory(), &planned.plan);
                }
            }
            return Ok(());
        }
        let write = |((customer, plan), target): &((&Customer, &CustomerPlan), &Target)| -> Result<usize, Failure> {
            let again = plan.let_go.map(|fingerprint| self.planner.again(self.workspace, target, fingerprint)).transpose()?;
            let mut files = 0;
            for planned in again.as_ref().unwrap_or(&plan.roots) {
                let Some(root) = customer.roots.as_ref().and_then(|roots| roots.get(planned.index)) else { continue };
                files += write::root(self.planner.output, root.key.directory(), &root.identity, &planned.plan.changes, planned.is_new)?;
            }
            Ok(files)
        };
        let files: Vec<Result<usize, Failure>> = wanted.par_iter().map(write).collect();
        for files in files {
            self.written.files += files?;
        }
        Ok(())
    }

    /// Writes a root, or notes what would be written; how many files were written.
    fn apply(&mut self, directory: &str, identity: &RootIdentity, plan: &RootPlan, is_new: bool) -> Result<usize, Failure> {
        if plan.changes.is_empty() {
            return Ok(0);
        }
        if self.options.check {
            self.differ(directory, plan);
            return Ok(0);
        }
        write::root(self.planner.output, directory, identity, &plan.changes, is_new)
    }

    fn differ(&mut self, directory: &str, plan: &RootPlan) {
        for change in &plan.changes {
            let file = self.shown(directory, &change.name);
            self.differences.push(Difference { file, state: change.state, old: change.old.clone(), new: change.new.clone() });
        }
    }

    /// The built-in modules, owned whole, and the tree's `.gitignore`.
    fn modules_and_ignore(&mut self) -> Result<(), Failure> {
        let platform = &self.workspace.platform;
        let mut owned: Vec<(String, String)> = Vec::new();
        if platform.modules.source == ModuleSource::BuiltIn {
            owned.extend(BUILT_IN.iter().map(|file| (format!("{MODULES}/{}", file.path), file.text.to_owned())));
            for (directory, names) in self.planner.output.list(MODULES)?.directories {
                for name in names.iter().filter(|name| !owned.iter().any(|(path, _)| *path == format!("{directory}/{name}"))) {
                    let change = Change { name: name.to_owned(), state: FileState::Foreign, old: Some(String::new()), new: None };
                    self.obstacle(&directory, &change, None, None);
                }
            }
        }
        owned.push((".gitignore".to_owned(), GITIGNORE.to_owned()));
        for (path, text) in owned {
            let file = self.planner.output.root.join(&path);
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
        self.workspace.shown(&self.planner.output.root.join(directory).join(name))
    }
}

/// What the run knows, for the fate of orphans.
fn known(customers: &[Customer]) -> Known {
    let mut known = Known::default();
    for customer in customers {
        let names = if customer.roots.is_some() { &mut known.clean } else { &mut known.failed };
        names.insert(customer.repository.to_string());
        for root in customer.roots.iter().flatten() {
            known.keys.insert(root.identity.clone(), root.key.clone());
        }
    }
    known
}

/// The roots of a customer that differ from the tree, each with how.
fn differing_roots<'c>((customer, plan): (&'c Customer, &'c CustomerPlan)) -> impl Iterator<Item = (&'c Root, &'c Planned)> {
    let roots = customer.roots.as_deref().unwrap_or(&[]);
    plan.roots.iter().filter_map(move |planned| roots.get(planned.index).map(|root| (root, planned)))
}

fn fail(failed: &mut [bool], index: usize) {
    if let Some(failed) = failed.get_mut(index) {
        *failed = true;
    }
}
