//! What moves, or belongs to somebody else: the tree on disk against the documents, through the real binary (platform.md,
//! "Identity and ownership").

use crate::harness::workspace::{CAFE, PLATFORM, TOMBSTONE, WHOLE, Workspace, labels, without, words};
use std::fs;

const BY_SERVICE: &str = "state: {backend: s3, layout: service, config: {bucket: states, region: us-east-1}}";
const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
compute: {instance_type: t3.small, min_instances: 2}
environments:
  dev: {}
  production: {}
";

fn shop() -> Workspace {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    workspace
}

/// What a newer version wrote is neither somebody else's nor written over, whatever runs over it and wherever it stands.
#[test]
fn a_first_line_with_an_unknown_word_is_of_a_newer_version() {
    let platform = PLATFORM.to_owned();
    let shop = "project_name: shop\nregion: eu-west-1\nnetworking: {vpc_cidr: 10.0.0.0/16}\nenvironments: {dev: {}, staging: {}}\n";
    let workspace = Workspace::new(&platform, &[("shop/variables.yml", shop)]);
    workspace.write("terralet.yml", &platform);
    workspace.compile();
    // A root that lives, one that is to become a tombstone, and a module.
    workspace.document("shop/variables.yml", &shop.replace(", staging: {}", ""));
    let clean = workspace.tree();
    for file in
        ["shop/dev/main.tf", "shop/dev/backend.tf", "shop/staging/main.tf", "shop/staging/backend.tf", "modules/aws/customer-vpc/README.md"]
    {
        let text = &clean[file];
        let newer = [text.replacen(" digest=", " format=2 digest=", 1), text.replacen("digest=", "sha512=", 1), {
            let (first, rest) = text.split_once('\n').unwrap();
            match first.strip_suffix(" -->") {
                Some(first) => format!("{first} schema=3 -->\n{rest}"),
                None => format!("{first} schema=3\n{rest}"),
            }
        }];
        for newer in newer {
            workspace.write(&format!("generated/{file}"), &newer);
            let before = workspace.tree();
            let calls: [&[&str]; 4] = [&["compile"], &["compile", "--check"], &["compile", "--overwrite"], &["compile", "customers/shop"]];
            for call in calls {
                let reported = workspace.run(call, 2);
                assert!(
                    reported.text.contains(&format!("{file}` was written by a newer version of terralet")),
                    "{call:?}: {}",
                    reported.text
                );
                assert_eq!(workspace.tree(), before, "{call:?}");
            }
        }
        workspace.write(&format!("generated/{file}"), text);
    }
    workspace.write("generated/shop/staging/backend.tf", &clean["shop/staging/backend.tf"].replacen(" digest=", " format=2 digest=", 1));
    for call in [&["list"][..], &["prune"], &["prune", "--all"], &["move", "shop/staging", "shop/dev"]] {
        assert!(workspace.run(call, 2).text.contains("was written by a newer version of terralet"), "{call:?}");
    }
}

