//! `destructive-change`: what a compile over an older tree reports of changes that the cloud carries out by replacing, or not at all.

use crate::harness::workspace::{PLATFORM, Reported, Workspace, labels, without, words};

const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
compute: {instance_type: t3.small}
database:
  engine: postgres
  engine_version: 15.4
  instance_class: db.t3.medium
  allocated_storage: 100
environments:
  dev: {}
";

/// Compiles the sample, then a change of it.
fn after(changed: &str) -> (Workspace, Reported) {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    assert!(workspace.compile().codes().is_empty());
    workspace.document("shop/variables.yml", changed);
    let checked = workspace.run(&["compile", "--check"], 3);
    let reported = workspace.compile();
    assert_eq!(checked.codes(), reported.codes(), "`--check` warns of the same");
    (workspace, reported)
}

/// The line of the generated file that a text is on, in the tree before a change.
fn generated_line(text: &str) -> String {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let main = workspace.generated("shop/dev/main.tf");
    let line = main.lines().position(|line| line.contains(text)).unwrap_or_else(|| panic!("no `{text}` in:\n{main}"));
    format!("generated/shop/dev/main.tf:{}", line + 1)
}

#[test]
fn arguments_that_cannot_be_changed_without_harm_are_reported_with_both_places() {
    let cases = [
        ("10.0.0.0/16", "10.9.0.0/16", 3, "vpc_cidr ", "from `10.0.0.0/16` to `10.9.0.0/16`: the network is replaced"),
        ("allocated_storage: 100", "allocated_storage: 50", 9, "allocated_storage ", "from `100` to `50`: the storage"),
        ("15.4", "15.3", 7, "engine_version ", "from `15.4` to `15.3`: a database cannot go back"),
        ("15.4", "14", 7, "engine_version ", "from `15.4` to `14`: a database cannot go back"),
        ("postgres", "mysql", 6, "engine ", "from `postgres` to `mysql`: the database is replaced"),
    ];
    for (old, new, line, argument, expected) in cases {
        assert_eq!(SHOP.matches(old).count(), 1);
        let mut changed = SHOP.replace(old, new);
        if new == "mysql" {
            // A version of the other engine is not older.
            changed = changed.replace("15.4", "8.4");
        }
        let (workspace, reported) = after(&changed);
        assert_eq!(reported.codes(), ["warning[destructive-change]"], "{new}: {}", reported.text);
        let change = reported.only("destructive-change");
        assert!(words(change).contains(expected), "`{expected}` is not in {}", words(change));
        assert!(words(change).contains("shop/dev in eu-west-1"));
        assert_eq!(labels(change), [format!("customers/shop/infra/variables.yml:{line}"), generated_line(argument)], "{new}");
        // It was reported, and the tree is what was asked for.
        assert!(workspace.compile().codes().is_empty());
        assert!(workspace.generated("shop/dev/main.tf").contains(new.rsplit(' ').next().unwrap()));
    }
}

#[test]
fn a_value_that_an_overlay_sets_is_pointed_at_there() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    workspace.document("shop/variables.yml", &SHOP.replace("  dev: {}", "  dev:\n    database: {allocated_storage: 20}"));
    let reported = workspace.compile();
    assert_eq!(labels(reported.only("destructive-change"))[0], "customers/shop/infra/variables.yml:12");
}

#[test]
fn another_name_is_reported_of_what_carries_it() {
    let (_, reported) = after(&SHOP.replace("project_name: shop", "project_name: store"));
    assert_eq!(reported.codes(), ["warning[destructive-change]", "warning[destructive-change]"]);
    assert!(reported.text.contains("the load balancer and all instances are replaced"), "{}", reported.text);
    assert!(reported.text.contains("the database is renamed"), "{}", reported.text);
    assert!(reported.text.contains("\"line\": 1,"), "{}", reported.text);
}

