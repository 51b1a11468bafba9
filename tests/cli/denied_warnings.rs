//! `--deny-warnings`: a warning that is an error now keeps its customer from being written, as any error does, wherever it comes from.

use crate::harness::workspace::{CAFE, PLATFORM, Workspace, without};
use std::collections::BTreeMap;
use std::fs;

/// A section that no module takes, in one of two environments.
const WARNED: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments:
  dev: {}
  staging: {backup: {enabled: true}}
";

fn of(workspace: &Workspace, repository: &str) -> BTreeMap<String, String> {
    let mut tree = workspace.tree();
    tree.retain(|path, _| path.starts_with(&format!("{repository}/")));
    tree
}

const CALLS: [&[&str]; 6] = [
    &["compile", "--deny-warnings"],
    &["compile", "--deny-warnings", "--overwrite"],
    &["compile", "--deny-warnings", "customers/shop", "customers/cafe"],
    &["compile", "--deny-warnings", "--customer", "*"],
    &["compile", "--deny-warnings", "--shard", "1/1"],
    &["compile", "--deny-warnings", "--jobs", "1"],
];

#[test]
fn a_warning_of_a_document_keeps_its_customer_and_no_other() {
    for call in CALLS {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", WARNED), ("cafe/variables.yml", CAFE)]);
        assert_eq!(workspace.run(call, 1).codes(), ["error[section-without-module]"], "{call:?}");
        assert!(of(&workspace, "shop").is_empty(), "{call:?}");
        assert!(!workspace.output().join("shop").exists(), "{call:?}");
        assert!(!of(&workspace, "cafe").is_empty(), "{call:?}");

        assert_eq!(workspace.compile().codes(), ["warning[section-without-module]"]);
        let before = of(&workspace, "shop");
        assert!(!before.is_empty());
        // Whatever else changes: what is there, what comes, what goes.
        for text in [
            WARNED.replace("10.0.", "10.7."),
            format!("{WARNED}  production: {{}}\n"),
            without(WARNED, "  dev: {}\n"),
            format!("tags: {{team: sales}}\n{WARNED}"),
        ] {
            workspace.document("shop/variables.yml", &text);
            workspace.document("cafe/variables.yml", &CAFE.replace("10.1.", "10.8."));
            let reported = workspace.run(call, 1);
            assert!(reported.codes().contains(&"error[section-without-module]".to_owned()), "{call:?}: {}", reported.text);
            assert!(!reported.text.contains("\"severity\": \"warning\""), "{call:?}: {}", reported.text);
            assert_eq!(of(&workspace, "shop"), before, "{call:?}");
        }
        assert_eq!(workspace.run(&["compile", "--check", "--deny-warnings"], 1).differences(), Vec::<String>::new());
    }
}

#[test]
fn check_takes_warnings_for_errors_too() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", WARNED), ("cafe/variables.yml", CAFE)]);
    workspace.run(&["check"], 0);
    assert_eq!(workspace.run(&["check", "--deny-warnings"], 1).codes(), ["error[section-without-module]"]);
    workspace.run(&["check", "--deny-warnings", "customers/cafe"], 0);
}

#[test]
fn advice_is_no_warning() {
    let advised = CAFE.replace("{dev: {}}", "{dev: {tags: {gone: null}}}");
    let workspace = Workspace::new(PLATFORM, &[("cafe/variables.yml", &advised)]);
    let reported = workspace.run(&["compile", "--deny-warnings"], 0);
    assert!(reported.text.contains("\"severity\": \"advice\""), "{}", reported.text);
    assert!(!of(&workspace, "cafe").is_empty());
}

#[test]
fn a_warning_of_the_tree_keeps_its_customer_whole_and_no_other() {
    let clean = without(WARNED, " {backup: {enabled: true}}").replace("staging:", "staging: {}");
    let database = "database: {engine: postgres, engine_version: '16', instance_class: db.t3.medium, allocated_storage: 50}\n";
    for call in CALLS {
        // A deployment that goes, and a database that would be replaced, next to another root that changes harmlessly.
        for (before, after, code) in [
            (clean.clone(), without(&clean, "  dev: {}\n").replace("staging: {}", "staging: {tags: {a: b}}"), "error[deployment-removed]"),
            (
                format!("{clean}{database}"),
                format!("{clean}{database}")
                    .replace("  dev: {}", "  dev: {region: us-east-1}")
                    .replace("staging: {}", "staging: {tags: {a: b}}"),
                "error[destructive-change]",
            ),
        ] {
            let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &before), ("cafe/variables.yml", CAFE)]);
            workspace.compile();
            let whole = of(&workspace, "shop");
            workspace.document("shop/variables.yml", &after);
            workspace.document("cafe/variables.yml", &format!("tags: {{a: b}}\n{CAFE}"));
            let reported = workspace.run(call, 1);
            assert_eq!(reported.codes(), [code], "{call:?}: {}", reported.text);
            assert_eq!(of(&workspace, "shop"), whole, "{call:?}, {code}");
            assert!(workspace.generated("cafe/dev/providers.tf").contains("\"a\""), "{call:?}, {code}");
            // Without the option it is written.
            workspace.compile();
            assert_ne!(of(&workspace, "shop"), whole, "{code}");
        }
    }
}

