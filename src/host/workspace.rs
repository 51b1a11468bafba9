//! The workspace: where the platform file is, and which directories are customer repositories.

use super::drill::meet;
use super::infra::{infra, infra_in};
use super::inside::{Found, Inside};
use super::reached::{self, Reached};
use super::shared_modules::interfaces;
use rustix::fs::FileType;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use terralet_core::assemble::CompileContext;
use terralet_core::check::Interfaces;
use terralet_core::diagnostics::{Diagnostics, Report, Severity, and_list};
use terralet_core::emit::MODULES;
use terralet_core::failure::Failure;
use terralet_core::paths::{normal, relative, slashes};
use terralet_core::platform::{self, CustomerPattern, Date, FILE_NAME, NamePattern, OTHER_SPELLING, Origin, Platform};
use terralet_core::source::{Location, Place, SourceFile, SourceMap};
use terralet_core::syntax::MAX_BYTES;

/// What a call says of its workspace.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// Where the run starts, instead of the process's directory.
    pub directory: Option<PathBuf>,
    /// The platform file, instead of the workspace's own.
    pub platform: Option<PathBuf>,
    /// The day by which rules of registry entries are judged, instead of the host's.
    pub today: Option<Date>,
}

/// A workspace, or a directory without one.
#[derive(Debug)]
pub struct Workspace {
    /// The directory that paths are printed relative to.
    pub root: PathBuf,
    /// What the service provider decides.
    pub platform: Platform,
    /// Warnings and advice of the platform file.
    pub of_platform: Vec<Report>,
    /// True when a platform file at the root lists the repositories.
    pub listed: bool,
    /// What the shared modules take.
    pub interfaces: Interfaces,
    /// What keeps the shared modules from being called.
    module_faults: Vec<Report>,
    /// Where the run was started, without links.
    pub start: PathBuf,
    /// The same, and how it was reached.
    pub reached: Reached,
    /// The workspace that stands around the run, whose own platform file is not the one in use.
    pub around: Option<PathBuf>,
}

impl Workspace {
    /// Finds the workspace of a run, whose shared modules can be called. `hint` is the first path of the call: a run over a repository
    /// elsewhere uses that one's workspace.
    pub fn find(call: &Call, hint: Option<&Path>) -> Result<Workspace, Failure> {
        let workspace = Self::find_with_any_modules(call, hint)?;
        if workspace.module_faults.is_empty() {
            Ok(workspace)
        } else {
            Err(Failure::Platform { root: workspace.root, reports: workspace.module_faults })
        }
    }

    /// The same, where what a shared module takes may have changed since the roots were written.
    pub fn find_with_any_modules(call: &Call, hint: Option<&Path>) -> Result<Workspace, Failure> {
        let current = Reached::current()?;
        let start = match &call.directory {
            Some(directory) => {
                let start = current.join(directory)?;
                real(&start.real).map(|_| start)?
            }
            None => current,
        };
        // A repository that the call names never brings a platform file of its own: only what stands above it is asked, and only where
        // nothing stands above the start.
        let found = match (start.platform(), hint) {
            (Some(found), _) => Some(found),
            (None, Some(path)) => start.join(path)?.parent().and_then(|above| above.platform()),
            (None, None) => None,
        };
        if let Some(found) = found.as_deref().filter(|_| call.platform.is_none()) {
            one_spelling(found)?;
        }
        // How it was found says what stands around it; nothing else depends on which way a person went.
        let found = found.map(|written| real(&written).map(|real| Reached { written, real })).transpose()?;
        let own = found.as_ref().map(|found| found.real.join(FILE_NAME));
        let file = match &call.platform {
            Some(file) => Some(real(&start.real.join(file))?),
            None => own.clone(),
        };
        let listed = found.is_some() && (call.platform.is_none() || file == own);
        let around = found.as_ref().filter(|_| !listed).map(|found| found.real.clone());
        let root = found.as_ref().filter(|_| listed).map_or_else(|| start.real.clone(), |found| found.real.clone());
        let today = call.today.unwrap_or_else(today);
        let (platform, of_platform) = match &file {
            Some(file) => read_platform(file, &root, today)?,
            None => (Platform::built_in(), Vec::new()),
        };
        if listed && platform.origin == Origin::Exported {
            return Err(is_an_export(&platform));
        }
        let (interfaces, module_faults) = interfaces(&platform, &root);
        if let Some(found) = found.filter(|_| listed) {
            not_nested(&found, today)?;
        }
        let start_directory = start.real.clone();
        Ok(Workspace { root, platform, of_platform, listed, interfaces, module_faults, start: start_directory, reached: start, around })
    }

    /// The directories of all repositories with their names, sorted by those, and the patterns that none fits.
    pub fn repositories(&self) -> Result<(Vec<Named>, Vec<&CustomerPattern>), Failure> {
        matching(&self.root, &self.platform)
    }

