//! `--shard I/N`: the shards of a fleet make the tree of the whole, and what is gone is reported by the one shard that its name falls to.

use crate::harness::{Sandbox, expect, read_tree};
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
            let is_shared = name.starts_with("modules/") || [".gitattributes", ".gitignore"].contains(&name.as_str());
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
fn a_repository_that_is_gone_is_reported_by_one_shard() {
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
        let outputs: Vec<_> = ["1/3", "2/3", "3/3"].map(|shard| crate::harness::terralet(&acme, &["compile", "--shard", shard])).into();
        let telling = outputs.iter().filter(|output| String::from_utf8_lossy(&output.stderr).contains("customer-missing")).count();
        assert_eq!(telling, 1, "in layout {layout}");
        let mut codes: Vec<_> = outputs.iter().map(|output| output.status.code()).collect();
        codes.sort();
        assert_eq!(codes, [Some(0), Some(0), Some(1)], "in layout {layout}");
        assert_eq!(read_tree(&acme.join("generated")), before, "in layout {layout}");
    }
}

/// On most file systems they are one directory, so that one run has to see both.
#[test]
fn names_that_differ_in_case_alone_fall_to_one_shard() {
    let sandbox = Sandbox::new();
    let names = [["shop", "Shop"], ["store", "STORE"], ["cafe-b", "Cafe-B"], ["m4rt", "m4RT"], ["corner.shop", "corner.Shop"], ["a", "A"]];
    fs::write(sandbox.path().join("terralet.yml"), "").unwrap();
    let document = "project_name: shop\nregion: eu-west-1\nnetworking: {vpc_cidr: 10.0.0.0/16}\nenvironments: {dev: {}}\n";
    for name in names.iter().flatten() {
        let infra = sandbox.path().join("customers").join(name).join("infra");
        fs::create_dir_all(&infra).unwrap();
        fs::write(infra.join("variables.yml"), format!("customer_id: c{}\n{document}", id_of(name))).unwrap();
    }
    for count in [2, 3, 5, 7] {
        let mut reported: BTreeMap<String, usize> = BTreeMap::new();
        for number in 1..=count {
            let output =
                crate::harness::terralet(sandbox.path(), &["compile", "--shard", &format!("{number}/{count}"), "--format", "json"]);
            let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            for diagnostic in said["diagnostics"].as_array().unwrap() {
                if diagnostic["code"] == "duplicate-repository" {
                    *reported.entry(diagnostic["customer"].as_str().unwrap().to_owned()).or_default() += 1;
                }
            }
        }
        let all: BTreeMap<String, usize> = names.iter().flatten().map(|name| ((*name).to_owned(), 1)).collect();
        assert_eq!(reported, all, "of {count} shards");
        assert!(!sandbox.path().join("generated/shop").exists() && !sandbox.path().join("generated/Shop").exists());
    }
}

/// A customer_id of its own for each name.
fn id_of(name: &str) -> String {
    name.bytes().map(|byte| format!("{byte:x}")).collect()
}

/// Below a prefix that several repositories share, each shard sees the roots of all.
#[test]
fn who_left_gets_tombstones_from_its_own_shard() {
    let document = |name: &str| {
        format!("project_name: {name}\nregion: eu-west-1\nnetworking: {{vpc_cidr: 10.0.0.0/16}}\nenvironments: {{{name}: {{}}}}\n")
    };
    let names = ["alder", "birch", "cedar", "dogwood", "elm", "fir"];
    for present in [true, false] {
        let sandbox = Sandbox::new();
        let root = sandbox.path();
        let platform = |left: &str| {
            let of = |name: &&str| format!("  {name}: {{customer_id: acme{}}}\n", if *name == left { ", offboarded: true" } else { "" });
            fs::write(
                root.join("terralet.yml"),
                format!("environments: {{alder: {{}}, birch: {{}}, cedar: {{}}, dogwood: {{}}, elm: {{}}, fir: {{}}}}\nstate: {{layout: service}}\nregistry:\n{}", names.iter().map(of).collect::<String>()),
            )
            .unwrap();
        };
        platform("");
        for name in names {
            fs::create_dir_all(root.join("customers").join(name).join("infra")).unwrap();
            fs::write(root.join("customers").join(name).join("infra/variables.yml"), document(name)).unwrap();
        }
        expect(root, &["compile"], 0);
        platform("cedar");
        if !present {
            fs::remove_dir_all(root.join("customers/cedar")).unwrap();
        }
        let whole = read_tree(&root.join("generated"));
        let mut reported = 0;
        for shard in ["1/3", "2/3", "3/3"] {
            let before = read_tree(&root.join("generated"));
            let said = expect(root, &["compile", "--shard", shard], 0);
            let after = read_tree(&root.join("generated"));
            let reports = said.contains("deployment-removed");
            assert_eq!(reports, before != after, "shard {shard} said:\n{said}");
            reported += usize::from(reports);
        }
        assert_eq!(reported, 1);
        let left: Vec<String> =
            read_tree(&root.join("generated")).into_keys().filter(|path| path.starts_with("acme/app-service/cedar/")).collect();
        assert_eq!(left, ["backend.tf", "providers.tf", "versions.tf"].map(|name| format!("acme/app-service/cedar/{name}")));
        assert_eq!(read_tree(&root.join("generated")).len(), whole.len() - 2);
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
