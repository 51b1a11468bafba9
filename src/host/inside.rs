//! Reads files of a directory that somebody else fills, and nothing outside of it: what a path leads to may change between a look and the
//! opening, so each step of the way is opened from the one before it and follows no link.

use super::drill::meet;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat, open, openat, statat};
use rustix::io::Errno;
use std::cell::OnceCell;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// A directory that nothing is read outside of.
#[derive(Debug)]
pub(crate) struct Inside {
    /// Its path, perhaps with links.
    path: PathBuf,
    handle: File,
    /// Its path without links, which is looked for once there is a link to judge.
    real: OnceCell<PathBuf>,
}

/// A folder below it, opened.
#[derive(Debug)]
pub(crate) struct Folder<'i> {
    inside: &'i Inside,
    path: &'i Path,
    handle: Dir,
}

/// What stands under a name.
#[derive(Debug)]
pub(crate) enum Found {
    /// A plain file.
    File(Opened),
    /// A directory.
    Directory,
    /// A device, a pipe or a socket.
    Special,
    /// A link that leaves the directory.
    Outside,
    /// A link to nothing.
    LinkToNothing,
    /// A link in a circle, or through something that is not a directory.
    LinkNowhere,
}

/// A plain file, opened and not read yet.
#[derive(Debug)]
pub(crate) struct Opened {
    file: File,
    before: Metadata,
}

/// Names in a folder, with what its listing says of their kinds.
pub(crate) type Listed = Vec<(OsString, FileType)>;

impl Inside {
    /// Opens the directory.
    pub(crate) fn new(directory: &Path) -> io::Result<Self> {
        // What was a directory may be a pipe by now.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | PATIENT;
        let handle = open(directory, flags, Mode::empty())?;
        Ok(Inside { path: directory.to_owned(), handle: File::from(handle), real: OnceCell::new() })
    }

    /// True when something stands under a name.
    pub(crate) fn has(&self, name: &str) -> bool {
        statat(&self.handle, name, AtFlags::empty()).is_ok()
    }

