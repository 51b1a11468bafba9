//! Documents that are not what their names say, names that are nearly those of documents, and files outside of a repository.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod harness;

use harness::workspace::{Told, Workspace, words};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const PLATFORM: &str = "state: {backend: s3, config: {bucket: states, region: us-east-1}}";
const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments:
  dev: {}
";

fn shop() -> Workspace {
    Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)])
}

fn infra(workspace: &Workspace) -> std::path::PathBuf {
    workspace.root.join("customers/shop/infra")
}

/// The help of the only diagnostic of a code.
fn help(told: &Told, code: &str) -> String {
    told.only(code)["help"].as_str().unwrap().to_owned()
}

#[test]
fn capitals_in_a_name_are_told() {
    for (name, meant) in [
        ("VARIABLES.YML", "variables.yml"),
        ("Variables.yml", "variables.yml"),
        ("variables.YAML", "variables.yml"),
        ("API-VARS.YML", "api-vars.yml"),
        ("api-Vars.yml", "api-vars.yml"),
        ("eu-west-1-variables.Yaml", "eu-west-1-variables.yml"),
    ] {
        let workspace = shop();
        workspace.write(&format!("customers/shop/infra/{name}"), SHOP);
        let told = workspace.run(&["check"], 0);
        assert_eq!(told.codes(), ["warning[unrecognised-file]"], "{name}");
        assert!(help(&told, "unrecognised-file").contains(&format!("`{meant}`")), "{name}: {}", help(&told, "unrecognised-file"));
        // Alone it is no document at all.
        workspace.forget("shop/variables.yml");
        let told = workspace.run(&["check"], 1);
        assert_eq!(told.codes(), ["error[no-documents]", "warning[unrecognised-file]"], "{name}");
    }
}

#[test]
fn names_that_are_no_text_are_told() {
    let workspace = shop();
    fs::write(infra(&workspace).join(OsStr::from_bytes(b"ap\xff-vars.yml")), "compute: {instance_type: t3.small}\n").unwrap();
    let told = workspace.run(&["check"], 1);
    assert_eq!(told.codes(), ["error[not-a-document]"]);
    assert!(words(told.only("not-a-document")).contains("its name is not UTF-8 text"));
    let workspace = shop();
    fs::write(infra(&workspace).join(OsStr::from_bytes(b"notes\xff.yml")), "a: 1\n").unwrap();
    assert_eq!(workspace.run(&["check"], 0).codes(), ["warning[unrecognised-file]"]);
}

#[test]
fn links_inside_a_repository_are_followed_and_others_are_not() {
    let workspace = shop();
    workspace.write("customers/shop/shared/api.yml", "compute: {instance_type: t3.small}\n");
    workspace.write("elsewhere/api.yml", "compute: {instance_type: t3.large}\n");
    workspace.write("customers/cafe/infra/variables.yml", SHOP.replace("shop", "cafe").as_str());
    let api = infra(&workspace).join("api-vars.yml");
    let link = |target: &Path| {
        let _ = fs::remove_file(&api);
        symlink(target, &api).unwrap();
    };
    link(Path::new("../shared/api.yml"));
    workspace.compile();
    assert!(workspace.tree().iter().any(|(file, text)| file.starts_with("shop/dev/") && text.contains("t3.small")));
    // By a directory that is a link, by the whole path, and by a link to a link.
    symlink("shared", workspace.root.join("customers/shop/also")).unwrap();
    symlink("also/api.yml", workspace.root.join("customers/shop/again")).unwrap();
    for target in [workspace.root.join("customers/shop/shared/api.yml"), "../also/api.yml".into(), "../again".into()] {
        link(&target);
        workspace.run(&["compile", "--check"], 0);
    }
    symlink("../../elsewhere", workspace.root.join("customers/shop/out")).unwrap();
    for target in ["../../../elsewhere/api.yml", "../out/api.yml", "../../cafe/infra/variables.yml", "/etc/hostname", "/proc/self/environ"]
    {
        link(Path::new(target));
        assert_eq!(workspace.run(&["compile", "--customer", "shop"], 1).codes(), ["error[outside-repository]"], "{target}");
    }
    // The directory of the documents may be a link too, inside.
    fs::remove_file(&api).unwrap();
    fs::rename(infra(&workspace), workspace.root.join("customers/shop/documents")).unwrap();
    symlink("documents", infra(&workspace)).unwrap();
    workspace.run(&["check", "customers/shop"], 0);
    fs::remove_file(infra(&workspace)).unwrap();
    symlink("../cafe/infra", infra(&workspace)).unwrap();
    assert_eq!(workspace.run(&["check", "customers/shop"], 1).codes(), ["error[outside-repository]"]);
}

