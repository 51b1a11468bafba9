//! One directory of the built-in modules against the files that it should hold. It is owned whole: what an earlier version made and this
//! one does not ship goes, as long as nobody edited it.

use super::root::{Change, DiskFile, FileState, RootDiff, is_cut_short, is_terraform_file};
use crate::emit::{GUARD_FILE, ModuleHeader};
use smol_str::SmolStr;

/// Compares a directory with the files that it should hold; none where the modules come from elsewhere.
pub fn plan_module(expected: Vec<(&str, String)>, disk: &[DiskFile]) -> RootDiff {
    let mut plan = RootDiff::default();
    for file in disk.iter().filter(|file| !expected.iter().any(|(name, _)| *name == file.name)) {
        let as_made = if file.name == GUARD_FILE { FileState::Interrupted } else { FileState::Unwanted };
        let (state, old) = state(file, None, as_made);
        // Somebody's text next to the modules does not concern us.
        if state == FileState::Foreign && !is_terraform_file(&file.name) {
            continue;
        }
        plan.changes.push(Change { name: file.name.clone(), state, old: Some(old), new: None });
    }
    for (name, text) in expected {
        let (state, old) = match disk.iter().find(|file| file.name == name) {
            None => (FileState::Missing, None),
            Some(file) if file.holds(&text) => {
                plan.unchanged += 1;
                continue;
            }
            Some(file) => {
                let (state, old) = state(file, Some(&text), FileState::Stale);
                (state, Some(old))
            }
        };
        plan.changes.push(Change { name: SmolStr::new(name), state, old, new: Some(text) });
    }
    plan
}

fn state(file: &DiskFile, whole: Option<&str>, as_made: FileState) -> (FileState, String) {
    let text = file.text();
    let state = match ModuleHeader::parse(&text) {
        _ if is_cut_short(file, whole) => FileState::Interrupted,
        None => FileState::Foreign,
        Some(header) if header.fits(&text) => as_made,
        Some(_) => FileState::HandEdited,
    };
    (state, text)
}