#[test]
fn who_is_missing_and_who_left_stay_as_they_are() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", CAFE), ("cafe/variables.yml", CAFE)]);
    workspace.compile();
    let whole = of(&workspace, "shop");
    fs::remove_dir_all(workspace.root.join("customers/shop")).unwrap();
    workspace.document("cafe/variables.yml", &format!("tags: {{a: b}}\n{CAFE}"));
    let reported = workspace.run(&["compile", "--allow-missing", "--deny-warnings"], 1);
    assert_eq!(reported.codes(), ["error[customer-missing]"]);
    assert_eq!(of(&workspace, "shop"), whole);
    assert!(workspace.generated("cafe/dev/providers.tf").contains("\"a\""));
    workspace.platform(&format!("{PLATFORM}\nregistry: {{shop: {{customer_id: shop, offboarded: true}}}}"));
    assert_eq!(workspace.run(&["compile", "--deny-warnings"], 1).codes(), ["error[deployment-removed]"]);
    assert_eq!(of(&workspace, "shop"), whole);
    workspace.compile();
    assert_ne!(of(&workspace, "shop"), whole);
}

/// Nothing is written of who is denied, so that what it has on disk stays its own, whatever its documents say by now.
#[test]
fn who_is_denied_keeps_its_network() {
    let account = "account_id: \"123456789012\"";
    let platform = format!("{PLATFORM}\nregistry: {{shop: {{{account}}}, cafe: {{{account}}}}}");
    let workspace = Workspace::new(&platform, &[("shop/variables.yml", &WARNED.replace(" {backup: {enabled: true}}", " {}"))]);
    workspace.compile();
    let before = workspace.tree();
    workspace.document("shop/variables.yml", &WARNED.replace("10.0.", "10.9."));
    workspace.document("cafe/variables.yml", &CAFE.replace("10.1.", "10.0."));
    let reported = workspace.run(&["compile", "--deny-warnings"], 1);
    assert_eq!(reported.codes(), ["error[cidr-overlap]", "error[section-without-module]"], "{}", reported.text);
    assert_eq!(reported.only("cidr-overlap")["customer"], "cafe");
    assert_eq!(workspace.tree(), before);
}

/// A baseline spares what stands, as often as it stood, wherever its lines are now, and nothing else.
#[test]
fn a_baseline_spares_what_stands() {
    let shop = "project_name: shop\nregion: eu-west-1\nnetworking: {vpc_cidr: 10.0.0.0/16}\ncompute: {instance_type: t3.small}\nenvironments: {production: }\n";
    let cafe = shop.replace("shop", "cafe").replace("10.0.", "10.1.");
    let workspace = Workspace::new("", &[("shop/variables.yml", shop)]);
    // A rule that gets stricter.
    workspace.platform("rules: {single-instance: error}");
    let before = workspace.run(&["check"], 1);
    assert_eq!(before.codes(), ["error[single-instance]"]);
    workspace.write("baseline.json", &before.text);
    let check = ["check", "--baseline", "baseline.json"];
    assert!(workspace.run(&check, 0).codes().is_empty());
    // Lines above it do not matter; `--deny-warnings` and another directory do not either.
    workspace.document("shop/variables.yml", &format!("# a comment\n\n{shop}"));
    assert!(workspace.run(&check, 0).codes().is_empty());
    assert!(workspace.run(&["check", "--deny-warnings", "--baseline", "baseline.json"], 0).codes().is_empty());
    assert!(workspace.run(&["-C", "customers/shop", "check", "--baseline", "../../baseline.json"], 0).codes().is_empty());
    // What comes is an error, in another repository too, and so is what may never be spared.
    workspace.document("cafe/variables.yml", &cafe);
    assert_eq!(workspace.run(&check, 1).codes(), ["error[single-instance]"]);
    workspace.forget("cafe/variables.yml");
    std::fs::remove_dir_all(workspace.root.join("customers/cafe")).unwrap();
    workspace.document("shop/variables.yml", &shop.replace("region: eu-west-1", "regoin: eu-west-1"));
    let wrong = workspace.run(&["check"], 1);
    workspace.write("baseline.json", &wrong.text);
    assert!(workspace.run(&check, 1).codes().contains(&"error[unknown-key]".to_owned()));
    // What was found of the platform file is spared too, and what was found elsewhere is not missed by a run over a part.
    workspace.document("shop/variables.yml", shop);
    workspace.document("cafe/variables.yml", &cafe);
    workspace.platform("customers: [customers/*, teams/*]\nrules: {single-instance: error}");
    let both = workspace.run(&["check"], 1);
    assert_eq!(both.codes(), ["error[single-instance]", "error[single-instance]", "warning[unmatched-pattern]"]);
    workspace.write("baseline.json", &both.text);
    let spared = workspace.run(&check, 0);
    assert!(spared.codes().is_empty() && spared.text.ends_with("the baseline spared 3\n"), "{}", spared.text);
    let part = workspace.run(&["check", "--baseline", "baseline.json", "customers/shop"], 0);
    assert!(part.text.ends_with("the baseline spared 1\n"), "{}", part.text);
    workspace.platform("rules: {single-instance: error}");
    let stale = workspace.run(&check, 0).text;
    assert!(stale.contains("the baseline spared 2; 1 of it no longer found"), "{stale}");
    // What is no baseline.
    for (name, text) in [("none.json", "[]"), ("other.json", "{\"version\": 2, \"diagnostics\": []}"), ("text.json", "nothing")] {
        workspace.write(name, text);
        assert!(workspace.run(&["check", "--baseline", name], 2).text.contains("is not a valid baseline"), "{name}");
    }
    workspace.run(&["check", "--baseline", "missing.json"], 2);
}