#[test]
fn a_name_and_a_snapshot_replace_a_database_that_stands_and_fewer_replicas_go() {
    let with = |more: &str| SHOP.replace("  allocated_storage: 100\n", &format!("  allocated_storage: 100\n{more}"));
    let changes = [
        ("", "  name: orders\n", "`database_name` of shop/dev in eu-west-1, which was not set, becomes `orders`: the database is replaced"),
        ("  name: orders\n", "  name: orders_2\n", "from `orders` to `orders_2`: the database is replaced"),
        ("", "  snapshot_identifier: before\n", "which was not set, becomes `before`: the database is replaced by one that is restored"),
        ("  replicas: 3\n", "  replicas: 1\n", "from `3` to `1`: the last read replicas are destroyed"),
        ("  replicas: 2\n", "", "from `2` to `0`: the last read replicas are destroyed"),
    ];
    // A snapshot is restored in an account of one's own.
    let registered = format!("{PLATFORM}\nregistry: {{shop: {{account_id: '111111111111'}}}}\n");
    let after = |old: &str, new: &str| {
        let workspace = Workspace::new(&registered, &[("shop/variables.yml", &with(old))]);
        assert!(workspace.compile().codes().is_empty());
        workspace.document("shop/variables.yml", &with(new));
        workspace.compile()
    };
    for (old, new, expected) in changes {
        let reported = after(old, new);
        assert_eq!(reported.codes(), ["warning[destructive-change]"], "{new}: {}", reported.text);
        let change = reported.only("destructive-change");
        assert!(words(change).contains(expected), "`{expected}` is not in {}", words(change));
    }
    let harmless = [
        ("  name: orders\n", ""),
        ("  snapshot_identifier: before\n", ""),
        ("", "  replicas: 2\n"),
        ("  replicas: 1\n", "  replicas: 2\n"),
        ("  parameters: {work_mem: 4096}\n", "  parameters: {log_statement: ddl}\n"),
        ("  max_allocated_storage: 500\n", "  max_allocated_storage: 200\n"),
    ];
    for (old, new) in harmless {
        let reported = after(old, new);
        assert!(reported.codes().is_empty(), "{new}: {}", reported.text);
    }
}

#[test]
fn between_rds_and_aurora_a_database_is_replaced_and_fewer_instances_go() {
    let shop = |keys: &str, more: &str| {
        let database = format!("database: {{instance_class: db.r7g.large, {keys}}}\n{more}environments:");
        let (before, rest) = SHOP.split_once("database:").unwrap();
        format!("{before}{database}{}", rest.split_once("environments:").unwrap().1)
    };
    let postgres = "engine: postgres, engine_version: '16', allocated_storage: 100";
    let aurora = "engine: aurora-postgresql, engine_version: '16.4'";
    let mysql = "engine: aurora-mysql, engine_version: 8.0.mysql_aurora.3.08.0, instances: 3";
    let named = |keys: &str| format!("databases: {{orders: {{instance_class: db.r7g.large, {keys}}}}}\n");
    let changes = [
        (shop(postgres, ""), shop(aurora, ""), "from `postgres` to `aurora-postgresql`: the database is replaced by an empty one"),
        (shop(aurora, ""), shop(postgres, ""), "from `aurora-postgresql` to `postgres`: the database is replaced by an empty one"),
        (shop(aurora, ""), shop(&aurora.replace("16.4", "16.3"), ""), "from `16.4` to `16.3`: a database cannot go back"),
        (shop(mysql, ""), shop(&mysql.replace("3.08", "3.04"), ""), "3.04.0`: a database cannot go back"),
        (shop(mysql, ""), shop(&mysql.replace("instances: 3", "instances: 2"), ""), "from `3` to `2`: the last instances of the cluster"),
        (shop(mysql, ""), shop(&mysql.replace(", instances: 3", ""), ""), "from `3` to `1`: the last instances of the cluster"),
        (shop(postgres, &named(postgres)), shop(postgres, &named(aurora)), "`engine` of the database `orders` of shop/dev"),
        (shop(aurora, &named(mysql)), shop(aurora, &named(&mysql.replace('3', "1"))), "`instances` of the database `orders` of shop/dev"),
    ];
    let after = |old: &str, new: &str| {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", old)]);
        assert!(workspace.compile().codes().is_empty());
        workspace.document("shop/variables.yml", new);
        workspace.compile()
    };
    for (old, new, expected) in &changes {
        let reported = after(old, new);
        let all: Vec<String> = reported.diagnostics().filter(|change| change["code"] == "destructive-change").map(words).collect();
        assert!(all.iter().any(|words| words.contains(expected)), "`{expected}` is not in {all:?}");
    }
    let harmless = [
        (shop(mysql, ""), shop(&mysql.replace("instances: 3", "instances: 5"), "")),
        (shop(mysql, ""), shop(&mysql.replace(".mysql_aurora.3.08.0", ""), "")),
        (shop(mysql, ""), shop(&mysql.replace("3.08", "3.10"), "")),
        (shop(aurora, ""), shop(&format!("{aurora}, multi_az: true"), "")),
    ];
    for (old, new) in &harmless {
        let reported = after(old, new);
        assert!(reported.codes().is_empty(), "{new}: {}", reported.text);
    }
}

