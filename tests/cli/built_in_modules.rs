//! The built-in modules in the tree: what terralet wrote it may take away again, what somebody edited or put there it may not.

use crate::harness::terralet;
use crate::harness::workspace::{PLATFORM, Workspace, labels, words};
use std::fs;
use terralet_core::clouds::{self, built_in_interface};
use terralet_core::emit::body_digest;
use terralet_core::modules::read_interface;

const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments: {dev: {}}
";
const VPC: &str = "modules/aws/customer-vpc";

/// A workspace with the built-in modules, compiled.
fn built_in() -> Workspace {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.write("terralet.yml", PLATFORM);
    workspace.compile();
    workspace
}

/// Writes a file below the output as another version of terralet would have: with a first line that fits.
fn as_made(workspace: &Workspace, like: &str, path: &str, body: &str) {
    let text = workspace.generated(like);
    let first = text.lines().next().unwrap();
    let (before, old) = first.split_once("digest=").unwrap();
    let digest = old.split(' ').next().unwrap();
    let first = format!("{before}digest={}{}", body_digest(body), old.strip_prefix(digest).unwrap());
    workspace.write(&format!("generated/{path}"), &format!("{first}\n{body}"));
}

#[test]
fn what_is_left_out_of_the_interfaces_declares_nothing() {
    for module in clouds::modules() {
        let (mut whole, problems) = read_interface(&clouds::built_in(module));
        for variable in whole.variables.values_mut() {
            // What the compiler takes, the rules take too: tests/compiler/module_rules.rs.
            (variable.place, variable.validations) = (None, Vec::new());
        }
        assert_eq!((built_in_interface(module), problems), (whole, Vec::new()), "{}", module.name);
    }
}

#[test]
fn what_an_older_version_shipped_and_this_one_does_not_is_removed() {
    let workspace = built_in();
    let clean = workspace.tree();
    as_made(&workspace, &format!("{VPC}/vpn.tf"), &format!("{VPC}/firewall.tf"), "# An older version's.\n");
    as_made(&workspace, &format!("{VPC}/vpn.tf"), "modules/aws/customer-mail/main.tf", "# An older version's.\n");
    as_made(&workspace, &format!("{VPC}/README.md"), "modules/aws/customer-mail/README.md", "An older version's.\n");
    as_made(&workspace, &format!("{VPC}/vpn.tf"), &format!("{VPC}/vpn.tf"), "# As it was.\n");
    let checked = workspace.run(&["compile", "--check"], 3);
    assert!(checked.codes().is_empty(), "{}", checked.text);
    assert_eq!(
        checked.differences(),
        [
            "generated/modules/aws/customer-mail/README.md: no longer wanted",
            "generated/modules/aws/customer-mail/main.tf: no longer wanted",
            "generated/modules/aws/customer-vpc/firewall.tf: no longer wanted",
            "generated/modules/aws/customer-vpc/vpn.tf: stale",
        ]
    );
    assert!(workspace.compile().codes().is_empty());
    assert_eq!(workspace.tree(), clean);
    assert!(!workspace.output().join("modules/aws/customer-mail").exists(), "an empty directory was left");
    workspace.run(&["compile", "--check"], 0);
}

