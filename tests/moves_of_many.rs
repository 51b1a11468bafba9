//! `terralet move --all`, and moves over the root that a run has written under a repository's new name.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, clippy::disallowed_macros, missing_docs)]

mod harness;

use harness::moves::{assert_clean, commands, moves, refused, stage};
use harness::workspace::{Workspace, words};
use std::fs;

const PLATFORM: &str = "state: {backend: s3, config: {bucket: states, region: us-east-1}}";
const BY_REGION: &str = "state: {backend: s3, layout: region, config: {bucket: states, region: us-east-1}}";
const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments:
  dev: {}
";
const API: &str = "compute: {instance_type: t3.small}\n";
const STAGED: [&str; 6] = ["backend.tf", "main.tf", "moved.tf", "outputs.tf", "providers.tf", "versions.tf"];
const WHOLE: [&str; 5] = ["backend.tf", "main.tf", "outputs.tf", "providers.tf", "versions.tf"];

fn shop() -> Workspace {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    workspace
}

/// A repository that was renamed without a word, whose new root a run has written before the registry got `formerly`.
fn renamed(platform: &str) -> Workspace {
    let workspace = Workspace::new(platform, &[("shop/variables.yml", SHOP), ("shop/api-vars.yml", API)]);
    workspace.compile();
    fs::rename(workspace.root.join("customers/shop"), workspace.root.join("customers/store")).unwrap();
    let told = workspace.run(&["compile"], 1);
    let missing = words(told.only("customer-missing"));
    assert!(missing.contains("`{customer_id: shop, formerly: shop}`") && missing.contains("terralet move"), "{missing}");
    assert_eq!(workspace.files("store/dev"), WHOLE);
    workspace.platform(&format!("{platform}\nregistry: {{store: {{customer_id: shop, formerly: shop}}}}"));
    workspace
}

#[test]
fn a_renamed_repository_moves_over_the_root_that_a_run_has_written() {
    let workspace = renamed(PLATFORM);
    let told = workspace.run(&["compile"], 1);
    assert!(told.text.contains("terralet move shop/dev store/dev"), "{}", told.text);
    let told = stage(&workspace, "shop/dev", "store/dev");
    assert_eq!(moves(&told), ["shop/dev -> store/dev", "shop/dev/api-service -> store/dev/api-service"]);
    assert!(told.codes().is_empty(), "with the id that the help names nothing is replaced: {}", told.text);
    assert_eq!(workspace.files("store/dev"), STAGED);
    assert_eq!(workspace.files("shop/dev"), ["moved.tf"]);
    // Nothing may be in the new place: the steps ask it before they put anything there.
    let steps = commands(&told, 0, "steps");
    let asks =
        steps.iter().position(|step| step == "! terraform -chdir=generated/store/dev state list | grep .").expect("a step that asks");
    let puts = steps.iter().position(|step| step.contains("state push")).unwrap();
    assert!(asks < puts, "{steps:?}");
    assert!(workspace.generated("store/dev/.moved/README.md").contains(&steps[asks]));
    // Run again, it gives the same steps and writes nothing.
    let before = workspace.tree();
    assert_eq!(workspace.run(&["move", "shop/dev", "store/dev"], 0).json["moves"], told.json["moves"]);
    assert_eq!(workspace.tree(), before);
    workspace.run(&["move", "--done", "store/dev", "store/dev/api-service"], 0);
    assert_clean(&workspace);
    assert!(!workspace.output().join("shop").exists());
}

#[test]
fn a_root_that_may_have_been_applied_is_not_staged_over() {
    // A file that was edited is not as terralet made it.
    let workspace = renamed(PLATFORM);
    let main = workspace.generated("store/dev/main.tf");
    workspace.write("generated/store/dev/main.tf", &format!("{main}# mine\n"));
    assert!(refused(&workspace, &["move", "shop/dev", "store/dev"]).contains("`generated/store/dev/main.tf` was edited by hand"));
    workspace.write("generated/store/dev/main.tf", &main);
    // Its backend is elsewhere: that place would be forgotten.
    workspace.platform(&format!("{}\nregistry: {{store: {{formerly: shop}}}}", PLATFORM.replace("states", "others")));
    assert!(refused(&workspace, &["move", "shop/dev", "store/dev"]).contains("is a root already"));
    // A local state is there.
    let local = renamed("state: {backend: local}");
    let state = "generated/store/dev/.terralet/state/store/dev/terraform.tfstate";
    local.write(state, "{}");
    assert!(refused(&local, &["move", "shop/dev", "store/dev"]).contains("is a root already"));
    fs::remove_file(local.root.join(state)).unwrap();
    local.run(&["move", "shop/dev", "store/dev"], 0);
    // Another deployment that has the place is not the one that moves, whatever a person says.
    let other = shop();
    other.document("shop/variables.yml", &SHOP.replace("dev", "staging"));
    other.compile();
    assert!(refused(&other, &["move", "shop/dev", "shop/staging"]).contains("is a root already"));
}

