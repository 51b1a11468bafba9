//! `terralet move`: a state that would move stops a compile; the move stages the new root, prints the steps, and holds the tree still until
//! they are taken. Which steps those are in real Terraform, `tests/terraform/moves.rs` shows; that it may die anywhere, `moves_killed.rs`.

use crate::harness::moves::{API, BY_REGION, assert_clean, moves, refused, stage};
use crate::harness::workspace::{PLATFORM, Reported, SHOP, WHOLE, Workspace, without, words};
use std::fs;

const STAGED: [&str; 6] = ["backend.tf", "main.tf", "moved.tf", "outputs.tf", "providers.tf", "versions.tf"];

fn shop() -> Workspace {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    workspace
}

/// The commands of one move, in order.
fn commands(reported: &Reported, index: usize, part: &str) -> Vec<String> {
    let steps = reported.json["moves"][index][part].as_array().unwrap();
    steps.iter().filter_map(|step| step["command"].as_str().map(str::to_owned)).collect()
}

#[test]
fn a_shared_root_takes_its_services_along() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP), ("shop/api-vars.yml", API)]);
    workspace.compile();
    let (old, old_api) = (workspace.generated("shop/dev/backend.tf"), workspace.generated("shop/dev/api-service/backend.tf"));
    workspace.platform(BY_REGION);
    let reported = workspace.run(&["compile"], 1);
    assert_eq!(reported.codes(), ["error[state-key-changed]", "error[state-key-changed]"]);
    assert!(reported.text.contains("run `terralet move shop/dev shop/eu-west-1/dev`"), "{}", reported.text);

    let reported = stage(&workspace, "shop/dev", "shop/eu-west-1/dev");
    assert_eq!(moves(&reported), ["shop/dev -> shop/eu-west-1/dev", "shop/dev/api-service -> shop/eu-west-1/dev/api-service"]);
    assert_eq!(workspace.files("shop/eu-west-1/dev"), STAGED);
    assert_eq!(workspace.files("shop/dev"), ["moved.tf"]);
    assert_eq!(workspace.files("shop/dev/api-service"), ["moved.tf"]);
    // What a service reads of its shared root follows.
    assert!(workspace.generated("shop/eu-west-1/dev/api-service/data.tf").contains("shop/eu-west-1/dev/terraform.tfstate"));
    // The old places are remembered as they were written.
    assert_eq!(workspace.generated("shop/eu-west-1/dev/.moved/backend.tf"), old);
    assert_eq!(workspace.generated("shop/eu-west-1/dev/api-service/.moved/backend.tf"), old_api);
    // Every command stands in the record that a reviewer sees, word for word.
    for (index, directory) in ["shop/eu-west-1/dev", "shop/eu-west-1/dev/api-service"].iter().enumerate() {
        let record = workspace.generated(&format!("{directory}/.moved/README.md"));
        for command in commands(&reported, index, "steps").iter().chain(&commands(&reported, index, "undo")) {
            assert!(record.contains(&format!("    {command}\n")), "{command} is not in\n{record}");
        }
        assert!(record.contains("`key = shop/dev"), "{record}");
    }
    let states = |reported: &Reported| -> Vec<String> {
        let roots = reported.json["roots"].as_array().unwrap();
        roots.iter().map(|root| format!("{} {}", root["directory"].as_str().unwrap(), root["state"].as_str().unwrap())).collect()
    };
    assert_eq!(states(&workspace.run(&["list"], 0)), ["shop/eu-west-1/dev moving", "shop/eu-west-1/dev/api-service moving"]);
    assert!(workspace.run(&["prune", "--all"], 0).text.contains("no tombstones"));

    // Said again, it says the same and writes nothing.
    let before = workspace.tree();
    let again = workspace.run(&["move", "shop/dev", "shop/eu-west-1/dev"], 0);
    assert_eq!((moves(&again), again.json["moves"].clone()), (moves(&reported), reported.json["moves"].clone()));
    assert_eq!(workspace.tree(), before);

    workspace.run(&["move", "--done", "shop/eu-west-1/dev", "shop/eu-west-1/dev/api-service"], 0);
    assert_eq!(workspace.files("shop/eu-west-1/dev"), WHOLE);
    assert!(!workspace.output().join("shop/dev").exists());
    assert!(!workspace.output().join("shop/eu-west-1/dev/.moved").exists());
    assert_clean(&workspace);
    assert_eq!(states(&workspace.run(&["list"], 0)), ["shop/eu-west-1/dev live", "shop/eu-west-1/dev/api-service live"]);
}

