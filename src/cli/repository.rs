//! Reads the documents of a repository, and nothing outside it.

use super::failure::Failure;
use super::inside::{Folder, Found, Inside, Listed};
use super::workspace::{PLATFORM_FILE, Workspace};
use crate::resolve::{Content, DocumentFile, MAX_DOCUMENTS, MAX_REPOSITORY_BYTES, RepositoryFiles, is_document, is_yaml};
use crate::syntax::MAX_BYTES;
use rustix::fs::FileType;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Reads a repository. `only` is a single document, when the call named one.
pub(super) fn read(workspace: &Workspace, directory: &Path, listed: bool) -> Result<RepositoryFiles, Failure> {
    read_infra(workspace, directory, &infra(workspace, directory), name(directory), listed)
}

fn name(directory: &Path) -> String {
    directory.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The infra directory of a repository, as the registry or the platform names it.
fn infra(workspace: &Workspace, directory: &Path) -> PathBuf {
    let registration = workspace.platform.registry.get(&name(directory));
    let infra_name = registration.and_then(|entry| entry.infra.as_ref()).unwrap_or(&workspace.platform.infra);
    directory.join(infra_name.as_str())
}

/// The infra directory of a run's repository.
pub(super) fn infra_of(workspace: &Workspace, target: &Target) -> PathBuf {
    target.infra.clone().unwrap_or_else(|| infra(workspace, &target.directory))
}

/// Reads the documents of an infra directory.
pub(super) fn read_infra(
    workspace: &Workspace,
    directory: &Path,
    infra: &Path,
    name: String,
    listed: bool,
) -> Result<RepositoryFiles, Failure> {
    let shown = |path: &Path| workspace.shown(path);
    let mut files = Vec::new();
    // Links inside a repository are fine; one that leaves it is told.
    let inside = Inside::new(directory).map_err(|error| Failure::io("find", directory, error))?;
    let (folder, names) = list(&inside, infra)?;
    let mut documents = 0;
    let mut left = MAX_REPOSITORY_BYTES;
    for (name, kind) in names {
        let told = name.to_string_lossy().into_owned();
        documents += usize::from(is_document(&told));
        // Other files are told by name, and nothing behind the limits is read.
        let content = match &folder {
            _ if !is_document(&told) => Content::Bytes(Vec::new()),
            None => Content::Outside,
            Some(_) if name.to_str().is_none() => Content::Special("its name is not UTF-8 text"),
            Some(folder) if documents <= MAX_DOCUMENTS => {
                document(folder, &name, kind, left).map_err(|error| Failure::io("read", &infra.join(&name), error))?
            }
            Some(_) => Content::Bytes(Vec::new()),
        };
        left = match &content {
            Content::Bytes(bytes) => left.saturating_sub(bytes.len()),
            Content::PastLimit => 0,
            Content::TooLarge(_) | Content::Special(_) | Content::Outside => left,
        };
        files.push(DocumentFile { name: told, content });
    }
    Ok(RepositoryFiles {
        name,
        directory: shown(directory),
        infra: shown(infra),
        listed,
        files,
        nested_platform: listed && workspace.listed && inside.has(PLATFORM_FILE),
    })
}

/// An infra directory, unless it is outside, and the names in it that are or may be meant as documents', with their kinds, sorted: a name that
/// is not UTF-8 and an extension in capitals are told rather than passed over.
fn list<'i>(inside: &'i Inside, infra: &'i Path) -> Result<(Option<Folder<'i>>, Listed), Failure> {
    let unlisted = |error| Failure::io("list", infra, error);
    let (folder, mut names) = match inside.direct(infra).map_err(unlisted)? {
        Some(mut folder) => {
            let names = folder.names().map_err(unlisted)?;
            (Some(folder), names)
        }
        None => match fs::read_dir(infra) {
            // Even of one that is outside the names are told.
            Ok(entries) => {
                let name = |entry: std::io::Result<fs::DirEntry>| Ok((entry?.file_name(), FileType::Unknown));
                let names = entries.map(name).collect::<std::io::Result<Listed>>().map_err(unlisted)?;
                (inside.folder(infra).map_err(|error| Failure::io("open", infra, error))?, names)
            }
            Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => (None, Vec::new()),
            // A link round in a circle is the customer's mistake, and no reason to stop the others.
            Err(error) if is_link(infra) && error.kind() != std::io::ErrorKind::PermissionDenied => (None, Vec::new()),
            Err(error) => return Err(unlisted(error)),
        },
    };
    names.retain(|(name, _)| {
        let told = name.to_string_lossy();
        !told.starts_with('.') && is_yaml(&told)
    });
    names.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    Ok((folder, names))
}

fn document(folder: &Folder<'_>, name: &OsStr, kind: FileType, left: usize) -> std::io::Result<Content> {
    Ok(match folder.look(name, kind)? {
        Found::File(file) if file.bytes() > MAX_BYTES as u64 => Content::TooLarge(file.bytes()),
        Found::File(file) if file.bytes() > left as u64 => Content::PastLimit,
        Found::File(file) => Content::Bytes(file.read()?),
        Found::Directory => Content::Special("it is a directory"),
        Found::Special => Content::Special("it is a device, a pipe or a socket"),
        Found::Outside => Content::Outside,
        Found::LinkToNothing => Content::Special("it is a link to nothing"),
        Found::LinkNowhere => Content::Special("it is a link that leads nowhere"),
    })
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_symlink())
}

/// A repository that a call names by a path: its directory, and the infra directory when that was named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    /// The repository.
    pub(super) directory: PathBuf,
    /// Its infra directory, when another than the platform's was named.
    pub(super) infra: Option<PathBuf>,
    /// True when the workspace lists it.
    pub(super) listed: bool,
    /// True when its directory's name is judged even though no workspace lists it.
    pub(super) judged: bool,
}

/// The repository that a path means: itself, the one around an infra directory, or the one around a document.
pub(super) fn target(workspace: &Workspace, path: &Path, repositories: &[PathBuf]) -> Result<Target, Failure> {
    let path = workspace.start.join(path);
    let path = fs::canonicalize(&path).map_err(|error| Failure::io("find", &path, error))?;
    let known = repositories.iter().find(|repository| {
        let real = fs::canonicalize(repository).unwrap_or_else(|_| (*repository).clone());
        path.starts_with(&real)
    });
    if let Some(repository) = known {
        return Ok(Target { directory: repository.clone(), infra: None, listed: true, judged: true });
    }
    let infra_name = workspace.platform.infra.as_str();
    let infra = if path.is_dir() {
        if path.join(infra_name).is_dir() {
            return Ok(Target { directory: path, infra: None, listed: false, judged: false });
        }
        path
    } else {
        path.parent().unwrap_or(&path).to_owned()
    };
    // `deploy/infra` has two names above which the repository is; what only has documents is right below it.
    let named = infra.ends_with(infra_name);
    if !named && !has_documents(&infra) {
        return Err(Failure::usage(
            format!("`{}` is no customer repository: it has no `{infra_name}` directory", infra.display()),
            "name a repository, its infra directory or one of its documents",
        ));
    }
    let depth = if named { Path::new(infra_name).components().count() } else { 1 };
    let directory = infra.ancestors().nth(depth).unwrap_or(&infra).to_owned();
    Ok(Target { directory, infra: Some(infra), listed: false, judged: false })
}

fn has_documents(directory: &Path) -> bool {
    let Ok(entries) = fs::read_dir(directory) else { return false };
    entries.flatten().any(|entry| is_document(&entry.file_name().to_string_lossy()))
}