#[test]
fn a_name_that_a_snapshot_kept_from_counting_replaces_the_database_when_the_snapshot_goes() {
    let with = |more: &str| SHOP.replace("  allocated_storage: 100\n", &format!("  allocated_storage: 100\n{more}"));
    let registered = format!("{PLATFORM}\nregistry: {{shop: {{account_id: '111111111111'}}}}\n");
    let workspace = Workspace::new(&registered, &[("shop/variables.yml", &with("  name: orders\n  snapshot_identifier: before\n"))]);
    assert_eq!(workspace.compile().codes(), ["warning[name-with-snapshot]"]);
    workspace.document("shop/variables.yml", &with("  name: orders\n"));
    let reported = workspace.compile();
    let change = reported.only("destructive-change");
    assert!(words(change).contains("becomes `orders`: the database is replaced by an empty one"), "{}", words(change));
}

#[test]
fn a_module_call_that_goes_destroys_what_it_made() {
    let database =
        SHOP.split_once("database:").map(|(_, rest)| format!("database:{}", rest.split_once("environments").unwrap().0)).unwrap();
    let (_, reported) = after(&without(SHOP, &database));
    assert_eq!(reported.codes(), ["warning[destructive-change]"]);
    let change = reported.only("destructive-change");
    assert!(words(change).contains("`customer-database` of shop/dev in eu-west-1 is gone"), "{}", words(change));
    assert_eq!(labels(change), ["customers/shop/infra/variables.yml:6".to_owned(), generated_line("module \"customer_database\"")]);
}

#[test]
fn named_databases_are_reported_by_their_names_unless_they_were_called_otherwise() {
    let keys = "engine: postgres, engine_version: '17', instance_class: db.t4g.medium";
    let named = |databases: &str| SHOP.replace("environments:", &format!("{}\nenvironments:", databases.replace("KEYS", keys)));
    let after = |old: &str, new: &str| {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &named(old))]);
        assert!(workspace.compile().codes().is_empty());
        workspace.document("shop/variables.yml", &named(new));
        workspace.compile()
    };
    let orders = "databases: {orders: {KEYS}}";
    let harmful = [
        (orders, "databases: {}", "the database `orders` of shop/dev in eu-west-1 is gone", None),
        (orders, "databases: {sales: {KEYS}}", "the database `orders` of shop/dev in eu-west-1 is gone", None),
        (orders, "databases: {sales: {formerly: shop, KEYS}}", "the database `orders` of shop/dev in eu-west-1 is gone", None),
        (
            "databases: {orders-eu: {allocated_storage: 50, KEYS}}",
            "databases: {orders-eu: {KEYS}}",
            "`allocated_storage` of the database `orders-eu` of shop/dev in eu-west-1 changes from `50` to `20`",
            Some(10),
        ),
        // What it is called in the cloud follows.
        (
            "databases: {sales: {formerly: orders, KEYS}}",
            "databases: {sales: {KEYS}}",
            "`name` of the database `sales` of shop/dev in eu-west-1 changes",
            Some(10),
        ),
        (orders, "databases: {sales: {formerly: [shop, orders], KEYS}}", "`name` of the database `orders` of shop/dev", Some(10)),
        (
            "databases: {orders: {replicas: 2, KEYS}}",
            "databases: {sales: {formerly: orders, KEYS}}",
            "`replicas` of the database `orders` of shop/dev in eu-west-1 changes from `2` to `0`",
            Some(10),
        ),
    ];
    for (old, new, expected, line) in harmful {
        let reported = after(old, new);
        assert_eq!(reported.codes(), ["warning[destructive-change]"], "{new}: {}", reported.text);
        let change = reported.only("destructive-change");
        assert!(words(change).contains(expected), "`{expected}` is not in {}", words(change));
        if let Some(line) = line {
            assert_eq!(labels(change)[0], format!("customers/shop/infra/variables.yml:{line}"), "{}", words(change));
        }
    }
    let harmless = [
        (orders, "databases: {sales: {formerly: orders, KEYS}}"),
        ("databases: {sales: {formerly: orders, KEYS}}", "databases: {shop: {formerly: [orders, sales], KEYS}}"),
        (orders, "databases: {orders: {KEYS}, sales: {KEYS}}"),
        ("", orders),
    ];
    for (old, new) in harmless {
        let reported = after(old, new);
        assert!(reported.codes().is_empty(), "{new}: {}", reported.text);
    }
}

