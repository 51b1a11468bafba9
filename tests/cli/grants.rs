//! What exists already in an account, whoever named it: a name of it is taken in an account of the customer's own, or by a grant, and
//! stays where it stands.

use crate::harness::workspace::Workspace;
use serde_json::json;
use terralet_core::schema::{Existing, naming_keys};

const ACCOUNT: &str = "012345678901";
/// Everything that the sections of names need, so that the name alone is judged.
const BASE: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.20.0.0/16}
compute: {instance_type: t3.small}
database: {engine: postgres, engine_version: '17', instance_class: db.t4g.medium}
";

/// A name of each kind; of the account, as far as it says one.
fn name(existing: Existing) -> &'static str {
    match existing {
        Existing::Image => "ami-0123456789abcdef0",
        Existing::KeyPair => "shop-ops",
        Existing::Certificate => "arn:aws:acm:eu-west-1:012345678901:certificate/1a",
        Existing::Snapshot => "rds:shop-2026-11-20-03-10",
    }
}

/// Every place where a key may be written, as documents: the base's top level and an environment, a region, a service and its environment.
fn places(section: &str, key: &str, value: &str) -> Vec<(&'static str, Vec<(String, String)>)> {
    let of_section = json!({section: {key: value}});
    // A service's database is one of its own.
    let of_service = match section {
        "database" => json!({section: {key: value, "engine": "postgres", "engine_version": "17", "instance_class": "db.t4g.medium"}}),
        _ => of_section.clone(),
    };
    let of_environment = json!({"environments": {"dev": of_section}});
    let of_service_environment = json!({"environments": {"dev": of_service}});
    let base = |more: String| ("shop/variables.yml".to_owned(), format!("{BASE}{more}"));
    let dev = || base("environments: {dev: {}}\n".to_owned());
    let without_region =
        ("shop/variables.yml".to_owned(), format!("{}environments: {{dev: {{}}}}\n", BASE.replace("region: eu-west-1\n", "")));
    let overlay = |name: &str, text: serde_json::Value| (format!("shop/{name}-vars.yml"), text.to_string());
    // A section stands once in a document.
    let in_section = BASE.lines().map(|line| match line.strip_prefix(&format!("{section}: {{")) {
        Some(rest) => format!("{section}: {{{key}: {value:?}, {rest}\n"),
        None => format!("{line}\n"),
    });
    let at_top = match BASE.contains(&format!("\n{section}:")) {
        true => in_section.collect(),
        false => format!("{BASE}{section}: {{{key}: {value:?}}}\n"),
    };
    vec![
        ("the base", vec![("shop/variables.yml".to_owned(), format!("{at_top}environments: {{dev: {{}}}}\n"))]),
        ("an environment", vec![base(format!("environments: {}\n", of_environment["environments"]))]),
        ("a region", vec![without_region, ("shop/eu-west-1-variables.yml".to_owned(), of_section.to_string())]),
        ("a service", vec![dev(), overlay("api", of_service)]),
        ("a service's environment", vec![dev(), overlay("api", of_service_environment)]),
    ]
}

/// What `check` and `compile` report of documents, but of entries that have no repository.
fn reported(platform: &str, documents: &[(String, String)], status: i32) -> Vec<String> {
    let documents: Vec<(&str, &str)> = documents.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let workspace = Workspace::new(platform, &documents);
    let codes = |command: &str| {
        let codes = workspace.run(&[command], status).codes();
        codes.into_iter().filter(|code| !code.contains("unused-registration")).collect::<Vec<_>>()
    };
    let of_check = codes("check");
    assert_eq!(codes("compile"), of_check);
    assert_eq!(workspace.output().join("shop").exists(), status == 0);
    of_check
}

