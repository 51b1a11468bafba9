//! Runs the rules across customers, and gives each customer its reports.

use super::{Findings, Fleet, Shard, judge_identity, judge_shared};
use crate::compile::CompiledCustomer;
use crate::diagnostics::{Report, Severity};
use crate::emit::Header;
use crate::failure::Failure;
use crate::platform::Platform;
use crate::source::{Location, Place};
use crate::terraform::RootIdentity;
use crate::tree::{Directory, Listing, Orphan, Standing, Tree, current_identity};
use std::collections::BTreeMap;

/// Which repositories of a workspace a run covers.
#[derive(Debug, Clone, Copy)]
pub struct Coverage {
    /// True when they are all that the workspace has.
    pub whole: bool,
    /// Which part of the workspace they are.
    pub shard: Option<Shard>,
}

impl Coverage {
    /// True when the run covers what a repository of this name has on disk, even where the repository is gone.
    pub fn covers(&self, repository: &str) -> bool {
        self.whole || self.shard.is_some_and(|shard| shard.has(repository))
    }

    /// True when the operator is who reads the output: a run over some customers may be read by one of them.
    pub fn is_for_operator(&self) -> bool {
        self.whole || self.shard.is_some()
    }
}

/// What is known in addition to the customers of a run.
pub trait RunContext {
    /// What the service provider decides.
    fn platform(&self) -> &Platform;

    /// Which repositories the run covers.
    fn coverage(&self) -> Coverage;

    /// A place with its text, which is not held for all customers.
    fn locate(&self, place: &Place) -> Location;

    /// The names of all repositories of the workspace, where the run does not cover them all.
    fn repositories(&self) -> &[String];
}

/// What rules across customers see of the tree.
pub struct TreeView<'v> {
    /// The tree; nothing where it is not looked at, so that nobody was there first.
    pub tree: Option<&'v dyn Tree>,
    /// What the tree holds, where all of it was listed: nothing stands in a directory that is not there.
    pub listing: Option<&'v Listing>,
    /// Roots in it that no deployment of their repository has in this run.
    pub orphans: &'v [Orphan],
    /// Further roots in it, of repositories that the run does not cover.
    pub others: &'v [Orphan],
    /// True for a customer of whom nothing is written.
    pub has_errors: &'v dyn Fn(usize) -> bool,
    /// True for a customer some of whose roots may differ from what is there.
    pub may_differ: &'v dyn Fn(usize) -> bool,
}

impl TreeView<'_> {
    /// What stands in a directory; nothing where no root of terralet's does.
    fn standing(&self, directory: &str, platform: &Platform) -> Option<Standing> {
        let may_be_there = self.listing.is_none_or(|listing| listing.names(directory).is_some());
        self.tree.filter(|_| may_be_there)?.standing(directory, platform)
    }
}

/// Judges what crosses the customers of a run that writes nothing, against the tree where there is one. Gives the reports that are not
/// a customer's.
pub fn across(
    run: &dyn RunContext,
    customers: &mut [CompiledCustomer],
    tree: Option<(&dyn Tree, &Listing)>,
) -> Result<Vec<Report>, Failure> {
    let listing = tree.map(|(_, listing)| listing);
    let orphans = tree.map_or_else(|| Ok(Vec::new()), |(tree, listing)| orphans(run.platform(), tree, listing, customers))?;
    let mut reports = Vec::new();
    for judge in [judge_identity, judge_shared] {
        let errors: Vec<bool> = customers.iter().map(|customer| customer.roots.is_none()).collect();
        let has_errors = |index: usize| errors.get(index).copied().unwrap_or(true);
        let tree = tree.map(|(tree, _)| tree);
        let view = TreeView { tree, listing, orphans: &orphans, others: &[], has_errors: &has_errors, may_differ: &|_| true };
        reports.extend(report_across(run, customers, &view, judge));
    }
    forget_facts(customers);
    Ok(reports)
}

/// The roots of a tree that are not those of the deployments whose directories they are in.
fn orphans(platform: &Platform, tree: &dyn Tree, listing: &Listing, customers: &[CompiledCustomer]) -> Result<Vec<Orphan>, Failure> {
    let roots = customers.iter().filter_map(|customer| customer.roots.as_ref()).flatten();
    let mut deployed: BTreeMap<&str, &RootIdentity> = BTreeMap::new();
    deployed.extend(roots.map(|root| (root.key.directory(), &root.identity)));
    let mut orphans = Vec::new();
    let directories: Vec<&Directory> = listing.directories.iter().collect();
    for ((directory, _), header) in directories.iter().zip(tree.headers(&directories)?) {
        let Some(Header { identity, .. }) = header else { continue };
        if deployed.get(&**directory).is_none_or(|deployed| **deployed != current_identity(&identity, platform)) {
            orphans.push(Orphan { directory: directory.to_string(), identity });
        }
    }
    Ok(orphans)
}

/// Runs rules across customers. Gives the reports that are not a customer's.
pub fn report_across(
    run: &dyn RunContext,
    customers: &mut [CompiledCustomer],
    view: &TreeView<'_>,
    judge: fn(&Fleet<'_>) -> Findings,
) -> Vec<Report> {
    let found = judge(&Fleet {
        customers,
        platform: run.platform(),
        locate: &|place| run.locate(place),
        on_disk: &|directory| view.standing(directory, run.platform()),
        orphans: view.orphans,
        others: view.others,
        has_errors: view.has_errors,
        may_differ: view.may_differ,
        repositories: run.repositories(),
        is_for_tree: view.tree.is_some(),
        is_whole: run.coverage().whole,
        names_both: run.coverage().is_for_operator(),
    });
    let mut reports = Vec::new();
    for (customer, report) in found {
        match customer.and_then(|index| customers.get_mut(index)) {
            Some(customer) => add_report(customer, report),
            None => reports.push(report),
        }
    }
    reports
}

/// Lets go of what only rules across customers need.
pub fn forget_facts(customers: &mut [CompiledCustomer]) {
    for customer in customers {
        customer.fleet = None;
    }
}

/// Adds a report of a rule across customers; with an error nothing of the customer is written.
pub fn add_report(customer: &mut CompiledCustomer, mut report: Report) {
    report.shorten();
    if report.severity == Severity::Error {
        give_up(customer);
    }
    customer.reports.push(report);
}

/// Nothing is written of a customer with errors.
fn give_up(customer: &mut CompiledCustomer) {
    customer.unproven.extend(customer.roots.take().unwrap_or_default());
}

/// Takes warnings for errors.
pub fn deny_warnings(customers: &mut [CompiledCustomer]) {
    for customer in customers {
        if deny_in(&mut customer.reports) {
            give_up(customer);
        }
    }
}

/// Takes the warnings of a list for errors; true when there were any.
pub fn deny_in(reports: &mut [Report]) -> bool {
    let mut denied = false;
    for report in reports {
        denied |= report.deny();
    }
    denied
}
