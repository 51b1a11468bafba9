//! `name-collision`: a name in the cloud is made of everything that makes a deployment what it is, but not of its repository, so that two
//! repositories of one customer may come to one name. In one account the second of them could not be made, or would be the first.

use super::{FindingWords, Judge, has_error, severity};
use crate::check::{FleetFacts, deployment_name};
use crate::compile::{CompiledCustomer, Root};
use crate::diagnostics::{Severity, codes};
use crate::terraform::RootIdentity;
use crate::tree::Standing;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// A deployment with its name.
#[derive(Clone, Copy)]
struct Named<'f> {
    index: usize,
    facts: &'f FleetFacts,
    root: &'f Root,
}

impl Named<'_> {
    fn name(&self) -> String {
        let RootIdentity { environment, region, service, .. } = &self.root.identity;
        let part = |text: &Option<SmolStr>| text.clone().unwrap_or_default();
        deployment_name(&part(&self.facts.customer_id), &part(&self.facts.project_name), environment, region, service.as_deref())
    }

    /// The account that it is in.
    fn account(&self) -> Option<&SmolStr> {
        self.facts.account_of(&self.root.identity.environment)
    }

    /// True where both are, or may be, in one account: one that is not known may be any.
    fn meets(&self, other: &Named<'_>) -> bool {
        let accounts = self.account().zip(other.account());
        accounts.is_none_or(|(one, other)| one == other)
    }
}

pub(super) fn run(judge: &mut Judge<'_>) {
    let members: Vec<_> = judge.members().filter(|(_, customer, _)| !is_unnamed(customer)).collect();
    let mut numbers: Vec<u64> = members.iter().flat_map(|(_, customer, _)| named_roots(customer).map(|root| root.name)).collect();
    numbers.sort_unstable();
    let twice: BTreeSet<u64> =
        numbers.windows(2).filter(|pair| pair.first() == pair.last()).filter_map(|pair| pair.first().copied()).collect();
    drop(numbers);
    let mut groups: BTreeMap<u64, Vec<Named<'_>>> = BTreeMap::new();
    for (index, customer, facts) in members.iter().filter(|_| !twice.is_empty()) {
        for root in named_roots(customer).filter(|root| twice.contains(&root.name)) {
            groups.entry(root.name).or_default().push(Named { index: *index, facts, root });
        }
    }
    let mut reported = BTreeSet::new();
    for group in groups.values() {
        of_run(judge, group, &mut reported);
    }
    of_tree(judge, &members, &reported);
}

/// True for a repository of which it is not known who it is: it has no name to compare.
fn is_unnamed(customer: &CompiledCustomer) -> bool {
    [&codes::DUPLICATE_REPOSITORY, &codes::CUSTOMER_ID_CONFLICT, &codes::MISSPELT_REGISTRATION].iter().any(|code| has_error(customer, code))
}

/// The roots that have a name, also of a customer of whom nothing is written because of what it has in common with others.
fn named_roots(customer: &CompiledCustomer) -> impl Iterator<Item = &Root> {
    customer.roots.iter().flatten().chain(&customer.unproven).filter(|root| root.name != 0)
}

/// Names that several deployments of the run have.
fn of_run<'f>(judge: &mut Judge<'f>, group: &[Named<'f>], reported: &mut BTreeSet<(usize, &'f RootIdentity)>) {
    let stands: Vec<bool> = group.iter().map(|named| stands(judge, named)).collect();
    for (at, named) in group.iter().enumerate() {
        let own_stands = stands.get(at).copied().unwrap_or(false);
        let others = || group.iter().zip(&stands).enumerate().filter(|(other, (it, _))| *other != at && it.meets(named));
        // What stands is in the way of what stands alone.
        let Some((_, (other, _))) = others().find(|(_, (_, stands))| !own_stands || **stands) else { continue };
        let severity = severity(&codes::NAME_COLLISION, own_stands);
        report(judge, named, severity, other.index == named.index);
        reported.insert((named.index, &named.root.identity));
        let (first, second) = if named.root.identity <= other.root.identity { (named, other) } else { (other, named) };
        let shown = |of: &Named<'_>| format!("{} (`{}`)", of.root.identity, of.root.key.with_file());
        judge.between(&codes::NAME_COLLISION, format!("{} and {} have the name `{}`", shown(first), shown(second), named.name()));
    }
}

/// New names that roots on disk have, of other repositories of whom this run writes nothing.
fn of_tree(judge: &mut Judge<'_>, members: &[(usize, &CompiledCustomer, &FleetFacts)], reported: &BTreeSet<(usize, &RootIdentity)>) {
    if !judge.keeps_anything() {
        return;
    }
    let may_differ = judge.fleet.may_differ;
    let mut comers = Vec::new();
    for (index, customer, facts) in members.iter().filter(|(index, ..)| may_differ(*index)) {
        let named = named_roots(customer).map(|root| Named { index: *index, facts, root });
        comers.extend(named.filter(|named| !reported.contains(&(*index, &named.root.identity)) && !stands(judge, named)));
    }
    if comers.is_empty() {
        return;
    }
    let roots = judge.kept();
    let mut kept: BTreeMap<&str, Vec<&Standing>> = BTreeMap::new();
    for root in roots.iter() {
        if let Some(name) = &root.name {
            kept.entry(name).or_default().push(root);
        }
    }
    for named in comers {
        let name = named.name();
        let is_in_the_way = |other: &&&Standing| {
            let accounts = judge.account_of(other).zip(named.account().cloned());
            *other.identity.repository != *named.root.identity.repository && accounts.is_none_or(|(one, other)| one == other)
        };
        let Some(other) = kept.get(&*name).and_then(|others| others.iter().find(is_in_the_way)) else { continue };
        report(judge, &named, codes::NAME_COLLISION.severity, false);
        judge.between(&codes::NAME_COLLISION, format!("{} would get the name `{name}` of {}", named.root.identity, other.identity));
    }
}

fn report(judge: &mut Judge<'_>, named: &Named<'_>, severity: Severity, is_own: bool) {
    let Named { index, root, .. } = *named;
    let whose = if is_own { "another deployment of this repository" } else { "a deployment of another repository" };
    let words = FindingWords {
        code: &codes::NAME_COLLISION,
        severity,
        message: format!("the name `{}` of {} is the name of {whose} too, and both may be in one account", named.name(), root.identity),
        help: match severity {
            Severity::Error => "write another `project_name`, which the name is made of; or rename the environment or the service",
            Severity::Warning | Severity::Advice => {
                "both are kept, and nothing is stopped: an apply of either may fail; the service provider knows the other one"
            }
        }
        .to_owned(),
        labels: vec![(root.place.as_ref(), "this deployment".to_owned())],
    };
    judge.report(index, words);
}

/// True when the deployment has this name on disk.
fn stands(judge: &Judge<'_>, named: &Named<'_>) -> bool {
    let name = named.name();
    // Of named databases alone there is only whose they are.
    let has_it = |root: &Standing| match &root.name {
        Some(found) => **found == *name,
        None => root.has_entries_alone() && root.customer_id == named.facts.customer_id,
    };
    judge.standing(named.index).iter().any(|root| root.identity == named.root.identity && has_it(root))
}
