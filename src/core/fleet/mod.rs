//! The rules across the customers of a run, judged by what stands on disk: who was there first keeps its place.
//!
//! Two customers in each other's way become two kinds of reports. Each customer's own holds its own values alone. The one that names both
//! is `between-customers`, which belongs to no customer and is for the operator. Pure: what is on disk, the caller reads.

mod across;
mod global_names;
mod grants;
mod ids;
mod keys;
mod names;
mod networks;
mod registrations;
mod repositories;
mod shard;

pub use across::{Coverage, RunContext, TreeView, across, add_report, deny_in, deny_warnings, forget_facts, report_across};
pub use grants::is_named_by;
pub use registrations::may_be_misspelt;
pub use shard::Shard;

use crate::check::FleetFacts;
use crate::compile::{CompiledCustomer, Root};
use crate::diagnostics::{Code, Report, ReportLabel, Severity, codes};
use crate::platform::Platform;
use crate::source::{Location, Place};
use crate::tree::{Orphan, Standing, current_name};
use smol_str::SmolStr;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// The customers of a run, and what may be asked about them.
pub struct Fleet<'f> {
    /// The customers, each with its facts.
    pub customers: &'f [CompiledCustomer],
    /// What the service provider decides.
    pub platform: &'f Platform,
    /// Gives a place its text back, which is not held for all customers.
    pub locate: &'f dyn Fn(&Place) -> Location,
    /// What stands in a directory of the tree. Where the tree is not looked at nothing stands, and nobody was there first.
    pub on_disk: &'f dyn Fn(&str) -> Option<Standing>,
    /// Roots on disk that no deployment of their repository has in this run.
    pub orphans: &'f [Orphan],
    /// Further roots on disk, of repositories that the run does not cover.
    pub others: &'f [Orphan],
    /// True for a customer of whom nothing is written in this run.
    pub has_errors: &'f dyn Fn(usize) -> bool,
    /// True for a customer some of whose roots may differ from what is on disk.
    pub may_differ: &'f dyn Fn(usize) -> bool,
    /// The names of all repositories of the workspace, where the run does not cover them all.
    pub repositories: &'f [String],
    /// True for a run that compares with a tree, and may write it.
    pub is_for_tree: bool,
    /// True when the run covers the whole workspace.
    pub is_whole: bool,
    /// True when the operator is who reads the output: a run over some customers may be read by one of them.
    pub names_both: bool,
}

/// What the rules found: reports, each with the customer whose it is.
pub type Findings = Vec<(Option<usize>, Report)>;

/// Judges who the customers are, which key is whose, and what they may name. Of a repository that takes another's place nothing more is judged.
pub fn judge_identity(fleet: &Fleet<'_>) -> Findings {
    let mut judge = Judge::new(fleet, BTreeSet::new());
    repositories::duplicates(&mut judge);
    repositories::earlier_names(&mut judge);
    let nameless = judge.failed();
    repositories::claims(&mut judge, &nameless);
    registrations::run(&mut judge);
    let unnamed = judge.failed();
    keys::run(&mut judge, &unnamed);
    grants::run(&mut judge, &unnamed);
    judge.found
}

/// Judges what customers may not have in common: networks, ids and names. Whoever has an error keeps what it has on disk, so that who is found to
/// have one may stand in the way of others.
pub fn judge_shared(fleet: &Fleet<'_>) -> Findings {
    let mut keeping: BTreeSet<usize> = BTreeSet::new();
    keeping.extend((0..fleet.customers.len()).filter(|index| (fleet.has_errors)(*index)));
    loop {
        let mut judge = Judge::new(fleet, keeping.clone());
        networks::run(&mut judge);
        ids::run(&mut judge);
        names::run(&mut judge);
        global_names::run(&mut judge);
        let before = keeping.len();
        keeping.extend(judge.failed());
        if keeping.len() == before {
            return judge.found;
        }
    }
}

/// The report for the operator: what stands between two customers, with both names.
pub fn between_customers(code: &Code, message: &str) -> Report {
    Report::new(&codes::BETWEEN_CUSTOMERS, format!("{}: {message}", code.name))
        .help("this is for the service provider: no report of a customer names another")
}