#[test]
fn a_prefix_belongs_to_the_repository_whose_roots_are_below_it() {
    let cafe = |id: &str| format!("customer_id: {id}\n{CAFE}");
    let workspace = Workspace::new(BY_SERVICE, &[("shop/variables.yml", &format!("customer_id: acme\n{SHOP}"))]);
    workspace.compile();
    assert_eq!(workspace.files("acme/app-service/dev"), WHOLE);
    let before = workspace.tree();
    // The owner is absent, and another repository claims its id, whatever the run covers.
    fs::rename(workspace.root.join("customers/shop"), workspace.root.join("away")).unwrap();
    workspace.document("cafe/variables.yml", &cafe("acme"));
    for call in [&["compile", "customers/cafe"][..], &["compile", "--customer", "c*"], &["compile", "--allow-missing"]] {
        let reported = workspace.run(call, 1);
        let conflict = reported.only("customer-id-conflict");
        assert!(words(conflict).contains("`acme` belongs to another repository"), "{}", reported.text);
        assert_eq!(labels(conflict).len(), 1);
        // Whose it is, the operator reads, and nobody in a run over some customers.
        let is_whole = call.contains(&"--allow-missing");
        assert_eq!(reported.text.contains("`acme` belongs to `shop`, and `cafe` wants it"), is_whole, "{}", reported.text);
        assert_eq!(reported.text.contains("shop"), is_whole, "{}", reported.text);
    }
    // The documents are what is wrong, so that it is no difference of the tree.
    workspace.run(&["compile", "customers/cafe", "--check"], 1);
    assert_eq!(workspace.tree(), before);
    // With both there, `check` blames both for their claims, and `compile` the one who came later.
    fs::rename(workspace.root.join("away"), workspace.root.join("customers/shop")).unwrap();
    assert_eq!(workspace.run(&["check"], 1).codes(), ["error[customer-id-conflict]", "error[customer-id-conflict]"]);
    let reported = workspace.run(&["compile"], 1);
    assert_eq!(reported.codes(), ["error[customer-id-conflict]"], "{}", reported.text);
    assert_eq!(reported.only("customer-id-conflict")["customer"], "cafe");
    workspace.run(&["compile", "customers/cafe"], 1);
    assert!(workspace.run(&["compile", "customers/shop"], 0).codes().is_empty());
    assert_eq!(workspace.tree(), before);
    // Only the registry lets them share it, and for each.
    workspace.platform(&format!("{BY_SERVICE}\nregistry: {{shop: {{customer_id: acme}}}}"));
    workspace.run(&["compile", "customers/cafe"], 1);
    assert_eq!(workspace.tree(), before);
    workspace.platform(&format!("{BY_SERVICE}\nregistry: {{shop: {{customer_id: acme}}, cafe: {{customer_id: acme}}}}"));
    // Sharing an id is no sharing of a key.
    let reported = workspace.run(&["compile", "customers/cafe"], 1);
    let taken = words(reported.only("state-key-collision"));
    assert!(taken.contains("`acme/app-service/dev/terraform.tfstate` of cafe/dev in eu-west-1 belongs to another"), "{taken}");
    let reported = workspace.run(&["compile"], 1);
    assert_eq!(reported.codes(), ["error[state-key-collision]"]);
    assert_eq!(reported.only("state-key-collision")["customer"], "cafe");
    assert_eq!(workspace.tree(), before);
}

#[test]
fn a_prefix_that_differs_in_case_alone_is_the_same() {
    let workspace = Workspace::new(PLATFORM, &[("Shop/variables.yml", &format!("customer_id: shop\n{SHOP}"))]);
    workspace.compile();
    assert_eq!(workspace.files("Shop/dev"), WHOLE);
    let before = workspace.tree();
    // Another repository, whose directory would be the same one where the file system ignores case.
    fs::remove_dir_all(workspace.root.join("customers/Shop")).unwrap();
    workspace.document("shop/variables.yml", SHOP);
    for call in [
        &["compile", "--customer", "shop"][..],
        &["compile", "customers/shop"],
        &["compile", "--allow-missing"],
        &["compile", "--shard", "1/1"],
    ] {
        let reported = workspace.run(call, 1);
        let conflict = words(reported.only("customer-id-conflict"));
        assert!(conflict.contains("`shop` belongs to another repository"), "{call:?}: {}", reported.text);
        assert_eq!(workspace.tree(), before, "{call:?}");
    }
    // A renamed one gets what moves.
    workspace.platform(&format!("{PLATFORM}\nregistry: {{shop: {{customer_id: shop, formerly: Shop}}}}"));
    let reported = workspace.run(&["compile", "--customer", "shop"], 1);
    assert_eq!(reported.codes(), ["error[state-key-changed]", "error[state-key-changed]"], "{}", reported.text);
    assert_eq!(workspace.tree(), before);
}

