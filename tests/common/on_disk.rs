//! A workspace in a temporary directory, and the binary run in it.

// Each test takes what it needs.
#![allow(dead_code)]

use crate::repository::Repository;
use crate::written::written;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

pub(crate) struct Workspace {
    /// Holds the workspace in `work`, and what lies beside it.
    pub(crate) around: TempDir,
}

impl Workspace {
    pub(crate) fn new(platform: &str) -> Self {
        let workspace = Workspace { around: TempDir::new().unwrap() };
        fs::create_dir_all(workspace.root().join("customers")).unwrap();
        fs::write(workspace.root().join("terralet.yml"), platform).unwrap();
        workspace
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.around.path().join("work")
    }

    pub(crate) fn add(&self, repository: &Repository) {
        let infra = self.root().join("customers").join(&repository.name).join("infra");
        fs::create_dir_all(&infra).unwrap();
        for (name, document) in &repository.documents {
            fs::write(infra.join(name), written(document).text).unwrap();
        }
    }

    /// Runs the binary in the workspace.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_terralet")).arg("-C").arg(self.root()).args(arguments).output().unwrap()
    }

    /// Every file below a directory, with its bytes.
    pub(crate) fn files(&self, below: &Path) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut open = vec![below.to_owned()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(&directory).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    found.insert(path.strip_prefix(below).unwrap().display().to_string(), fs::read(&path).unwrap());
                }
            }
        }
        found
    }
}
