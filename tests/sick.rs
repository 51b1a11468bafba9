//! A machine that is ill: full disks, directories that cannot be written to, documents that are none, files that change under the reader,
//! and two runs at once. The answer is a clear error, the tree of before, and no temporary file.
//!
//! What a machine does not let a test do (another user, a file system of its own) is skipped, each on one line that says so.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    missing_docs
)]

mod harness;

use harness::workspace::{Workspace, assert_no_leftovers, words};
use std::fs::{self, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const PLATFORM: &str = "state: {backend: s3, config: {bucket: states, region: us-east-1}}";
const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
compute: {instance_type: t3.small}
environments:
  dev: {}
  staging: {}
";
const CAFE: &str = "\
project_name: cafe
region: eu-west-1
networking: {vpc_cidr: 10.1.0.0/16}
environments: {dev: {}}
";
/// Nobody's number on every Unix that matters here.
const NOBODY: u32 = 65_534;
/// Longer than any run takes on a busy machine; one that hangs is killed then.
const PATIENCE: Duration = Duration::from_secs(30);

fn shop() -> Workspace {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    workspace
}

/// A change that every root shows in several files.
fn change(workspace: &Workspace) {
    workspace.document("shop/variables.yml", &format!("tags: {{team: sales}}\n{}", SHOP.replace("t3.small", "t3.medium")));
}

fn binary() -> Command {
    Command::new(env!("CARGO_BIN_EXE_terralet"))
}

/// Starts a run and kills it when it hangs.
fn finish(mut command: Command) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("{command:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

/// What a run said, which has to have ended with exit status 2.
fn refused(command: Command) -> String {
    let output = finish(command);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error: cannot "), "{said}");
    said
}

/// A user whom permissions bind, with the workspace their own: nobody, when the tests are run by root.
struct User {
    binary: PathBuf,
    is_nobody: bool,
}

impl User {
    /// Nothing, said on one line, where root cannot become nobody.
    fn of(workspace: &Workspace) -> Option<User> {
        let binary = PathBuf::from(env!("CARGO_BIN_EXE_terralet"));
        if fs::metadata(&workspace.root).unwrap().uid() != 0 {
            return Some(User { binary, is_nobody: false });
        }
        // The package may stand where nobody may not go.
        let own = workspace.root.join("terralet");
        fs::copy(binary, &own).unwrap();
        let given = Command::new("chown").arg("-R").arg(NOBODY.to_string()).arg(workspace.root.parent().unwrap()).status();
        let user = User { binary: own, is_nobody: true };
        let works = given.is_ok_and(|status| status.success())
            && user.run(workspace, &["--version"]).output().is_ok_and(|output| output.status.success());
        if !works {
            eprintln!("1 skipped: root cannot become another user here");
        }
        works.then_some(user)
    }

    fn run(&self, workspace: &Workspace, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.current_dir(&workspace.root).args(arguments);
        if self.is_nobody {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }
}

fn permit(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_directory_that_cannot_be_written_to_keeps_the_whole_tree() {
    let workspace = shop();
    let Some(user) = User::of(&workspace) else { return };
    let before = workspace.tree();
    change(&workspace);
    // The last of the roots refuses; the first is not written either.
    let staging = workspace.output().join("shop/staging");
    permit(&staging, 0o555);
    let said = refused(user.run(&workspace, &["compile"]));
    assert!(said.contains("cannot write `") && said.contains("generated/shop/staging/"), "{said}");
    assert!(said.contains("Permission denied"), "{said}");
    assert_eq!(workspace.tree(), before);
    permit(&staging, 0o755);

    permit(&workspace.output(), 0o555);
    permit(&workspace.output().join(".terralet-lock"), 0o444);
    let said = refused(user.run(&workspace, &["compile"]));
    assert!(said.contains("cannot open `") && said.contains(".terralet-lock`"), "{said}");
    // Comparing writes nothing, and needs no leave to.
    assert_eq!(finish(user.run(&workspace, &["compile", "--check"])).status.code(), Some(3));
    assert_eq!(workspace.tree(), before);
    permit(&workspace.output(), 0o755);
    permit(&workspace.output().join(".terralet-lock"), 0o644);
    assert!(finish(user.run(&workspace, &["compile"])).status.success());
    assert_no_leftovers(&workspace.output());
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let workspace = shop();
    let Some(user) = User::of(&workspace) else { return };
    let before = workspace.tree();
    change(&workspace);
    for path in ["customers/shop/infra/variables.yml", "generated/shop/dev/main.tf", "terralet.yml"] {
        let file = workspace.root.join(path);
        permit(&file, 0o000);
        let said = refused(user.run(&workspace, &["compile"]));
        permit(&file, 0o644);
        assert!(said.contains("cannot read `") && said.contains(path) && said.contains("Permission denied"), "{said}");
        assert_eq!(workspace.tree(), before);
    }
}

/// A small file system of its own, mounted on a directory.
struct SmallDisk<'d>(&'d Path);

impl<'d> SmallDisk<'d> {
    /// Nothing, said on one line, where one cannot be mounted.
    fn mount(directory: &'d Path, kibibytes: u32) -> Option<SmallDisk<'d>> {
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

#[test]
fn a_full_disk_keeps_the_whole_tree() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    let output = workspace.output();
    let Some(_disk) = SmallDisk::mount(&output, 256) else { return };
    workspace.compile();
    let before = workspace.tree();
    change(&workspace);
    let filler = output.join("filler");
    let fill = |free: usize| {
        let mut file = fs::File::create(&filler).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        let length = fs::metadata(&filler).unwrap().len() / 4096 * 4096;
        OpenOptions::new().write(true).open(&filler).unwrap().set_len(length - 4096 * free as u64).unwrap();
    };
    // The change takes four files and two guards. The disk is full at once, after a few of them, and just before the last.
    for free in [0, 1, 3, 5] {
        fill(free);
        let mut compile = binary();
        compile.current_dir(&workspace.root).arg("compile");
        let said = refused(compile);
        fs::remove_file(&filler).unwrap();
        assert!(said.contains("No space left on device"), "{said}");
        assert_eq!(workspace.tree(), before, "with {free} pages free");
        assert_no_leftovers(&output);
    }
    workspace.compile();
    assert_ne!(workspace.tree(), before);
    assert!(workspace.run(&["compile", "--check"], 0).differences().is_empty());
}

#[test]
fn a_limit_on_files_keeps_the_whole_tree() {
    let limited = |workspace: &Workspace| {
        // 512-byte blocks; with the signal ignored the write fails as on a full disk.
        let script = "trap '' XFSZ; ulimit -f 2; exec \"$0\" compile";
        let mut shell = Command::new("sh");
        shell.args(["-c", script, env!("CARGO_BIN_EXE_terralet")]).current_dir(&workspace.root);
        refused(shell)
    };
    let workspace = shop();
    let before = workspace.tree();
    change(&workspace);
    let said = limited(&workspace);
    assert!(said.contains("cannot write `") && said.contains("main.tf`"), "{said}");
    assert_eq!(workspace.tree(), before);
    assert_no_leftovers(&workspace.output());

    // Of a first compile nothing is left, not even empty directories.
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    limited(&workspace);
    let left: Vec<_> = fs::read_dir(workspace.output()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [".terralet-lock"]);
}

#[test]
fn a_document_that_is_none_stops_its_own_customer_only() {
    type Make = fn(&Path);
    let makes: [(&str, Make); 8] = [
        ("a directory", |path| fs::create_dir(path).unwrap()),
        ("a device, a pipe or a socket", |path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success())),
        ("a device, a pipe or a socket", |path| drop(UnixListener::bind(path).unwrap())),
        ("a link to nothing", |path| symlink("nowhere.yml", path).unwrap()),
        ("a link that leads nowhere", |path| symlink(path.file_name().unwrap(), path).unwrap()),
        ("a link that leads nowhere", |path| symlink("../README.md/variables.yml", path).unwrap()),
        ("outside", |path| symlink("/dev/zero", path).unwrap()),
        ("outside", |path| symlink("../../cafe/infra/variables.yml", path).unwrap()),
    ];
    for (index, (what, make)) in makes.into_iter().enumerate() {
        let workspace = Workspace::new(PLATFORM, &[("cafe/variables.yml", CAFE)]);
        // A name that fits into the address of a socket.
        workspace.write("customers/s/README.md", "A shop.\n");
        let document = workspace.root.join("customers/s/infra/variables.yml");
        fs::create_dir_all(document.parent().unwrap()).unwrap();
        make(&document);
        let mut compile = binary();
        compile.current_dir(&workspace.root).args(["compile", "--format", "json"]);
        let output = finish(compile);
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "case {index}: {told}");
        let code = if what == "outside" { "outside-repository" } else { "not-a-document" };
        let mut diagnostics = told["diagnostics"].as_array().unwrap().iter();
        let found =
            diagnostics.find(|diagnostic| diagnostic["code"] == code).unwrap_or_else(|| panic!("case {index}: no {code} in {told}"));
        assert!(found.to_string().contains(what), "case {index}: {}", words(found));
        assert!(workspace.files("cafe/dev").contains(&"main.tf".to_owned()), "case {index}: the other customer is not compiled");
        assert!(workspace.files("s").is_empty());
    }
}

#[test]
fn a_device_is_no_document() {
    let workspace = Workspace::new(PLATFORM, &[("cafe/variables.yml", CAFE)]);
    let document = workspace.root.join("customers/shop/infra/variables.yml");
    fs::create_dir_all(document.parent().unwrap()).unwrap();
    let made = Command::new("mknod").arg(&document).args(["c", "1", "5"]).stderr(Stdio::null()).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("1 skipped: no device can be made here");
        return;
    }
    let mut compile = binary();
    compile.current_dir(&workspace.root).args(["compile"]);
    let output = finish(compile);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("a device, a pipe or a socket"));
}

#[test]
fn a_directory_of_documents_that_is_a_link_in_a_circle_stops_its_own_customer_only() {
    let workspace = Workspace::new(PLATFORM, &[("cafe/variables.yml", CAFE)]);
    let shop = workspace.root.join("customers/shop");
    fs::create_dir_all(&shop).unwrap();
    symlink("infra", shop.join("infra")).unwrap();
    let told = workspace.run(&["compile"], 1);
    assert_eq!(told.codes(), ["error[no-documents]"]);
    assert!(workspace.files("cafe/dev").contains(&"main.tf".to_owned()));
}

#[test]
fn a_pipe_in_the_tree_is_foreign_and_does_not_block() {
    let workspace = shop();
    let main = workspace.output().join("shop/dev/main.tf");
    fs::remove_file(&main).unwrap();
    assert!(Command::new("mkfifo").arg(&main).status().unwrap().success());
    // Of a root that is live, and of one whose deployment is gone.
    for text in [SHOP.to_owned(), SHOP.replace("  dev: {}\n", "")] {
        workspace.document("shop/variables.yml", &text);
        let mut compile = binary();
        compile.current_dir(&workspace.root).args(["compile"]);
        let output = finish(compile);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("foreign-file"));
    }
}

