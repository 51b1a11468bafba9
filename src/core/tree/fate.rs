//! What becomes of a root on disk that no deployment stands behind (platform.md, "Identity and ownership").

use crate::platform::Platform;
use crate::terraform::{RootIdentity, StateKey};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// A root on disk that no deployment of this run has.
#[derive(Debug, Clone)]
pub struct Orphan {
    /// Its directory below the output.
    pub directory: String,
    /// Whose it is, by its first line.
    pub identity: RootIdentity,
}

/// What a run knows of the repositories and roots.
#[derive(Debug, Default)]
pub struct RunIndex {
    /// Repositories that are there and have no errors.
    pub clean: BTreeSet<SmolStr>,
    /// Repositories that are there and have errors.
    pub failed: BTreeSet<SmolStr>,
    /// The key of every deployment, by identity.
    pub keys: BTreeMap<RootIdentity, StateKey>,
    /// True when the run covers the orphan's repository, so that one that it did not find is gone.
    pub whole: bool,
}

/// What becomes of an orphan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrphanAction {
    /// Its deployment is gone: it becomes a tombstone.
    Tombstone,
    /// Its deployment has another key now.
    Moved(StateKey),
    /// Its repository is gone.
    Missing,
    /// It is none of this run's business.
    Untouched,
}

/// Decides what becomes of an orphan.
pub fn fate(orphan: &Orphan, known: &RunIndex, platform: &Platform) -> OrphanAction {
    let identity = current_identity(&orphan.identity, platform);
    let owner = identity.repository.clone();
    let offboarded = platform.registry.get(&owner).is_some_and(|entry| entry.offboarded);
    if let Some(key) = known.keys.get(&identity) {
        return OrphanAction::Moved(key.clone());
    }
    if offboarded && (known.whole || known.clean.contains(&owner) || known.failed.contains(&owner)) {
        return OrphanAction::Tombstone;
    }
    if known.clean.contains(&owner) {
        return OrphanAction::Tombstone;
    }
    if known.failed.contains(&owner) || !known.whole {
        return OrphanAction::Untouched;
    }
    OrphanAction::Missing
}

/// An identity read from disk, under the name that its repository has now.
pub fn current_identity(identity: &RootIdentity, platform: &Platform) -> RootIdentity {
    RootIdentity { repository: current_name(&identity.repository, platform), ..identity.clone() }
}

/// The name that a repository has now, when the registry says that it had another.
pub fn current_name(repository: &str, platform: &Platform) -> SmolStr {
    platform.registry.formerly(repository).map_or_else(|| SmolStr::new(repository), |entry| entry.name.value.clone())
}

/// True when a repository may have roots below a prefix where another has some: they are the same, or the registry gives both one
/// `customer_id`. Both names are those of now.
pub fn may_share(one: &str, other: &str, platform: &Platform) -> bool {
    let id = |name: &str| platform.registry.get(name).and_then(|entry| entry.customer_id.as_ref()).map(|id| id.value.clone());
    one == other || id(one).is_some_and(|own| id(other).is_some_and(|others| own == others))
}
