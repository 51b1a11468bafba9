//! What tests over real trees share: a copy of a workspace in a temporary directory, the binary, and trees as maps.

#![allow(dead_code, reason = "each binary takes what it needs")]
#![allow(unreachable_pub, reason = "what a binary takes of it is the binary's choice")]

pub mod beside;
pub mod cases;
pub mod edits;
#[cfg(unix)]
pub mod machine;
pub mod marks;
pub mod moves;
pub mod proposals;
pub mod real_terraform;
pub mod sarif;
pub mod state_names;
pub mod workflow;
pub mod workspace;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The package's directory.
pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Copies a directory with what is below it; `skip` names what stays behind.
pub fn copy_tree(from: &Path, to: &Path, skip: &[&str]) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if skip.iter().any(|skipped| name == *skipped) {
            continue;
        }
        let target = to.join(&name);
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy_tree(&entry.path(), &target, skip);
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file below a directory, by its path with `/`. The lock is nobody's output.
pub fn read_tree(root: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        let Ok(entries) = fs::read_dir(&directory) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().is_some_and(|name| name != ".terralet-lock") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// A temporary directory that looks like the package: the shared modules are where fixtures expect them.
pub struct Sandbox {
    directory: tempfile::TempDir,
}

impl Sandbox {
    pub fn new() -> Self {
        let directory = tempfile::Builder::new().prefix("terralet-test").tempdir().unwrap();
        copy_tree(&package().join("modules"), &directory.path().join("modules"), &["tests", ".terraform"]);
        Sandbox { directory }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Copies a directory of the package to the same place of the sandbox.
    pub fn with(&self, directory: &str, skip: &[&str]) -> PathBuf {
        let to = self.path().join(directory);
        copy_tree(&package().join(directory), &to, skip);
        to
    }
}

/// Runs the binary in a directory.
pub fn terralet(directory: &Path, arguments: &[&str]) -> Output {
    command(directory, arguments).output().unwrap()
}

/// The binary in a directory, and an environment that says nothing of the terminal or the CI service that the tests run in.
pub fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terralet"));
    command.current_dir(directory).args(arguments).env("LC_ALL", "C.UTF-8");
    for name in ["CLICOLOR_FORCE", "COLUMNS", "GITHUB_WORKSPACE", "NO_COLOR"] {
        command.env_remove(name);
    }
    command
}

/// Runs the binary and expects an exit status; gives what it said on both streams.
pub fn expect(directory: &Path, arguments: &[&str], status: i32) -> String {
    let output = terralet(directory, arguments);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "terralet {arguments:?} said:\n{said}");
    said
}

/// Runs the binary, to be killed before a step; false when it ended before it came there.
pub fn dies(directory: &Path, call: &[&str], step: usize) -> bool {
    let status = Command::new(env!("CARGO_BIN_EXE_terralet"))
        .current_dir(directory)
        .args(call)
        .env("TERRALET_TEST_DIE_AT", step.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    // A process that a signal ended has no exit status.
    status.code().is_none() || {
        assert_eq!(status.code(), Some(0), "step {step} of {call:?}");
        false
    }
}

/// True when golden files are to be written again.
pub fn is_blessing() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

/// Replaces a golden tree.
pub fn bless(directory: &Path, files: &BTreeMap<String, String>) {
    if directory.exists() {
        fs::remove_dir_all(directory).unwrap();
    }
    for (name, text) in files {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}
