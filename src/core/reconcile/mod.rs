//! A compiled fleet compared with the tree on disk: whose what is, what becomes of roots whose deployment is gone, and what stands in the way. Gives
//! the changes; the host carries them out.

mod differ;
mod harms;
mod live;
mod modules;
mod moves;
mod obstacles;
mod orphans;
mod ownership;
mod part;
mod pruning;
mod written;

pub use differ::{CustomerDiff, Differ, DifferingRoot, differing_roots, located_harms};
pub use harms::{HarmWords, harm_words};
pub use ownership::folded;
pub use pruning::{Prunable, Pruning};
pub use written::Written;

use crate::compile::{CompiledCustomer, Root};
use crate::diagnostics::Report;
use crate::failure::Failure;
use crate::fleet::{Findings, Fleet, RunContext, TreeView, deny_warnings, forget_facts, judge_identity, judge_shared, report_across};
use crate::platform::Platform;
use crate::terraform::RootIdentity;
use crate::tree::{Difference, FileState, Listing, Orphan, RootDiff, RunIndex, Tree};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What a repository that holds the tree should not hold: providers, local state, the lock and temporary files of a run.
const GITIGNORE: &str = ".terraform/\n.terralet/\n.terralet-*\n";

/// Where git would check the tree out with CRLF, it does not.
const GITATTRIBUTES: &str = "* text eol=lf\n";

/// The file that says where a root's state is.
const BACKEND_FILE: &str = "backend.tf";

/// What a run is asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Nothing is to be written: what differs is listed.
    pub check: bool,
    /// Files that were edited by hand are written over.
    pub overwrite: bool,
    /// Repositories that are gone are a warning.
    pub allow_missing: bool,
    /// Warnings are errors.
    pub deny_warnings: bool,
    /// The option with which other commands find this tree, with a space before it; empty for the platform's own.
    pub tree_option: String,
    /// True when the service provider's own modules are below the output.
    pub modules_are_below_output: bool,
}

/// A root that becomes a tombstone, or already is one.
#[derive(Debug)]
pub struct Tombstone {
    /// Its directory below the output.
    pub directory: String,
    /// Whose it is, by its first line.
    pub identity: RootIdentity,
    /// What changes.
    pub diff: RootDiff,
    /// The customer that it was of, when the run has it.
    customer: Option<usize>,
}

/// What changes in addition to the roots of customers.
#[derive(Debug, Default)]
pub struct TreeChanges {
    /// Roots whose deployment is gone.
    pub tombstones: Vec<Tombstone>,
    /// Files at the top of the tree, each with its text.
    pub top: Vec<(&'static str, &'static str)>,
    /// Directories of the built-in modules.
    pub modules: Vec<(String, RootDiff)>,
    /// Temporary files and directories of a run that was killed.
    pub leftovers: Vec<PathBuf>,
    /// How many files are as they should be.
    pub unchanged: usize,
}

/// Whose roots are below each prefix, as prefixes are compared; sorted.
type Owners = [(String, SmolStr)];

/// Brings a run and the tree together.
pub struct Reconciler<'r> {
    /// Diagnostics that are not a customer's, or of the tree.
    pub reports: Vec<Report>,
    /// Files that are not as they would be written; only with [`Options::check`].
    pub differences: Vec<Difference>,
    /// What changes.
    pub changes: TreeChanges,
    run: &'r dyn RunContext,
    platform: &'r Platform,
    tree: &'r dyn Tree,
    listing: Option<&'r Listing>,
    options: &'r Options,
}

impl<'r> Reconciler<'r> {
    /// Starts with what the run has reported of the platform.
    pub fn new(run: &'r dyn RunContext, differ: &Differ<'r>, options: &'r Options, reports: Vec<Report>) -> Self {
        let (differences, changes) = (Vec::new(), TreeChanges::default());
        Reconciler { reports, differences, changes, run, platform: differ.platform, tree: differ.tree, listing: differ.listing, options }
    }