/// The rules at work.
struct Judge<'f> {
    fleet: &'f Fleet<'f>,
    /// The customers that keep what they have on disk.
    keeping: BTreeSet<usize>,
    found: Findings,
    /// What stands in accounts that its customer does not have any more, read once.
    left_behind: OnceCell<Rc<[Standing]>>,
    /// What was said between customers already.
    between: BTreeSet<String>,
    /// What stands of a customer, read once.
    standing: RefCell<BTreeMap<usize, Rc<[Standing]>>>,
    /// What stands of those of whom nothing is written, read once.
    kept: OnceCell<Rc<[Standing]>>,
    /// The directories of orphans, by the name that their repository has now.
    orphans: BTreeMap<SmolStr, Vec<&'f str>>,
}

/// What is reported to one customer: its own values alone.
struct FindingWords<'w> {
    code: &'static Code,
    severity: Severity,
    message: String,
    help: String,
    /// Its own places, with what is said there.
    labels: Vec<(Option<&'w Place>, String)>,
}

impl<'f> Judge<'f> {
    fn new(fleet: &'f Fleet<'f>, keeping: BTreeSet<usize>) -> Self {
        let mut orphans: BTreeMap<SmolStr, Vec<&str>> = BTreeMap::new();
        for orphan in fleet.orphans {
            orphans.entry(current_name(&orphan.identity.repository, fleet.platform)).or_default().push(&orphan.directory);
        }
        let (found, between, standing) = (Vec::new(), BTreeSet::new(), RefCell::default());
        Judge { fleet, keeping, found, between, standing, kept: OnceCell::new(), left_behind: OnceCell::new(), orphans }
    }

