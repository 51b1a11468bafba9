//! What each customer's roots need, compared with the tree on disk: found while the customer is at hand, so that a fleet streams through.

use crate::assemble::{Assembler, CompileContext};
use crate::compile::{CALL, CompiledCustomer, HarmfulPlaces, Proven, Root};
use crate::failure::Failure;
use crate::modules::ModuleRow;
use crate::platform::Platform;
use crate::source;
use crate::terraform::{RootIdentity, RootModule, StateKey};
use crate::tree::{
    Change, FileState, Harm, HarmKind, Listing, RootDiff, Tree, account_changed, added_modules, current_identity, current_name, harms,
    plan_root,
};

/// A root that differs from what is on disk.
#[derive(Debug)]
pub struct DifferingRoot {
    /// Which of the customer's roots.
    pub index: usize,
    /// Its key.
    pub key: StateKey,
    /// Which deployment it is.
    pub identity: RootIdentity,
    /// What differs.
    pub diff: RootDiff,
    /// True when there is nothing on disk.
    pub is_new: bool,
    /// What the cloud replaces, destroys or refuses, each with the place of the value that does it.
    pub harms: Vec<(Harm, Option<source::Place>)>,
    /// Newer modules that it did not call before, each with the place of the section that makes the call.
    pub added: Vec<(&'static ModuleRow, Option<source::Place>)>,
}

impl DifferingRoot {
    /// The change of a file that is as an earlier run left it.
    pub(super) fn stale(&self, name: &str) -> Option<&Change> {
        self.diff.change(name).filter(|change| change.state == FileState::Stale)
    }

    /// True when something of it has to be reported, which shows what is on disk.
    fn is_reported(&self) -> bool {
        let differs = self.diff.identity.as_ref().is_some_and(|on_disk| **on_disk != self.identity);
        let stands_in_the_way = self.diff.obstacles(false).next().is_some();
        differs
            || stands_in_the_way
            || !self.harms.is_empty()
            || !self.added.is_empty()
            || self.diff.moves_to.is_some()
            || self.diff.moved(true).is_some()
    }
}

/// What the cloud would replace, destroy or refuse when a `main.tf` becomes a root's, each with the place of the value that does it.
pub fn located_harms(places: impl FnOnce() -> HarmfulPlaces, old: &str, root: &RootModule) -> Vec<(Harm, Option<source::Place>)> {
    let harms = harms(old, root);
    let places = if harms.is_empty() { Vec::new() } else { places() };
    let place = |harm: &Harm| {
        let argument = match &harm.kind {
            HarmKind::CallGone(_) | HarmKind::AccountChanged { .. } => return None,
            HarmKind::Changed { argument, .. } | HarmKind::EntriesGone { argument, .. } => argument.name,
        };
        let label = harm.label.as_ref()?;
        places.iter().find(|((of, name), _)| of == label && *name == argument).map(|(_, place)| place.clone())
    };
    harms.into_iter().map(|harm| (place(&harm), harm)).map(|(place, harm)| (harm, place)).collect()
}

/// The newer modules that a root calls and that its `main.tf` did not so far, each with the place of the section that makes the call.
fn located_modules(
    places: impl FnOnce() -> HarmfulPlaces,
    old: &str,
    root: &RootModule,
) -> Vec<(&'static ModuleRow, Option<source::Place>)> {
    let added = added_modules(old, root);
    let places = if added.is_empty() { Vec::new() } else { places() };
    let place = |module: &ModuleRow| {
        let mut places = places.iter();
        places.find(|((label, argument), _)| label == module.block && *argument == CALL).map(|(_, place)| place.clone())
    };
    added.into_iter().map(|module| (module, place(module))).collect()
}

/// What the roots of one customer need.
#[derive(Debug, Default)]
pub struct CustomerDiff {
    /// Roots that differ.
    pub roots: Vec<DifferingRoot>,
    /// Files that are as they should be, in roots that do not differ.
    pub unchanged: usize,
    /// True when nothing of the customer is on disk and its roots were let go of: then nothing more is said of each of them.
    pub is_new: bool,
    /// True when nothing of the customer is written.
    pub failed: bool,
    /// How many roots the customer has.
    total: usize,
}

impl CustomerDiff {
    /// True when something of a root has to be reported, for which its texts are needed.
    pub fn is_reported(&self) -> bool {
        self.roots.iter().any(DifferingRoot::is_reported)
    }

    /// How many bytes the texts have that differ.
    pub fn bytes(&self) -> usize {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let changes = self.roots.iter().flat_map(|root| &root.diff.changes);
        changes.map(|change| length(&change.old) + length(&change.new)).sum()
    }

