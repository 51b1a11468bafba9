//! What holds whatever the rules in detail are.

use super::deployments::{Identity, deployments};
use super::disk::{Disk, Seen};
use super::fleet::{Fleet, name_of};
use super::tree::{Kind, Note};
use std::collections::{BTreeMap, BTreeSet};

/// The customers of a run that have an error.
pub(crate) type Failed = BTreeSet<String>;

fn owners(fleet: &Fleet, seen: &Seen) -> BTreeSet<String> {
    seen.owners.iter().map(|owner| fleet.current(&owner.repository)).collect()
}

/// What is wrong with the tree after a run, compared with the tree before it.
pub(crate) fn broken(fleet: &Fleet, before: &Disk, after: &Disk, failed: &Failed) -> Vec<String> {
    let mut found = Vec::new();
    for (directory, seen) in after {
        let owners_now = owners(fleet, seen);
        if owners_now.len() > 1 {
            found.push(format!("`{directory}` has files of {owners_now:?}"));
        }
        if let Some(was) = before.get(directory).filter(|was| owners(fleet, was) != owners_now) {
            found.push(format!("`{directory}` was of {:?} and is of {owners_now:?}", owners(fleet, was)));
        }
        let is_of_failed = owners_now.iter().any(|owner| failed.contains(owner));
        if is_of_failed && before.get(directory).is_none_or(|was| was.files != seen.files) {
            found.push(format!("`{directory}` of a failed customer changed"));
        }
    }
    for (directory, was) in before.iter().filter(|(directory, _)| !after.contains_key(*directory)) {
        if owners(fleet, was).iter().any(|owner| failed.contains(owner)) {
            found.push(format!("`{directory}` of a failed customer is gone"));
        }
    }
    // A root that a move has staged is one of its deployment already, when the registry makes two of one.
    let before_twice = twice_live(fleet, before, true);
    found.extend(twice_live(fleet, after, false).into_iter().filter(|reported| !before_twice.contains(reported)));
    found
}

/// Keys and identities that two live roots have, those that a move has staged included or not.
fn twice_live(fleet: &Fleet, disk: &Disk, with_staged: bool) -> BTreeSet<String> {
    let mut places: BTreeMap<&String, u32> = BTreeMap::new();
    let mut identities: BTreeMap<Identity, u32> = BTreeMap::new();
    for seen in disk.values().filter(|seen| seen.kind == Kind::Live) {
        if let Some(place) = &seen.place {
            *places.entry(place).or_default() += 1;
        }
        let is_staged = matches!(seen.note, Some(Note::From(_)));
        if let Some(owner) = seen.owners.first().filter(|_| with_staged || !is_staged) {
            let identity = Identity { repository: fleet.current(&owner.repository), ..owner.clone() };
            *identities.entry(identity).or_default() += 1;
        }
    }
    let places = places.into_iter().filter(|(_, count)| *count > 1).map(|(place, _)| format!("the state `{place}` is of two roots"));
    let identities = identities.into_iter().filter(|(_, count)| *count > 1);
    places.chain(identities.map(|(identity, _)| format!("{identity:?} is live twice"))).collect()
}

/// Customers without an error that were not written: their roots are not on disk under their own names.
pub(crate) fn unwritten(fleet: &Fleet, paths: &[&String], disk: &Disk, failed: &Failed) -> Vec<String> {
    let mut found = Vec::new();
    for path in paths.iter().filter(|path| !failed.contains(name_of(path)) && !fleet.entry(name_of(path)).offboarded) {
        if fleet.content(path).is_none_or(|content| content.broken) {
            continue;
        }
        for deployment in deployments(fleet, path) {
            let seen = disk.get(&deployment.directory);
            if !seen.is_some_and(|seen| seen.kind == Kind::Live && seen.owners == [deployment.identity.clone()] && !seen.interrupted) {
                found.push(format!("`{}` of {path}, which has no errors, was not written", deployment.directory));
            }
        }
    }
    found
}
