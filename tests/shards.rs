//! `--shard I/N`: the shards of a fleet make the tree of the whole, and what is gone is told by the one shard that its name falls to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod harness;

use harness::{Sandbox, expect, read_tree};
use pretty_assertions::assert_eq;
use std::collections::BTreeMap;
use std::fs;

/// The workspace of fixtures/acme without its tree.
fn acme(sandbox: &Sandbox) -> std::path::PathBuf {
    sandbox.with("fixtures/acme", &["generated"])
}

#[test]
fn shards_together_make_the_whole_tree() {
    let sandbox = Sandbox::new();
    let acme = acme(&sandbox);
    expect(&acme, &["compile", "--output", "whole"], 0);
    let whole = read_tree(&acme.join("whole"));
    let mut together = BTreeMap::new();
    let mut sizes = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        let output = format!("shard-{}", &shard[..1]);
        let said = expect(&acme, &["compile", "--shard", shard, "--output", &output], 0);
        assert!(said.contains(&format!("shard {shard} of the workspace")), "{said}");
        let files = read_tree(&acme.join(&output));
        sizes.push(files.len());
        for (name, text) in files {
            let is_shared = name.starts_with("modules/") || name == ".gitignore";
            let before = together.insert(name.clone(), text);
            assert!(before.is_none() || is_shared, "two shards wrote {name}");
        }
    }
    assert_eq!(together, whole);
    assert!(sizes.iter().all(|size| *size < whole.len()), "a shard holds everything: {sizes:?}");
}

#[test]
fn shards_one_after_the_other_leave_a_tree_in_which_nothing_differs() {
    let sandbox = Sandbox::new();
    let acme = acme(&sandbox);
    for shard in ["2/2", "1/2"] {
        expect(&acme, &["compile", "--shard", shard], 0);
    }
    expect(&acme, &["compile", "--check"], 0);
    for shard in ["1/2", "2/2"] {
        expect(&acme, &["compile", "--check", "--shard", shard], 0);
    }
}

#[test]
fn a_repository_that_is_gone_is_told_by_one_shard() {
    for layout in ["repository", "service", "region"] {
        let sandbox = Sandbox::new();
        let acme = acme(&sandbox);
        let platform = fs::read_to_string(acme.join("terralet.yml")).unwrap();
        fs::write(acme.join("terralet.yml"), platform.replace("layout: repository", &format!("layout: {layout}"))).unwrap();
        // Two repositories with one customer_id have one key in these layouts.
        fs::remove_dir_all(acme.join("customers/meridian-analytics")).unwrap();
        expect(&acme, &["compile"], 0);
        let before = read_tree(&acme.join("generated"));
        fs::remove_dir_all(acme.join("customers/halden-logistics")).unwrap();
        let outputs: Vec<_> = ["1/3", "2/3", "3/3"].map(|shard| harness::terralet(&acme, &["compile", "--shard", shard])).into();
        let telling = outputs.iter().filter(|output| String::from_utf8_lossy(&output.stderr).contains("customer-missing")).count();
        assert_eq!(telling, 1, "in layout {layout}");
        let mut codes: Vec<_> = outputs.iter().map(|output| output.status.code()).collect();
        codes.sort();
        assert_eq!(codes, [Some(0), Some(0), Some(1)], "in layout {layout}");
        assert_eq!(read_tree(&acme.join("generated")), before, "in layout {layout}");
    }
}

#[test]
fn a_shard_that_there_is_not_is_a_mistake() {
    let sandbox = Sandbox::new();
    let acme = acme(&sandbox);
    for shard in ["0/3", "4/3", "1", "1/0", "a/b"] {
        let said = expect(&acme, &["compile", "--shard", shard], 2);
        assert!(said.contains("1/4"), "{said}");
    }
    expect(&acme, &["compile", "--shard", "1/3", "--customer", "halden-*"], 2);
}