    /// Why a run over all customers has none.
    pub fn no_customers(&self, help: &str) -> Failure {
        let patterns: Vec<&str> = self.platform.customers.iter().map(CustomerPattern::shown).collect();
        let message = match patterns.as_slice() {
            [] => "the platform file lists no customers".to_owned(),
            [one] => format!("there is no customer: no directory matches `{one}` of `customers`"),
            _ => format!("there is no customer: no directory matches any of {} of `customers`", and_list(patterns.iter().copied())),
        };
        Failure::usage(message, help)
    }

    /// The output directory, as the platform or the call has it.
    pub fn output(&self, option: Option<&PathBuf>) -> PathBuf {
        match option {
            Some(directory) => normal(&self.start.join(directory)),
            None => normal(&self.root.join(self.platform.output.as_str())),
        }
    }

    /// The way from the output directory to the workspace, with `/`. Terraform goes it from where the output really is.
    pub fn way_back(&self, output: &Path) -> String {
        relative(&slashes(&reached::real(output)), &slashes(&self.root))
    }

    /// True for the directory of the built-in modules below the output, which is never a repository's, whether they are in use or not.
    pub fn is_modules(&self, prefix: &str) -> bool {
        prefix == MODULES
    }

    /// What roots are assembled with.
    pub fn surroundings<'w>(&'w self, output_to_workspace: &'w str) -> CompileContext<'w> {
        CompileContext { platform: &self.platform, interfaces: &self.interfaces, output_to_workspace }
    }

    /// A place with its text, which is read again.
    pub fn locate(&self, place: &Place) -> Location {
        if place.file.path == self.platform.source.path {
            return Location { file: Arc::clone(&self.platform.source), start: place.start, end: place.end };
        }
        place.locate(self.read_again(&self.root.join(&*place.file.path)))
    }

    /// A customer's document as it is by now, which may be something else than what was read; nothing where it is no longer text.
    fn read_again(&self, path: &Path) -> Option<String> {
        let documents = path.parent()?;
        let repository = documents.ancestors().find(|above| infra(&self.platform, above) == documents).or(documents.parent())?;
        meet("again", documents, path.file_name()?);
        // A link that was made in the meantime shows nobody another customer's document.
        let inside = Inside::new(repository).ok()?;
        let folder = inside.folder(documents).ok()??;
        let Found::File(file) = folder.look(path.file_name()?, FileType::Unknown).ok()? else { return None };
        if file.bytes() > MAX_BYTES as u64 {
            return None;
        }
        String::from_utf8(file.read().ok()?).ok()
    }

    /// A path as it is printed: relative to the workspace, with `/`.
    pub fn shown(&self, path: &Path) -> String {
        shown_in(&self.root, path)
    }
}

/// A path as people see it: relative to a workspace, with `/`.
pub(crate) fn shown_in(workspace: &Path, path: &Path) -> String {
    match path.strip_prefix(workspace) {
        Ok(inside) => slashes(inside),
        Err(_) => relative(&slashes(workspace), &slashes(path)),
    }
}

/// An exported file stands for the provider's only where a call says so: it has no registry and no state, and roots by it would be others.
fn is_an_export(platform: &Platform) -> Failure {
    Failure::usage(
        format!("`{}` is what `terralet platform export` wrote, and not a workspace's own platform file", platform.source.path),
        "give it another name, and check a repository with it: `terralet --platform FILE check path/to/repository`",
    )
}

/// What day it is, by the host's clock, in UTC.
fn today() -> Date {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Date::after_1970(since_1970.as_secs() / (24 * 60 * 60))
}

/// A platform file inside a repository of an outer workspace is never used. The repository may be a link: what is around the file is asked by
/// the way that a person went and by the real one, and compared both ways.
fn not_nested(found: &Reached, today: Date) -> Result<(), Failure> {
    let is_outer = |directory: &&Path| **directory != found.written && **directory != found.real && directory.join(FILE_NAME).is_file();
    // All of them are asked: the nearest may be in the repository too.
    for outer in found.ancestors().filter(is_outer) {
        let (platform, _) = read_platform(&outer.join(FILE_NAME), outer, today)?;
        let (inside, _) = matching(outer, &platform)?;
        let is_around = |(_, repository): &Named| {
            found.written.starts_with(repository) || fs::canonicalize(repository).is_ok_and(|repository| found.real.starts_with(repository))
        };
        if inside.iter().any(is_around) {
            return Err(Failure::usage(
                format!(
                    "`{}` is a platform file inside a customer repository of the workspace `{}`",
                    found.written.join(FILE_NAME).display(),
                    outer.display()
                ),
                "it is never used: remove it, or start in the outer workspace",
            ));
        }
    }
    Ok(())
}

/// A platform file by its other spelling is never read. Without it the built-in platform would hold, and nobody would see the difference.
fn one_spelling(directory: &Path) -> Result<(), Failure> {
    let other = directory.join(OTHER_SPELLING);
    if !other.is_file() {
        return Ok(());
    }
    if directory.join(FILE_NAME).is_file() {
        return Err(Failure::usage(
            format!("`{}` has both a `{FILE_NAME}` and a `{OTHER_SPELLING}`", directory.display()),
            format!("the platform file is `{FILE_NAME}`: move what counts there, and remove `{OTHER_SPELLING}`"),
        ));
    }
    Err(Failure::usage(
        format!("the platform file is called `{FILE_NAME}`, and `{}` is never read", other.display()),
        format!("rename it to `{FILE_NAME}`"),
    ))
}

