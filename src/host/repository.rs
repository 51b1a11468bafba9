//! Reads the documents of a repository, and nothing outside it.

use super::drill::meet;
use super::infra::{has_documents, infra, name};
use super::inside::{Folder, Found, Inside, Listed};
use super::reached::{self, Reached};
use super::workspace::Workspace;
use rustix::fs::FileType;
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use terralet_core::failure::Failure;
use terralet_core::paths::slashes;
use terralet_core::platform::{FILE_NAME, OTHER_SPELLING};
use terralet_core::resolve::{Content, DocumentFile, MAX_DOCUMENTS, MAX_REPOSITORY_BYTES, RepositoryFiles, Unread, is_document, is_yaml};
use terralet_core::syntax::MAX_BYTES;

/// How many directories of one are looked into for files that may be meant as documents, how deep, and how many files are kept.
const MAX_DIRECTORIES: usize = 50;
const NESTED_LEVELS: usize = 2;
const MAX_NESTED: usize = 200;

/// Reads a repository.
pub fn read(workspace: &Workspace, directory: &Path, listed: bool) -> RepositoryFiles {
    read_infra(workspace, directory, &infra(&workspace.platform, directory), name(directory), listed)
}

/// The infra directory of a run's repository.
pub fn infra_of(workspace: &Workspace, target: &Target) -> PathBuf {
    target.infra.clone().unwrap_or_else(|| infra(&workspace.platform, &target.directory))
}

/// Reads the documents of an infra directory. Whatever the file system refuses is reported of this repository: nothing that a customer's
/// repository holds stops the others.
pub fn read_infra(workspace: &Workspace, directory: &Path, infra: &Path, name: String, listed: bool) -> RepositoryFiles {
    let mut repository = RepositoryFiles {
        name,
        directory: workspace.shown(directory),
        infra: workspace.shown(infra),
        listed,
        files: Vec::new(),
        unread: None,
        nested_platform: None,
    };
    let unreadable = |path: &Path, error| Some(Unread::Unreadable { directory: workspace.shown(path), reason: reason(&error) });
    meet("find", directory, OsStr::new(""));
    // Links inside a repository are fine; one that leaves it is reported.
    let inside = match Inside::new(directory) {
        Ok(inside) => inside,
        Err(error) => {
            repository.unread = unreadable(directory, error);
            return repository;
        }
    };
    if listed && workspace.listed {
        repository.nested_platform = [FILE_NAME, OTHER_SPELLING].into_iter().find(|name| inside.has(name));
    }
    meet("list", infra, OsStr::new(""));
    match list(&inside, infra) {
        Ok(Documents::In(folder, names, directories)) => {
            repository.files = documents(&folder, names);
            repository.files.extend(nested(&inside, infra, directories));
        }
        Ok(Documents::Nowhere) => {}
        // What is outside is not reported either, not even the names.
        Ok(Documents::Outside) => repository.unread = Some(Unread::Outside),
        Err(error) => repository.unread = unreadable(infra, error),
    }
    repository
}

/// Where the documents of a repository are.
enum Documents<'i> {
    /// In a folder, with the names in it that are or may be meant as documents', and their kinds; and with the directories in it.
    In(Folder<'i>, Listed, Vec<OsString>),
    /// There is no such folder.
    Nowhere,
    /// Outside of the repository.
    Outside,
}

/// Lists an infra directory, sorted: a name that is not UTF-8 and an extension in capitals are reported rather than ignored.
fn list<'i>(inside: &'i Inside, infra: &'i Path) -> io::Result<Documents<'i>> {
    let found = match inside.direct(infra)? {
        Some(folder) => Ok(Some(folder)),
        None => inside.folder(infra),
    };
    let mut folder = match found {
        Ok(Some(folder)) => folder,
        Ok(None) => return Ok(Documents::Outside),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(Documents::Nowhere),
        Err(error) => return Err(error),
    };
    let mut names = folder.names()?;
    let directories = directories(&names);
    names.retain(|(name, _)| {
        let shown = name.to_string_lossy();
        !shown.starts_with('.') && is_yaml(&shown)
    });
    names.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    Ok(Documents::In(folder, names, directories))
}