#[test]
fn two_repositories_of_one_customer_share_its_prefix() {
    let staging = CAFE.replace("dev", "staging");
    let workspace = Workspace::new(
        &format!("{BY_SERVICE}\nregistry: {{shop: {{customer_id: acme}}, cafe: {{customer_id: acme}}}}"),
        &[("shop/variables.yml", SHOP)],
    );
    workspace.compile();
    workspace.document("cafe/variables.yml", &staging);
    assert!(workspace.run(&["compile", "customers/cafe"], 0).codes().is_empty());
    assert!(workspace.compile().codes().is_empty());
    assert_eq!(workspace.files("acme/app-service/staging"), WHOLE);
    assert_eq!(workspace.files("acme/app-service/dev"), WHOLE);
    // What goes is a tombstone of its own repository alone.
    workspace.document("shop/variables.yml", &without(SHOP, "  dev: {}\n"));
    assert!(workspace.run(&["compile", "customers/cafe"], 0).codes().is_empty());
    assert_eq!(workspace.files("acme/app-service/dev"), WHOLE);
    workspace.run(&["compile", "customers/shop"], 0);
    assert_eq!(workspace.files("acme/app-service/dev"), TOMBSTONE);
}

#[test]
fn who_stands_below_a_prefix_of_two_stays_there_with_a_file_missing() {
    let staging = CAFE.replace("dev", "staging");
    let of_acme = |text: &str| format!("customer_id: acme\n{text}");
    let workspace = Workspace::new(
        &format!("{BY_SERVICE}\nregistry: {{shop: {{customer_id: acme}}, cafe: {{customer_id: acme}}}}"),
        &[("shop/variables.yml", &of_acme(SHOP)), ("cafe/variables.yml", &of_acme(&staging))],
    );
    workspace.compile();
    let before = workspace.tree();
    // Nothing says any more that they are one customer, and both are there.
    workspace.platform(BY_SERVICE);
    for name in WHOLE {
        fs::remove_file(workspace.output().join("acme/app-service/dev").join(name)).unwrap();
        let call: &[&str] = if name == "backend.tf" { &["compile", "--overwrite"] } else { &["compile"] };
        let reported = workspace.run(call, 0);
        assert_eq!(reported.codes(), ["warning[customer-id-conflict]", "warning[customer-id-conflict]"], "{name}: {}", reported.text);
        assert_eq!(workspace.tree(), before, "{name}");
    }
}

#[test]
fn a_renamed_repository_has_its_roots_when_the_registry_says_so() {
    let workspace = Workspace::new(BY_SERVICE, &[("shop/variables.yml", &format!("customer_id: acme\n{SHOP}"))]);
    workspace.compile();
    fs::rename(workspace.root.join("customers/shop"), workspace.root.join("customers/store")).unwrap();
    let reported = workspace.run(&["compile"], 1);
    assert!(reported.codes().contains(&"error[customer-id-conflict]".to_owned()), "{}", reported.text);
    assert!(words(reported.only("customer-id-conflict")).contains("formerly"));
    workspace.platform(&format!("{BY_SERVICE}\nregistry: {{store: {{customer_id: acme, formerly: shop}}}}"));
    let reported = workspace.compile();
    assert!(reported.codes().is_empty(), "{}", reported.text);
    assert!(workspace.generated("acme/app-service/dev/main.tf").contains("repository=store"));
    assert!(workspace.compile().codes().is_empty());

    // Where the key has the repository's name in it, the rename moves it.
    let workspace = shop();
    let before = workspace.tree();
    fs::rename(workspace.root.join("customers/shop"), workspace.root.join("customers/store")).unwrap();
    workspace.platform(&format!("{PLATFORM}\nregistry: {{store: {{customer_id: shop, formerly: shop}}}}"));
    for call in [&["compile"][..], &["compile", "customers/store"]] {
        let reported = workspace.run(call, 1);
        assert_eq!(reported.codes(), ["error[state-key-changed]", "error[state-key-changed]"]);
        assert!(reported.text.contains("`shop/dev/terraform.tfstate` to `store/dev/terraform.tfstate`"), "{}", reported.text);
    }
    assert_eq!(workspace.tree(), before);
}

