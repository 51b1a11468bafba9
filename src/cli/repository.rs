//! Reads the documents of a repository, and nothing outside it.

use super::failure::Failure;
use super::workspace::{PLATFORM_FILE, Workspace, slashes};
use crate::resolve::{Content, DocumentFile, MAX_DOCUMENTS, RepositoryFiles, is_document};
use crate::syntax::MAX_BYTES;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// Reads a repository. `only` is a single document, when the call named one.
pub(super) fn read(workspace: &Workspace, directory: &Path, listed: bool) -> Result<RepositoryFiles, Failure> {
    let name = directory.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let registration = workspace.platform.registry.get(&name);
    let infra_name = registration.and_then(|entry| entry.infra.clone()).unwrap_or_else(|| workspace.platform.infra.clone());
    read_infra(workspace, directory, &directory.join(infra_name.as_str()), name, listed)
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
    let mut names = Vec::new();
    match fs::read_dir(infra) {
        Ok(entries) => {
            let leaves = leaves(directory, infra)?;
            for entry in entries {
                let entry = entry.map_err(|error| Failure::io("list", infra, error))?;
                let Ok(name) = entry.file_name().into_string() else { continue };
                if name.starts_with('.') || !(name.ends_with(".yml") || name.ends_with(".yaml")) {
                    continue;
                }
                names.push((name, entry.path()));
            }
            names.sort();
            let mut documents = 0;
            for (name, path) in names {
                documents += usize::from(is_document(&name));
                // Other files are told by name, and nothing behind the limit is read.
                let content = match (is_document(&name), leaves) {
                    (true, true) => Content::Outside,
                    (true, false) if documents <= MAX_DOCUMENTS => document(&path, directory)?,
                    _ => Content::Bytes(Vec::new()),
                };
                files.push(DocumentFile { name, content });
            }
        }
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            // It may be the repository itself that is not there any more.
            real(directory)?;
        }
        // A link round in a circle is the customer's mistake, and no reason to stop the others.
        Err(error) if is_link(infra) && error.kind() != std::io::ErrorKind::PermissionDenied => {}
        Err(error) => return Err(Failure::io("list", infra, error)),
    }
    Ok(RepositoryFiles {
        name,
        directory: shown(directory),
        infra: shown(infra),
        listed,
        files,
        nested_platform: listed && workspace.listed && directory.join(PLATFORM_FILE).exists(),
    })
}

/// A path without links.
fn real(path: &Path) -> Result<PathBuf, Failure> {
    fs::canonicalize(path).map_err(|error| Failure::io("find", path, error))
}

/// True where a link leads from the infra directory out of its repository. Links inside a repository are fine.
fn leaves(directory: &Path, infra: &Path) -> Result<bool, Failure> {
    let mut path = directory.to_owned();
    let is_below = infra.strip_prefix(directory).is_ok_and(|way| {
        way.components().all(|part| {
            path.push(part);
            // Nearly always there is no link at all, and looking at the last parts tells it.
            matches!(part, Component::Normal(_)) && fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_symlink())
        })
    });
    if is_below {
        return Ok(false);
    }
    let inside = real(directory)?;
    Ok(fs::canonicalize(infra).is_ok_and(|real| !real.starts_with(&inside)))
}

fn document(path: &Path, repository: &Path) -> Result<Content, Failure> {
    let mut metadata = fs::symlink_metadata(path).map_err(|error| Failure::io("look at", path, error))?;
    if metadata.is_symlink() {
        let inside = real(repository)?;
        match fs::canonicalize(path) {
            Ok(target) if target.starts_with(&inside) => {}
            Ok(_) => return Ok(Content::Outside),
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => return Err(Failure::io("follow", path, error)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Content::Special("it is a link to nothing")),
            Err(_) => return Ok(Content::Special("it is a link that leads nowhere")),
        }
        metadata = fs::metadata(path).map_err(|error| Failure::io("look at", path, error))?;
    }
    if metadata.is_dir() {
        return Ok(Content::Special("it is a directory"));
    }
    if !metadata.is_file() {
        return Ok(Content::Special("it is a device, a pipe or a socket"));
    }
    if metadata.len() > MAX_BYTES as u64 {
        return Ok(Content::TooLarge(metadata.len()));
    }
    let read = || -> std::io::Result<(Vec<u8>, bool)> {
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
        let file = File::open(path)?;
        let before = file.metadata()?;
        // A file that grows while it is read still ends at the limit.
        (&file).take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        let after = file.metadata()?;
        let is_whole = before.len() == bytes.len() as u64 && after.len() == before.len() && after.modified()? == before.modified()?;
        Ok((bytes, is_whole))
    };
    let (bytes, is_whole) = read().map_err(|error| Failure::io("read", path, error))?;
    if !is_whole {
        // Half of one text and half of another is nobody's wish.
        return Err(Failure::io("read", path, std::io::Error::other("it changed while it was read; run again")));
    }
    Ok(Content::Bytes(bytes))
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
    let looks_like_infra = slashes(&infra).ends_with(infra_name) || has_documents(&infra);
    if !looks_like_infra {
        return Err(Failure::usage(
            format!("`{}` is no customer repository: it has no `{infra_name}` directory", infra.display()),
            "name a repository, its infra directory or one of its documents",
        ));
    }
    let directory = infra.parent().unwrap_or(&infra).to_owned();
    Ok(Target { directory, infra: Some(infra), listed: false, judged: false })
}

fn has_documents(directory: &Path) -> bool {
    let Ok(entries) = fs::read_dir(directory) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.ends_with("variables.yml") || name.ends_with("variables.yaml")
    })
}
