//! What one customer's repository holds, or how it changes under a run, is an error of that customer alone: every other customer is compiled,
//! and what stands on disk of this one stays.

#![cfg(unix)]

use crate::harness::machine::{Meeting, SHOP, SmallDisk, User, finish, permit, pipe};
use crate::harness::workspace::{CAFE, PLATFORM, Workspace, assert_no_leftovers};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Seek, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

/// Codes that say that a repository's documents are not what they should be.
const OF_ITS_FILES: [&str; 4] = ["unreadable-document", "not-a-document", "outside-repository", "no-documents"];

/// Two customers, compiled. The cafe has changed since, so that a run has something to write.
fn fleet() -> Workspace {
    let workspace =
        Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP), ("shop/api-vars.yml", "compute: {}\n"), ("cafe/variables.yml", CAFE)]);
    workspace.compile();
    workspace.document("cafe/variables.yml", &format!("tags: {{team: sales}}\n{CAFE}"));
    workspace
}

fn shop(workspace: &Workspace) -> PathBuf {
    workspace.root.join("customers/shop")
}

/// True when the cafe's change is written.
fn is_cafe_written(workspace: &Workspace) -> bool {
    workspace.tree().iter().any(|(file, text)| file.starts_with("cafe/dev/") && text.contains("sales"))
}

fn of_shop(workspace: &Workspace) -> BTreeMap<String, String> {
    workspace.tree().into_iter().filter(|(file, _)| file.starts_with("shop/")).collect()
}

/// Holds what a compile did: the shop has an error of its files and no other, the cafe is written, and of the shop everything stays.
fn stops_the_shop_alone(workspace: &Workspace, before: &BTreeMap<String, String>, output: &Output, case: &str) -> String {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{case}: {said}");
    let reported: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{case}: {error}: {said}"));
    let errors: Vec<&Value> =
        reported["diagnostics"].as_array().unwrap().iter().filter(|reported| reported["severity"] == "error").collect();
    assert!(!errors.is_empty(), "{case}: {said}");
    for error in errors {
        assert_eq!(error["customer"], "shop", "{case}: {error}");
        assert!(OF_ITS_FILES.contains(&error["code"].as_str().unwrap()), "{case}: {error}");
    }
    assert!(!said.contains("deployment-removed") && !said.contains("customer-missing"), "{case}: {said}");
    assert_eq!(&of_shop(workspace), before, "{case}");
    assert!(is_cafe_written(workspace), "{case}: the other customer is not compiled");
    assert_no_leftovers(&workspace.output());
    said
}

#[test]
fn what_a_run_may_not_read_stops_its_own_customer_only() {
    // How the shop is closed, and how it is opened again so that the workspace can be removed.
    type Change = fn(&Path, &Path);
    let cases: [(&str, Change); 8] = [
        ("a document", |shop, _| permit(&shop.join("infra/api-vars.yml"), 0o000)),
        ("the base", |shop, _| permit(&shop.join("infra/variables.yml"), 0o000)),
        ("the directory of documents", |shop, _| permit(&shop.join("infra"), 0o000)),
        ("its names", |shop, _| permit(&shop.join("infra"), 0o311)),
        ("what is in it", |shop, _| permit(&shop.join("infra"), 0o644)),
        ("the repository", |shop, _| permit(shop, 0o000)),
        ("a document behind a link", |shop, locked| {
            fs::remove_file(shop.join("infra/api-vars.yml")).unwrap();
            symlink(locked.join("shop/api-vars.yml"), shop.join("infra/api-vars.yml")).unwrap();
        }),
        ("the directory of documents behind a link", |shop, locked| {
            fs::rename(shop.join("infra"), shop.join("before")).unwrap();
            symlink(locked.join("shop"), shop.join("infra")).unwrap();
        }),
    ];
    for (case, close) in cases {
        let workspace = fleet();
        let locked = workspace.root.join("locked");
        fs::create_dir_all(locked.join("shop")).unwrap();
        let Some(user) = User::of(&workspace) else { return };
        let before = of_shop(&workspace);
        let shop = shop(&workspace);
        permit(&locked, 0o000);
        close(&shop, &locked);
        let run = |arguments: &[&str]| finish(user.run(&workspace, arguments));
        let said = stops_the_shop_alone(&workspace, &before, &run(&["compile", "--format", "json"]), case);
        assert!(said.contains("unreadable-document") && said.contains("permission denied"), "{case}: {said}");
        for (call, status) in [
            (&["check"][..], 1),
            (&["check", "--fix"], 1),
            (&["check", "customers/shop", "customers/cafe"], 1),
            (&["compile", "--check"], 1),
            (&["compile", "--allow-missing"], 1),
            (&["compile", "--customer", "cafe"], 0),
            (&["list"], 1),
            (&["why", "cafe/dev"], 0),
            (&["why", "shop/dev"], 1),
        ] {
            let output = run(call);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(status), "{case}: {call:?} said:\n{said}");
            assert_eq!(of_shop(&workspace), before, "{case}: {call:?}");
        }
        for (path, mode) in [("locked", 0o755), ("customers/shop", 0o755), ("customers/shop/infra", 0o755)] {
            permit(&workspace.root.join(path), mode);
        }
    }
}