#[test]
fn a_key_that_would_change_stops_with_both_keys() {
    let acme = format!("customer_id: acme\n{SHOP}");
    let workspace = Workspace::new(BY_SERVICE, &[("shop/variables.yml", &acme), ("cafe/variables.yml", CAFE)]);
    workspace.compile();
    let before = workspace.tree();
    let calls = [&["compile"][..], &["compile", "customers/shop"], &["compile", "--customer", "shop"]];
    let stopped = |to: &str| {
        for call in calls {
            let reported = workspace.run(call, 1);
            assert_eq!(reported.codes(), ["error[state-key-changed]", "error[state-key-changed]"], "{to} by {call:?}");
            assert!(
                reported.text.contains(&format!("from `acme/app-service/dev/terraform.tfstate` to `{to}/terraform.tfstate`")),
                "{}",
                reported.text
            );
        }
        assert_eq!(workspace.run(&["compile", "customers/shop", "--check"], 3).codes().len(), 2);
        assert_eq!(workspace.tree(), before);
    };
    workspace.document("shop/variables.yml", &acme.replace("acme", "other"));
    stopped("other/app-service/dev");
    workspace.document("shop/variables.yml", &acme);
    workspace.platform(&BY_SERVICE.replace("service", "region"));
    fs::rename(workspace.root.join("customers/cafe"), workspace.root.join("cafe-is-away")).unwrap();
    let reported = workspace.run(&["compile", "--allow-missing"], 1);
    assert_eq!(reported.codes(), ["error[state-key-changed]", "error[state-key-changed]", "warning[customer-missing]"]);
    assert!(reported.text.contains("to `acme/eu-west-1/dev/terraform.tfstate`"), "{}", reported.text);
    fs::rename(workspace.root.join("cafe-is-away"), workspace.root.join("customers/cafe")).unwrap();
    workspace.platform(PLATFORM);
    let reported = workspace.run(&["compile", "customers/shop"], 1);
    assert!(reported.text.contains("to `shop/dev/terraform.tfstate`"), "{}", reported.text);
    assert_eq!(workspace.tree(), before);
    workspace.platform(BY_SERVICE);
    assert!(workspace.compile().codes().is_empty());
}

#[test]
fn a_partial_run_finds_roots_that_moved_to_a_prefix_that_others_have() {
    let registry = |shop: &str| format!("{BY_SERVICE}\nregistry: {{shop: {{customer_id: {shop}}}, cafe: {{customer_id: cafe}}}}");
    let workspace =
        Workspace::new(&registry("shop"), &[("shop/variables.yml", SHOP), ("cafe/variables.yml", &CAFE.replace("dev", "staging"))]);
    workspace.compile();
    let before = workspace.tree();
    workspace.platform(&registry("cafe"));
    let reported = workspace.run(&["compile", "customers/shop"], 1);
    assert_eq!(reported.codes(), ["error[state-key-changed]", "error[state-key-changed]"], "{}", reported.text);
    assert_eq!(workspace.tree(), before);
}