    /// Judges the customers, each with how its roots differ. Those of whom nothing is written have `failed` in their differences, and no roots
    /// any more. Fails where the tree cannot be read.
    pub fn reconcile(&mut self, customers: &mut [CompiledCustomer], diffs: &mut [CustomerDiff]) -> Result<(), Failure> {
        let (of_part, others) = match self.listing {
            Some(_) => (None, Vec::new()),
            None => self.part(customers, diffs).map(|(listing, others)| (Some(listing), others))?,
        };
        let nothing = Listing::default();
        let listing = self.listing.or(of_part.as_ref()).unwrap_or(&nothing);
        if let Some(listing) = &of_part {
            self.changes.leftovers.extend(listing.leftovers.iter().cloned());
        }
        self.deny(customers);
        let (orphans, nobodys) = self.orphans(customers, diffs, listing)?;
        let owners = self.owners(customers, diffs, &orphans);
        self.of_nobody(&nobodys, listing, customers, &owners)?;
        for (diff, customer) in diffs.iter_mut().zip(&*customers) {
            diff.failed = customer.roots.is_none();
        }
        self.across(customers, diffs, (&orphans, &others), judge_identity);
        let mut known = known(customers, diffs, &orphans);
        for index in self.ownership(customers, diffs, &owners) {
            fail(diffs, index);
        }
        for index in self.differing(customers, diffs, (&known, &owners))? {
            fail(diffs, index);
        }
        let tombstones = self.fates(&orphans, &mut known, customers, diffs, listing)?;
        self.across(customers, diffs, (&orphans, &others), judge_shared);
        forget_facts(customers);
        self.deny(customers);
        for (diff, customer) in diffs.iter_mut().zip(&*customers) {
            diff.failed |= customer.roots.is_none();
        }
        self.live(customers, diffs);
        for tombstone in tombstones {
            if !tombstone.customer.is_some_and(|index| has_failed(diffs, index)) {
                self.tombstone(tombstone);
            }
        }
        self.top();
        self.changes.modules = self.modules(customers, diffs)?;
        for (customer, diff) in customers.iter_mut().zip(&*diffs) {
            if diff.failed {
                customer.roots = None;
            }
        }
        Ok(())
    }

    /// Takes the warnings of customers for errors where that was asked for: of whom nothing is written is known before anything is judged by
    /// it.
    fn deny(&self, customers: &mut [CompiledCustomer]) {
        if self.options.deny_warnings {
            deny_warnings(customers);
        }
    }

    /// Runs rules across customers, against the tree.
    fn across(
        &mut self,
        customers: &mut [CompiledCustomer],
        diffs: &[CustomerDiff],
        (orphans, others): (&[Orphan], &[Orphan]),
        judge: fn(&Fleet<'_>) -> Findings,
    ) {
        let without_roots: BTreeSet<usize> =
            customers.iter().enumerate().filter_map(|(index, customer)| customer.roots.is_none().then_some(index)).collect();
        let view = TreeView {
            tree: Some(self.tree),
            listing: self.listing,
            orphans,
            others,
            has_errors: &|index| has_failed(diffs, index) || without_roots.contains(&index),
            may_differ: &|index| diffs.get(index).is_some_and(|diff| diff.is_new || !diff.roots.is_empty()),
        };
        self.reports.extend(report_across(self.run, customers, &view, judge));
    }

    /// Counts the roots of customers that are written, and lists what differs under `--check`.
    fn live(&mut self, customers: &[CompiledCustomer], diffs: &[CustomerDiff]) {
        for (customer, diff) in customers.iter().zip(diffs).filter(|(_, diff)| !diff.failed) {
            self.changes.unchanged += diff.unchanged;
            for (root, differing) in differing_roots(customer, diff) {
                self.changes.unchanged += differing.diff.unchanged;
                if self.options.check {
                    self.differ(root.key.directory(), &differing.diff);
                }
            }
        }
    }

    fn tombstone(&mut self, tombstone: Tombstone) {
        self.changes.unchanged += tombstone.diff.unchanged;
        if self.options.check {
            self.differ(&tombstone.directory, &tombstone.diff);
        } else {
            self.changes.tombstones.push(tombstone);
        }
    }

    /// The files for git at the top of the tree, which are owned.
    fn top(&mut self) {
        for (name, text) in [(".gitattributes", GITATTRIBUTES), (".gitignore", GITIGNORE)] {
            let old = self.tree.text(name).map(|old| old.replace("\r\n", "\n"));
            if old.as_deref() == Some(text) {
                self.changes.unchanged += 1;
            } else if self.options.check {
                let state = if old.is_some() { FileState::Stale } else { FileState::Missing };
                self.differences.push(Difference { file: self.tree.shown(name), state, old, new: Some(text.to_owned()) });
            } else {
                self.changes.top.push((name, text));
            }
        }
    }
}

/// What the run knows, for the fate of orphans and of roots whose directory was another's; nothing where there are none.
fn known(customers: &[CompiledCustomer], diffs: &[CustomerDiff], orphans: &[Orphan]) -> RunIndex {
    let mut known = RunIndex::default();
    let is_another =
        |(root, differing): (&Root, &DifferingRoot)| differing.diff.identity.as_ref().is_some_and(|identity| **identity != root.identity);
    let mut pairs = customers.iter().zip(diffs);
    if orphans.is_empty() && !pairs.any(|(customer, diff)| differing_roots(customer, diff).any(is_another)) {
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
fn fail(diffs: &mut [CustomerDiff], index: usize) {
    if let Some(diff) = diffs.get_mut(index) {
        diff.failed = true;
    }
}

fn has_failed(diffs: &[CustomerDiff], index: usize) -> bool {
    diffs.get(index).is_none_or(|diff| diff.failed)
}
