//! A place of a call by both of its names: as it was written, perhaps with links in it, and without links. What stands above the one need not
//! stand above the other.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use terralet_core::failure::Failure;
use terralet_core::paths::normal;
use terralet_core::platform::{FILE_NAME, OTHER_SPELLING};

/// A file or directory that is there.
#[derive(Debug, Clone)]
pub struct Reached {
    /// Absolute, without `.` and `..`; the way that a person went.
    pub written: PathBuf,
    /// Absolute, without links.
    pub real: PathBuf,
}

impl Reached {
    /// The directory that the process was started in. Its way there is what the shell says, as `pwd -L` has it: where that leads elsewhere by
    /// now, or is not said, it is the real one.
    pub fn current() -> Result<Reached, Failure> {
        let real = std::env::current_dir().map_err(|error| Failure::io("find", Path::new("."), error))?;
        let said = std::env::var_os("PWD").map(PathBuf::from).filter(|said| said.is_absolute() && *said == normal(said));
        Ok(Reached { written: said.filter(|said| is_same(said, &real)).unwrap_or_else(|| real.clone()), real })
    }

    /// What a path leads to from here.
    pub fn join(&self, path: &Path) -> Result<Reached, Failure> {
        let from_real = self.real.join(path);
        let written = normal(&self.written.join(path));
        match fs::canonicalize(&from_real) {
            // A `..` behind a link leads elsewhere than the words say.
            Ok(real) => Ok(Reached { written: if is_same(&written, &real) { written } else { real.clone() }, real }),
            // A link that the run may not follow is there, and whose it is can be seen.
            Err(_) if fs::symlink_metadata(&from_real).is_ok() => {
                let real = normal(&from_real);
                Ok(Reached { written: if fs::symlink_metadata(&written).is_ok() { written } else { real.clone() }, real })
            }
            Err(error) => Err(Failure::io("find", &from_real, error)),
        }
    }

    /// The directory around it.
    pub fn parent(&self) -> Option<Reached> {
        Some(Reached { written: self.written.parent()?.to_owned(), real: self.real.parent()?.to_owned() })
    }

    /// The directories that it stands in, itself first: those of the way that was written, then the real ones.
    pub fn ancestors(&self) -> impl Iterator<Item = &Path> {
        let others = self.real.ancestors().filter(|_| self.real != self.written);
        self.written.ancestors().chain(others)
    }

    /// The nearest directory with a platform file, in either spelling, by the way that was written; else by the real one.
    pub fn platform(&self) -> Option<PathBuf> {
        let has_one = |directory: &&Path| [FILE_NAME, OTHER_SPELLING].iter().any(|name| directory.join(name).is_file());
        self.ancestors().find(has_one).map(Path::to_owned)
    }
}

/// A path without links, as far as there is something.
pub fn real(path: &Path) -> PathBuf {
    for above in path.ancestors() {
        if let (Ok(real), Ok(below)) = (fs::canonicalize(above), path.strip_prefix(above)) {
            return real.join(below);
        }
    }
    path.to_owned()
}

fn is_same(one: &Path, other: &Path) -> bool {
    let place = |path| fs::metadata(path).map(|metadata| (metadata.dev(), metadata.ino())).ok();
    place(one).is_some_and(|one| place(other) == Some(one))
}
