//! Trees that somebody or something damaged: nothing is forgotten, and nothing of one deployment becomes another's (state-keys.md, "Who owns
//! a key").

use crate::harness::workspace::{PLATFORM, TOMBSTONE, WHOLE, Workspace, words};
use std::fs;

fn document(project: &str, environments: &str) -> String {
    let network = project.bytes().fold(0_u8, u8::wrapping_add);
    format!("project_name: {project}\nregion: eu-west-1\nnetworking: {{vpc_cidr: 10.{network}.0.0/16}}\nenvironments: {{{environments}}}\n")
}

/// A repository with two environments, compiled.
fn acme() -> Workspace {
    let workspace = Workspace::new(PLATFORM, &[("acme/variables.yml", &document("acme", "dev: {}, production: {}"))]);
    workspace.compile();
    workspace
}

fn lose(workspace: &Workspace, path: &str) {
    fs::remove_file(workspace.output().join(path)).unwrap();
}

/// Every call is stopped by one error, and changes nothing.
fn stays_lost(workspace: &Workspace, calls: &[(&[&str], i32)]) {
    let before = workspace.tree();
    for (call, status) in calls {
        let reported = workspace.run(call, *status);
        assert_eq!(reported.codes(), ["error[state-key-changed]"], "{call:?}");
        let lost = words(reported.only("state-key-changed"));
        assert!(lost.contains("acme/dev in eu-west-1") && lost.contains("generated/acme/dev/backend.tf"), "{lost}");
        assert!(lost.contains("restore it from an earlier version of the tree"), "{lost}");
        assert!(workspace.tree() == before, "{call:?} changed the tree");
    }
}

const EVERY_CALL: [(&[&str], i32); 4] =
    [(&["compile"], 1), (&["compile", "--overwrite"], 1), (&["compile", "customers/acme"], 1), (&["compile", "--check"], 3)];

#[test]
fn a_root_that_goes_without_its_backend_is_not_forgotten() {
    let workspace = acme();
    let backend = workspace.generated("acme/dev/backend.tf");
    workspace.document("acme/variables.yml", &document("acme", "production: {}"));
    lose(&workspace, "acme/dev/backend.tf");
    stays_lost(&workspace, &EVERY_CALL);
    assert!(workspace.output().join("acme/dev/main.tf").is_file());
    // The way out: the file comes back.
    workspace.write("generated/acme/dev/backend.tf", &backend);
    assert_eq!(workspace.compile().codes(), ["warning[deployment-removed]"]);
    assert_eq!(workspace.files("acme/dev"), TOMBSTONE);
}

#[test]
fn a_tombstone_without_its_backend_is_not_forgotten() {
    let workspace = acme();
    let backend = workspace.generated("acme/dev/backend.tf");
    workspace.document("acme/variables.yml", &document("acme", "production: {}"));
    workspace.compile();
    lose(&workspace, "acme/dev/backend.tf");
    stays_lost(&workspace, &EVERY_CALL);
    let before = workspace.tree();
    for call in [&["prune", "--all"][..], &["prune", "acme/dev"], &["prune", "--all", "--dry-run"]] {
        let said = workspace.run(call, 1).text;
        assert!(said.contains("`generated/acme/dev` stays: `generated/acme/dev/backend.tf` is missing"), "{said}");
        assert!(workspace.tree() == before, "{call:?}");
    }
    // Where no earlier version of the tree is left: the deployment comes back, its file is written, and it goes again.
    workspace.document("acme/variables.yml", &document("acme", "dev: {}, production: {}"));
    assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[state-key-changed]"]);
    workspace.run(&["compile", "--overwrite"], 0);
    assert_eq!(workspace.generated("acme/dev/backend.tf"), backend);
    workspace.document("acme/variables.yml", &document("acme", "production: {}"));
    assert_eq!(workspace.compile().codes(), ["warning[deployment-removed]"]);
    workspace.run(&["prune", "acme/dev"], 0);
    assert!(!workspace.output().join("acme/dev").exists());
}

