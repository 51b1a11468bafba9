//! Links below the output: nothing is read or written through one, wherever it stands, wherever it leads, and whatever the run covers.

use crate::harness::workspace::{CAFE, PLATFORM, SHOP, Workspace};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

const API: &str = "compute: {instance_type: t3.small, min_instances: 2}\n";

/// Calls that look at the roots of `shop`: of the whole workspace, of a part, of a shard.
const CALLS: [&[&str]; 6] = [
    &["compile", "--overwrite"],
    &["compile", "--check"],
    &["compile", "customers/shop"],
    &["compile", "--customer", "s*", "--check"],
    &["compile", "--shard", "1/1"],
    &["compile"],
];

/// Where a link leads.
const TARGETS: [&str; 5] = ["a copy outside", "an empty place outside", "nothing outside", "another place inside", "nothing inside"];

/// What the temporary files of a run are called.
const LEFTOVER: &str = ".terralet-left.tmp";

/// What is below a directory without following links: the bytes of files, and where links lead.
fn found(below: &Path) -> BTreeMap<PathBuf, Result<Vec<u8>, PathBuf>> {
    let mut found = BTreeMap::new();
    let mut open = vec![below.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let kind = fs::symlink_metadata(&path).unwrap().file_type();
            if path.file_name().is_some_and(|name| name == ".terralet-lock" || name == "said") {
                continue;
            }
            if kind.is_symlink() {
                found.insert(path.clone(), Err(fs::read_link(&path).unwrap()));
            } else if kind.is_dir() {
                open.push(path.clone());
                found.insert(path, Ok(b"a directory".to_vec()));
            } else {
                let bytes = fs::read(&path).unwrap();
                found.insert(path, Ok(bytes));
            }
        }
    }
    found
}

/// A workspace with its tree, in which a place is a link that leads somewhere.
fn linked(place: &str, target: &str) -> Workspace {
    let documents = [("shop/variables.yml", SHOP), ("shop/api-vars.yml", API), ("cafe/variables.yml", CAFE)];
    let workspace = Workspace::new(PLATFORM, &documents);
    workspace.compile();
    let link = workspace.output().join(place);
    let outside = workspace.root.join("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("here"), "").unwrap();
    let to = match target {
        "a copy outside" | "an empty place outside" | "nothing outside" => outside.join("target"),
        _ => workspace.output().join("cafe/elsewhere"),
    };
    match (target, link.is_dir()) {
        ("a copy outside" | "another place inside", _) => fs::rename(&link, &to).unwrap(),
        ("an empty place outside", true) => {
            fs::remove_dir_all(&link).unwrap();
            fs::create_dir_all(&to).unwrap();
        }
        ("an empty place outside", false) => {
            fs::remove_file(&link).unwrap();
            fs::write(&to, "").unwrap();
        }
        (_, true) => fs::remove_dir_all(&link).unwrap(),
        (_, false) => fs::remove_file(&link).unwrap(),
    }
    if to.is_dir() && !to.starts_with(workspace.output()) {
        // What a killed run would have left here is none of ours there.
        fs::write(to.join(LEFTOVER), "").unwrap();
    }
    symlink(to, link).unwrap();
    workspace
}

#[test]
fn a_link_in_the_place_of_a_directory_stops_the_run() {
    for place in ["shop", "shop/dev", "shop/dev/api-service"] {
        for target in TARGETS {
            let workspace = linked(place, target);
            let before = found(&workspace.root);
            for call in CALLS {
                let said = workspace.run(call, 2).text;
                assert!(said.contains(&format!("generated/{place}` is a link")), "{place} to {target}, {call:?}: {said}");
                assert!(found(&workspace.root) == before, "{place} to {target}: {call:?} changed something");
            }
            // Who has nothing to do with it goes on.
            if target != "another place inside" && target != "nothing inside" {
                workspace.run(&["compile", "customers/cafe", "--check"], 0);
                workspace.document("cafe/variables.yml", &CAFE.replace("cafe\n", "corner\n"));
                workspace.run(&["compile", "customers/cafe"], 0);
                assert!(workspace.generated("cafe/dev/main.tf").contains("corner"));
            }
        }
    }
}

#[test]
fn a_link_in_the_place_of_a_directory_that_is_not_there_yet_stops_the_run() {
    for place in ["shop", "shop/staging", "shop/staging/api-service"] {
        for target in ["outside", "nowhere"] {
            let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP), ("shop/api-vars.yml", API)]);
            if place == "shop" {
                fs::create_dir_all(workspace.output()).unwrap();
            } else {
                workspace.compile();
                workspace.document("shop/variables.yml", &format!("{SHOP}  staging: {{}}\n"));
                fs::create_dir_all(workspace.output().join(place).parent().unwrap()).unwrap();
            }
            fs::create_dir_all(workspace.root.join("outside")).unwrap();
            symlink(workspace.root.join(target), workspace.output().join(place)).unwrap();
            let before = found(&workspace.root);
            for call in CALLS {
                let said = workspace.run(call, 2).text;
                assert!(said.contains(&format!("generated/{place}` is a link")), "{place} to {target}, {call:?}: {said}");
                assert!(found(&workspace.root) == before, "{place} to {target}: {call:?} changed something");
            }
        }
    }
}

