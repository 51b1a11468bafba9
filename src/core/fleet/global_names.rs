//! `name-collision` of a name that only one thing in all accounts of the cloud can have, where two deployments give it. The second of
//! them could not be made, or its data would be the first one's. Who has it on disk keeps it.

use super::{FindingWords, Judge, severity};
use crate::check::{FleetFacts, GlobalName};
use crate::diagnostics::{Severity, codes};
use crate::tree::Standing;
use std::collections::{BTreeMap, BTreeSet};

/// A name with the customer who gives it, by its number.
type NameOf<'f> = (usize, &'f FleetFacts, &'f GlobalName);

pub(super) fn run(judge: &mut Judge<'_>) {
    let mut by_name: BTreeMap<(&str, &str), Vec<NameOf<'_>>> = BTreeMap::new();
    for (index, _, facts) in judge.members() {
        for given in &facts.global_names {
            by_name.entry((given.input, &given.name)).or_default().push((index, facts, given));
        }
    }
    // A value that several deployments have is reported once.
    let mut said: BTreeSet<(usize, &str, u32)> = BTreeSet::new();
    for group in by_name.values() {
        let stands: Vec<bool> = group.iter().map(|given| stands(judge, *given)).collect();
        for (at, given) in group.iter().enumerate() {
            let own_stands = stands.get(at).copied().unwrap_or(false);
            // What stands is in the way of what stands alone.
            let is_in_the_way = |other: usize| other != at && (!own_stands || stands.get(other).copied().unwrap_or(false));
            let in_run =
                group.iter().enumerate().find(|(other, _)| is_in_the_way(*other)).map(|(_, (_, facts, _))| facts.repository.clone());
            let kept = || {
                judge
                    .kept()
                    .iter()
                    .filter(|_| !own_stands)
                    .find(|root| is_anothers(root, *given))
                    .map(|root| root.identity.repository.clone())
            };
            let Some(other) = in_run.or_else(kept) else { continue };
            let (index, facts, GlobalName { place, .. }) = *given;
            if said.insert((index, &place.file.path, place.start)) {
                report(judge, *given, severity(&codes::NAME_COLLISION, own_stands), other == facts.repository);
                between(judge, given, &other);
            }
        }
    }
}

fn between(judge: &mut Judge<'_>, (_, facts, given): &NameOf<'_>, other: &str) {
    if facts.repository == other {
        return;
    }
    let (first, second) = if *facts.repository <= *other { (&*facts.repository, other) } else { (other, &*facts.repository) };
    judge.between(&codes::NAME_COLLISION, format!("`{first}` and `{second}` have the name `{}`", given.name));
}

fn report(judge: &mut Judge<'_>, (index, _, given): NameOf<'_>, severity: Severity, is_own: bool) {
    let GlobalName { name, environment, region, service, place, .. } = given;
    let service = service.as_ref().map(|service| format!(", service `{service}`")).unwrap_or_default();
    let whose = if is_own { "another deployment has" } else { "somebody else has" };
    let words = FindingWords {
        code: &codes::NAME_COLLISION,
        severity,
        message: format!("`{environment}` in `{region}`{service} gives the name `{name}`, which {whose} too"),
        help: match (severity, is_own) {
            (Severity::Error, true) => {
                "only one in all accounts of the cloud can have a name: write `{{ environment }}`, `{{ region }}` or `{{ service }}` in it"
            }
            (Severity::Error, false) => "only one in all accounts of the cloud can have a name: choose another one",
            (Severity::Warning | Severity::Advice, _) => "both are kept, and nothing is stopped: an apply of either may fail",
        }
        .to_owned(),
        labels: vec![(Some(place), "this name".to_owned())],
    };
    judge.report(index, words);
}

/// True when the deployment's root has the name on disk.
fn stands(judge: &Judge<'_>, (index, _, given): NameOf<'_>) -> bool {
    let GlobalName { input, name, environment, region, service, .. } = given;
    judge.standing(index).iter().any(|root| root.is_of(environment, region, service.as_ref()) && root.passes(input, name))
}

/// True for a root on disk with the name, of another repository.
fn is_anothers(root: &Standing, (_, facts, given): NameOf<'_>) -> bool {
    root.identity.repository != facts.repository && root.passes(given.input, &given.name)
}