#[test]
fn who_left_is_not_forgotten_without_a_backend() {
    for present in [true, false] {
        let workspace = acme();
        workspace.platform(&format!("{PLATFORM}\nregistry: {{acme: {{customer_id: acme, offboarded: true}}}}"));
        if !present {
            fs::remove_dir_all(workspace.root.join("customers/acme")).unwrap();
        }
        lose(&workspace, "acme/dev/backend.tf");
        for _ in 0..2 {
            let reported = workspace.run(&["compile", "--overwrite"], 1);
            assert_eq!(reported.codes(), ["error[state-key-changed]", "warning[deployment-removed]"]);
            assert!(words(reported.only("state-key-changed")).contains("acme/dev"), "{}", reported.text);
            assert!(workspace.output().join("acme/dev/main.tf").is_file());
        }
        workspace.run(&["prune", "acme/dev"], 2);
        assert!(workspace.output().join("acme/dev/main.tf").is_file());
    }
}

#[test]
fn what_a_root_says_that_moved_is_not_the_place_of_another() {
    for done in [false, true] {
        let workspace = acme();
        let backend = workspace.generated("acme/production/backend.tf");
        workspace.platform(&PLATFORM.replace("states", "others"));
        workspace.run(&["move", "acme/dev", "acme/dev"], 0);
        if done {
            workspace.run(&["move", "--done", "acme/dev"], 0);
        }
        lose(&workspace, "acme/production/backend.tf");
        let before = workspace.tree();
        for (call, status) in [(&["compile"][..], 1), (&["compile", "customers/acme"], 1), (&["compile", "--check"], 3)] {
            let reported = workspace.run(call, status);
            assert_eq!(reported.codes(), ["error[state-key-changed]"]);
            assert!(words(reported.only("state-key-changed")).contains("generated/acme/production/backend.tf"), "{}", reported.text);
            assert!(workspace.tree() == before, "{call:?}");
        }
        // With the file, the root moves as the other did.
        workspace.write("generated/acme/production/backend.tf", &backend);
        let reported = workspace.run(&["compile"], 1);
        assert!(words(reported.only("state-key-changed")).contains("terralet move acme/production acme/production"), "{}", reported.text);
        assert_eq!(workspace.files("acme/production"), WHOLE);
    }
}

/// Two customers in a tree of one prefix each; `zevil` has an environment that comes and goes.
fn two() -> Workspace {
    let documents = [
        ("victim/variables.yml", document("victim", "production: {}")),
        ("zevil/variables.yml", document("zevil", "dev: {}, staging: {}")),
    ];
    let workspace = Workspace::new(PLATFORM, &documents.each_ref().map(|(path, text)| (*path, text.as_str())));
    workspace.compile();
    workspace
}

/// A file of one root is put into another, and the deployment that it names stays or goes.
#[test]
fn a_file_that_was_put_into_another_root_makes_nothing_of_it() {
    for name in WHOLE {
        for goes in [false, true] {
            let workspace = two();
            let own = workspace.generated(&format!("victim/production/{name}"));
            workspace.write(&format!("generated/victim/production/{name}"), &workspace.generated(&format!("zevil/staging/{name}")));
            if goes {
                workspace.document("zevil/variables.yml", &document("zevil", "dev: {}"));
            }
            let before = workspace.tree();
            let file = format!("generated/victim/production/{name}");
            for call in [&["compile"][..], &["compile", "--overwrite"], &["compile", "customers/victim"]] {
                let reported = workspace.run(call, 1);
                let foreign = reported.only("foreign-file");
                assert_eq!(foreign["customer"], "victim", "{name}");
                assert!(words(foreign).contains(&file) && !words(foreign).contains("zevil"), "{}", words(foreign));
                let removed = goes && !call.contains(&"customers/victim");
                let codes: &[&str] =
                    if removed { &["error[foreign-file]", "warning[deployment-removed]"] } else { &["error[foreign-file]"] };
                assert_eq!(reported.codes(), codes, "{name}: {}", reported.text);
                let tree = workspace.tree();
                let of_victim = |(path, _): &(&String, &String)| path.starts_with("victim/");
                assert!(tree.iter().filter(of_victim).eq(before.iter().filter(of_victim)), "{name}: {call:?}");
                assert_eq!(workspace.files("zevil/staging"), if goes { &TOMBSTONE[..] } else { &WHOLE });
            }
            let checked = workspace.run(&["compile", "customers/victim", "--check"], 3);
            assert_eq!(checked.differences(), [format!("{file}: foreign")]);
            assert!(!checked.text.contains("zevil"), "{}", checked.text);
            // The way out.
            workspace.write(&file, &own);
            assert!(workspace.run(&["compile", "customers/victim"], 0).codes().is_empty());
        }
    }
}

