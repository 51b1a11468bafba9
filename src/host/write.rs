//! Writing: each file is replaced as a whole, a root that mixes generations cannot be planned, and a disk that refuses leaves the tree as
//! it was.
//!
//! Everything is first written to temporary files next to what they replace; only when all of them stand are they renamed. A full disk or a
//! directory that cannot be written to shows before the first rename.

use super::drill::step;
use super::output::{OWN_PREFIX, TEMPORARY_SUFFIX};
use rustix::fs::{Mode, OFlags, open, openat};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::{TempDir, TempPath};
use terralet_core::emit::{GUARD_FILE, MOVE_DIRECTORY, MOVED_FILE, README, guard};
use terralet_core::failure::Failure;
use terralet_core::terraform::RootIdentity;
use terralet_core::tree::{Change, is_terraform_file};

/// Who may do what with a root's directory, less what the mask of the process takes away.
const ROOT_MODE: u32 = 0o755;

/// Removes temporary files, and directories of new roots, that a killed run left.
pub fn sweep(leftovers: &[PathBuf]) -> Result<(), Failure> {
    leftovers.iter().try_for_each(|path| if path.is_dir() { sweep_directory(path) } else { remove(path) })
}

fn sweep_directory(path: &Path) -> Result<(), Failure> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(path).map_err(|error| Failure::io("list", path, error))?.flatten().map(|entry| entry.path()).collect();
    entries.sort_unstable();
    for entry in entries {
        let is_ours = entry
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| is_terraform_file(name) || name == README || name == MOVED_FILE);
        if entry.is_dir() && !entry.is_symlink() {
            sweep_directory(&entry)?;
        } else if is_ours {
            remove(&entry)?;
        }
    }
    step();
    // Where somebody put something else into it, it stays.
    let _stays = fs::remove_dir(path);
    Ok(())
}

/// Removes a file.
pub fn remove(path: &Path) -> Result<(), Failure> {
    step();
    fs::remove_file(path).map_err(|error| Failure::io("remove", path, error))
}

/// Removes a directory and those above it as long as they are empty; what else is in them stays.
pub fn remove_empty(root: &Path, path: &Path) {
    let mut directory = path;
    while directory != root && fs::remove_dir(directory).is_ok() {
        let Some(parent) = directory.parent() else { break };
        directory = parent;
    }
}

/// One change of the tree, prepared.
#[derive(Debug)]
enum Step {
    /// A file takes its place, at once.
    Replace(TempPath, Box<Path>),
    /// The directory of a new root, with what is below it, gets its name.
    Root(TempDir, Box<Path>),
    /// A file goes.
    Remove(Box<Path>),
}

/// The changes of a run: prepared one by one, then carried out together.
#[derive(Debug, Default)]
pub struct Writer {
    steps: Vec<Step>,
    /// Directories that were made for new files, in order.
    made: Vec<PathBuf>,
    /// How many files are written or removed; the guard does not count.
    files: usize,
}

impl Writer {
    /// Prepares a file.
    pub fn file(&mut self, path: &Path, text: &str) -> Result<(), Failure> {
        self.replace(path, text)?;
        self.files += 1;
        Ok(())
    }

    /// Prepares that a file goes.
    pub fn remove(&mut self, path: PathBuf) {
        self.steps.push(Step::Remove(path.into()));
        self.files += 1;
    }

    /// Prepares the changes of one root. When more than one file of a root that was there changes, a guard keeps it from being planned
    /// until the last is done. Of a new one the directory above is said in which others may make theirs at the same time.
    pub fn root(&mut self, directory: &Path, identity: &RootIdentity, changes: &[Change], new_below: Option<&Path>) -> Result<(), Failure> {
        if let Some(above) = new_below
            && self.directory(directory, above, changes)?
        {
            return Ok(());
        }
        let is_new = new_below.is_some();
        let standing = changes.iter().find(|change| change.name == GUARD_FILE);
        let guarded = standing.is_some();
        let work = changes.len() - usize::from(guarded);
        let needs_guard = !is_new && work > 1;
        let guard_path = directory.join(GUARD_FILE);
        // One that a power cut left without its text guards nothing.
        if needs_guard && standing.is_none_or(|standing| standing.old.as_deref() != Some(&*guard(identity))) {
            self.guard(&guard_path, &guard(identity))?;
        }
        self.changes(directory, changes)?;
        if needs_guard || guarded {
            self.unguard(guard_path);
        }
        Ok(())
    }

