//! Reads files of a directory that somebody else fills, and nothing outside of it: what a path leads to may change between a look and the
//! opening, so each step of the way is opened from the one before it and follows no link.

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat, openat, statat};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// A directory that nothing is read outside of.
#[derive(Debug)]
pub(super) struct Inside {
    path: PathBuf,
    handle: File,
}

/// A folder below it, opened.
#[derive(Debug)]
pub(super) struct Folder<'i> {
    inside: &'i Inside,
    way: PathBuf,
    handle: File,
}

/// What stands under a name.
#[derive(Debug)]
pub(super) enum Found {
    /// A plain file of so many bytes, not opened yet.
    File(Place, u64),
    /// A directory.
    Directory,
    /// A device, a pipe or a socket.
    Special,
    /// A link that leaves the directory.
    Outside,
    /// A link to nothing.
    LinkToNothing,
    /// A link in a circle, or through something that is no directory.
    LinkNowhere,
}

/// The way to a file, without links when it was looked at.
#[derive(Debug)]
pub(super) enum Place {
    /// A name in the folder.
    Here(PathBuf),
    /// A way from the directory, which a link led to.
    There(PathBuf),
}

impl Inside {
    /// Opens the directory.
    pub(super) fn new(directory: &Path) -> io::Result<Self> {
        Ok(Inside { path: directory.to_owned(), handle: File::open(directory)? })
    }

    /// Opens a folder; nothing where it is outside.
    pub(super) fn folder(&self, path: &Path) -> io::Result<Option<Folder<'_>>> {
        // Nearly always there is no link on the way.
        let below = path.strip_prefix(&self.path).ok();
        if let Some(way) = below.filter(|way| way.components().all(|part| matches!(part, Component::Normal(_))))
            && let Ok(handle) = self.open(way, OFlags::DIRECTORY)
        {
            return Ok(Some(Folder { inside: self, way: way.to_owned(), handle }));
        }
        let Some(way) = self.way(&fs::canonicalize(path)?)? else { return Ok(None) };
        let handle = self.open(&way, OFlags::DIRECTORY)?;
        Ok(Some(Folder { inside: self, way, handle }))
    }

    /// The way to a path without links; nothing where that is outside.
    fn way(&self, real: &Path) -> io::Result<Option<PathBuf>> {
        Ok(real.strip_prefix(fs::canonicalize(&self.path)?).ok().map(Path::to_owned))
    }

    /// True when something stands under a name.
    pub(super) fn has(&self, name: &str) -> bool {
        statat(&self.handle, name, AtFlags::empty()).is_ok()
    }

    /// Opens what a way without links leads to, step by step.
    fn open(&self, way: &Path, flags: OFlags) -> io::Result<File> {
        let Some(name) = way.file_name() else { return self.handle.try_clone() };
        let mut directory: Option<File> = None;
        for folder in way.parent().into_iter().flat_map(Path::components) {
            directory = Some(step(directory.as_ref().unwrap_or(&self.handle), folder.as_os_str(), OFlags::DIRECTORY)?);
        }
        step(directory.as_ref().unwrap_or(&self.handle), name, flags)
    }
}

impl Folder<'_> {
    /// Looks at what stands under a name, and opens nothing: opening a device may do things.
    pub(super) fn look(&self, name: &OsStr) -> io::Result<Found> {
        let stat = statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW)?;
        if kind(&stat) != FileType::Symlink {
            return Ok(found(&stat, Place::Here(name.into())));
        }
        let real = match fs::canonicalize(self.inside.path.join(&self.way).join(name)) {
            Ok(real) => real,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(error),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::LinkToNothing),
            Err(_) => return Ok(Found::LinkNowhere),
        };
        let Some(way) = self.inside.way(&real)? else { return Ok(Found::Outside) };
        Ok(found(&statat(&self.inside.handle, &way, AtFlags::SYMLINK_NOFOLLOW)?, Place::There(way)))
    }

    /// Reads a file that was looked at, which may have a number of bytes.
    pub(super) fn read(&self, place: &Place, most: usize) -> io::Result<Vec<u8>> {
        // What was a plain file may be a pipe by now, whose opening would wait for somebody who writes.
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        let file = match place {
            Place::Here(name) => step(&self.handle, name.as_os_str(), flags)?,
            Place::There(way) => self.inside.open(way, flags)?,
        };
        let before = file.metadata()?;
        if !before.is_file() {
            return Err(changed());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or(0).min(most) + 1);
        // A file that grows while it is read still ends at the limit.
        (&file).take(most as u64 + 1).read_to_end(&mut bytes)?;
        let after = file.metadata()?;
        // Half of one text and half of another is nobody's wish.
        let is_whole = before.len() == bytes.len() as u64 && after.len() == before.len() && after.modified()? == before.modified()?;
        if is_whole { Ok(bytes) } else { Err(changed()) }
    }
}

fn kind(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode)
}

fn found(stat: &Stat, place: Place) -> Found {
    match kind(stat) {
        FileType::RegularFile => Found::File(place, u64::try_from(stat.st_size).unwrap_or(0)),
        FileType::Directory => Found::Directory,
        _ => Found::Special,
    }
}

/// Opens a name of a directory, which may be no link.
fn step(from: &File, name: &OsStr, flags: OFlags) -> io::Result<File> {
    let flags = flags | OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match openat(from, name, flags, Mode::empty()) {
        Ok(handle) => Ok(File::from(handle)),
        // A link, or nothing, in the place of what was looked at.
        Err(Errno::LOOP | Errno::MLINK | Errno::NOTDIR | Errno::NOENT) => Err(changed()),
        Err(error) => Err(error.into()),
    }
}

fn changed() -> io::Error {
    io::Error::other("it changed while it was read; run again")
}
