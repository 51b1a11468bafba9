//! What disappears from the documents and stays in the cloud: tombstones, `prune`, repositories that are gone (platform.md, "Identity and
//! ownership").

use crate::harness::workspace::{CAFE, PLATFORM, TOMBSTONE, WHOLE, Workspace, labels, without, words};
use std::fs;

const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
compute: {instance_type: t3.small, min_instances: 2}
environments:
  dev: {}
  production: {}
";
const SERVICE: [&str; 6] = ["backend.tf", "data.tf", "main.tf", "outputs.tf", "providers.tf", "versions.tf"];

fn shop() -> Workspace {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    workspace
}

#[test]
fn an_environment_that_goes_leaves_a_tombstone_and_comes_back_as_a_root() {
    let workspace = shop();
    let before = workspace.tree();
    workspace.document("shop/variables.yml", &without(SHOP, "  dev: {}\n"));
    let checked = workspace.run(&["compile", "--check"], 3);
    assert_eq!(checked.codes(), ["warning[deployment-removed]"]);
    assert_eq!(checked.differences(), ["generated/shop/dev/main.tf: no longer wanted", "generated/shop/dev/outputs.tf: no longer wanted"]);
    assert_eq!(workspace.tree(), before, "`--check` wrote something");

    let reported = workspace.compile();
    assert_eq!(reported.codes(), ["warning[deployment-removed]"]);
    let removed = words(reported.only("deployment-removed"));
    assert!(removed.contains("shop/dev in eu-west-1") && removed.contains("generated/shop/dev"), "{removed}");
    assert!(!removed.contains("deletion protection"), "{removed}");
    assert_eq!(workspace.files("shop/dev"), TOMBSTONE);
    for name in TOMBSTONE {
        let path = format!("shop/dev/{name}");
        assert_eq!(Some(&workspace.generated(&path)), before.get(&path), "a tombstone keeps {name} as it was");
    }
    assert_eq!(workspace.files("shop/production"), WHOLE);
    // It stays a tombstone, reported at every run, and nothing is written any more.
    let again = workspace.run(&["compile", "--check"], 0);
    assert_eq!(again.codes(), ["warning[deployment-removed]"]);

    workspace.document("shop/variables.yml", SHOP);
    assert!(workspace.compile().codes().is_empty());
    assert_eq!(workspace.tree(), before);
}

#[test]
fn a_protected_tombstone_says_what_refuses_the_apply() {
    let workspace = shop();
    workspace.document("shop/variables.yml", &without(SHOP, "  production: {}\n"));
    let reported = workspace.compile();
    let removed = words(reported.only("deployment-removed"));
    assert!(removed.contains("shop/production") && removed.contains("deletion protection"), "{removed}");
}

#[test]
fn warnings_that_are_denied_keep_the_root() {
    let workspace = shop();
    let before = workspace.tree();
    workspace.document("shop/variables.yml", &without(SHOP, "  dev: {}\n"));
    assert_eq!(workspace.run(&["compile", "--deny-warnings"], 1).codes(), ["error[deployment-removed]"]);
    assert_eq!(workspace.tree(), before);
    assert_eq!(workspace.run(&["compile", "--check", "--deny-warnings"], 1).codes(), ["error[deployment-removed]"]);
}

#[test]
fn a_region_overlay_that_leaves_an_environment_out_is_labelled() {
    let overlay = "networking: {vpc_cidr: 10.2.0.0/16}\nenvironments:\n  dev: {}\n  production: {}\n";
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP), ("shop/us-east-1-variables.yml", overlay)]);
    workspace.compile();
    assert_eq!(workspace.files("shop/dev/us-east-1"), WHOLE);
    workspace.document("shop/us-east-1-variables.yml", &without(overlay, "  dev: {}\n"));
    let reported = workspace.compile();
    assert_eq!(labels(reported.only("deployment-removed")), ["customers/shop/infra/us-east-1-variables.yml:2"]);
    assert_eq!(workspace.files("shop/dev/us-east-1"), TOMBSTONE);
    assert_eq!(workspace.files("shop/dev"), WHOLE);

    // With the overlay itself gone there is no list to point at.
    workspace.document("shop/us-east-1-variables.yml", overlay);
    workspace.compile();
    workspace.forget("shop/us-east-1-variables.yml");
    let reported = workspace.compile();
    assert_eq!(reported.codes(), ["warning[deployment-removed]", "warning[deployment-removed]"]);
    assert!(!reported.text.contains("us-east-1-variables.yml"), "{}", reported.text);
    assert_eq!(workspace.files("shop/dev/us-east-1"), TOMBSTONE);
    assert_eq!(workspace.files("shop/production/us-east-1"), TOMBSTONE);
}

