//! What used to go without a word: platform files and customers that a run does not find, limits that it cannot judge, what a change
//! destroys, and output that nobody can write.

#![cfg(unix)]

use crate::harness::machine::SHOP;
use crate::harness::workspace::{PLATFORM, Reported, Workspace, labels, without, words};
use crate::harness::{command, expect, terralet};
use std::fs::{self, File};
use std::process::{Output, Stdio};

fn shop() -> Workspace {
    Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)])
}

/// Runs a command in each format, which has to end with 2 and to say something; gives what it said to people.
fn refused(workspace: &Workspace, call: &[&str], expected: &[&str]) {
    for format in ["json", "sarif", "github", "human"] {
        let mut call = call.to_vec();
        call.extend(["--format", format]);
        // Lines are broken for people alone.
        let said = expect(&workspace.root, &call, 2).replace("\\\"", "\"");
        for part in expected {
            assert!(said.contains(part), "`{part}` is not in what {call:?} said:\n{said}");
        }
    }
}

#[test]
fn a_platform_file_of_the_other_spelling_is_refused() {
    let workspace = shop();
    fs::rename(workspace.root.join("terralet.yml"), workspace.root.join("terralet.yaml")).unwrap();
    let calls: [&[&str]; 6] =
        [&["check"], &["check", "customers/shop"], &["compile"], &["compile", "customers/shop"], &["list"], &["why", "shop/dev"]];
    for call in calls {
        refused(&workspace, call, &["terralet.yaml", "rename it to `terralet.yml`"]);
    }
    // From inside a customer's repository too.
    let inside = expect(&workspace.root.join("customers/shop"), &["check"], 2);
    assert!(inside.contains("rename it to `terralet.yml`"), "{inside}");
    assert!(!workspace.output().exists(), "nothing was compiled as if there were no platform");
    workspace.platform(PLATFORM);
    for call in calls {
        refused(&workspace, call, &["has both a `terralet.yml` and a `terralet.yaml`", "remove `terralet.yaml`"]);
    }
    // A file that the call names is the platform, whatever it is called.
    expect(&workspace.root, &["--platform", "terralet.yaml", "check", "customers/shop"], 0);
}

#[test]
fn an_exported_platform_in_the_place_of_the_own_one_is_refused() {
    let workspace = shop();
    let exported = String::from_utf8(terralet(&workspace.root, &["platform", "export"]).stdout).unwrap();
    let checkout = Workspace::new("", &[]);
    checkout.write("terralet.yml", &exported);
    checkout.write("infra/variables.yml", SHOP);
    for call in [["check"], ["compile"], ["list"]] {
        refused(&checkout, &call, &["`terralet platform export`", "--platform"]);
    }
    // Customers that it would find make no difference: it has no registry and no state.
    checkout.write("customers/shop/infra/variables.yml", SHOP);
    for call in [["check"].as_slice(), &["check", "customers/shop"], &["compile"], &["list"], &["compile", "--check"], &["why", "shop/dev"]]
    {
        refused(&checkout, call, &["`terralet platform export`", "--platform"]);
    }
    assert!(!checkout.output().exists(), "nothing was compiled");
    fs::rename(checkout.root.join("terralet.yml"), checkout.root.join("platform-for-customers.yml")).unwrap();
    expect(&checkout.root, &["--platform", "platform-for-customers.yml", "check"], 0);
}

#[test]
fn a_workspace_without_a_customer_is_refused_unless_it_may_have_none() {
    for (customers, named) in [("", "`customers/*`"), ("customers: [teams/*/*, shops/*]\n", "`teams/*/*` and `shops/*`")] {
        let workspace = Workspace::new(&format!("{customers}{PLATFORM}"), &[]);
        for call in [vec!["check"], vec!["compile"], vec!["compile", "--check"], vec!["list"], vec!["check", "--fix"]] {
            refused(&workspace, &call, &[named, "--allow-missing"]);
        }
        expect(&workspace.root, &["check", "--allow-missing"], 0);
        expect(&workspace.root, &["compile", "--allow-missing"], 0);
        workspace.platform("tires: {}");
        assert!(expect(&workspace.root, &["check", "--allow-missing"], 2).contains("unknown-key"));
    }
    let workspace = Workspace::new("customers: []", &[]);
    refused(&workspace, &["check"], &["lists no customers"]);
}

#[test]
fn roots_of_customers_that_are_all_gone_are_reported_instead() {
    let workspace = shop();
    workspace.compile();
    fs::remove_dir_all(workspace.root.join("customers")).unwrap();
    assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[customer-missing]"]);
    // What is left is listed.
    let listed = workspace.run(&["list"], 0);
    let rows = listed.json["roots"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["state"] == "orphan"), "{}", listed.text);
}

