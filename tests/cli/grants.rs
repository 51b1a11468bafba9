//! What exists already in an account, whoever named it: a name of it is taken in an account of the customer's own, or by a grant, and
//! stays where it stands.

use crate::harness::workspace::Workspace;
use serde_json::json;
use terralet_core::schema::{Existing, NAMING_KEYS};

/// The keys whose names the account decides on; a network is always granted.
fn keys_by_account() -> impl Iterator<Item = (&'static str, &'static str, Existing)> {
    let keys = NAMING_KEYS.iter().map(|naming| (naming.section, naming.key, naming.existing));
    keys.filter(|(.., existing)| *existing != Existing::Network)
}

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
        Existing::Secret => "ssm:/shop/slack",
        Existing::Network => unreachable!("a network has a test of its own"),
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
    let mut places = vec![
        ("the base", vec![("shop/variables.yml".to_owned(), format!("{at_top}environments: {{dev: {{}}}}\n"))]),
        ("an environment", vec![base(format!("environments: {}\n", of_environment["environments"]))]),
        ("a region", vec![without_region, ("shop/eu-west-1-variables.yml".to_owned(), of_section.to_string())]),
        ("a service", vec![dev(), overlay("api", of_service.clone())]),
        ("a service's environment", vec![dev(), overlay("api", of_service_environment)]),
    ];
    if section == "database" {
        let named = json!({"orders": of_service["database"]});
        places.push(("a named database", vec![base(format!("databases: {named}\nenvironments: {{dev: {{}}}}\n"))]));
    }
    places
}