#[test]
fn a_backend_that_changes_moves_in_place() {
    let workspace = shop();
    let old = workspace.generated("shop/dev/backend.tf");
    workspace.platform(&PLATFORM.replace("states", "others"));
    let reported = workspace.run(&["compile"], 1);
    assert!(words(reported.only("state-key-changed")).contains("run `terralet move shop/dev shop/dev`"), "{}", reported.text);
    let reported = stage(&workspace, "shop/dev", "shop/dev");
    assert_eq!(workspace.files("shop/dev"), STAGED);
    assert_eq!(workspace.generated("shop/dev/.moved/backend.tf"), old);
    assert!(workspace.generated("shop/dev/backend.tf").contains("others"));
    assert!(workspace.generated("shop/dev/moved.tf").contains("\"others\""));
    assert!(commands(&reported, 0, "steps").contains(&"aws s3 rm --region us-east-1 s3://states/shop/dev/terraform.tfstate".to_owned()));
    assert!(commands(&reported, 0, "undo").contains(&"aws s3 rm --region us-east-1 s3://others/shop/dev/terraform.tfstate".to_owned()));
    let again = workspace.run(&["move", "shop/dev", "shop/dev"], 0);
    assert_eq!(again.json["moves"], reported.json["moves"]);

    // Not on to a third place: the state may still be in the first.
    workspace.platform(&PLATFORM.replace("states", "third"));
    assert!(refused(&workspace, &["move", "shop/dev", "shop/dev"]).contains("is itself being moved there"));
    // And back, with both places known all along.
    workspace.platform(PLATFORM);
    workspace.run(&["compile"], 1);
    stage(&workspace, "shop/dev", "shop/dev");
    assert_eq!(workspace.generated("shop/dev/backend.tf"), old);
    assert!(workspace.generated("shop/dev/.moved/backend.tf").contains("others"));
    workspace.run(&["move", "--done", "shop/dev"], 0);
    assert_eq!(workspace.files("shop/dev"), WHOLE);
    assert_clean(&workspace);
    assert!(refused(&workspace, &["move", "shop/dev", "shop/dev"]).contains("there is nothing to move"));
}

