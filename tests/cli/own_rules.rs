//! `rules` of registry entries: for one repository, with a reason, and up to the last day that they name.

use crate::harness::terralet;
use crate::harness::workspace::{PLATFORM, Workspace, labels};

/// A network of its own in one zone: `single-zone` and `single-instance`, and nothing else.
fn customer(name: &str, network: &str) -> String {
    format!(
        "project_name: {name}\nregion: eu-west-1\nnetworking: {{vpc_cidr: {network}, availability_zones: 1}}\ncompute: {{instance_type: t3.small}}\nenvironments: {{production: }}\n"
    )
}

fn two(platform: &str) -> Workspace {
    let (shop, cafe) = (customer("shop", "10.0.0.0/16"), customer("cafe", "10.1.0.0/16"));
    Workspace::new(&format!("{platform}\n{PLATFORM}"), &[("shop/variables.yml", &shop), ("cafe/variables.yml", &cafe)])
}

/// The diagnostics of a run on a day, as `customer: severity[code]`.
fn reported(workspace: &Workspace, call: &[&str], today: &str, status: i32) -> Vec<String> {
    let call: Vec<&str> = call.iter().copied().chain(["--today", today]).collect();
    let reported = workspace.run(&call, status);
    let word = |value: &serde_json::Value| value.as_str().unwrap_or("nobody").to_owned();
    let one = |reported: &serde_json::Value| {
        format!("{}: {}[{}]", word(&reported["customer"]), word(&reported["severity"]), word(&reported["code"]))
    };
    let mut all: Vec<String> = reported.json["diagnostics"].as_array().unwrap().iter().map(one).collect();
    all.retain(|reported| !reported.contains("file-skipped"));
    all.sort();
    all
}