/// The first directories of a listing, without links and dot directories.
fn directories(names: &Listed) -> Vec<OsString> {
    let is_visible = |name: &OsStr| !name.to_string_lossy().starts_with('.');
    let directories = names.iter().filter(|(name, kind)| *kind == FileType::Directory && is_visible(name));
    let mut directories: Vec<OsString> = directories.map(|(name, _)| name.clone()).collect();
    directories.sort_unstable();
    directories.truncate(MAX_DIRECTORIES);
    directories
}

/// YAML files in directories below the documents, by their way from there. They are not read: by their names people may take them for
/// documents. What cannot be listed is left out.
fn nested(inside: &Inside, infra: &Path, directories: Vec<OsString>) -> Vec<DocumentFile> {
    let mut found = Vec::new();
    let mut open: Vec<(PathBuf, usize)> = directories.into_iter().map(|name| (PathBuf::from(name), 1)).collect();
    while let Some((way, level)) = open.pop() {
        let path = infra.join(&way);
        let Ok(Some(mut folder)) = inside.direct(&path) else { continue };
        let Ok(names) = folder.names() else { continue };
        if level < NESTED_LEVELS {
            open.extend(self::directories(&names).into_iter().map(|name| (way.join(name), level + 1)));
        }
        let yaml = names.iter().filter(|(name, kind)| *kind == FileType::RegularFile && is_yaml(&name.to_string_lossy()));
        let visible = yaml.map(|(name, _)| name.to_string_lossy()).filter(|name| !name.starts_with('.'));
        found.extend(visible.map(|name| format!("{}/{name}", slashes(&way))));
    }
    found.sort_unstable();
    found.truncate(MAX_NESTED);
    found.into_iter().map(|name| DocumentFile { name, content: Content::Bytes(Vec::new()) }).collect()
}

/// Reads the documents of a folder. Other files are reported by name, and nothing behind the limits is read.
fn documents(folder: &Folder<'_>, names: Listed) -> Vec<DocumentFile> {
    let mut found = 0;
    let mut left = MAX_REPOSITORY_BYTES;
    let one = |(name, kind): (OsString, FileType)| {
        let shown = name.to_string_lossy().into_owned();
        let is_document = is_document(&shown);
        found += usize::from(is_document);
        let content = match () {
            () if !is_document || found > MAX_DOCUMENTS => Content::Bytes(Vec::new()),
            () if name.to_str().is_none() => Content::Special("its name is not UTF-8 text"),
            () => document(folder, &name, kind, left).unwrap_or_else(|error| Content::Unreadable(reason(&error))),
        };
        left = match &content {
            Content::Bytes(bytes) => left.saturating_sub(bytes.len()),
            Content::PastLimit => 0,
            Content::TooLarge(_) | Content::Special(_) | Content::Outside | Content::Unreadable(_) => left,
        };
        DocumentFile { name: shown, content }
    };
    names.into_iter().map(one).collect()
}

fn document(folder: &Folder<'_>, name: &OsStr, kind: FileType, left: usize) -> io::Result<Content> {
    Ok(match folder.look(name, kind)? {
        Found::File(file) if file.bytes() > MAX_BYTES as u64 => Content::TooLarge(file.bytes()),
        Found::File(file) if file.bytes() > left as u64 => Content::PastLimit,
        Found::File(file) => {
            meet("read", folder.path(), name);
            Content::Bytes(file.read()?)
        }
        Found::Directory => Content::Special("it is a directory"),
        Found::Special => Content::Special("it is a device, a pipe or a socket"),
        Found::Outside => Content::Outside,
        Found::LinkToNothing => Content::Special("it is a link to nothing"),
        Found::LinkNowhere => Content::Special("it is a link that leads nowhere"),
    })
}

