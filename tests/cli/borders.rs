//! The borders of rules: what is just taken, and the next that is not.

use crate::harness::workspace::Workspace;
use std::fs;

const BASE: &str = "project_name: shop\nregion: eu-west-1\nnetworking: {vpc_cidr: 10.20.0.0/16}\n";
const DEV: &str = "environments: {dev: {}}\n";

/// So many tags, in flow style.
fn tags(start: &str, count: usize) -> String {
    let tags: Vec<String> = (0..count).map(|number| format!("{start}{number}: x")).collect();
    format!("{{{}}}", tags.join(", "))
}

#[test]
fn tags_are_counted_over_all_layers_and_with_the_tiers() {
    let errors = |of_tier: usize, of_base: usize, of_environment: usize| {
        let platform = format!("tiers: {{standard: {{defaults: {{tags: {}}}}}}}", tags("tier", of_tier));
        let environment = format!("environments: {{dev: {{tags: {}}}}}\n", tags("dev", of_environment));
        let document = format!("{BASE}{environment}tags: {}\n", tags("base", of_base));
        let workspace = Workspace::new(&platform, &[("shop/variables.yml", &document)]);
        let output = crate::harness::terralet(&workspace.root, &["check", "--format", "json"]);
        let reported: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let messages = reported["diagnostics"].as_array().unwrap().iter().filter(|reported| reported["severity"] == "error");
        messages
            .map(|reported| format!("{}: {}", reported["code"].as_str().unwrap(), reported["message"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    // A customer's own: 40, in one layer or two.
    assert_eq!(errors(0, 40, 0), Vec::<String>::new());
    assert_eq!(errors(0, 41, 0), ["invalid-tag: there are more than 40 tags"]);
    assert_eq!(errors(0, 20, 20), Vec::<String>::new());
    assert_eq!(errors(0, 20, 21), ["invalid-tag: `dev` in `eu-west-1` has 41 tags, taken together from all layers"]);
    // With the tier's 45, whatever the shares: the cloud takes 50, and the platform sets five.
    for (of_tier, of_base, of_environment) in [(5, 40, 0), (5, 20, 20), (25, 20, 0), (40, 0, 5)] {
        assert_eq!(errors(of_tier, of_base, of_environment), Vec::<String>::new());
    }
    for (of_tier, of_base, of_environment) in [(6, 40, 0), (6, 20, 20), (26, 20, 0), (40, 0, 6), (10, 40, 0)] {
        let count = of_tier + of_base + of_environment;
        let message = format!("invalid-tag: `dev` in `eu-west-1` has {count} tags with the {of_tier} of the tier");
        assert_eq!(errors(of_tier, of_base, of_environment), [message]);
    }
}

#[test]
fn outputs_of_a_root_are_sensitive_where_the_modules_are_and_nowhere_else() {
    let document = format!(
        "{BASE}{DEV}compute: {{instance_type: t3.small}}\ndatabase: {{engine: postgres, engine_version: '16.4', instance_class: db.t4g.micro}}\n"
    );
    let workspace = Workspace::new("", &[("shop/variables.yml", &document)]);
    let sensitive = || {
        workspace.compile();
        let text = workspace.generated("shop/dev/outputs.tf");
        let body = hcl::parse(&text).unwrap();
        let is_sensitive = |block: &&hcl::Block| {
            block.body.attributes().any(|attribute| attribute.key.as_str() == "sensitive" && attribute.expr == hcl::Expression::Bool(true))
        };
        let names = |block: &hcl::Block| block.labels[0].as_str().to_owned();
        let found: Vec<String> = body.blocks().filter(is_sensitive).map(names).collect();
        (body.blocks().map(names).collect::<Vec<String>>(), found)
    };
    let (all, found) = sensitive();
    assert_eq!(found, Vec::<String>::new());
    assert!(all.len() > 10, "{all:?}");
    // Each of the modules' outputs in turn.
    let modules = workspace.root.join("../modules/aws");
    let mut seen = 0;
    for module in ["customer-vpc", "customer-compute", "customer-database"] {
        let path = modules.join(module).join("outputs.tf");
        let text = fs::read_to_string(&path).unwrap();
        for name in all.iter().filter(|name| text.contains(&format!("output \"{name}\" {{"))) {
            let start = format!("output \"{name}\" {{\n");
            for (written, is_marked) in [("  sensitive = true\n", true), ("  sensitive = false\n", false)] {
                fs::write(&path, text.replace(&start, &format!("{start}{written}"))).unwrap();
                let expected = if is_marked { vec![name.clone()] } else { Vec::new() };
                assert_eq!(sensitive().1, expected, "{module}: {name}");
            }
            seen += 1;
        }
        fs::write(&path, text).unwrap();
    }
    // A root has one output of its own: the network's addresses.
    assert_eq!(seen, all.len() - usize::from(all.iter().any(|name| name == "vpc_cidr")));
}

#[test]
fn only_registered_repositories_are_taken_whatever_their_documents_say() {
    let platform = "registry: {default: {onboarding: registered-only}, cafe: {customer_id: cafe}}";
    let with = |document: &str| format!("{document}{BASE}{DEV}");
    // Without an id, with one, with one that somebody has, and under a name that gives none.
    let cases = [
        ("shop", with(""), "unregistered-repository"),
        ("shop", with("customer_id: shop-two\n"), "unregistered-repository"),
        ("shop", with("customer_id: cafe\n"), "customer-id-conflict"),
        ("1", with(""), "unregistered-repository"),
        ("1", with("customer_id: one\n"), "unregistered-repository"),
        ("Shop", with(""), "unregistered-repository"),
        ("shop", "environments: {dev: {region: eu-west-1}}\nnetworking: {vpc_cidr: 10.20.0.0/16}\n".to_owned(), "unregistered-repository"),
    ];
    for (repository, document, code) in cases {
        let workspace = Workspace::new(platform, &[(&format!("{repository}/variables.yml"), &document)]);
        let reported = workspace.run(&["check"], 1);
        assert!(reported.codes().contains(&format!("error[{code}]")), "{repository}: {document}{}", reported.text);
        let _none = workspace.run(&["compile"], 1);
        assert_eq!(workspace.files(&format!("{repository}/dev")), Vec::<String>::new());
    }
    // One that is listed needs to say nothing, and anyone is taken where the platform does not ask for it.
    let document = with("");
    Workspace::new(platform, &[("cafe/variables.yml", &document)]).run(&["check"], 0);
    Workspace::new("registry: {cafe: {customer_id: cafe}}", &[("shop/variables.yml", &document)]).run(&["check"], 0);
}

#[test]
fn a_certificate_is_of_the_registered_account() {
    let document = |account: &str| {
        format!(
            "{BASE}{DEV}compute: {{instance_type: t3.small}}\nsecurity: {{ssl_certificate_arn: 'arn:aws:acm:eu-west-1:{account}:certificate/1a'}}\n"
        )
    };
    let registry = "registry: {shop: {account_id: '012345678901'}, cafe: {tier: standard}}";
    let run = |platform: &str, repository: &str, account: &str, status: i32| {
        let workspace = Workspace::new(platform, &[(&format!("{repository}/variables.yml"), &document(account))]);
        workspace.run(&["check"], status).codes()
    };
    let wrong = ["error[account-mismatch]"];
    assert_eq!(run(registry, "shop", "012345678901", 0), Vec::<String>::new());
    assert_eq!(run(registry, "shop", "012345678902", 1), wrong);
    assert_eq!(run(registry, "shop", "112345678901", 1), wrong);
    // Where the account is not known, nothing is compared.
    assert_eq!(run(registry, "cafe", "112345678901", 1), ["error[not-granted]"]);
    assert_eq!(run(registry, "else", "112345678901", 1), ["error[not-granted]"]);
    assert_eq!(run("", "shop", "112345678901", 0), Vec::<String>::new());
    // A tier's default is judged for each customer.
    let tiers = "tiers: {standard: {defaults: {security: {ssl_certificate_arn: 'arn:aws:acm:eu-west-1:112345678901:certificate/1a'}}}}";
    let without = document("").replace(" {ssl_certificate_arn: 'arn:aws:acm:eu-west-1::certificate/1a'}", " {}");
    let workspace = Workspace::new(&format!("{tiers}\n{registry}"), &[("shop/variables.yml", &without)]);
    assert_eq!(workspace.run(&["check"], 1).codes(), wrong);
}

#[test]
fn two_halves_are_everybody() {
    let reported = |blocks: &str| {
        let document = format!("{BASE}{DEV}compute: {{instance_type: t3.small}}\nsecurity: {{allowed_cidr_blocks: [{blocks}]}}\n");
        Workspace::new("", &[("shop/variables.yml", &document)]).run(&["check"], 0).codes()
    };
    let everybody = ["warning[open-to-the-world]"];
    assert_eq!(reported("0.0.0.0/0"), everybody);
    assert_eq!(reported("0.0.0.0/1, 128.0.0.0/1"), everybody);
    assert_eq!(reported("128.0.0.0/1, 64.0.0.0/2, 0.0.0.0/2"), everybody);
    assert_eq!(reported("0.0.0.0/1"), Vec::<String>::new());
    assert_eq!(reported("0.0.0.0/1, 128.0.0.0/2, 192.0.0.0/3"), Vec::<String>::new());
    // As many addresses as there are, and not all of them.
    assert_eq!(reported("0.0.0.0/1, 0.0.0.0/1"), Vec::<String>::new());
}

#[test]
fn a_tier_that_lists_types_of_one_kind_says_nothing_of_the_other() {
    let reported = |types: &str, status: i32| {
        let platform = format!("tiers: {{standard: {{instance_types: {types}}}}}");
        let document = format!(
            "{BASE}{DEV}compute: {{instance_type: t3.small}}\ndatabase: {{engine: postgres, engine_version: '16.4', instance_class: db.t4g.micro}}\n"
        );
        let codes = Workspace::new(&platform, &[("shop/variables.yml", &document)]).run(&["check"], status).codes();
        codes.into_iter().filter(|code| code.contains("instance-type-not-in-tier")).count()
    };
    assert_eq!(reported("[t3.small, db.t4g.micro]", 0), 0);
    assert_eq!(reported("[t3.small]", 0), 0);
    assert_eq!(reported("[db.t4g.micro]", 0), 0);
    assert_eq!(reported("[t3.micro]", 1), 1);
    assert_eq!(reported("[db.t4g.small]", 1), 1);
    assert_eq!(reported("[t3.micro, db.t4g.small]", 1), 2);
}

#[test]
fn networks_that_were_not_compared_are_named_where_there_was_one_to_compare() {
    let registry = "registry: {shop: {account_id: '012345678901'}, cafe: {account_id: '012345678901'}}";
    let sound = format!("{BASE}{DEV}");
    let skipped = |cafe: &str| {
        let workspace = Workspace::new(registry, &[("shop/variables.yml", "a: ["), ("cafe/variables.yml", cafe)]);
        workspace.run(&["check"], 1).text.matches("were not compared").count()
    };
    assert_eq!(skipped(&sound), 1);
    assert_eq!(skipped("a: ["), 0);
}
