//! Who a repository is: names that are there twice, names that another one had, ids that several claim.

use super::{FindingWords, Judge, has_error, severity};
use crate::check::FleetFacts;
use crate::diagnostics::{Severity, codes};
use crate::platform::Origin;
use crate::source::Place;
use std::collections::{BTreeMap, BTreeSet};

/// `duplicate-repository`: of names that differ in case alone the one that has roots on disk goes on. Of equal names none does: nothing on
/// disk says which of them is which.
pub(super) fn duplicates(judge: &mut Judge<'_>) {
    let mut names: Vec<(String, usize)> =
        judge.members().map(|(index, customer, _)| (customer.repository.to_ascii_lowercase(), index)).collect();
    names.sort_unstable();
    let outside = outside(judge);
    let groups = names.chunk_by(|one, other| one.0 == other.0);
    for group in groups.filter(|group| group.len() > 1 || group.iter().any(|(name, _)| outside.contains_key(name))) {
        let members: Vec<usize> = group.iter().map(|(_, index)| *index).collect();
        let name = |index: usize| judge.customer(index).map_or("", |customer| &*customer.repository);
        let outside: &[String] = group.first().and_then(|(name, _)| outside.get(name)).map_or(&[], Vec::as_slice);
        let all = || members.iter().map(|index| name(*index)).chain(outside.iter().map(String::as_str));
        let mut distinct: BTreeSet<&str> = BTreeSet::new();
        distinct.extend(all());
        let count = all().count();
        let has_roots = |index: &&usize| !judge.standing(**index).is_empty();
        let standing: Vec<usize> = members.iter().filter(has_roots).copied().collect();
        let keeps = match standing.as_slice() {
            [one] if distinct.len() == count && !outside.iter().any(|name| judge.has_orphans(name)) => Some(*one),
            _ => None,
        };
        let others = if distinct.len() == 1 { "of this name" } else { "of this name, compared without case" };
        let shown: Vec<String> = members
            .iter()
            .filter_map(|index| judge.customer(*index))
            .map(|customer| judge.named(&customer.repository, customer.fleet.as_ref().and_then(|facts| facts.place.as_ref())))
            .collect();
        judge.between(&codes::DUPLICATE_REPOSITORY, format!("{} have one name", shown.join(" and ")));
        for index in members.into_iter().filter(|index| Some(*index) != keeps) {
            let Some(customer) = judge.customer(index) else { continue };
            let place = customer.fleet.as_ref().and_then(|facts| facts.place.as_ref());
            let words = FindingWords {
                code: &codes::DUPLICATE_REPOSITORY,
                severity: codes::DUPLICATE_REPOSITORY.severity,
                message: format!("there are {count} repositories {others}: `{}`", customer.repository),
                help: "rename this directory: a repository's name is part of where its state is kept".to_owned(),
                labels: vec![(place, "this repository".to_owned())],
            };
            judge.report(index, words);
        }
    }
}

/// The names that repositories outside of the run have, by what is left of them without case: those of the run's own names alone.
fn outside(judge: &Judge<'_>) -> BTreeMap<String, Vec<String>> {
    if judge.fleet.is_whole {
        return BTreeMap::new();
    }
    let mut own: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, customer, _) in judge.members() {
        *own.entry(&customer.repository).or_default() += 1;
    }
    let mut folded: BTreeSet<String> = BTreeSet::new();
    folded.extend(own.keys().map(|name| name.to_ascii_lowercase()));
    let mut outside: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let registry = &judge.fleet.platform.registry;
    let is_here = |name: &&String| registry.get(name).is_none_or(|entry| !entry.offboarded);
    for name in judge.fleet.repositories.iter().filter(is_here) {
        let key = name.to_ascii_lowercase();
        match own.get_mut(name.as_str()).filter(|left| **left > 0) {
            Some(left) => *left -= 1,
            None if folded.contains(&key) => outside.entry(key).or_default().push(name.clone()),
            None => {}
        }
    }
    outside
}

