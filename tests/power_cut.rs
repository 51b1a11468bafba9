//! What a power cut leaves. Nothing is forced to the disk, so that a file may come back empty, cut short, or with zeros where its end should
//! be. Such a file is nobody's edit: the next compile writes it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, clippy::disallowed_macros, missing_docs)]

mod harness;

use harness::copy_tree;
use harness::workspace::{Workspace, labels, without, words};
use std::fs;

const PLATFORM: &str = "state: {backend: s3, config: {bucket: states, region: us-east-1}}";
const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments:
  dev: {}
  staging: {}
";
const NAMES: [&str; 5] = ["backend.tf", "versions.tf", "providers.tf", "outputs.tf", "main.tf"];

/// What may be left of a text.
fn remains(text: &str) -> Vec<Vec<u8>> {
    let zeros = |kept: usize| {
        let mut bytes = text.as_bytes()[..kept].to_vec();
        bytes.resize(text.len(), 0);
        bytes
    };
    let cut = |kept: usize| text.as_bytes()[..kept].to_vec();
    vec![cut(0), cut(1), cut(text.find('\n').unwrap()), cut(text.len() / 2), cut(text.len() - 1), zeros(0), zeros(text.len() / 2)]
}

#[test]
fn a_file_that_is_cut_short_is_interrupted_and_written_again() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let clean = workspace.tree();
    for name in NAMES {
        let path = format!("shop/dev/{name}");
        for left in remains(&clean[&path]) {
            fs::write(workspace.output().join(&path), &left).unwrap();
            let checked = workspace.run(&["compile", "--check"], 3);
            assert!(checked.codes().is_empty(), "{name}, {} bytes: {}", left.len(), checked.text);
            assert_eq!(checked.differences(), [format!("generated/{path}: interrupted")], "{} bytes", left.len());
            assert!(workspace.compile().codes().is_empty());
            assert!(workspace.tree() == clean, "{name}, {} bytes", left.len());
        }
    }
    // All of a root, as after a first compile.
    for name in NAMES {
        fs::write(workspace.output().join("shop/dev").join(name), "").unwrap();
    }
    assert!(workspace.run(&["compile", "--customer", "shop"], 0).codes().is_empty());
    assert!(workspace.tree() == clean);
}

#[test]
fn a_guard_that_is_cut_short_guards_again_while_the_root_is_finished() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let clean = workspace.tree();
    workspace.write("generated/shop/dev/interrupted.tf", "");
    assert_eq!(workspace.run(&["compile", "--check"], 3).differences(), ["generated/shop/dev/interrupted.tf: interrupted"]);
    workspace.compile();
    assert!(workspace.tree() == clean);

    // Of a run that then dies after its first change, the guard stands with its text.
    workspace.write("generated/shop/dev/interrupted.tf", "");
    workspace.document("shop/variables.yml", &format!("tags: {{team: sales}}\n{}", SHOP.replace("10.0.", "10.7.")));
    let kept = workspace.root.join("kept");
    copy_tree(&workspace.output(), &kept, &[]);
    for step in 1.. {
        fs::remove_dir_all(workspace.output()).unwrap();
        copy_tree(&kept, &workspace.output(), &[]);
        let died = std::process::Command::new(env!("CARGO_BIN_EXE_terralet"))
            .current_dir(&workspace.root)
            .args(["compile", "--quiet"])
            .env("TERRALET_TEST_DIE_AT", step.to_string())
            .output()
            .unwrap();
        assert!(died.status.code().is_none(), "no run died between two files of the root");
        if workspace.generated("shop/dev/main.tf") != clean["shop/dev/main.tf"]
            || workspace.generated("shop/dev/providers.tf") != clean["shop/dev/providers.tf"]
        {
            break;
        }
    }
    assert!(workspace.generated("shop/dev/interrupted.tf").contains("required_version"));
}

#[test]
fn what_a_tombstone_keeps_cannot_be_written_again() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let backend = workspace.generated("shop/dev/backend.tf");
    workspace.document("shop/variables.yml", &without(SHOP, "  dev: {}\n"));
    workspace.write("generated/shop/dev/backend.tf", "");
    for call in [&["compile"][..], &["compile", "--overwrite"]] {
        let told = workspace.run(call, 1);
        let hand = told.only("hand-edited-file");
        assert!(words(hand).contains("`generated/shop/dev/backend.tf` is cut short"), "{}", told.text);
        assert_eq!(workspace.generated("shop/dev/backend.tf"), "");
        assert!(workspace.output().join("shop/dev/main.tf").is_file());
    }
    workspace.write("generated/shop/dev/backend.tf", &backend);
    workspace.compile();
    // Of what does not belong to it any more, nothing is needed.
    workspace.write("generated/shop/dev/main.tf", "");
    workspace.compile();
    assert!(!workspace.output().join("shop/dev/main.tf").exists());
    assert_eq!(workspace.generated("shop/dev/backend.tf"), backend);
}

#[test]
fn an_edit_is_no_power_cut() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let main = workspace.generated("shop/dev/main.tf");
    let shorter = main.replace("  enable_vpn         = false\n", "");
    assert_ne!(main, shorter);
    for (text, code) in [(shorter.as_str(), "hand-edited-file"), ("\n", "foreign-file"), ("# mine\n", "foreign-file")] {
        workspace.write("generated/shop/dev/main.tf", text);
        let told = workspace.run(&["compile"], 1);
        assert!(!labels(told.only(code)).is_empty());
        assert_eq!(workspace.generated("shop/dev/main.tf"), text);
    }
}

#[test]
fn a_file_of_a_module_that_is_cut_short_is_written_again() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.write("terralet.yml", PLATFORM);
    workspace.compile();
    let clean = workspace.tree();
    for name in ["main.tf", "README.md"] {
        let path = format!("modules/aws/customer-vpc/{name}");
        for left in remains(&clean[&path]) {
            fs::write(workspace.output().join(&path), &left).unwrap();
            assert_eq!(workspace.run(&["compile", "--check"], 3).differences(), [format!("generated/{path}: interrupted")]);
            workspace.compile();
            assert!(workspace.tree() == clean, "{name}, {} bytes", left.len());
        }
    }
}
