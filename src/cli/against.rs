//! A compile against the tree on disk: what differs, what may be written, and writing it.

use super::args::CompileOptions;
use super::ownership::owners_below;
use super::plan::{CustomerPlan, Holder, Planned, Planner};
use rayon::prelude::*;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use terralet_core::compile::{Customer, Root};
use terralet_core::diagnostics::{Report, Severity, codes};
use terralet_core::emit::{Header, MODULES};
use terralet_core::failure::Failure;
use terralet_core::fleet::{Fleet, Found, judge_identity, judge_shared};
use terralet_core::source::{self, Location};
use terralet_core::terraform::RootIdentity;
use terralet_core::tree::Difference;
use terralet_core::tree::{Change, FileState, Known, Orphan, RootPlan, current_name};
use terralet_host::fleet::{Targets, View, deny_warnings, forget_facts, report_across, tree_report};
use terralet_host::listing::{Directory, Listing};
use terralet_host::output::Output;
use terralet_host::workspace::Workspace;
use terralet_host::write::{self, Writer};
use terralet_report::Written;

/// What a repository that holds the tree should not hold: providers, local state, the lock and temporary files of a run.
const GITIGNORE: &str = ".terraform/\n.terralet/\n.terralet-*\n";

/// Where git would check the tree out with CRLF, it does not.
const GITATTRIBUTES: &str = "* text eol=lf\n";

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
    pub(super) targets: &'a Targets,
    pub(super) planner: &'a Planner<'a>,
    pub(super) output: &'a Output,
    pub(super) options: &'a CompileOptions,
    pub(super) reports: Vec<Report>,
    pub(super) differences: Vec<Difference>,
    pub(super) written: Written,
    writer: Writer,
}

