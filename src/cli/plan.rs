//! What each customer's roots need, against the tree on disk: found while the customer is at hand, so that a fleet streams through.
//!
//! What has to be known of all customers before anything gets its place is kept: which files differ and how. Their texts are kept as long
//! as they are few; past that they are put into their temporary files at once, which take their places later, or never.

use std::sync::atomic::{AtomicUsize, Ordering};
use terralet_core::assemble::{Assembler, Surroundings};
use terralet_core::compile::{Customer, HarmfulPlaces, Proven, Root};
use terralet_core::failure::Failure;
use terralet_core::platform::{Layout, Platform};
use terralet_core::source;
use terralet_core::terraform::{RootIdentity, RootModule, StateKey};
use terralet_core::tree::{Change, FileState, Harm, HarmKind, RootPlan, account_changed, current_identity, current_name, harms, plan_root};
use terralet_host::listing::Listing;
use terralet_host::output::Output;
use terralet_host::write::Writer;

/// How many bytes of text that differs from the disk are held: about 1,000 new roots.
const HELD_BYTES: usize = 4 << 20;

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
    pub(super) harms: Vec<(Harm, Option<source::Place>)>,
}

impl Planned {
    /// The change of a file that is as an earlier run left it.
    pub(super) fn stale(&self, name: &str) -> Option<&Change> {
        self.plan.change(name).filter(|change| change.state == FileState::Stale)
    }

    /// True when something of it has to be told, which shows what is on disk.
    fn is_told(&self, identity: &RootIdentity) -> bool {
        let differs = self.plan.identity.as_ref().is_some_and(|on_disk| **on_disk != *identity);
        let stands_in_the_way = self.plan.obstacles(false).next().is_some();
        differs || stands_in_the_way || !self.harms.is_empty() || self.plan.moves_to.is_some() || self.plan.moved(true).is_some()
    }
}

/// What the cloud would replace, destroy or refuse when a `main.tf` becomes a root's, each with the place of the value that does it.
pub(super) fn located_harms(origins: Option<&HarmfulPlaces>, old: &str, root: &RootModule) -> Vec<(Harm, Option<source::Place>)> {
    let origin = |harm: &Harm| {
        let argument = match &harm.kind {
            HarmKind::CallGone(_) | HarmKind::AccountChanged { .. } => return None,
            HarmKind::Changed { harmful, .. } => (harmful.module, harmful.argument),
            HarmKind::EntriesGone { listed, .. } => (listed.module, listed.argument),
        };
        origins?.iter().find(|(written, _)| *written == argument).map(|(_, place)| place.clone())
    };
    harms(old, root).into_iter().map(|harm| (origin(&harm), harm)).map(|(place, harm)| (harm, place)).collect()
}

/// What the roots of one customer need.
#[derive(Debug, Default)]
pub(super) struct CustomerPlan {
    /// Roots that differ.
    pub(super) roots: Vec<Planned>,
    /// Files that are as they should be, in roots that do not differ.
    pub(super) unchanged: usize,
    /// The changes, prepared; then their texts are not held.
    pub(super) prepared: Option<Box<Writer>>,
    /// True when nothing of the customer is on disk and its roots are prepared: then nothing more is said of each of them.
    pub(super) is_new: bool,
}

/// Who holds the directory of a root on disk.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holder<'p> {
    /// Nobody.
    Nobody,
    /// The root itself.
    Root,
    /// Another root of the same repository.
    Repository,
    /// A root of another repository.
    Another(&'p RootIdentity),
}

impl CustomerPlan {
    /// The customer's roots, each with who holds its directory; none of a customer that could not be compared.
    pub(super) fn holders<'p>(&'p self, customer: &'p Customer, platform: &'p Platform) -> impl Iterator<Item = (&'p Root, Holder<'p>)> {
        let mut differing = self.roots.iter().peekable();
        let own = own_holder(&customer.repository, platform);
        customer.roots.iter().flatten().enumerate().map(move |(index, root)| {
            let planned = differing.next_if(|planned| planned.index == index);
            let holder = match planned {
                _ if self.is_new => Holder::Nobody,
                // A file that is as it should be names this repository in its first line.
                None => own(&root.identity),
                Some(planned) => planned.holder(&root.identity, platform),
            };
            (root, holder)
        })
    }
}

impl Planned {
    /// Who holds the root's directory on disk.
    pub(super) fn holder<'p>(&'p self, own: &'p RootIdentity, platform: &Platform) -> Holder<'p> {
        match self.plan.identity.as_deref() {
            None if self.plan.unchanged > 0 => own_holder(&own.repository, platform)(own),
            None => Holder::Nobody,
            Some(on_disk) if current_name(&on_disk.repository, platform) != own.repository => Holder::Another(on_disk),
            Some(on_disk) if current_identity(on_disk, platform) == *own => Holder::Root,
            Some(_) => Holder::Repository,
        }
    }
}

