//! A run that is killed at every step that changes the disk, one after the other.
//!
//! Debug builds die before step N when `TERRALET_TEST_DIE_AT` is N (src/cli/write.rs). The steps of a run are counted by raising N until
//! the run survives. After each death: every file is wholly old or wholly new; no root that mixes generations can be planned; and the next
//! compile gives exactly the clean tree, without temporary files. Real Terraform is asked about every root that is left guarded.

use crate::harness::real_terraform::terraform;
use crate::harness::workspace::{PLATFORM, Workspace, assert_no_leftovers, without};
use crate::harness::{copy_tree, dies};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use terralet_core::emit::body_digest;

type Tree = BTreeMap<String, String>;

const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments:
  dev: {}
  staging: {}
";
const API: &str = "compute: {instance_type: t3.small}\n";

/// A run that may be killed: what leads to it, and what it is.
struct Scenario {
    name: &'static str,
    /// The fewest deaths that there must be: a harness that kills nothing proves nothing.
    fewest: usize,
    /// True when roots that are there change, so that some deaths leave them guarded.
    guards: bool,
    /// Brings documents and tree into the state before the run.
    before: fn(&Workspace),
    /// Changes what the run then finds.
    change: fn(&Workspace),
    call: &'static [&'static str],
}

fn nothing(_: &Workspace) {}

/// Two roots are several, and fewer steps than four.
fn one_environment(workspace: &Workspace) {
    workspace.document("shop/variables.yml", &without(SHOP, "  staging: {}\n"));
}

fn compiled(workspace: &Workspace) {
    workspace.compile();
}

#[test]
fn a_first_compile_can_die_anywhere() {
    kill(&Scenario { name: "first compile", fewest: 30, guards: false, before: one_environment, change: nothing, call: &["compile"] });
}

#[test]
fn a_change_of_several_roots_can_die_anywhere() {
    let before = |workspace: &Workspace| {
        one_environment(workspace);
        workspace.compile();
    };
    let change = |workspace: &Workspace| {
        let document = without(SHOP, "  staging: {}\n").replace("10.0.", "10.7.");
        workspace.document("shop/variables.yml", &format!("tags: {{team: sales}}\n{document}"));
        workspace.platform(&PLATFORM.replace("us-east-1}", "us-east-1, encrypt: true}"));
    };
    kill(&Scenario { name: "several roots", fewest: 30, guards: true, before, change, call: &["compile"] });
}

#[test]
fn a_first_compile_into_directories_that_are_there_can_die_anywhere() {
    let before = |workspace: &Workspace| {
        one_environment(workspace);
        for directory in ["shop/dev", "shop/dev/api-service"] {
            workspace.write(&format!("generated/{directory}/.terraform.lock.hcl"), "# kept\n");
        }
    };
    let name = "into directories";
    kill(&Scenario { name, fewest: 30, guards: false, before, change: nothing, call: &["compile"] });
}

#[test]
fn a_tombstone_can_die_anywhere() {
    let change = |workspace: &Workspace| workspace.document("shop/variables.yml", &without(SHOP, "  dev: {}\n"));
    kill(&Scenario { name: "tombstone", fewest: 12, guards: true, before: compiled, change, call: &["compile"] });
}

#[test]
fn a_tombstone_that_comes_back_can_die_anywhere() {
    let before = |workspace: &Workspace| {
        workspace.compile();
        workspace.document("shop/variables.yml", &without(SHOP, "  dev: {}\n"));
        workspace.compile();
    };
    let change = |workspace: &Workspace| workspace.document("shop/variables.yml", SHOP);
    kill(&Scenario { name: "tombstone that comes back", fewest: 20, guards: true, before, change, call: &["compile"] });
}

#[test]
fn overwriting_can_die_anywhere() {
    let before = |workspace: &Workspace| {
        workspace.compile();
        for name in ["main.tf", "outputs.tf", "providers.tf"] {
            let path = format!("generated/shop/dev/api-service/{name}");
            let text = fs::read_to_string(workspace.root.join(&path)).unwrap();
            workspace.write(&path, &format!("{text}# by hand\n"));
        }
    };
    let call = &["compile", "--overwrite"];
    kill(&Scenario { name: "overwrite", fewest: 12, guards: true, before, change: nothing, call });
}

#[test]
fn modules_that_are_written_can_die_anywhere() {
    let workspace = workspace();
    one_environment(&workspace);
    workspace.write("terralet.yml", PLATFORM);
    let none = workspace.root.join("none");
    fs::create_dir_all(&none).unwrap();
    let written = kill_modules(&workspace, &none);
    assert!(written.deaths >= 60 && written.guarded == 0, "{written:?}");
}