    /// Lets go of the texts, which the caller has put somewhere.
    pub fn forget_texts(&mut self) {
        self.roots.iter_mut().for_each(|root| root.diff.changes = Vec::new());
        self.is_new = self.roots.len() == self.total && self.roots.iter().all(|root| root.is_new);
        if self.is_new {
            self.roots = Vec::new();
        }
    }
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

impl CustomerDiff {
    /// The customer's roots, each with who holds its directory; none of a customer that could not be compared.
    pub(super) fn holders<'p>(
        &'p self,
        customer: &'p CompiledCustomer,
        platform: &'p Platform,
    ) -> impl Iterator<Item = (&'p Root, Holder<'p>)> {
        let mut differing = self.roots.iter().peekable();
        let own = own_holder(&customer.repository, platform);
        customer.roots.iter().flatten().enumerate().map(move |(index, root)| {
            let found = differing.next_if(|found| found.index == index);
            let holder = match found {
                _ if self.is_new => Holder::Nobody,
                // A file that is as it should be names this repository in its first line.
                None => own(&root.identity),
                Some(found) => found.holder(&root.identity, platform),
            };
            (root, holder)
        })
    }
}

impl DifferingRoot {
    /// Who holds the root's directory on disk.
    pub(super) fn holder<'p>(&'p self, own: &'p RootIdentity, platform: &Platform) -> Holder<'p> {
        match self.diff.identity.as_deref() {
            None if self.diff.unchanged > 0 => own_holder(&own.repository, platform)(own),
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
pub struct Differ<'p> {
    /// The tree.
    pub tree: &'p dyn Tree,
    /// What is in it; nothing where a run covers a few customers only, whose directories are looked at one by one.
    pub listing: Option<&'p Listing>,
    /// What the service provider decides.
    pub platform: &'p Platform,
    assembler: Assembler<'p>,
}

impl<'p> Differ<'p> {
    /// Compares with this tree.
    pub fn new(tree: &'p dyn Tree, listing: Option<&'p Listing>, surroundings: CompileContext<'p>) -> Self {
        Differ { tree, listing, platform: surroundings.platform, assembler: Assembler::new(surroundings) }
    }

    /// Compares one customer with the tree; nothing differs of one without proof. Fails where the tree cannot be read.
    pub fn compare(&self, customer: Option<&Proven>) -> Result<CustomerDiff, Failure> {
        let mut found = CustomerDiff::default();
        let Some(customer) = customer else { return Ok(found) };
        let roots = self.assembler.assemble(&customer.proof);
        found.total = roots.len();
        for (index, root) in roots.iter().enumerate() {
            let directory = root.key.directory();
            let disk = match self.listing {
                Some(listing) => match listing.names(directory) {
                    Some(names) => self.tree.files(directory, names)?,
                    // A link in its place is not listed as a directory, and nothing may be written through it.
                    None if listing.has_links => self.tree.refuse_links(directory).map(|()| Vec::new())?,
                    None => Vec::new(),
                },
                None => self.tree.files(directory, &self.tree.names(directory)?)?,
            };
            let diff = plan_root(root, &disk, self.platform);
            if diff.changes.is_empty() {
                found.unchanged += diff.unchanged;
                continue;
            }
            self.tree.refuse_newer(directory, &diff)?;
            let (key, identity) = (root.key.clone(), root.identity.clone());
            let mut differing = DifferingRoot { index, key, identity, diff, is_new: disk.is_empty(), harms: Vec::new(), added: Vec::new() };
            if let Some(old) = differing.stale("main.tf").and_then(|change| change.old.clone()) {
                let places = || customer.harmful_places(index);
                differing.harms = located_harms(places, &old, root);
                differing.added = located_modules(places, &old, root);
            }
            if let Some(Change { old: Some(old), new: Some(new), .. }) = differing.stale("providers.tf") {
                let changed = account_changed(old, new).map(|harm| (harm, None));
                differing.harms.extend(changed);
            }
            found.roots.push(differing);
        }
        found.roots.shrink_to_fit();
        Ok(found)
    }
}

/// The roots of a customer that differ from the tree, each with how.
pub fn differing_roots<'c>(customer: &'c CompiledCustomer, diff: &'c CustomerDiff) -> impl Iterator<Item = (&'c Root, &'c DifferingRoot)> {
    let roots = customer.roots.as_deref().unwrap_or(&[]);
    diff.roots.iter().filter_map(move |differing| roots.get(differing.index).map(|root| (root, differing)))
}