    /// Prepares a guard, which is not one of the generated files.
    pub fn guard(&mut self, path: &Path, text: &str) -> Result<(), Failure> {
        self.replace(path, text)
    }

    /// Prepares the end of a guard.
    pub fn unguard(&mut self, path: PathBuf) {
        self.steps.push(Step::Remove(path.into()));
    }

    /// Prepares the changes of a directory one by one, but for its guard.
    pub fn changes(&mut self, directory: &Path, changes: &[Change]) -> Result<(), Failure> {
        for change in changes.iter().filter(|change| change.name != GUARD_FILE) {
            let file = directory.join(change.name.as_str());
            match &change.new {
                Some(text) => self.replace(&file, text)?,
                None => self.steps.push(Step::Remove(file.into())),
            }
            self.files += 1;
        }
        Ok(())
    }

    /// Prepares a directory that is not there yet; false where it is, so that its files have to be put into it one by one. Others may
    /// make theirs in the directory `above` at the same time.
    pub fn directory(&mut self, directory: &Path, above: &Path, changes: &[Change]) -> Result<bool, Failure> {
        let is_new = self.new_root(directory, above, changes)?;
        self.files += if is_new { changes.len() } else { 0 };
        Ok(is_new)
    }

    /// Carries out what was prepared, in order. Returns how many files were written or removed.
    pub fn commit(mut self) -> Result<usize, Failure> {
        for prepared in std::mem::take(&mut self.steps) {
            match prepared {
                Step::Replace(temporary, path) => {
                    step();
                    temporary.persist(&path).map_err(|error| Failure::io("write", &path, error.error))?;
                }
                Step::Root(temporary, path) => {
                    step();
                    match fs::rename(temporary.path(), &path) {
                        // It has another name now.
                        Ok(()) => drop(temporary.keep()),
                        // A root of another repository stands below it by now.
                        Err(error) if matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists) => {
                            put_into(temporary.path(), &path)?;
                        }
                        Err(error) => return Err(Failure::io("write", &path, error)),
                    }
                }
                Step::Remove(path) => remove(&path)?,
            }
        }
        self.made.clear();
        Ok(self.files)
    }

    /// Makes room for what others have prepared.
    pub fn reserve<'w>(&mut self, others: impl Iterator<Item = &'w Writer>) {
        self.steps.reserve_exact(others.map(|other| other.steps.len()).sum());
    }

    /// Adds what another writer has prepared.
    pub fn join(&mut self, mut other: Writer) {
        self.steps.append(&mut other.steps);
        self.made.append(&mut other.made);
        self.files += other.files;
    }

    /// Holds no more than what was prepared: a large fleet has a writer for each customer.
    pub fn shrink(&mut self) {
        self.steps.shrink_to_fit();
        self.made.shrink_to_fit();
    }

    /// Prepares a root whose directory is not there yet: one step for all of its files, and for the other roots below the first directory
    /// of its way that is not there. False where its directory is there, perhaps with roots below it, so that the files have to be put
    /// into it one by one.
    fn new_root(&mut self, directory: &Path, above: &Path, changes: &[Change]) -> Result<bool, Failure> {
        let prepared = self.steps.iter().rev().find_map(|step| match step {
            Step::Root(temporary, path) => directory.strip_prefix(path).ok().map(|below| temporary.path().join(below)),
            Step::Replace(..) | Step::Remove(_) => None,
        });
        if let Some(inside) = prepared {
            Self::new_directory(&inside, changes)?;
            return Ok(true);
        }
        let mut first = above.to_owned();
        let below = directory.strip_prefix(above).unwrap_or(directory);
        let missing = below.components().find(|part| {
            first.push(part);
            !first.exists()
        });
        if missing.is_none() {
            return Ok(false);
        }
        let parent = first.parent().unwrap_or(Path::new("."));
        self.make(parent)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(OWN_PREFIX).suffix(TEMPORARY_SUFFIX);
        let below = directory.strip_prefix(&first).unwrap_or(Path::new(""));
        let is_root = below.as_os_str().is_empty();
        // What stands above roots may be others' to add to, by the mask that the process runs with.
        builder.permissions(fs::Permissions::from_mode(if is_root { ROOT_MODE } else { 0o777 }));
        step();
        let temporary = builder.tempdir_in(parent).map_err(|error| Failure::io("make", &first, error))?;
        if is_root {
            Self::new_files(temporary.path(), changes)?;
        } else {
            Self::new_directory(&temporary.path().join(below), changes)?;
        }
        self.steps.push(Step::Root(temporary, first.into()));
        Ok(true)
    }

    fn new_directory(directory: &Path, changes: &[Change]) -> Result<(), Failure> {
        step();
        let mut builder = fs::DirBuilder::new();
        builder.mode(ROOT_MODE);
        // Nearly always what is above it is there, and it is not.
        let made = builder.create(directory).or_else(|_| {
            directory.parent().map_or(Ok(()), fs::create_dir_all)?;
            builder.recursive(true).create(directory)
        });
        made.map_err(|error| Failure::io("make", directory, error))?;
        Self::new_files(directory, changes)
    }

    fn new_files(directory: &Path, changes: &[Change]) -> Result<(), Failure> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let handle = open(directory, flags, Mode::empty()).map_err(|error| Failure::io("write", directory, std::io::Error::from(error)))?;
        for change in changes {
            if let Some((inside, _)) = change.name.rsplit_once('/') {
                let above = directory.join(inside);
                step();
                fs::create_dir_all(&above).map_err(|error| Failure::io("make", &above, error))?;
            }
            step();
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
            let file = openat(&handle, change.name.as_str(), flags, Mode::from_raw_mode(0o644)).map(File::from);
            let written = file.map_err(Into::into).and_then(|mut file| fill(&mut file, change.new.as_deref().unwrap_or("").as_bytes()));
            written.map_err(|error| Failure::io("write", &directory.join(change.name.as_str()), error))?;
        }
        Ok(())
    }

    /// Writes a temporary file next to the one that it will replace.
    fn replace(&mut self, path: &Path, text: &str) -> Result<(), Failure> {
        let parent = path.parent().unwrap_or(Path::new("."));
        self.make(parent)?;
        // What a killed run leaves is looked for in roots, and not in the directory of a move inside one.
        let directory = if parent.ends_with(MOVE_DIRECTORY) { parent.parent().unwrap_or(parent) } else { parent };
        let attempt = || -> io::Result<TempPath> {
            let mut builder = tempfile::Builder::new();
            builder.prefix(OWN_PREFIX).suffix(TEMPORARY_SUFFIX);
            // Temporary files are private by default; generated files are for every reader of the repository.
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
            step();
            let mut file = builder.tempfile_in(directory)?;
            fill(file.as_file_mut(), text.as_bytes())?;
            Ok(file.into_temp_path())
        };
        let temporary = attempt().map_err(|error| Failure::io("write", path, error))?;
        self.steps.push(Step::Replace(temporary, path.into()));
        Ok(())
    }

    /// Makes a directory and those above it, and remembers which were not there.
    fn make(&mut self, directory: &Path) -> Result<(), Failure> {
        let missing: Vec<&Path> = directory.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.is_dir()).collect();
        for path in missing.into_iter().rev() {
            step();
            match fs::create_dir(path) {
                Ok(()) => self.made.push(path.to_owned()),
                // Another thread was first: repositories may share a prefix.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
                Err(error) => return Err(Failure::io("make", path, error)),
            }
        }
        Ok(())
    }
}

