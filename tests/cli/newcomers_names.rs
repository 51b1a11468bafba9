//! Names, ids and places that stand: they stay with whose they are, whatever the registry, a rename or a lost file says.

use crate::harness::beside::{ACCOUNT, assert_own_words, document, layout, said};
use crate::harness::terralet;
use crate::harness::workspace::{Reported, Workspace, words};
use std::fs;

#[test]
fn two_repositories_of_a_customer_never_get_one_name() {
    let pair = |one: &str, two: &str| {
        layout("repository", &format!("registry: {{zone: {{customer_id: acme, {one}}}, also: {{customer_id: acme, {two}}}}}"))
    };
    let other = "account_id: \"210987654321\"";
    let workspace = Workspace::new(&pair(ACCOUNT, ACCOUNT), &[("zone/variables.yml", &document("shop", "10.0.0.0/16", "dev: {}"))]);
    workspace.compile();
    let before = workspace.tree();
    workspace.document("also/variables.yml", &document("shop", "10.1.0.0/16", "dev: {}"));
    let mut calls: Vec<Vec<&str>> = vec![vec!["compile"], vec!["compile", "--customer", "also"], vec!["compile", "customers/also"]];
    let shards = ["1/5", "2/5", "3/5", "4/5", "5/5"];
    calls.extend(shards.map(|shard| vec!["compile", "--shard", shard]));
    let mut refused = 0;
    for call in &calls {
        let output = terralet(&workspace.root, &[call.as_slice(), &["--format", "json"]].concat());
        let reported = Reported { json: serde_json::from_slice(&output.stdout).unwrap(), text: String::new() };
        let said = said(&reported);
        assert!(said.is_empty() || said == ["error[name-collision] also"], "{call:?}: {said:?}");
        refused += usize::from(!said.is_empty());
        assert_own_words(&reported, "also", &["zone"]);
        assert_eq!(workspace.tree(), before, "{call:?}");
    }
    // Each of the first three, and the shard that has it.
    assert_eq!(refused, 4);
    assert_eq!(said(&workspace.run(&["check"], 1)), ["error[name-collision] also", "error[name-collision] zone"]);
    // In another account it is free; where an account is not known, it may be any.
    workspace.platform(&pair(ACCOUNT, "tier: standard"));
    assert_eq!(said(&workspace.run(&["compile"], 1)), ["error[name-collision] also"]);
    workspace.platform(&pair(ACCOUNT, other));
    assert!(said(&workspace.compile()).is_empty());
    // Names that stand never change: both are warned.
    workspace.platform(&pair(ACCOUNT, ACCOUNT));
    let moved = "warning[destructive-change] also";
    assert_eq!(said(&workspace.run(&["compile"], 0)), [moved, "warning[name-collision] also", "warning[name-collision] zone"]);
    // A rename comes to the other's name, also in a run over a part.
    workspace.platform(&pair(ACCOUNT, ACCOUNT));
    workspace.document("also/variables.yml", &document("store", "10.1.0.0/16", "dev: {}"));
    workspace.compile();
    workspace.document("also/variables.yml", &document("shop", "10.1.0.0/16", "dev: {}"));
    assert_eq!(said(&workspace.run(&["compile", "--customer", "also"], 1)).first().unwrap(), "error[name-collision] also");
}

/// A bucket's name is one in all accounts: whoever has it on disk keeps it, in every kind of run.
#[test]
fn a_bucket_is_whose_root_has_it() {
    let bucket = |name: &str, project: &str, network: &str| {
        format!("{}storage: {{bucket_name: {name}}}\n", document(project, network, "dev: {}, staging: {}"))
    };
    let workspace = Workspace::new(
        &layout("repository", "registry: {zone: {customer_id: acme}, also: {customer_id: shop}}"),
        &[
            ("zone/variables.yml", &bucket("\"uploads-{{ environment }}\"", "shop", "10.0.0.0/16")),
            ("also/variables.yml", &bucket("\"other-{{ environment }}\"", "store", "10.1.0.0/16")),
        ],
    );
    workspace.compile();
    let before = workspace.tree();
    workspace.document("also/variables.yml", &bucket("\"uploads-{{ environment }}\"", "store", "10.1.0.0/16"));
    for broken in [false, true] {
        // Of one whose documents are broken nothing is written, and what it has is still its own.
        if broken {
            workspace.document("zone/variables.yml", "networking: [");
        }
        for call in [&["compile"][..], &["compile", "--customer", "also"], &["compile", "customers/also"]] {
            let reported = workspace.run(call, 1);
            // Once, though both environments give a name that is taken.
            let collision = reported.only("name-collision");
            assert_eq!((&collision["severity"], &collision["customer"]), (&"error".into(), &"also".into()), "{call:?}");
            assert_own_words(&reported, "also", &["zone"]);
            assert_eq!(workspace.tree(), before, "{call:?}");
        }
    }
}

