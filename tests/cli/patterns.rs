//! Patterns of names, in the platform file and of `--customer`.

use crate::harness::machine::{User, finish, permit};
use crate::harness::terralet;
use crate::harness::workspace::Workspace;
use std::fs;

/// A workspace whose repositories are in `customers` and below `teams`.
fn workspace(platform: &str) -> Workspace {
    let workspace = Workspace::new(platform, &[]);
    let repositories = ["customers/acme", "customers/acme-2", "customers/birch", "customers/.dot", "teams/north/cafe", "teams/south/delta"];
    for (number, repository) in repositories.iter().enumerate() {
        let head = format!("project_name: shop\nregion: eu-west-1\nnetworking: {{vpc_cidr: 10.{number}.0.0/16}}\n");
        workspace.write(&format!("{repository}/infra/variables.yml"), &(head + "environments: {dev: {}}\n"));
    }
    workspace
}

/// The repositories that a run covers, by what `compile` makes of them.
fn compiled(workspace: &Workspace, arguments: &[&str]) -> Vec<String> {
    let _gone = fs::remove_dir_all(workspace.output());
    workspace.run(&[&["compile"], arguments].concat(), 0);
    let mut names: Vec<String> =
        workspace.tree().into_keys().filter_map(|name| Some(name.strip_suffix("/dev/main.tf")?.to_owned())).collect();
    names.sort();
    names
}

#[test]
fn the_directories_of_customers_fit_a_pattern_level_by_level() {
    for (patterns, expected) in [
        ("customers/*", &["acme", "acme-2", "birch"][..]),
        ("/customers/./a*/", &["acme", "acme-2"]),
        ("customers/acme", &["acme"]),
        ("customers/acme?2", &["acme-2"]),
        ("customers/[a-b]????", &["birch"]),
        ("customers/[!a]*", &["birch"]),
        ("teams/*/*, customers/birch", &["birch", "cafe", "delta"]),
        ("teams/no*/*", &["cafe"]),
        ("t*/north/cafe", &["cafe"]),
        ("nowhere/*, teams/north/ca*", &["cafe"]),
    ] {
        let patterns = patterns.split(", ").map(|pattern| format!("'{pattern}'")).collect::<Vec<_>>().join(", ");
        assert_eq!(compiled(&workspace(&format!("customers: [{patterns}]")), &[]), expected, "{patterns}");
    }
}

#[test]
fn a_run_covers_the_repositories_that_fit() {
    let workspace = workspace("");
    for (pattern, expected) in [
        ("acme", &["acme"][..]),
        ("acme*", &["acme", "acme-2"]),
        ("*", &["acme", "acme-2", "birch"]),
        ("*[0-9]", &["acme-2"]),
        ("?irc[a-z]", &["birch"]),
        ("*[]h-]*", &["acme-2", "birch"]),
    ] {
        assert_eq!(compiled(&workspace, &["--customer", pattern]), expected, "{pattern}");
    }
    for (pattern, said) in [
        ("acme*-*-*", "no repository matches `acme*-*-*`"),
        ("{acme,birch}", "`{acme,birch}` is not a valid pattern: `{` is not known"),
        ("acme}", "`acme}` is not a valid pattern: `}` is not known"),
        ("acme\\*", "`acme\\*` is not a valid pattern: `\\` is not known"),
        ("a**", "`a**` is not a valid pattern: `**` is not known"),
        ("[^a]*", "`[^a]*` is not a valid pattern: `[^` is not known"),
        ("[[:alpha:]]*", "`[[:alpha:]]*` is not a valid pattern: `[:` is not known"),
        ("[]z-a]*", "`[]z-a]*` is not a valid pattern: `z-a` ends before it begins"),
        ("a[!b-a]", "`a[!b-a]` is not a valid pattern: `b-a` ends before it begins"),
        ("[a", "`[a` is not a valid pattern: a `[` is not closed, or has nothing in it"),
    ] {
        let run = workspace.run(&["compile", "--customer", pattern], 2);
        assert!(run.text.contains(&said.replace('\\', "\\\\")), "{}", run.text);
    }
}

