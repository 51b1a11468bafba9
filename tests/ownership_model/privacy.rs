//! Who sees what (rule 11): what is reported to a customer holds nothing of another's.

use super::claims::is_slip;
use super::deployments::{customer_id, deployments};
use super::disk::Disk;
use super::fleet::{Fleet, name_of};
use super::names::Names;
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

/// Adds what each customer may see and nobody else has by itself: by repository name, everything that its repositories ever said, and that
/// the registry and the tree say of it.
pub(crate) fn remember(fleet: &Fleet, disk: &Disk, names: &Names, own: &mut BTreeMap<String, BTreeSet<String>>) {
    for (name, entry) in &fleet.registry {
        let words = own.entry(name.clone()).or_default();
        words.insert(name.clone());
        words.extend(entry.id.clone());
        words.extend(std::iter::once(&entry.everywhere).chain(entry.environments.values()).filter_map(|it| it.account.clone()));
        words.extend(entry.formerly.clone());
    }
    for path in fleet.repositories.keys() {
        let Some(content) = fleet.content(path) else { continue };
        let words = own.entry(name_of(path).to_owned()).or_default();
        words.insert(name_of(path).to_owned());
        words.insert(customer_id(fleet, path, content));
        words.extend(content.said.iter().cloned());
        words.extend(deployments(fleet, path).iter().filter_map(|deployment| names.written(&deployment.name)));
    }
    for (directory, seen) in disk {
        for owner in &seen.owners {
            let words = own.entry(fleet.current(&owner.repository)).or_default();
            words.insert(fleet.current(&owner.repository));
            words.insert(owner.repository.clone());
            words.extend(directory.split('/').next().map(str::to_owned));
            words.extend(seen.id.clone());
            words.extend(seen.name.clone());
            words.extend(seen.network.clone());
            words.extend(seen.account.clone());
        }
    }
}

/// The words of others that a diagnostic of a customer holds.
pub(crate) fn leaks(known: &BTreeMap<String, BTreeSet<String>>, diagnostic: &serde_json::Value) -> Vec<String> {
    let Some(customer) = diagnostic["customer"].as_str() else { return Vec::new() };
    // What a customer wrote under an earlier name of its directory is its own: its content remembers it.
    let mine = known.get(customer).cloned().unwrap_or_default();
    let mut shown = diagnostic.clone();
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("code");
        fields.remove("severity");
    }
    if let Some(help) = shown["help"].as_str().and_then(|help| help.split(" such as `").next()) {
        // A network that is free in the account may be somebody's in another.
        shown["help"] = help.to_owned().into();
    }
    let text = shown.to_string();
    let found: BTreeSet<String> = words(&text).into_iter().chain(networks(&text)).collect();
    let of_others = known.iter().filter(|(name, _)| *name != customer).flat_map(|(_, words)| words);
    let others: BTreeSet<&String> = of_others.filter(|word| !mine.contains(*word)).collect();
    // Whose entry the provider misspelt has to see it.
    let is_meant = |word: &String| diagnostic["code"] == "misspelt-registration" && is_slip(word, customer);
    found.into_iter().filter(|word| others.contains(word) && !is_meant(word)).collect()
}
