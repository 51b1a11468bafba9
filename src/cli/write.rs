//! Writing: each file is replaced as a whole, and a root that mixes generations cannot be planned.

use super::failure::Failure;
use super::output::{OWN_PREFIX, Output, TEMPORARY_SUFFIX};
use crate::emit::{FILE_NAMES, GUARD_FILE, guard};
use crate::terraform::RootIdentity;
use crate::tree::{Change, FileState};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Holds the output directory for one writer at a time; the lock ends with its process.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, waiting for another compile to end.
    pub(super) fn take(output: &Output, quiet: bool) -> Result<Lock, Failure> {
        fs::create_dir_all(&output.root).map_err(|error| Failure::io("make", &output.root, error))?;
        let path = output.root.join(".terralet-lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|error| Failure::io("open", &path, error))?;
        if file.try_lock().is_err() {
            if !quiet {
                let holder = fs::read_to_string(&path).unwrap_or_default();
                super::render::note(&format!("another terralet ({}) is writing here; waiting for it to end", holder.trim()));
            }
            file.lock().map_err(|error| Failure::io("lock", &path, error))?;
        }
        // Who holds it is for people to read; the lock itself is the operating system's.
        let mut held = &file;
        let written = file.set_len(0).and_then(|()| write!(held, "process {}", std::process::id()));
        written.map_err(|error| Failure::io("write", &path, error))?;
        Ok(Lock { _file: file })
    }
}

/// Removes temporary files that a killed run left.
pub(super) fn sweep(leftovers: &[PathBuf]) -> Result<(), Failure> {
    let remove = |path: &Path| fs::remove_file(path).map_err(|error| Failure::io("remove", path, error));
    for path in leftovers {
        if !path.is_dir() {
            remove(path)?;
            continue;
        }
        for name in FILE_NAMES.iter().map(|name| path.join(name)).filter(|file| file.is_file()) {
            remove(&name)?;
        }
        // What else somebody put there keeps it.
        let _kept = fs::remove_dir(path);
    }
    Ok(())
}

/// Writes a file so that at any instant it is wholly old or wholly new.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let attempt = || -> std::io::Result<()> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(OWN_PREFIX).suffix(TEMPORARY_SUFFIX);
        // Temporary files are private by default; generated files are for every reader of the repository.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
        let mut file = builder.tempfile_in(directory)?;
        file.write_all(text.as_bytes())?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    attempt().map_err(|error| Failure::io("write", path, error))
}

/// Writes a root that is not there yet, all at once: until the directory has its name, Terraform finds nothing in it.
fn new_root(path: &Path, changes: &[Change]) -> std::io::Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(OWN_PREFIX).suffix(TEMPORARY_SUFFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755));
    let temporary = builder.tempdir_in(parent)?;
    for change in changes {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
        options.open(temporary.path().join(&change.name))?.write_all(change.new.as_deref().unwrap_or("").as_bytes())?;
    }
    fs::rename(temporary.path(), path)?;
    // It has another name now, and nothing is to be removed.
    let _moved = temporary.keep();
    Ok(())
}

/// Carries out the changes of one root. When more than one file of a root that was there changes, a guard keeps it from being planned
/// until the last is done. Returns how many files were written or removed.
pub(super) fn root(output: &Output, directory: &str, identity: &RootIdentity, changes: &[Change], is_new: bool) -> Result<usize, Failure> {
    let path = output.root.join(directory);
    if is_new && !path.exists() {
        new_root(&path, changes).map_err(|error| Failure::io("write", &path, error))?;
        return Ok(changes.len());
    }
    fs::create_dir_all(&path).map_err(|error| Failure::io("make", &path, error))?;
    let guarded = changes.iter().any(|change| change.state == FileState::Interrupted);
    let work: Vec<&Change> = changes.iter().filter(|change| change.state != FileState::Interrupted).collect();
    let needs_guard = !is_new && work.len() > 1;
    let guard_path: PathBuf = path.join(GUARD_FILE);
    if needs_guard && !guarded {
        replace(&guard_path, &guard(identity))?;
    }
    for change in &work {
        let file = path.join(&change.name);
        match &change.new {
            Some(text) => replace(&file, text)?,
            None => fs::remove_file(&file).map_err(|error| Failure::io("remove", &file, error))?,
        }
    }
    if needs_guard || guarded {
        fs::remove_file(&guard_path).map_err(|error| Failure::io("remove", &guard_path, error))?;
    }
    Ok(work.len())
}