/// An absolute path without links, which has to exist.
fn real(path: &Path) -> Result<PathBuf, Failure> {
    fs::canonicalize(path).map_err(|error| Failure::io("find", path, error))
}

/// Reads a platform file. Gives its warnings and advice too.
fn read_platform(file: &Path, root: &Path, today: Date) -> Result<(Platform, Vec<Report>), Failure> {
    let bytes = fs::read(file).map_err(|error| Failure::io("read", file, error))?;
    let shown = file.strip_prefix(root).map_or_else(|_| file.display().to_string(), slashes);
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::usage(format!("`{shown}` is not UTF-8 text"), "save the platform file as UTF-8"))?;
    let source = Arc::new(SourceFile::new(shown, text));
    let mut diagnostics = Diagnostics::new();
    let platform = platform::read(source, today, &mut diagnostics);
    let reports = diagnostics.finish(&SourceMap::new(Arc::clone(&platform.source)), &platform.rules, None, &|_| None);
    if reports.iter().any(|report| report.severity == Severity::Error) {
        Err(Failure::Platform { root: root.to_owned(), reports })
    } else {
        Ok((platform, reports))
    }
}

/// A directory below another, with its name: to take the name out of the path takes as long as all else that is done with it.
pub type Named = (OsString, PathBuf);

/// The directories that fit a pattern, level by level, sorted by name: plain files and dot directories are
/// skipped. Within a repository that a shorter pattern has found there is no other: a customer makes no repositories, and what it holds ends
/// no run. Gives the patterns that none fits too.
fn matching<'p>(root: &Path, platform: &'p Platform) -> Result<(Vec<Named>, Vec<&'p CustomerPattern>), Failure> {
    let output = root.join(platform.output.as_str());
    let mut patterns: Vec<&CustomerPattern> = platform.customers.iter().collect();
    patterns.sort_by_key(|pattern| pattern.levels.len());
    let mut found: Vec<Named> = Vec::new();
    // Names are compared first, since paths are compared part by part.
    let is = |(name, path): &Named, other: &Path| other.file_name().unwrap_or_default() == name && path == other;
    let mut matched = BTreeSet::new();
    for pattern in patterns {
        let Some((last, above)) = pattern.levels.split_last() else { continue };
        let mut level = vec![root.to_owned()];
        for pattern in above {
            level = below(&level, pattern, Path::is_dir)?.into_iter().map(|(_, path)| path).collect();
            let mut shorter: BTreeSet<&PathBuf> = BTreeSet::new();
            shorter.extend(found.iter().map(|(_, path)| path));
            level.retain(|path| !(shorter.contains(path) && may_have_documents(platform, path)));
        }
        let all = below(&level, last, is_repository)?.into_iter().filter(|named| !is(named, root) && !is(named, &output));
        let before = found.len();
        found.extend(all);
        if found.len() > before {
            matched.insert(pattern.shown());
        }
    }
    found.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.cmp(b)));
    found.dedup();
    let unmatched = platform.customers.iter().filter(|pattern| !matched.contains(pattern.shown())).collect();
    Ok((found, unmatched))
}

/// True for a directory with documents, and for one that does not say.
fn may_have_documents(platform: &Platform, directory: &Path) -> bool {
    let infra = infra_in(platform, directory);
    !matches!(fs::symlink_metadata(infra), Err(error) if error.kind() == std::io::ErrorKind::NotFound)
}

/// True for a directory, and for a link that the run may not follow: that there may be a repository behind it is reported when it is read.
fn is_repository(path: &Path) -> bool {
    match fs::metadata(path) {
        Ok(metadata) => metadata.is_dir(),
        Err(error) => !matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory),
    }
}

/// The directories below those of a level that fit a pattern, each with its name. One that is not UTF-8 is judged as it is shown.
fn below(level: &[PathBuf], pattern: &NamePattern, is_wanted_kind: fn(&Path) -> bool) -> Result<Vec<Named>, Failure> {
    if let Some(name) = pattern.name() {
        let paths = level.iter().map(|directory| directory.join(name));
        let named = paths.map(|path| (path.file_name().unwrap_or_default().to_owned(), path));
        return Ok(named.filter(|(_, path)| is_wanted_kind(path)).collect());
    }
    let mut found = Vec::new();
    for directory in level {
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => continue,
            Err(error) => return Err(Failure::io("list", directory, error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| Failure::io("list", directory, error))?;
            let name = entry.file_name();
            let shown = name.to_string_lossy();
            // The listing says what is a directory; only links have to be followed.
            let is_directory = || match entry.file_type() {
                Ok(kind) if !kind.is_symlink() => kind.is_dir(),
                Ok(_) | Err(_) => is_wanted_kind(&entry.path()),
            };
            if !shown.starts_with('.') && pattern.matches(&shown) && is_directory() {
                found.push((name, entry.path()));
            }
        }
    }
    Ok(found)
}
