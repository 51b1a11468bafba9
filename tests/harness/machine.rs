//! What a machine can do to a run: permissions that bind, small disks, and somebody who changes files at the very moment that they are read.
//!
//! What a machine does not let a test do (another user, a file system of its own) is skipped, each on one line that says so.

#![allow(clippy::print_stderr, reason = "what is skipped is printed")]

use super::workspace::Workspace;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A customer with instances in two environments.
pub const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
compute: {instance_type: t3.small}
environments:
  dev: {}
  staging: {}
";
/// Nobody's number on every Unix that matters here.
const NOBODY: u32 = 65_534;
/// Longer than any run takes on a busy machine; one that hangs is killed then.
const PATIENCE: Duration = Duration::from_secs(300);

/// Starts a run and kills it when it hangs.
pub fn finish(mut command: Command) -> Output {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    end(child)
}

/// Waits for the end of a run, and kills it when it hangs. What it says fits into a pipe.
fn end(mut child: Child) -> Output {
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("a run hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

/// A run that stands still at one point of reading one path, until it is let go. Debug builds alone do.
pub struct Meeting {
    child: Child,
    directory: tempfile::TempDir,
}

impl Meeting {
    /// Starts a run and waits until it is at the point: `find` a repository, `list` its infra directory, `open` or `read` a document, read it
    /// `again` for a message, `replace` it by its fixed text, or `lock` the tree. `end` is the end of the path.
    pub fn at(point: &str, end: &str, workspace: &Workspace, arguments: &[&str]) -> Meeting {
        let directory = tempfile::tempdir().unwrap();
        let mut command = super::command(&workspace.root, arguments);
        command.env("TERRALET_TEST_MEET", format!("{point}|{end}|{}", directory.path().display()));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let started = Instant::now();
        while !directory.path().join("here").exists() {
            let is_over = child.try_wait().unwrap().is_some();
            if is_over || started.elapsed() > PATIENCE {
                child.kill().unwrap();
                panic!("the run never came to `{point}` of `{end}`: {:?}", child.wait_with_output());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Meeting { child, directory }
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills the run where it stands.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Lets the run go on to its end.
    pub fn go(self) -> Output {
        fs::write(self.directory.path().join("go"), "").unwrap();
        end(self.child)
    }
}

/// Makes a pipe.
pub fn pipe(path: impl AsRef<OsStr>) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// A user whom permissions bind, with the workspace their own: nobody, when the tests are run by root.
pub struct User {
    binary: PathBuf,
    is_nobody: bool,
}

impl User {
    /// Nothing, said on one line, where root cannot become nobody.
    pub fn of(workspace: &Workspace) -> Option<User> {
        let binary = PathBuf::from(env!("CARGO_BIN_EXE_terralet"));
        if fs::metadata(&workspace.root).unwrap().uid() != 0 {
            return Some(User { binary, is_nobody: false });
        }
        // The package may stand where nobody may not go.
        let own = workspace.root.join("terralet");
        // By a process of its own: what this one has open for writing, a run that another test starts right then holds open too, and then it
        // cannot be started.
        assert!(Command::new("cp").arg(binary).arg(&own).status().unwrap().success());
        let given = Command::new("chown").arg("-R").arg(NOBODY.to_string()).arg(workspace.root.parent().unwrap()).status();
        let user = User { binary: own, is_nobody: true };
        let works = given.is_ok_and(|status| status.success())
            && user.run(workspace, &["--version"]).output().is_ok_and(|output| output.status.success());
        if !works {
            eprintln!("1 skipped: root cannot become another user here");
        }
        works.then_some(user)
    }

    pub fn run(&self, workspace: &Workspace, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.current_dir(&workspace.root).args(arguments);
        if self.is_nobody {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }
}

pub fn permit(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// A small file system of its own, mounted on a directory.
pub struct SmallDisk<'d>(&'d Path);

impl<'d> SmallDisk<'d> {
    /// Nothing, said on one line, where one cannot be mounted.
    pub fn mount(directory: &'d Path, kibibytes: u32) -> Option<SmallDisk<'d>> {
        fs::create_dir_all(directory).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={kibibytes}k"), "none"]).arg(directory);
        let mounted = mount.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        if !mounted {
            eprintln!("1 skipped: no small disk can be mounted here");
        }
        mounted.then_some(SmallDisk(directory))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}