#[test]
fn a_pattern_without_a_customer_is_reported_by_runs_over_all() {
    let workspace = shop();
    workspace.platform(&format!("customers: [customers/*, teams/*]\n{PLATFORM}"));
    for call in [["check"].as_slice(), &["compile"], &["compile", "--check"]] {
        let reported = workspace.run(call, 0);
        assert_eq!(reported.codes(), ["warning[unmatched-pattern]"], "{call:?}");
        assert_eq!(labels(reported.only("unmatched-pattern")), ["terralet.yml:1"]);
    }
    for call in [["check", "customers/shop"].as_slice(), &["compile", "--customer", "shop"]] {
        assert!(workspace.run(call, 0).codes().is_empty(), "{call:?}");
    }
    workspace.platform(&format!("customers: [customers/*, teams/*]\nrules: {{unmatched-pattern: error}}\n{PLATFORM}"));
    assert_eq!(workspace.run(&["check"], 1).codes(), ["error[unmatched-pattern]"]);
    assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[unmatched-pattern]"]);
}

#[test]
fn limits_of_a_tier_that_is_not_known_are_said_to_be_left_out() {
    let platform = "tiers: {small: {limits: {compute.max_instances: 2}}, large: {}}";
    let workspace = Workspace::new(platform, &[("shop/variables.yml", SHOP)]);
    let exported = String::from_utf8(terralet(&workspace.root, &["platform", "export"]).stdout).unwrap();
    let checkout = Workspace::new("", &[]);
    fs::remove_file(checkout.root.join("terralet.yml")).unwrap();
    checkout.write("exported.yml", &exported);
    let call = ["--platform", "exported.yml", "check"];
    checkout.write("infra/variables.yml", &SHOP.replace("t3.small", "t3.small, max_instances: 9"));
    let reported = checkout.run(&call, 0);
    assert!(words(reported.only("file-skipped")).contains("limits of your tier were not checked"), "{}", reported.text);
    // Of several repositories each is named, though none of them has a place for it.
    for name in ["one", "two", "three"] {
        checkout.write(&format!("{name}/infra/variables.yml"), SHOP);
    }
    let several = terralet(&checkout.root, &["--platform", "exported.yml", "check", "one", "two", "three"]);
    let several = String::from_utf8_lossy(&several.stderr).into_owned();
    assert!(several.contains("the same in 2 more places: t") && !several.contains(": ,"), "{several}");
    // With the tier they are judged, and nothing is left out.
    checkout.write("infra/variables.yml", &format!("customer_tier: small\n{}", SHOP.replace("t3.small", "t3.small, max_instances: 9")));
    let reported = checkout.run(&call, 1);
    assert!(reported.text.contains("tier-limit-exceeded") && !reported.text.contains("file-skipped"), "{}", reported.text);
    // Tiers without limits leave nothing out.
    checkout
        .write("exported.yml", &exported.replace("compute.max_instances: {max: 2}", "{}").replace("limits:", "#").replace("      {}", ""));
    checkout.write("infra/variables.yml", SHOP);
    assert!(!checkout.run(&call, 0).text.contains("file-skipped"));
}

/// Every section with something in it.
const SECTIONS: [(&str, &str); 12] = [
    ("networking", "vpc_cidr: 10.0.0.0/16"),
    ("compute", "instance_type: t3.small"),
    ("database", "engine: postgres, engine_version: '16', instance_class: db.t4g.medium"),
    ("scaling", "cpu_threshold: 50"),
    ("security", "enable_waf: true"),
    ("monitoring", "enable_cloudwatch: true"),
    ("storage", "bucket_name: a-bucket-of-the-shop"),
    ("backup", "enabled: true"),
    ("features", "enable_cdn: true"),
    ("notifications", "email_list: [ops@example.com]"),
    ("tags", "team: shop"),
    ("custom", "anything: at all"),
];