/// Moves what is in a directory into one that is there: what stands below first, and `main.tf` last, so that no half of a root is planned.
fn put_into(from: &Path, to: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::io("write", to, error);
    let mut names: Vec<(bool, bool, OsString)> = Vec::new();
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let is_directory = entry.file_type().map_err(failed)?.is_dir();
        names.push((entry.file_name() == "main.tf", !is_directory, entry.file_name()));
    }
    names.sort_unstable();
    for (_, is_file, name) in names {
        let (inside, target) = (from.join(&name), to.join(&name));
        if !is_file && target.is_dir() {
            put_into(&inside, &target)?;
            continue;
        }
        step();
        fs::rename(&inside, &target).map_err(|error| Failure::io("write", &target, error))?;
    }
    Ok(())
}

impl Drop for Writer {
    /// What was prepared and not carried out is undone: temporary files remove themselves, then the directories made for them.
    fn drop(&mut self) {
        self.steps.clear();
        for directory in self.made.iter().rev() {
            // One with something in it stays, which does no harm.
            let _stays = fs::remove_dir(directory);
        }
    }
}

#[cfg(not(debug_assertions))]
pub(crate) fn fill(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)
}

/// In debug builds a run can be killed between the two halves of a file.
#[cfg(debug_assertions)]
pub(crate) fn fill(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    file.write_all(first)?;
    step();
    file.write_all(second)
}
