//! The generated tree on disk: which directories there are, and what is in one.

use super::failure::Failure;
use super::workspace::slashes;
use crate::emit::{FILE_NAMES, GUARD_FILE, Header, MOVED_FILE, MoveNote};
use crate::tree::{DiskFile, is_terraform_file};
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The directory of the built-in modules below the output.
pub(super) const MODULES: &str = "modules";

/// The one file of a built-in module that Terraform does not read.
pub(super) const README: &str = "README.md";

/// How the files of a run itself are named: temporary ones, and the lock.
pub(super) const OWN_PREFIX: &str = ".terralet-";
/// How temporary files end.
pub(super) const TEMPORARY_SUFFIX: &str = ".tmp";

/// The generated tree.
#[derive(Debug)]
pub(super) struct Output {
    /// Its directory.
    pub(super) root: PathBuf,
}

/// A part of the tree.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Directories that hold files that Terraform reads, with the files' names, sorted.
    pub(super) directories: Vec<(Box<str>, Names)>,
    /// Temporary files and directories that a killed run left.
    pub(super) leftovers: Vec<PathBuf>,
}

/// The names of a directory's files. Regular files with a name of terralet's, which are nearly all in a tree of any size, are one bit each.
#[derive(Debug, Default, Clone)]
pub(super) struct Names {
    own: u8,
    others: Vec<Box<str>>,
}

/// The names that are bits.
const OWN_NAMES: [&str; 8] =
    [FILE_NAMES[0], FILE_NAMES[1], FILE_NAMES[2], FILE_NAMES[3], FILE_NAMES[4], FILE_NAMES[5], GUARD_FILE, MOVED_FILE];

impl Names {
    fn insert(&mut self, name: &str, is_regular: bool) {
        match OWN_NAMES.iter().position(|own| is_regular && *own == name) {
            Some(bit) => self.own |= 1 << bit,
            None => self.others.push(name.into()),
        }
    }

    /// Each name.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.own().map(|name| -> &str { name }).chain(self.others.iter().map(|name| &**name))
    }

    fn own(&self) -> impl Iterator<Item = &'static str> {
        OWN_NAMES.iter().enumerate().filter(|(bit, _)| self.own & (1 << bit) != 0).map(|(_, name)| *name)
    }
}

impl Listing {
    /// The names of a directory's files.
    pub(super) fn names(&self, directory: &str) -> Option<&Names> {
        let index = self.directories.binary_search_by(|(known, _)| (**known).cmp(directory)).ok()?;
        self.directories.get(index).map(|(_, names)| names)
    }

    /// Adds other parts.
    pub(super) fn extend(&mut self, others: impl IntoIterator<Item = Listing>) {
        for other in others {
            self.directories.extend(other.directories);
            self.leftovers.extend(other.leftovers);
        }
        self.directories.sort_by(|(one, _), (other, _)| one.cmp(other));
    }
}

