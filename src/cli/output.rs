//! The generated tree on disk: which directories there are, and what is in one.

use super::failure::Failure;
use super::workspace::slashes;
use crate::emit::{FILE_NAMES, GUARD_FILE, Header};
use crate::tree::{DiskFile, is_terraform_file};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The directory of the built-in modules below the output.
pub(super) const MODULES: &str = "modules";

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
    /// Directories that hold files that Terraform reads, with the files' names.
    pub(super) directories: BTreeMap<String, Vec<String>>,
    /// Temporary files that a killed run left.
    pub(super) leftovers: Vec<PathBuf>,
}

impl Listing {
    /// The names of a directory's files.
    pub(super) fn names(&self, directory: &str) -> &[String] {
        self.directories.get(directory).map_or(&[], Vec::as_slice)
    }

    /// Adds another part.
    pub(super) fn extend(&mut self, other: Listing) {
        self.directories.extend(other.directories);
        self.leftovers.extend(other.leftovers);
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

    /// Lists a directory below the output (`""` for all of it), without dot directories and without following links.
    pub(super) fn list(&self, below: &str, skip_modules: bool) -> Result<Listing, Failure> {
        let mut listing = Listing::default();
        let start = self.root.join(below);
        if !start.exists() {
            return Ok(listing);
        }
        let modules = self.root.join(MODULES);
        let wanted = |entry: &walkdir::DirEntry| {
            let hidden = entry.file_type().is_dir() && entry.file_name().to_string_lossy().starts_with('.');
            entry.depth() == 0 || !(hidden || skip_modules && entry.path() == modules)
        };
        for entry in WalkDir::new(&start).follow_links(false).into_iter().filter_entry(wanted) {
            let entry = entry.map_err(|error| {
                let path = error.path().map_or_else(|| start.clone(), Path::to_owned);
                Failure::io("list", &path, error.into())
            })?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(OWN_PREFIX) && name.ends_with(TEMPORARY_SUFFIX) && entry.file_type().is_file() {
                listing.leftovers.push(entry.into_path());
                continue;
            }
            if entry.file_type().is_dir() || !is_terraform_file(&name) {
                continue;
            }
            let directory = entry.path().parent().and_then(|parent| parent.strip_prefix(&self.root).ok()).map(slashes).unwrap_or_default();
            listing.directories.entry(directory).or_default().push(name);
        }
        // In the order of names, so that runs over one tree do the same steps.
        listing.directories.values_mut().for_each(|names| names.sort());
        Ok(listing)
    }

    /// Nothing is read or written through a link below the output: it could lead anywhere.
    pub(super) fn refuse_links(&self, directory: &str) -> Result<(), Failure> {
        let mut path = self.root.clone();
        for part in directory.split('/').filter(|part| !part.is_empty()) {
            path.push(part);
            if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.file_type().is_symlink()) {
                return Err(Failure::usage(
                    format!("`{}` is a link", path.display()),
                    "remove it: what is generated is never read or written through links",
                ));
            }
        }
        Ok(())
    }

    /// The files of a directory that Terraform reads.
    pub(super) fn files(&self, directory: &str, names: &[String]) -> Result<Vec<DiskFile>, Failure> {
        self.refuse_links(directory)?;
        let mut files = Vec::with_capacity(names.len());
        for name in names {
            let path = self.root.join(directory).join(name);
            files.push(DiskFile { name: name.clone(), bytes: own_bytes(&path)? });
        }
        Ok(files)
    }

    /// The first line of a root's directory, read from the first of its files that has one.
    pub(super) fn header(&self, directory: &str, names: &[String]) -> Result<Option<Header>, Failure> {
        for name in names.iter().filter(|name| FILE_NAMES.contains(&name.as_str()) || *name == GUARD_FILE) {
            let text = own_bytes(&self.root.join(directory).join(name))?;
            if let Some(header) = Header::parse(&String::from_utf8_lossy(&text)) {
                return Ok(Some(header));
            }
        }
        Ok(None)
    }

    /// The text of a file that terralet owns whole; nothing where there is none that it could have made.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        own_bytes(&self.root.join(path)).ok().and_then(|bytes| String::from_utf8(bytes).ok())
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
            if name.starts_with(OWN_PREFIX) && name.ends_with(TEMPORARY_SUFFIX) && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                found.push(entry.path());
            }
        }
        Ok(found)
    }
}

/// The bytes of a file of the tree. A link, a pipe or a device under one of our names is not ours: its text is not looked at.
fn own_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let kind = fs::symlink_metadata(path).map_err(|error| Failure::io("look at", path, error))?;
    if kind.is_file() { fs::read(path).map_err(|error| Failure::io("read", path, error)) } else { Ok(Vec::new()) }
}