#[test]
fn prune_takes_services_before_what_they_share_and_leaves_what_is_not_ours() {
    let service = "compute: {instance_type: t3.small, min_instances: 2}\n";
    let base = without(SHOP, "compute: {instance_type: t3.small, min_instances: 2}\n");
    let workspace =
        Workspace::new(PLATFORM, &[("shop/variables.yml", &base), ("shop/api-vars.yml", service), ("shop/web-vars.yml", service)]);
    workspace.compile();
    assert_eq!(workspace.files("shop/dev/api-service"), SERVICE);
    // A service goes.
    workspace.forget("shop/web-vars.yml");
    let reported = workspace.compile();
    assert_eq!(reported.codes(), ["warning[deployment-removed]", "warning[deployment-removed]"]);
    assert_eq!(workspace.files("shop/dev/web-service"), TOMBSTONE);
    assert_eq!(workspace.files("shop/dev/api-service"), SERVICE);
    // The environment goes, with what its services share.
    workspace.document("shop/variables.yml", &without(&base, "  dev: {}\n"));
    workspace.compile();
    assert_eq!(workspace.files("shop/dev"), TOMBSTONE);
    let tombstones = ["shop/dev/api-service", "shop/dev/web-service", "shop/production/web-service", "shop/dev"]
        .map(|path| format!("generated/{path}\n"));
    let before = workspace.tree();
    let said = workspace.run(&["prune", "--dry-run"], 0).text;
    assert_eq!(said, tombstones.iter().map(|path| format!("would remove {path}")).collect::<String>());
    assert_eq!(workspace.tree(), before);

    // The shared root stays while a service of it does.
    let said = workspace.run(&["prune", "shop/dev/web-service"], 0).text;
    assert_eq!(said, "removed generated/shop/dev/web-service\n");
    workspace.write("generated/shop/dev/api-service/by-hand.tf", "# mine\n");
    let said = workspace.run(&["prune", "--all"], 1).text;
    assert!(
        said.contains("`generated/shop/dev/api-service` stays: `generated/shop/dev/api-service/by-hand.tf` is not as terralet"),
        "{said}"
    );
    assert!(said.contains("`generated/shop/dev` stays: a service of shop/dev in eu-west-1 is still there"), "{said}");
    assert!(said.contains("removed generated/shop/production/web-service"), "{said}");
    assert_eq!(workspace.files("shop/dev"), TOMBSTONE);
    fs::remove_file(workspace.output().join("shop/dev/api-service/by-hand.tf")).unwrap();

    // An edited or foreign file of a tombstone is nobody's to remove; files that are not looked at survive.
    let backend = workspace.generated("shop/dev/api-service/backend.tf");
    for text in [format!("{backend}# edited\n"), "# mine\n".to_owned()] {
        workspace.write("generated/shop/dev/api-service/backend.tf", &text);
        assert!(workspace.run(&["prune", "--all"], 1).text.contains("api-service/backend.tf` is not as terralet made it"));
        assert_eq!(workspace.generated("shop/dev/api-service/backend.tf"), text);
    }
    workspace.write("generated/shop/dev/api-service/backend.tf", &backend);
    workspace.write("generated/shop/dev/.terraform.lock.hcl", "# locks\n");
    workspace.write("generated/shop/dev/notes.md", "notes\n");
    workspace.write("generated/shop/dev/terraform.tfstate", "{}\n");
    workspace.run(&["prune", "--all"], 0);
    assert_eq!(workspace.files("shop/dev"), [".terraform.lock.hcl", "notes.md", "terraform.tfstate"]);
    assert!(!workspace.output().join("shop/dev/api-service").exists());
    assert!(workspace.run(&["prune", "--all"], 0).text.contains("there are no tombstones"));
    assert!(workspace.run(&["compile"], 0).codes().is_empty());
}