impl Output {
    /// The names of the prefixes: the directories right below the output.
    pub(super) fn prefixes(&self) -> Result<Vec<String>, Failure> {
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Failure::io("list", &self.root, error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Failure::io("list", &self.root, error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Lists the tree, those of its prefixes that are wanted, in parallel.
    pub(super) fn list_all(&self, wanted: impl Fn(&str) -> bool) -> Result<Listing, Failure> {
        let prefixes = self.prefixes()?;
        let wanted: Vec<&String> = prefixes.iter().filter(|prefix| wanted(prefix)).collect();
        let parts: Vec<Listing> = wanted.par_iter().map(|prefix| self.list(prefix)).collect::<Result<_, _>>()?;
        let mut listing = self.walk(WalkDir::new(&self.root).max_depth(1), &self.root)?;
        listing.extend(parts);
        Ok(listing)
    }

    /// Lists a directory below the output, without dot directories and without following links.
    pub(super) fn list(&self, below: &str) -> Result<Listing, Failure> {
        let start = self.root.join(below);
        if start.exists() { self.walk(WalkDir::new(&start), &start) } else { Ok(Listing::default()) }
    }

    fn walk(&self, walk: WalkDir, start: &Path) -> Result<Listing, Failure> {
        let mut listing = Listing::default();
        if !start.exists() {
            return Ok(listing);
        }
        let mut entries = walk.follow_links(false).into_iter();
        // The directory of the entry before: nearly always that of the next one too.
        let mut last: Option<(PathBuf, usize)> = None;
        while let Some(entry) = entries.next() {
            let entry = entry.map_err(|error| {
                let path = error.path().map_or_else(|| start.to_owned(), Path::to_owned);
                Failure::io("list", &path, error.into())
            })?;
            let name = entry.file_name().to_string_lossy();
            let kind = entry.file_type();
            let is_own = name.starts_with(OWN_PREFIX) && name.ends_with(TEMPORARY_SUFFIX);
            if is_own && entry.depth() > 0 && (kind.is_file() || kind.is_dir()) {
                if kind.is_dir() {
                    entries.skip_current_dir();
                }
                listing.leftovers.push(entry.into_path());
                continue;
            }
            if kind.is_dir() {
                if entry.depth() > 0 && name.starts_with('.') {
                    entries.skip_current_dir();
                }
                continue;
            }
            if !is_terraform_file(&name) {
                continue;
            }
            let Some(parent) = entry.path().parent() else { continue };
            let index = match &last {
                Some((path, index)) if path == parent => *index,
                _ => {
                    let directory = parent.strip_prefix(&self.root).map(slashes).unwrap_or_default();
                    let known = listing.directories.iter().position(|(known, _)| **known == *directory);
                    let index = known.unwrap_or(listing.directories.len());
                    if known.is_none() {
                        listing.directories.push((directory.into_boxed_str(), Names::default()));
                    }
                    last = Some((parent.to_owned(), index));
                    index
                }
            };
            if let Some((_, names)) = listing.directories.get_mut(index) {
                names.insert(&name, kind.is_file());
            }
        }
        listing.directories.sort_by(|(one, _), (other, _)| one.cmp(other));
        // A directory gives its entries in any order.
        listing.directories.iter_mut().for_each(|(_, names)| names.others.sort());
        listing.leftovers.sort();
        Ok(listing)
    }

    /// The names of the files of a directory that Terraform reads; none for a directory that is not there.
    pub(super) fn names(&self, directory: &str) -> Result<Names, Failure> {
        self.refuse_links(directory)?;
        let path = self.root.join(directory);
        let mut names = Names::default();
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(names),
            Err(error) => return Err(Failure::io("list", &path, error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| Failure::io("list", &path, error))?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let kind = entry.file_type().map_err(|error| Failure::io("look at", &path, error))?;
            if is_terraform_file(&name) && !kind.is_dir() {
                names.insert(&name, kind.is_file());
            }
        }
        names.others.sort();
        Ok(names)
    }

    /// Nothing is read or written through a link below the output: it could lead anywhere.
    pub(super) fn refuse_links(&self, directory: &str) -> Result<(), Failure> {
        let mut path = self.root.clone();
        for part in directory.split('/').filter(|part| !part.is_empty()) {
            path.push(part);
            let Ok(metadata) = fs::symlink_metadata(&path) else {
                // What is not there has nothing below it; what cannot be looked at is told when it is read.
                return Ok(());
            };
            if metadata.file_type().is_symlink() {
                return Err(Failure::usage(
                    format!("`{}` is a link", path.display()),
                    "remove it: what is generated is never read or written through links",
                ));
            }
        }
        Ok(())
    }

    /// The files of a directory that was listed and that Terraform reads.
    pub(super) fn files(&self, directory: &str, names: &Names) -> Result<Vec<DiskFile>, Failure> {
        let mut path = self.root.join(directory);
        let mut files = Vec::new();
        let own = names.own().map(|name| (name, true));
        for (name, is_regular) in own.chain(names.others.iter().map(|name| (&**name, false))) {
            path.push(name);
            // The listing has said already what is a regular file.
            let (bytes, is_regular) = match is_regular {
                true => (fs::read(&path).map_err(|error| Failure::io("read", &path, error))?, true),
                false => own_bytes(&path)?,
            };
            files.push(DiskFile { name: name.to_owned(), bytes, is_regular });
            path.pop();
        }
        Ok(files)
    }

    /// The files of a directory of the built-in modules: what Terraform reads, and the README.
    pub(super) fn module_files(&self, directory: &str, names: Option<&Names>) -> Result<Vec<DiskFile>, Failure> {
        let mut files = names.map_or(Ok(Vec::new()), |names| self.files(directory, names))?;
        let readme = self.root.join(directory).join(README);
        if readme.exists() {
            let (bytes, is_regular) = own_bytes(&readme)?;
            files.push(DiskFile { name: README.to_owned(), bytes, is_regular });
        }
        Ok(files)
    }

    /// The first line of a root's directory, read from the first of its files that has one.
    pub(super) fn header(&self, directory: &str, names: &Names) -> Result<Option<Header>, Failure> {
        for name in names.iter().filter(|name| OWN_NAMES.contains(name)) {
            let (text, _) = own_bytes(&self.root.join(directory).join(name))?;
            if let Some(header) = Header::parse(&String::from_utf8_lossy(&text)) {
                return Ok(Some(header));
            }
        }
        Ok(None)
    }

    /// What the file of a move says in a directory that was listed; nothing where there is none as terralet made it.
    pub(super) fn move_note(&self, directory: &str, names: &Names) -> Result<Option<MoveNote>, Failure> {
        if !names.iter().any(|name| name == MOVED_FILE) {
            return Ok(None);
        }
        let (bytes, _) = own_bytes(&self.root.join(directory).join(MOVED_FILE))?;
        Ok(MoveNote::parse(&String::from_utf8_lossy(&bytes)))
    }

    /// True when the root in `to` says that its state comes from `from`, so that everything that a move takes stands there.
    pub(super) fn is_staged(&self, from: &str, to: &str) -> Result<bool, Failure> {
        let note = self.move_note(to, &self.names(to)?)?;
        Ok(note.is_some_and(|note| note == MoveNote::From(from.to_owned())))
    }

    /// The text of a file that terralet owns whole; nothing where there is none that it could have made.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        own_bytes(&self.root.join(path)).ok().and_then(|(bytes, _)| String::from_utf8(bytes).ok())
    }

    /// Temporary files right below the output, which a killed run left.
    pub(super) fn leftovers(&self) -> Result<Vec<PathBuf>, Failure> {
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Failure::io("list", &self.root, error)),
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Failure::io("list", &self.root, error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(OWN_PREFIX)
                && name.ends_with(TEMPORARY_SUFFIX)
                && entry.file_type().is_ok_and(|kind| kind.is_file() || kind.is_dir())
            {
                found.push(entry.path());
            }
        }
        Ok(found)
    }
}

/// The bytes of a file of the tree, and whether it is a regular one. A link, a pipe or a device under one of our names is not ours: its text
/// is not looked at.
fn own_bytes(path: &Path) -> Result<(Vec<u8>, bool), Failure> {
    let kind = fs::symlink_metadata(path).map_err(|error| Failure::io("look at", path, error))?;
    let bytes = if kind.is_file() { fs::read(path).map_err(|error| Failure::io("read", path, error))? } else { Vec::new() };
    Ok((bytes, kind.is_file()))
}