#[test]
fn a_local_path_is_seen_from_where_the_old_place_is_remembered() {
    let workspace = Workspace::new("state: {config: {path: '../s t'}}", &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    workspace.platform("state: {layout: region, config: {path: '../s t'}}");
    let reported = stage(&workspace, "shop/dev", "shop/eu-west-1/dev");
    let remembered = workspace.generated("shop/eu-west-1/dev/.moved/backend.tf");
    assert!(remembered.contains("path = \"../../../dev/../s t/shop/dev/terraform.tfstate\""), "{remembered}");
    assert!(
        commands(&reported, 0, "steps").contains(&"rm 'generated/shop/s t/shop/dev/terraform.tfstate'".to_owned()),
        "{}",
        reported.text
    );
    // An absolute path is the same from everywhere.
    let workspace = Workspace::new("state: {config: {path: /srv/states}}", &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let old = workspace.generated("shop/dev/backend.tf");
    workspace.platform("state: {layout: region, config: {path: /srv/states}}");
    stage(&workspace, "shop/dev", "shop/eu-west-1/dev");
    assert_eq!(workspace.generated("shop/eu-west-1/dev/.moved/backend.tf"), old);
}

#[test]
fn the_other_backends_have_commands_of_their_own() {
    let cases = [
        (
            "azurerm",
            "storage_account_name: one, container_name: c",
            "az storage blob delete --account-name one --container-name c --name shop/dev/terraform.tfstate",
        ),
        ("gcs", "bucket: b", "gcloud storage rm gs://b/shop/dev/default.tfstate"),
        (
            "s3",
            "bucket: b, region: us-east-1, endpoint: 'https://s3.test/?a b'",
            "aws s3 rm --region us-east-1 --endpoint-url 'https://s3.test/?a b' s3://b/shop/dev/terraform.tfstate",
        ),
    ];
    for (backend, config, expected) in cases {
        let platform = format!("state: {{backend: {backend}, config: {{{config}}}}}");
        let workspace = Workspace::new(&platform, &[("shop/variables.yml", SHOP)]);
        workspace.compile();
        workspace.platform(&platform.replace("config", "layout: region, config"));
        let reported = stage(&workspace, "shop/dev", "shop/eu-west-1/dev");
        assert!(commands(&reported, 0, "steps").contains(&expected.to_owned()), "{}", reported.text);
    }
}

#[test]
fn an_environment_that_got_another_name_keeps_its_state_when_a_person_says_so() {
    let workspace = shop();
    workspace.document("shop/variables.yml", &SHOP.replace("dev", "staging"));
    let reported = workspace.run(&["move", "shop/dev", "shop/staging"], 0);
    assert_eq!(moves(&reported), ["shop/dev -> shop/staging"]);
    assert_clean(&workspace);
    assert_eq!(workspace.files("shop/staging"), STAGED);
    assert_eq!(workspace.files("shop/dev"), ["moved.tf"]);
    workspace.run(&["move", "--done", "shop/staging"], 0);
    assert!(!workspace.output().join("shop/dev").exists());
    assert_clean(&workspace);

    // A compile that came first has made a tombstone and a new root; where that was never applied, it makes room.
    let workspace = shop();
    workspace.document("shop/variables.yml", &SHOP.replace("dev", "staging"));
    let reported = workspace.compile();
    assert!(words(reported.only("deployment-removed")).contains("`terralet move shop/dev ADDRESS`"), "{}", reported.text);
    let said = refused(&workspace, &["move", "shop/dev", "shop/staging"]);
    assert!(said.contains("`generated/shop/staging` is a root already, of shop/staging in eu-west-1"), "{said}");
    assert!(said.contains("if it was never applied, remove `generated/shop/staging` from the tree"), "{said}");
    fs::remove_dir_all(workspace.output().join("shop/staging")).unwrap();
    stage(&workspace, "shop/dev", "shop/staging");
    assert_eq!(workspace.files("shop/dev"), ["moved.tf"]);
}

#[test]
fn a_service_that_got_another_name_keeps_its_state_when_a_person_says_so() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP), ("shop/api-vars.yml", API)]);
    workspace.compile();
    workspace.forget("shop/api-vars.yml");
    workspace.document("shop/web-vars.yml", API);
    let reported = workspace.run(&["move", "shop/dev/api-service", "shop/dev/web-service"], 0);
    // The names in the cloud are made of it: what that does is reported, as a compile would report it of a root that stays.
    assert!(
        words(reported.only("destructive-change")).contains("`name` of shop/dev in eu-west-1, service web changes from"),
        "{}",
        reported.text
    );
    assert_clean(&workspace);
    assert_eq!(workspace.files("shop/dev"), WHOLE);
    assert_eq!(workspace.files("shop/dev/api-service"), ["moved.tf"]);
}

#[test]
fn a_renamed_repository_moves_when_the_registry_says_so() {
    let workspace = shop();
    fs::rename(workspace.root.join("customers/shop"), workspace.root.join("customers/store")).unwrap();
    let said = refused(&workspace, &["move", "shop/dev", "store/dev"]);
    assert!(said.contains("the repository `shop`, whose root `shop/dev` is, is gone") && said.contains("`formerly`"), "{said}");
    let registry = "registry: {store: {customer_id: shop, formerly: shop}}";
    workspace.platform(&format!("{PLATFORM}\n{registry}"));
    stage(&workspace, "shop/dev", "store/dev");
    assert!(workspace.generated("store/dev/main.tf").contains("repository=store"));
    // Another repository that gets the old name does not get the old key, whichever part of the workspace a run covers.
    workspace.document("shop/variables.yml", &SHOP.replace("10.0.", "10.9."));
    workspace.platform(&format!("{PLATFORM}\nregistry: {{store: {{customer_id: store, formerly: shop}}}}"));
    let before = workspace.tree();
    let calls: [&[&str]; 4] =
        [&["compile"], &["compile", "customers/shop"], &["compile", "--shard", "1/2"], &["compile", "--shard", "2/2"]];
    let mut stopped = 0;
    for call in calls {
        let mut arguments = call.to_vec();
        arguments.extend(["--format", "json"]);
        let output = crate::harness::terralet(&workspace.root, &arguments);
        stopped += usize::from(output.status.code() == Some(1));
        assert_eq!(workspace.tree().get("shop/dev/moved.tf"), before.get("shop/dev/moved.tf"), "{call:?}");
        assert!(!workspace.output().join("shop/dev/main.tf").exists(), "{call:?}");
    }
    assert!(stopped >= 3, "only {stopped} runs were stopped");
}

