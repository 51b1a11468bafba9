//! The files of the generated tree on disk.

use super::reached::real;
use super::workspace::{Workspace, shown_in};
use rayon::prelude::*;
use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags, open, openat};
use smol_str::SmolStr;
use std::fs::{self, File};
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};
use terralet_core::emit::{FILE_NAMES, Header};
use terralet_core::failure::Failure;
use terralet_core::paths::normal;
use terralet_core::tree::{Directory, DiskFile, Listing, Names, Tree, header};

/// How the files of a run itself are named: temporary ones, and the lock.
pub const OWN_PREFIX: &str = ".terralet-";
/// How temporary files end.
pub const TEMPORARY_SUFFIX: &str = ".tmp";

/// The generated tree.
#[derive(Debug)]
pub struct Output {
    /// Its directory.
    pub root: PathBuf,
    /// The root of the workspace, which paths are shown relative to.
    workspace: PathBuf,
}

impl Output {
    /// The tree of a run that writes nothing into it.
    pub fn to_read(workspace: &Workspace, option: Option<&PathBuf>) -> Output {
        Output { root: workspace.output(option), workspace: workspace.root.clone() }
    }

    /// The tree of a run. Only a workspace's own platform file decides over what is written in it.
    pub fn of(workspace: &Workspace, option: Option<&PathBuf>, only_reads: bool) -> Result<Output, Failure> {
        let output = Self::to_read(workspace, option);
        match &workspace.around {
            Some(around) if !only_reads && real(&output.root).starts_with(around) => Err(Failure::usage(
                format!(
                    "`{}` is in the workspace `{}`, and `--platform` names another platform file",
                    output.root.display(),
                    around.display()
                ),
                "omit `--platform`, or name a directory outside of the workspace with `--output`",
            )),
            _ => Ok(output),
        }
    }
}

impl Tree for Output {
    fn shown(&self, path: &str) -> String {
        shown_in(&self.workspace, &self.root.join(path))
    }

    fn shown_from(&self, directory: &str, path: &str) -> String {
        shown_in(&self.workspace, &normal(&self.root.join(directory).join(path)))
    }

    fn leads_somewhere(&self, directory: &str, path: &str) -> bool {
        fs::symlink_metadata(normal(&self.root.join(directory).join(path))).is_ok()
    }

    fn is_file(&self, path: &str) -> bool {
        self.root.join(path).is_file()
    }

    fn top(&self) -> Result<(Vec<String>, Listing), Failure> {
        self.top_of_disk()
    }

    fn list(&self, below: &str) -> Result<Listing, Failure> {
        self.list_on_disk(below)
    }

    fn names(&self, directory: &str) -> Result<Names, Failure> {
        self.refuse_links(directory)?;
        Ok(self.entries(Path::new(directory))?.unwrap_or_default().names)
    }

    fn file(&self, path: &str) -> Result<Option<DiskFile>, Failure> {
        own_file(&self.root.join(path), path)
    }

    fn headers(&self, directories: &[&Directory]) -> Result<Vec<Option<Header>>, Failure> {
        directories.par_iter().map(|(directory, names)| header(self, directory, names)).collect()
    }

    /// Nothing is read or written through a link below the output: it could lead anywhere.
    fn refuse_links(&self, directory: &str) -> Result<(), Failure> {
        let mut path = self.root.clone();
        for part in directory.split('/').filter(|part| !part.is_empty()) {
            path.push(part);
            let Ok(metadata) = fs::symlink_metadata(&path) else {
                // What is not there has nothing below it; what cannot be looked at is reported when it is read.
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
    fn files(&self, directory: &str, names: &Names) -> Result<Vec<DiskFile>, Failure> {
        let path = self.root.join(directory);
        let mut files = Vec::with_capacity(FILE_NAMES.len());
        let mut own = names.own().peekable();
        if own.peek().is_some() {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let handle = open(&path, flags, Mode::empty()).map_err(|error| Failure::io("read", &path, std::io::Error::from(error)))?;
            let mut page = Vec::with_capacity(PAGE);
            for name in own {
                read_onto(&mut page, &handle, name).map_err(|error| Failure::io("read", &path.join(name), error))?;
                files.push(DiskFile { name: SmolStr::new_static(name), bytes: page.clone(), is_regular: true });
            }
        }
        for name in names.others() {
            let file = path.join(name);
            // What was listed a moment ago has to be there still.
            files.push(own_file(&file, name)?.ok_or_else(|| Failure::io("read", &file, Error::from(ErrorKind::NotFound)))?);
        }
        Ok(files)
    }
}

/// Bytes that nearly every generated file is shorter than.
const PAGE: usize = 8192;

/// Reads a regular file of an open directory in the place of what is in the page. The listing has said that it is one.
fn read_onto(page: &mut Vec<u8>, directory: &OwnedFd, name: &str) -> std::io::Result<()> {
    page.clear();
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = File::from(openat(directory, name, flags, Mode::empty())?);
    // Where the end is shows in reading, so that nobody has to ask for it before.
    file.take(u64::MAX).read_to_end(page)?;
    Ok(())
}

/// A file of the tree. A link, a pipe or a device under one of our names is not ours: its text is not looked at.
fn own_file(path: &Path, name: &str) -> Result<Option<DiskFile>, Failure> {
    let kind = match fs::symlink_metadata(path) {
        Ok(kind) => kind,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(Failure::io("look at", path, error)),
    };
    let bytes = if kind.is_file() { fs::read(path).map_err(|error| Failure::io("read", path, error))? } else { Vec::new() };
    let name = name.rsplit('/').next().unwrap_or(name);
    Ok(Some(DiskFile { name: SmolStr::new(name), bytes, is_regular: kind.is_file() }))
}
