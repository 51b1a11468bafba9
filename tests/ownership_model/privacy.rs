//! Who sees what (rule 11): what is told to a customer holds nothing of another's.

use super::deployments::customer_id;
use super::disk::Disk;
use super::fleet::{Fleet, name_of};
use std::collections::{BTreeMap, BTreeSet};

/// Words of a text: names, ids and canaries stand between characters that none of them has.
fn words(text: &str) -> BTreeSet<String> {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || "-_.@".contains(letter);
    let words = text.split(|letter: char| !is_word(letter)).map(|word| word.trim_matches(['.', '-']).to_owned());
    words.filter(|word| !word.is_empty()).collect()
}

/// Networks of a text.
fn networks(text: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_ascii_digit() || ".".contains(letter) || letter == '/';
    let parts = text.split(|letter: char| !is_part(letter)).map(|part| part.trim_matches(['.', '/']));
    parts.filter(|part| part.contains('/') && part.matches('.').count() == 3).map(str::to_owned).collect()
}

/// What each customer may see and nobody else has by itself: by repository name, everything that its repositories ever said, and that the
/// registry and the tree say of it.
fn own(fleet: &Fleet, disks: &[&Disk], pathless: &BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    let mut own: BTreeMap<String, BTreeSet<String>> = pathless.clone();
    for (name, entry) in &fleet.registry {
        let words = own.entry(name.clone()).or_default();
        words.insert(name.clone());
        words.extend(entry.id.clone());
        words.extend(entry.account.clone());
        words.extend(entry.formerly.clone());
    }
    for path in fleet.repositories.keys() {
        let Some(content) = fleet.content(path) else { continue };
        let words = own.entry(name_of(path).to_owned()).or_default();
        words.insert(name_of(path).to_owned());
        words.insert(customer_id(fleet, path, content));
        words.extend(content.said.iter().cloned());
    }
    for (directory, seen) in disks.iter().flat_map(|disk| disk.iter()) {
        for owner in &seen.owners {
            let words = own.entry(fleet.current(&owner.repository)).or_default();
            words.insert(fleet.current(&owner.repository));
            words.insert(owner.repository.clone());
            words.extend(directory.split('/').next().map(str::to_owned));
            words.extend(seen.name.clone());
            words.extend(seen.network.clone());
        }
    }
    own
}

/// What has been said of each repository so far in a sequence.
pub(crate) fn remember(fleet: &Fleet, disk: &Disk, known: &mut BTreeMap<String, BTreeSet<String>>) {
    *known = own(fleet, &[disk], known);
}

/// The words of others that a diagnostic of a customer holds.
pub(crate) fn leaks(fleet: &Fleet, known: &BTreeMap<String, BTreeSet<String>>, diagnostic: &serde_json::Value) -> Vec<String> {
    let Some(customer) = diagnostic["customer"].as_str() else { return Vec::new() };
    // What a customer wrote under an earlier name of its directory is its own: its content remembers it.
    let mine = known.get(customer).cloned().unwrap_or_default();
    let mut shown = diagnostic.clone();
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("code");
        fields.remove("severity");
    }
    let text = shown.to_string();
    let found: BTreeSet<String> = words(&text).into_iter().chain(networks(&text)).collect();
    let of_others = known.iter().filter(|(name, _)| *name != customer).flat_map(|(_, words)| words);
    let others: BTreeSet<&String> = of_others.filter(|word| !mine.contains(*word)).collect();
    let shared = |word: &String| fleet.registry.contains_key(word) && customer == word;
    found.into_iter().filter(|word| others.contains(word) && !shared(word)).collect()
}