/// A repository that was renamed without a word, whose new root a run has written before the registry got `formerly`.
fn renamed(platform: &str) -> Workspace {
    let workspace = Workspace::new(platform, &[("shop/variables.yml", SHOP), ("shop/api-vars.yml", API)]);
    workspace.compile();
    fs::rename(workspace.root.join("customers/shop"), workspace.root.join("customers/store")).unwrap();
    let reported = workspace.run(&["compile"], 1);
    let missing = words(reported.only("customer-missing"));
    assert!(missing.contains("`{customer_id: shop, formerly: shop}`") && missing.contains("terralet move"), "{missing}");
    assert_eq!(workspace.files("store/dev"), WHOLE);
    workspace.platform(&format!("{platform}\nregistry: {{store: {{customer_id: shop, formerly: shop}}}}"));
    workspace
}

#[test]
fn a_renamed_repository_moves_over_the_root_that_a_run_has_written() {
    let workspace = renamed(PLATFORM);
    let reported = workspace.run(&["compile"], 1);
    assert!(reported.text.contains("terralet move shop/dev store/dev"), "{}", reported.text);
    let reported = stage(&workspace, "shop/dev", "store/dev");
    assert_eq!(moves(&reported), ["shop/dev -> store/dev", "shop/dev/api-service -> store/dev/api-service"]);
    assert!(reported.codes().is_empty(), "with the id that the help names nothing is replaced: {}", reported.text);
    assert_eq!(workspace.files("store/dev"), STAGED);
    assert_eq!(workspace.files("shop/dev"), ["moved.tf"]);
    // Nothing may be in the new place: the steps ask it before they put anything there.
    let steps = commands(&reported, 0, "steps");
    let asks =
        steps.iter().position(|step| step == "! terraform -chdir=generated/store/dev state list | grep .").expect("a step that asks");
    let puts = steps.iter().position(|step| step.contains("state push")).unwrap();
    assert!(asks < puts, "{steps:?}");
    assert!(workspace.generated("store/dev/.moved/README.md").contains(&steps[asks]));
    // Run again, it gives the same steps and writes nothing.
    let before = workspace.tree();
    assert_eq!(workspace.run(&["move", "shop/dev", "store/dev"], 0).json["moves"], reported.json["moves"]);
    assert_eq!(workspace.tree(), before);
    workspace.run(&["move", "--done", "store/dev", "store/dev/api-service"], 0);
    assert_clean(&workspace);
    assert!(!workspace.output().join("shop").exists());
}

#[test]
fn a_root_that_may_have_been_applied_is_not_staged_over() {
    // A file that was edited is not as terralet made it.
    let workspace = renamed(PLATFORM);
    let main = workspace.generated("store/dev/main.tf");
    workspace.write("generated/store/dev/main.tf", &format!("{main}# mine\n"));
    assert!(refused(&workspace, &["move", "shop/dev", "store/dev"]).contains("`generated/store/dev/main.tf` was edited by hand"));
    workspace.write("generated/store/dev/main.tf", &main);
    // Its backend is elsewhere: that place would be forgotten.
    workspace.platform(&format!("{}\nregistry: {{store: {{formerly: shop}}}}", PLATFORM.replace("states", "others")));
    assert!(refused(&workspace, &["move", "shop/dev", "store/dev"]).contains("is a root already"));
    // A local state is there.
    let local = renamed("state: {backend: local}");
    let state = "generated/store/dev/.terralet/state/store/dev/terraform.tfstate";
    local.write(state, "{}");
    assert!(refused(&local, &["move", "shop/dev", "store/dev"]).contains("is a root already"));
    fs::remove_file(local.root.join(state)).unwrap();
    local.run(&["move", "shop/dev", "store/dev"], 0);
    // Another deployment that has the place is not the one that moves, whatever a person says.
    let other = shop();
    other.document("shop/variables.yml", &SHOP.replace("dev", "staging"));
    other.compile();
    assert!(refused(&other, &["move", "shop/dev", "shop/staging"]).contains("is a root already"));
}