#[test]
fn a_file_of_another_customer_keeps_a_root_from_becoming_a_tombstone() {
    for name in WHOLE {
        let workspace = two();
        let own = workspace.generated(&format!("zevil/staging/{name}"));
        let file = format!("generated/zevil/staging/{name}");
        workspace.write(&file, &workspace.generated(&format!("victim/production/{name}")));
        workspace.document("zevil/variables.yml", &document("zevil", "dev: {}"));
        let before = workspace.tree();
        let reported = workspace.run(&["compile"], 1);
        let foreign = reported.only("foreign-file");
        assert_eq!(foreign["customer"], "zevil", "{name}: {}", reported.text);
        assert!(words(foreign).contains(&file), "{}", words(foreign));
        assert!(workspace.tree() == before, "{name}");
        // Nor is it moved away, or pruned as a tombstone.
        workspace.run(&["move", "zevil/staging", "zevil/dev"], 2);
        assert!(workspace.tree() == before, "{name}");
        workspace.write(&file, &own);
        workspace.compile();
        assert_eq!(workspace.files("zevil/staging"), TOMBSTONE);
        if TOMBSTONE.contains(&name) {
            workspace.write(&file, &workspace.generated(&format!("victim/production/{name}")));
            assert!(workspace.run(&["prune", "zevil/staging"], 1).text.contains(&format!("`{file}` is not as terralet made it")));
            assert_eq!(workspace.run(&["compile"], 1).only("foreign-file")["customer"], "zevil");
        }
    }
}

/// Within one repository too: with a `backend.tf` from elsewhere, a move in place would take the state of another deployment.
#[test]
fn a_file_of_another_root_of_the_repository_is_foreign() {
    for name in WHOLE {
        for goes in [false, true] {
            let workspace = acme();
            workspace.write(&format!("generated/acme/production/{name}"), &workspace.generated(&format!("acme/dev/{name}")));
            if goes {
                workspace.document("acme/variables.yml", &document("acme", "production: {}"));
            }
            let before = workspace.tree();
            let reported = workspace.run(&["compile"], 1);
            assert!(words(reported.only("foreign-file")).contains(&format!("generated/acme/production/{name}")), "{}", reported.text);
            assert!(!reported.codes().iter().any(|code| code.contains("state-key-changed")), "{}", reported.text);
            workspace.run(&["move", "acme/production", "acme/production"], 2);
            assert!(workspace.tree() == before, "{name}");
        }
    }
}

/// A run over one customer may be read by it: what stands below another's prefix is none of its business.
#[test]
fn a_run_over_a_part_shows_nothing_below_the_prefix_of_another() {
    let platform = "state: {backend: s3, layout: service, config: {bucket: states, region: us-east-1}}";
    let of = |id: &str, project: &str| format!("customer_id: {id}\n{}", document(project, "production: {}"));
    let workspace =
        Workspace::new(platform, &[("victim/variables.yml", &of("vic", "victim")), ("zevil/variables.yml", &of("zev", "zevil"))]);
    workspace.compile();
    workspace.write("generated/vic/notes/a.tfvars", "canary = 1\n");
    // And in a directory that the other one comes to want.
    workspace.write("generated/vic/app-service/dev/b.tfvars", "canary = 2\n");
    std::os::unix::fs::symlink(workspace.root.join("customers"), workspace.output().join("vic/away")).unwrap();
    workspace.document("zevil/variables.yml", &of("vic", "zevil").replace("production: {}", "dev: {}"));
    let before = workspace.tree();
    for call in [&["compile", "customers/zevil"][..], &["compile", "--customer", "zevil"], &["compile", "customers/zevil", "--check"]] {
        let said = workspace.run(call, 1).text;
        for secret in ["canary", "tfvars", "vic/away", "vic/notes"] {
            assert!(!said.contains(secret), "{call:?}: {said}");
        }
        assert!(workspace.tree() == before, "{call:?}");
    }
    // Whose prefix it is, and the operator, hear of it.
    for call in [&["compile", "customers/victim"][..], &["compile"]] {
        let said = workspace.run(call, 1).text;
        assert!(said.contains("generated/vic/notes/a.tfvars") && said.contains("generated/vic/away"), "{call:?}: {said}");
    }
}