    fn customer(&self, index: usize) -> Option<&'f CompiledCustomer> {
        self.fleet.customers.get(index)
    }

    /// Every customer that left facts, with its number.
    fn members(&self) -> impl Iterator<Item = (usize, &'f CompiledCustomer, &'f FleetFacts)> + use<'f> {
        let customers = self.fleet.customers.iter().enumerate();
        customers.filter_map(|(index, customer)| Some((index, customer, customer.fleet.as_deref()?)))
    }

    /// What a customer has on disk, under any of its keys: what is to be moved, or to become a tombstone, is its own until then.
    fn standing(&self, index: usize) -> Rc<[Standing]> {
        if let Some(known) = self.standing.borrow().get(&index) {
            return Rc::clone(known);
        }
        let Some(customer) = self.customer(index) else { return Rc::default() };
        // Where a root is to be, another one of the repository may stand.
        let is_own = |standing: &Standing| *standing.identity.repository == *customer.repository;
        let own = |root: &Root| (self.fleet.on_disk)(root.key.directory()).filter(is_own);
        let in_place = customer.roots.iter().flatten().chain(&customer.unproven).filter_map(own);
        let orphans = self.orphans.get(&*customer.repository).into_iter().flatten();
        let found: Rc<[Standing]> = in_place.chain(orphans.filter_map(|directory| (self.fleet.on_disk)(directory))).collect();
        self.standing.borrow_mut().insert(index, Rc::clone(&found));
        found
    }

    /// True for a repository with roots on disk that are none of this run's.
    fn has_orphans(&self, repository: &str) -> bool {
        let platform = self.fleet.platform;
        let mut others = self.fleet.others.iter();
        self.orphans.contains_key(repository) || others.any(|root| current_name(&root.identity.repository, platform) == repository)
    }

    /// False where nothing is on disk but what this run writes.
    fn keeps_anything(&self) -> bool {
        let Fleet { others, .. } = self.fleet;
        !self.orphans.is_empty() || !others.is_empty() || self.keeping.iter().any(|index| !self.standing(*index).is_empty())
    }

    /// Roots on disk of repositories of whom this run writes nothing: it does not cover them, they are gone, or they have errors.
    fn kept(&self) -> Rc<[Standing]> {
        let read = || {
            let others = self.fleet.others.iter().filter_map(|root| (self.fleet.on_disk)(&root.directory));
            let own = self.keeping.iter().flat_map(|index| self.standing(*index).to_vec());
            others.chain(self.orphans_of(|index| index.is_none())).chain(own).collect()
        };
        Rc::clone(self.kept.get_or_init(read))
    }

    /// Roots on disk that are left of repositories of whom this run writes other roots.
    fn left(&self) -> impl Iterator<Item = Standing> {
        self.orphans_of(|index| index.is_some_and(|index| !self.keeping.contains(&index)))
    }

    /// Roots on disk of customers of the run that are held to another account than their customer has by now.
    fn left_behind(&self) -> Rc<[Standing]> {
        let read = || {
            let is_elsewhere = |root: &Standing, facts: Option<&FleetFacts>| {
                let now = facts.and_then(|facts| facts.account_of(&root.identity.environment));
                root.account.is_some() && root.account.as_ref() != now
            };
            let of_member = |(index, _, facts): (usize, &CompiledCustomer, &'f FleetFacts)| {
                let differs = (self.fleet.may_differ)(index) && !self.keeping.contains(&index);
                let roots = if differs { self.standing(index).to_vec() } else { Vec::new() };
                roots.into_iter().filter(move |root| is_elsewhere(root, Some(facts)))
            };
            // Nor does what is gone from the documents move along, whatever its customer's other roots do.
            let named = self.members().filter(|(_, customer, _)| !is_nameless(customer));
            let mut facts: BTreeMap<&str, &FleetFacts> = BTreeMap::new();
            facts.extend(named.map(|(.., facts)| (&*facts.repository, facts)));
            let gone = self.left().filter(|root| is_elsewhere(root, facts.get(&*root.identity.repository).copied()));
            self.members().flat_map(of_member).chain(gone).collect()
        };
        Rc::clone(self.left_behind.get_or_init(read))
    }

    /// The orphans of repositories by their number in the run.
    fn orphans_of(&self, is_wanted: impl Fn(Option<usize>) -> bool) -> impl Iterator<Item = Standing> {
        let mut of_run: BTreeMap<&str, usize> = BTreeMap::new();
        of_run.extend(self.members().map(|(index, customer, _)| (&*customer.repository, index)));
        let orphans = self.orphans.iter().filter(move |(repository, _)| is_wanted(of_run.get(repository.as_str()).copied()));
        orphans.flat_map(|(_, directories)| directories).filter_map(|directory| (self.fleet.on_disk)(directory))
    }

    /// The account of a root on disk: the one that it is held to, else the one that its repository is registered with.
    fn account_of(&self, root: &Standing) -> Option<SmolStr> {
        let registered =
            || Some(self.fleet.platform.registry.get(&root.identity.repository)?.account_of(&root.identity.environment)?.value.clone());
        root.account.clone().or_else(registered)
    }

    /// The customers that have an error by now.
    fn failed(&self) -> BTreeSet<usize> {
        let errors = self.found.iter().filter(|(_, report)| report.severity == Severity::Error);
        let mut failed = BTreeSet::new();
        failed.extend(errors.filter_map(|(index, _)| *index));
        failed
    }

    fn report(&mut self, index: usize, words: FindingWords<'_>) {
        let FindingWords { code, severity, message, help, labels } = words;
        let repository = self.customer(index).map(|customer| Arc::clone(&customer.repository));
        let platform = self.fleet.platform;
        if repository.as_deref().map_or(&platform.rules, |repository| platform.rules_of(repository)).severity(code).is_none() {
            return;
        }
        let mut report = Report::new(code, message).with_severity(severity).of(repository).help(help);
        let locate = self.fleet.locate;
        let labels = labels.into_iter().filter_map(|(place, text)| Some(ReportLabel { location: locate(place?), text: text.into() }));
        report.labels = labels.collect();
        report.shorten();
        self.found.push((Some(index), report));
    }

    /// Says for the operator what stands between two customers, once.
    fn between(&mut self, code: &Code, message: String) {
        if self.fleet.names_both && !self.between.contains(&message) {
            self.found.push((None, between_customers(code, &message)));
            self.between.insert(message);
        }
    }

    /// A customer and a place of it, for the operator.
    fn named(&self, repository: &str, place: Option<&Place>) -> String {
        match place {
            Some(place) => {
                let location = (self.fleet.locate)(place);
                format!("`{repository}` (`{}:{}`)", location.file.path, location.start_position().line)
            }
            None => format!("`{repository}`"),
        }
    }
}

/// The severity for one of those who have what only one may have: who is new is wrong, and who shares it with another is warned.
fn severity(code: &Code, stands: bool) -> Severity {
    if stands { Severity::Warning } else { code.severity }
}

/// True for a repository that is not known to be the one of its name: its documents say nothing of what that one has.
fn is_nameless(customer: &CompiledCustomer) -> bool {
    has_error(customer, &codes::DUPLICATE_REPOSITORY)
}

/// True for a customer that has an error of a code.
fn has_error(customer: &CompiledCustomer, code: &'static Code) -> bool {
    customer.reports.iter().any(|report| report.severity == Severity::Error && std::ptr::eq(report.code, code))
}