    /// Opens a folder whose way has no link in it, as most have not; nothing for others, and where it is not a folder.
    pub(crate) fn direct<'i>(&'i self, path: &'i Path) -> io::Result<Option<Folder<'i>>> {
        let Some(way) = path.strip_prefix(&self.path).ok().filter(|way| is_plain(way)) else { return Ok(None) };
        match self.open(way, OFlags::DIRECTORY) {
            Ok(handle) => Ok(Some(Folder { inside: self, path, handle: Dir::new(handle)? })),
            Err(error) if is_link(error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a folder; nothing where it is outside.
    pub(crate) fn folder<'i>(&'i self, path: &'i Path) -> io::Result<Option<Folder<'i>>> {
        let Some(way) = self.way(&fs::canonicalize(path)?)? else { return Ok(None) };
        // A plain file is not a folder, whoever put it there.
        let handle =
            self.open(&way, OFlags::DIRECTORY).map_err(|error| if error == Errno::NOTDIR { error.into() } else { reason(error) })?;
        Ok(Some(Folder { inside: self, path, handle: Dir::new(handle)? }))
    }

    /// The way from the directory to a path without links; nothing where that is outside.
    fn way(&self, real: &Path) -> io::Result<Option<PathBuf>> {
        let own = match self.real.get() {
            Some(own) => own,
            None => {
                let own = fs::canonicalize(&self.path)?;
                self.real.get_or_init(|| own)
            }
        };
        Ok(real.strip_prefix(own).ok().map(Path::to_owned))
    }

    /// Opens what a way without links leads to, step by step.
    fn open(&self, way: &Path, flags: OFlags) -> Result<File, Errno> {
        let Some(name) = way.file_name() else { return step(&self.handle, OsStr::new("."), flags) };
        let mut directory: Option<File> = None;
        for folder in way.parent().into_iter().flat_map(Path::components) {
            directory = Some(step(directory.as_ref().unwrap_or(&self.handle), folder.as_os_str(), OFlags::DIRECTORY)?);
        }
        step(directory.as_ref().unwrap_or(&self.handle), name, flags)
    }
}

/// What a file is opened with: what was a plain file may be a pipe by now, whose opening would wait for somebody who writes.
const PATIENT: OFlags = OFlags::NONBLOCK.union(OFlags::NOCTTY);

impl Folder<'_> {
    /// Its path, perhaps with links.
    pub(crate) fn path(&self) -> &Path {
        self.path
    }

    /// The names in it and what the listing says of their kinds, in any order. They are given once.
    pub(crate) fn names(&mut self) -> io::Result<Listed> {
        let mut names = Vec::new();
        for entry in self.handle.by_ref() {
            let entry = entry?;
            names.push((OsStr::from_bytes(entry.file_name().to_bytes()).to_owned(), entry.file_type()));
        }
        Ok(names)
    }

    /// Looks at what stands under a name, and opens it where it is a plain file: opening a device may do things. What a listing of the folder
    /// says of its kind may spare a look.
    pub(crate) fn look(&self, name: &OsStr, listed: FileType) -> io::Result<Found> {
        if listed == FileType::RegularFile {
            return self.plain(name);
        }
        match kind(&statat(self.handle.fd()?, name, AtFlags::SYMLINK_NOFOLLOW)?) {
            FileType::RegularFile => self.plain(name),
            FileType::Directory => Ok(Found::Directory),
            FileType::Symlink => self.behind(name),
            _ => Ok(Found::Special),
        }
    }

    fn plain(&self, name: &OsStr) -> io::Result<Found> {
        meet("open", self.path, name);
        Opened::new(step(self.handle.fd()?, name, PATIENT).map_err(reason)?).map(Found::File)
    }

    /// What a link leads to.
    fn behind(&self, name: &OsStr) -> io::Result<Found> {
        let real = match fs::canonicalize(self.path.join(name)) {
            Ok(real) => real,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(error),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::LinkToNothing),
            Err(_) => return Ok(Found::LinkNowhere),
        };
        let Some(way) = self.inside.way(&real)? else { return Ok(Found::Outside) };
        match kind(&statat(&self.inside.handle, &way, AtFlags::SYMLINK_NOFOLLOW)?) {
            FileType::RegularFile => {
                meet("open", self.path, name);
                Opened::new(self.inside.open(&way, PATIENT).map_err(reason)?).map(Found::File)
            }
            FileType::Directory => Ok(Found::Directory),
            _ => Ok(Found::Special),
        }
    }
}

impl Opened {
    fn new(file: File) -> io::Result<Self> {
        let before = file.metadata()?;
        if before.is_file() { Ok(Opened { file, before }) } else { Err(changed()) }
    }

    /// How many bytes it has.
    pub(crate) fn bytes(&self) -> u64 {
        self.before.len()
    }

    /// Reads it.
    pub(crate) fn read(self) -> io::Result<Vec<u8>> {
        let Opened { file, before } = self;
        let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or(0));
        // A file that grows while it is read still ends; one that is said to have no bytes may have some.
        (&file).take(before.len().max(1)).read_to_end(&mut bytes)?;
        let after = file.metadata()?;
        // Half of one text and half of another is nobody's wish.
        let is_whole = before.len() == bytes.len() as u64 && after.len() == before.len() && after.modified()? == before.modified()?;
        if is_whole { Ok(bytes) } else { Err(changed()) }
    }
}

/// True for a way that goes down only.
fn is_plain(way: &Path) -> bool {
    way.components().all(|part| matches!(part, Component::Normal(_)))
}

fn kind(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode)
}

/// Opens a name of a directory, which may be no link.
fn step(from: impl AsFd, name: &OsStr, flags: OFlags) -> Result<File, Errno> {
    let flags = flags | OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(from, name, flags, Mode::empty()).map(File::from)
}

/// True for a link, or nothing, in the place of something else.
fn is_link(error: Errno) -> bool {
    matches!(error, Errno::LOOP | Errno::MLINK | Errno::NOTDIR | Errno::NOENT)
}

/// Why something that was looked at before cannot be opened.
fn reason(error: Errno) -> io::Error {
    if is_link(error) { changed() } else { error.into() }
}

fn changed() -> io::Error {
    io::Error::other("it changed while it was read; run again")
}