#[test]
fn a_link_in_the_place_of_a_file_is_foreign() {
    for name in ["backend.tf", "main.tf", "outputs.tf", "interrupted.tf", "extra.tf", "terraform.tfvars"] {
        for target in TARGETS.iter().take(if name == "main.tf" { 5 } else { 1 }) {
            let place = format!("shop/dev/{name}");
            let documents = [("shop/variables.yml", SHOP), ("cafe/variables.yml", CAFE)];
            let workspace = Workspace::new(PLATFORM, &documents);
            workspace.compile();
            let link = workspace.output().join(&place);
            let outside = workspace.root.join("outside");
            fs::create_dir_all(&outside).unwrap();
            let to = match *target {
                "another place inside" => {
                    workspace.output().join("cafe/dev").join(if name == "main.tf" { "outputs.tf" } else { "main.tf" })
                }
                "nothing inside" => workspace.output().join("cafe/dev/nothing"),
                _ => outside.join("target.tf"),
            };
            if *target == "a copy outside" {
                // As it should be to the byte.
                fs::copy(if link.exists() { link.clone() } else { workspace.output().join("shop/dev/main.tf") }, &to).unwrap();
            } else if *target == "an empty place outside" {
                fs::write(&to, "").unwrap();
            }
            let _ = fs::remove_file(&link);
            symlink(to, &link).unwrap();
            let before = found(&workspace.root);
            for call in CALLS {
                let is_check = call.contains(&"--check");
                let reported = workspace.run(call, if is_check { 3 } else { 1 });
                if is_check {
                    assert_eq!(reported.differences(), [format!("generated/{place}: foreign")], "{name} to {target}, {call:?}");
                } else {
                    assert_eq!(reported.codes(), ["error[foreign-file]"], "{name} to {target}, {call:?}");
                }
                assert!(found(&workspace.root) == before, "{name} to {target}: {call:?} changed something");
            }
        }
    }
}

#[test]
fn a_link_in_the_place_of_the_built_in_modules_stops_the_run() {
    for place in ["modules", "modules/aws", "modules/aws/customer-vpc"] {
        for target in ["a copy", "nowhere"] {
            let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
            workspace.write("terralet.yml", PLATFORM);
            workspace.compile();
            let (link, to) = (workspace.output().join(place), workspace.root.join("elsewhere"));
            if target == "a copy" {
                fs::rename(&link, &to).unwrap();
                fs::write(to.join(LEFTOVER), "").unwrap();
            } else {
                fs::remove_dir_all(&link).unwrap();
            }
            symlink(&to, &link).unwrap();
            let before = found(&workspace.root);
            for call in [&["compile"][..], &["compile", "--check"], &["compile", "customers/shop"], &["compile", "--overwrite"]] {
                let said = workspace.run(call, 2).text;
                assert!(said.contains(&format!("generated/{place}` is a link")), "{place} to {target}, {call:?}: {said}");
                assert!(found(&workspace.root) == before, "{place} to {target}: {call:?} changed something");
            }
        }
    }
}

