//! What the generated tree holds on disk: which directories there are, and which names each has. No file is read for it.

use super::output::{OWN_PREFIX, Output, TEMPORARY_SUFFIX};
use rayon::prelude::*;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, open, statat};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use terralet_core::failure::Failure;
use terralet_core::tree::{Listing, Names, is_terraform_file};

/// What stands in one directory.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    /// Files that Terraform reads.
    pub(crate) names: Names,
    /// Directories, without those whose names start with a dot.
    directories: Vec<OsString>,
    /// What a killed run left.
    leftovers: Vec<OsString>,
    has_links: bool,
    /// Links that lead to no plain file.
    links: Vec<OsString>,
}

/// Adds what stands in one directory to a listing. Gives the names of the directories in it.
fn add(listing: &mut Listing, output: &Output, way: &Path, entries: Entries) -> Vec<OsString> {
    let Entries { names, directories, leftovers, has_links, links } = entries;
    listing.has_links |= has_links;
    listing.links.extend(links.into_iter().map(|name| way.join(name).to_string_lossy().into_owned()));
    if !names.is_empty() {
        listing.directories.push((way.to_string_lossy().into(), names));
    }
    listing.leftovers.extend(leftovers.into_iter().map(|name| output.root.join(way).join(name)));
    directories
}

impl Output {
    /// What stands right below the output: the prefixes, which are its directories, in any order; and the rest.
    pub(crate) fn top_of_disk(&self) -> Result<(Vec<String>, Listing), Failure> {
        let mut listing = Listing::default();
        let entries = self.entries(Path::new(""))?.unwrap_or_default();
        let names = add(&mut listing, self, Path::new(""), entries);
        listing.leftovers.sort_unstable();
        let shown = |name: OsString| name.into_string().unwrap_or_else(|name| name.to_string_lossy().into_owned());
        Ok((names.into_iter().map(shown).collect(), listing))
    }

    /// Lists the tree, those of its prefixes that are wanted, in parallel.
    pub fn list_all(&self, wanted: impl Fn(&str) -> bool) -> Result<Listing, Failure> {
        let (mut prefixes, mut listing) = self.top_of_disk()?;
        prefixes.retain(|prefix| wanted(prefix));
        prefixes.sort_unstable();
        let parts: Vec<Listing> = prefixes.par_iter().map(|prefix| self.list_on_disk(prefix)).collect::<Result<_, _>>()?;
        listing.extend(parts);
        Ok(listing)
    }

    /// Lists a directory below the output, without dot directories and without following links.
    pub(crate) fn list_on_disk(&self, below: &str) -> Result<Listing, Failure> {
        let mut listing = Listing::default();
        let mut ways = vec![PathBuf::from(below)];
        while let Some(way) = ways.pop() {
            match self.entries(&way)? {
                Some(entries) => ways.extend(add(&mut listing, self, &way, entries).into_iter().map(|name| way.join(name))),
                // What was there a moment ago has to be there still.
                None if way != Path::new(below) => {
                    return Err(Failure::io("list", &self.root.join(way), std::io::Error::from(Errno::NOENT)));
                }
                None => {}
            }
        }
        listing.directories.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        listing.leftovers.sort_unstable();
        Ok(listing)
    }

    /// What stands in one directory; nothing where there is no such directory.
    pub(crate) fn entries(&self, way: &Path) -> Result<Option<Entries>, Failure> {
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
            let shown = name.to_string_lossy();
            let is_own = shown.starts_with(OWN_PREFIX) && shown.ends_with(TEMPORARY_SUFFIX);
            match kind {
                FileType::RegularFile | FileType::Directory if is_own => found.leftovers.push(name.to_owned()),
                FileType::Directory if shown.starts_with('.') => {}
                FileType::Directory => found.directories.push(name.to_owned()),
                _ if is_terraform_file(&shown) => found.names.insert(&shown, kind == FileType::RegularFile),
                // A root may have stood here.
                FileType::Symlink if !shown.starts_with('.') => {
                    let behind = statat(directory.fd().map_err(failed)?, name, AtFlags::empty());
                    let is_file = behind.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile);
                    found.links.extend((!is_file).then(|| name.to_owned()));
                }
                _ => {}
            }
        }
        // A directory gives its entries in any order.
        found.names.sort();
        Ok(Some(found))
    }
}
