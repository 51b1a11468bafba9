//! What the registry and the list of customers decide, however a name is written: who had which name before, and which directories are
//! compiled at all.

use crate::harness::workspace::{PLATFORM, Reported, Workspace};
use std::fs;
use std::os::unix::fs::symlink;

const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments: {dev: {}}
";

fn with_registry(entries: &str) -> Workspace {
    let platform = format!("{PLATFORM}\nregistry: {{{entries}}}");
    Workspace::new(&platform, &[("shop/variables.yml", SHOP), ("store/variables.yml", &SHOP.replace("shop", "store"))])
}

/// What is reported where the registry is wrong.
fn refused(entries: &str) -> Reported {
    let workspace = with_registry(entries);
    let reported = workspace.run(&["check"], 2);
    workspace.run(&["compile"], 2);
    assert!(!workspace.output().exists());
    reported
}

#[test]
fn an_earlier_name_is_nobodys_own_in_any_case() {
    for earlier in ["shop", "Shop", "SHOP"] {
        for listed in ["shop", "Shop", "sHOP"] {
            let reported = refused(&format!("store: {{customer_id: store, formerly: {earlier}}}, {listed}: {{customer_id: shop}}"));
            assert!(reported.text.contains(&format!("cannot have the roots of `{listed}`")), "{earlier}, {listed}: {}", reported.text);
        }
    }
}

#[test]
fn an_earlier_name_has_one_heir_in_any_case() {
    for (one, other) in [("mart", "mart"), ("mart", "Mart"), ("MART", "mart")] {
        let reported = refused(&format!("store: {{customer_id: store, formerly: {one}}}, shop: {{customer_id: shop, formerly: {other}}}"));
        assert!(reported.text.contains(&format!("two repositories cannot both have been `{other}`")), "{one}, {other}: {}", reported.text);
    }
}

#[test]
fn a_repository_may_have_changed_the_case_of_its_name_alone() {
    for earlier in ["Store", "STORE"] {
        let workspace = with_registry(&format!("store: {{customer_id: store, formerly: {earlier}}}, shop: {{customer_id: shop}}"));
        workspace.compile();
        assert!(workspace.generated("store/dev/main.tf").contains("repository=store"));
    }
    let reported = refused("store: {customer_id: store, formerly: store}");
    assert!(reported.text.contains("`store` has this name now"), "{}", reported.text);
}

#[test]
fn a_path_that_the_workspace_does_not_list_is_checked_and_never_compiled() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    // By the name of a listed one, by another name, above, and hidden.
    for place in ["elsewhere/shop", "elsewhere/mart", "shop", "elsewhere/customers/shop", ".hidden/mart", "customers/.mart"] {
        let text = SHOP.replace("10.0.", "10.9.").replace("project_name: shop", "project_name: mart");
        workspace.write(&format!("{place}/infra/variables.yml"), &text);
        let before = workspace.tree();
        for path in [place.to_owned(), format!("{place}/infra"), format!("{place}/infra/variables.yml")] {
            for call in [
                &["compile", &path][..],
                &["compile", &path, "--check"],
                &["compile", &path, "--overwrite"],
                &["compile", "customers/shop", &path],
                &["compile", &path, "--output", "other"],
            ] {
                let said = workspace.run(call, 2).text;
                assert!(said.contains(&format!("`{place}` is not one of the workspace's repositories")), "{call:?}: {said}");
                assert_eq!(workspace.tree(), before, "{call:?}");
                assert!(!workspace.root.join("other").exists(), "{call:?}");
            }
            workspace.run(&["check", &path], 0);
        }
        fs::remove_dir_all(workspace.root.join(place).join("infra")).unwrap();
    }
}

#[test]
fn a_path_by_a_link_to_a_listed_repository_is_that_repository() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let before = workspace.tree();
    fs::create_dir_all(workspace.root.join("elsewhere")).unwrap();
    symlink("../customers/shop", workspace.root.join("elsewhere/mart")).unwrap();
    // Under the name that it has, or not at all.
    let output = crate::harness::terralet(&workspace.root, &["compile", "elsewhere/mart"]);
    assert!([Some(0), Some(2)].contains(&output.status.code()), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(workspace.tree(), before);
}