#[test]
fn changes_that_do_no_harm_are_not_reported() {
    let harmless = [
        ("allocated_storage: 100", "allocated_storage: 200"),
        ("15.4", "15.5"),
        ("15.4", "15.10"),
        // Any minor version of it, which the one that is there is.
        ("15.4", "15"),
        ("15.4", "16"),
        ("t3.small", "t3.large"),
        ("db.t3.medium", "db.t3.large"),
        ("environments:", "tags: {team: sales}\nenvironments:"),
    ];
    for (old, new) in harmless {
        let (_, reported) = after(&SHOP.replace(old, new));
        assert!(reported.codes().is_empty(), "{new}: {}", reported.text);
    }
    // A module more is none less.
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &without(SHOP, "compute: {instance_type: t3.small}\n"))]);
    workspace.compile();
    workspace.document("shop/variables.yml", SHOP);
    assert!(workspace.compile().codes().is_empty());
}

#[test]
fn entries_of_a_list_and_subnets_that_go_are_named() {
    let security = "security: {allowed_cidr_blocks: [192.0.2.0/24, 198.51.100.0/24]}\n";
    let shop = format!("{}{security}", SHOP.replace("10.0.0.0/16}", "10.0.0.0/16, availability_zones: 3}"));
    let cases = [
        (shop.replace(", 198.51.100.0/24", ""), "list-entry-removed", "`198.51.100.0/24` goes out", Some(12)),
        (without(&shop, security), "list-entry-removed", "`192.0.2.0/24` and `198.51.100.0/24` go out", None),
        (shop.replace("zones: 3", "zones: 2"), "destructive-change", "`eu-west-1c` goes out of `public_subnets`", Some(3)),
    ];
    for (changed, code, expected, line) in cases {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &shop)]);
        workspace.compile();
        workspace.document("shop/variables.yml", &changed);
        for reported in [workspace.run(&["compile", "--check"], 3), workspace.compile()] {
            let change = reported.only(code);
            assert!(words(change).contains(expected), "{}", words(change));
            // What is not written at all is named at the deployment.
            let line = line.unwrap_or(11);
            assert_eq!(labels(change)[0], format!("customers/shop/infra/variables.yml:{line}"));
        }
    }
    // An entry more is none less, and the order is nobody's business.
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &shop)]);
    workspace.compile();
    workspace.document(
        "shop/variables.yml",
        &shop.replace("[192.0.2.0/24, 198.51.100.0/24]", "[198.51.100.0/24, 203.0.113.0/24, 192.0.2.0/24]"),
    );
    assert!(!workspace.compile().text.contains("list-entry-removed"));
}

/// Each change of a sample with everything else in it, and whether it does harm.
#[test]
fn ways_out_and_queues_that_go_are_reported() {
    let shop = format!("{SHOP}queue: {{retention_days: 7}}\n");
    let with_word = SHOP.replace("10.0.0.0/16}", "10.0.0.0/16, nat_gateways: per_zone}");
    let of = |text: &str, word: &str| text.replace("per_zone", word);
    let without_way = SHOP.replace("10.0.0.0/16}", "10.0.0.0/16, enable_nat_gateway: false}");
    let cases = [
        (&shop, shop.replace("7}", "7, fifo: true}"), Some("the queue is replaced by an empty one")),
        (&shop, shop.replace("7}", "3}"), Some("messages that have waited for longer are deleted")),
        (&shop, shop.replace("7}", "13, max_receives: 2}"), None),
        (&shop, format!("{SHOP}features: {{enable_queue: false}}\n"), Some("`customer-queue`")),
        (&SHOP.to_owned(), without_way.clone(), Some("instances can no longer reach out")),
        (&without_way, SHOP.to_owned(), None),
        (&with_word, of(&with_word, "single"), Some("the other gateways are destroyed")),
        (&with_word, of(&with_word, "none"), Some("the other gateways are destroyed")),
        (&of(&with_word, "single"), with_word.clone(), None),
    ];
    for (old, new, expected) in cases {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", old)]);
        workspace.compile();
        workspace.document("shop/variables.yml", &new);
        let reported = workspace.compile();
        match expected {
            Some(expected) => {
                let message = words(reported.only("destructive-change"));
                assert!(message.contains(expected), "{new}: {message}");
            }
            None => assert!(!reported.text.contains("destructive-change"), "{new}: {}", reported.text),
        }
    }
}

#[test]
fn a_file_that_was_edited_by_hand_is_not_compared() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let edited = workspace.generated("shop/dev/main.tf").replace("10.0.0.0/16", "10.8.0.0/16");
    workspace.write("generated/shop/dev/main.tf", &edited);
    assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[hand-edited-file]"]);
    assert!(workspace.run(&["compile", "--overwrite"], 0).codes().is_empty());
}