#[test]
fn what_was_edited_or_is_somebody_elses_stays_and_is_reported() {
    let workspace = built_in();
    let clean = workspace.tree();
    let path = format!("{VPC}/vpn.tf");
    let edited = format!("{}# by hand\n", workspace.generated(&path));
    workspace.write(&format!("generated/{path}"), &edited);
    let checked = workspace.run(&["compile", "--check"], 3);
    assert_eq!(checked.differences(), [format!("generated/{path}: hand-edited")]);
    assert!(checked.text.contains("-# by hand"), "{}", checked.text);
    assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[hand-edited-file]"]);
    assert_eq!(workspace.generated(&path), edited);
    workspace.run(&["compile", "--overwrite"], 0);
    assert_eq!(workspace.tree(), clean);

    // An edited file that is no longer shipped.
    as_made(&workspace, &path, &format!("{VPC}/firewall.tf"), "# An older version's.\n");
    let edited = format!("{}# by hand\n", workspace.generated(&format!("{VPC}/firewall.tf")));
    workspace.write(&format!("generated/{VPC}/firewall.tf"), &edited);
    let reported = workspace.run(&["compile"], 1);
    assert!(!words(reported.only("hand-edited-file")).contains("deployment"), "{}", reported.text);
    assert_eq!(workspace.generated(&format!("{VPC}/firewall.tf")), edited);
    workspace.run(&["compile", "--overwrite"], 0);
    assert_eq!(workspace.tree(), clean);

    // What has no first line of ours goes by no option, under our names or others.
    for name in ["vpn.tf", "mine.tf"] {
        workspace.write(&format!("generated/{VPC}/{name}"), "# mine\n");
        assert_eq!(workspace.run(&["compile", "--overwrite"], 1).codes(), ["error[foreign-file]"]);
        assert_eq!(workspace.run(&["compile", "--check"], 3).differences(), [format!("generated/{VPC}/{name}: foreign")]);
        assert_eq!(workspace.generated(&format!("{VPC}/{name}")), "# mine\n");
        fs::remove_file(workspace.output().join(VPC).join(name)).unwrap();
        workspace.compile();
    }
    assert_eq!(workspace.tree(), clean);
}

#[test]
fn other_modules_make_the_built_in_ones_unwanted() {
    let workspace = built_in();
    workspace.write(&format!("generated/{VPC}/notes.txt"), "mine\n");
    workspace.platform(PLATFORM);
    let checked = workspace.run(&["compile", "--check"], 3);
    assert!(checked.codes().is_empty(), "{}", checked.text);
    let unwanted = checked.differences().iter().filter(|difference| difference.ends_with(": no longer wanted")).count();
    assert!(unwanted > 25, "{:?}", checked.differences());
    assert!(workspace.compile().codes().is_empty());
    let left: Vec<String> = workspace.tree().into_keys().filter(|name| name.starts_with("modules/")).collect();
    assert_eq!(left, [format!("{VPC}/notes.txt")], "what is not ours stays, and nothing else");
    workspace.run(&["compile", "--check"], 0);
    // And back.
    workspace.write("terralet.yml", PLATFORM);
    workspace.compile();
    assert!(workspace.output().join(VPC).join("main.tf").is_file());
}

#[test]
fn modules_that_some_root_still_calls_stay() {
    let workspace = built_in();
    workspace.document("cafe/variables.yml", &SHOP.replace("shop", "cafe"));
    workspace.compile();
    workspace.platform(PLATFORM);
    let is_there = || workspace.output().join(VPC).join("main.tf").is_file();
    // A run over one customer leaves the others' roots as they are.
    assert!(workspace.run(&["compile", "--customer", "cafe"], 0).codes().is_empty());
    assert!(is_there());
    // So does a customer with errors.
    workspace.document("shop/variables.yml", &SHOP.replace("10.0.0.0/16", "10.0.0.0/99"));
    workspace.run(&["compile"], 1);
    assert!(is_there());
    // And one that is gone.
    fs::rename(workspace.root.join("customers/shop"), workspace.root.join("away")).unwrap();
    workspace.run(&["compile", "--allow-missing"], 0);
    assert!(is_there());
    fs::rename(workspace.root.join("away"), workspace.root.join("customers/shop")).unwrap();
    workspace.document("shop/variables.yml", SHOP);
    workspace.compile();
    assert!(!workspace.output().join("modules").exists());
}

#[test]
fn modules_of_the_providers_own_below_the_output_are_never_removed() {
    let workspace = built_in();
    let modules = || -> Vec<_> { workspace.tree().into_iter().filter(|(name, _)| name.starts_with("modules/")).collect() };
    let before = modules();
    workspace.write("terralet.yml", &format!("{PLATFORM}\nmodules: {{source: ./generated/modules}}\n"));
    for call in [&["compile"][..], &["compile", "--overwrite"]] {
        assert!(workspace.run(call, 1).codes().iter().all(|code| code == "error[foreign-file]"));
        assert!(modules() == before, "modules in use were touched");
    }
}