#[test]
fn a_document_that_changes_while_it_is_read_is_an_error() {
    let workspace = shop();
    let before = workspace.tree();
    let document = workspace.root.join("customers/shop/infra/variables.yml");
    // Long enough to take a while, short enough to stay below the limit with what is written behind it.
    let long = format!("{SHOP}#{}\n", "-".repeat(600_000));
    fs::write(&document, &long).unwrap();
    let stop = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = OpenOptions::new().append(true).open(&document).unwrap();
            let mut added = 0;
            while !stop.load(Ordering::Relaxed) {
                file.write_all(b"#\n").unwrap();
                added += 1;
                if added % 100_000 == 0 {
                    file.set_len(long.len() as u64).unwrap();
                }
            }
        });
        let started = Instant::now();
        let mut seen = false;
        while !seen && started.elapsed() < PATIENCE {
            let mut compile = binary();
            compile.current_dir(&workspace.root).args(["compile"]);
            let output = finish(compile);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            // Between two writes the text is whole, and the same deployments come of it.
            seen = output.status.code() == Some(2);
            assert!(if seen { said.contains("it changed while it was read; run again") } else { output.status.success() }, "{said}");
        }
        stop.store(true, Ordering::Relaxed);
        seen
    });
    assert!(seen, "no run met the change");
    assert_eq!(workspace.tree(), before);
    assert_no_leftovers(&workspace.output());
}