#[test]
fn warnings_that_are_denied_keep_the_database() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let before = workspace.tree();
    workspace.document("shop/variables.yml", &SHOP.replace("postgres", "mysql").replace("15.4", "8.4"));
    assert_eq!(workspace.run(&["compile", "--deny-warnings"], 1).codes(), ["error[destructive-change]"]);
    assert_eq!(workspace.tree(), before);
}

#[test]
fn another_account_is_a_destructive_change() {
    let registry = |account: &str| format!("{PLATFORM}\nregistry: {{shop: {{{account}}}}}");
    let workspace = Workspace::new(&registry("account_id: '111111111111'"), &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    for (account, words_of) in [
        ("account_id: '222222222222'", "the account of shop/dev in eu-west-1 changes from `111111111111` to `222222222222`"),
        ("tier: standard", "shop/dev in eu-west-1 is no longer held to the account `111111111111`"),
    ] {
        workspace.platform(&registry(account));
        let reported = workspace.run(&["compile", "--check"], 3);
        let diagnostic = reported.only("destructive-change");
        assert!(words(diagnostic).contains(words_of), "{}", reported.text);
        let place = &diagnostic["labels"][1];
        assert!(
            place["file"].as_str().unwrap().ends_with("shop/dev/providers.tf") && place["line"].as_u64().unwrap() > 1,
            "{}",
            reported.text
        );
    }
    // Who was held to none may be anywhere, and is held to one from now on.
    workspace.run(&["compile"], 0);
    workspace.platform(&registry("account_id: '111111111111'"));
    assert!(workspace.compile().codes().is_empty());
}

/// Keys of version 0.2 are not passed where they have their default: what is not in the old root, or not in the new one, is that.
#[test]
fn a_load_balancer_and_a_port_are_compared_with_what_is_not_written() {
    let with = |lines: &str| SHOP.replace("compute: {instance_type: t3.small}", &format!("compute:\n  instance_type: t3.small\n{lines}"));
    let change = |old: &str, new: &str| {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &with(old))]);
        assert!(workspace.compile().codes().is_empty(), "{old}");
        workspace.document("shop/variables.yml", &with(new));
        workspace.compile()
    };
    let (internal, none, port) = ("  load_balancer: internal\n", "  load_balancer: none\n", "  port: 8080\n");
    let harmful = [
        ("", internal, "from `public` to `internal`: the load balancer is destroyed"),
        (internal, "", "from `internal` to `public`: the load balancer is destroyed"),
        ("", none, "from `public` to `none`: the load balancer is destroyed"),
        (internal, none, "from `internal` to `none`: the load balancer is destroyed"),
        ("  load_balancer: internal\n  port: 8080\n", none, "from `internal` to `none`: the load balancer is destroyed"),
        ("", port, "from `80` to `8080`: the load balancer gets a new group of targets"),
        (port, "", "from `8080` to `80`: the load balancer gets a new group of targets"),
        (port, "  port: 9090\n", "from `8080` to `9090`: the load balancer gets a new group of targets"),
    ];
    for (old, new, expected) in harmful {
        let reported = change(old, new);
        assert_eq!(reported.codes(), ["warning[destructive-change]"], "{old} {new}: {}", reported.text);
        assert!(words(reported.only("destructive-change")).contains(expected), "{}", reported.text);
    }
    let written = "  port: 80\n  load_balancer: public\n";
    let internal_on_another = "  load_balancer: internal\n  port: 8080\n";
    let harmless =
        [(none, ""), (none, internal), (none, internal_on_another), ("", written), (written, ""), ("", "  health_check_path: /health\n")];
    for (old, new) in harmless {
        let reported = change(old, new);
        assert!(reported.codes().is_empty(), "{old} {new}: {}", reported.text);
    }
}

/// Instances have fewer zones than databases and load balancers: what goes of either is said, once.
#[test]
fn a_zone_that_goes_is_named_once() {
    let with = |zones: &str| SHOP.replace("vpc_cidr: 10.0.0.0/16", &format!("vpc_cidr: 10.0.0.0/16, zones: [{zones}]"));
    for (old, new, gone) in
        [("a, b, c", "a", "eu-west-1b"), ("a, b", "b", "eu-west-1a"), ("a, b", "a", "eu-west-1b"), ("a", "b, c", "eu-west-1a")]
    {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &with(old))]);
        workspace.compile();
        workspace.document("shop/variables.yml", &with(new));
        let reported = workspace.compile();
        let said = words(reported.only("destructive-change"));
        assert!(said.contains(gone), "{old} {new}: {}", reported.text);
    }
}
