//! The generated tree as it is read. What is decided about a tree is decided from this; the host reads and writes.

use super::{Directory, DiskFile, Listing, Names, RootDiff, Standing, is_elsewhere};
use crate::emit::{Header, MOVED_FILE, MoveNote, unknown_word};
use crate::failure::Failure;
use crate::platform::Platform;
use std::path::Path;

/// A generated tree. Directories and files are named below its top, with `/`. What cannot be read is a failure that ends the run: nothing is
/// decided from half of a tree.
pub trait Tree: Sync {
    /// A file or directory as people see it, relative to the workspace.
    fn shown(&self, path: &str) -> String;

    /// What a path in a file of a directory leads to, as people see it; the path may be absolute.
    fn shown_from(&self, directory: &str, path: &str) -> String;

    /// True where a path in a file of a directory leads to something.
    fn leads_somewhere(&self, directory: &str, path: &str) -> bool;

    /// True for a plain file, or a link to one.
    fn is_file(&self, path: &str) -> bool;

    /// Refuses a link in the place of a directory or of one above it: nothing is read or written through it.
    fn refuse_links(&self, directory: &str) -> Result<(), Failure>;

    /// What stands right at the top: the directories, in any order, and the rest.
    fn top(&self) -> Result<(Vec<String>, Listing), Failure>;

    /// Lists what is below a directory, without dot directories and without following links.
    fn list(&self, below: &str) -> Result<Listing, Failure>;

    /// The names of the files of a directory that Terraform reads; none for a directory that is not there.
    fn names(&self, directory: &str) -> Result<Names, Failure>;

    /// The files of a directory that was listed.
    fn files(&self, directory: &str, names: &Names) -> Result<Vec<DiskFile>, Failure>;

    /// A file by its path; nothing where there is none. Of a link, a pipe or a device there are no bytes.
    fn file(&self, path: &str) -> Result<Option<DiskFile>, Failure>;

    /// The first line of each of several roots' directories, as [`header`] has it.
    fn headers(&self, directories: &[&Directory]) -> Result<Vec<Option<Header>>, Failure>;

    /// The text of a file that terralet owns whole; nothing where there is none that it could have made.
    fn text(&self, path: &str) -> Option<String> {
        self.file(path).ok().flatten().and_then(|file| String::from_utf8(file.bytes).ok())
    }

    /// What the file of a move says in a directory that was listed; nothing where there is none as terralet made it.
    fn move_note(&self, directory: &str, names: &Names) -> Result<Option<MoveNote>, Failure> {
        if !names.known().any(|name| name == MOVED_FILE) {
            return Ok(None);
        }
        Ok(MoveNote::parse(&listed(self, &format!("{directory}/{MOVED_FILE}"))?))
    }

    /// True when the root in `to` says that its state comes from `from`, so that everything that a move takes stands there.
    fn is_staged(&self, from: &str, to: &str) -> Result<bool, Failure> {
        let note = self.move_note(to, &self.names(to)?)?;
        Ok(note.is_some_and(|note| note == MoveNote::From(from.to_owned())))
    }

    /// What stands in a directory; nothing where no root of terralet's does.
    fn standing(&self, directory: &str, platform: &Platform) -> Option<Standing> {
        self.refuse_links(directory).ok()?;
        let text = |name| self.text(&format!("{directory}/{name}"));
        Standing::read(text("main.tf").as_deref(), text("providers.tf").as_deref(), platform)
    }

    /// What a newer version of terralet wrote is neither judged nor written over.
    fn refuse_newer(&self, directory: &str, plan: &RootDiff) -> Result<(), Failure> {
        let mut texts = plan.changes.iter().filter_map(|change| Some((&change.name, change.old.as_ref()?)));
        texts.try_for_each(|(name, old)| refuse_newer(&self.shown(&format!("{directory}/{name}")), old))
    }
}

/// The first line of a root's directory, read from the first of its files that has one. A `backend.tf` with another directory's key came
/// from elsewhere, and counts behind the others.
pub fn header<T: Tree + ?Sized>(tree: &T, directory: &str, names: &Names) -> Result<Option<Header>, Failure> {
    let mut elsewhere = None;
    for name in names.known() {
        let path = format!("{directory}/{name}");
        let text = listed(tree, &path)?;
        refuse_newer(&tree.shown(&path), &text)?;
        match Header::parse(&text) {
            Some(header) if is_elsewhere(directory, name, &text) => elsewhere = Some(header),
            Some(header) => return Ok(Some(header)),
            None => {}
        }
    }
    Ok(elsewhere)
}

/// The text of a file that was listed.
fn listed<T: Tree + ?Sized>(tree: &T, path: &str) -> Result<String, Failure> {
    match tree.file(path)? {
        Some(file) => Ok(String::from_utf8_lossy(&file.bytes).into_owned()),
        None => Err(Failure::io("read", Path::new(&tree.shown(path)), "it was there a moment ago")),
    }
}

fn refuse_newer(shown: &str, text: &str) -> Result<(), Failure> {
    match unknown_word(text) {
        None => Ok(()),
        Some(word) => Err(Failure::usage(
            format!("`{shown}` was written by a newer version of terralet"),
            format!("run that version, or a later one: {} does not know `{word}` in the file's first line", env!("CARGO_PKG_VERSION")),
        )),
    }
}