/// A change of layout moves every root, and a change of the backend every state: all of them at once, as one by one.
#[test]
fn all_roots_move_at_once() {
    let cafe = SHOP.replace("10.0.", "10.1.").replace("shop", "cafe");
    let documents = [("shop/variables.yml", SHOP), ("shop/api-vars.yml", API), ("cafe/variables.yml", cafe.as_str())];
    for (platform, api) in
        [(BY_REGION.to_owned(), "shop/eu-west-1/dev/api-service"), (PLATFORM.replace("states", "others"), "shop/dev/api-service")]
    {
        let workspace = Workspace::new(PLATFORM, &documents);
        workspace.compile();
        assert_eq!(moves(&workspace.run(&["move", "--all"], 0)), [""; 0]);
        let start = workspace.tree();
        workspace.platform(&platform);
        let told = workspace.run(&["compile"], 1);
        assert_eq!(told.codes(), ["error[state-key-changed]"; 3]);
        assert!(told.text.contains("`terralet move --all`"), "{}", told.text);
        // One by one, for comparison.
        let one_by_one: Vec<(String, String)> = told.json["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|found| found["help"].as_str()?.split_once("run `terralet move ")?.1.split('`').next()?.split_once(' '))
            .map(|(old, new)| (old.to_owned(), new.to_owned()))
            .collect();
        assert_eq!(one_by_one.len(), 3);
        for (old, new) in &one_by_one {
            workspace.run(&["move", old, new], 0);
        }
        let expected = workspace.tree();
        fs::remove_dir_all(workspace.output()).unwrap();
        start.iter().for_each(|(name, text)| workspace.write(&format!("generated/{name}"), text));

        assert_eq!(moves(&workspace.run(&["move", "--all", "--dry-run"], 0)).len(), 3);
        assert_eq!(workspace.tree(), start);
        // Of some repositories first.
        assert_eq!(moves(&workspace.run(&["move", "--all", "--customer", "caf*"], 0)).len(), 1);
        let told = workspace.run(&["move", "--all"], 0);
        assert_eq!(moves(&told).len(), 3);
        assert_eq!(workspace.tree(), expected);
        assert_clean(&workspace);
        // Run again, it says the same and writes nothing.
        assert_eq!(workspace.run(&["move", "--all"], 0).json["moves"], told.json["moves"]);
        assert_eq!(workspace.tree(), expected);
        assert_eq!(workspace.run(&["move", "--done", "--all"], 0).json["done"].as_array().unwrap().len(), 3);
        assert_clean(&workspace);
        assert_eq!(workspace.files(api).len(), 6);
        assert!(workspace.tree().keys().all(|name| !name.contains("moved")), "{:?}", workspace.tree().keys());
        assert_eq!(workspace.run(&["move", "--done", "--all"], 0).json["done"].as_array().unwrap().len(), 0);
    }
}

/// Where one may not move, or a repository has errors, none is staged.
#[test]
fn all_roots_move_or_none() {
    let cafe = SHOP.replace("10.0.", "10.1.").replace("shop", "cafe");
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP), ("cafe/variables.yml", &cafe)]);
    workspace.compile();
    workspace.platform(BY_REGION);
    let main = workspace.generated("shop/dev/main.tf");
    workspace.write("generated/shop/dev/main.tf", &format!("{main}# mine\n"));
    assert!(refused(&workspace, &["move", "--all"]).contains("`generated/shop/dev/main.tf` was edited by hand"));
    workspace.write("generated/shop/dev/main.tf", &main);
    workspace.document("shop/variables.yml", &SHOP.replace("region:", "regoin:"));
    let before = workspace.tree();
    assert!(workspace.run(&["move", "--all"], 1).codes().contains(&"error[unknown-key]".to_owned()));
    assert_eq!(workspace.tree(), before);
    // The errors of others are no matter.
    assert_eq!(moves(&workspace.run(&["move", "--all", "--customer", "cafe"], 0)), ["cafe/dev -> cafe/eu-west-1/dev"]);
    for wrong in [&["move", "--all", "shop/dev", "x"][..], &["move", "--customer", "x"], &["move"], &["move", "--done"]] {
        workspace.run(wrong, 2);
    }
}