#[test]
fn state_that_would_be_elsewhere_stops_and_other_settings_do_not() {
    let s3 = |config: &str| format!("state: {{backend: s3, config: {{{config}}}}}");
    let local = |path: &str| format!("state: {{config: {{path: {path}}}}}");
    let cases: [(String, String, &str); 7] = [
        (s3("bucket: states, region: us-east-1"), s3("bucket: others, region: us-east-1"), "`bucket = others`"),
        (s3("bucket: states, region: us-east-1"), s3("bucket: states, region: eu-west-1"), "`region = eu-west-1`"),
        (
            s3("bucket: states, region: us-east-1, endpoints: {s3: \"https://one.example.com\"}"),
            s3("bucket: states, region: us-east-1, endpoints: {s3: \"https://two.example.com\"}"),
            "`endpoints.s3 = https://two.example.com`",
        ),
        (s3("bucket: states, region: us-east-1"), "state: {backend: gcs, config: {bucket: states}}".into(), "`backend = gcs`"),
        ("state: {backend: local}".into(), s3("bucket: states, region: us-east-1"), "`backend = s3`"),
        (local("a"), local("b"), "`path = b/shop/dev/terraform.tfstate`"),
        (
            "state: {backend: azurerm, config: {storage_account_name: one, container_name: states}}".into(),
            "state: {backend: azurerm, config: {storage_account_name: two, container_name: states}}".into(),
            "`storage_account_name = two`",
        ),
    ];
    let document = without(SHOP, "  production: {}\n");
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &document)]);
    for (old, new, expected) in cases {
        let _ = fs::remove_dir_all(workspace.output());
        workspace.platform(&old);
        workspace.compile();
        let before = workspace.tree();
        workspace.platform(&new);
        let reported = workspace.run(&["compile"], 1);
        assert_eq!(reported.codes(), ["error[state-key-changed]"]);
        let changed = reported.only("state-key-changed");
        assert!(words(changed).contains(expected), "{expected} is not in {}", words(changed));
        assert_eq!(labels(changed), ["customers/shop/infra/variables.yml:6", "generated/shop/dev/backend.tf:1"]);
        workspace.run(&["compile", "--overwrite"], 1);
        assert_eq!(workspace.tree(), before);
    }
    let _ = fs::remove_dir_all(workspace.output());
    let place = "bucket: states, region: us-east-1";
    workspace.platform(&s3(place));
    workspace.compile();
    for more in [
        "encrypt: true",
        "use_lockfile: true",
        "profile: state",
        "endpoints: {dynamodb: \"https://locks.example.com\"}",
        "dynamodb_table: locks",
        "assume_role: {role_arn: \"arn:aws:iam::123456789012:role/state\"}",
    ] {
        workspace.platform(&s3(&format!("{place}, {more}")));
        assert!(workspace.compile().codes().is_empty(), "{more}");
        assert!(workspace.generated("shop/dev/backend.tf").contains(more.split(':').next().unwrap()), "{more}");
    }
}

#[test]
fn a_base_deployment_in_another_region_is_replaced_and_said() {
    let workspace = shop();
    workspace.document("shop/variables.yml", &SHOP.replace("  dev: {}", "  dev: {region: us-east-1}"));
    let reported = workspace.compile();
    assert_eq!(reported.codes(), ["warning[destructive-change]"]);
    let change = reported.only("destructive-change");
    assert!(words(change).contains("was shop/dev in eu-west-1 and becomes shop/dev in us-east-1"), "{}", words(change));
    assert_eq!(labels(change), ["customers/shop/infra/variables.yml:6", "generated/shop/dev/backend.tf:1"]);
    assert_eq!(workspace.files("shop/dev"), WHOLE);
    assert!(workspace.compile().codes().is_empty());
}

#[test]
fn a_base_deployment_that_makes_way_for_another_region_is_a_changed_key() {
    // What is at `shop/dev` would go on at `shop/dev/eu-west-1`, and something else would stand in its place.
    let workspace = shop();
    let before = workspace.tree();
    workspace.document("shop/variables.yml", &SHOP.replace("  dev: {}", "  dev: {region: us-east-1}"));
    workspace.document("shop/eu-west-1-variables.yml", "networking: {vpc_cidr: 10.3.0.0/16}\nenvironments: {dev: {}}\n");
    let reported = workspace.run(&["compile"], 1);
    assert_eq!(reported.codes(), ["error[state-key-changed]"]);
    assert!(reported.text.contains("from `shop/dev/terraform.tfstate` to `shop/dev/eu-west-1/terraform.tfstate`"), "{}", reported.text);
    assert_eq!(workspace.tree(), before);
}

