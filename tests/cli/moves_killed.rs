//! A move that is killed at every step that changes the disk, one after the other, as tests/cli/crash.rs kills compiles.
//!
//! After each death: every file is wholly old or wholly new, no root that mixes generations can be planned, the old place of the state is
//! still written down, a compile either finishes the move or stops, and the same move finishes it.

use crate::harness::moves::{API, BY_REGION};
use crate::harness::workspace::{PLATFORM, SHOP, Workspace, assert_no_leftovers};
use crate::harness::{copy_tree, dies};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

type Tree = BTreeMap<String, String>;

/// A move that may be killed: what leads to it, and what it is.
struct Scenario {
    name: &'static str,
    /// The fewest deaths that there must be: a harness that kills nothing proves nothing.
    fewest: usize,
    before: fn(&Workspace),
    call: &'static [&'static str],
    /// Lines of the old backends, one for each root that moves: wherever it dies, each stands in some `backend.tf`.
    places: &'static [&'static str],
}

fn kill(scenario: &Scenario) {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP), ("shop/api-vars.yml", API)]);
    workspace.compile();
    (scenario.before)(&workspace);
    let old = workspace.tree();
    let kept = workspace.root.join("kept");
    copy_tree(&workspace.output(), &kept, &[]);
    let restore = || {
        fs::remove_dir_all(workspace.output()).unwrap();
        copy_tree(&kept, &workspace.output(), &[]);
    };
    workspace.run(scenario.call, 0);
    let new = workspace.tree();
    assert_ne!(old, new, "{}: the move changes nothing", scenario.name);
    let (mut deaths, mut finished, mut stopped) = (0, 0, 0);
    for step in 1.. {
        restore();
        if !dies(&workspace.root, scenario.call, step) {
            break;
        }
        deaths += 1;
        let place = format!("{}, step {step}", scenario.name);
        let dead = without_own(workspace.tree());
        judge(&dead, &old, &new, &place);
        for line in scenario.places {
            let remembers = |(name, text): (&String, &String)| name.ends_with("backend.tf") && text.contains(line);
            assert!(dead.iter().any(remembers), "{place}: nobody knows {line} any more");
        }
        if dead != old {
            let compiled = crate::harness::terralet(&workspace.root, &["compile", "--format", "json"]);
            let said = String::from_utf8_lossy(&compiled.stdout).into_owned();
            if compiled.status.success() {
                assert!(!said.contains("deployment-removed"), "{place}: a root that moves becomes a tombstone:\n{said}");
                assert_same(&workspace.tree(), &new, &format!("{place}: the next compile finishes it otherwise"));
                finished += 1;
            } else {
                assert!(said.contains("state-key-changed"), "{place}:\n{said}");
                assert_same(&workspace.tree(), &dead, &format!("{place}: a compile that stops changes something"));
                stopped += 1;
            }
        }
        workspace.run(scenario.call, 0);
        assert_same(&workspace.tree(), &new, &format!("{place}: the same move does not finish it"));
        assert_no_leftovers(&workspace.output());
    }
    assert_same(&workspace.tree(), &new, &format!("{}: the run that survived", scenario.name));
    assert!(deaths >= scenario.fewest, "{} died only {deaths} times", scenario.name);
    eprintln!("{}: killed {deaths} times; a compile finished {finished} and stopped at {stopped}", scenario.name);
}

fn assert_same(found: &Tree, expected: &Tree, place: &str) {
    let names: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    let differ: Vec<_> = names.into_iter().filter(|name| found.get(*name) != expected.get(*name)).collect();
    assert!(differ.is_empty(), "{place}: {differ:?}");
}

fn without_own(tree: Tree) -> Tree {
    tree.into_iter().filter(|(name, _)| !name.split('/').any(|part| part.starts_with(".terralet-"))).collect()
}