#[test]
fn a_repository_behind_a_link_that_cannot_be_followed_stops_its_own_customer_only() {
    type Change = fn(&Path, &Path);
    let cases: [(&str, Change); 2] =
        [("locked", |shop, locked| symlink(locked.join("shop"), shop).unwrap()), ("a circle", |shop, _| symlink("shop", shop).unwrap())];
    for (case, link) in cases {
        let workspace = fleet();
        let locked = workspace.root.join("locked");
        fs::create_dir_all(locked.join("shop/infra")).unwrap();
        let Some(user) = User::of(&workspace) else { return };
        let before = of_shop(&workspace);
        permit(&locked, 0o000);
        fs::remove_dir_all(shop(&workspace)).unwrap();
        link(&shop(&workspace), &locked);
        let run = |arguments: &[&str]| finish(user.run(&workspace, arguments));
        stops_the_shop_alone(&workspace, &before, &run(&["compile", "--format", "json"]), case);
        let output = run(&["check", "customers/cafe", "customers/shop"]);
        assert_eq!(output.status.code(), Some(1), "{case}: {}", String::from_utf8_lossy(&output.stderr));
        permit(&locked, 0o755);
    }
}

#[test]
fn what_changes_while_it_is_read_stops_its_own_customer_only() {
    type Change = fn(&Path);
    let infra_is_a_link_out = |shop: &Path| {
        fs::rename(shop.join("infra"), shop.join("before")).unwrap();
        symlink("../cafe/infra", shop.join("infra")).unwrap();
    };
    let cases: [(&str, &str, &str, Change); 13] = [
        ("find", "customers/shop", "gone", |shop| fs::remove_dir_all(shop).unwrap()),
        ("find", "customers/shop", "a pipe", |shop| {
            fs::remove_dir_all(shop).unwrap();
            pipe(shop);
        }),
        ("find", "customers/shop", "a file", |shop| {
            fs::remove_dir_all(shop).unwrap();
            fs::write(shop, "").unwrap();
        }),
        ("find", "customers/shop", "a link to nothing", |shop| {
            fs::remove_dir_all(shop).unwrap();
            symlink("nothing", shop).unwrap();
        }),
        ("list", "shop/infra", "gone with its repository", |shop| fs::remove_dir_all(shop).unwrap()),
        ("list", "shop/infra", "a pipe", |shop| {
            fs::remove_dir_all(shop.join("infra")).unwrap();
            pipe(shop.join("infra"));
        }),
        ("list", "shop/infra", "a link out", infra_is_a_link_out),
        ("list", "shop/infra", "a link in a circle", |shop| {
            fs::remove_dir_all(shop.join("infra")).unwrap();
            symlink("infra", shop.join("infra")).unwrap();
        }),
        ("open", "infra/api-vars.yml", "gone", |shop| fs::remove_file(shop.join("infra/api-vars.yml")).unwrap()),
        ("open", "infra/api-vars.yml", "gone with its repository", |shop| fs::remove_dir_all(shop).unwrap()),
        ("open", "infra/api-vars.yml", "a directory", |shop| {
            fs::remove_file(shop.join("infra/api-vars.yml")).unwrap();
            fs::create_dir(shop.join("infra/api-vars.yml")).unwrap();
        }),
        ("read", "infra/api-vars.yml", "longer", |shop| {
            OpenOptions::new().append(true).open(shop.join("infra/api-vars.yml")).unwrap().write_all(b"#\n").unwrap();
        }),
        ("read", "infra/api-vars.yml", "shorter", |shop| {
            OpenOptions::new().write(true).open(shop.join("infra/api-vars.yml")).unwrap().set_len(3).unwrap();
        }),
    ];
    for (point, end, what, change) in cases {
        let workspace = fleet();
        let before = of_shop(&workspace);
        let run = Meeting::at(point, end, &workspace, &["compile", "--format", "json"]);
        change(&shop(&workspace));
        stops_the_shop_alone(&workspace, &before, &run.go(), &format!("{point} {what}"));
    }
}

