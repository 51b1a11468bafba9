//! `state-key-collision`: two deployments of one key, before anything is written. Who has it on disk keeps it.

use super::{FindingWords, Judge};
use crate::compile::Root;
use crate::diagnostics::codes;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

pub(super) fn run(judge: &mut Judge<'_>, failed: &BTreeSet<usize>) {
    // By a number first, so that no key of a large fleet is held twice.
    let number = |root: &Root| {
        let mut hasher = DefaultHasher::new();
        root.key.directory().hash(&mut hasher);
        hasher.finish()
    };
    let customers = judge.fleet.customers;
    let roots = || {
        let wanted = customers.iter().enumerate().filter(|(index, _)| !failed.contains(index));
        wanted.flat_map(|(index, customer)| customer.roots.iter().flatten().map(move |root| (index, root)))
    };
    let mut keys: Vec<u64> = roots().map(|(_, root)| number(root)).collect();
    keys.sort_unstable();
    let twice: BTreeSet<u64> =
        keys.windows(2).filter(|pair| pair.first() == pair.last()).filter_map(|pair| pair.first().copied()).collect();
    drop(keys);
    if twice.is_empty() {
        return;
    }
    let mut alike: Vec<(usize, &Root)> = roots().filter(|(_, root)| twice.contains(&number(root))).collect();
    alike.sort_by(|(_, one), (_, other)| one.key.cmp(&other.key));
    for group in alike.chunk_by(|(_, one), (_, other)| one.key == other.key).filter(|group| group.len() > 1) {
        let owner = group.first().and_then(|(_, root)| (judge.fleet.on_disk)(root.key.directory())).map(|standing| standing.identity);
        let is_owner = |root: &Root| owner.as_ref() == Some(&root.identity);
        for (index, root) in group.iter().filter(|(_, root)| !is_owner(root)) {
            let is_own = group.iter().all(|(other, _)| other == index);
            let words = FindingWords {
                code: &codes::STATE_KEY_COLLISION,
                severity: codes::STATE_KEY_COLLISION.severity,
                message: if is_own {
                    format!("two deployments have the state key `{}`", root.key.with_file())
                } else {
                    format!("a deployment of another repository has the state key `{}` of {} too", root.key.with_file(), root.identity)
                },
                help: "rename an environment or a service, or let the registry give the repositories customer ids of their own".to_owned(),
                labels: vec![(root.place.as_ref(), format!("the key of {}", root.identity))],
            };
            judge.report(*index, words);
        }
        let named: Vec<String> = group.iter().map(|(_, root)| judge.named(&root.identity.to_string(), root.place.as_ref())).collect();
        let key = group.first().map(|(_, root)| root.key.with_file()).unwrap_or_default();
        if group.windows(2).any(|pair| pair.first().map(|(one, _)| one) != pair.last().map(|(other, _)| other)) {
            judge.between(&codes::STATE_KEY_COLLISION, format!("{} have the key `{key}`", named.join(" and ")));
        }
    }
}