#[test]
fn list_shows_what_is_on_disk_and_what_should_be() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP), ("cafe/variables.yml", CAFE)]);
    let states = |workspace: &Workspace, call: &[&str], status: i32| -> Vec<String> {
        let reported = workspace.run(call, status);
        let roots = reported.json["roots"].as_array().unwrap();
        roots.iter().map(|root| format!("{} {}", root["directory"].as_str().unwrap(), root["state"].as_str().unwrap())).collect()
    };
    let list = |status| states(&workspace, &["list"], status);
    assert_eq!(list(0), ["cafe/dev planned", "shop/dev planned", "shop/production planned"]);
    workspace.compile();
    assert_eq!(list(0), ["cafe/dev live", "shop/dev live", "shop/production live"]);
    // Another environment and one less, before and after a compile.
    workspace.document("shop/variables.yml", &SHOP.replace("  dev: {}\n", "  staging: {}\n"));
    assert_eq!(list(0), ["cafe/dev live", "shop/dev orphan", "shop/production live", "shop/staging planned"]);
    assert_eq!(states(&workspace, &["list", "customers/shop"], 0), ["shop/dev orphan", "shop/production live", "shop/staging planned"]);
    assert_eq!(states(&workspace, &["list", "customers/cafe"], 0), ["cafe/dev live"]);
    workspace.compile();
    assert_eq!(list(0), ["cafe/dev live", "shop/dev tombstone", "shop/production live", "shop/staging live"]);
    // A deployment that comes back is not there before a compile.
    workspace.document("shop/variables.yml", SHOP);
    assert_eq!(list(0), ["cafe/dev live", "shop/dev planned", "shop/production live", "shop/staging orphan"]);
    // What a repository with errors should have, nobody knows; one that is gone should have nothing.
    workspace.document("shop/variables.yml", &SHOP.replace("region:", "regoin:"));
    fs::remove_dir_all(workspace.root.join("customers/cafe")).unwrap();
    assert_eq!(list(1), ["cafe/dev orphan", "shop/dev tombstone", "shop/production unknown", "shop/staging unknown"]);
}

#[test]
fn prune_takes_what_it_prints_and_removes_nothing_unnamed() {
    let workspace = Workspace::new(
        PLATFORM,
        &[("shop/variables.yml", SHOP), ("shop/api-vars.yml", "compute: {instance_type: t3.small}\n"), ("cafe/variables.yml", CAFE)],
    );
    workspace.compile();
    assert_eq!(workspace.run(&["prune"], 0).text, "there are no tombstones\n");
    workspace.document("shop/variables.yml", &SHOP.replace("  dev: {}\n", ""));
    workspace.compile();
    let before = workspace.tree();
    let listed = workspace.run(&["prune"], 2).text;
    let paths: Vec<String> = listed.lines().filter(|line| line.starts_with("generated/")).map(str::to_owned).collect();
    assert_eq!(paths, ["generated/shop/dev/api-service", "generated/shop/dev"], "{listed}");
    assert!(listed.contains("--all"), "{listed}");
    // One unknown name, and nothing goes: neither a root, nor what is not there, nor everything by an empty name.
    for unknown in
        ["generated/shop/dve", "shop/production", "generated/cafe", "cafe/dev", "", "/", ".", "..", "../generated/shop", "modules"]
    {
        let reported = workspace.run(&["prune", "shop/dev/api-service", unknown], 2);
        assert!(reported.text.contains(&format!("`{unknown}` is ")), "{unknown}: {}", reported.text);
        assert_eq!(workspace.tree(), before, "{unknown}");
    }
    assert!(workspace.run(&["prune", "generated/shop/dve"], 2).text.contains("did you mean `generated/shop/dev`?"));
    assert!(workspace.run(&["prune", "cafe/dev"], 2).text.contains("is a root whose deployment is still there"));
    workspace.run(&["prune", "--all", "shop/dev"], 2);
    // Each as it is printed, below the output, absolute, and seen from another directory.
    let absolute = workspace.output().join("shop/dev/api-service");
    let output = workspace.output();
    let ways: [&[&str]; 5] = [
        &["prune", &paths[0]],
        &["prune", "shop/dev/api-service/"],
        &["prune", absolute.to_str().unwrap()],
        &["-C", "customers/shop", "prune", "../../generated/shop/dev/api-service"],
        &["-C", output.to_str().unwrap(), "prune", "./shop/dev/api-service"],
    ];
    for way in ways {
        workspace.run(way, 0);
        assert!(!workspace.output().join("shop/dev/api-service").exists(), "{way:?}");
        for (name, text) in before.iter().filter(|(name, _)| name.starts_with("shop/dev/api-service/")) {
            workspace.write(&format!("generated/{name}"), text);
        }
        assert_eq!(workspace.tree(), before, "{way:?}");
    }
    // A directory above them names all below it.
    workspace.run(&["prune", "generated/shop"], 0);
    assert!(!workspace.output().join("shop/dev").exists());
    assert!(workspace.output().join("cafe/dev").exists());
}