#[test]
fn the_old_key_stays_taken_until_the_move_is_done() {
    // What is at `shop/dev` goes on at `shop/dev/eu-west-1`, and another deployment wants its place.
    let workspace = shop();
    workspace.document("shop/variables.yml", &SHOP.replace("  dev: {}", "  dev: {region: us-east-1}"));
    workspace.document("shop/eu-west-1-variables.yml", "networking: {vpc_cidr: 10.3.0.0/16}\nenvironments: {dev: {}}\n");
    let reported = workspace.run(&["move", "shop/dev", "shop/dev/eu-west-1"], 0);
    assert!(words(reported.only("destructive-change")).contains("`vpc_cidr`"), "{}", reported.text);
    let before = workspace.tree();
    for call in [&["compile"][..], &["compile", "customers/shop"]] {
        let reported = workspace.run(call, 1);
        let said = words(reported.only("state-key-changed"));
        assert!(
            said.contains("the state at `shop/dev/terraform.tfstate` is being moved to `shop/dev/eu-west-1/terraform.tfstate`"),
            "{said}"
        );
        assert!(said.contains("`terralet move --done shop/dev/eu-west-1`"), "{said}");
    }
    workspace.run(&["compile", "--check"], 3);
    workspace.run(&["compile", "--overwrite"], 1);
    assert_eq!(workspace.tree(), before);
    workspace.run(&["move", "--done", "shop/dev/eu-west-1"], 0);
    workspace.compile();
    assert_eq!(workspace.files("shop/dev"), WHOLE);
    assert!(workspace.generated("shop/dev/main.tf").contains("region=us-east-1"));
}

#[test]
fn a_move_can_be_taken_back() {
    let workspace = shop();
    let clean = workspace.tree();
    workspace.platform(BY_REGION);
    stage(&workspace, "shop/dev", "shop/eu-west-1/dev");
    workspace.platform(&PLATFORM.replace("states", "others"));
    assert!(refused(&workspace, &["move", "shop/eu-west-1/dev", "shop/dev"]).contains("is itself being moved there"));
    workspace.platform(PLATFORM);
    for call in [&["compile"][..], &["compile", "customers/shop"]] {
        let reported = workspace.run(call, 1);
        assert_eq!(reported.codes(), ["error[state-key-changed]"]);
        let said = words(reported.only("state-key-changed"));
        assert!(said.contains("from `shop/dev/terraform.tfstate` to `shop/eu-west-1/dev/terraform.tfstate`, and would stay"), "{said}");
        assert!(said.contains("run `terralet move shop/eu-west-1/dev shop/dev`"), "{said}");
    }
    stage(&workspace, "shop/eu-west-1/dev", "shop/dev");
    assert!(workspace.generated("shop/dev/.moved/backend.tf").contains("shop/eu-west-1/dev/terraform.tfstate"));
    assert_eq!(workspace.files("shop/eu-west-1/dev"), ["moved.tf"]);
    assert!(!workspace.output().join("shop/eu-west-1/dev/.moved").exists());
    workspace.run(&["move", "--done", "shop/dev"], 0);
    assert_eq!(workspace.tree(), clean);
}

fn says(workspace: &Workspace, old: &str, new: &str, expected: &str) {
    let said = refused(workspace, &["move", old, new]);
    assert!(said.contains(expected), "`{expected}` is not in: {said}");
}