/// A document that is changed between a file, a pipe, a link out of the repository and nothing, as fast as can be: no run waits, and none reads
/// what the link leads to.
#[test]
fn a_document_that_is_swapped_is_never_read_elsewhere() {
    let workspace = shop();
    let secret = "hostage: behind-the-link\n";
    workspace.write("elsewhere/secret.yml", secret);
    let (document, other) = (infra(&workspace).join("api-vars.yml"), infra(&workspace).join("other"));
    let stop = AtomicBool::new(false);
    let mut seen = [0; 3];
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                fs::write(&other, "tags: {a: b}\n").unwrap();
                fs::rename(&other, &document).unwrap();
                symlink("../../../elsewhere/secret.yml", &other).unwrap();
                fs::rename(&other, &document).unwrap();
                assert!(Command::new("mkfifo").arg(&other).status().unwrap().success());
                fs::rename(&other, &document).unwrap();
                fs::remove_file(&document).unwrap();
            }
        });
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(4) {
            let mut check = Command::new(env!("CARGO_BIN_EXE_terralet"));
            check.current_dir(&workspace.root).args(["check", "--format", "json"]);
            let mut child = check.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
            let begun = Instant::now();
            while child.try_wait().unwrap().is_none() {
                if begun.elapsed() > Duration::from_secs(20) {
                    child.kill().unwrap();
                    stop.store(true, Ordering::Relaxed);
                    panic!("a run waits for a pipe");
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(!said.contains("hostage") && !said.contains("behind-the-link"), "{said}");
            seen[usize::try_from(output.status.code().unwrap()).unwrap()] += 1;
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!(seen.iter().sum::<i32>() > 20, "{seen:?}");
}

#[test]
fn a_platform_file_deep_in_a_repository_is_never_used() {
    let workspace = shop();
    let own = "state: {backend: s3, config: {bucket: stolen, region: us-east-1}}\n";
    // The nearest one around it does not list it, and stands in the repository as well.
    workspace.write("customers/shop/terralet.yml", &format!("customers: [nothing/*]\n{own}"));
    workspace.write("customers/shop/deep/terralet.yml", &format!("customers: [theirs/*]\n{own}"));
    workspace.write("customers/shop/deep/theirs/shop/infra/variables.yml", SHOP);
    for directory in ["customers/shop", "customers/shop/deep", "customers/shop/deep/theirs/shop"] {
        let said = harness::expect(&workspace.root.join(directory), &["compile"], 2);
        assert!(said.contains("is a platform file inside a customer repository"), "{said}");
    }
    let told = workspace.run(&["check"], 1);
    assert_eq!(told.codes(), ["error[nested-platform-file]"]);
}

#[test]
fn the_repository_of_a_path_is_above_its_whole_infra_directory() {
    let workspace = Workspace::new(&format!("infra: deploy/infra\n{PLATFORM}"), &[]);
    let text = SHOP.replace("project_name: shop\n", "");
    workspace.write("elsewhere/shop/deploy/infra/variables.yml", &text);
    workspace.write("elsewhere/shop/deploy/notes/README.md", "");
    workspace.write("elsewhere/not-infra/README.md", "");
    workspace.write("elsewhere/deploy/myinfra/README.md", "");
    // A link to the top of the repository stays inside it.
    workspace.write("elsewhere/shop/api.yml", "compute: {instance_type: t3.small}\n");
    symlink("../../api.yml", workspace.root.join("elsewhere/shop/deploy/infra/api-vars.yml")).unwrap();
    for path in ["elsewhere/shop", "elsewhere/shop/deploy/infra", "elsewhere/shop/deploy/infra/variables.yml"] {
        let told = workspace.run(&["check", path], 1);
        assert_eq!(told.codes(), ["error[missing-key]"], "{path}");
        assert_eq!(told.only("missing-key")["customer"], "shop", "{path}");
    }
    for path in ["elsewhere/not-infra", "elsewhere/deploy/myinfra", "elsewhere/shop/deploy/notes"] {
        assert!(workspace.run(&["check", path], 2).text.contains("is no customer repository"), "{path}");
    }
}
