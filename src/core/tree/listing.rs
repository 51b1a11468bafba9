//! What the generated tree holds: which directories there are, and which names each has. No file is read for it.

use crate::emit::{FILE_NAMES, GUARD_FILE, MOVED_FILE};
use std::path::PathBuf;

/// A directory that holds files that Terraform reads, with the files' names.
pub type Directory = (Box<str>, Names);

/// A part of the tree.
#[derive(Debug, Default)]
pub struct Listing {
    /// Directories that hold files that Terraform reads, sorted.
    pub directories: Vec<Directory>,
    /// Temporary files and directories that a killed run left.
    pub leftovers: Vec<PathBuf>,
    /// True when a link stands anywhere in it.
    pub has_links: bool,
    /// Links in the place of directories, below the output.
    pub links: Vec<String>,
}

/// The names of a directory's files that Terraform reads.
#[derive(Debug, Default, Clone)]
pub struct Names {
    own: Vec<&'static str>,
    others: Vec<String>,
}

/// The names that terralet's files have, in the order in which they are written.
fn own_names() -> impl Iterator<Item = &'static str> {
    FILE_NAMES.into_iter().chain([GUARD_FILE, MOVED_FILE])
}

impl Names {
    /// Adds a name.
    pub fn insert(&mut self, name: &str, is_regular: bool) {
        match own_names().find(|own| is_regular && *own == name) {
            Some(own) => self.own.push(own),
            None => self.others.push(name.to_owned()),
        }
    }

    /// Sorts the names, which a directory gives in any order.
    pub fn sort(&mut self) {
        self.own.sort_by_key(|name| own_names().position(|own| own == *name));
        self.others.sort_unstable();
    }

    /// Regular files with a name of terralet's, in the order in which they are written.
    pub fn own(&self) -> impl Iterator<Item = &'static str> {
        self.own.iter().copied()
    }

    /// Whatever else Terraform reads, or would read.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        self.others.iter().map(String::as_str)
    }

    /// Each name.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.own().map(|name| -> &str { name }).chain(self.others())
    }

    /// Each name that is one of terralet's, of a regular file or not.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.iter().filter(|name| own_names().any(|own| own == *name))
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.others.is_empty()
    }
}

impl Listing {
    /// The names of a directory's files.
    pub fn names(&self, directory: &str) -> Option<&Names> {
        self.directories.get(self.index(directory)?).map(|(_, names)| names)
    }

    fn index(&self, directory: &str) -> Option<usize> {
        self.directories.binary_search_by(|(known, _)| (**known).cmp(directory)).ok()
    }

    /// The directories that are not among some others.
    pub fn without<'l>(&'l self, others: impl Iterator<Item = &'l str>) -> impl Iterator<Item = &'l Directory> {
        let mut is_other = vec![false; self.directories.len()];
        let mut next = 0;
        for other in others {
            // Nearly always they come in the order of the listing.
            let is_next = self.directories.get(next).is_some_and(|(directory, _)| **directory == *other);
            let Some(index) = (if is_next { Some(next) } else { self.index(other) }) else { continue };
            is_other.get_mut(index).into_iter().for_each(|is_other| *is_other = true);
            next = index + 1;
        }
        self.directories.iter().zip(is_other).filter(|(_, is_other)| !is_other).map(|(directory, _)| directory)
    }

    /// Adds other parts.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Listing>) {
        let others: Vec<Listing> = others.into_iter().collect();
        self.directories.reserve_exact(others.iter().map(|other| other.directories.len()).sum());
        for other in others {
            self.directories.extend(other.directories);
            self.leftovers.extend(other.leftovers);
            self.has_links |= other.has_links;
            self.links.extend(other.links);
        }
        self.directories.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    }
}
