//! What the generated tree holds on disk: which directories there are, and which names each has. No file is read for it.

use super::output::{OWN_PREFIX, Output, TEMPORARY_SUFFIX};
use rayon::prelude::*;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, open, statat};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use terralet_core::emit::{FILE_NAMES, GUARD_FILE, MOVED_FILE};
use terralet_core::failure::Failure;
use terralet_core::tree::is_terraform_file;

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

/// The names of a directory's files. Regular files with a name of terralet's, which are nearly all in a tree of any size, are one bit each.
#[derive(Debug, Default, Clone)]
pub struct Names {
    own: u8,
    others: Option<Box<Others>>,
}

/// Names that are not bits, sorted.
#[derive(Debug, Default, Clone)]
struct Others(Vec<Box<str>>);

/// What stands in one directory.
#[derive(Debug, Default)]
struct Entries {
    /// Files that Terraform reads.
    names: Names,
    /// Directories, without those whose names start with a dot.
    directories: Vec<OsString>,
    /// What a killed run left.
    leftovers: Vec<OsString>,
    has_links: bool,
    /// Links that lead to no plain file.
    links: Vec<OsString>,
}

/// The names that are bits.
const OWN_NAMES: [&str; 8] =
    [FILE_NAMES[0], FILE_NAMES[1], FILE_NAMES[2], FILE_NAMES[3], FILE_NAMES[4], FILE_NAMES[5], GUARD_FILE, MOVED_FILE];

impl Names {
    fn insert(&mut self, name: &str, is_regular: bool) {
        match OWN_NAMES.iter().position(|own| is_regular && *own == name) {
            Some(bit) => self.own |= 1 << bit,
            None => self.others.get_or_insert_default().0.push(name.into()),
        }
    }

    /// Regular files with a name of terralet's.
    pub fn own(&self) -> impl Iterator<Item = &'static str> {
        OWN_NAMES.iter().enumerate().filter(|(bit, _)| self.own & (1 << bit) != 0).map(|(_, name)| *name)
    }

    /// Whatever else Terraform reads, or would read.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        self.others.iter().flat_map(|others| &others.0).map(|name| &**name)
    }

    /// Each name.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.own().map(|name| -> &str { name }).chain(self.others())
    }

    /// Each name that is one of terralet's, of a regular file or not.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.iter().filter(|name| OWN_NAMES.contains(name))
    }

    fn is_empty(&self) -> bool {
        self.own == 0 && self.others.is_none()
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

    /// Adds what stands in one directory. Gives the names of the directories in it.
    fn add(&mut self, output: &Output, way: &Path, entries: Entries) -> Vec<OsString> {
        let Entries { names, directories, leftovers, has_links, links } = entries;
        self.has_links |= has_links;
        self.links.extend(links.into_iter().map(|name| way.join(name).to_string_lossy().into_owned()));
        if !names.is_empty() {
            self.directories.push((way.to_string_lossy().into(), names));
        }
        self.leftovers.extend(leftovers.into_iter().map(|name| output.root.join(way).join(name)));
        directories
    }
}

impl Output {
    /// What stands right below the output: the prefixes, which are its directories, in any order; and the rest.
    pub fn top(&self) -> Result<(Vec<String>, Listing), Failure> {
        let mut listing = Listing::default();
        let entries = self.entries(Path::new(""))?.unwrap_or_default();
        let names = listing.add(self, Path::new(""), entries);
        listing.leftovers.sort();
        let told = |name: OsString| name.into_string().unwrap_or_else(|name| name.to_string_lossy().into_owned());
        Ok((names.into_iter().map(told).collect(), listing))
    }

    /// Lists the tree, those of its prefixes that are wanted, in parallel.
    pub fn list_all(&self, wanted: impl Fn(&str) -> bool) -> Result<Listing, Failure> {
        let (mut prefixes, mut listing) = self.top()?;
        prefixes.retain(|prefix| wanted(prefix));
        prefixes.sort_unstable();
        let parts: Vec<Listing> = prefixes.par_iter().map(|prefix| self.list(prefix)).collect::<Result<_, _>>()?;
        listing.extend(parts);
        Ok(listing)
    }

    /// Lists a directory below the output, without dot directories and without following links.
    pub fn list(&self, below: &str) -> Result<Listing, Failure> {
        let mut listing = Listing::default();
        let mut ways = vec![PathBuf::from(below)];
        while let Some(way) = ways.pop() {
            match self.entries(&way)? {
                Some(entries) => ways.extend(listing.add(self, &way, entries).into_iter().map(|name| way.join(name))),
                // What was there a moment ago has to be there still.
                None if way != Path::new(below) => {
                    return Err(Failure::io("list", &self.root.join(way), std::io::Error::from(Errno::NOENT)));
                }
                None => {}
            }
        }
        listing.directories.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        listing.leftovers.sort();
        Ok(listing)
    }

    /// The names of the files of a directory that Terraform reads; none for a directory that is not there.
    pub fn names(&self, directory: &str) -> Result<Names, Failure> {
        self.refuse_links(directory)?;
        Ok(self.entries(Path::new(directory))?.unwrap_or_default().names)
    }

    /// What stands in one directory; nothing where there is no such directory.
    fn entries(&self, way: &Path) -> Result<Option<Entries>, Failure> {
        let path = self.root.join(way);
        let failed = |error: Errno| Failure::io("list", &path, std::io::Error::from(error));
        let handle = match open(&path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()) {
            Ok(handle) => handle,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let mut found = Entries::default();
        let mut directory = Dir::new(handle).map_err(failed)?;
        while let Some(entry) = directory.next() {
            let entry = entry.map_err(failed)?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name == "." || name == ".." {
                continue;
            }
            let kind = match entry.file_type() {
                // Some file systems do not say it in their listings.
                FileType::Unknown => {
                    let stat = statat(directory.fd().map_err(failed)?, name, AtFlags::SYMLINK_NOFOLLOW).map_err(failed)?;
                    FileType::from_raw_mode(stat.st_mode)
                }
                kind => kind,
            };
            found.has_links |= kind == FileType::Symlink;
            let told = name.to_string_lossy();
            let is_own = told.starts_with(OWN_PREFIX) && told.ends_with(TEMPORARY_SUFFIX);
            match kind {
                FileType::RegularFile | FileType::Directory if is_own => found.leftovers.push(name.to_owned()),
                FileType::Directory if told.starts_with('.') => {}
                FileType::Directory => found.directories.push(name.to_owned()),
                _ if is_terraform_file(&told) => found.names.insert(&told, kind == FileType::RegularFile),
                // A root may have stood here.
                FileType::Symlink if !told.starts_with('.') => {
                    let behind = statat(directory.fd().map_err(failed)?, name, AtFlags::empty());
                    let is_file = behind.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile);
                    found.links.extend((!is_file).then(|| name.to_owned()));
                }
                _ => {}
            }
        }
        // A directory gives its entries in any order.
        found.names.others.iter_mut().for_each(|others| others.0.sort());
        Ok(Some(found))
    }
}
