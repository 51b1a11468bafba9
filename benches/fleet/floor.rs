//! What the same work costs with nothing of terralet in it: parsing alone, plain writing, reading and comparing.

#![allow(unreachable_pub)]

use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use terralet_core::diagnostics::Diagnostics;
use terralet_core::source::FileId;
use terralet_core::syntax;

/// Every file below a directory with its bytes, by its path below it. Links are not followed; dot files are left out.
pub fn tree(directory: &Path) -> io::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut open = vec![directory.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(directory).map_err(io::Error::other)?.to_owned();
                files.insert(name, fs::read(entry.path())?);
            }
        }
    }
    Ok(files)
}

/// The repositories of a workspace with the paths of their documents: found once, outside of what is measured.
pub fn documents(workspace: &Path) -> io::Result<Vec<Vec<PathBuf>>> {
    let mut repositories = Vec::new();
    for repository in fs::read_dir(workspace.join("customers"))? {
        let files = fs::read_dir(repository?.path().join("infra"))?;
        repositories.push(files.map(|file| file.map(|file| file.path())).collect::<io::Result<Vec<_>>>()?);
    }
    repositories.sort();
    Ok(repositories)
}

/// Reads and parses every document into a tree with spans, and does nothing with it. Returns how many there were.
pub fn parse(repositories: &[Vec<PathBuf>]) -> io::Result<usize> {
    let one = |path: &PathBuf| -> io::Result<usize> {
        let text = fs::read_to_string(path)?;
        let mut diagnostics = Diagnostics::new();
        let parsed = syntax::parse(FileId(1), &text, &mut diagnostics);
        std::hint::black_box(&parsed);
        parsed.map(|_| 1).ok_or_else(|| io::Error::other(format!("{} is no YAML", path.display())))
    };
    repositories.par_iter().map(|files| files.iter().map(one).sum::<io::Result<usize>>()).sum()
}

/// How a floor goes over a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// One file after the other, as a plain program does.
    Plain,
    /// On the threads that terralet has.
    OnThreads,
}

/// Writes a tree into a directory that is not there yet, each file at once and under its own name.
pub fn write(way: Way, directory: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) -> io::Result<()> {
    let one = |(parent, files): (&Path, Files<'_>)| {
        fs::create_dir_all(directory.join(parent))?;
        files.iter().try_for_each(|(name, bytes)| fs::write(directory.join(name), bytes))
    };
    each(way, by_directory(files), one)
}

/// Lists a tree, reads it, and compares it with what it should hold. Fails where it differs.
pub fn compare(way: Way, directory: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) -> io::Result<()> {
    let one = |(parent, files): (&Path, Files<'_>)| {
        let listed = fs::read_dir(directory.join(parent))?.count();
        std::hint::black_box(listed);
        files.iter().try_for_each(|(name, bytes)| {
            let same = fs::read(directory.join(name))? == **bytes;
            if same { Ok(()) } else { Err(io::Error::other(format!("{} differs", name.display()))) }
        })
    };
    each(way, by_directory(files), one)
}

fn each<T: Send>(way: Way, list: Vec<T>, one: impl Fn(T) -> io::Result<()> + Sync + Send) -> io::Result<()> {
    match way {
        Way::Plain => list.into_iter().try_for_each(one),
        Way::OnThreads => list.into_par_iter().try_for_each(one),
    }
}

type Files<'f> = Vec<(&'f Path, &'f Vec<u8>)>;

fn by_directory(files: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<(&Path, Files<'_>)> {
    let mut directories: BTreeMap<&Path, Files<'_>> = BTreeMap::new();
    for (name, bytes) in files {
        directories.entry(name.parent().unwrap_or(Path::new(""))).or_default().push((name, bytes));
    }
    directories.into_iter().collect()
}
