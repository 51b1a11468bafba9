//! Writes what a move stages, and takes away what is left of one.

use super::output::Output;
use super::write::{Writer, remove_empty};
use terralet_core::emit::{MOVE_DIRECTORY, MOVED_FILE, memory, moved_to, record};
use terralet_core::failure::Failure;
use terralet_core::moves::Move;
use terralet_core::terraform::RootModule;
use terralet_core::tree::{Change, FileState, Tree};

/// Nothing of a move is read, written or removed through a link.
pub fn refuse_links(output: &Output, directory: &str) -> Result<(), Failure> {
    output.refuse_links(&format!("{directory}/{MOVE_DIRECTORY}"))
}

/// Writes all of it. The order matters to a run that is killed: first every old key is taken, then the new roots stand, with the old places
/// next to them, and only then are the old roots removed.
pub fn stage(output: &Output, moves: &[Move<'_>]) -> Result<(), Failure> {
    for moved in moves {
        refuse_links(output, &moved.old.directory)?;
        refuse_links(output, moved.new.key.directory())?;
    }
    let mut writer = Writer::default();
    for moved in moves.iter().filter(|moved| !moved.is_in_place() && !moved.old.goes_to(moved.new.key.directory())) {
        let file = output.root.join(&moved.old.directory).join(MOVED_FILE);
        writer.file(&file, &moved_to(&moved.old.identity, moved.new.key.directory()))?;
    }
    for moved in moves {
        write_root(output, &mut writer, moved)?;
    }
    for moved in moves {
        for name in &moved.goes {
            writer.remove(output.root.join(&moved.old.directory).join(name));
        }
    }
    writer.commit()?;
    for moved in moves.iter().filter(|moved| !moved.goes.is_empty()) {
        remove_empty(&output.root, &output.root.join(&moved.old.directory).join(MOVE_DIRECTORY));
    }
    Ok(())
}

fn write_root(output: &Output, writer: &mut Writer, moved: &Move<'_>) -> Result<(), Failure> {
    let root: &RootModule = moved.new;
    let directory = output.root.join(root.key.directory());
    let old_backend = (format!("{MOVE_DIRECTORY}/backend.tf"), &moved.old_backend);
    let memory = std::iter::once(old_backend).chain(moved.record.as_ref().map(|text| (record(), text)));
    let differs = |(name, text): &(String, &String)| output.text(&format!("{}/{name}", root.key.directory())).as_ref() != Some(*text);
    let memory = memory.filter(differs).map(|(name, text)| Change {
        name: name.into(),
        state: FileState::Missing,
        old: None,
        new: Some(text.clone()),
    });
    if moved.is_in_place() {
        // The root is there: what it remembers stands before the guard of the change goes.
        for change in memory {
            writer.file(&directory.join(&change.name), change.new.as_deref().unwrap_or(""))?;
        }
        return writer.root(&directory, &root.identity, &moved.changes, None);
    }
    let changes: Vec<Change> = memory.chain(moved.changes.iter().map(copy)).collect();
    // A directory that only has the word that its state went away gets its files one by one, and cannot be planned before the last.
    writer.root(&directory, &root.identity, &changes, Some(directory.parent().unwrap_or(&output.root)))
}

fn copy(change: &Change) -> Change {
    Change { name: change.name.clone(), state: change.state, old: None, new: change.new.clone() }
}

/// A move that is done.
#[derive(Debug)]
pub struct EndedMove<'e> {
    /// The root that the state came to.
    pub root: &'e str,
    /// The directory that it came from.
    pub from: &'e str,
    /// True when that directory still keeps its key taken.
    pub keeps: bool,
}

/// Takes away what is left of moves.
pub fn end(output: &Output, moves: &[EndedMove<'_>]) -> Result<(), Failure> {
    let path = |directory: &str| output.root.join(directory);
    let mut writer = Writer::default();
    for EndedMove { root, from, keeps } in moves {
        if *keeps {
            writer.remove(path(from).join(MOVED_FILE));
        }
        // The file that says from where goes last: until then the rest is found again.
        let memory = memory().map(|name| path(root).join(name));
        memory.into_iter().filter(|file| file.is_file()).for_each(|file| writer.remove(file));
        writer.remove(path(root).join(MOVED_FILE));
    }
    writer.commit()?;
    for EndedMove { root, from, .. } in moves {
        remove_empty(&output.root, &path(root).join(MOVE_DIRECTORY));
        remove_empty(&output.root, &path(from).join(MOVE_DIRECTORY));
        remove_empty(&output.root, &path(from));
    }
    Ok(())
}