impl<'a> Against<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        targets: &'a Targets,
        planner: &'a Planner<'a>,
        options: &'a CompileOptions,
        reports: Vec<Report>,
    ) -> Self {
        let (differences, writer) = (Vec::new(), Writer::default());
        let written = Written { output: shown(workspace, planner.output, ""), ..Written::default() };
        Against { workspace, targets, planner, output: planner.output, options, reports, differences, written, writer }
    }

    pub(super) fn run(&mut self, customers: &mut [Customer], plans: Vec<CustomerPlan>) -> Result<(), Failure> {
        let (of_part, others) = match self.planner.listing {
            Some(_) => (None, Vec::new()),
            None => self.listing(customers, &plans).map(|(listing, others)| (Some(listing), others))?,
        };
        let nothing = Listing::default();
        let listing = self.planner.listing.or(of_part.as_ref()).unwrap_or(&nothing);
        if let Some(listing) = of_part.as_ref().filter(|_| !self.options.check) {
            write::sweep(&listing.leftovers)?;
        }
        self.deny(customers);
        let (orphans, nobodys) = self.orphans(customers, &plans, listing)?;
        let owners = self.owners(customers, &plans, &orphans);
        self.of_nobody(&nobodys, listing, customers, &owners)?;
        let mut failed: Vec<bool> = customers.iter().map(|customer| customer.roots.is_none()).collect();
        self.across(customers, &plans, (&orphans, &others), &failed, judge_identity);
        let mut known = known(customers, &plans, &orphans);
        self.ownership(customers, &plans, &owners, &mut failed);
        self.differing(customers, &plans, (&known, &owners), &mut failed)?;
        let tombstones = self.fates(&orphans, &mut known, customers, listing, &mut failed)?;
        self.across(customers, &plans, (&orphans, &others), &failed, judge_shared);
        forget_facts(customers);
        self.deny(customers);
        for (failed, customer) in failed.iter_mut().zip(&*customers) {
            *failed |= customer.roots.is_none();
        }
        self.write(customers, plans, &failed)?;
        for Tombstone { directory, identity, plan, customer } in tombstones {
            if !customer.is_some_and(|index| has_failed(&failed, index)) {
                self.apply(&directory, &identity, &plan)?;
            }
        }
        self.for_git()?;
        let modules = self.modules(customers, &failed)?;
        self.written.files = modules.around(std::mem::take(&mut self.writer), self.output)?.commit()?;
        modules.remove_empty(self.output);
        for (customer, failed) in customers.iter_mut().zip(failed) {
            if failed {
                customer.roots = None;
            }
        }
        Ok(())
    }

    /// Takes the warnings of customers for errors where that was asked for: of whom nothing is written is known before anything is judged by
    /// it.
    fn deny(&self, customers: &mut [Customer]) {
        if self.options.deny_warnings {
            deny_warnings(customers);
        }
    }

    /// Runs rules across customers, beside the tree.
    fn across(
        &mut self,
        customers: &mut [Customer],
        plans: &[CustomerPlan],
        (orphans, others): (&[Orphan], &[Orphan]),
        failed: &[bool],
        judge: fn(&Fleet<'_>) -> Found,
    ) {
        let without_roots: BTreeSet<usize> =
            customers.iter().enumerate().filter_map(|(index, customer)| customer.roots.is_none().then_some(index)).collect();
        let view = View {
            tree: Some(self.output),
            orphans,
            others,
            has_errors: &|index| has_failed(failed, index) || without_roots.contains(&index),
            may_differ: &|index| plans.get(index).is_some_and(|plan| plan.is_new || !plan.roots.is_empty()),
        };
        self.reports.extend(report_across(self.workspace, self.targets, customers, &view, judge));
    }

    /// Roots on disk that no deployment of their own repository has in this run, and directories that are nobody's. That another repository
    /// wants the directory changes nothing: whose it is, the tree says.
    fn orphans<'l>(
        &self,
        customers: &'l [Customer],
        plans: &[CustomerPlan],
        listing: &'l Listing,
    ) -> Result<(Vec<Orphan>, Vec<&'l Directory>), Failure> {
        let roots = customers.iter().filter_map(|customer| customer.roots.as_ref()).flatten();
        let left: Vec<&Directory> = listing.without(roots.map(|root| root.key.directory())).collect();
        let output = self.output;
        let headers: Vec<Option<Header>> =
            left.par_iter().map(|(directory, names)| output.header(directory, names)).collect::<Result<_, Failure>>()?;
        let (mut orphans, mut nobodys) = (Vec::new(), Vec::new());
        for (found, header) in left.into_iter().zip(headers) {
            match header {
                Some(header) => orphans.push(Orphan { directory: found.0.to_string(), identity: header.identity }),
                None => nobodys.push(found),
            }
        }
        orphans.extend(self.wanted_by_others(customers, plans));
        orphans.sort_by(|one, other| one.directory.cmp(&other.directory));
        Ok((orphans, nobodys))
    }

    /// Shows what is nobody's, directories and links.
    fn of_nobody(
        &mut self,
        nobodys: &[&Directory],
        listing: &Listing,
        customers: &[Customer],
        owners: &[(String, SmolStr)],
    ) -> Result<(), Failure> {
        for (directory, names) in nobodys.iter().filter(|(directory, _)| self.shows(directory, customers, owners)).collect::<Vec<_>>() {
            for file in self.output.files(directory, names)? {
                let old = Some(String::from_utf8_lossy(&file.bytes).into_owned());
                self.obstacle(directory, &Change { name: file.name, state: FileState::Foreign, old, new: None }, None, None);
            }
        }
        let links: Vec<&String> = listing.links.iter().filter(|link| self.shows(link, customers, owners)).collect();
        links.into_iter().for_each(|link| self.link(link));
        Ok(())
    }

    /// True where a run shows what is nobody's. Each shard shows its part; a run over a few customers, whom others may be beside, what is
    /// below the prefixes of their roots and of nobody's.
    fn shows(&self, directory: &str, customers: &[Customer], owners: &[(String, SmolStr)]) -> bool {
        let prefix = directory.split('/').next().unwrap_or("");
        if self.targets.whole || self.targets.shard.is_some() {
            return self.targets.whole || self.targets.covers(prefix);
        }
        let mut below = owners_below(prefix, owners).peekable();
        below.peek().is_none() || below.any(|owner| customers.iter().any(|customer| *customer.repository == **owner))
    }

    /// A link in the place of a directory: what a root says that may have stood there, nobody knows.
    fn link(&mut self, link: &str) {
        let file = self.shown(link, "");
        let file = file.trim_end_matches('/');
        if self.options.check {
            self.differences.push(Difference { file: file.to_owned(), state: FileState::Foreign, old: None, new: None });
            return;
        }
        let message = format!("`{file}` is a link, and what is generated is never read or written through links");
        let help = "remove it, and bring back the directory that stood there: a root in it would be forgotten";
        self.tell(tree_report(&codes::FOREIGN_FILE, None, None, message, help));
    }

    /// Directories that another repository wants than the one whose root they hold, and that this one does not have in the run itself.
    fn wanted_by_others(&self, customers: &[Customer], plans: &[CustomerPlan]) -> Vec<Orphan> {
        let platform = &self.workspace.platform;
        let holders = || customers.iter().zip(plans).flat_map(|(customer, plan)| plan.holders(customer, platform));
        let another = holders().filter_map(|(root, holder)| match holder {
            Holder::Another(owner) => Some((root.key.directory(), owner)),
            Holder::Nobody | Holder::Root | Holder::Repository => None,
        });
        let wanted: BTreeMap<&str, &RootIdentity> = another.collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let is_held = |(root, holder): &(&Root, Holder<'_>)| {
            matches!(holder, Holder::Root | Holder::Repository) && wanted.contains_key(root.key.directory())
        };
        let held: BTreeSet<&str> = holders().filter(is_held).map(|(root, _)| root.key.directory()).collect();
        let left = wanted.into_iter().filter(|(directory, _)| !held.contains(directory));
        left.map(|(directory, owner)| Orphan { directory: directory.to_owned(), identity: owner.clone() }).collect()
    }

    /// Tells a file that stands in the way; true when it keeps the root from being written. Under `--check` it is a difference.
    pub(super) fn obstacle(&mut self, directory: &str, change: &Change, customer: Option<Arc<str>>, place: Option<&source::Place>) -> bool {
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
            (FileState::Interrupted, _) => (
                &codes::HAND_EDITED_FILE,
                format!("`{file}` is cut short, and its deployment is gone, so that nothing can write it again"),
                "bring the file back from an earlier version of the tree: it says where the state is, and with what it is destroyed",
            ),
            (FileState::HandEdited, None) if directory.starts_with(MODULES) => (
                &codes::HAND_EDITED_FILE,
                format!("`{file}` was edited by hand, and is not wanted any more"),
                "keep the edit elsewhere, and remove the file or let `--overwrite` remove it",
            ),
            (FileState::HandEdited, None) => (
                &codes::HAND_EDITED_FILE,
                format!("`{file}` was edited by hand, and its deployment is gone"),
                "take the edit back: what destroys the infrastructure is what built it",
            ),
            (FileState::Stray, _) => (
                &codes::FOREIGN_FILE,
                format!("`{file}` is of another deployment than the rest of its directory"),
                "it was put there from elsewhere: move it away, and bring the file that belongs there back from an earlier version of the tree",
            ),
            _ => (
                &codes::FOREIGN_FILE,
                format!("`{file}` is not terralet's, and Terraform would read it"),
                "move the file away: what is below the output directory is generated",
            ),
        };
        self.tell(tree_report(code, customer, self.located(place).as_ref(), message, help));
        true
    }

    /// Tells what the tree shows; true when it keeps the customer from being written.
    pub(super) fn tell(&mut self, mut report: Report) -> bool {
        // Errors that `--allow-missing` has made warnings keep what it made of them.
        if report.code.raisable || !report.code.fixed {
            let platform = &self.workspace.platform;
            let repository = report.customer.as_deref().map(|repository| current_name(repository, platform));
            match repository.map_or(&platform.rules, |repository| platform.rules_of(&repository)).severity(report.code) {
                Some(severity) => report.severity = severity,
                None => return false,
            }
        }
        if self.options.deny_warnings && report.severity == Severity::Warning {
            report.severity = Severity::Error;
        }
        let is_error = report.severity == Severity::Error;
        report.shorten();
        self.reports.push(report);
        is_error
    }

    /// A place with its text.
    pub(super) fn located(&self, place: Option<&source::Place>) -> Option<Location> {
        place.map(|place| self.workspace.locate(place))
    }

    /// Prepares the roots of all customers for writing, in parallel, or notes what would be written.
    fn write(&mut self, customers: &[Customer], mut plans: Vec<CustomerPlan>, failed: &[bool]) -> Result<(), Failure> {
        for (index, (customer, plan)) in customers.iter().zip(&mut plans).enumerate() {
            if has_failed(failed, index) || customer.roots.is_none() {
                // What was prepared of it goes too.
                *plan = CustomerPlan::default();
                continue;
            }
            self.written.unchanged += plan.unchanged;
            if plan.is_new {
                for root in customer.roots.iter().flatten() {
                    let directory = root.key.directory();
                    self.written.root(|| format!("new: `{}`", shown(self.workspace, self.output, directory)));
                }
            }
            for (root, planned) in differing_roots(customer, plan) {
                self.written.unchanged += planned.plan.unchanged;
                let directory = root.key.directory();
                if self.options.check {
                    self.differ(directory, &planned.plan);
                } else {
                    let became = if planned.is_new { "new" } else { "changed" };
                    let names: Vec<&str> = planned.plan.changes.iter().map(|change| change.name.as_str()).collect();
                    let names = if planned.is_new || names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
                    self.written.root(|| format!("{became}: `{}`{names}", shown(self.workspace, self.output, directory)));
                }
            }
        }
        if self.options.check {
            return Ok(());
        }
        let one = |(customer, plan): (&Customer, &CustomerPlan)| -> Result<Writer, Failure> {
            let mut writer = Writer::default();
            for (root, planned) in differing_roots(customer, plan) {
                self.planner.prepare_root(&mut writer, &root.key, &root.identity, &planned.plan.changes, planned.is_new)?;
            }
            Ok(writer)
        };
        let held = customers.par_iter().zip(&plans).filter(|(_, plan)| plan.prepared.is_none() && !plan.roots.is_empty());
        let mut prepared = held.map(one).collect::<Vec<Result<Writer, Failure>>>().into_iter();
        self.writer.reserve(plans.iter().filter_map(|plan| plan.prepared.as_deref()));
        // In the order of the customers, whether their texts were held or not.
        for plan in plans.into_iter().filter(|plan| plan.prepared.is_some() || !plan.roots.is_empty()) {
            match plan.prepared {
                Some(writer) => self.writer.join(*writer),
                None => self.writer.join(prepared.next().unwrap_or_else(|| Ok(Writer::default()))?),
            }
        }
        Ok(())
    }

    /// Prepares a root that no customer has for writing, or notes what would be written.
    fn apply(&mut self, directory: &str, identity: &RootIdentity, plan: &RootPlan) -> Result<(), Failure> {
        self.written.unchanged += plan.unchanged;
        if self.options.check {
            self.differ(directory, plan);
            return Ok(());
        }
        if !plan.changes.is_empty() {
            let became = if plan.is_tombstone { "tombstone" } else { "changed" };
            self.written.root(|| format!("{became}: `{}`", shown(self.workspace, self.output, directory)));
        }
        self.writer.root(&self.output.root.join(directory), identity, &plan.changes, None)
    }

    pub(super) fn differ(&mut self, directory: &str, plan: &RootPlan) {
        for change in &plan.changes {
            let file = self.shown(directory, &change.name);
            self.differences.push(Difference { file, state: change.state, old: change.old.clone(), new: change.new.clone() });
        }
    }

    /// The files for git at the top of the tree, which are owned.
    fn for_git(&mut self) -> Result<(), Failure> {
        for (name, text) in [(".gitattributes", GITATTRIBUTES), (".gitignore", GITIGNORE)] {
            let old = self.output.text(name).map(|old| old.replace("\r\n", "\n"));
            if old.as_deref() == Some(text) {
                self.written.unchanged += 1;
            } else if self.options.check {
                let state = if old.is_some() { FileState::Stale } else { FileState::Missing };
                self.differences.push(Difference { file: self.shown("", name), state, old, new: Some(text.to_owned()) });
            } else {
                self.writer.file(&self.output.root.join(name), text)?;
            }
        }
        Ok(())
    }

    /// A file or directory of the tree, as it is told.
    pub(super) fn shown(&self, directory: &str, name: &str) -> String {
        self.workspace.shown(&self.output.root.join(directory).join(name))
    }
}