/// Who holds what says a repository's name on disk: another one, where that had the name before.
fn own_holder<'p>(repository: &str, platform: &Platform) -> impl Fn(&'p RootIdentity) -> Holder<'p> + use<'p> {
    let is_own = current_name(repository, platform) == repository;
    move |identity| if is_own { Holder::Root } else { Holder::Another(identity) }
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
    assembler: Assembler<'p>,
    /// True when changes may be prepared before all customers are known: temporary files of a killed run have been removed, so that those
    /// found later are this run's.
    prepares: bool,
    held: AtomicUsize,
}

impl<'p> Planner<'p> {
    pub(super) fn new(output: &'p Output, listing: Option<&'p Listing>, surroundings: Surroundings<'p>, is_check: bool) -> Self {
        let assembler = Assembler::new(surroundings);
        Planner { output, listing, surroundings, assembler, prepares: !is_check && listing.is_some(), held: AtomicUsize::new(0) }
    }

    /// Compares one customer with the tree.
    pub(super) fn plan(&self, customer: Option<&Proven>) -> Result<CustomerPlan, Failure> {
        let mut found = CustomerPlan::default();
        let Some(customer) = customer else { return Ok(found) };
        let roots = self.assembler.assemble(&customer.checked);
        let mut is_told = false;
        for (index, root) in roots.iter().enumerate() {
            let directory = root.key.directory();
            let disk = match self.listing {
                Some(listing) => match listing.names(directory) {
                    Some(names) => self.output.files(directory, names)?,
                    // A link in its place is not listed as a directory, and nothing may be written through it.
                    None if listing.has_links => self.output.refuse_links(directory).map(|()| Vec::new())?,
                    None => Vec::new(),
                },
                None => self.output.files(directory, &self.output.names(directory)?)?,
            };
            let plan = plan_root(root, &disk, self.surroundings.platform);
            if plan.changes.is_empty() {
                found.unchanged += plan.unchanged;
                continue;
            }
            self.output.refuse_newer(directory, &plan)?;
            let mut planned = Planned { index, plan, is_new: disk.is_empty(), harms: Vec::new() };
            if let Some(old) = planned.stale("main.tf").and_then(|change| change.old.as_deref()) {
                planned.harms = located_harms(customer.origins.get(index), old, root);
            }
            if let Some(Change { old: Some(old), new: Some(new), .. }) = planned.stale("providers.tf") {
                let changed = account_changed(old, new).map(|harm| (harm, None));
                planned.harms.extend(changed);
            }
            is_told |= planned.is_told(&root.identity);
            found.roots.push(planned);
        }
        if !is_told && self.prepares && !self.holds(&found) {
            found.prepared = Some(Box::new(self.prepare(&mut found.roots, &roots)?));
            found.is_new = found.roots.len() == roots.len() && found.roots.iter().all(|planned| planned.is_new);
        }
        if found.is_new {
            found.roots.clear();
        }
        found.roots.shrink_to_fit();
        Ok(found)
    }

    /// True while the texts of all customers so far are few enough to be held.
    fn holds(&self, found: &CustomerPlan) -> bool {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let changes = found.roots.iter().flat_map(|root| &root.plan.changes);
        let bytes: usize = changes.map(|change| length(&change.old) + length(&change.new)).sum();
        let holds = bytes == 0 || self.held.fetch_add(bytes, Ordering::Relaxed) + bytes <= HELD_BYTES;
        if !holds {
            self.held.fetch_sub(bytes, Ordering::Relaxed);
        }
        holds
    }

    /// Prepares the changes, and lets go of their texts.
    fn prepare(&self, planned: &mut [Planned], roots: &[RootModule]) -> Result<Writer, Failure> {
        let mut writer = Writer::default();
        for planned in planned {
            let Some(root) = roots.get(planned.index) else { continue };
            let changes = std::mem::take(&mut planned.plan.changes);
            self.prepare_root(&mut writer, &root.key, &root.identity, &changes, planned.is_new)?;
        }
        writer.shrink();
        Ok(writer)
    }

    /// Prepares the changes of a live root.
    pub(super) fn prepare_root(
        &self,
        writer: &mut Writer,
        key: &StateKey,
        identity: &RootIdentity,
        changes: &[Change],
        is_new: bool,
    ) -> Result<(), Failure> {
        let directory = self.output.root.join(key.directory());
        // In the other layouts repositories may share a prefix and directories below it, and make their roots there at the same time.
        let is_own_prefix = self.surroundings.platform.state.layout == Layout::Repository;
        let above = if is_own_prefix { Some(&*self.output.root) } else { directory.parent() };
        writer.root(&directory, identity, changes, above.filter(|_| is_new))
    }
}