#[test]
fn a_rule_holds_for_its_repository_up_to_its_last_day() {
    let workspace = two("\
rules: {single-zone: error}
registry:
  shop: {rules: {single-zone: {severity: 'off', reason: one zone until the move, until: 2026-02-28}, single-instance: error}}
  cafe: {rules: {single-zone: {severity: advice, reason: a pilot}}}");
    let with = |shop: &[&str]| -> Vec<String> {
        ["cafe: advice[single-zone]", "cafe: warning[single-instance]"].iter().chain(shop).map(|reported| (*reported).to_owned()).collect()
    };
    for today in ["2026-02-27", "2026-02-28"] {
        assert_eq!(reported(&workspace, &["check"], today, 1), with(&["shop: error[single-instance]"]));
    }
    let mut after = with(&["nobody: advice[ended-rule]", "shop: error[single-instance]", "shop: error[single-zone]"]);
    for call in [["check"].as_slice(), &["compile"], &["compile", "--check"]] {
        assert_eq!(reported(&workspace, call, "2026-03-01", 1), after, "{call:?}");
    }
    // Whoever checks a part of the workspace may be a customer, who cannot do anything about it.
    after.retain(|reported| reported.starts_with("shop"));
    assert_eq!(reported(&workspace, &["check", "customers/shop"], "2026-03-01", 1), after);
    assert_eq!(reported(&workspace, &["compile", "--customer", "shop"], "2026-03-01", 1), after);
    let ended = workspace.run(&["check", "--today", "2026-03-01"], 1);
    assert_eq!(labels(ended.only("ended-rule")), ["terralet.yml:3"]);
    // An error of one keeps the other from nothing.
    assert!(workspace.files("shop/production").is_empty() && !workspace.files("cafe/production").is_empty());
}

#[test]
fn what_is_judged_by_a_day_is_listed_by_it() {
    let workspace = two("\
rules: {single-zone: error}
registry: {shop: {rules: {single-zone: {severity: warning, reason: a test, until: 2026-02-28}}}}");
    let states =
        |today: &str, status: i32| -> usize { workspace.run(&["list", "--today", today], status).json["roots"].as_array().unwrap().len() };
    assert_eq!((states("2026-02-28", 1), states("2026-03-01", 1)), (1, 0));
}

#[test]
fn a_rule_holds_for_what_is_found_in_the_tree() {
    let shop = customer("shop", "10.0.0.0/16");
    let changes =
        [("destructive-change", shop.replace("10.0.", "10.2.")), ("deployment-removed", shop.replace("production: ", "staging: "))];
    for (code, changed) in changes {
        let workspace = two("rules: {single-zone: 'off', single-instance: 'off'}");
        workspace.compile();
        workspace.platform(&format!(
            "rules: {{single-zone: 'off', single-instance: 'off', {code}: error}}\nregistry: {{shop: {{rules: {{{code}: {{severity: warning, reason: it is built anew, until: 2026-02-28}}}}}}}}\n{PLATFORM}"
        ));
        workspace.document("shop/variables.yml", &changed);
        workspace.document("cafe/variables.yml", &changed.replace("shop", "cafe").replace("10.2.", "10.3.").replace("10.0.", "10.1."));
        let before = workspace.tree();
        let errors =
            |reported: Vec<String>| -> Vec<String> { reported.into_iter().filter(|reported| reported.contains("error")).collect() };
        let of_cafe = vec![format!("cafe: error[{code}]")];
        for call in [["compile", "--check"].as_slice(), &["compile"]] {
            let both = reported(&workspace, call, "2026-03-01", 1);
            assert_eq!(errors(both), [of_cafe.clone(), vec![format!("shop: error[{code}]")]].concat(), "{call:?}");
            assert_eq!(workspace.tree(), before);
        }
        assert_eq!(errors(reported(&workspace, &["compile"], "2026-02-28", 1)), of_cafe);
        let after = workspace.tree();
        let differs = |prefix: &str| before.iter().any(|(path, text)| path.starts_with(prefix) && after.get(path) != Some(text));
        assert!(differs("shop/") && !differs("cafe/"), "{code}");
    }
}

/// A repository with a new name has its rule under that one, also for roots that stand under the earlier.
#[test]
fn a_rule_goes_along_with_a_name() {
    let workspace = two("rules: {single-zone: 'off', single-instance: 'off'}");
    workspace.compile();
    workspace.platform(&format!(
        "rules: {{single-zone: 'off', single-instance: 'off'}}\nregistry: {{store: {{customer_id: shop, formerly: shop, rules: {{deployment-removed: error}}}}}}\n{PLATFORM}"
    ));
    let text = customer("shop", "10.0.0.0/16").replace("production: ", "staging: ");
    std::fs::remove_dir_all(workspace.root.join("customers/shop")).unwrap();
    workspace.document("store/variables.yml", &text);
    let reported = reported(&workspace, &["compile"], "2026-02-28", 1);
    assert!(reported.iter().any(|reported| reported.contains("error[deployment-removed]")), "{reported:?}");
}

#[test]
fn a_rule_holds_for_what_is_found_across_customers() {
    let gone = "customer_id: gone, rules: {unused-registration: {severity: 'off', reason: fetched by another job, until: 2026-02-28}}";
    let workspace = two(&format!(
        "rules: {{single-zone: 'off', single-instance: 'off'}}\nregistry: {{shop: {{customer_id: shop}}, cafe: {{customer_id: cafe}}, gone: {{{gone}}}, left: {{customer_id: left}}}}"
    ));
    let unused = "nobody: advice[unused-registration]";
    assert_eq!(reported(&workspace, &["check"], "2026-02-28", 0), [unused]);
    assert_eq!(reported(&workspace, &["check"], "2026-03-01", 0), ["nobody: advice[ended-rule]", unused, unused]);
}

#[test]
fn a_day_that_there_is_not_is_a_mistake_of_the_call() {
    let workspace = two("rules: {single-zone: 'off'}");
    for today in ["2026-02-29", "tomorrow", "2026-1-1", "", "20260101"] {
        for command in ["check", "compile", "list"] {
            let said = workspace.run(&[command, "--today", today], 2).text;
            assert!(said.contains("--today") && said.contains("2026-12-31"), "{command} {today}: {said}");
        }
    }
}

#[test]
fn an_export_for_a_customer_has_its_rules_alone() {
    let workspace = two("\
rules: {single-zone: error}
registry:
  shop:
    rules:
      single-zone: {severity: 'off', reason: 'a \"pilot\": no other zone', until: 2026-02-28}
      single-instance: error
      no-backups: {severity: 'off', reason: long over, until: 2020-01-01}
  cafe: {rules: {single-zone: {severity: 'off', reason: between us}}}");
    let export = |call: &[&str], status: i32| {
        let call: Vec<&str> = ["platform", "export", "--today", "2026-02-01"].iter().chain(call).copied().collect();
        let output = terralet(&workspace.root, &call);
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{said}");
        said
    };
    let for_all = export(&[], 0);
    assert!(!for_all.contains("customer_rules") && !for_all.contains("pilot") && !for_all.contains("between us"), "{for_all}");
    let for_shop = export(&["--customer", "shop"], 0);
    assert!(for_shop.contains("pilot") && !for_shop.contains("between us") && !for_shop.contains("long over"), "{for_shop}");
    assert!(export(&["--customer", "shpo"], 2).contains("`shop`"));
    // With it a checkout is judged as the provider judges it, whatever its directory is called.
    workspace.write("for-shop.yml", &for_shop);
    let checkout = crate::harness::Sandbox::new();
    let documents = checkout.path().join("work/infra");
    std::fs::create_dir_all(&documents).unwrap();
    std::fs::write(documents.join("variables.yml"), customer("shop", "10.0.0.0/16")).unwrap();
    let file = workspace.root.join("for-shop.yml");
    for (today, expected) in [("2026-02-28", vec!["single-instance"]), ("2026-03-01", vec!["single-instance", "single-zone"])] {
        let call = ["--platform", file.to_str().unwrap(), "check", "work", "--today", today, "--format", "json"];
        let output = terralet(checkout.path(), &call);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let reported = document["diagnostics"].as_array().unwrap().iter().filter(|reported| reported["severity"] == "error");
        let mut codes: Vec<&str> = reported.map(|reported| reported["code"].as_str().unwrap()).collect();
        codes.sort_unstable();
        assert_eq!(codes, expected, "{today}");
    }
    // The rules of one customer are no part of a platform file that a person writes.
    workspace.platform(&format!("customer_rules: {{single-zone: error}}\n{PLATFORM}"));
    assert_eq!(workspace.run(&["check", "--today", "2026-02-01"], 2).codes(), ["error[invalid-setting]"]);
}
