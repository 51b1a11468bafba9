//! What `move`, `move --done` and `prune` do, by docs/state-keys.md. Where a move meets another that is not done, only the invariants hold
//! the product: the prediction is then nothing.

use super::deployments::{Deployment, Identity, customer_id, deployments};
use super::fleet::{Fleet, name_of};
use super::model::{Call, Scope, predict};
use super::tree::{Kind, Note, Root, Tree, place, prefix};
use std::collections::BTreeSet;

/// The exit status and the tree afterwards.
pub(crate) type Done = (i32, Tree);

/// `prune`.
pub(crate) fn prune(fleet: &Fleet, tree: &Tree) -> Done {
    let spot = |root: &Root| Identity { service: None, ..root.current(fleet) };
    let (mut after, mut stays) = (tree.clone(), false);
    let is_free = |root: &Root| root.kind == Kind::Tombstone && root.note.is_none() && root.place.is_some();
    let mut tombstones: Vec<(&String, &Root)> = tree.iter().filter(|(_, root)| root.kind == Kind::Tombstone).collect();
    // Services go before what they share.
    tombstones.sort_by_key(|(_, root)| root.owner.service.is_none());
    for (directory, root) in tombstones {
        let is_shared = root.owner.service.is_none();
        let is_read =
            is_shared && after.values().any(|other| !other.is_left() && other.owner.service.is_some() && spot(other) == spot(root));
        if is_free(root) && !is_read {
            after.remove(directory);
        } else {
            stays = true;
        }
    }
    (i32::from(stays), after)
}

/// `move --done`.
pub(crate) fn done(tree: &Tree, directory: &str) -> Done {
    let mut after = tree.clone();
    let Some(Root { note: Some(Note::From(from)), .. }) = tree.get(directory) else { return (2, after) };
    let goes_here = Some(Note::To(directory.to_owned()));
    if from != directory && tree.get(from).is_some_and(|old| old.note == goes_here) {
        after.remove(from);
    }
    if let Some(root) = after.get_mut(directory) {
        root.note = None;
    }
    (0, after)
}

/// `move OLD NEW`; nothing where it is left open.
pub(crate) fn stage(fleet: &Fleet, tree: &Tree, old: &str, new: &str) -> Option<Done> {
    let refused = Some((2, tree.clone()));
    let Some(root) = tree.get(old) else { return refused };
    let owner = root.current(fleet);
    let Some(path) = fleet.repositories.keys().find(|path| name_of(path) == owner.repository) else { return refused };
    if fleet.entry(&owner.repository).offboarded {
        return refused;
    }
    let judged = |documents_only: bool| {
        let call = Call { scope: Scope::Whole, documents_only, dry: false, allow_missing: true, overwrite: true };
        let of_tree = ["state-key-changed", "customer-missing"];
        let prediction = predict(fleet, tree, &call, true);
        let is_own = |customer: &Option<String>| customer.as_deref() == Some(&owner.repository);
        prediction
            .must
            .iter()
            .chain(&prediction.may)
            .any(|(severity, code, customer)| *severity == "error" && is_own(customer) && !of_tree.contains(code))
    };
    let content = fleet.content(path)?;
    let is_mismatch = fleet.entry(&owner.repository).id.is_some_and(|id| content.claim.as_ref().is_some_and(|claim| *claim != id));
    if content.broken || is_mismatch {
        return Some((1, tree.clone()));
    }
    // A move writes nothing of others, so that what a whole run would take from them is still theirs.
    let id = customer_id(fleet, path, content);
    let is_of_another = |root: &Root| root.current(fleet).repository != owner.repository && root.id.as_ref() == Some(&id);
    let takes_id = fleet.entry(&owner.repository).id.is_none() && tree.values().any(is_of_another);
    // Whether it asks as `check` does or as `compile` does, and before or after other refusals, is its own matter.
    if takes_id || judged(true) || judged(false) {
        return None;
    }
    let wanted = deployments(fleet, path);
    let involved = [old, new].iter().any(|directory| tree.get(*directory).is_some_and(|root| root.note.is_some()));
    // A renamed repository whose new root was written already may be moved over it.
    let was_renamed = root.owner.repository != owner.repository && tree.contains_key(new);
    if involved || was_renamed || root.place.is_none() {
        return None;
    }
    let Some(target) = judge(fleet, tree, &wanted, old, root, new) else { return refused };
    let mut moved = vec![(old.to_owned(), target)];
    if owner.service.is_none() {
        let of_same = |service: &Root| {
            let identity = service.current(fleet);
            identity.service.is_some() && Identity { service: None, ..identity } == owner
        };
        for (directory, service) in tree.iter().filter(|(_, service)| of_same(service)) {
            let identity = Identity { service: service.owner.service.clone(), ..moved[0].1.identity.clone() };
            let Some(own) = wanted.iter().find(|own| own.identity == identity) else { continue };
            let changes = own.directory != *directory || service.place.as_ref() != Some(&place(fleet, own));
            if service.note.is_some() {
                return None;
            }
            if changes {
                let Some(target) = judge(fleet, tree, &wanted, directory, service, &own.directory) else { return refused };
                moved.push((directory.clone(), target));
            }
        }
    }
    let mut after = tree.clone();
    for (from, target) in moved {
        let note = Some(Note::From(from.clone()));
        if from != target.directory {
            let was = tree.get(&from)?;
            let (note, owner) = (Some(Note::To(target.directory.clone())), was.owner.clone());
            let left = Root { owner, note, kind: Kind::Left, place: None, id: None, account: None, ..was.tombstone(fleet) };
            after.insert(from, left);
        }
        after.insert(target.directory.clone(), Root::of(fleet, &target, note));
    }
    Some((0, after))
}

/// The deployment that gets a root's state; nothing where that is refused.
fn judge(fleet: &Fleet, tree: &Tree, wanted: &[Deployment], old: &str, root: &Root, new: &str) -> Option<Deployment> {
    let owner = root.current(fleet);
    let target = wanted.iter().find(|deployment| deployment.directory == new)?;
    let own = wanted.iter().find(|deployment| deployment.identity == owner);
    let same_kind = target.identity.region == owner.region && target.identity.service.is_some() == owner.service.is_some();
    let elsewhere = tree
        .iter()
        .any(|(directory, other)| directory != old && directory != new && !other.is_left() && other.current(fleet) == target.identity);
    let others: BTreeSet<String> =
        tree.iter().filter(|(directory, _)| prefix(directory) == prefix(new)).map(|(_, root)| root.current(fleet).repository).collect();
    let is_free = if old == new { root.place.as_ref() != Some(&place(fleet, target)) } else { !tree.contains_key(new) };
    let is_right = own.is_none_or(|own| own.identity == target.identity)
        && same_kind
        && !elsewhere
        && others.iter().all(|other| fleet.may_share(&owner.repository, other))
        && is_free
        && root.place.is_some();
    is_right.then(|| target.clone())
}