/// The same number of bytes, and other ones: the time of the change alone shows that half of it may be from before.
#[test]
fn a_document_of_the_same_length_that_changed_while_it_was_read_is_an_error() {
    let workspace = fleet();
    let before = of_shop(&workspace);
    let document = shop(&workspace).join("infra/variables.yml");
    let opened = || OpenOptions::new().write(true).open(&document).unwrap();
    // Long ago, so that no clock is too coarse to show a difference.
    opened().set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap();
    let run = Meeting::at("read", "shop/infra/variables.yml", &workspace, &["compile", "--format", "json"]);
    let mut file = opened();
    file.seek(std::io::SeekFrom::Start(SHOP.find("staging").unwrap() as u64)).unwrap();
    file.write_all(b"testing").unwrap();
    drop(file);
    let said = stops_the_shop_alone(&workspace, &before, &run.go(), "the same length");
    assert!(said.contains("it changed while it was read; run again"), "{said}");
}

#[test]
fn long_names_and_deep_directories_stop_their_own_customer_only() {
    type Make = fn(&Path);
    let cases: [(&str, Make); 8] = [
        ("a service", |shop| fs::write(shop.join(format!("infra/{}-vars.yml", "s".repeat(246))), "compute: {}\n").unwrap()),
        ("a region", |shop| fs::write(shop.join(format!("infra/{}-variables.yml", "r".repeat(241))), "tags: {}\n").unwrap()),
        ("an environment", |shop| {
            fs::write(shop.join("infra/variables.yml"), SHOP.replace("staging", &"e".repeat(1000))).unwrap();
        }),
        ("a customer", |shop| fs::write(shop.join("infra/variables.yml"), format!("customer_id: {}\n{SHOP}", "c".repeat(300))).unwrap()),
        ("a project", |shop| fs::write(shop.join("infra/variables.yml"), SHOP.replace("shop", &"p".repeat(1000))).unwrap()),
        ("the target of a link", |shop| symlink("l/".repeat(2040), shop.join("infra/web-vars.yml")).unwrap()),
        ("a chain of links", |shop| {
            for link in 0..60 {
                symlink(format!("{}", link + 1), shop.join(link.to_string())).unwrap();
            }
            fs::write(shop.join("60"), "compute: {}\n").unwrap();
            symlink("../0", shop.join("infra/web-vars.yml")).unwrap();
        }),
        ("a directory deeper than a path can say", |shop| {
            fs::rename(shop.join("infra"), shop.join("documents")).unwrap();
            // Made in two halves, each of which has a path that is short enough; two links go down the same way.
            let half = vec!["0".repeat(200); 15].join("/");
            for end in ["upper", "lower"] {
                fs::create_dir_all(shop.join(end).join(&half)).unwrap();
            }
            for name in ["variables.yml", "api-vars.yml"] {
                fs::copy(shop.join("documents").join(name), shop.join("lower").join(&half).join(name)).unwrap();
            }
            fs::rename(shop.join("lower"), shop.join("upper").join(&half).join("lower")).unwrap();
            symlink(format!("upper/{half}"), shop.join("middle")).unwrap();
            symlink(format!("middle/lower/{half}"), shop.join("infra")).unwrap();
        }),
    ];
    for (case, make) in cases {
        let workspace = fleet();
        let before = of_shop(&workspace);
        make(&shop(&workspace));
        let output = finish(crate::harness::command(&workspace.root, &["compile", "--format", "json"]));
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(1), "{case}: {said}");
        let reported: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(reported["diagnostics"].as_array().unwrap().iter().all(|reported| reported["customer"] == "shop"), "{case}: {said}");
        assert_eq!(of_shop(&workspace), before, "{case}");
        assert!(is_cafe_written(&workspace), "{case}: the other customer is not compiled");
    }
    // The name of a repository is its own too.
    let workspace = fleet();
    let before = of_shop(&workspace);
    workspace.write(&format!("customers/{}/infra/variables.yml", "n".repeat(255)), &SHOP.replace("10.0.", "10.2."));
    workspace.run(&["compile"], 1);
    assert_eq!(of_shop(&workspace), before);
    assert!(is_cafe_written(&workspace));
}

