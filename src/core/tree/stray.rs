//! Whose a root's directory is, and which of its files came from elsewhere.

use super::fate::current_identity;
use super::root::{DiskFile, FileState, RootDiff};
use crate::emit::{FILE_NAMES, GUARD_FILE, Header, MOVED_FILE};
use crate::platform::Platform;
use crate::terraform::RootIdentity;

/// Whose a directory is, by the first of its files that says it.
pub(super) fn owner(directory: &str, disk: &[DiskFile]) -> Option<RootIdentity> {
    let names = FILE_NAMES.into_iter().chain([GUARD_FILE, MOVED_FILE]);
    let there = names.filter_map(|name| disk.iter().find(|file| file.name == name));
    let mut elsewhere = None;
    for file in there {
        let text = String::from_utf8_lossy(&file.bytes);
        let Some(header) = Header::parse(&text) else { continue };
        if !is_elsewhere(directory, &file.name, &text) {
            return Some(header.identity);
        }
        elsewhere = Some(header.identity);
    }
    elsewhere
}

/// True for a `backend.tf` whose key is another directory's. Whose a directory is, it says behind every other file.
pub fn is_elsewhere(directory: &str, name: &str, text: &str) -> bool {
    let is_key = |at: usize| {
        let (Some(before), Some(behind)) = (text.get(..at), text.get(at + directory.len()..)) else { return false };
        before.ends_with(['"', '/']) && (behind.starts_with('"') || behind.starts_with("/terraform.tfstate\""))
    };
    name == "backend.tf" && !text.match_indices(directory).any(|(at, _)| is_key(at))
}

/// Takes the files of a directory that name another deployment than its owner, who has its name of now, for what they are: put there from
/// elsewhere. Only a run that died over a root, whose guard stands, leaves files of two deployments of one repository.
pub fn mark_strays(plan: &mut RootDiff, owner: &RootIdentity, disk: &[DiskFile], platform: &Platform) {
    let is_guarded = disk.iter().any(|file| file.name == GUARD_FILE);
    for change in plan.changes.iter_mut().filter(|change| change.name != MOVED_FILE) {
        let Some(header) = change.old.as_deref().and_then(Header::parse) else { continue };
        let named = current_identity(&header.identity, platform);
        if named.repository != owner.repository {
            // Nothing of another repository is shown.
            change.old = None;
        } else if named == *owner || is_guarded {
            continue;
        }
        change.state = FileState::Stray;
    }
}