/// What a customer asked for before there was a module for it.
const ASKS_FOR_A_QUEUE: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
features: {enable_queue: true}
environments: {dev: {}, production: {queue: {fifo: true}}}
";
const QUEUE: &str = "modules/aws/customer-queue";

/// A workspace as a version without the module for queues left it.
fn of_an_older_version() -> Workspace {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", ASKS_FOR_A_QUEUE)]);
    workspace.write("terralet.yml", &format!("{PLATFORM}\nmodules: {{without: [customer-queue]}}\n"));
    assert_eq!(workspace.compile().codes(), ["warning[section-without-module]"]);
    assert!(!workspace.generated("shop/dev/main.tf").contains("customer_queue"));
    fs::remove_dir_all(workspace.output().join(QUEUE)).unwrap();
    workspace.write("terralet.yml", PLATFORM);
    workspace
}

#[test]
fn what_a_module_that_is_new_adds_to_what_stands_is_reported_once() {
    let workspace = of_an_older_version();
    let checked = workspace.run(&["compile", "--check"], 3);
    let reported = workspace.compile();
    for run in [&checked, &reported] {
        assert_eq!(run.codes(), ["warning[module-added]", "warning[module-added]"], "{}", run.text);
        let mut places: Vec<String> = run.diagnostics().map(|diagnostic| labels(diagnostic)[0].clone()).collect();
        places.sort();
        assert_eq!(places, ["customers/shop/infra/variables.yml:4", "customers/shop/infra/variables.yml:5"]);
    }
    assert!(workspace.generated("shop/dev/main.tf").contains("customer_queue"));
    assert!(workspace.compile().codes().is_empty());
    // Who asks for a queue now knows it.
    workspace.document("shop/variables.yml", &ASKS_FOR_A_QUEUE.replace("features: {enable_queue: true}\n", ""));
    assert_eq!(workspace.compile().codes(), ["warning[destructive-change]"]);
    workspace.document("shop/variables.yml", ASKS_FOR_A_QUEUE);
    let reported = workspace.compile();
    assert!(reported.codes().is_empty());
    assert_eq!(reported.only("module-added")["severity"], "advice");
}

/// What a rule makes an error stays one, whatever the first run has written.
#[test]
fn a_rule_against_what_a_module_adds_holds_in_every_run() {
    let workspace = of_an_older_version();
    workspace.write("terralet.yml", &format!("{PLATFORM}\nrules: {{module-added: error}}\n"));
    for _ in 0..2 {
        assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[module-added]", "error[module-added]"]);
        assert!(!workspace.generated("shop/dev/main.tf").contains("customer_queue"));
    }
}

#[test]
fn a_module_that_is_held_back_stays_while_a_root_calls_it() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", ASKS_FOR_A_QUEUE)]);
    workspace.write("terralet.yml", PLATFORM);
    workspace.compile();
    workspace.write("terralet.yml", &format!("{PLATFORM}\nmodules: {{without: [customer-queue]}}\nrules: {{destructive-change: error}}\n"));
    workspace.run(&["compile"], 1);
    assert!(workspace.generated("shop/dev/main.tf").contains("customer_queue") && !workspace.files(QUEUE).is_empty());
}

#[test]
fn a_module_is_held_back_from_a_repository_and_a_tier() {
    for held_back in [
        "registry: {shop: {modules_without: [customer-queue]}}\n",
        "tiers: {standard: {modules_without: [customer-queue]}}\nregistry: {shop: {tier: standard}}\n",
    ] {
        let workspace = of_an_older_version();
        workspace.write("terralet.yml", &format!("{PLATFORM}\n{held_back}"));
        let before = workspace.generated("shop/dev/main.tf");
        assert_eq!(workspace.compile().codes(), ["warning[section-without-module]"], "{held_back}");
        assert_eq!(workspace.generated("shop/dev/main.tf"), before);
        // The customer hears the same from what is exported.
        let exported = terralet(&workspace.root, &["platform", "export", "--customer", "shop"]);
        workspace.write("exported.yml", &String::from_utf8(exported.stdout).unwrap());
        let checked = workspace.run(&["--platform", "exported.yml", "check", "customers/shop"], 0);
        assert_eq!(checked.codes(), ["warning[section-without-module]"], "{}", checked.text);
    }
}