#[test]
fn a_repository_that_is_gone_is_an_error_and_nothing_is_touched() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP), ("cafe/variables.yml", CAFE)]);
    workspace.compile();
    let before = workspace.tree();
    fs::remove_dir_all(workspace.root.join("customers/shop")).unwrap();
    let reported = workspace.run(&["compile"], 1);
    assert_eq!(reported.codes(), ["error[customer-missing]"], "two roots, one mistake");
    let missing = words(reported.only("customer-missing"));
    assert!(missing.contains("generated/shop/dev") && missing.contains("and 1 more") && missing.contains("offboarded"), "{missing}");
    assert_eq!(workspace.run(&["compile", "--allow-missing"], 0).codes(), ["warning[customer-missing]"]);
    // The tree is what differs.
    assert_eq!(workspace.run(&["compile", "--check"], 3).codes(), ["error[customer-missing]"]);
    // The name of who is gone falls to runs over everything.
    assert!(workspace.run(&["compile", "customers/cafe"], 0).codes().is_empty());
    assert!(workspace.run(&["compile", "--customer", "cafe"], 0).codes().is_empty());
    assert_eq!(workspace.tree(), before);
}

#[test]
fn only_offboarding_makes_tombstones_of_a_repository() {
    let offboarded = format!("{PLATFORM}\nregistry: {{shop: {{customer_id: shop, offboarded: true}}, cafe: {{customer_id: cafe}}}}");
    for present in [true, false] {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP), ("cafe/variables.yml", CAFE)]);
        workspace.compile();
        workspace.platform(&offboarded);
        if present {
            // Its documents are of no interest any more, broken or not.
            workspace.document("shop/variables.yml", "regoin: nowhere\n");
        } else {
            fs::remove_dir_all(workspace.root.join("customers/shop")).unwrap();
        }
        // A run over another repository has nothing to do with it.
        assert!(workspace.run(&["compile", "customers/cafe"], 0).codes().is_empty());
        assert_eq!(workspace.files("shop/dev"), WHOLE);
        let reported = workspace.run(if present { &["compile", "customers/shop"] } else { &["compile"] }, 0);
        assert_eq!(reported.codes(), ["warning[deployment-removed]", "warning[deployment-removed]"]);
        assert_eq!(workspace.files("shop/dev"), TOMBSTONE);
        assert_eq!(workspace.files("shop/production"), TOMBSTONE);
        assert_eq!(workspace.files("cafe/dev"), WHOLE);
        let listed = workspace.run(&["list"], 0);
        let states: Vec<_> = listed.json["roots"].as_array().unwrap().iter().map(|root| root["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["live", "tombstone", "tombstone"]);
    }
}

/// Below a prefix that several repositories share, a run over one of them sees the roots of all.
#[test]
fn a_run_makes_tombstones_of_those_that_it_covers_alone() {
    let registry = |shop: &str| {
        format!(
            "environments: {{dev: {{}}, qa: {{}}, staging: {{}}, production: {{}}}}\nstate: {{backend: s3, layout: service, config: {{bucket: states, region: us-east-1}}}}\nregistry: {{shop: {{customer_id: acme{shop}}}, cafe: {{customer_id: acme}}}}"
        )
    };
    let cafe = CAFE.replace("dev", "staging");
    for present in [true, false] {
        let workspace = Workspace::new(&registry(""), &[("shop/variables.yml", SHOP), ("cafe/variables.yml", &cafe)]);
        workspace.compile();
        workspace.platform(&registry(", offboarded: true"));
        if !present {
            fs::remove_dir_all(workspace.root.join("customers/shop")).unwrap();
        }
        let before = workspace.tree();
        for call in [
            &["compile", "customers/cafe"][..],
            &["compile", "customers/cafe", "--allow-missing"],
            &["compile", "--customer", "cafe"],
            &["compile", "--customer", "c*", "--check"],
        ] {
            let reported = workspace.run(call, 0);
            assert!(reported.codes().is_empty(), "{call:?}: {}", reported.text);
            assert!(workspace.tree() == before, "{call:?} changed the tree");
        }
        // A new deployment next to them, for which every root below the prefix is looked at.
        workspace.document("cafe/variables.yml", &cafe.replace("{staging: {}}", "{staging: {}, qa: {}}"));
        assert!(workspace.run(&["compile", "customers/cafe"], 0).codes().is_empty());
        assert_eq!(workspace.files("acme/app-service/qa"), WHOLE);
        assert_eq!(workspace.files("acme/app-service/dev"), WHOLE);
        if present {
            workspace.run(&["compile", "--customer", "shop"], 0);
        } else {
            workspace.compile();
        }
        for environment in ["dev", "production"] {
            assert_eq!(workspace.files(&format!("acme/app-service/{environment}")), TOMBSTONE);
        }
        assert_eq!(workspace.files("acme/app-service/staging"), WHOLE);
    }
}
