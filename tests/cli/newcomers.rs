//! What one customer does while another is renamed, registered or moved never gives it the other's place: who was there first, as the tree
//! on disk says, keeps prefix, key, name, network and id, and hears nothing of who came.

use crate::harness::beside::{ACCOUNT, assert_own_words, document, layout, said};
use crate::harness::terralet;
use crate::harness::workspace::{Reported, TOMBSTONE, Workspace, words};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn a_claim_to_an_id_that_was_left_stops_both() {
    let workspace = Workspace::new(&layout("region", ""), &[("avic/variables.yml", &document("avic-shop", "10.0.0.0/16", "dev: {}"))]);
    workspace.compile();
    let before = workspace.tree();
    assert!(before.keys().any(|file| file.starts_with("avic/eu-west-1/dev/")));
    workspace.platform(&layout("region", "registry: {avic: {customer_id: a-corp}}"));
    assert_eq!(said(&workspace.run(&["compile"], 1)), ["error[state-key-changed] avic"]);
    workspace.document("bevil/variables.yml", &format!("customer_id: avic\n{}", document("bevil-shop", "10.0.0.0/16", "dev: {}")));
    let shards: Vec<String> = (1..=3).map(|shard| format!("{shard}/3")).collect();
    let mut by_shards = BTreeSet::new();
    for shard in &shards {
        let output = terralet(&workspace.root, &["compile", "--shard", shard, "--format", "json"]);
        let reported = Reported { json: serde_json::from_slice(&output.stdout).unwrap(), text: String::new() };
        by_shards.extend(said(&reported));
        assert_eq!(workspace.tree(), before);
    }
    let both = ["error[customer-id-conflict] bevil", "error[state-key-changed] avic"];
    assert_eq!(by_shards.into_iter().filter(|said| said.starts_with("error")).collect::<Vec<_>>(), both);
    for call in [&["compile"][..], &["compile", "customers/avic", "customers/bevil"]] {
        let reported = workspace.run(call, 1);
        assert_eq!(said(&reported), both);
        assert_own_words(&reported, "bevil", &["a-corp", "avic-shop", "10.0.0.0"]);
        assert_eq!(workspace.tree(), before);
    }
    assert_eq!(said(&workspace.run(&["compile", "--customer", "avic"], 1)), both[1..]);
    assert_eq!(said(&workspace.run(&["compile", "--customer", "bevil"], 1)), both[..1]);
    assert_eq!(workspace.tree(), before);
    // The list has no place for bevil either; where the registry gives it the id, the place is taken.
    let listed = workspace.run(&["list", "customers/bevil"], 1);
    assert_eq!(listed.only("customer-id-conflict")["customer"], "bevil");
    assert_own_words(&listed, "bevil", &["a-corp", "avic-shop", "10.0.0.0"]);
    let listed = terralet(&workspace.root, &["list", "customers/bevil"]);
    let (rows, reported) = (String::from_utf8_lossy(&listed.stdout), String::from_utf8_lossy(&listed.stderr));
    assert_eq!(listed.status.code(), Some(1));
    assert!(reported.contains("customer-id-conflict") && !rows.contains("avic/eu-west-1/dev"), "{rows}{reported}");
    workspace.platform(&layout("region", "registry: {avic: {customer_id: a-corp}, bevil: {customer_id: avic}}"));
    let listed = workspace.run(&["list", "customers/bevil"], 0);
    let rows = listed.json["roots"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{}", listed.text);
    assert_eq!((rows[0]["repository"].as_str(), rows[0]["state"].as_str()), (Some("bevil"), Some("taken")));
    workspace.platform(&layout("region", "registry: {avic: {customer_id: a-corp}}"));
    // The move goes through while bevil wants the place, and the place is taken until it is done.
    workspace.run(&["move", "avic/eu-west-1/dev", "a-corp/eu-west-1/dev"], 0);
    assert_eq!(said(&workspace.run(&["compile"], 1)), ["error[customer-id-conflict] bevil"]);
    workspace.run(&["move", "--done", "a-corp/eu-west-1/dev"], 0);
    assert!(said(&workspace.run(&["compile"], 0)).is_empty());
    assert!(workspace.generated("avic/eu-west-1/dev/main.tf").contains("repository=bevil"));
}

#[test]
fn a_key_that_another_repository_of_the_customer_freed_is_taken_until_its_move_is_done() {
    let registry = "registry: {one: {customer_id: acme}, two: {customer_id: acme}}";
    let workspace = Workspace::new(&layout("service", registry), &[("one/variables.yml", &document("one", "10.0.0.0/16", "dev: {}"))]);
    workspace.compile();
    let before = workspace.tree();
    // From the base to a region: another key of the same deployment.
    workspace.document("one/variables.yml", &document("one", "10.0.0.0/16", "dev: {}").replace("region: eu-west-1\n", ""));
    workspace.document("one/eu-west-1-variables.yml", "environments: {dev: {}}\n");
    assert_eq!(said(&workspace.run(&["compile"], 1)), ["error[state-key-changed] one"]);
    workspace.document("two/variables.yml", &document("two", "10.1.0.0/16", "dev: {}"));
    let reported = workspace.run(&["compile"], 1);
    assert_eq!(said(&reported), ["error[state-key-changed] one", "error[state-key-collision] two"]);
    assert_own_words(&reported, "two", &["one/dev", "10.0.0.0"]);
    assert_eq!(workspace.tree(), before);
    workspace.run(&["move", "acme/app-service/dev", "acme/app-service/dev/eu-west-1"], 0);
    assert_eq!(said(&workspace.run(&["compile"], 1)), ["error[state-key-collision] two"]);
    workspace.run(&["move", "--done", "acme/app-service/dev/eu-west-1"], 0);
    assert!(said(&workspace.run(&["compile"], 0)).is_empty());
}

#[test]
fn a_name_that_another_repository_had_is_not_free() {
    let workspace =
        Workspace::new(&layout("repository", ""), &[("old/variables.yml", &document("old", "10.0.0.0/16", "dev: {}, gone: {}"))]);
    workspace.platform(&layout("repository", "environments: {dev: {}, gone: {}}"));
    workspace.compile();
    workspace.document("old/variables.yml", &document("old", "10.0.0.0/16", "dev: {}"));
    workspace.compile();
    let before = workspace.tree();
    assert_eq!(workspace.files("old/gone"), TOMBSTONE);
    fs::rename(workspace.root.join("customers/old"), workspace.root.join("customers/new")).unwrap();
    for formerly in ["old", "OLD"] {
        workspace.platform(&layout("repository", &format!("registry: {{new: {{customer_id: old, formerly: {formerly}}}}}")));
        assert_eq!(said(&workspace.run(&["compile", "--check"], 3))[0], "error[state-key-changed] new", "{formerly}");
    }
    workspace.document("old/variables.yml", &document("other", "10.0.0.0/16", "dev: {}"));
    for call in [&["compile"][..], &["check"], &["compile", "--customer", "old"]] {
        let reported = workspace.run(call, 1);
        assert!(said(&reported).contains(&"error[duplicate-repository] old".to_owned()), "{call:?}: {}", reported.text);
        assert_own_words(&reported, "old", &["new"]);
    }
    // The tombstone follows its owner to the new name; nothing else was written.
    let after = workspace.tree();
    assert_eq!(before["old/dev/main.tf"], after["old/dev/main.tf"]);
    workspace.run(&["move", "old/dev", "new/dev"], 0);
    workspace.run(&["move", "--done", "new/dev"], 0);
    workspace.run(&["compile"], 1);
    assert!(workspace.generated("old/gone/backend.tf").contains("repository=new "));
    assert_eq!(workspace.files("old/gone"), TOMBSTONE);
    // Once nothing is left under the old name, it is free; but the tombstone below it is the renamed one's still.
    workspace.platform(&layout(
        "repository",
        "environments: {dev: {}, gone: {}}\nregistry: {new: {customer_id: old}, old: {customer_id: other}}",
    ));
    workspace.document("old/variables.yml", &document("other", "10.1.0.0/16", "gone: {}"));
    assert_eq!(said(&workspace.run(&["compile"], 1)), ["error[customer-id-conflict] old", "warning[deployment-removed] new"]);
    workspace.run(&["prune", "--all"], 0);
    assert!(said(&workspace.run(&["compile"], 0)).is_empty());
}

#[test]
fn shards_see_what_a_whole_run_sees() {
    let registry: String = (0..8).map(|number| format!("  shop-{number}: {{customer_id: id-{number}}}\n")).collect();
    let registry = format!("registry:\n{registry}");
    let workspace = Workspace::new(&layout("service", &registry), &[]);
    for number in 0..8 {
        workspace.document(&format!("shop-{number}/variables.yml"), &document("shop", &format!("10.{number}.0.0/16"), "dev: {}"));
    }
    workspace.compile();
    let before = workspace.tree();
    workspace.platform(&layout("repository", &registry));
    let whole = said(&workspace.run(&["compile"], 1));
    assert_eq!(whole.len(), 8, "{whole:?}");
    for count in [2, 4, 7] {
        let mut by_shards = Vec::new();
        for shard in 1..=count {
            let output = terralet(&workspace.root, &["compile", "--shard", &format!("{shard}/{count}"), "--format", "json"]);
            by_shards.extend(said(&Reported { json: serde_json::from_slice(&output.stdout).unwrap(), text: String::new() }));
        }
        by_shards.sort();
        assert_eq!(by_shards, whole, "{count} shards");
        assert_eq!(workspace.tree(), before, "{count} shards");
    }
}

#[test]
fn a_directory_that_another_customer_wants_still_becomes_a_tombstone() {
    let workspace =
        Workspace::new(&layout("region", ""), &[("shop/variables.yml", &document("shop", "10.0.0.0/16", "dev: {}, production: {}"))]);
    workspace.compile();
    workspace.document("shop/variables.yml", &document("shop", "10.0.0.0/16", "production: {}"));
    workspace.document("evil/variables.yml", &format!("customer_id: shop\n{}", document("evil", "10.1.0.0/16", "dev: {}")));
    let reported = workspace.run(&["compile"], 1);
    assert_eq!(said(&reported), ["error[customer-id-conflict] evil", "warning[deployment-removed] shop"]);
    assert_eq!(workspace.files("shop/eu-west-1/dev"), TOMBSTONE);
    // Still taken, until it is pruned; and the prefix afterwards too.
    assert_eq!(said(&workspace.run(&["compile", "--customer", "evil"], 1)), ["error[customer-id-conflict] evil"]);
    workspace.run(&["prune", "--all"], 0);
    assert_eq!(said(&workspace.run(&["compile", "--customer", "evil"], 1)), ["error[customer-id-conflict] evil"]);
    assert!(workspace.tree().values().all(|text| !text.contains("repository=evil")));
}

#[test]
fn nothing_of_the_owner_is_shown_to_who_claims_its_place() {
    let canaries = ["vic-tim", "canary-project", "10.77.0.0", "t3.2xlarge", "canary-tag", "999999999999"];
    let owner = "project_name: canary-project\ncustomer_id: wanted\nregion: eu-west-1\ntags: {team: canary-tag}\nnetworking: {vpc_cidr: 10.77.0.0/16}\n\
                 compute: {instance_type: t3.2xlarge, min_instances: 2}\nenvironments: {dev: {}}\n";
    let registry = "registry: {vic-tim: {account_id: \"999999999999\"}}";
    let workspace = Workspace::new(&layout("region", registry), &[("vic-tim/variables.yml", owner)]);
    workspace.compile();
    let before = workspace.tree();
    let claims = format!("customer_id: wanted\n{}", document("evil", "10.1.0.0/16", "dev: {}"));
    workspace.document("evil/variables.yml", &claims);
    // An edit of the owner's files by hand is not for the other one to read either.
    for edit in [false, true] {
        if edit {
            let main = before["wanted/eu-west-1/dev/main.tf"].replace("t3.2xlarge", "t3.4xlarge");
            workspace.write("generated/wanted/eu-west-1/dev/main.tf", &main);
        }
        for call in ["compile", "check"] {
            for format in ["human", "json", "sarif", "github"] {
                for scope in [&["customers/evil"][..], &["--customer", "evil"]] {
                    if call == "check" && scope.len() == 2 {
                        continue;
                    }
                    let mut arguments = vec![call, "--format", format];
                    arguments.extend(scope);
                    let output = terralet(&workspace.root, &arguments);
                    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
                    let shown: Vec<&&str> = canaries.iter().filter(|canary| text.contains(**canary)).collect();
                    assert!(shown.is_empty(), "{arguments:?} shows {shown:?}:\n{text}");
                }
            }
        }
        let reported = workspace.run(&["compile"], 1);
        assert_own_words(&reported, "evil", &canaries);
        // The operator reads both names.
        let between = reported.only("between-customers");
        assert!(words(between).contains("vic-tim") && words(between).contains("evil"), "{}", reported.text);
    }
}

fn overlapping() -> Workspace {
    // The newcomer's name sorts first.
    let workspace = Workspace::new(
        &layout("repository", &format!("registry: {{standing: {{{ACCOUNT}}}, beta: {{{ACCOUNT}}}, alpha: {{{ACCOUNT}}}}}")),
        &[("standing/variables.yml", &document("standing", "10.0.0.0/16", "dev: {}"))],
    );
    assert_eq!(said(&workspace.compile()), Vec::<String>::new());
    workspace
}

#[test]
fn of_two_networks_the_one_that_stands_is_not_blamed() {
    let workspace = overlapping();
    workspace.document("alpha/variables.yml", &document("alpha", "10.0.128.0/17", "dev: {}"));
    let reported = workspace.run(&["compile"], 1);
    assert_eq!(said(&reported), ["error[cidr-overlap] alpha"]);
    assert_own_words(&reported, "alpha", &["standing", "10.0.0.0/16"]);
    // The way out that is offered is one.
    let help = words(reported.only("cidr-overlap"));
    let offered = help.split('`').find(|word| word.ends_with("/17") && *word != "10.0.128.0/17").unwrap().to_owned();
    assert_eq!(said(&workspace.run(&["check"], 1)), ["error[cidr-overlap] alpha", "error[cidr-overlap] standing"]);
    // Two newcomers are both wrong.
    workspace.document("beta/variables.yml", &document("beta", "10.0.192.0/18", "dev: {}"));
    assert_eq!(said(&workspace.run(&["compile"], 1)), ["error[cidr-overlap] alpha", "error[cidr-overlap] beta"]);
    workspace.forget("beta/variables.yml");
    fs::remove_dir_all(workspace.root.join("customers/beta")).unwrap();
    workspace.document("alpha/variables.yml", &document("alpha", &offered, "dev: {}"));
    assert!(said(&workspace.run(&["compile"], 0)).is_empty());
    // Who stands and takes another network is a newcomer there.
    let around = offered.replace("/17", "/16");
    workspace.document("standing/variables.yml", &document("standing", &around, "dev: {}"));
    let reported = workspace.run(&["compile"], 1);
    assert!(
        said(&reported).contains(&"error[cidr-overlap] standing".to_owned()) && !said(&reported).iter().any(|one| one.ends_with("alpha")),
        "{}",
        reported.text
    );
}

#[test]
fn networks_that_both_stand_are_a_warning_for_both() {
    let workspace = Workspace::new(
        &layout("repository", &format!("registry: {{left: {{{ACCOUNT}}}, right: {{account_id: \"210987654321\"}}}}")),
        &[
            ("left/variables.yml", &document("left", "10.0.0.0/16", "dev: {}")),
            ("right/variables.yml", &document("right", "10.0.0.0/16", "dev: {}")),
        ],
    );
    workspace.compile();
    workspace.platform(&layout("repository", &format!("registry: {{left: {{{ACCOUNT}}}, right: {{{ACCOUNT}}}}}")));
    let reported = workspace.run(&["compile"], 0);
    let moved = "warning[destructive-change] right";
    assert_eq!(said(&reported), ["warning[cidr-overlap] left", "warning[cidr-overlap] right", moved]);
    assert!(workspace.generated("right/dev/providers.tf").contains("123456789012"));
    assert_own_words(&reported, "left", &["right"]);
    let before = workspace.tree();
    workspace.run(&["compile", "--deny-warnings"], 1);
    assert_eq!(workspace.tree(), before);
}

#[test]
fn what_a_customer_has_stays_its_own_while_its_documents_are_broken() {
    let workspace = overlapping();
    // Nothing of it can be read, or it says something else by now.
    for broken in ["project_name: [\n".to_owned(), document("standing", "10.9.0.0/16", "dev: {}, nowhere: {}")] {
        workspace.document("standing/variables.yml", &broken);
        workspace.document("alpha/variables.yml", &document("alpha", "10.0.128.0/17", "dev: {}"));
        let reported = workspace.run(&["compile"], 1);
        assert!(said(&reported).contains(&"error[cidr-overlap] alpha".to_owned()), "{}", reported.text);
        assert!(!said(&reported).contains(&"error[cidr-overlap] standing".to_owned()), "{}", reported.text);
        assert!(!workspace.output().join("alpha").exists());
    }
}

/// What the operator reads between customers, without what it is for.
fn between(reported: &Reported) -> Vec<String> {
    let all = reported.json["diagnostics"].as_array().unwrap().iter();
    all.filter(|one| one["code"] == "between-customers").map(|one| one["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_broken_documents_still_say_is_named_by_its_place_and_the_rest_by_its_repository() {
    let workspace = overlapping();
    workspace.document("alpha/variables.yml", &document("alpha", "10.0.128.0/17", "dev: {}"));
    let alpha = "`10.0.128.0/17` of `alpha` (`customers/alpha/infra/variables.yml:3`)";
    let overlaps = |other: &str| format!("cidr-overlap: {alpha} overlaps `10.0.0.0/16` of {other} in the account 123456789012");
    workspace.document("standing/variables.yml", &document("standing", "10.0.0.0/16", "dev: {}, nowhere: {}"));
    let reported = workspace.run(&["compile"], 1);
    assert_eq!(between(&reported), [overlaps("`standing` (`customers/standing/infra/variables.yml:3`)")]);
    assert!(!said(&reported).contains(&"error[cidr-overlap] standing".to_owned()), "{}", reported.text);
    workspace.document("standing/variables.yml", "project_name: [\n");
    assert_eq!(between(&workspace.run(&["compile"], 1)), [overlaps("`standing`")]);
    // A shard's output is for the operator; a run that one of the two may read names none.
    assert_eq!(between(&workspace.run(&["compile", "--shard", "1/1"], 1)), [overlaps("`standing`")]);
    for call in [&["compile", "customers/alpha", "customers/standing"][..], &["compile", "--customer", "*"]] {
        assert_eq!(between(&workspace.run(call, 1)), Vec::<String>::new(), "{call:?}");
    }
    // Under its new name it is the same customer.
    fs::rename(workspace.root.join("customers/standing"), workspace.root.join("customers/renamed")).unwrap();
    let registry = format!("{{renamed: {{{ACCOUNT}, customer_id: standing, formerly: standing}}, alpha: {{{ACCOUNT}}}}}");
    workspace.platform(&layout("repository", &format!("registry: {registry}")));
    let reported = workspace.run(&["compile"], 1);
    assert_eq!(between(&reported), [overlaps("`renamed`")]);
    assert!(said(&reported).contains(&"error[cidr-overlap] alpha".to_owned()), "{}", reported.text);
}

#[test]
fn what_a_customer_takes_away_keeps_neither_its_network_nor_its_name() {
    let registry = |id: &str| format!("registry: {{standing: {{{ACCOUNT}, customer_id: acme}}, alpha: {{{ACCOUNT}, customer_id: {id}}}}}");
    for (id, project, network) in [("other", "alpha", "10.0.0.0/16"), ("acme", "standing", "10.2.0.0/16")] {
        let workspace = Workspace::new(
            &layout("repository", &registry(id)),
            &[("standing/variables.yml", &document("standing", "10.0.0.0/16", "dev: {}"))],
        );
        workspace.compile();
        workspace.document("standing/variables.yml", &document("standing", "10.1.0.0/16", "staging: {}"));
        workspace.document("alpha/variables.yml", &document(project, network, "dev: {}"));
        assert_eq!(said(&workspace.run(&["compile"], 0)), ["warning[deployment-removed] standing"], "{id}");
        assert_eq!(workspace.files("standing/dev"), TOMBSTONE);
        assert!(workspace.generated("alpha/dev/main.tf").contains(network));
    }
}

/// The network that is offered in the place of one that another customer has.
fn offered(platform: &str, networks: &[(&str, &str)]) -> Option<String> {
    let account = |name: &str| if name.starts_with("else") { "account_id: \"210987654321\"" } else { ACCOUNT };
    let entries: String = networks.iter().map(|(name, _)| format!("  {name}: {{{}}}\n", account(name))).collect();
    let workspace = Workspace::new(&layout("repository", &format!("{platform}registry:\n{entries}")), &[]);
    for (name, network) in networks {
        workspace.document(&format!("{name}/variables.yml"), &document(name, network, "dev: {}"));
    }
    let reported = workspace.run(&["check"], 1);
    let all = reported.json["diagnostics"].as_array().unwrap();
    let help = all.iter().find(|one| one["code"] == "cidr-overlap" && one["customer"] == "new").unwrap()["help"].as_str().unwrap();
    help.split('`').nth(1).map(str::to_owned)
}

#[test]
fn the_network_that_is_offered_is_free() {
    let taken = ("old", "10.0.0.0/20");
    let new = ("new", "10.0.0.0/20");
    let is = |platform: &str, others: &[(&str, &str)], expected: Option<&str>| {
        let networks: Vec<(&str, &str)> = [taken, new].into_iter().chain(others.iter().copied()).collect();
        assert_eq!(offered(platform, &networks).as_deref(), expected, "{platform}{others:?}");
    };
    is("", &[], Some("10.0.16.0/20"));
    // What others of the account have is not, whether it is larger or smaller; what is in another account is.
    is("", &[("large", "10.0.16.0/20")], Some("10.0.32.0/20"));
    is("", &[("large", "10.0.0.0/16")], Some("10.1.0.0/20"));
    is("", &[("small", "10.0.24.0/22"), ("else-where", "10.0.32.0/20")], Some("10.0.32.0/20"));
    is("", &[("else-where", "10.0.16.0/20")], Some("10.0.16.0/20"));
    // What the service provider keeps for itself is not.
    is("reserved_cidrs: [10.0.16.0/24]\n", &[], Some("10.0.32.0/20"));
    is("reserved_cidrs: [10.0.16.0/20, 10.0.32.0/19, 10.0.64.0/18, 10.0.128.0/17]\n", &[], Some("10.1.0.0/20"));
    // More of them than anybody would try one by one.
    let half: Vec<String> =
        (0..=12).map(|bit| (4 << bit, 22 - bit)).map(|(at, length)| format!("10.{}.{}.0/{length}", at >> 8, at & 255)).collect();
    let rest = format!("reserved_cidrs: [{}]\n", half.join(", "));
    assert_eq!(offered(&rest, &[("old", "10.0.0.0/22"), ("new", "10.0.0.0/22")]).as_deref(), Some("10.128.0.0/22"));
    // At the end of a private range nothing is left.
    let last = |network: &str| offered("", &[("old", network), ("new", network)]);
    assert_eq!(last("10.255.240.0/20"), None);
    assert_eq!(last("192.168.240.0/20"), None);
    assert_eq!(last("172.31.224.0/20").as_deref(), Some("172.31.240.0/20"));
}
