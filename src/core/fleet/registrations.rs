//! Entries of the registry that no repository has: where a repository that is not listed is one slip away, the entry is taken for its own.

use super::{FindingWords, Judge};
use crate::diagnostics::codes;
use crate::platform::{Origin, Platform, Registration};
use crate::source::Location;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// `misspelt-registration` for such a repository, which would otherwise lose its account, tier and id; `unused-registration` for other entries.
pub(super) fn run(judge: &mut Judge<'_>) {
    let platform = judge.fleet.platform;
    if platform.origin != Origin::File || !platform.has_registry() {
        return;
    }
    let unlisted: Vec<(usize, &str)> = judge
        .members()
        .map(|(index, customer, _)| (index, &*customer.repository))
        .filter(|(_, name)| platform.registry.get(name).is_none())
        .collect();
    if unlisted.is_empty() && !judge.fleet.is_whole {
        return;
    }
    // A run over the whole workspace has all of them at hand.
    let listed = if judge.fleet.is_whole { &[] } else { judge.fleet.repositories };
    let of_run = judge.fleet.customers.iter().filter(|_| judge.fleet.is_whole).map(|customer| &*customer.repository);
    let mut present: BTreeSet<&str> = BTreeSet::new();
    present.extend(listed.iter().map(String::as_str).chain(of_run));
    let is_unused = |entry: &&Registration| !entry.offboarded && !present.contains(entry.name.value.as_str());
    let unused: Vec<&Registration> = platform.registry.entries.values().filter(is_unused).collect();
    if unused.is_empty() {
        return;
    }
    // Who has roots on disk is only away.
    let has_roots = |entry: &&&Registration| judge.has_orphans(&entry.name.value);
    let slips = Slips::new(&unused.iter().filter(|entry| !has_roots(entry)).copied().collect::<Vec<_>>());
    let mut taken = BTreeSet::new();
    for (index, name) in unlisted {
        let Some(entry) = slips.of(name) else { continue };
        taken.insert(entry.name.value.clone());
        let place = judge.customer(index).and_then(|customer| customer.fleet.as_ref()?.place.as_ref());
        let words = FindingWords {
            code: &codes::MISSPELT_REGISTRATION,
            severity: codes::MISSPELT_REGISTRATION.severity,
            message: format!(
                "the repository `{name}` is not registered, but the registry has the entry `{}`, which no repository has",
                entry.name.value
            ),
            help: way_out(&entry.name.value, name),
            labels: vec![(place, "this repository".to_owned())],
        };
        judge.report(index, words);
    }
    let is_reported = |entry: &&Registration| entry.formerly.is_none() && !taken.contains(&entry.name.value);
    if !judge.fleet.is_whole {
        return;
    }
    for entry in unused.into_iter().filter(is_reported) {
        let name = &entry.name;
        let message = format!("no repository has the registry's entry `{}`", name.value);
        let Some(report) = platform.rules_of(&name.value).report(&codes::UNUSED_REGISTRATION, message) else { continue };
        let help = "fetch the repository, or remove the entry; for a customer that left write `offboarded: true` in it";
        let location = Location { file: Arc::clone(&platform.source), start: name.span.start, end: name.span.end };
        judge.found.push((None, report.at(Some(location), "").help(help)));
    }
}

/// True where a repository that is not listed is one slip away from an entry, so that it counts whether the entry's has roots on disk.
pub fn may_be_misspelt<'n>(repositories: impl Iterator<Item = &'n str>, platform: &Platform) -> bool {
    let mut unlisted = repositories.filter(|name| platform.registry.get(name).is_none()).peekable();
    if platform.origin != Origin::File || !platform.has_registry() || unlisted.peek().is_none() {
        return false;
    }
    let slips = Slips::new(&platform.registry.entries.values().collect::<Vec<_>>());
    unlisted.any(|name| slips.of(name).is_some())
}

/// How the registry says which repository it means. Two entries may not differ in case alone.
fn way_out(entry: &str, name: &str) -> String {
    let renames = format!("the service provider renames the entry `{entry}` to `{name}`");
    if entry.eq_ignore_ascii_case(name) {
        return renames;
    }
    format!("{renames}; if they are two customers, an entry `{name}: {{}}` of its own says so")
}

/// Names, found by what is left of them without one of their characters: two names one slip apart have such a rest in common.
struct Slips<'e> {
    by_rest: BTreeMap<String, Vec<&'e Registration>>,
}

impl<'e> Slips<'e> {
    fn new(entries: &[&'e Registration]) -> Self {
        let mut by_rest: BTreeMap<String, Vec<&Registration>> = BTreeMap::new();
        for entry in entries {
            for rest in rests(&entry.name.value) {
                by_rest.entry(rest).or_default().push(entry);
            }
        }
        Slips { by_rest }
    }

    /// The first entry, by name, that is one slip away.
    fn of(&self, name: &str) -> Option<&'e Registration> {
        let near = rests(name).into_iter().flat_map(|rest| self.by_rest.get(&rest).into_iter().flatten().copied());
        let near = near.filter(|entry| is_one_slip(&entry.name.value, name));
        // One that had this name is on its way here, and says so.
        let near = near.filter(|entry| entry.formerly.as_ref().is_none_or(|formerly| !formerly.value.eq_ignore_ascii_case(name)));
        near.min_by(|one, other| one.name.value.cmp(&other.name.value))
    }
}

/// A name without case and marks, and that with one character less, at each place.
fn rests(name: &str) -> BTreeSet<String> {
    let lower = name.to_ascii_lowercase();
    let without = |(at, letter): (usize, char)| {
        let mut rest = lower.clone();
        rest.replace_range(at..at + letter.len_utf8(), "");
        rest
    };
    let mut rests: BTreeSet<String> = BTreeSet::new();
    rests.extend(lower.char_indices().map(without));
    rests.insert(bare(name));
    rests.insert(lower);
    rests
}

fn bare(name: &str) -> String {
    name.chars().filter(|letter| !"-_.".contains(*letter)).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// True for one character left out, put in or changed, for two that changed places, and where only case or `-`, `_`, `.` differ.
fn is_one_slip(one: &str, other: &str) -> bool {
    let lower = |name: &str| name.to_ascii_lowercase();
    bare(one) == bare(other) || strsim::osa_distance(&lower(one), &lower(other)) <= 1
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::{is_one_slip, rests};

    #[test]
    fn names_one_slip_apart_have_a_rest_in_common() {
        let name = "initech-infra";
        let mut slips: Vec<String> = vec!["Initech-Infra".into(), "initech_infra".into(), "initechinfra".into(), "initech.infra".into()];
        for at in 0..=name.len() {
            let (start, end) = name.split_at(at);
            slips.push(format!("{start}x{end}"));
            if let Some(rest) = end.get(1..) {
                slips.push(format!("{start}{rest}"));
                slips.push(format!("{start}x{rest}"));
            }
            if let (Some(first), Some(second), Some(rest)) = (end.get(..1), end.get(1..2), end.get(2..)) {
                slips.push(format!("{start}{second}{first}{rest}"));
            }
        }
        for slip in slips {
            assert!(is_one_slip(name, &slip), "{slip}");
            assert!(!rests(name).is_disjoint(&rests(&slip)), "{slip}");
        }
        for other in ["initech-infrastructure", "init-infra", "initech", "umbrella-infra"] {
            assert!(!is_one_slip(name, other), "{other}");
        }
    }
}