/// The documents of a customer in which every section of one layer is written as `value`; and which of them has that layer.
fn layered(environment: &str, layer: &str, value: &str) -> (Workspace, String) {
    let lines = |indentation: usize, skip: &str| -> String {
        let kept = SECTIONS.iter().filter(|(name, _)| *name != skip);
        kept.map(|(name, _)| format!("{:indentation$}{name}:{value}\n", "")).collect()
    };
    let at = |wanted: &str, indentation: usize, skip: &str| if layer == wanted { lines(indentation, skip) } else { String::new() };
    let full: String = SECTIONS.iter().map(|(name, content)| format!("{name}: {{{content}}}\n")).collect();
    let base = format!(
        "project_name: shop\nenvironments:\n  {environment}:\n{}{}",
        at("environment", 4, ""),
        if layer == "base" { lines(0, "") } else { full }
    );
    let region = format!(
        "environments:\n  {environment}:\n{}services:\n  api:\n{}{}",
        at("environment of the region", 4, ""),
        at("service of the region", 4, "networking"),
        at("region", 0, "")
    );
    let service = format!(
        "environments:\n  {environment}:\n{}{}{}",
        at("environment of the service", 4, "networking"),
        if layer == "region of the service" { format!("regions:\n  eu-west-1:\n{}", lines(4, "networking")) } else { String::new() },
        at("service", 0, "networking")
    );
    let file = if layer.ends_with("of the service") || layer == "service" {
        "api-vars.yml"
    } else if layer.contains("region") {
        "eu-west-1-variables.yml"
    } else {
        "variables.yml"
    };
    let workspace = Workspace::new("rules: {section-without-module: 'off'}", &[("shop/variables.yml", &base)]);
    workspace.document("shop/eu-west-1-variables.yml", &region);
    workspace.document("shop/api-vars.yml", &service);
    (workspace, format!("customers/shop/infra/{file}"))
}

#[test]
fn every_section_that_is_emptied_in_any_layer_is_reported_and_null_is_not() {
    let layers = [
        "base",
        "environment",
        "region",
        "environment of the region",
        "service of the region",
        "service",
        "environment of the service",
        "region of the service",
    ];
    for (environment, severity) in [("dev", "warning"), ("production", "error")] {
        for layer in layers {
            let (workspace, file) = layered(environment, layer, "");
            let reported: serde_json::Value =
                serde_json::from_slice(&terralet(&workspace.root, &["check", "--format", "json"]).stdout).unwrap();
            let text = fs::read_to_string(workspace.root.join(&file)).unwrap();
            let names: Vec<&str> = SECTIONS.iter().map(|(name, _)| *name).collect();
            let emptied = text.lines().enumerate().filter(|(_, line)| names.iter().any(|name| line.trim() == format!("{name}:")));
            let mut expected: Vec<String> = emptied.map(|(at, _)| format!("{severity} {file}:{}", at + 1)).collect();
            let of_code = reported["diagnostics"].as_array().unwrap().iter().filter(|reported| reported["code"] == "emptied-section");
            let mut found: Vec<String> =
                of_code.map(|reported| format!("{} {}", reported["severity"].as_str().unwrap(), labels(reported)[0])).collect();
            expected.sort();
            found.sort();
            assert!(expected.len() >= 11);
            assert_eq!(found, expected, "{layer} in {environment}");
            let (workspace, _) = layered(environment, layer, " null");
            let said = terralet(&workspace.root, &["check", "--format", "json"]).stdout;
            assert!(!String::from_utf8_lossy(&said).contains("emptied-section"), "{layer} in {environment}");
        }
    }
}

