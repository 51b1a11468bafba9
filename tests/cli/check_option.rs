//! `compile --check` finds every difference, and threads make none.

use crate::harness::{Sandbox, expect, read_tree};
use pretty_assertions::assert_eq;
use std::fs;
use std::path::Path;

#[test]
fn threads_change_no_byte() {
    let mut trees = Vec::new();
    for jobs in ["1", "2", "8"] {
        let sandbox = Sandbox::new();
        let acme = sandbox.with("fixtures/acme", &["generated"]);
        let said = expect(&acme, &["compile", "--jobs", jobs, "--format", "json"], 0);
        trees.push((said, read_tree(&acme.join("generated"))));
    }
    assert_eq!(trees[0], trees[1]);
    assert_eq!(trees[0], trees[2]);
}

#[test]
fn check_finds_every_difference() {
    let sandbox = Sandbox::new();
    let acme = sandbox.with("fixtures/acme", &[]);
    let tree = acme.join("generated");
    let check = |state: &str| {
        let said = expect(&acme, &["compile", "--check"], if state.is_empty() { 0 } else { 3 });
        assert!(said.contains(state), "`{state}` is not in:\n{said}");
    };
    check("");
    for name in ["main.tf", "backend.tf", "versions.tf", "providers.tf", "outputs.tf", "data.tf"] {
        let file = tree.join("mosaic-platform/production/worker-service").join(name);
        let text = fs::read_to_string(&file).unwrap();
        for at in [0, text.len() / 2, text.len() - 2] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            fs::write(&file, &bytes).unwrap();
            check(if at == 0 { "foreign" } else { "hand-edited" });
        }
        fs::remove_file(&file).unwrap();
        check("missing");
        fs::write(&file, &text).unwrap();
    }
    for (name, text) in [("extra.tf", "# by hand\n"), ("main_override.tf.json", "{}\n"), ("secret.auto.tfvars", "a = 1\n")] {
        for directory in ["mosaic-platform/production", "mosaic-platform", "by-hand"] {
            let file = tree.join(directory).join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, text).unwrap();
            check("foreign");
            let said = expect(&acme, &["compile"], 1);
            assert!(said.contains("foreign-file"), "{said}");
            fs::remove_file(&file).unwrap();
        }
    }
    // What is not Terraform's business is nobody's difference.
    for name in [".terraform.lock.hcl", "terraform.tfstate", "plan.tfplan", "notes.md"] {
        fs::write(tree.join("mosaic-platform/production").join(name), "x").unwrap();
    }
    check("");
    fs::write(tree.join(".gitignore"), "nothing\n").unwrap();
    check("stale");
}

/// Every text file below a directory with CRLF line ends, as git checks it out on Windows.
fn with_crlf(tree: &Path) {
    for (name, text) in read_tree(tree) {
        fs::write(tree.join(name), text.replace('\n', "\r\n")).unwrap();
    }
}

#[test]
fn line_ends_are_not_a_difference() {
    let sandbox = Sandbox::new();
    let acme = sandbox.with("fixtures/acme", &[]);
    let tree = acme.join("generated");
    with_crlf(&tree);
    expect(&acme, &["compile", "--check"], 0);
    let before = read_tree(&tree);
    let said = expect(&acme, &["compile"], 0);
    assert!(said.contains(" 0 files written"), "{said}");
    assert_eq!(read_tree(&tree), before);
    // Files with both kinds of line ends are the same text too, in every place that a run compares.
    for (name, text) in &before {
        fs::write(tree.join(name), text.replacen("\r\n", "\n", 2)).unwrap();
    }
    expect(&acme, &["compile", "--check"], 0);
    // An edit still shows, and the diff has the edited line alone.
    for name in ["mosaic-platform/production/main.tf", "mosaic-platform/production/providers.tf", ".gitignore"] {
        let text = &before[name];
        fs::write(tree.join(name), format!("{text}# more\r\n")).unwrap();
        let said = expect(&acme, &["compile", "--check", "--format", "json"], 3);
        let json: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(json["differences"].as_array().unwrap().len(), 1, "{said}");
        let diff = json["differences"][0]["diff"].as_str().unwrap();
        let changed: Vec<&str> =
            diff.lines().filter(|line| line.starts_with(['-', '+']) && !line.starts_with("---") && !line.starts_with("+++")).collect();
        assert_eq!(changed, ["-# more"], "{diff}");
        fs::write(tree.join(name), text).unwrap();
    }
    // A lone carriage return ends no line.
    let name = "mosaic-platform/production/main.tf";
    fs::write(tree.join(name), before[name].replacen("\r\n", "\r", 3)).unwrap();
    expect(&acme, &["compile", "--check"], 3);
}

#[test]
fn git_checks_the_tree_out_with_its_own_line_ends() {
    let sandbox = Sandbox::new();
    let acme = sandbox.with("fixtures/acme", &[]);
    let git = |arguments: &[&str]| {
        let of_nobody = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "core.autocrlf=true"];
        let output = std::process::Command::new("git").current_dir(&acme).args(of_nobody).args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let before = read_tree(&acme.join("generated"));
    git(&["init", "-q", "."]);
    git(&["add", "-A"]);
    git(&["commit", "-qm", "all"]);
    fs::remove_dir_all(acme.join("generated")).unwrap();
    git(&["checkout", "-q", "generated"]);
    assert_eq!(read_tree(&acme.join("generated")), before);
}

#[test]
fn compile_says_where_it_wrote_and_what() {
    let sandbox = Sandbox::new();
    let acme = sandbox.with("fixtures/acme", &[]);
    let first = expect(&acme, &["compile", "--output", "elsewhere"], 0);
    assert!(first.contains("files written to `elsewhere`,"), "{first}");
    assert!(first.contains("new: `elsewhere/brightwater-infra/") && first.contains("\nand ") && first.contains(" more\n"), "{first}");
    // A long list is cut, whether the texts of the roots were held or not.
    assert_eq!(first.lines().filter(|line| line.starts_with("new: `")).count(), 20, "{first}");
    let root = "generated/mosaic-platform/production/worker-service";
    fs::remove_file(acme.join(root).join("main.tf")).unwrap();
    fs::remove_file(acme.join(root).join("outputs.tf")).unwrap();
    let again = expect(&acme, &["compile"], 0);
    assert!(again.contains(&format!("changed: `{root}`: outputs.tf, main.tf\n")), "{again}");
    assert!(again.contains("2 files written to `generated`,"), "{again}");
    let nothing = expect(&acme, &["compile"], 0);
    assert!(nothing.contains(" 0 files written,") && !nothing.contains("changed:"), "{nothing}");
    assert!(!expect(&acme, &["compile", "-q", "--output", "quiet"], 0).contains("new:"));
}

#[test]
fn a_broken_customer_keeps_its_tree_and_the_others_compile() {
    let sandbox = Sandbox::new();
    let acme = sandbox.with("fixtures/acme", &[]);
    let before = read_tree(&acme.join("generated"));
    let broken = acme.join("customers/kestrel-books/infra/variables.yml");
    let text = fs::read_to_string(&broken).unwrap();
    let (right, wrong) = ("\"region\":", "\"regoin\":");
    assert!(text.contains(right));
    fs::write(&broken, text.replacen(right, wrong, 1)).unwrap();
    fs::remove_dir_all(acme.join("generated/halden-logistics")).unwrap();
    let said = expect(&acme, &["compile"], 1);
    assert!(said.contains("unknown-key") && said.contains("did you mean `region`?"), "{said}");
    assert_eq!(read_tree(&acme.join("generated")), before);
}