#[test]
fn nothing_moves_that_should_not() {
    let workspace = Workspace::new(
        PLATFORM,
        &[("shop/variables.yml", SHOP), ("cafe/variables.yml", &SHOP.replace("10.0.", "10.1.").replace("shop", "cafe"))],
    );
    workspace.compile();
    says(&workspace, "shop/production", "shop/eu-west-1/dev", "`shop/production` is not a root that terralet made");
    says(&workspace, "shop/dev", "shop/dev", "nothing to move");
    says(&workspace, "shop/dev", "shop/other", "do not give shop/dev in eu-west-1 the place `shop/other`");
    let hostile = "../shop/dev|/etc|shop/../dev|shop/./dev|shop//dev|shop/$(id)|shop/a b|shop/'||shop/-x|shop/\u{202e}dev";
    for hostile in hostile.split('|') {
        says(&workspace, "shop/dev", hostile, "is not the address of a root");
        says(&workspace, hostile, "shop/dev", "is not the address of a root");
    }
    assert!(refused(&workspace, &["move", "shop/dev"]).contains("a move takes two addresses"));
    assert!(refused(&workspace, &["move", "--done", "shop/dev"]).contains("no state is being moved to `shop/dev`"));

    // A state of one repository goes to no other's root.
    workspace.platform(BY_REGION);
    says(&workspace, "shop/dev", "cafe/eu-west-1/dev", "do not give shop/dev in eu-west-1 the place");
    says(&workspace, "shop/dev", "shop/eu-west-2/dev", "they give it `shop/eu-west-1/dev`: `terralet move shop/dev shop/eu-west-1/dev`");
    // What was edited by hand, and what is not ours, would be lost.
    let backend = workspace.generated("shop/dev/backend.tf");
    workspace.write("generated/shop/dev/backend.tf", &backend.replace("states", "others"));
    says(&workspace, "shop/dev", "shop/eu-west-1/dev", "`generated/shop/dev/backend.tf` was edited by hand");
    fs::remove_file(workspace.output().join("shop/dev/backend.tf")).unwrap();
    says(&workspace, "shop/dev", "shop/eu-west-1/dev", "nobody knows where its state is");
    workspace.write("generated/shop/dev/backend.tf", &backend);
    workspace.write("generated/shop/dev/extra.tf", "# mine\n");
    says(&workspace, "shop/dev", "shop/eu-west-1/dev", "`generated/shop/dev/extra.tf` is not terralet's");
    fs::remove_file(workspace.output().join("shop/dev/extra.tf")).unwrap();
    workspace.write("generated/shop/eu-west-1/dev/main.tf", "# mine\n");
    says(&workspace, "shop/dev", "shop/eu-west-1/dev", "`generated/shop/eu-west-1/dev/main.tf` is not terralet's");
    fs::remove_dir_all(workspace.output().join("shop/eu-west-1")).unwrap();
    // Documents with errors say nothing of where their deployments are.
    workspace.document("shop/variables.yml", &SHOP.replace("region:", "regoin:"));
    assert!(workspace.run(&["move", "shop/dev", "shop/eu-west-1/dev"], 1).codes().contains(&"error[unknown-key]".to_owned()));
    // Another customer's errors are no matter.
    workspace.document("shop/variables.yml", SHOP);
    workspace.document("cafe/variables.yml", "regoin: nowhere\n");
    stage_alone(&workspace, "shop/dev", "shop/eu-west-1/dev");
    // A move that is not done is carried out before the next.
    workspace.platform(&BY_REGION.replace("region,", "service,"));
    says(&workspace, "shop/eu-west-1/dev", "shop/app-service/dev", "is itself being moved there, from `shop/dev`");
    says(&workspace, "shop/dev", "shop/app-service/dev", "the state of shop/dev in eu-west-1 is at `shop/eu-west-1/dev`");
}

fn stage_alone(workspace: &Workspace, old: &str, new: &str) {
    workspace.run(&["move", old, new], 0);
    assert_eq!(workspace.files(new), STAGED);
}

#[test]
fn nothing_moves_between_regions_kinds_and_prefixes() {
    let workspace = shop();
    workspace.document("shop/variables.yml", &SHOP.replace("  dev: {}", "  staging: {region: us-east-1}"));
    says(&workspace, "shop/dev", "shop/staging", "nothing moves between regions");
    workspace.document("shop/variables.yml", &SHOP.replace("dev", "staging"));
    workspace.document("shop/api-vars.yml", API);
    says(&workspace, "shop/dev", "shop/staging/api-service", "the state of a service's root is none for what services share");

    let by_service = "state: {backend: s3, layout: service, config: {bucket: states, region: us-east-1}}";
    let workspace = Workspace::new(
        by_service,
        &[("shop/variables.yml", SHOP), ("cafe/variables.yml", &SHOP.replace("10.0.", "10.1.").replace("dev", "staging"))],
    );
    workspace.compile();
    // `shop` claims the prefix of `cafe`, while `cafe` is away.
    fs::rename(workspace.root.join("customers/cafe"), workspace.root.join("away")).unwrap();
    workspace.document("shop/variables.yml", &format!("customer_id: cafe\n{SHOP}"));
    let reported = workspace.run(&["move", "shop/app-service/dev", "cafe/app-service/dev"], 1);
    assert!(
        words(reported.only("customer-id-conflict")).contains("the customer_id `cafe` belongs to another repository"),
        "{}",
        reported.text
    );
    workspace.document("shop/variables.yml", SHOP);
    workspace.platform(&format!("{by_service}\nregistry: {{shop: {{customer_id: cafe}}}}"));
    says(&workspace, "shop/app-service/dev", "cafe/app-service/dev", "the state prefix `cafe` belongs to the repository `cafe`");
}