/// A root whose deployment is gone, with a link in its place: nobody asks for the directory, and it is not forgotten all the same.
#[test]
fn a_link_in_the_place_of_a_root_whose_deployment_is_gone_is_said() {
    for (place, shard) in [("shop/dev", "1/1"), ("shop", "1/1")] {
        for target in TARGETS {
            let workspace = linked(place, target);
            workspace.document("shop/variables.yml", &SHOP.replace("dev", "staging"));
            let name = format!("generated/{place}");
            let before = found(&workspace.root);
            if place == "shop" {
                // The deployments that are left would be written through it.
                workspace.run(&["compile"], 2);
            } else {
                for call in [&["compile"][..], &["compile", "--overwrite"], &["compile", "--shard", shard], &["compile", "customers/shop"]]
                {
                    let reported = workspace.run(call, 1);
                    assert!(reported.text.contains(&format!("`{name}` is a link")), "{place} {target} {call:?}: {}", reported.text);
                }
                assert!(workspace.run(&["compile", "--check"], 3).differences().contains(&format!("{name}: foreign")));
            }
            let after = found(&workspace.root);
            let changed: Vec<&PathBuf> = before.keys().filter(|path| after.get(*path) != before.get(*path)).collect();
            // What it leads to inside is a root of its own, whose deployment is gone too.
            let expected = ["shop/staging", "cafe/elsewhere"].map(|directory| workspace.output().join(directory));
            let is_expected = |path: &&PathBuf| expected.iter().any(|directory| path.starts_with(directory));
            assert!(changed.iter().all(is_expected), "{place} {target}: {changed:?}");
        }
    }
}

#[test]
fn a_link_in_the_place_of_a_root_is_said_by_the_shard_whose_it_is() {
    let workspace = linked("shop/dev", "a copy outside");
    workspace.document("shop/variables.yml", &SHOP.replace("dev", "staging"));
    for extra in [&[][..], &["--check"]] {
        let mut statuses = Vec::new();
        for shard in ["1/4", "2/4", "3/4", "4/4"] {
            let output = crate::harness::terralet(&workspace.root, &[&["compile", "--shard", shard], extra].concat());
            let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            let reports =
                if extra.is_empty() { said.contains("generated/shop/dev` is a link") } else { said.contains("generated/shop/dev") };
            statuses.extend(reports.then_some(output.status.code()));
        }
        assert_eq!(statuses, [Some(if extra.is_empty() { 1 } else { 3 })], "{extra:?}");
    }
}

/// `.moved` is written, read and emptied where it stands, and never elsewhere.
#[test]
fn a_move_goes_through_no_link() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    workspace.platform(&PLATFORM.replace("state: {", "state: {layout: region, "));
    let outside = workspace.root.join("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::create_dir_all(workspace.output().join("shop/eu-west-1/dev")).unwrap();
    symlink(&outside, workspace.output().join("shop/eu-west-1/dev/.moved")).unwrap();
    assert!(workspace.run(&["move", "shop/dev", "shop/eu-west-1/dev"], 2).text.contains("is a link"));
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    fs::remove_dir_all(workspace.output().join("shop/eu-west-1")).unwrap();
    workspace.run(&["move", "shop/dev", "shop/eu-west-1/dev"], 0);
    // What a move remembers is put elsewhere, and a link in its place.
    let memory = workspace.output().join("shop/eu-west-1/dev/.moved");
    fs::rename(&memory, outside.join("kept")).unwrap();
    symlink(outside.join("kept"), &memory).unwrap();
    for call in [&["move", "--done", "shop/eu-west-1/dev"][..], &["move", "shop/dev", "shop/eu-west-1/dev"]] {
        assert!(workspace.run(call, 2).text.contains("is a link"), "{call:?}");
    }
    let mut kept: Vec<_> = fs::read_dir(outside.join("kept")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    kept.sort();
    assert_eq!(kept, ["README.md", "backend.tf"]);
}