/// A directory of the tree, as it is printed.
fn shown(workspace: &Workspace, output: &Output, directory: &str) -> String {
    workspace.shown(&output.root.join(directory))
}

/// The roots of a customer that differ from the tree, each with how.
pub(super) fn differing_roots<'c>(customer: &'c Customer, plan: &'c CustomerPlan) -> impl Iterator<Item = (&'c Root, &'c Planned)> {
    let roots = customer.roots.as_deref().unwrap_or(&[]);
    plan.roots.iter().filter_map(move |planned| roots.get(planned.index).map(|root| (root, planned)))
}

/// What the run knows, for the fate of orphans and of roots whose directory was another's; nothing where there are none.
fn known(customers: &[Customer], plans: &[CustomerPlan], orphans: &[Orphan]) -> Known {
    let mut known = Known::default();
    let is_another =
        |(root, planned): (&Root, &Planned)| planned.plan.identity.as_ref().is_some_and(|identity| **identity != root.identity);
    let mut pairs = customers.iter().zip(plans);
    if orphans.is_empty() && !pairs.any(|(customer, plan)| differing_roots(customer, plan).any(is_another)) {
        return known;
    }
    for customer in customers {
        let names = if customer.roots.is_some() { &mut known.clean } else { &mut known.failed };
        names.insert(SmolStr::new(&customer.repository));
        for root in customer.roots.iter().flatten() {
            known.keys.insert(root.identity.clone(), root.key.clone());
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