/// Starts a compile that keeps the lock for a while, and waits until it has it.
fn holder(workspace: &Workspace, milliseconds: u64) -> Child {
    let lock = workspace.output().join(".terralet-lock");
    let _ = fs::write(&lock, "");
    let mut compile = binary();
    compile.current_dir(&workspace.root).args(["compile", "--quiet"]).env("TERRALET_TEST_HOLD", milliseconds.to_string());
    let child = compile.spawn().unwrap();
    let started = Instant::now();
    while fs::read_to_string(&lock).unwrap() != format!("process {}", child.id()) {
        assert!(started.elapsed() < PATIENCE, "the first compile takes no lock");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

#[test]
fn of_two_compiles_one_waits_and_says_for_whom() {
    let workspace = shop();
    change(&workspace);
    let mut first = holder(&workspace, 1500);
    // Comparing takes no lock.
    let mut check = binary();
    check.current_dir(&workspace.root).args(["compile", "--check"]);
    assert_eq!(finish(check).status.code(), Some(3));
    let mut second = binary();
    second.current_dir(&workspace.root).args(["compile"]);
    let second = finish(second);
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains(&format!("another terralet (process {}) is writing here; waiting", first.id())), "{said}");
    assert!(second.status.success() && said.contains(" 0 files written"), "the first has written it all:\n{said}");
    assert!(first.wait().unwrap().success());
    workspace.run(&["compile", "--check"], 0);
}

#[test]
fn the_lock_of_a_dead_process_does_not_block() {
    let workspace = shop();
    change(&workspace);
    let mut first = holder(&workspace, 600_000);
    first.kill().unwrap();
    first.wait().unwrap();
    let mut second = binary();
    second.current_dir(&workspace.root).args(["compile"]);
    let second = finish(second);
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(second.status.success() && !said.contains("waiting"), "{said}");
    workspace.run(&["compile", "--check"], 0);
}

#[test]
fn what_a_run_found_is_told_before_the_failure_that_ended_it() {
    let broken = CAFE.replace("environments", "enviroments");
    let without_room = |workspace: &Workspace, format: &str| {
        let script = format!("trap '' XFSZ; ulimit -f 2; exec \"$0\" compile --format {format}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_terralet")]).current_dir(&workspace.root);
        finish(shell)
    };
    let unreadable = |workspace: &Workspace, format: &str| {
        let user = User::of(workspace)?;
        permit(&workspace.root.join("customers/shop/infra/variables.yml"), 0o000);
        Some(finish(user.run(workspace, &["compile", "--format", format])))
    };
    for is_writing in [true, false] {
        for format in ["human", "json"] {
            let workspace = shop();
            workspace.document("cafe/variables.yml", &broken);
            change(&workspace);
            let before = workspace.tree();
            let output = if is_writing { Some(without_room(&workspace, format)) } else { unreadable(&workspace, format) };
            let Some(output) = output else { return };
            let (out, err) = (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
            assert_eq!(output.status.code(), Some(2), "{out}{err}");
            let refusal = if is_writing { "cannot write `" } else { "cannot read `" };
            if format == "json" {
                let told: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
                assert!(told["error"]["message"].as_str().unwrap().starts_with(refusal), "{out}");
                assert!(told["diagnostics"].as_array().unwrap().iter().any(|found| found["code"] == "unknown-key"), "{out}");
            } else {
                let (found, failed) = (err.find("unknown-key"), err.find(&format!("error: {refusal}")));
                assert!(found.is_some() && found < failed, "{err}");
            }
            assert_eq!(workspace.tree(), before);
        }
    }
}

#[test]
fn new_directories_have_the_modes_that_the_mask_leaves_them() {
    // A prefix is its group's to add to where the mask says so; a root is its owner's alone.
    for (mask, prefix, root) in [("002", 0o775, 0o755), ("022", 0o755, 0o755), ("077", 0o700, 0o700)] {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("umask {mask}; exec \"$0\" compile"), env!("CARGO_BIN_EXE_terralet")]).current_dir(&workspace.root);
        assert!(finish(shell).status.success());
        let mode = |below: &str| fs::metadata(workspace.output().join(below)).unwrap().permissions().mode() & 0o777;
        let modes = ["shop", "shop/dev", "shop/staging"].map(mode);
        assert_eq!(modes, [prefix, root, root], "{mask}: {modes:?}");
    }
}