/// `duplicate-repository` with a repository that had this name: what says this name on disk is the renamed one's.
pub(super) fn earlier_names(judge: &mut Judge<'_>) {
    let platform = judge.fleet.platform;
    if platform.origin != Origin::File {
        return;
    }
    let members: Vec<_> = judge.members().collect();
    for (index, customer, facts) in members {
        let Some(heir) = platform.registry.formerly(&customer.repository) else { continue };
        if *heir.name.value == *customer.repository {
            continue;
        }
        let words = FindingWords {
            code: &codes::DUPLICATE_REPOSITORY,
            severity: codes::DUPLICATE_REPOSITORY.severity,
            message: format!("the name `{}` is not free: another repository had it, and keeps what was made under it", customer.repository),
            help: "rename this directory; or, once everything that was made under the name has moved, the service provider removes `formerly` from the other one's registry entry".to_owned(),
            labels: vec![(facts.place.as_ref(), "this repository".to_owned())],
        };
        judge.report(index, words);
        let message = format!(
            "{} has the name that `{}` had, by `formerly` in its registry entry",
            judge.named(&customer.repository, facts.place.as_ref()),
            heir.name.value
        );
        judge.between(&codes::DUPLICATE_REPOSITORY, message);
    }
}

/// `customer-id-conflict` between claims. Claims to an id that the registry gives to somebody are reported with each customer.
pub(super) fn claims(judge: &mut Judge<'_>, failed: &BTreeSet<usize>) {
    let platform = judge.fleet.platform;
    let given: BTreeSet<&str> =
        platform.registry.entries.values().filter_map(|entry| Some(entry.customer_id.as_ref()?.value.as_str())).collect();
    let mut claims: Vec<(&str, usize)> = Vec::new();
    for (index, _, facts) in judge.members() {
        let Some(id) = facts.customer_id.as_deref() else { continue };
        let is_reported = failed.contains(&index) || platform.has_registry() && given.contains(id);
        if !facts.registered && !is_reported {
            claims.push((id, index));
        }
    }
    claims_to_given(judge);
    claims.sort_unstable();
    for group in claims.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
        let stands = |id: &str, index: usize| judge.standing(index).iter().any(|root| root.customer_id.as_deref() == Some(id));
        let members: Vec<(usize, bool)> = group.iter().map(|(id, index)| (*index, stands(id, *index))).collect();
        let standing = members.iter().filter(|(_, stands)| *stands).count();
        let mut shown = Vec::new();
        for (index, stands) in members {
            let Some((customer, facts)) = judge.customer(index).and_then(|customer| Some((customer, customer.fleet.as_deref()?))) else {
                continue;
            };
            shown.push(judge.named(&customer.repository, facts.claim.as_ref()));
            if stands && standing == 1 {
                continue;
            }
            let severity = severity(&codes::CUSTOMER_ID_CONFLICT, stands);
            let id = facts.customer_id.as_deref().unwrap_or("");
            let words = FindingWords {
                code: &codes::CUSTOMER_ID_CONFLICT,
                severity,
                message: format!("another repository claims the customer_id `{id}` too"),
                help: conflict_help(id, severity),
                labels: vec![(facts.claim.as_ref(), claimed(facts).to_owned())],
            };
            judge.report(index, words);
        }
        let id = group.first().map_or("", |(id, _)| id);
        judge.between(&codes::CUSTOMER_ID_CONFLICT, format!("{} claim the customer_id `{id}`", shown.join(" and ")));
    }
}

/// A claim to an id that the registry gives to somebody is an error of its customer already: for the operator, whose the id is.
fn claims_to_given(judge: &mut Judge<'_>) {
    let members: Vec<_> = judge.members().filter(|(.., facts)| !facts.registered).collect();
    for (_, customer, facts) in members {
        let is_reported = has_error(customer, &codes::CUSTOMER_ID_CONFLICT);
        let Some(id) = facts.customer_id.as_deref().filter(|_| is_reported) else { continue };
        let Some(owner) = judge.fleet.platform.registry.of_customer(id) else { continue };
        let claimant = judge.named(&customer.repository, facts.claim.as_ref());
        judge.between(
            &codes::CUSTOMER_ID_CONFLICT,
            format!("{claimant} claims the customer_id `{id}`, which the registry gives to `{}`", owner.name.value),
        );
    }
}

pub(super) fn conflict_help(id: &str, severity: Severity) -> String {
    let registers = format!("the service provider registers each repository of `{id}` with `customer_id: {id}`");
    match severity {
        Severity::Error => format!("write another `customer_id`; where this repository does belong to `{id}`, {registers}"),
        Severity::Warning | Severity::Advice => format!("both were compiled with this id before, and go on; {registers}"),
    }
}

/// What makes the claim: without `customer_id` in a document it is the repository's name.
pub(super) fn claimed(facts: &FleetFacts) -> &'static str {
    let order = |place: &Option<Place>| place.as_ref().map(|place| (std::sync::Arc::clone(&place.file.path), place.start, place.end));
    if order(&facts.claim) == order(&facts.place) { "by the repository's name" } else { "claimed here" }
}