/// A service that has named databases alone has its own name nowhere in its root.
#[test]
fn a_service_of_named_databases_alone_stands_too() {
    let platform =
        layout("repository", &format!("registry: {{zone: {{customer_id: acme, {ACCOUNT}}}, also: {{customer_id: acme, {ACCOUNT}}}}}"));
    let audit = "databases: {orders: {engine: postgres, engine_version: '17', instance_class: db.t4g.medium}}\n";
    let workspace =
        Workspace::new(&platform, &[("zone/variables.yml", &document("shop", "10.0.0.0/16", "dev: {}")), ("zone/audit-vars.yml", audit)]);
    workspace.compile();
    let before = workspace.tree();
    workspace.document("also/variables.yml", &document("shop", "10.1.0.0/16", "dev: {}"));
    workspace.document("also/audit-vars.yml", audit);
    let reported = workspace.run(&["compile"], 1);
    let said = said(&reported);
    assert!(said.iter().all(|said| said == "error[name-collision] also"), "{said:?}");
    assert_eq!(workspace.tree(), before);
}

#[test]
fn a_name_stays_with_its_repository_under_another_name() {
    let platform = |first: &str| layout("repository", &format!("registry: {{{first}, also: {{customer_id: acme, {ACCOUNT}}}}}"));
    let workspace = Workspace::new(
        &platform(&format!("zone: {{customer_id: acme, {ACCOUNT}}}")),
        &[("zone/variables.yml", &document("shop", "10.0.0.0/16", "dev: {}"))],
    );
    workspace.compile();
    let before = workspace.tree();
    fs::rename(workspace.root.join("customers/zone"), workspace.root.join("customers/area")).unwrap();
    workspace.platform(&platform(&format!("area: {{customer_id: acme, {ACCOUNT}, formerly: zone}}")));
    workspace.document("also/variables.yml", &document("shop", "10.1.0.0/16", "dev: {}"));
    assert_eq!(said(&workspace.run(&["compile", "customers/also"], 1)), ["error[name-collision] also"]);
    assert_eq!(said(&workspace.run(&["compile"], 1)), ["error[name-collision] also", "error[state-key-changed] area"]);
    workspace.document("area/variables.yml", "project_name: [\n");
    let reported = workspace.run(&["compile"], 1);
    assert!(said(&reported).contains(&"error[name-collision] also".to_owned()), "{}", reported.text);
    assert_eq!(workspace.tree(), before);
}

/// Until its move is done a customer has what it has where it was.
#[test]
fn who_has_to_move_keeps_its_network_and_its_id() {
    let registry = format!("registry: {{standing: {{{ACCOUNT}}}, alpha: {{{ACCOUNT}}}}}");
    let cases = [
        ("cidr-overlap", document("alpha", "10.0.128.0/17", "dev: {}")),
        ("customer-id-conflict", format!("customer_id: wanted\n{}", document("alpha", "10.1.0.0/16", "dev: {}"))),
    ];
    for (code, newcomer) in cases {
        let own = format!("customer_id: wanted\n{}", document("standing", "10.0.0.0/16", "dev: {}"));
        let workspace = Workspace::new(&layout("repository", &registry), &[("standing/variables.yml", &own)]);
        workspace.compile();
        let before = workspace.tree();
        // The key of every root is another one.
        workspace.platform(&layout("region", &registry));
        assert_eq!(said(&workspace.run(&["compile"], 1)), ["error[state-key-changed] standing"], "{code}");
        workspace.document("alpha/variables.yml", &newcomer);
        let reported = workspace.run(&["compile"], 1);
        assert_eq!(said(&reported), [format!("error[{code}] alpha"), "error[state-key-changed] standing".to_owned()], "{}", reported.text);
        assert_eq!(workspace.tree(), before);
    }
}

#[test]
fn of_names_that_differ_in_case_alone_who_stands_goes_on_whatever_is_left_of_it() {
    let shop = |environments: &str| format!("customer_id: first\n{}", document("shop", "10.0.0.0/16", environments));
    // Whole, with nothing but a tombstone, and with documents that cannot be read.
    for left in [shop("dev: {}"), shop("staging: {}"), "project_name: [\n".to_owned()] {
        let workspace = Workspace::new(&layout("repository", ""), &[("Shop/variables.yml", &shop("dev: {}"))]);
        workspace.compile();
        workspace.document("Shop/variables.yml", &left);
        let before = workspace.run(&["check", "customers/Shop"], i32::from(left.ends_with("[\n"))).codes();
        workspace.document("shop/variables.yml", &format!("customer_id: second\n{}", document("cafe", "10.1.0.0/16", "dev: {}")));
        let reported = workspace.run(&["compile"], 1);
        let duplicates: Vec<String> = said(&reported).into_iter().filter(|said| said.contains("duplicate-repository")).collect();
        assert_eq!(duplicates, ["error[duplicate-repository] shop"], "{left}: {}", reported.text);
        let errors = |codes: &[String]| codes.iter().filter(|code| code.starts_with("error")).count();
        assert_eq!(errors(&reported.codes()), errors(&before) + 1, "{left}: {}", reported.text);
        assert!(!workspace.output().join("shop").exists());
    }
}

