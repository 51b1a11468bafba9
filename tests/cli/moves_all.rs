//! `terralet move --all`: every root whose key or backend changes, as one by one.

use crate::harness::moves::{API, BY_REGION, assert_clean, moves, refused, stage};
use crate::harness::terralet;
use crate::harness::workspace::{PLATFORM, SHOP, Workspace};
use std::fs;

fn shop() -> Workspace {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    workspace
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
        let reported = workspace.run(&["compile"], 1);
        assert_eq!(reported.codes(), ["error[state-key-changed]"; 3]);
        assert!(reported.text.contains("`terralet move --all`"), "{}", reported.text);
        // One by one, for comparison.
        let one_by_one: Vec<(String, String)> = reported.json["diagnostics"]
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
        let reported = workspace.run(&["move", "--all"], 0);
        assert_eq!(moves(&reported).len(), 3);
        assert_eq!(workspace.tree(), expected);
        assert_clean(&workspace);
        // Run again, it says the same and writes nothing.
        assert_eq!(workspace.run(&["move", "--all"], 0).json["moves"], reported.json["moves"]);
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
    let nobody = terralet(&workspace.root, &["move", "--all", "--customer", "nosuch"]);
    assert_eq!(nobody.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("no repository matches `nosuch`"));
    for wrong in [&["move", "--all", "shop/dev", "x"][..], &["move", "--customer", "x"], &["move"], &["move", "--done"]] {
        workspace.run(wrong, 2);
    }
}

#[test]
fn people_see_the_record_and_where_it_is() {
    let workspace = shop();
    workspace.platform(BY_REGION);
    let output = crate::harness::terralet(&workspace.root, &["move", "shop/dev", "shop/eu-west-1/dev"]);
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), workspace.generated("shop/eu-west-1/dev/.moved/README.md"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said, "staged `shop/eu-west-1/dev`, from `shop/dev`: the steps are in `generated/shop/eu-west-1/dev/.moved/README.md`\n");
    let done = crate::harness::terralet(&workspace.root, &["move", "--done", "shop/eu-west-1/dev"]);
    assert_eq!(String::from_utf8_lossy(&done.stdout), "ended the move of shop/dev to shop/eu-west-1/dev\n");
}

#[test]
fn services_may_move_first() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP), ("shop/api-vars.yml", API), ("shop/web-vars.yml", API)]);
    workspace.compile();
    workspace.platform(BY_REGION);
    workspace.run(&["move", "shop/dev/api-service", "shop/eu-west-1/dev/api-service"], 0);
    assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[state-key-changed]", "error[state-key-changed]"]);
    let reported = stage(&workspace, "shop/dev", "shop/eu-west-1/dev");
    assert_eq!(moves(&reported).len(), 3, "{}", reported.text);
    for root in ["dev", "dev/api-service", "dev/web-service"] {
        workspace.run(&["move", "--done", &format!("shop/eu-west-1/{root}")], 0);
    }
    assert!(!workspace.output().join("shop/dev").exists());
    assert_clean(&workspace);
}

#[test]
fn what_a_move_left_is_as_trusted_as_what_destroys() {
    let workspace = shop();
    workspace.platform(BY_REGION);
    stage(&workspace, "shop/dev", "shop/eu-west-1/dev");
    let file = "generated/shop/eu-west-1/dev/moved.tf";
    let moved = workspace.generated("shop/eu-west-1/dev/moved.tf");
    workspace.write(file, &moved.replace("states", "others"));
    for call in [&["compile"][..], &["compile", "--overwrite"]] {
        assert!(workspace.run(call, 1).codes().contains(&"error[hand-edited-file]".to_owned()), "{call:?}");
    }
    // What a power cut emptied is written again by the same move.
    workspace.write(file, "");
    workspace.run(&["compile"], 1);
    workspace.run(&["move", "shop/dev", "shop/eu-west-1/dev"], 0);
    assert_eq!(workspace.generated("shop/eu-west-1/dev/moved.tf"), moved);
    assert_clean(&workspace);
    workspace.write(file, "# mine\n");
    assert!(workspace.run(&["compile", "--overwrite"], 1).codes().contains(&"error[foreign-file]".to_owned()));
    assert_eq!(workspace.generated("shop/eu-west-1/dev/moved.tf"), "# mine\n");
}
