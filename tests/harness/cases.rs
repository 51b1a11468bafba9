//! The entries of fixtures/diagnose, which its README describes.

use super::{copy_tree, package};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The folder of documents that get nothing.
pub const CLEAN: &str = "clean";
/// The rendered output of a folder.
pub const RENDERED: &str = "rendered.txt";

/// One entry of a folder.
#[derive(Debug, Clone)]
pub struct Case {
    /// The folder: a code, or `clean`.
    pub folder: String,
    /// The entry.
    pub path: PathBuf,
}

impl Case {
    /// What the entry is called.
    pub fn name(&self) -> String {
        self.path.file_stem().unwrap().to_string_lossy().into_owned()
    }

    /// Copies the entry to a directory of its name, as the repository or workspace that it stands for. What it does not have of its own modules
    /// is that of fixtures/modules.
    pub fn copy(&self) -> (TempDir, PathBuf) {
        let outer = tempfile::Builder::new().prefix("terralet-diagnose").tempdir().unwrap();
        // A link that leaves its repository leads to a file here as it does in the folder.
        fs::copy(package().join("fixtures/diagnose/README.md"), outer.path().join("README.md")).unwrap();
        let directory = outer.path().join(&self.folder).join(self.name());
        if self.path.is_dir() {
            if self.path.join("modules").is_dir() {
                copy_tree(&package().join("fixtures/modules"), &directory.join("modules"), &["README.md"]);
            }
            copy_tree(&self.path, &directory, &[]);
        } else {
            fs::create_dir_all(directory.join("infra")).unwrap();
            fs::copy(&self.path, directory.join("infra/variables.yml")).unwrap();
        }
        (outer, directory)
    }
}

/// The folders with their entries, sorted.
pub fn folders(root: &Path) -> BTreeMap<String, Vec<Case>> {
    let mut folders = BTreeMap::new();
    for entry in fs::read_dir(root).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        let folder = entry.file_name().to_string_lossy().into_owned();
        let paths = fs::read_dir(entry.path()).unwrap().map(|entry| entry.unwrap().path());
        let mut cases: Vec<Case> =
            paths.filter(|path| !path.ends_with(RENDERED)).map(|path| Case { folder: folder.clone(), path }).collect();
        cases.sort_by_key(Case::name);
        folders.insert(folder, cases);
    }
    folders
}
