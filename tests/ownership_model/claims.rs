//! What customers are next to each other: names, claims, networks, names in the cloud, the registry (rules 4 to 10).

use super::deployments::Deployment;
use super::fleet::{Fleet, name_of, same_but_case};
use super::model::{Customer, Run, Scope};
use super::tree::{Kind, Root};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

pub(crate) fn judge(run: &mut Run<'_>) {
    for index in 0..run.customers.len() {
        if run.customers[index].unread {
            run.customers[index].wrong = true;
            run.customers[index].failed = true;
        }
    }
    earlier_names(run);
    same_names(run);
    misspelt(run);
    ids(run);
    run.named = (0..run.customers.len()).filter(|index| !run.customers[*index].wrong).collect();
    keys(run, &run.named.clone());
}

/// What customers may not have in common, once it is known who stops: who stops keeps what it has on disk, and may make others stop.
pub(crate) fn judge_shared(run: &mut Run<'_>) {
    let failed = |run: &Run<'_>| run.customers.iter().filter(|customer| customer.failed).count();
    let sound: Vec<usize> = (0..run.customers.len()).filter(|index| !run.customers[*index].failed).collect();
    loop {
        let before = failed(run);
        networks(run, &sound);
        ids_on_disk(run, &sound);
        names(run, &run.named.clone());
        if failed(run) == before {
            break;
        }
    }
}

/// Rule 4.
fn earlier_names(run: &mut Run<'_>) {
    for index in 0..run.customers.len() {
        let name = run.customers[index].name;
        let is_earlier = |old: &String| same_but_case(old, name);
        if !run.customers[index].offboarded && run.fleet.registry.values().any(|entry| entry.formerly.as_ref().is_some_and(is_earlier)) {
            run.report(index, "error", "duplicate-repository");
            run.customers[index].duplicate = true;
        }
    }
}

/// True when a repository has roots on disk, by exactly the name that it has now. What a move left is none.
fn has_roots(run: &Run<'_>, index: usize) -> bool {
    run.own_roots(index).any(|root| !root.is_left())
}

/// Rule 5. Of equal names none has a better right: nothing on disk says which of them is which.
fn same_names(run: &mut Run<'_>) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, customer) in run.customers.iter().enumerate().filter(|(_, customer)| !customer.offboarded) {
        groups.entry(customer.name.to_ascii_lowercase()).or_default().push(index);
    }
    for (folded, group) in groups {
        // Those that the run does not cover have names too.
        let fleet = run.fleet;
        let is_outside = |path: &&String| !run.call.scope.has(path) && name_of(path).to_ascii_lowercase() == folded;
        let outside: Vec<&str> = fleet.repositories.keys().filter(is_outside).map(|path| name_of(path)).collect();
        let outside: Vec<&str> = outside.into_iter().filter(|name| !fleet.entry(name).offboarded).collect();
        let all: Vec<&str> = group.iter().map(|index| run.customers[*index].name).chain(outside.iter().copied()).collect();
        if all.len() < 2 {
            continue;
        }
        let rooted: Vec<usize> = group.iter().copied().filter(|index| has_roots(run, *index)).collect();
        let is_outside =
            |(directory, root): (&String, &Root)| outside.contains(&root.current(fleet).repository.as_str()) && run.sees(directory);
        let is_alone = !run.tree.iter().any(is_outside);
        let is_distinct = all.iter().collect::<BTreeSet<_>>().len() == all.len();
        for index in group {
            if !is_distinct || rooted != [index] || !is_alone {
                run.report(index, "error", "duplicate-repository");
                run.customers[index].duplicate = true;
            }
        }
    }
}