#[test]
fn a_dry_run_prints_and_writes_nothing() {
    let workspace = shop();
    workspace.platform(BY_REGION);
    let before = workspace.tree();
    let dry = workspace.run(&["move", "shop/dev", "shop/eu-west-1/dev", "--dry-run"], 0);
    assert_eq!(dry.json["dry_run"], true);
    assert_eq!(workspace.tree(), before);
    let reported = workspace.run(&["move", "shop/dev", "shop/eu-west-1/dev"], 0);
    assert_eq!(dry.json["moves"], reported.json["moves"]);
    let before = workspace.tree();
    workspace.run(&["move", "--done", "shop/eu-west-1/dev", "--dry-run"], 0);
    assert_eq!(workspace.tree(), before);
}

#[test]
fn a_word_of_a_command_is_a_word_of_the_shell() {
    let workspace = shop();
    let output = "it's; touch $(x) `y`";
    workspace.run(&["compile", "--output", output], 0);
    workspace.platform(BY_REGION);
    let reported = workspace.run(&["compile", "--output", output], 1);
    let quoted = r"'it'\''s; touch $(x) `y`";
    assert!(words(reported.only("state-key-changed")).contains(&format!("terralet move --output {quoted}' shop/dev shop/eu-west-1/dev")));
    let reported = workspace.run(&["move", "--output", output, "shop/dev", "shop/eu-west-1/dev"], 0);
    // A real shell reads them: what would be run is written down word by word instead.
    let said = workspace.root.join("said");
    let words: String = ["terraform", "terralet", "aws", "rm", "cmp", "mv"].map(|name| format!("{name}() {{ say \"$@\"; }}\n")).concat();
    let prelude = format!("set -e\nsay() {{ for word; do printf '%s\\n' \"$word\" >> said; done; }}\n{words}");
    fs::create_dir_all(workspace.root.join(output).join("shop/eu-west-1/dev/.moved/.terraform")).unwrap();
    for command in commands(&reported, 0, "steps").iter().chain(&commands(&reported, 0, "undo")) {
        let _ = fs::remove_file(&said);
        let script = format!("{prelude}{command}\n");
        let run = std::process::Command::new("sh").args(["-c", &script]).current_dir(&workspace.root).output().unwrap();
        assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
        let said = fs::read_to_string(&said).unwrap();
        for word in said.lines() {
            assert!(word.contains(output) || !word.contains([' ', '$', ';', '`', '\'']), "{command} has the word {word}");
        }
        assert!(command.starts_with("aws") || said.contains(output), "{command} says {said}");
    }
}

#[test]
fn a_tombstone_whose_state_is_on_its_way_is_not_pruned() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &format!("{SHOP}  production: {{}}\n"))]);
    workspace.compile();
    workspace.platform(BY_REGION);
    for environment in ["dev", "production"] {
        workspace.run(&["move", &format!("shop/{environment}"), &format!("shop/eu-west-1/{environment}")], 0);
    }
    workspace.document("shop/variables.yml", &without(&format!("{SHOP}  production: {{}}\n"), "  dev: {}\n"));
    workspace.compile();
    assert_eq!(workspace.files("shop/eu-west-1/dev"), ["backend.tf", "moved.tf", "providers.tf", "versions.tf"]);
    let reported = workspace.run(&["prune", "--all"], 1);
    assert!(reported.text.contains("its state is still being moved"), "{}", reported.text);
    workspace.run(&["move", "--done", "shop/eu-west-1/dev"], 0);
    workspace.run(&["prune", "--all"], 0);
    assert!(!workspace.output().join("shop/eu-west-1/dev").exists());
}