#[test]
fn files_that_are_not_ours_or_not_as_we_made_them_are_never_written_over() {
    let workspace = shop();
    workspace.write("generated/shop/dev/extra.tf", "# mine\n");
    let before = workspace.tree();
    let reported = workspace.run(&["compile", "--overwrite"], 1);
    assert_eq!(reported.codes(), ["error[foreign-file]"]);
    assert!(words(reported.only("foreign-file")).contains("generated/shop/dev/extra.tf"));
    assert_eq!(workspace.run(&["compile", "--check"], 3).differences(), ["generated/shop/dev/extra.tf: foreign"]);
    assert_eq!(workspace.tree(), before);
    fs::remove_file(workspace.output().join("shop/dev/extra.tf")).unwrap();

    // One of our names without our first line is not ours either.
    let main = workspace.generated("shop/dev/main.tf");
    workspace.write("generated/shop/dev/main.tf", "# mine\n");
    assert_eq!(workspace.run(&["compile", "--overwrite"], 1).codes(), ["error[foreign-file]"]);
    assert_eq!(workspace.generated("shop/dev/main.tf"), "# mine\n");

    let edited = main.replace("t3.small", "t3.large");
    workspace.write("generated/shop/dev/main.tf", &edited);
    assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[hand-edited-file]"]);
    assert_eq!(workspace.generated("shop/dev/main.tf"), edited);
    let checked = workspace.run(&["compile", "--check"], 3);
    assert_eq!(checked.differences(), ["generated/shop/dev/main.tf: hand-edited"]);
    assert!(checked.text.contains("-  instance_type          = \\\"t3.large\\\""), "{}", checked.text);
    assert!(workspace.run(&["compile", "--overwrite"], 0).codes().is_empty());
    assert_eq!(workspace.generated("shop/dev/main.tf"), main);
}

#[test]
fn every_kind_of_file_that_terraform_reads_is_foreign_and_others_are_nobodys_business() {
    let workspace = shop();
    for name in ["extra.tf", "main_override.tf.json", "extra.tofu", "extra.tofu.json", "terraform.tfvars", "x.auto.tfvars.json"] {
        let file = format!("generated/shop/dev/{name}");
        workspace.write(&file, "{}\n");
        let reported = workspace.run(&["compile"], 1);
        assert_eq!(reported.codes(), ["error[foreign-file]"], "{name}");
        assert!(words(reported.only("foreign-file")).contains(&file), "{}", reported.text);
        fs::remove_file(workspace.root.join(&file)).unwrap();
    }
    // Terraform reads no file whose name starts with a dot.
    for name in [".extra.tf", ".terraform.lock.hcl", "README.md", "main.tf.orig", "tofu.json", "terraform.tfstate"] {
        workspace.write(&format!("generated/shop/dev/{name}"), "{}\n");
        assert!(workspace.compile().codes().is_empty(), "{name}");
        assert!(workspace.run(&["compile", "--check"], 0).differences().is_empty(), "{name}");
    }
}

#[test]
fn writing_over_an_edited_backend_moves_no_state() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &without(SHOP, "  production: {}\n"))]);
    workspace.compile();
    let backend = workspace.generated("shop/dev/backend.tf");
    let edit = |from: &str, to: &str| workspace.write("generated/shop/dev/backend.tf", &backend.replace(from, to));
    // The place was edited: nobody knows which of both has the state.
    edit("\"states\"", "\"others\"");
    assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[hand-edited-file]"]);
    let before = workspace.tree();
    let reported = workspace.run(&["compile", "--overwrite"], 1);
    let said = words(reported.only("state-key-changed"));
    assert!(said.contains("on disk `bucket = others`, now `bucket = states`") && said.contains("edited by hand"), "{said}");
    assert_eq!(workspace.tree(), before);
    // Something else was edited, while the place changes.
    edit("key ", "encrypt = true\n    key ");
    workspace.platform(&PLATFORM.replace("states", "others"));
    assert_eq!(workspace.run(&["compile", "--overwrite"], 1).codes(), ["error[state-key-changed]"]);
    // The text is no backend any more, while the place changes.
    edit("backend \"s3\" {", "backend {");
    let reported = workspace.run(&["compile", "--overwrite"], 1);
    assert!(words(reported.only("state-key-changed")).contains("cannot be read"), "{}", reported.text);
    // Where the place stays, all of this is written over.
    workspace.platform(PLATFORM);
    for (from, to) in [("key ", "encrypt = true\n    key "), ("backend \"s3\" {", "backend {")] {
        edit(from, to);
        assert!(workspace.run(&["compile", "--overwrite"], 0).codes().is_empty());
        assert_eq!(workspace.generated("shop/dev/backend.tf"), backend);
    }
}