/// Rule 10. Of an entry that is another name's heir that name is no slip.
fn misspelt(run: &mut Run<'_>) {
    let fleet = run.fleet;
    let is_idle = |name: &&String| !fleet.is_there(name) && !fleet.entry(name).offboarded;
    let idle: Vec<&String> = fleet.registry.keys().filter(is_idle).collect();
    let is_meant = |entry: &str, name: &str| is_meant(fleet, entry, name);
    // Who has roots on disk is only away.
    let is_away = |entry: &String| run.tree.iter().any(|(directory, root)| run.sees(directory) && root.current(fleet).repository == *entry);
    let slips: Vec<&String> = idle.iter().copied().filter(|entry| run.call.documents_only || !is_away(entry)).collect();
    for index in 0..run.customers.len() {
        let name = run.customers[index].name;
        if !fleet.registry.contains_key(name) && slips.iter().any(|entry| is_meant(entry, name)) {
            run.report(index, "error", "misspelt-registration");
        }
    }
    if run.call.scope != Scope::Whole {
        return;
    }
    for entry in idle.iter().filter(|entry| fleet.entry(entry).formerly.is_none()) {
        // Where two are as near, one of them is not used.
        let list = if unlisted(fleet).into_iter().any(|name| is_meant(entry, name)) { &mut run.may } else { &mut run.must };
        list.insert(("advice", "unused-registration", None));
    }
}

/// True when a name may be meant by an entry of another name.
pub(crate) fn is_meant(fleet: &Fleet, entry: &str, name: &str) -> bool {
    is_slip(entry, name) && fleet.entry(entry).formerly.is_none_or(|old| !same_but_case(&old, name))
}

fn unlisted(fleet: &Fleet) -> Vec<&str> {
    fleet.repositories.keys().map(|path| name_of(path)).filter(|name| !fleet.registry.contains_key(*name)).collect()
}