/// Only Linux has such names.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_utf_8_is_judged_as_it_is_shown() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    for pattern in ["customers/*", "customers/caf*", "customers/caf?"] {
        let workspace = workspace(&format!("customers: ['{pattern}']"));
        let infra = workspace.root.join("customers").join(OsStr::from_bytes(b"caf\xe9")).join("infra");
        fs::create_dir_all(&infra).unwrap();
        fs::copy(workspace.root.join("customers/acme/infra/variables.yml"), infra.join("variables.yml")).unwrap();
        let output = terralet(&workspace.root, &["check", "--format", "json"]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.code() == Some(1) && said.contains("caf\u{fffd}"), "{pattern}: {said}");
    }
}

#[test]
fn a_repository_makes_no_other_within_it_and_ends_no_run() {
    let document = "project_name: shop\nregion: eu-west-1\nenvironments: {dev: {}}\n";
    for patterns in ["[customers/acme, customers/closed, customers/*/*]", "[customers/*/*, customers/closed, customers/acme]"] {
        let workspace = Workspace::new(&format!("state: {{backend: local, layout: repository}}\ncustomers: {patterns}\n"), &[]);
        for (name, at) in [("acme", "acme"), ("birch", "acme/birch"), ("closed", "closed"), ("cafe", "north/cafe")] {
            let own = document.replace("shop", name);
            workspace.write(&format!("customers/{at}/infra/variables.yml"), &own);
        }
        assert_eq!(compiled(&workspace, &[]), ["acme", "cafe", "closed"], "{patterns}");
        let run = workspace.run(&["compile", "--customer", "birch"], 2);
        assert!(run.text.contains("no repository matches `birch`"), "{}", run.text);
        // One that cannot be listed is an error of that customer, and the others go on.
        if let Some(user) = User::of(&workspace) {
            permit(&workspace.root.join("customers/closed"), 0o000);
            let output = finish(user.run(&workspace, &["check"]));
            permit(&workspace.root.join("customers/closed"), 0o755);
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.contains("unreadable-document") && said.contains("3 customers"), "{said}");
        }
    }
}

#[test]
fn another_platform_file_writes_nothing_into_a_workspace() {
    let workspace = Workspace::new("state: {backend: local, layout: repository}\n", &[]);
    workspace.document("acme/variables.yml", "project_name: shop\nregion: eu-west-1\nenvironments: {dev: {}}\n");
    workspace.run(&["compile"], 0);
    let tree = workspace.tree();
    workspace.write("elsewhere/acme/infra/variables.yml", "project_name: theirs\nregion: eu-west-1\nenvironments: {dev: {}}\n");
    workspace.write("other.yml", &fs::read_to_string(workspace.root.join("terralet.yml")).unwrap());
    let export = terralet(&workspace.root, &["platform", "export"]);
    workspace.write("export.yml", &String::from_utf8(export.stdout).unwrap());
    for file in ["other.yml", "export.yml"] {
        for call in [&["compile", "elsewhere/acme"][..], &["compile", "customers/acme"], &["prune", "--all"], &["move", "--all"]] {
            let output = terralet(&workspace.root, &[&["--platform", file], call].concat());
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{file} {call:?} {said}");
            assert!(said.contains("`--platform` names another platform file"), "{file} {call:?} {said}");
            assert_eq!(workspace.tree(), tree);
        }
        // What only reads may look, and elsewhere there is nothing to lose.
        let beside = workspace.root.with_extension("beside");
        let beside = beside.to_str().unwrap();
        let elsewhere = ["--platform", file, "compile", "elsewhere/acme", "--output", beside];
        for call in [&["--platform", file, "check", "elsewhere/acme"][..], &elsewhere] {
            let output = terralet(&workspace.root, call);
            assert_eq!(output.status.code(), Some(0), "{call:?} {}", String::from_utf8_lossy(&output.stderr));
        }
        fs::remove_dir_all(beside).unwrap();
    }
}
