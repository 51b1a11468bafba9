//! What each customer's roots need, against the tree on disk: found while the customer is at hand, so that a fleet streams through.
//!
//! What has to be known of all customers before anything is written is kept: which files differ and how. Their texts are kept as long as
//! they are few; past that they are made again when they are written, and have to be the same then.

use super::failure::Failure;
use super::fleet::compile_target;
use super::output::{Listing, Output};
use super::repository::Target;
use super::workspace::Workspace;
use crate::assemble::Surroundings;
use crate::compile::Proven;
use crate::emit;
use crate::source::Place;
use crate::terraform::RootIdentity;
use crate::tree::{Change, FileState, Harm, HarmKind, RootPlan, harms, plan, state_place};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many bytes of text that differs from the disk are held: about 10,000 new roots.
const HELD_BYTES: usize = 40 << 20;

/// A root that differs from what is on disk.
#[derive(Debug)]
pub(super) struct Planned {
    /// Which of the customer's roots.
    pub(super) index: usize,
    /// What differs.
    pub(super) plan: RootPlan,
    /// True when there is nothing on disk.
    pub(super) is_new: bool,
    /// What the cloud replaces, destroys or refuses, each with the place of the value that does it.
    pub(super) harms: Vec<(Harm, Option<Place>)>,
}

impl Planned {
    /// The change of a file that is as an earlier run left it.
    pub(super) fn stale(&self, name: &str) -> Option<&Change> {
        self.plan.changes.iter().find(|change| change.name == name && change.state == FileState::Stale)
    }

    /// True when something of it has to be told, which shows what is on disk.
    fn is_told(&self, identity: &RootIdentity) -> bool {
        let differs = self.plan.identity.as_ref().is_some_and(|on_disk| on_disk != identity);
        let stands_in_the_way = self.plan.obstacles(false).next().is_some();
        differs || stands_in_the_way || !self.harms.is_empty() || self.moved().is_some()
    }

    /// The place of the state before and after, when it moves. A backend that was edited by hand is told as such, and written over only
    /// when that is asked for.
    pub(super) fn moved(&self) -> Option<(Vec<String>, Vec<String>)> {
        let change = self.stale("backend.tf")?;
        let (old, new) = (state_place(change.old.as_deref()?)?, state_place(change.new.as_deref()?)?);
        (old != new).then_some((old, new))
    }
}

/// What the roots of one customer need.
#[derive(Debug, Default)]
pub(super) struct CustomerPlan {
    /// Roots that differ.
    pub(super) roots: Vec<Planned>,
    /// Files that are as they should be, in roots that do not differ.
    pub(super) unchanged: usize,
    /// Where the texts are not held: what tells that they are made again as they were.
    pub(super) let_go: Option<u64>,
}

/// Compares customers with the tree.
#[derive(Debug)]
pub(super) struct Planner<'p> {
    /// The tree.
    pub(super) output: &'p Output,
    /// What is in it; nothing where a run covers a few customers only, whose directories are looked at one by one.
    pub(super) listing: Option<&'p Listing>,
    /// What roots are assembled with.
    pub(super) surroundings: Surroundings<'p>,
    /// True when all texts have to be at hand, to be shown.
    pub(super) holds_all: bool,
    held: AtomicUsize,
}

impl<'p> Planner<'p> {
    pub(super) fn new(output: &'p Output, listing: Option<&'p Listing>, surroundings: Surroundings<'p>, holds_all: bool) -> Self {
        Planner { output, listing, surroundings, holds_all, held: AtomicUsize::new(0) }
    }

    /// Compares one customer with the tree.
    pub(super) fn plan(&self, customer: Option<&Proven>) -> Result<CustomerPlan, Failure> {
        let (mut found, is_told) = self.compare(customer)?;
        if is_told || self.holds_all {
            return Ok(found);
        }
        let bytes: usize =
            found.roots.iter().flat_map(|root| &root.plan.changes).map(|change| length(&change.old) + length(&change.new)).sum();
        if bytes > 0 && self.held.fetch_add(bytes, Ordering::Relaxed) + bytes > HELD_BYTES {
            self.held.fetch_sub(bytes, Ordering::Relaxed);
            found.let_go = Some(fingerprint(&found.roots));
            for change in found.roots.iter_mut().flat_map(|root| &mut root.plan.changes) {
                (change.old, change.new) = (None, None);
            }
        }
        Ok(found)
    }

    /// The roots of a customer whose texts were let go of, made again.
    pub(super) fn again(&self, workspace: &Workspace, target: &Target, fingerprint_before: u64) -> Result<Vec<Planned>, Failure> {
        let (customer, proven) = compile_target(workspace, target, &self.surroundings)?;
        let (found, _) = self.compare(proven.as_ref())?;
        if fingerprint(&found.roots) != fingerprint_before {
            return Err(Failure::usage(
                format!("the documents of `{}`, or its part of the tree, changed during the run", customer.repository),
                "what was written before is as it should be; run again",
            ));
        }
        Ok(found.roots)
    }

    /// What differs, and whether anything of it has to be told.
    fn compare(&self, customer: Option<&Proven>) -> Result<(CustomerPlan, bool), Failure> {
        let mut found = CustomerPlan::default();
        let mut is_told = false;
        let Some(customer) = customer else { return Ok((found, is_told)) };
        for (index, root) in customer.assemble(&self.surroundings).iter().enumerate() {
            let directory = root.key.directory();
            let disk = match self.listing {
                Some(listing) => match listing.names(directory) {
                    Some(names) => self.output.files(directory, names)?,
                    None => Vec::new(),
                },
                None => self.output.files(directory, &self.output.names(directory)?)?,
            };
            let plan = plan(emit::root(root), &disk);
            if plan.changes.is_empty() {
                found.unchanged += plan.unchanged;
                continue;
            }
            let mut planned = Planned { index, plan, is_new: disk.is_empty(), harms: Vec::new() };
            if let Some(old) = planned.stale("main.tf").and_then(|change| change.old.as_deref()) {
                let origins = customer.origins.get(index);
                let origin = |harm: &Harm| match &harm.kind {
                    HarmKind::CallGone(_) => None,
                    HarmKind::Changed { harmful, .. } => {
                        origins.and_then(|places| places.get(&(harmful.module, harmful.argument)).cloned())
                    }
                };
                planned.harms = harms(old, root).into_iter().map(|harm| (origin(&harm), harm)).map(|(place, harm)| (harm, place)).collect();
            }
            is_told |= planned.is_told(&root.identity);
            found.roots.push(planned);
        }
        Ok((found, is_told))
    }
}

fn length(text: &Option<String>) -> usize {
    text.as_ref().map_or(0, String::len)
}

/// A number that differs where anything that would be written, or stands in its place, does.
fn fingerprint(roots: &[Planned]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for root in roots {
        (root.index, root.is_new).hash(&mut hasher);
        for change in &root.plan.changes {
            (&change.name, change.state.as_str(), &change.old, &change.new).hash(&mut hasher);
        }
    }
    hasher.finish()
}