/// A change that destroys something, and one that removes a deployment.
fn changes() -> [(&'static str, String); 2] {
    [("destructive-change", SHOP.replace("10.0.0.0/16", "10.1.0.0/16")), ("deployment-removed", without(SHOP, "  staging: {}\n"))]
}

#[test]
fn a_rule_makes_an_error_of_what_a_change_destroys() {
    for (code, changed) in changes() {
        let workspace = shop();
        workspace.compile();
        workspace.platform(&format!("rules: {{{code}: error}}\n{PLATFORM}"));
        let before = workspace.tree();
        workspace.document("shop/variables.yml", &changed);
        for call in [["compile", "--check"].as_slice(), &["compile"]] {
            let reported = workspace.run(call, 1);
            assert!(
                !reported.codes().is_empty() && reported.codes().iter().all(|reported| *reported == format!("error[{code}]")),
                "{}",
                reported.text
            );
            assert_eq!(workspace.tree(), before, "{call:?} wrote something");
        }
        // A warning may be written out.
        workspace.platform(&format!("rules: {{{code}: warning}}\n{PLATFORM}"));
        assert!(workspace.run(&["compile", "--check"], 3).codes().iter().all(|reported| *reported == format!("warning[{code}]")));
        assert!(workspace.compile().codes().iter().all(|reported| *reported == format!("warning[{code}]")));
    }
}

/// Both runs over a change of a compiled tree, which report the same.
fn after(workspace: &Workspace) -> Reported {
    let checked = workspace.run(&["compile", "--check"], 3);
    let reported = workspace.compile();
    assert_eq!(checked.codes(), reported.codes());
    reported
}

#[test]
fn a_deployment_that_goes_is_named_at_the_list_that_lacks_it() {
    let workspace = shop();
    workspace.document("shop/api-vars.yml", "compute: {max_instances: 2}\n");
    workspace.document("shop/web-vars.yml", "compute: {max_instances: 2}\n");
    workspace.compile();
    workspace.forget("shop/web-vars.yml");
    let reported = after(&workspace);
    assert_eq!(reported.codes(), ["warning[deployment-removed]"; 2]);
    for diagnostic in reported.json["diagnostics"].as_array().unwrap() {
        assert_eq!(labels(diagnostic), ["customers/shop/infra/variables.yml:5"]);
        assert_eq!(diagnostic["labels"][0]["text"], "no document makes the service `web` any more");
    }
    workspace.document("shop/variables.yml", &without(SHOP, "  staging: {}\n"));
    let reported = after(&workspace);
    let removed: Vec<_> =
        reported.json["diagnostics"].as_array().unwrap().iter().filter(|reported| reported["code"] == "deployment-removed").collect();
    assert!(removed.len() >= 2, "{}", reported.text);
    for diagnostic in removed {
        assert_eq!(labels(diagnostic), ["customers/shop/infra/variables.yml:5"]);
    }
}

#[test]
fn the_first_service_is_said_to_move_all_instances() {
    let inline = format!("{SHOP}services:\n  api:\n    compute: {{max_instances: 2}}\n");
    for (file, text, place) in [
        ("api-vars.yml", "compute: {max_instances: 2}\n", "customers/shop/infra/api-vars.yml:1"),
        ("variables.yml", inline.as_str(), "customers/shop/infra/variables.yml:9"),
    ] {
        let workspace = shop();
        workspace.compile();
        workspace.document(&format!("shop/{file}"), text);
        let reported = after(&workspace);
        assert_eq!(reported.codes(), ["warning[destructive-change]"; 2]);
        for diagnostic in reported.json["diagnostics"].as_array().unwrap() {
            assert_eq!(labels(diagnostic)[0], place);
            let words = words(diagnostic);
            assert!(words.contains("with the service `api` the instances of shop/"), "{words}");
            assert!(words.contains("remove the service") && !words.contains("section"), "{words}");
        }
    }
}

/// A run with one of its streams somewhere else.
fn run(workspace: &Workspace, call: &[&str], out: Stdio, err: Stdio) -> Output {
    let mut command = command(&workspace.root, call);
    command.stdin(Stdio::null()).stdout(out).stderr(err).spawn().unwrap().wait_with_output().unwrap()
}

#[test]
fn output_that_cannot_be_written_is_a_failure_of_every_command_and_format() {
    let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    // Nobody reads from this pipe any more.
    let closed = || Stdio::from(std::io::pipe().unwrap().1);
    let calls: [&[&str]; 16] = [
        &["check"],
        &["check", "-q"],
        &["check", "--fix", "--dry-run"],
        &["compile"],
        &["compile", "--check"],
        &["list"],
        &["why", "shop/dev"],
        &["explain"],
        &["explain", "unknown-key"],
        &["trace", "shop/dev"],
        &["prune", "--dry-run"],
        &["move", "--dry-run", "shop/dev", "shop/test"],
        &["platform", "export"],
        &["completions", "bash"],
        &["--help"],
        &["--version"],
    ];
    // With an error, so that there is something to say and nothing is written.
    let workspace = shop();
    workspace.compile();
    workspace.document("shop/variables.yml", &SHOP.replace("t3.small", "t3.smal"));
    let mut refused = 0;
    for format in ["human", "json", "sarif", "github"] {
        for call in calls {
            let mut call = call.to_vec();
            if !call[0].starts_with('-') {
                call.extend(["--format", format]);
            }
            let usual = run(&workspace, &call, Stdio::piped(), Stdio::piped());
            for (is_out, said) in [(true, &usual.stdout), (false, &usual.stderr)] {
                if said.is_empty() {
                    continue;
                }
                let to = |stream: &dyn Fn() -> Stdio| {
                    let streams = if is_out { (stream(), Stdio::piped()) } else { (Stdio::piped(), stream()) };
                    run(&workspace, &call, streams.0, streams.1)
                };
                let output = to(&full);
                assert_eq!(output.status.code(), Some(2), "{call:?} on {}", if is_out { "standard output" } else { "standard error" });
                let reason = String::from_utf8_lossy(&output.stderr);
                assert!(!is_out || reason.contains("cannot write the output"), "{call:?}: {reason}");
                assert_eq!(to(&closed).status.code(), usual.status.code(), "{call:?}: a reader that went away is not a failure");
                refused += 1;
            }
        }
    }
    assert!(refused > 60, "only {refused} streams were tried");
}