/// Every key that names something, at every place, in accounts that are and are not the customer's alone.
#[test]
fn a_name_is_taken_in_an_account_of_ones_own_alone() {
    let own = format!("customer_id: shop, account_id: '{ACCOUNT}'");
    let taken = [
        format!("registry: {{shop: {{{own}}}}}"),
        format!("registry: {{shop: {{{own}}}, cafe: {{customer_id: cafe, account_id: '112345678901'}}}}"),
        // Two repositories of one customer.
        format!("registry: {{shop: {{{own}}}, cafe: {{{own}}}}}"),
        // An account of the environment.
        format!("registry: {{shop: {{customer_id: shop, environments: {{dev: {{account_id: '{ACCOUNT}'}}}}}}}}"),
        // Nobody is registered.
        String::new(),
    ];
    let refused = [
        format!("registry: {{shop: {{{own}}}, cafe: {{customer_id: cafe, account_id: '{ACCOUNT}'}}}}"),
        format!("registry: {{shop: {{{own}}}, cafe: {{customer_id: cafe, environments: {{staging: {{account_id: '{ACCOUNT}'}}}}}}}}"),
        format!("registry: {{shop: {{{own}}}, cafe: {{customer_id: cafe, offboarded: true, account_id: '{ACCOUNT}'}}}}"),
        // An account that is not known may be anybody's.
        "registry: {shop: {customer_id: shop}}".to_owned(),
        format!("registry: {{cafe: {{customer_id: cafe, account_id: '{ACCOUNT}'}}}}"),
        "registry: {}".to_owned(),
        // The environment's account is another's, and the entry's is not.
        format!(
            "registry: {{shop: {{{own}, environments: {{dev: {{account_id: '112345678901'}}}}}}, cafe: {{account_id: '112345678901'}}}}"
        ),
    ];
    for (section, key, existing) in naming_keys() {
        for (place, documents) in places(section, key, name(existing)) {
            for platform in &taken {
                let codes = reported(platform, &documents, 0);
                assert_eq!(codes, Vec::<String>::new(), "{section}.{key} in {place}: {platform}");
            }
            for platform in &refused {
                // Its certificate is judged by the account as well.
                let documents: Vec<_> = documents.iter().map(|(path, text)| (path.clone(), text.clone())).collect();
                let codes = reported(platform, &documents, 1);
                assert!(codes.contains(&"error[not-granted]".to_owned()), "{section}.{key} in {place}: {platform}: {codes:?}");
            }
        }
    }
}

/// Each of the four places of grants, whole names and patterns, and names that are next to them.
#[test]
fn a_name_is_taken_by_a_grant() {
    for (section, key, existing) in naming_keys() {
        let (list, name) = (existing.grant(), name(existing));
        let document = places(section, key, name).remove(1).1;
        let status = |grant: &str, platform: &str| {
            let grants = format!("{{{list}: ['{grant}']}}");
            let codes = |status| reported(&platform.replace("GRANTS", &grants), &document, status);
            match grant == name || grant.contains('*') {
                true => assert_eq!(codes(0), Vec::<String>::new(), "{platform} {grants}"),
                false => assert_eq!(codes(1), ["error[not-granted]"], "{platform} {grants}"),
            }
        };
        let others = format!("cafe: {{customer_id: cafe, account_id: '{ACCOUNT}'}}");
        let own = format!("customer_id: shop, account_id: '{ACCOUNT}', tier: standard");
        for platform in [
            format!("registry: {{{others}, shop: {{{own}, grants: GRANTS}}}}"),
            format!("registry: {{{others}, shop: {{{own}, environments: {{dev: {{grants: GRANTS}}}}}}}}"),
            format!("tiers: {{standard: {{grants: GRANTS}}}}\nregistry: {{{others}, shop: {{{own}}}}}"),
            format!("clouds: {{aws: {{grants: GRANTS}}}}\nregistry: {{{others}, shop: {{{own}}}}}"),
        ] {
            let (start, _) = name.split_at(name.len() - 3);
            for grant in [name, &format!("{start}*"), start, &format!("{name}1")] {
                status(grant, &platform);
            }
        }
        // What is granted elsewhere is not granted here.
        for platform in [
            format!("registry: {{cafe: {{customer_id: cafe, account_id: '{ACCOUNT}', grants: GRANTS}}, shop: {{{own}}}}}"),
            format!("registry: {{{others}, shop: {{{own}, environments: {{staging: {{grants: GRANTS}}}}}}}}"),
            format!("tiers: {{standard: {{}}, business: {{grants: GRANTS}}}}\nregistry: {{{others}, shop: {{{own}}}}}"),
        ] {
            let platform = platform.replace("GRANTS", &format!("{{{list}: ['{name}']}}"));
            assert_eq!(reported(&platform, &document, 1), ["error[not-granted]"], "{platform}");
        }
    }
}

/// A tier's default is the service provider's own word.
#[test]
fn a_default_of_the_tier_needs_no_grant() {
    let platform = "tiers: {standard: {defaults: {compute: {key_name: ops}}}}\nregistry: {default: {tier: standard}, shop: {}, cafe: {}}";
    let document = format!("{BASE}environments: {{dev: {{}}}}\n");
    assert_eq!(reported(platform, &[("shop/variables.yml".to_owned(), document)], 0), Vec::<String>::new());
}