/// One character inserted, left out or changed, two neighbours exchanged; or only `-_.` differ. Case is never looked at.
pub(crate) fn is_slip(one: &str, other: &str) -> bool {
    let (one, other) = (&one.to_ascii_lowercase(), &other.to_ascii_lowercase());
    let bare = |name: &str| name.chars().filter(|letter| !"-_.".contains(*letter)).collect::<String>();
    if bare(one) == bare(other) {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let inserted = |short: &[char], long: &[char]| {
        (0..long.len()).any(|at| {
            let mut rest = long.to_vec();
            rest.remove(at);
            rest == short
        })
    };
    let differing: Vec<usize> = a.iter().zip(&b).enumerate().filter(|(_, (x, y))| x != y).map(|(at, _)| at).collect();
    match (a.len() as i64 - b.len() as i64, differing.as_slice()) {
        (0, [_]) => true,
        (0, [x, y]) => *y == x + 1 && a[*x] == b[*y] && a[*y] == b[*x],
        (1, _) => inserted(&b, &a),
        (-1, _) => inserted(&a, &b),
        _ => false,
    }
}

/// Rule 6: a customer stands with its id where a root of it stands with this id in its tags, a tombstone's included.
fn stands_with_id(run: &Run<'_>, index: usize) -> bool {
    let customer = &run.customers[index];
    run.own_roots(index).any(|root| root.id.as_ref() == Some(&customer.id))
}

/// True when a deployment's root is on disk with its name as it would be, at its place or where it is to be moved from.
fn name_stands(run: &Run<'_>, index: usize, deployment: &Deployment) -> bool {
    let is_it = |root: &Root| root.current(run.fleet) == deployment.identity && root.name.as_ref() == Some(&deployment.name);
    run.own_roots(index).any(|root| root.kind == Kind::Live && is_it(root))
}

/// Rule 6.
fn ids(run: &mut Run<'_>) {
    let given: BTreeSet<String> = run.fleet.registry.values().filter_map(|entry| entry.id.clone()).collect();
    let mut claims: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for index in 0..run.customers.len() {
        let customer = &run.customers[index];
        if customer.registered || customer.offboarded || customer.content.broken {
            continue;
        }
        if given.contains(&customer.id) {
            run.report(index, "error", "customer-id-conflict");
        } else if customer.takes_part() {
            claims.entry(customer.id.clone()).or_default().push(index);
        }
    }
    for group in claims.into_values().filter(|group| group.len() > 1) {
        let stands = |index: &usize| stands_with_id(run, *index);
        let standing: Vec<usize> = group.iter().copied().filter(stands).collect();
        for index in group {
            if !standing.contains(&index) {
                run.report(index, "error", "customer-id-conflict");
            } else if standing.len() > 1 {
                run.report(index, "warning", "customer-id-conflict");
            }
        }
    }
}

/// The first and the last address of a network.
fn range(network: &str) -> (u32, u32) {
    let (address, length) = network.split_once('/').unwrap_or((network, "32"));
    let first = u32::from(address.parse::<Ipv4Addr>().unwrap());
    (first, first | u32::MAX.checked_shr(length.parse().unwrap()).unwrap_or(0))
}

fn overlap(one: &str, other: &str) -> bool {
    let ((from, to), (other_from, other_to)) = (range(one), range(other));
    from <= other_to && other_from <= to
}

/// Reports both sides of what two customers cannot both have.
fn beside(run: &mut Run<'_>, code: &'static str, one: (usize, bool), other: (usize, bool)) {
    match (one.1, other.1) {
        (true, true) => {
            run.report(one.0, "warning", code);
            run.report(other.0, "warning", code);
        }
        (one_stands, other_stands) => {
            for (index, _) in [(one.0, one_stands), (other.0, other_stands)].iter().filter(|(_, stands)| !stands) {
                run.report(*index, "error", code);
            }
        }
    }
}

/// Who only claims an id is not whose id it is: the registry makes two repositories one customer.
fn is_one(one: &Customer<'_>, other: &Customer<'_>) -> bool {
    one.name == other.name || one.registered && other.registered && one.id == other.id
}

/// A network on disk.
struct Kept {
    repository: String,
    account: String,
    network: String,
}

/// Networks on disk of those of whom nothing is written, whatever their documents say by now. Their own are not reported to them.
fn kept_networks(run: &Run<'_>) -> Vec<Kept> {
    let mut kept = Vec::new();
    let roots = run.tree.iter().filter(|(directory, _)| !run.call.documents_only && run.sees(directory));
    for (_, root) in roots {
        let repository = root.current(run.fleet).repository;
        let environment = root.owner.environment.clone();
        let account = root.account.clone().or_else(|| run.fleet.account(&repository, &environment));
        let (Some(network), Some(account)) = (root.network.clone(), account) else { continue };
        let own: Vec<&Customer<'_>> = run.customers.iter().filter(|customer| customer.name == repository).collect();
        let says =
            |customer: &&Customer<'_>| customer.takes_part() && customer.networks().contains(&(Some(account.clone()), network.clone()));
        // A network does not move along when its customer gets another account.
        let moves = |_: &&Customer<'_>| root.account.is_some() && run.fleet.account(&repository, &environment) != root.account;
        if own.iter().all(|customer| customer.failed || customer.offboarded || moves(customer)) && !own.iter().any(says) {
            kept.push(Kept { repository, account, network });
        }
    }
    kept
}

/// Rule 7.
fn networks(run: &mut Run<'_>, sound: &[usize]) {
    // Customer, account, network, whether it stands.
    let mut found: Vec<(usize, String, String, bool)> = Vec::new();
    for (index, customer) in run.customers.iter().enumerate().filter(|(_, customer)| customer.takes_part()) {
        for (account, network) in customer.networks() {
            let stands = run.own_roots(index).any(|root| root.network.as_ref() == Some(&network));
            found.extend(account.map(|account| (index, account, network, stands)));
        }
    }
    let kept = kept_networks(run);
    for (one, in_account, network, stands) in &found {
        for Kept { repository, account, network: others } in &kept {
            let customer = &run.customers[*one];
            let is_own =
                customer.name == repository || customer.registered && run.fleet.entry(repository).id.as_ref() == Some(&customer.id);
            if is_own || in_account != account || !overlap(network, others) {
                continue;
            }
            let severity = if *stands { "warning" } else { "error" };
            if *stands || !sound.contains(one) {
                // The other one's documents are not known, and nothing is written of it; or nothing is written of this one whatever its network is.
                let name = customer.name.to_owned();
                run.may.extend([(severity, "cidr-overlap", Some(name)), ("advice", "cidr-overlap", None)]);
            } else {
                run.report(*one, severity, "cidr-overlap");
            }
        }
    }
    for (at, (one, account, network, stands)) in found.iter().enumerate() {
        for (other, others_account, others, other_stands) in found.iter().skip(at + 1) {
            let (a, b) = (&run.customers[*one], &run.customers[*other]);
            if !is_one(a, b) && account == others_account && overlap(network, others) {
                beside(run, "cidr-overlap", (*one, *stands), (*other, *other_stands));
            }
        }
    }
}

/// Rule 8. Of a repository whose place is not its own nothing more is asked.
fn names(run: &mut Run<'_>, named: &[usize]) {
    let may_be_one = |one: &Option<String>, other: &Option<String>| one.is_none() || other.is_none() || one == other;
    let mut found: Vec<(usize, &Deployment, bool)> = Vec::new();
    let fleet = run.fleet;
    for (index, customer) in run.customers.iter().enumerate().filter(|(index, _)| named.contains(index)) {
        found.extend(customer.deployments.iter().map(|deployment| (index, deployment, name_stands(run, index, deployment))));
    }
    let mut reported = Vec::new();
    for (at, (one, deployment, stands)) in found.iter().enumerate() {
        for (other, others, other_stands) in found.iter().skip(at + 1) {
            if one != other && deployment.name == others.name && may_be_one(&deployment.account, &others.account) {
                reported.push(((*one, *stands), (*other, *other_stands)));
            }
        }
    }
    let mut new = Vec::new();
    for (index, deployment, _) in found.iter().filter(|(_, _, stands)| !stands) {
        let customer = &run.customers[*index];
        let is_taken = run.tree.iter().filter(|(directory, _)| run.sees(directory)).any(|(_, root)| {
            let owner = root.current(fleet).repository;
            let is_compiled =
                named.iter().map(|index| &run.customers[*index]).any(|other| other.name == owner && !other.offboarded && !other.failed);
            let is_own = owner == customer.name;
            let account = root.account.clone().or_else(|| fleet.account(&owner, &root.owner.environment));
            root.name.as_ref() == Some(&deployment.name) && !is_own && !is_compiled && may_be_one(&account, &deployment.account)
        });
        new.extend((is_taken && !run.call.documents_only).then_some(*index));
    }
    for (one, other) in reported {
        beside(run, "name-collision", one, other);
    }
    for index in new {
        run.report(index, "error", "name-collision");
    }
}

/// Rule 6, of ids that roots of others have on disk: those of a run that writes nothing else in their place.
fn ids_on_disk(run: &mut Run<'_>, sound: &[usize]) {
    let fleet = run.fleet;
    for index in 0..run.customers.len() {
        let customer = &run.customers[index];
        if run.call.documents_only || customer.registered || !customer.takes_part() || stands_with_id(run, index) {
            continue;
        }
        let is_taken = run.tree.iter().filter(|(directory, _)| run.sees(directory)).any(|(directory, root)| {
            let owner = root.current(fleet).repository;
            let is_written = |other: &Customer<'_>| {
                other.name == owner && !other.failed && other.deployments.iter().any(|deployment| deployment.directory == *directory)
            };
            owner != customer.name && root.id.as_ref() == Some(&customer.id) && !run.customers.iter().any(is_written)
        });
        if !is_taken || customer.deployments.is_empty() {
            continue;
        }
        if sound.contains(&index) {
            run.report(index, "error", "customer-id-conflict");
        } else {
            // Nothing is written of it anyway; a move may ask for it first.
            let name = customer.name.to_owned();
            run.may.extend([("error", "customer-id-conflict", Some(name)), ("advice", "customer-id-conflict", None)]);
        }
    }
}

fn is_left(run: &Run<'_>, own: &Deployment) -> bool {
    run.standing(own).is_some_and(Root::is_left)
}

/// Rule 9.
fn keys(run: &mut Run<'_>, named: &[usize]) {
    let mut by_key: BTreeMap<String, Vec<(usize, bool)>> = BTreeMap::new();
    for (index, customer) in run.customers.iter().enumerate().filter(|(index, _)| named.contains(index)) {
        for deployment in &customer.deployments {
            by_key.entry(deployment.directory.clone()).or_default().push((index, run.standing(deployment).is_some()));
        }
    }
    for (directory, group) in by_key.into_iter().filter(|(_, group)| group.len() > 1) {
        for (index, stands) in group {
            let is_left = run.customers[index].deployments.iter().any(|own| own.directory == directory && is_left(run, own));
            if !stands {
                run.report(index, "error", "state-key-collision");
            } else if is_left {
                // Its state went elsewhere, and it is stopped: whether it hears of the key or of its change is open.
                let name = run.customers[index].name.to_owned();
                run.may.extend([("error", "state-key-collision", Some(name)), ("advice", "state-key-collision", None)]);
                (run.customers[index].wrong, run.customers[index].failed) = (true, true);
            }
        }
    }
}