#[test]
fn modules_that_change_with_their_roots_can_die_anywhere() {
    let workspace = workspace();
    one_environment(&workspace);
    workspace.write("terralet.yml", PLATFORM);
    workspace.compile();
    // As an older version left them: files with other text, and one that this version does not ship.
    for path in ["customer-vpc/main.tf", "customer-vpc/outputs.tf", "customer-compute/iam.tf"] {
        let path = format!("modules/aws/{path}");
        let text = workspace.generated(&path);
        let (first, body) = text.split_once('\n').unwrap();
        let old = format!("# As it was.\n{body}");
        let first = first.replace(&body_digest(body), &body_digest(&old));
        workspace.write(&format!("generated/{path}"), &format!("{first}\n{old}"));
        if path.ends_with("iam.tf") {
            workspace.write("generated/modules/aws/customer-compute/gone.tf", &format!("{first}\n{old}"));
        }
    }
    workspace.document("shop/variables.yml", &without(SHOP, "  staging: {}\n").replace("10.0.", "10.7."));
    let kept = workspace.root.join("kept");
    copy_tree(&workspace.output(), &kept, &[]);
    let written = kill_modules(&workspace, &kept);
    assert!(written.deaths >= 25 && written.guarded >= 6, "{written:?}");
}

/// What came of the deaths of a run that writes modules.
#[derive(Debug, Default)]
struct Killed {
    deaths: usize,
    /// How often a root was found that a guard keeps from being planned.
    guarded: usize,
}

/// Kills `compile` at each of its steps, over a kept tree. Of a root and the modules that it calls, all files are of one generation, or one
/// of their directories is guarded, or the root calls none yet.
fn kill_modules(workspace: &Workspace, kept: &Path) -> Killed {
    restore(workspace, kept);
    let old = workspace.tree();
    workspace.compile();
    let new = workspace.tree();
    let mut killed = Killed::default();
    for step in 1.. {
        restore(workspace, kept);
        if !dies(&workspace.root, &["compile"], step) {
            break;
        }
        killed.deaths += 1;
        let place = format!("step {step}");
        let found = workspace.tree();
        judge(&found, &old, &new, &place);
        for root in ["shop/dev", "shop/dev/api-service"] {
            let Some(main) = found.get(&format!("{root}/main.tf")) else { continue };
            let mut directories = vec![root.to_owned()];
            directories.extend(
                ["vpc", "compute"]
                    .map(|name| format!("modules/aws/customer-{name}"))
                    .into_iter()
                    .filter(|path| main.contains(path.as_str())),
            );
            assert!(directories.len() > 1, "{place}: {root} calls no module");
            let of = |tree: &Tree| -> Tree {
                let own =
                    |name: &str| directories.iter().any(|directory| name.rsplit_once('/').is_some_and(|(above, _)| above == directory));
                let files = tree.iter().filter(|(name, _)| own(name) && name.ends_with(".tf") && !name.ends_with("interrupted.tf"));
                files.map(|(name, text)| (name.clone(), text.clone())).collect()
            };
            let guards = directories.iter().filter(|directory| found.contains_key(&format!("{directory}/interrupted.tf"))).count();
            if of(&found) == of(&old) || of(&found) == of(&new) {
                continue;
            }
            // A new root may stand before its modules do: then there is nothing that it could call.
            let calls_nothing = directories.iter().skip(1).any(|module| !found.keys().any(|name| name.starts_with(&format!("{module}/"))));
            assert!(guards > 0 || calls_nothing, "{place}: {root} and its modules mix generations");
            killed.guarded += usize::from(guards > 0);
            if guards > 0 && terraform().is_some() {
                must_refuse(workspace, root, &place);
            }
        }
        workspace.compile();
        assert_eq!(workspace.tree(), new, "{place}: the next compile does not give the clean tree");
        assert_no_leftovers(&workspace.output());
    }
    assert_eq!(workspace.tree(), new);
    killed
}

#[test]
fn pruning_can_die_anywhere() {
    let workspace = workspace();
    workspace.compile();
    workspace.document("shop/variables.yml", &without(SHOP, "  dev: {}\n"));
    workspace.compile();
    let kept = workspace.root.join("kept");
    copy_tree(&workspace.output(), &kept, &[]);
    workspace.run(&["prune", "--all"], 0);
    let clean = workspace.tree();
    let mut deaths = 0;
    for step in 1.. {
        restore(&workspace, &kept);
        if !dies(&workspace.root, &["prune", "--all"], step) {
            break;
        }
        deaths += 1;
        // As long as anything is left of a tombstone, so is the place of its state.
        for directory in ["shop/dev", "shop/dev/api-service"] {
            let files = workspace.files(directory);
            assert!(files.is_empty() || files.contains(&"backend.tf".to_owned()), "step {step}: {directory} has {files:?}");
        }
        workspace.run(&["prune", "--all"], 0);
        assert_eq!(workspace.tree(), clean, "step {step}");
    }
    assert!(deaths >= 6, "prune died only {deaths} times");
}

fn workspace() -> Workspace {
    Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP), ("shop/api-vars.yml", API)])
}