/// Every file is old or new, and a root of both generations cannot be planned.
fn judge(found: &Tree, old: &Tree, new: &Tree, place: &str) {
    for (name, text) in found.iter().filter(|(name, _)| !name.ends_with("interrupted.tf")) {
        let is_whole = old.get(name) == Some(text) || new.get(name) == Some(text);
        assert!(is_whole, "{place}: {name} is neither old nor new:\n{text}");
    }
    let files = |tree: &Tree, root: &str| -> Tree {
        let own = |name: &str| name.rsplit_once('/').is_some_and(|(directory, file)| directory == root && file.ends_with(".tf"));
        tree.iter().filter(|(name, _)| own(name)).map(|(name, text)| (name.clone(), text.clone())).collect()
    };
    let roots: BTreeSet<&str> =
        found.keys().filter(|name| name.ends_with(".tf")).filter_map(|name| Some(name.rsplit_once('/')?.0)).collect();
    for root in roots {
        let there = files(found, root);
        let is_guarded = there.contains_key(&format!("{root}/interrupted.tf")) || there.contains_key(&format!("{root}/moved.tf"));
        let has_calls = there.contains_key(&format!("{root}/main.tf"));
        let is_one = there == files(old, root) || there == files(new, root);
        assert!(is_one || is_guarded || !has_calls, "{place}: {root} mixes generations without a guard: {:?}", there.keys());
    }
}

const MOVE: &[&str] = &["move", "shop/dev", "shop/eu-west-1/dev"];
const BACK: &[&str] = &["move", "shop/eu-west-1/dev", "shop/dev"];

#[test]
fn a_move_of_several_roots_can_die_anywhere() {
    let places = &["\"shop/dev/terraform.tfstate\"", "\"shop/dev/api-service/terraform.tfstate\""];
    kill(&Scenario { name: "move", fewest: 40, before: |workspace| workspace.platform(BY_REGION), call: MOVE, places });
}

#[test]
fn a_move_of_all_roots_can_die_anywhere() {
    let places = &["\"shop/dev/terraform.tfstate\"", "\"shop/dev/api-service/terraform.tfstate\""];
    kill(&Scenario { name: "move --all", fewest: 40, before: |workspace| workspace.platform(BY_REGION), call: &["move", "--all"], places });
}

#[test]
fn a_move_back_can_die_anywhere() {
    let before = |workspace: &Workspace| {
        workspace.platform(BY_REGION);
        workspace.run(MOVE, 0);
        workspace.platform(PLATFORM);
    };
    let places = &["\"shop/eu-west-1/dev/terraform.tfstate\"", "\"shop/eu-west-1/dev/api-service/terraform.tfstate\""];
    kill(&Scenario { name: "move back", fewest: 50, before, call: BACK, places });
}

#[test]
fn a_move_in_place_can_die_anywhere() {
    let before = |workspace: &Workspace| workspace.platform(&PLATFORM.replace("states", "others"));
    kill(&Scenario { name: "move in place", fewest: 25, before, call: &["move", "shop/dev", "shop/dev"], places: &["\"states\""] });
}

#[test]
fn a_move_to_another_name_can_die_anywhere() {
    let before = |workspace: &Workspace| workspace.document("shop/variables.yml", &SHOP.replace("dev", "staging"));
    let places = &["\"shop/dev/terraform.tfstate\"", "\"shop/dev/api-service/terraform.tfstate\""];
    kill(&Scenario { name: "another name", fewest: 40, before, call: &["move", "shop/dev", "shop/staging"], places });
}

#[test]
fn a_move_over_a_root_under_a_new_name_can_die_anywhere() {
    let before = |workspace: &Workspace| {
        fs::rename(workspace.root.join("customers/shop"), workspace.root.join("customers/store")).unwrap();
        workspace.run(&["compile"], 1);
        workspace.platform(&format!("{PLATFORM}\nregistry: {{store: {{formerly: shop}}}}"));
    };
    let places = &["\"shop/dev/terraform.tfstate\"", "\"shop/dev/api-service/terraform.tfstate\""];
    kill(&Scenario { name: "renamed", fewest: 35, before, call: &["move", "shop/dev", "store/dev"], places });
}

#[test]
fn the_end_of_a_move_can_die_anywhere() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    workspace.platform(BY_REGION);
    workspace.run(MOVE, 0);
    let kept = workspace.root.join("kept");
    copy_tree(&workspace.output(), &kept, &[]);
    let call = &["move", "--done", "shop/eu-west-1/dev"];
    workspace.run(call, 0);
    let clean = workspace.tree();
    let mut deaths = 0;
    for step in 1.. {
        fs::remove_dir_all(workspace.output()).unwrap();
        copy_tree(&kept, &workspace.output(), &[]);
        if !dies(&workspace.root, call, step) {
            break;
        }
        deaths += 1;
        workspace.run(&["compile"], 0);
        workspace.run(call, 0);
        assert_same(&workspace.tree(), &clean, &format!("step {step}"));
    }
    assert!(deaths >= 5, "it died only {deaths} times");
}
