//! The workspace: where the platform file is, and which directories are customer repositories.

use super::args::Arguments;
use super::failure::Failure;
use super::inside::{Found, Inside};
use super::output::MODULES;
use super::shared_modules::interfaces;
use crate::assemble::Surroundings;
use crate::check::Interfaces;
use crate::diagnostics::{Diagnostics, Report, Severity};
use crate::platform::{self, NamePattern, Platform};
use crate::source::{Location, Place, SourceFile, SourceMap};
use crate::syntax::MAX_BYTES;
use rustix::fs::FileType;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// The platform file's name.
pub(super) const PLATFORM_FILE: &str = "terralet.yml";

/// A workspace, or a directory without one.
#[derive(Debug)]
pub(super) struct Workspace {
    /// The directory that paths are told relative to.
    pub(super) root: PathBuf,
    /// What the service provider decides.
    pub(super) platform: Platform,
    /// True when a platform file at the root lists the repositories.
    pub(super) listed: bool,
    /// What the shared modules take.
    pub(super) interfaces: Interfaces,
    /// What keeps the shared modules from being called.
    module_faults: Vec<Report>,
    /// Where the run was started.
    pub(super) start: PathBuf,
}

impl Workspace {
    /// Finds the workspace of a run, whose shared modules can be called. `hint` is the first path of the call: a run over a repository
    /// elsewhere uses that one's workspace.
    pub(super) fn find(arguments: &Arguments, hint: Option<&Path>) -> Result<Workspace, Failure> {
        let workspace = Self::find_with_any_modules(arguments, hint)?;
        if workspace.module_faults.is_empty() {
            Ok(workspace)
        } else {
            Err(Failure::Platform { root: workspace.root, reports: workspace.module_faults })
        }
    }

    /// The same, where what a shared module takes may have changed since the roots were written.
    pub(super) fn find_with_any_modules(arguments: &Arguments, hint: Option<&Path>) -> Result<Workspace, Failure> {
        let current = std::env::current_dir().map_err(|error| Failure::io("find", Path::new("."), error))?;
        let start = match &arguments.directory {
            Some(directory) => real(&current.join(directory))?,
            None => current,
        };
        let above = |from: &Path| from.ancestors().find(|directory| directory.join(PLATFORM_FILE).is_file()).map(Path::to_owned);
        // A repository that the call names never brings a platform file of its own: only what stands above it is asked, and only where
        // nothing stands above the start.
        let found = match (above(&start), hint) {
            (Some(found), _) => Some(found),
            (None, Some(path)) => real(&start.join(path))?.parent().and_then(above),
            (None, None) => None,
        };
        let file = match &arguments.platform {
            Some(file) => Some(real(&start.join(file))?),
            None => found.as_ref().map(|root| root.join(PLATFORM_FILE)),
        };
        let listed = found.is_some()
            && arguments
                .platform
                .as_ref()
                .is_none_or(|_| file.as_deref() == found.as_ref().map(|root| root.join(PLATFORM_FILE)).as_deref());
        let root = if listed { found.unwrap_or_else(|| start.clone()) } else { start.clone() };
        let platform = match &file {
            Some(file) => read_platform(file, &root)?,
            None => Platform::built_in(),
        };
        let (interfaces, module_faults) = interfaces(&platform, &root);
        let workspace = Workspace { root, platform, listed, interfaces, module_faults, start };
        workspace.not_nested()?;
        Ok(workspace)
    }

    /// A platform file inside a repository of an outer workspace is never used.
    fn not_nested(&self) -> Result<(), Failure> {
        if !self.listed {
            return Ok(());
        }
        // All of them are asked: the nearest may be in the repository too.
        for outer in self.root.ancestors().skip(1).filter(|directory| directory.join(PLATFORM_FILE).is_file()) {
            let platform = read_platform(&outer.join(PLATFORM_FILE), outer)?;
            let inside = matching(outer, &platform.customers, &platform.output, &|_| true)?;
            if inside.iter().any(|repository| self.root.starts_with(repository)) {
                return Err(Failure::usage(
                    format!(
                        "`{}` is a platform file inside a customer repository of the workspace `{}`",
                        self.root.join(PLATFORM_FILE).display(),
                        outer.display()
                    ),
                    "it is never used: remove it, or start in the outer workspace",
                ));
            }
        }
        Ok(())
    }

    /// The directories of the repositories whose names are wanted, sorted by name.
    pub(super) fn repositories(&self, wanted: impl Fn(&OsStr) -> bool) -> Result<Vec<PathBuf>, Failure> {
        matching(&self.root, &self.platform.customers, &self.platform.output, &wanted)
    }

    /// The names of all repositories; none where they cannot be listed, which a run over them says by itself.
    pub(super) fn repository_names(&self) -> Vec<String> {
        let repositories = if self.listed { self.repositories(|_| true).unwrap_or_default() } else { Vec::new() };
        repositories.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect()
    }

    /// True for a repository that left: present or not, it counts as gone.
    pub(super) fn is_offboarded(&self, repository: &str) -> bool {
        self.platform.registry.get(repository).is_some_and(|entry| entry.offboarded)
    }

    /// The output directory, as the platform or the call has it.
    pub(super) fn output(&self, option: Option<&PathBuf>) -> PathBuf {
        match option {
            Some(directory) => normal(&self.start.join(directory)),
            None => normal(&self.root.join(self.platform.output.as_str())),
        }
    }

