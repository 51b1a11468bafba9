//! The real binary, run over a workspace of its own, and what it reported.

use super::disk::{self, Disk};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A workspace in a temporary directory, in memory where there is such a place.
pub(crate) struct Workspace {
    directory: tempfile::TempDir,
}

/// What a run came to.
pub(crate) struct Ran {
    /// Nothing when it was killed.
    pub(crate) status: Option<i32>,
    pub(crate) diagnostics: Vec<serde_json::Value>,
    pub(crate) text: String,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let place = if memory.is_dir() { memory } else { Path::new(env!("CARGO_TARGET_TMPDIR")) };
        let directory = tempfile::Builder::new().prefix("terralet-model").tempdir_in(place).unwrap();
        fs::create_dir_all(directory.path().join("customers")).unwrap();
        Workspace { directory }
    }

    pub(crate) fn root(&self) -> &Path {
        self.directory.path()
    }

    fn output(&self) -> PathBuf {
        self.root().join("generated")
    }

    pub(crate) fn disk(&self) -> Disk {
        disk::read(&self.output())
    }

    /// The `backend.tf` of a root.
    pub(crate) fn backend(&self, directory: &str) -> PathBuf {
        self.output().join(directory).join("backend.tf")
    }

    /// Runs terralet; `die_at` has it end before that step.
    pub(crate) fn run(&self, arguments: &[&str], die_at: Option<&str>) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_terralet"));
        command.current_dir(self.root()).args(arguments).args(["--format", "json"]).env("LC_ALL", "C.UTF-8");
        for name in ["CLICOLOR_FORCE", "COLUMNS", "GITHUB_WORKSPACE", "NO_COLOR", "TERRALET_TEST_DIE_AT"] {
            command.env_remove(name);
        }
        // A machine with a few cores runs several of these at a time.
        command.env("RAYON_NUM_THREADS", "1").stdin(Stdio::null());
        if let Some(step) = die_at {
            command.env("TERRALET_TEST_DIE_AT", step);
        }
        let output = command.output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let json: serde_json::Value = serde_json::from_str(&out).unwrap_or_default();
        let diagnostics = json["diagnostics"].as_array().cloned().unwrap_or_default();
        Ran { status: output.status.code(), diagnostics, text: format!("{out}{err}") }
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        // Links are no matter: they lead to places inside.
        let _gone = fs::remove_dir_all(self.output());
    }
}