#[test]
fn a_slip_in_the_registry_stops_the_repository_it_was_meant_for() {
    let registry = |name: &str| layout("repository", &format!("registry: {{{name}: {{customer_id: initech, {ACCOUNT}}}}}"));
    let workspace =
        Workspace::new(&registry("initech-infra"), &[("initech-infra/variables.yml", &document("shop", "10.0.0.0/16", "dev: {}"))]);
    workspace.document("other/variables.yml", &document("other", "10.1.0.0/16", "dev: {}"));
    workspace.compile();
    let before = workspace.tree();
    workspace.platform(&registry("initech-infr"));
    for call in
        [&["compile"][..], &["compile", "customers/initech-infra"], &["compile", "--customer", "initech*"], &["compile", "--shard", "1/1"]]
    {
        let reported = workspace.run(call, 1);
        assert_eq!(said(&reported), ["error[misspelt-registration] initech-infra"], "{call:?}");
        assert!(words(reported.only("misspelt-registration")).contains("`initech-infr`"));
        assert_eq!(workspace.tree(), before, "{call:?}");
    }
    // An entry of its own is offered where the registry takes it, and then it is enough.
    for (slip, is_offered) in [("initech-infr", true), ("initech_infra", true), ("init_ech.infra", true), ("Initech-Infra", false)] {
        workspace.platform(&registry(slip));
        let help = words(workspace.run(&["compile"], 1).only("misspelt-registration"));
        assert_eq!(help.contains("an entry `initech-infra: {}`"), is_offered, "{help}");
        workspace.platform(&layout("repository", &format!("registry: {{{slip}: {{{ACCOUNT}}}, initech-infra: {{}}}}")));
        workspace.run(&["check"], if is_offered { 0 } else { 2 });
    }
    // One that had this name is on its way here, and no slip.
    for formerly in ["initech-infra", "Initech-Infra"] {
        let on_its_way = format!("registry: {{initech-infr: {{customer_id: initech, {ACCOUNT}, formerly: {formerly}}}}}");
        workspace.platform(&layout("repository", &on_its_way));
        let reported = said(&workspace.run(&["compile"], 1));
        assert_eq!(reported, ["error[customer-missing] initech-infr", "error[duplicate-repository] initech-infra"], "{formerly}");
        assert_eq!(workspace.tree(), before);
    }
    // Of two that are one slip away the first is meant, and the other one unused.
    workspace.platform(&layout("repository", "registry: {initech_infra: {}, initech-infr: {}, Initech_Infra.: {}}"));
    let reported = workspace.run(&["compile"], 1);
    assert!(words(reported.only("misspelt-registration")).contains("the entry `Initech_Infra.`"), "{}", reported.text);
    assert_eq!(reported.text.matches("unused-registration").count(), 2, "{}", reported.text);
    // An entry of its own says that they are two; then the other one is only unused, in whole runs.
    workspace.platform(&layout(
        "repository",
        &format!("registry: {{initech-infr: {{{ACCOUNT}}}, initech-infra: {{customer_id: initech, {ACCOUNT}}}}}"),
    ));
    let unused = |reported: &Reported| reported.text.matches("unused-registration").count();
    assert_eq!(unused(&workspace.run(&["compile"], 0)), 1);
    assert_eq!(unused(&workspace.run(&["compile", "customers/other"], 0)), 0);
    assert_eq!(unused(&workspace.run(&["compile", "--shard", "1/2"], 0)), 0);
    assert_eq!(workspace.tree(), before);
}

#[test]
fn a_root_whose_backend_is_gone_is_not_given_another() {
    let platform = |bucket: &str| format!("state: {{backend: s3, config: {{bucket: {bucket}, region: us-east-1}}}}");
    let workspace = Workspace::new(&platform("states"), &[("shop/variables.yml", &document("shop", "10.0.0.0/16", "dev: {}"))]);
    workspace.compile();
    let backend = workspace.generated("shop/dev/backend.tf");
    let digest_end = backend.find('\n').unwrap();
    for left in [None, Some(""), Some(&backend[..digest_end - 3])] {
        match left {
            None => fs::remove_file(workspace.output().join("shop/dev/backend.tf")).unwrap(),
            Some(text) => workspace.write("generated/shop/dev/backend.tf", text),
        }
        for bucket in ["states", "others"] {
            workspace.platform(&platform(bucket));
            let reported = workspace.run(&["compile"], 1);
            // With a part of the digest it may be a file of the other bucket, which somebody edited.
            let is_edited = left.is_some_and(|text| !text.is_empty()) && bucket == "others";
            let code = if is_edited { "hand-edited-file" } else { "state-key-changed" };
            assert_eq!(said(&reported), [format!("error[{code}] shop")], "{left:?} {bucket}");
            assert!(words(reported.only(code)).contains("--overwrite"));
            workspace.run(&["compile", "--check"], 3);
        }
        workspace.platform(&platform("states"));
        workspace.run(&["compile", "--overwrite"], 0);
        assert_eq!(workspace.generated("shop/dev/backend.tf"), backend);
    }
    // Cut behind its digest it is the beginning of what belongs there.
    workspace.write("generated/shop/dev/backend.tf", &backend[..digest_end + 20]);
    workspace.compile();
    assert_eq!(workspace.generated("shop/dev/backend.tf"), backend);
}