/// Kills the scenario's run at each of its steps.
fn kill(scenario: &Scenario) {
    let workspace = workspace();
    (scenario.before)(&workspace);
    let old = workspace.tree();
    let kept = workspace.root.join("kept");
    fs::create_dir_all(workspace.output()).unwrap();
    copy_tree(&workspace.output(), &kept, &[]);
    (scenario.change)(&workspace);
    workspace.run(scenario.call, 0);
    let new = workspace.tree();
    assert_ne!(old, new, "{}: the run changes nothing", scenario.name);
    let mut deaths = 0;
    let mut guarded = 0;
    let mut refused = 0;
    for step in 1.. {
        restore(&workspace, &kept);
        if !dies(&workspace.root, scenario.call, step) {
            break;
        }
        deaths += 1;
        let place = format!("{}, step {step}", scenario.name);
        let mixed = judge(&workspace.tree(), &old, &new, &place);
        for root in mixed {
            if terraform().is_some() {
                must_refuse(&workspace, &root, &place);
                refused += 1;
            }
            guarded += 1;
        }
        workspace.run(scenario.call, 0);
        assert_eq!(workspace.tree(), new, "{place}: the next compile does not give the clean tree");
        assert_no_leftovers(&workspace.output());
    }
    assert_eq!(workspace.tree(), new, "{}: the run that survived", scenario.name);
    assert!(deaths >= scenario.fewest, "{} died only {deaths} times", scenario.name);
    assert_eq!(guarded > 0, scenario.guards, "{}: {guarded} roots were found guarded", scenario.name);
    if guarded > 0 && refused == 0 {
        eprintln!("1 skipped: {}, there is no Terraform to ask about {guarded} guarded roots", scenario.name);
    }
    eprintln!("{}: killed {deaths} times, {guarded} roots guarded, Terraform refused all {refused} that it was asked about", scenario.name);
}

fn restore(workspace: &Workspace, kept: &Path) {
    fs::create_dir_all(workspace.output()).unwrap();
    fs::remove_dir_all(workspace.output()).unwrap();
    copy_tree(kept, &workspace.output(), &[]);
}

/// Every file is old or new, and a root of both generations cannot be planned. Gives the roots that mix.
fn judge(found: &Tree, old: &Tree, new: &Tree, place: &str) -> Vec<String> {
    // Temporary files, and what is in the temporary directory of a root that is not there yet, are in nobody's way.
    let is_own = |name: &str| name.split('/').any(|part| part.starts_with(".terralet-"));
    let found: &Tree = &found.iter().filter(|(name, _)| !is_own(name)).map(|(name, text)| (name.clone(), text.clone())).collect();
    for (name, text) in found.iter().filter(|(name, _)| !name.ends_with("interrupted.tf")) {
        let is_whole = old.get(name) == Some(text) || new.get(name) == Some(text);
        assert!(is_whole, "{place}: {name} is neither old nor new:\n{text}");
    }
    let files = |tree: &Tree, root: &str| -> Tree {
        let own = |name: &str| name.rsplit_once('/').is_some_and(|(directory, file)| directory == root && file.ends_with(".tf"));
        tree.iter().filter(|(name, _)| own(name)).map(|(name, text)| (name.clone(), text.clone())).collect()
    };
    let trees = [found, old, new].into_iter().flat_map(|tree| tree.keys());
    let roots: BTreeSet<&str> = trees.filter(|name| name.ends_with(".tf")).filter_map(|name| Some(name.rsplit_once('/')?.0)).collect();
    let mut mixed = Vec::new();
    for root in roots {
        let mut there = files(found, root);
        let is_guarded = there.remove(&format!("{root}/interrupted.tf")).is_some();
        let was = files(old, root);
        if there == was || there == files(new, root) {
            continue;
        }
        if is_guarded {
            mixed.push(root.to_owned());
            continue;
        }
        // Unguarded, a mix may only be a new root that has no module call yet: there is nothing in it to plan.
        assert!(was.is_empty(), "{place}: {root} mixes generations without a guard");
        let has_calls = there.contains_key(&format!("{root}/main.tf"));
        assert!(!has_calls, "{place}: {root} is new, incomplete and has module calls");
    }
    mixed
}

/// Real Terraform refuses a guarded root before it looks at anything else.
fn must_refuse(workspace: &Workspace, root: &str, place: &str) {
    let directory = workspace.output().join(root);
    let mut init = terraform().unwrap();
    let init = init.args(["init", "-backend=false", "-input=false", "-no-color"]).current_dir(&directory).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&init.stdout), String::from_utf8_lossy(&init.stderr));
    assert!(!init.status.success(), "{place}: Terraform takes the guarded root {root}:\n{said}");
    assert!(said.contains("Unsupported Terraform Core version"), "{place}: Terraform refuses {root} for another reason:\n{said}");
    let _ = fs::remove_dir_all(directory.join(".terraform"));
}
