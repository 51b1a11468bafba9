//! `customer_id` against the tree: an id that a root of another repository has on disk is that one's until its root is written with another
//! or pruned, although its documents may say something else by now, or are not in the run.

use super::repositories::{claimed, conflict_help};
use super::{FindingWords, Judge};
use crate::diagnostics::codes;
use smol_str::SmolStr;
use std::collections::BTreeMap;

pub(super) fn run(judge: &mut Judge<'_>) {
    if !judge.keeps_anything() {
        return;
    }
    let mut comers = Vec::new();
    for (index, customer, facts) in judge.members() {
        let Some(id) = facts.customer_id.as_deref().filter(|_| !facts.registered) else { continue };
        // Of whom nothing is written whatever its id is, nothing more is said.
        let comes = (judge.fleet.may_differ)(index) && !(judge.fleet.has_errors)(index);
        if comes && !judge.standing(index).iter().any(|root| root.customer_id.as_deref() == Some(id)) {
            comers.push((index, customer, facts, id));
        }
    }
    if comers.is_empty() {
        return;
    }
    let mut owners: BTreeMap<SmolStr, SmolStr> = BTreeMap::new();
    for root in judge.kept().iter().cloned().chain(judge.left()) {
        if let Some(id) = root.customer_id {
            owners.entry(id).or_insert(root.identity.repository);
        }
    }
    for (index, customer, facts, id) in comers {
        let Some(owner) = owners.get(id).filter(|owner| **owner != *customer.repository) else { continue };
        let words = FindingWords {
            code: &codes::CUSTOMER_ID_CONFLICT,
            severity: codes::CUSTOMER_ID_CONFLICT.severity,
            message: format!("the customer_id `{id}` belongs to another repository, which was compiled with it"),
            help: format!("{}; if this repository was renamed, with `formerly`", conflict_help(id, codes::CUSTOMER_ID_CONFLICT.severity)),
            labels: vec![(facts.claim.as_ref(), claimed(facts).to_owned())],
        };
        judge.report(index, words);
        let claimant = judge.named(&customer.repository, facts.claim.as_ref());
        judge.between(&codes::CUSTOMER_ID_CONFLICT, format!("{claimant} claims the customer_id `{id}`, which roots of `{owner}` have"));
    }
}
