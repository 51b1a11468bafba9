//! What the directories on disk say: whose they are, whose prefix, what moves, what is gone (rules 1 to 3, 12, 13).

use super::deployments::Deployment;
use super::model::Run;
use super::tree::{Note, Root, Tree, place, prefix};

/// Judges the roots of a run. Gives the directories that become tombstones, or are some already.
pub(crate) fn judge(run: &mut Run<'_>) -> Vec<String> {
    for index in 0..run.customers.len() {
        if !run.customers[index].takes_part() {
            continue;
        }
        for deployment in run.customers[index].deployments.clone() {
            root(run, index, &deployment);
        }
    }
    orphans(run)
}

fn root(run: &mut Run<'_>, index: usize, deployment: &Deployment) {
    let (fleet, own) = (run.fleet, run.customers[index].name);
    let there = run.tree.get(&deployment.directory);
    let stands = run.standing(deployment).is_some();
    // Rule 3.
    let below = |directory: &str| prefix(directory) == prefix(&deployment.directory);
    let mut owners = run.tree.iter().filter(|(directory, _)| below(directory)).map(|(_, root)| root.current(fleet).repository);
    let is_taken = there.is_some_and(|there| there.current(fleet).repository != own);
    let holds = there.is_some_and(|there| there.current(fleet).repository == own);
    if !holds && owners.any(|owner| !fleet.may_share(own, &owner)) {
        if is_taken {
            // That the directory is another's is enough.
            let name = own.to_owned();
            run.may.extend([("error", "customer-id-conflict", Some(name)), ("advice", "customer-id-conflict", None)]);
        } else {
            run.report_of_tree(index, "error", "customer-id-conflict", true);
        }
    }
    let Some(there) = there else { return };
    let owner = there.current(fleet);
    if owner.repository != own {
        // Rule 1, another repository.
        let shares = fleet.may_share(own, &owner.repository);
        run.report_of_tree(index, "error", if shares { "state-key-collision" } else { "customer-id-conflict" }, true);
        return;
    }
    if there.is_left() {
        // Where the state goes to another repository's root, neither hears of the other.
        let goes_to =
            |note: &Note| matches!(note, Note::To(to) if run.tree.get(to).is_some_and(|root| root.current(fleet).repository != own));
        let across = there.note.as_ref().is_some_and(goes_to);
        run.report_of_tree(index, "error", "state-key-changed", across);
        return;
    }
    if !stands {
        // Rule 1, the same repository.
        if run.directory_of(&owner).is_some() {
            run.report_of_tree(index, "error", "state-key-changed", false);
        } else {
            run.report_of_tree(index, "warning", "destructive-change", false);
        }
    }
    // Rules 12 and 13.
    let is_elsewhere = there.place.as_ref().is_some_and(|on_disk| *on_disk != place(fleet, deployment));
    let is_unknown = there.place.is_none() && !run.call.overwrite;
    if is_elsewhere || is_unknown {
        run.report_of_tree(index, "error", "state-key-changed", false);
    }
}

/// Rule 13, of a root whose deployment is gone: nothing writes its `backend.tf` again, `--overwrite` or not.
fn is_lost(root: &Root) -> bool {
    !root.is_left() && root.place.is_none()
}

/// True where the state of one directory is on its way to another.
fn is_on_its_way(tree: &Tree, to: &str, from: &str) -> bool {
    let note = |directory: &str| tree.get(directory).and_then(|root| root.note.clone());
    note(to) == Some(Note::From(from.to_owned())) && note(from) == Some(Note::To(to.to_owned()))
}

/// Rule 2.
fn orphans(run: &mut Run<'_>) -> Vec<String> {
    let (fleet, tree) = (run.fleet, run.tree);
    let mut gone = Vec::new();
    // First what stops a customer, so that it is known of all its orphans.
    let mut removed = Vec::new();
    for (directory, root) in tree {
        let identity = root.current(fleet);
        let repository = identity.repository.clone();
        let owner = run.of_repository(&repository);
        let is_wanted = |index: usize| run.customers[index].deployments.iter().any(|own| own.directory == *directory);
        if owner.is_some_and(is_wanted) || !run.sees(directory) {
            continue;
        }
        let is_offboarded = fleet.entry(&repository).offboarded;
        if is_offboarded && (owner.is_some() || run.call.scope.covers(&repository)) {
            if is_lost(root) {
                match owner {
                    Some(index) => run.report_of_tree(index, "error", "state-key-changed", false),
                    None => drop(run.must.insert(("error", "state-key-changed", Some(repository)))),
                }
            } else if !root.is_left() {
                run.must.insert(("warning", "deployment-removed", Some(repository)));
                gone.push(directory.clone());
            }
            continue;
        }
        let Some(index) = owner else {
            if run.call.scope.covers(&repository) && !fleet.is_there(&repository) {
                let severity = if run.call.allow_missing { "warning" } else { "error" };
                // One that has nothing but what moves left may be passed over.
                let list = if root.is_left() { &mut run.may } else { &mut run.must };
                list.insert((severity, "customer-missing", Some(repository)));
            }
            continue;
        };
        if root.is_left() {
            continue;
        }
        let wanted = run.directory_of(&identity);
        if wanted.as_ref().is_some_and(|to| run.customers[index].failed && is_on_its_way(tree, directory, to)) {
            // It is stopped at the place that its state comes from: whether it hears of this one too is open.
            let name = run.customers[index].name.to_owned();
            run.may.insert(("error", "state-key-changed", Some(name)));
        } else if wanted.is_some() || is_lost(root) {
            run.report_of_tree(index, "error", "state-key-changed", false);
        } else {
            removed.push((index, directory.clone()));
        }
    }
    for (index, directory) in removed {
        if run.customers[index].failed {
            let name = run.customers[index].name.to_owned();
            run.may.insert(("warning", "deployment-removed", Some(name)));
        } else {
            run.report_of_tree(index, "warning", "deployment-removed", false);
            gone.push(directory);
        }
    }
    // Of a repository that is not in the run either all become tombstones, or none.
    let stopped = |directory: &String| {
        let repository = tree[directory].current(fleet).repository;
        run.of_repository(&repository).is_none() && run.must.contains(&("error", "state-key-changed", Some(repository)))
    };
    gone.retain(|directory| !stopped(directory));
    gone
}