/// Why the file system refuses, in words that are the same on every system where it is what repositories run into.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => "it is a link in a circle".to_owned(),
        _ => error.to_string(),
    }
}

/// A repository that a call names by a path: its directory, and the infra directory when that was named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The repository.
    pub directory: PathBuf,
    /// Its infra directory, when another than the platform's was named.
    pub infra: Option<PathBuf>,
    /// True when the workspace lists it.
    pub listed: bool,
    /// True when its directory's name is judged even though no workspace lists it.
    pub judged: bool,
}

impl Target {
    /// The name of the repository.
    pub fn name(&self) -> String {
        name(&self.directory)
    }
}

/// The repository that a path means: itself, the one around an infra directory, or the one around a document. Whose a path is follows from the
/// way to it: a link in a repository makes nothing else its infra directory or its document.
pub fn target(workspace: &Workspace, path: &Path, repositories: &[PathBuf]) -> Result<Target, Failure> {
    let path = workspace.reached.join(path)?;
    if let Some(repository) = around(&path, repositories) {
        return Ok(Target { directory: repository.clone(), infra: None, listed: true, judged: true });
    }
    let is_document_by_name = path.written.file_name().is_some_and(|name| is_document(&name.to_string_lossy()));
    let is_link = fs::symlink_metadata(&path.written).is_ok_and(|metadata| metadata.file_type().is_symlink());
    let written = if path.real.is_dir() && !(is_document_by_name && is_link) {
        if infra(&workspace.platform, &path.real).is_dir() {
            return Ok(Target { directory: path.real, infra: None, listed: false, judged: false });
        }
        path.written
    } else {
        path.written.parent().unwrap_or(&path.written).to_owned()
    };
    let infra = written;
    // `deploy/infra` has two names above which the repository is; what only has documents is right below it.
    let names = std::iter::once(&workspace.platform.infra).chain(&workspace.platform.other_infra).map(|name| name.as_str());
    let longest = names.filter(|name| infra.ends_with(name)).max_by_key(|name| name.len());
    let named = longest.is_some();
    let infra_name = longest.unwrap_or(workspace.platform.infra.as_str());
    if !named && !has_documents(&infra) {
        return Err(Failure::usage(
            format!("`{}` is not a customer repository: it has no `{infra_name}` directory", infra.display()),
            "name a repository, its infra directory or one of its documents",
        ));
    }
    if !named {
        let infra = reached::real(&infra);
        let directory = infra.parent().unwrap_or(&infra).to_owned();
        return Ok(Target { directory, infra: Some(infra), listed: false, judged: false });
    }
    let directory = reached::real(infra.ancestors().nth(Path::new(infra_name).components().count()).unwrap_or(&infra));
    let infra = directory.join(infra_name);
    Ok(Target { directory, infra: Some(infra), listed: false, judged: false })
}

/// The listed repository that a path is in: the nearest on the way that was written, else by where the path really is. On the way a repository
/// is known by where it is listed: a link in one of them to another one is still of the first.
fn around<'r>(path: &Reached, repositories: &'r [PathBuf]) -> Option<&'r PathBuf> {
    let entry = |path: &Path| Some(reached::real(path.parent()?).join(path.file_name()?));
    let place = |place: &dyn Fn(&Path) -> Option<PathBuf>, way: &Path| {
        let places: Vec<Option<PathBuf>> = repositories.iter().map(|repository| place(repository)).collect();
        let mut above = way.ancestors().filter_map(place);
        above.find_map(|above| places.iter().position(|repository| repository.as_ref() == Some(&above)))
    };
    let index = place(&entry, &path.written).or_else(|| place(&|path| Some(reached::real(path)), &path.real));
    index.and_then(|index| repositories.get(index))
}