/// What stands keeps what it names, in its deployment and its account alone, until grants are required.
#[test]
fn what_stands_keeps_what_it_names() {
    let with = |more: &str| format!("{BASE}{more}");
    let document = with("environments: {dev: {compute: {key_name: 'admin \"key\"'}}, staging: {}}\n");
    let alone = format!("registry: {{shop: {{customer_id: shop, account_id: '{ACCOUNT}'}}}}");
    let shared =
        format!("registry: {{shop: {{customer_id: shop, account_id: '{ACCOUNT}'}}, cafe: {{customer_id: cafe, account_id: '{ACCOUNT}'}}}}");
    let workspace = Workspace::new(&alone, &[("shop/variables.yml", &document), ("cafe/variables.yml", &CAFE.replace("cafe", "cafe-bar"))]);
    workspace.compile();
    workspace.platform(&shared);
    let kept = ["warning[not-granted]"];
    assert_eq!(workspace.run(&["compile"], 0).codes(), kept);
    assert_eq!(workspace.run(&["compile", "--check"], 0).codes(), kept);
    assert_eq!(workspace.run(&["compile", "--customer", "shop"], 0).codes(), kept);
    // `check` looks at no tree.
    assert_eq!(workspace.run(&["check"], 1).codes(), ["error[not-granted]"]);
    // Another value, and the same one in another deployment.
    for changed in [
        with("environments: {dev: {compute: {key_name: 'admin key'}}, staging: {}}\n"),
        with("environments: {dev: {}, staging: {compute: {key_name: 'admin \"key\"'}}}\n"),
    ] {
        workspace.document("shop/variables.yml", &changed);
        assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[not-granted]"], "{changed}");
    }
    // One report for a value of two deployments, of which one has it.
    let both = document
        .replace("staging: {}", "staging: {}, production: {}")
        .replace("compute: {inst", "compute: {key_name: 'admin \"key\"', inst");
    workspace.document("shop/variables.yml", &both);
    let refused = workspace.run(&["compile"], 1);
    assert!(refused.codes().contains(&"error[not-granted]".to_owned()), "{}", refused.text);
    workspace.document("shop/variables.yml", &document);
    workspace.platform(&format!("grants_required: true\n{shared}"));
    assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[not-granted]"]);
    // What stands in another account says nothing of this one.
    workspace.platform(&shared.replace(ACCOUNT, "112345678901"));
    assert!(workspace.run(&["compile"], 1).codes().contains(&"error[not-granted]".to_owned()));
}

const CAFE: &str = "project_name: cafe\nregion: eu-west-1\nnetworking: {vpc_cidr: 10.30.0.0/16}\nenvironments: {dev: {}}\n";

/// An account is not its new customer's alone while roots of the old one are held to it.
#[test]
fn an_account_with_anothers_roots_is_not_ones_own() {
    let entry = |name: &str, account: &str| format!("{name}: {{customer_id: {name}, account_id: '{account}'}}");
    let (old, new) = (ACCOUNT, "112345678901");
    let role = "clouds: {aws: {assume_role_arn: 'arn:aws:iam::{{ account_id }}:role/terraform'}}\n";
    let platform = |cafe: &str, shop: &str| format!("{role}registry: {{{}, {}}}", entry("cafe", cafe), entry("shop", shop));
    let workspace = Workspace::new(&platform(old, new), &[("cafe/variables.yml", CAFE)]);
    workspace.run(&["compile"], 0);
    assert!(workspace.generated("cafe/dev/providers.tf").contains(old));
    let document = format!("{BASE}environments: {{dev: {{database: {{snapshot_identifier: cafe-orders}}}}}}\n");
    workspace.document("shop/variables.yml", &document);
    // The cafe has another account from now on, and is gone altogether.
    workspace.platform(&platform("212345678901", old));
    let refused = |arguments: &[&str]| {
        let refused = workspace.run(arguments, 1);
        assert!(refused.codes().contains(&"error[not-granted]".to_owned()), "{}", refused.text);
    };
    refused(&["compile", "--check"]);
    refused(&["compile", "--customer", "shop"]);
    workspace.forget("cafe/variables.yml");
    refused(&["compile", "--check"]);
    refused(&["compile", "--customer", "shop"]);
    // In an account that nobody had before.
    workspace.platform(&platform(old, "312345678901"));
    let taken = workspace.run(&["compile", "--customer", "shop"], 0);
    assert_eq!(taken.codes(), Vec::<String>::new());
}

/// Who cannot see the registry hears once that it is asked, unless everybody may name it.
#[test]
fn an_exported_platform_says_who_decides() {
    let exported = "exported: true\nclouds: {aws: {grants: {images: [ami-0123456789abcdef0]}}}\n";
    let document = format!(
        "{BASE}environments: {{dev: {{compute: {{key_name: ops, ami_id: ami-0123456789abcdef0}}, database: {{snapshot_identifier: orders}}}}}}\n"
    );
    let workspace = Workspace::new("", &[("shop/variables.yml", &document)]);
    workspace.write("exported.yml", exported);
    let reported = workspace.run(&["--platform", "exported.yml", "check", "customers/shop"], 0);
    let advice = reported.only("not-granted");
    assert_eq!(advice["severity"], "advice");
    let message = advice["message"].as_str().unwrap();
    assert!(message.contains("`key_name`") && message.contains("`snapshot_identifier`") && !message.contains("ami_id"), "{message}");
}
