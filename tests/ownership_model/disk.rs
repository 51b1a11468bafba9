//! The generated tree as it is on disk, read by what docs/output.md says of its files.

use super::deployments::Identity;
use super::tree::{Kind, Note};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A directory with at least one file of terralet's.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    /// The files of the directory, and of `.moved` in it.
    pub(crate) files: BTreeMap<String, String>,
    /// Whose the files are, each once. What a move left keeps its first line while the root next to it changes.
    pub(crate) owners: Vec<Identity>,
    pub(crate) kind: Kind,
    pub(crate) note: Option<Note>,
    pub(crate) place: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) network: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) interrupted: bool,
}

/// Directory to what is in it.
pub(crate) type Disk = BTreeMap<String, Seen>;

/// Reads the tree. What a killed run leaves under names of its own is no root.
pub(crate) fn read(output: &Path) -> Disk {
    let mut found = Disk::new();
    let mut open = vec![String::new()];
    while let Some(directory) = open.pop() {
        let Ok(entries) = fs::read_dir(output.join(&directory)) else { continue };
        let mut files = BTreeMap::new();
        for entry in entries {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(".terralet-") {
                continue;
            }
            if entry.path().is_file() {
                files.insert(name, fs::read_to_string(entry.path()).unwrap());
            } else if name == ".moved" {
                for inner in fs::read_dir(entry.path()).unwrap() {
                    let inner = inner.unwrap();
                    files.insert(format!(".moved/{}", inner.file_name().to_string_lossy()), fs::read_to_string(inner.path()).unwrap());
                }
            } else {
                open.push(if directory.is_empty() { name } else { format!("{directory}/{name}") });
            }
        }
        if let Some(seen) = seen(files) {
            found.insert(directory, seen);
        }
    }
    found
}

fn seen(files: BTreeMap<String, String>) -> Option<Seen> {
    let mut owners: Vec<Identity> = Vec::new();
    let of_root = |name: &str| !name.starts_with('.') && (name != "moved.tf" || files.len() == 1);
    for owner in files.iter().filter(|(name, _)| of_root(name)).filter_map(|(_, text)| owner(text)) {
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    if owners.is_empty() {
        return None;
    }
    let note = files.get("moved.tf").and_then(|text| note(text));
    let is_of_tombstone = |name: &str| ["backend.tf", "versions.tf", "providers.tf", "moved.tf"].contains(&name);
    let own: Vec<&String> = files.keys().filter(|name| !name.starts_with('.')).collect();
    let kind = match &note {
        Some(Note::To(_)) if own.len() == 1 => Kind::Left,
        _ if own.iter().all(|name| is_of_tombstone(name)) => Kind::Tombstone,
        _ => Kind::Live,
    };
    let backend = files.get("backend.tf").map(String::as_str).unwrap_or_default();
    let words = |names: &[&str]| names.iter().map(|name| value(backend, name)).collect::<Option<Vec<String>>>();
    let place = words(&["bucket", "key"]).or_else(|| words(&["address"])).or_else(|| words(&["hostname", "organization", "name"]));
    let place = place.map(|words| words.join(" ").trim_end_matches("/terraform.tfstate").to_owned());
    let main = files.get("main.tf").map(String::as_str).unwrap_or_default();
    let providers = files.get("providers.tf").map(String::as_str).unwrap_or_default();
    let (id, account) = (value(providers, "\"customer_id\""), value(&providers.replace(['[', ']'], ""), "allowed_account_ids"));
    let (name, network) = (value(main, "name"), value(main, "vpc_cidr"));
    let interrupted = files.contains_key("interrupted.tf");
    Some(Seen { files, owners, kind, note, place, id, name, network, account, interrupted })
}

/// The identity of a first line.
fn owner(text: &str) -> Option<Identity> {
    let words = text.lines().next()?.strip_prefix("# Made by terralet, do not edit: ")?;
    let of = |key: &str| words.split(' ').find_map(|word| word.strip_prefix(key)?.strip_prefix('=')).map(str::to_owned);
    Some(Identity {
        repository: of("repository")?,
        environment: of("environment")?,
        region: of("region")?,
        service: of("service").filter(|service| service != "-"),
    })
}

fn note(text: &str) -> Option<Note> {
    let line = text.lines().nth(1)?;
    let from = line.strip_prefix("# Moved from: ").map(|from| Note::From(from.to_owned()));
    from.or_else(|| line.strip_prefix("# Moved to: ").map(|to| Note::To(to.to_owned())))
}

/// The first text of an argument.
fn value(text: &str, argument: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
        (key.trim() == argument).then(|| value.to_owned())
    })
}
