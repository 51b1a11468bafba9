//! A machine that is ill: full disks, directories that cannot be written to, documents that are none, and two
//! runs at once. The answer is a clear error, the tree of before, and no temporary file.
//!
//! What a machine does not let a test do (another user, a file system of its own) is skipped, each on one line that says so.

#![cfg(unix)]

use crate::harness::machine::{Meeting, SHOP, SmallDisk, User, finish, permit};
use crate::harness::workspace::{CAFE, PLATFORM, Workspace, assert_no_leftovers, words};
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};

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

/// What a run said, which has to have ended with exit status 2.
fn refused(command: Command) -> String {
    let output = finish(command);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error: cannot "), "{said}");
    said
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
    for path in ["generated/shop/dev/main.tf", "terralet.yml"] {
        let file = workspace.root.join(path);
        permit(&file, 0o000);
        let said = refused(user.run(&workspace, &["compile"]));
        permit(&file, 0o644);
        assert!(said.contains("cannot read `") && said.contains(path) && said.contains("Permission denied"), "{said}");
        assert_eq!(workspace.tree(), before);
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
        let reported: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "case {index}: {reported}");
        let code = if what == "outside" { "outside-repository" } else { "not-a-document" };
        let mut diagnostics = reported["diagnostics"].as_array().unwrap().iter();
        let found =
            diagnostics.find(|diagnostic| diagnostic["code"] == code).unwrap_or_else(|| panic!("case {index}: no {code} in {reported}"));
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
    let reported = workspace.run(&["compile"], 1);
    assert_eq!(reported.codes(), ["error[unreadable-document]"]);
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

/// A compile that has the lock.
fn holder(workspace: &Workspace) -> Meeting {
    Meeting::at("lock", ".terralet-lock", workspace, &["compile", "--quiet"])
}

#[test]
fn of_two_compiles_one_waits_and_says_for_whom() {
    let workspace = shop();
    change(&workspace);
    let first = holder(&workspace);
    // Comparing takes no lock.
    let mut check = binary();
    check.current_dir(&workspace.root).args(["compile", "--check"]);
    assert_eq!(finish(check).status.code(), Some(3));
    let mut second = binary();
    let mut second = second.current_dir(&workspace.root).args(["compile"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(second.stderr.take().unwrap());
    let mut waits = String::new();
    said.read_line(&mut waits).unwrap();
    assert!(waits.contains(&format!("another terralet (process {}) is writing here; waiting", first.id())), "{waits}");
    assert!(first.go().status.success());
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert!(second.wait().unwrap().success() && rest.contains(" 0 files written"), "the first has written it all:\n{rest}");
    workspace.run(&["compile", "--check"], 0);
}

#[test]
fn the_lock_of_a_dead_process_does_not_block() {
    let workspace = shop();
    change(&workspace);
    holder(&workspace).kill();
    let mut second = binary();
    second.current_dir(&workspace.root).args(["compile"]);
    let second = finish(second);
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(second.status.success() && !said.contains("waiting"), "{said}");
    workspace.run(&["compile", "--check"], 0);
}

#[test]
fn what_a_run_found_is_printed_before_the_failure_that_ended_it() {
    let broken = CAFE.replace("environments", "enviroments");
    let without_room = |workspace: &Workspace, format: &str| {
        let script = format!("trap '' XFSZ; ulimit -f 2; exec \"$0\" compile --format {format}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_terralet")]).current_dir(&workspace.root);
        finish(shell)
    };
    let unreadable = |workspace: &Workspace, format: &str| {
        let user = User::of(workspace)?;
        permit(&workspace.output().join("shop/dev/main.tf"), 0o000);
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
                let reported: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
                assert!(reported["error"]["message"].as_str().unwrap().starts_with(refusal), "{out}");
                assert!(reported["diagnostics"].as_array().unwrap().iter().any(|found| found["code"] == "unknown-key"), "{out}");
            } else {
                let (found, failed) = (err.find("unknown-key"), err.find(&format!("error: {refusal}")));
                assert!(found.is_some() && found < failed, "{err}");
            }
            permit(&workspace.output().join("shop/dev/main.tf"), 0o644);
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