/// A directory of documents of two names, of which the customer made the first a link.
#[test]
fn a_way_to_the_documents_that_leads_nowhere_stops_its_own_customer_only() {
    for (target, code) in [("deploy", "unreadable-document"), ("nothing", "no-documents"), ("../cafe/deploy", "outside-repository")] {
        let workspace = Workspace::new(&format!("infra: deploy/infra\n{PLATFORM}"), &[]);
        workspace.write("customers/cafe/deploy/infra/variables.yml", CAFE);
        workspace.write("customers/shop/README.md", "");
        symlink(target, shop(&workspace).join("deploy")).unwrap();
        let reported = workspace.run(&["compile"], 1);
        assert_eq!(reported.codes(), [format!("error[{code}]")], "{target}");
        assert!(workspace.files("cafe/dev").contains(&"main.tf".to_owned()), "{target}");
    }
}

/// Both customers have a mistake with a safe fix.
fn mistaken() -> Workspace {
    let wrong = |text: &str| text.replace("networking", "netwroking");
    Workspace::new(PLATFORM, &[("shop/variables.yml", &wrong(SHOP)), ("cafe/variables.yml", &wrong(CAFE))])
}

/// Holds what `check --fix` did: the cafe is fixed, the shop is as it was, and is reported.
fn fixes_the_cafe_alone(workspace: &Workspace, output: &Output, case: &str) {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{case}: {said}");
    let reported: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{case}: {error}: {said}"));
    assert_eq!(reported["fixes"]["files"][0]["file"], "customers/cafe/infra/variables.yml", "{case}: {said}");
    assert_eq!(reported["fixes"]["left"][0]["file"], "customers/shop/infra/variables.yml", "{case}: {said}");
    assert!(reported["fixes"]["left"][0]["reason"].as_str().unwrap().starts_with("it cannot be written: "), "{case}: {said}");
    let text = |name: &str| fs::read_to_string(workspace.root.join(format!("customers/{name}/infra/variables.yml"))).unwrap();
    assert_eq!(text("cafe"), CAFE, "{case}");
    assert_eq!(text("shop"), SHOP.replace("networking", "netwroking"), "{case}");
    assert_no_leftovers(&workspace.root.join("customers"));
}

#[test]
fn a_document_that_cannot_be_written_keeps_no_other_from_being_fixed() {
    let workspace = mistaken();
    let Some(user) = User::of(&workspace) else { return };
    let infra = shop(&workspace).join("infra");
    permit(&infra, 0o555);
    let output = finish(user.run(&workspace, &["check", "--fix", "--format", "json"]));
    permit(&infra, 0o755);
    fixes_the_cafe_alone(&workspace, &output, "a directory that is not to be written to");
}

#[test]
fn a_repository_on_a_full_or_a_read_only_disk_keeps_no_other_from_being_fixed() {
    for is_full in [true, false] {
        let workspace = mistaken();
        let infra = shop(&workspace).join("infra");
        let document = infra.join("variables.yml");
        let text = fs::read_to_string(&document).unwrap();
        let Some(_disk) = SmallDisk::mount(&infra, 64) else { return };
        fs::write(&document, text).unwrap();
        let filler = infra.join("filler");
        if is_full {
            let mut file = File::create(&filler).unwrap();
            while file.write_all(&[0; 4096]).is_ok() {}
        } else {
            assert!(Command::new("mount").args(["-o", "remount,ro"]).arg(&infra).status().unwrap().success());
        }
        let output = finish(crate::harness::command(&workspace.root, &["check", "--fix", "--format", "json"]));
        let _ = fs::remove_file(&filler);
        fixes_the_cafe_alone(&workspace, &output, if is_full { "full" } else { "read-only" });
    }
}
