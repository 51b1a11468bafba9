//! Writing a customer's document: its new text takes its place whole, or not at all, and never where somebody wrote it in the meantime.

use super::drill::{meet, step};
use super::output::{OWN_PREFIX, TEMPORARY_SUFFIX};
use super::write::fill;
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// A document's new text, written to a temporary file next to it: it takes the document's place whole, or not at all.
#[derive(Debug)]
pub(crate) struct Replacement {
    temporary: TempPath,
    path: PathBuf,
    old: Vec<u8>,
}

impl Replacement {
    /// Prepares a document's new text, with the permissions that the document has.
    pub(crate) fn prepare(path: &Path, old: &str, new: &str) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(OWN_PREFIX).suffix(TEMPORARY_SUFFIX);
        step();
        let mut file = builder.tempfile_in(path.parent().unwrap_or(Path::new(".")))?;
        fill(file.as_file_mut(), new.as_bytes())?;
        file.as_file().set_permissions(fs::metadata(path)?.permissions())?;
        // What a person wrote cannot be made again, unlike what is generated.
        file.as_file().sync_all()?;
        Ok(Replacement { temporary: file.into_temp_path(), path: path.to_owned(), old: old.as_bytes().to_vec() })
    }

    /// Puts the new text in its place. False where the document is no longer what was read: then it stays.
    pub(crate) fn persist(self) -> io::Result<bool> {
        if let (Some(directory), Some(name)) = (self.path.parent(), self.path.file_name()) {
            meet("replace", directory, name);
        }
        if !self.is_as_read()? {
            return Ok(false);
        }
        step();
        self.temporary.persist(&self.path).map_err(|error| error.error)?;
        Ok(true)
    }

    /// True where the document is the plain file that was read. It is opened without following a link, and without waiting for a pipe.
    fn is_as_read(&self) -> io::Result<bool> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let mut file = match open(&self.path, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::LOOP | Errno::MLINK | Errno::NOENT | Errno::NXIO) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let metadata = file.metadata()?;
        let mut now = Vec::with_capacity(self.old.len());
        Ok(metadata.is_file() && metadata.len() == self.old.len() as u64 && {
            file.read_to_end(&mut now)?;
            now == self.old
        })
    }
}