    /// The way from the output directory to the workspace, with `/`.
    pub(super) fn way_back(&self, output: &Path) -> String {
        crate::assemble::relative(&slashes(output), &slashes(&self.root))
    }

    /// True for the directory of the built-in modules below the output, which is never a repository's, whether they are in use or not.
    pub(super) fn is_modules(&self, prefix: &str) -> bool {
        prefix == MODULES
    }

    /// What roots are assembled with.
    pub(super) fn surroundings<'w>(&'w self, output_to_workspace: &'w str) -> Surroundings<'w> {
        Surroundings { platform: &self.platform, interfaces: &self.interfaces, output_to_workspace }
    }

    /// A place with its text, which is read again.
    pub(super) fn locate(&self, place: &Place) -> Location {
        if place.file.path == self.platform.source.path {
            return Location { file: Arc::clone(&self.platform.source), start: place.start, end: place.end };
        }
        place.locate(self.read_again(&self.root.join(&*place.file.path)))
    }

    /// A customer's document as it is by now, which may be something else than what was read; nothing where it is no text any more.
    fn read_again(&self, path: &Path) -> Option<String> {
        let inside = Inside::new(&self.root).ok()?;
        let folder = inside.folder(path.parent()?).ok()??;
        let Found::File(file) = folder.look(path.file_name()?, FileType::Unknown).ok()? else { return None };
        if file.bytes() > MAX_BYTES as u64 {
            return None;
        }
        String::from_utf8(file.read().ok()?).ok()
    }

    /// A path as it is told: relative to the workspace, with `/`.
    pub(super) fn shown(&self, path: &Path) -> String {
        match path.strip_prefix(&self.root) {
            Ok(inside) => slashes(inside),
            Err(_) => crate::assemble::relative(&slashes(&self.root), &slashes(path)),
        }
    }
}

/// A path with `/`.
pub(super) fn slashes(path: &Path) -> String {
    let parts = path.components().filter(|part| !matches!(part, Component::RootDir | Component::CurDir));
    parts.fold(String::with_capacity(path.as_os_str().len()), |mut told, part| {
        if !told.is_empty() {
            told.push('/');
        }
        told.push_str(&part.as_os_str().to_string_lossy());
        told
    })
}

/// An absolute path without links, which has to exist.
fn real(path: &Path) -> Result<PathBuf, Failure> {
    fs::canonicalize(path).map_err(|error| Failure::io("find", path, error))
}

/// A path without `.` and `..`, which need not exist.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

fn read_platform(file: &Path, root: &Path) -> Result<Platform, Failure> {
    let bytes = fs::read(file).map_err(|error| Failure::io("read", file, error))?;
    let shown = file.strip_prefix(root).map_or_else(|_| file.display().to_string(), slashes);
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::usage(format!("`{shown}` is not UTF-8 text"), "save the platform file as UTF-8"))?;
    let source = Arc::new(SourceFile::new(shown, text));
    let mut diagnostics = Diagnostics::new();
    let platform = platform::read(Arc::clone(&source), &mut diagnostics);
    let reports = diagnostics.finish(&SourceMap::new(source), &crate::diagnostics::Rules::default(), None, |_| None);
    if reports.iter().any(|report| report.severity == Severity::Error) {
        Err(Failure::Platform { root: root.to_owned(), reports })
    } else {
        Ok(platform)
    }
}

/// The directories that fit a pattern, level by level, and whose names are wanted, sorted by name: plain files and dot directories are
/// skipped.
fn matching(root: &Path, patterns: &[Vec<NamePattern>], output: &str, wanted: &dyn Fn(&OsStr) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let output = root.join(output);
    let mut found: Vec<(OsString, PathBuf)> = Vec::new();
    for levels in patterns {
        let Some((last, above)) = levels.split_last() else { continue };
        let mut level = vec![root.to_owned()];
        for pattern in above {
            level = below(&level, pattern, &|_| true)?.into_iter().map(|(_, path)| path).collect();
        }
        found.extend(below(&level, last, wanted)?.into_iter().filter(|(_, path)| path != root && *path != output));
    }
    // A name is taken out of its path once, and not at every comparison.
    found.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.cmp(b)));
    found.dedup();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// The directories below those of a level that fit a pattern, each with its name. One that is no UTF-8 is judged as it is shown.
fn below(level: &[PathBuf], pattern: &NamePattern, wanted: &dyn Fn(&OsStr) -> bool) -> Result<Vec<(OsString, PathBuf)>, Failure> {
    if let Some(name) = pattern.name() {
        let paths = level.iter().map(|directory| directory.join(name));
        let named = paths.map(|path| (path.file_name().unwrap_or_default().to_owned(), path));
        return Ok(named.filter(|(name, path)| wanted(name) && path.is_dir()).collect());
    }
    let mut found = Vec::new();
    for directory in level {
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Failure::io("list", directory, error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| Failure::io("list", directory, error))?;
            let name = entry.file_name();
            let shown = name.to_string_lossy();
            // The listing says what is a directory; only links have to be followed.
            let is_directory = || match entry.file_type() {
                Ok(kind) if !kind.is_symlink() => kind.is_dir(),
                Ok(_) | Err(_) => entry.path().is_dir(),
            };
            if !shown.starts_with('.') && wanted(&name) && pattern.matches(&shown) && is_directory() {
                found.push((name, entry.path()));
            }
        }
    }
    Ok(found)
}