#[test]
fn what_destroys_a_deployment_is_as_trusted_as_what_built_it() {
    // Each file that a tombstone keeps, and an edit of it.
    for (name, from, to) in
        [("backend.tf", "states", "others"), ("versions.tf", "~> 6.0", "~> 5.0"), ("providers.tf", "eu-west-1", "eu-west-2")]
    {
        let workspace = shop();
        let file = format!("generated/shop/dev/{name}");
        let made = workspace.generated(&format!("shop/dev/{name}"));
        let (line, body) = made.split_once('\n').unwrap();
        assert!(body.contains(from), "{name}");
        workspace.write(&file, &format!("{line}\n{}", body.replace(from, to)));
        workspace.document("shop/variables.yml", &without(SHOP, "  dev: {}\n"));
        let before = workspace.tree();
        for call in [&["compile"][..], &["compile", "--overwrite"]] {
            let reported = workspace.run(call, 1);
            assert_eq!(reported.codes(), ["error[hand-edited-file]", "warning[deployment-removed]"], "{name} by {call:?}");
            assert_eq!(workspace.tree(), before, "{name} by {call:?}");
        }
        workspace.write(&file, "# mine\n");
        let reported = workspace.run(&["compile", "--overwrite"], 1);
        assert_eq!(reported.codes(), ["error[foreign-file]", "warning[deployment-removed]"], "{name}");
        workspace.write(&file, &made);
        workspace.compile();
        assert_eq!(workspace.files("shop/dev"), TOMBSTONE);
    }
}

#[test]
fn an_interrupted_root_stays_guarded_until_its_customer_is_free_of_errors() {
    let workspace = shop();
    let clean = workspace.tree();
    let header = workspace.generated("shop/dev/main.tf").lines().next().unwrap().to_owned();
    // The guard as a run writes it: its digest is over what follows.
    let guard = "terraform {\n  required_version = \"< 0.0.1\"\n}\n";
    let digest = header.rsplit('=').next().unwrap();
    let header = header.replace(digest, &terralet_core::emit::body_digest(guard));
    workspace.write("generated/shop/dev/interrupted.tf", &format!("{header}\n{guard}"));
    assert_eq!(workspace.run(&["compile", "--check"], 3).differences(), ["generated/shop/dev/interrupted.tf: interrupted"]);
    workspace.document("shop/variables.yml", "regoin: nowhere\n");
    workspace.run(&["compile"], 1);
    assert!(workspace.files("shop/dev").contains(&"interrupted.tf".to_owned()));
    workspace.document("shop/variables.yml", SHOP);
    workspace.compile();
    assert_eq!(workspace.tree(), clean);
}

#[test]
fn the_exit_status_says_what_kind_of_trouble_there_is() {
    let workspace = shop();
    workspace.run(&["compile"], 0);
    workspace.run(&["compile", "--check"], 0);
    workspace.write("generated/shop/dev/extra.tf", "");
    workspace.run(&["compile", "--check"], 3);
    // An error in the documents goes before a difference, and the platform's before both.
    workspace.document("cafe/variables.yml", "regoin: nowhere\n");
    workspace.run(&["compile", "--check"], 1);
    workspace.run(&["compile"], 1);
    workspace.platform("state: {backend: floppy}");
    workspace.run(&["compile", "--check"], 2);
    workspace.run(&["compile", "--no-such-option"], 2);
    workspace.run(&["compile", "no/such/place"], 2);
}
