//! The files of the generated tree on disk.

use super::listing::Names;
use super::reached::real;
use super::workspace::Workspace;
use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags, open, openat};
use smol_str::SmolStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use terralet_core::emit::{FILE_NAMES, Header, MOVED_FILE, MoveNote, README, unknown_word};
use terralet_core::failure::Failure;
use terralet_core::platform::Platform;
use terralet_core::tree::{DiskFile, RootPlan, Standing, is_elsewhere};

/// How the files of a run itself are named: temporary ones, and the lock.
pub const OWN_PREFIX: &str = ".terralet-";
/// How temporary files end.
pub const TEMPORARY_SUFFIX: &str = ".tmp";

/// The generated tree.
#[derive(Debug)]
pub struct Output {
    /// Its directory.
    pub root: PathBuf,
}

impl Output {
    /// The tree of a run. Only a workspace's own platform file decides over what is written in it.
    pub fn of(workspace: &Workspace, option: Option<&PathBuf>, only_reads: bool) -> Result<Output, Failure> {
        let root = workspace.output(option);
        match &workspace.around {
            Some(around) if !only_reads && real(&root).starts_with(around) => Err(Failure::usage(
                format!("`{}` is in the workspace `{}`, and `--platform` names another platform file", root.display(), around.display()),
                "leave `--platform` out, or name a directory outside of the workspace with `--output`",
            )),
            _ => Ok(Output { root }),
        }
    }

    /// Nothing is read or written through a link below the output: it could lead anywhere.
    pub fn refuse_links(&self, directory: &str) -> Result<(), Failure> {
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
    pub fn files(&self, directory: &str, names: &Names) -> Result<Vec<DiskFile>, Failure> {
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
            let (bytes, is_regular) = own_bytes(&path.join(name))?;
            files.push(DiskFile { name: SmolStr::new(name), bytes, is_regular });
        }
        Ok(files)
    }

    /// The files of a directory of the built-in modules: what Terraform reads, and the README.
    pub fn module_files(&self, directory: &str, names: Option<&Names>) -> Result<Vec<DiskFile>, Failure> {
        let mut files = names.map_or(Ok(Vec::new()), |names| self.files(directory, names))?;
        let readme = self.root.join(directory).join(README);
        if readme.exists() {
            let (bytes, is_regular) = own_bytes(&readme)?;
            files.push(DiskFile { name: SmolStr::new_static(README), bytes, is_regular });
        }
        Ok(files)
    }

    /// The first line of a root's directory, read from the first of its files that has one. A `backend.tf` with another directory's key came
    /// from elsewhere, and counts behind the others.
    pub fn header(&self, directory: &str, names: &Names) -> Result<Option<Header>, Failure> {
        let mut elsewhere = None;
        for name in names.known() {
            let path = self.root.join(directory).join(name);
            let (text, _) = own_bytes(&path)?;
            let text = String::from_utf8_lossy(&text);
            refuse_newer(&path, &text)?;
            match Header::parse(&text) {
                Some(header) if is_elsewhere(directory, name, &text) => elsewhere = Some(header),
                Some(header) => return Ok(Some(header)),
                None => {}
            }
        }
        Ok(elsewhere)
    }

    /// What a newer version of terralet wrote is neither judged nor written over.
    pub fn refuse_newer(&self, directory: &str, plan: &RootPlan) -> Result<(), Failure> {
        let mut texts = plan.changes.iter().filter_map(|change| Some((&change.name, change.old.as_ref()?)));
        texts.try_for_each(|(name, old)| refuse_newer(&self.root.join(directory).join(name.as_str()), old))
    }

    /// What the file of a move says in a directory that was listed; nothing where there is none as terralet made it.
    pub fn move_note(&self, directory: &str, names: &Names) -> Result<Option<MoveNote>, Failure> {
        if !names.known().any(|name| name == MOVED_FILE) {
            return Ok(None);
        }
        let (bytes, _) = own_bytes(&self.root.join(directory).join(MOVED_FILE))?;
        Ok(MoveNote::parse(&String::from_utf8_lossy(&bytes)))
    }

    /// True when the root in `to` says that its state comes from `from`, so that everything that a move takes stands there.
    pub fn is_staged(&self, from: &str, to: &str) -> Result<bool, Failure> {
        let note = self.move_note(to, &self.names(to)?)?;
        Ok(note.is_some_and(|note| note == MoveNote::From(from.to_owned())))
    }

    /// What stands in a directory; nothing where no root of terralet's does.
    pub fn standing(&self, directory: &str, platform: &Platform) -> Option<Standing> {
        self.refuse_links(directory).ok()?;
        let text = |name| self.text(&format!("{directory}/{name}"));
        Standing::read(text("main.tf").as_deref(), text("providers.tf").as_deref(), platform)
    }

    /// The text of a file that terralet owns whole; nothing where there is none that it could have made.
    pub fn text(&self, path: &str) -> Option<String> {
        own_bytes(&self.root.join(path)).ok().and_then(|(bytes, _)| String::from_utf8(bytes).ok())
    }
}

fn refuse_newer(path: &Path, text: &str) -> Result<(), Failure> {
    match unknown_word(text) {
        None => Ok(()),
        Some(word) => Err(Failure::usage(
            format!("`{}` was written by a newer version of terralet", path.display()),
            format!("run that version, or a later one: {} does not know `{word}` in the file's first line", env!("CARGO_PKG_VERSION")),
        )),
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

/// The bytes of a file of the tree, and whether it is a regular one. A link, a pipe or a device under one of our names is not ours: its text
/// is not looked at.
fn own_bytes(path: &Path) -> Result<(Vec<u8>, bool), Failure> {
    let kind = fs::symlink_metadata(path).map_err(|error| Failure::io("look at", path, error))?;
    let bytes = if kind.is_file() { fs::read(path).map_err(|error| Failure::io("read", path, error))? } else { Vec::new() };
    Ok((bytes, kind.is_file()))
}