/// What `check` and `compile` report of documents, but of entries that have no repository.
fn reported(platform: &str, documents: &[(String, String)], status: i32) -> Vec<String> {
    let documents: Vec<(&str, &str)> = documents.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    // What a key names is judged before there is a module that takes it.
    let workspace = Workspace::new(&format!("{platform}\nrules: {{section-without-module: off}}\n"), &documents);
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
    for (section, key, existing) in keys_by_account() {
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
    for (section, key, existing) in keys_by_account() {
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

/// A template is judged by what it becomes, in each environment.
#[test]
fn a_template_is_a_name_in_each_environment() {
    let others = format!("cafe: {{customer_id: cafe, account_id: '{ACCOUNT}'}}");
    let own = format!("shop: {{customer_id: shop, account_id: '{ACCOUNT}', grants: {{key_pairs: [dev-ops], snapshots: ['shop-*']}}}}");
    let platform = format!("registry: {{{others}, {own}}}");
    let document = |section: &str, key: &str, value: &str, environments: &str| {
        let text = BASE.replace(&format!("{section}: {{"), &format!("{section}: {{{key}: '{value}', "));
        vec![("shop/variables.yml".to_owned(), format!("{text}environments: {{{environments}}}\n"))]
    };
    let key_pair = |environments: &str| document("compute", "key_name", "{{ environment }}-ops", environments);
    assert_eq!(reported(&platform, &key_pair("dev: {}"), 0), Vec::<String>::new());
    assert_eq!(reported(&platform, &key_pair("dev: {}, staging: {}"), 1), ["error[not-granted]"]);
    let snapshot = |value: &str| document("database", "snapshot_identifier", value, "dev: {}");
    assert_eq!(reported(&platform, &snapshot("{{ project_name }}-orders"), 0), Vec::<String>::new());
    assert_eq!(reported(&platform, &snapshot("cafe-{{ project_name }}-orders"), 1), ["error[not-granted]"]);
}

/// A tier's default is the service provider's own word.
#[test]
fn a_default_of_the_tier_needs_no_grant() {
    let platform = "tiers: {standard: {defaults: {compute: {key_name: ops}}}}\nregistry: {default: {tier: standard}, shop: {}, cafe: {}}";
    let document = format!("{BASE}environments: {{dev: {{}}}}\n");
    assert_eq!(reported(platform, &[("shop/variables.yml".to_owned(), document)], 0), Vec::<String>::new());
}

/// Who writes the image that holds without it says nothing new.
#[test]
fn the_platforms_own_images_need_no_grant() {
    let platform =
        |image: &str| format!("clouds: {{aws: {{default_ami: {{eu-west-1: {{x86_64: {image}}}}}}}}}\nregistry: {{shop: {{}}, cafe: {{}}}}");
    let document = places("compute", "ami_id", name(Existing::Image)).remove(0).1;
    assert_eq!(reported(&platform(name(Existing::Image)), &document, 0), Vec::<String>::new());
    assert_eq!(reported(&platform("ami-0123456789abcdef1"), &document, 1), ["error[not-granted]"]);
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

/// A network that exists already, as a registry entry grants it; `start` makes its ids.
fn network(start: &str) -> String {
    let subnets = |from: u8| format!("[subnet-{start}{from}, subnet-{start}{}]", from + 1);
    format!(
        "{{vpc_id: vpc-{start}0, vpc_cidr: 10.80.0.0/16, public_subnet_ids: {}, private_subnet_ids: {}, database_subnet_ids: {}}}",
        subnets(1),
        subnets(3),
        subnets(5)
    )
}

/// No account makes a network one's own: the registry says which it is, by environment and region, whoever writes its name or its id.
#[test]
fn a_network_is_taken_by_a_grant_alone() {
    let base = "project_name: shop\nregion: eu-west-1\n";
    let document = |name: &str| format!("{base}networking: {{existing: {name}}}\nenvironments: {{dev: {{}}}}\n");
    let by_environment = format!(
        "{base}networking: {{vpc_cidr: 10.20.0.0/16}}\nenvironments: {{dev: {{networking: {{existing: main, vpc_cidr: null}}}}}}\n"
    );
    let by_template = format!("{base}networking: {{existing: '{{{{ environment }}}}'}}\nenvironments: {{dev: {{}}}}\n");
    let own = format!("customer_id: shop, account_id: '{ACCOUNT}'");
    let others = format!("cafe: {{customer_id: cafe, account_id: '112345678901', grants: {{networks: {{main: {}}}}}}}", network("0bbbbbb"));
    let granted = |more: &str| format!("registry: {{{others}, shop: {{{own}, {more}}}}}");
    let entry = granted(&format!("grants: {{networks: {{main: {}}}}}", network("0aaaaaa")));
    let run = |platform: &str, document: &str, status: i32| {
        let workspace = Workspace::new(platform, &[("shop/variables.yml", document)]);
        let reported = workspace.run(&["compile"], status);
        let codes: Vec<String> = reported.codes().into_iter().filter(|code| !code.contains("unused-registration")).collect();
        (codes, workspace)
    };
    let refused = |platform: &str, document: &str| {
        let (codes, workspace) = run(platform, document, 1);
        assert_eq!(codes, ["error[not-granted]"], "{platform}\n{document}");
        assert_eq!(workspace.files("shop/dev"), Vec::<String>::new());
    };
    for document in [document("main"), by_environment] {
        let (codes, workspace) = run(&entry, &document, 0);
        assert_eq!(codes, Vec::<String>::new());
        let main = workspace.generated("shop/dev/main.tf");
        assert!(main.contains("\"vpc-0aaaaaa0\"") && !main.contains("0bbbbbb") && !main.contains("customer_vpc"), "{main}");
        refused(&format!("registry: {{{others}, shop: {{{own}}}}}"), &document);
        refused(&granted("environments: {staging: {}}"), &document);
        let of_staging = format!("environments: {{staging: {{grants: {{networks: {{main: {}}}}}}}}}", network("0aaaaaa"));
        refused(&granted(&of_staging), &document);
        let elsewhere = network("0aaaaaa").replace("{vpc_id", "{region: us-east-1, vpc_id");
        refused(&granted(&format!("grants: {{networks: {{main: {elsewhere}}}}}")), &document);
        // Nobody is there to grant anything.
        refused("", &document);
    }
    for name in ["other", "vpc-0aaaaaa0", "vpc-0bbbbbb0"] {
        refused(&entry, &document(name));
    }
    let (codes, _) = run(&entry, &by_template, 1);
    assert!(!codes.is_empty());
    // What stands is known by the grant alone: without it the root keeps what it has, and the customer hears of it.
    let (_, workspace) = run(&entry, &document("main"), 0);
    let before = workspace.tree();
    workspace.platform(&format!("registry: {{{others}, shop: {{{own}}}}}"));
    assert!(workspace.run(&["compile"], 1).codes().contains(&"error[not-granted]".to_owned()));
    assert_eq!(workspace.tree(), before);
    // Another network under the name replaces everything in the old one.
    workspace.platform(&entry.replace("0aaaaaa", "0cccccc"));
    assert!(workspace.run(&["compile"], 0).codes().contains(&"warning[destructive-change]".to_owned()));
}

/// Several deployments in one network have no addresses of their own that could overlap.
#[test]
fn deployments_in_one_network_do_not_overlap() {
    let entry = |name: &str| {
        format!("{name}: {{customer_id: {name}, account_id: '{ACCOUNT}', grants: {{networks: {{main: {}}}}}}}", network("0aaaaaa"))
    };
    let platform = format!("registry: {{{}, {}}}", entry("shop"), entry("cafe"));
    let document = |name: &str| {
        format!(
            "project_name: {name}\nregion: eu-west-1\nnetworking: {{existing: main}}\ncompute: {{instance_type: t3.small}}\nenvironments: {{dev: {{}}, staging: {{}}}}\n"
        )
    };
    let workspace = Workspace::new(&platform, &[("shop/variables.yml", &document("shop")), ("cafe/variables.yml", &document("cafe"))]);
    assert_eq!(workspace.compile().codes(), Vec::<String>::new());
    // Who leaves, and whoever makes a network with these addresses then, is in nobody's way either.
    let own = document("shop").replace("existing: main", "vpc_cidr: 10.80.0.0/16").replace(", staging: {}", "");
    workspace.document("shop/variables.yml", &own);
    let codes = workspace.run(&["compile"], 0).codes();
    assert!(!codes.iter().any(|code| code.contains("cidr-overlap")), "{codes:?}");
}
