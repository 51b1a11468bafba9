//! `not-granted`: a thing that exists already, named in an account that others may have things in. The role that applies a root reaches
//! all of the account, so that a name there is a right: the registry gives it, by an account of the customer's own or by a grant.

use super::{FindingWords, Judge, severity};
use crate::check::{FleetFacts, NamedThing, Right};
use crate::diagnostics::{Severity, and_list, codes};
use crate::platform::Origin;
use crate::tree::Standing;
use std::collections::{BTreeMap, BTreeSet};

/// Why something may not be named.
struct Refusal<'f> {
    thing: &'f NamedThing,
    severity: Severity,
    reason: String,
}

pub(super) fn run(judge: &mut Judge<'_>, failed: &BTreeSet<usize>) {
    for (index, _, facts) in judge.members().filter(|(index, ..)| !failed.contains(index)) {
        // A value that several deployments have is reported once, for the one that it is refused for.
        let mut refusals: BTreeMap<(&str, u32, &str), Refusal<'_>> = BTreeMap::new();
        for refusal in facts.named.iter().filter_map(|thing| refusal(judge, index, facts, thing)) {
            let at = (&*refusal.thing.place.file.path, refusal.thing.place.start, refusal.thing.key);
            match refusals.get(&at) {
                Some(first) if first.severity <= refusal.severity => {}
                _ => _ = refusals.insert(at, refusal),
            }
        }
        let nobody_knows = |refusal: &Refusal<'_>| refusal.severity == Severity::Advice;
        let asked: Vec<&NamedThing> = refusals.values().filter(|it| nobody_knows(it)).map(|it| it.thing).collect();
        advise(judge, index, &asked);
        for refusal in refusals.values().filter(|it| !nobody_knows(it)) {
            report(judge, index, refusal);
        }
    }
}

/// Why a thing may not be named; nothing where it may.
fn refusal<'f>(judge: &Judge<'f>, index: usize, facts: &FleetFacts, thing: &'f NamedThing) -> Option<Refusal<'f>> {
    let stands = || judge.standing(index).iter().any(|root| is_named_by(root, facts, thing));
    let refused = |reason: String| Some(Refusal { thing, severity: codes::NOT_GRANTED.severity, reason });
    let is_network = thing.is_network();
    let reason = match &thing.right {
        Right::NotGranted => return refused("so that nobody knows which it is".to_owned()),
        Right::InRegion(region) => return refused(format!("since the one of this name is in `{region}`")),
        Right::NobodyKnows if is_network && judge.fleet.is_for_tree => {
            return refused("since there is no registry here".to_owned());
        }
        Right::OwnAccount if stands() || !holds_anothers(judge, index, facts, thing) => return None,
        Right::OwnAccount => "in an account that others have things in still",
        Right::OtherAccount(account) => return refused(format!("in the account `{account}`, which is not the deployment's")),
        Right::SharedAccount => "in an account that others have things in",
        Right::NoAccount => "and is registered with no account of its own",
        Right::NobodyKnows if is_network || judge.fleet.platform.origin == Origin::Exported => {
            return Some(Refusal { thing, severity: Severity::Advice, reason: String::new() });
        }
        Right::NobodyKnows => return None,
    };
    let is_kept = !judge.fleet.platform.grants_required && stands();
    Some(Refusal { thing, severity: severity(&codes::NOT_GRANTED, is_kept), reason: reason.to_owned() })
}

/// True when roots of another customer stand in the account that the registry gives this one alone: what they have there goes when they go.
/// Where nothing of the customer changes, this was judged before.
fn holds_anothers(judge: &Judge<'_>, index: usize, facts: &FleetFacts, thing: &NamedThing) -> bool {
    let account = facts.account_of(&thing.environment);
    let registry = &judge.fleet.platform.registry;
    let owns = |repository: &str| facts.repository == repository || registry.are_one_customer(&facts.repository, repository);
    let is_anothers = |root: &Standing| judge.account_of(root).as_ref() == account && !owns(&root.identity.repository);
    (judge.fleet.may_differ)(index) && (judge.kept().iter().any(is_anothers) || judge.left_behind().iter().any(is_anothers))
}

/// True when a root on disk is the deployment's, and names the thing already. In another account that says nothing.
pub fn is_named_by(root: &Standing, facts: &FleetFacts, thing: &NamedThing) -> bool {
    let is_same = root.is_of(&thing.environment, &thing.region, thing.service.as_ref());
    let account = facts.account_of(&thing.environment);
    let is_there = root.account.is_none() || root.account.as_ref() == account;
    is_same && is_there && root.passes(thing.input, &thing.name)
}

/// Reports one thing that may not be named.
fn report(judge: &mut Judge<'_>, index: usize, refusal: &Refusal<'_>) {
    let Refusal { thing, severity, reason } = refusal;
    let NamedThing { existing, key, .. } = thing;
    let one = existing.one();
    let service = thing.service.as_ref().map(|service| format!(", service `{service}`")).unwrap_or_default();
    let deployment = format!("`{}` in `{}`{service}", thing.environment, thing.region);
    let grant = format!("ask your service provider to list it under `grants.{}` of your registry entry", existing.grant());
    let help = match severity {
        Severity::Error if matches!(thing.right, Right::InRegion(_)) => format!(
            "write the name of a network in `{0}`, or ask your service provider to grant one there; or write `vpc_cidr:` in the place of `{key}:`",
            thing.region
        ),
        Severity::Error if thing.is_network() => {
            format!("`{key}` takes the name of a grant and no id: {grant}; or write `vpc_cidr:` in the place of `{key}:`")
        }
        Severity::Error if matches!(thing.right, Right::OtherAccount(_)) => {
            format!("write {one} of the deployment's own account, or {grant}")
        }
        Severity::Error => format!("remove `{key}`, or {grant}, or for an account of your own"),
        Severity::Warning | Severity::Advice => format!("it is kept, since the root on disk has it already; {grant}"),
    };
    let label = match thing.right {
        _ if thing.is_network() => "not granted",
        Right::OtherAccount(_) => "of another account",
        _ => "may be another customer's",
    };
    let words = FindingWords {
        code: &codes::NOT_GRANTED,
        severity: *severity,
        message: format!("{deployment} names {one} that it was not granted, {reason}"),
        help,
        labels: vec![(Some(&thing.place), label.to_owned())],
    };
    judge.report(index, words);
}

/// Says once, to a customer who cannot see the registry, that it is asked.
fn advise(judge: &mut Judge<'_>, index: usize, asked: &[&NamedThing]) {
    let Some(first) = asked.first() else { return };
    let mut keys: BTreeSet<&str> = BTreeSet::new();
    keys.extend(asked.iter().map(|thing| thing.key));
    let words = FindingWords {
        code: &codes::NOT_GRANTED,
        severity: Severity::Advice,
        message: format!("your service provider decides what {} may name", and_list(keys)),
        help: "in an account that other customers have things in, ask your service provider to grant it before you merge".to_owned(),
        labels: vec![(Some(&first.place), "exists already".to_owned())],
    };
    judge.report(index, words);
}
