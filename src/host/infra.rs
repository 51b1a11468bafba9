//! Where the documents of a repository are.

use std::fs;
use std::path::{Path, PathBuf};
use terralet_core::platform::Platform;
use terralet_core::resolve::is_document;

/// The name of a repository: its directory's.
pub(crate) fn name(directory: &Path) -> String {
    directory.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The infra directory of a repository, as the registry or the platform names it.
pub(crate) fn infra(platform: &Platform, directory: &Path) -> PathBuf {
    let own = &platform.infra;
    // An exported platform does not say whose documents are where: the first of its directories that has any.
    let others = || platform.other_infra.iter().find(|other| has_documents(&directory.join(other.as_str())));
    if !platform.other_infra.is_empty()
        && !has_documents(&directory.join(own.as_str()))
        && let Some(other) = others()
    {
        return directory.join(other.as_str());
    }
    infra_in(platform, directory)
}

/// The infra directory of a listed repository, whether it is there or not.
pub(crate) fn infra_in(platform: &Platform, directory: &Path) -> PathBuf {
    let registration = platform.registry.get(&name(directory));
    directory.join(registration.and_then(|entry| entry.infra.as_ref()).unwrap_or(&platform.infra).as_str())
}

/// True for a directory that has a document.
pub(crate) fn has_documents(directory: &Path) -> bool {
    let Ok(entries) = fs::read_dir(directory) else { return false };
    entries.flatten().any(|entry| is_document(&entry.file_name().to_string_lossy()))
}
