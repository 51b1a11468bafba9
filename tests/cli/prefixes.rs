//! Whose a prefix is, however much of a root is left: a root that was damaged, is old, or was half written says it as well as a whole one.

use crate::harness::workspace::{Workspace, words};
use std::fs;
use std::path::Path;
use terralet_core::emit::guard;
use terralet_core::terraform::RootIdentity;

const SHOP: &str = "\
project_name: shop
customer_id: acme
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments: {dev: {}}
";
const FILES: [&str; 5] = ["backend.tf", "versions.tf", "providers.tf", "outputs.tf", "main.tf"];

/// What becomes of a root's directory.
type Damage<'d> = (String, Box<dyn Fn(&Path) + 'd>);

fn edit(file: &Path, change: impl Fn(&str) -> String) {
    let text = fs::read_to_string(file).unwrap();
    fs::write(file, change(&text)).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
}

fn foreign(text: &str) -> String {
    text.split_once('\n').unwrap().1.to_owned()
}

fn edited(text: &str) -> String {
    format!("{text}# edited\n")
}

/// Each leaves something of a root; `old` is the same root as it was made of other documents.
fn damages(old: &Path) -> Vec<Damage<'_>> {
    let mut damages: Vec<Damage<'_>> = vec![("nothing".to_owned(), Box::new(|_: &Path| {}))];
    let guard = guard(&RootIdentity { repository: "shop".into(), environment: "dev".into(), region: "eu-west-1".into(), service: None });
    for name in FILES {
        let others = move |root: &Path| FILES.iter().filter(|other| **other != name).map(|other| root.join(other)).collect::<Vec<_>>();
        let others = std::rc::Rc::new(others);
        let each = |damage: &'static str, change: fn(&str) -> String| -> Vec<Damage<'_>> {
            let others = std::rc::Rc::clone(&others);
            vec![
                (format!("{name} is {damage}"), Box::new(move |root: &Path| edit(&root.join(name), change))),
                (
                    format!("all but {name} are {damage}"),
                    Box::new(move |root: &Path| others(root).iter().for_each(|file| edit(file, change))),
                ),
            ]
        };
        damages.extend(each("edited", edited));
        damages.extend(each("foreign", foreign));
        damages.extend(each("empty", |_| String::new()));
        damages.push((format!("{name} is missing"), Box::new(move |root: &Path| fs::remove_file(root.join(name)).unwrap())));
        let gone = std::rc::Rc::clone(&others);
        damages.push((
            format!("{name} alone is left"),
            Box::new(move |root: &Path| gone(root).iter().for_each(|file| fs::remove_file(file).unwrap())),
        ));
        let gone = std::rc::Rc::clone(&others);
        damages.push((
            format!("{name} alone is left, edited"),
            Box::new(move |root: &Path| {
                gone(root).iter().for_each(|file| fs::remove_file(file).unwrap());
                edit(&root.join(name), edited);
            }),
        ));
        damages.push((format!("{name} is old"), Box::new(move |root: &Path| copy(&old.join(name), &root.join(name)))));
        let kept = std::rc::Rc::clone(&others);
        damages.push((
            format!("all but {name} are old"),
            Box::new(move |root: &Path| {
                kept(root).iter().for_each(|file| copy(&old.join(file.file_name().unwrap()), file));
            }),
        ));
    }
    let text = guard.clone();
    damages.push(("it is guarded".to_owned(), Box::new(move |root: &Path| fs::write(root.join("interrupted.tf"), &text).unwrap())));
    damages.push((
        "its guard alone is left".to_owned(),
        Box::new(move |root: &Path| {
            FILES.iter().for_each(|name| fs::remove_file(root.join(name)).unwrap());
            fs::write(root.join("interrupted.tf"), &guard).unwrap();
        }),
    ));
    damages
}

/// Another repository claims the prefix, with a deployment in an environment; the owner's root is damaged in every way.
fn claimed_for(environment: &str, layout: &str, directory: &str) {
    let platform = format!("state: {{backend: s3, layout: {layout}, config: {{bucket: states, region: us-east-1}}}}");
    // Every file but for the version is another one with other documents.
    let older = format!("tags: {{a: b}}\n{}", SHOP.replace("10.0.", "10.4."));
    let workspace = Workspace::new(&platform, &[("shop/variables.yml", &older)]);
    workspace.compile();
    let (root, old, clean) = (workspace.output().join(directory), workspace.root.join("old"), workspace.root.join("clean"));
    crate::harness::copy_tree(&root, &old, &[]);
    fs::remove_dir_all(workspace.output()).unwrap();
    workspace.document("shop/variables.yml", SHOP);
    workspace.compile();
    crate::harness::copy_tree(&root, &clean, &[]);
    workspace.document("cafe/variables.yml", &SHOP.replace("shop", "cafe").replace("dev", environment));
    let (shop, away) = (workspace.root.join("customers/shop"), workspace.root.join("away"));
    for (what, damage) in damages(&old) {
        fs::remove_dir_all(&root).unwrap();
        crate::harness::copy_tree(&clean, &root, &[]);
        damage(&root);
        let before = workspace.tree();
        let judge = |call: &[&str]| {
            let reported = workspace.run(call, 1);
            let conflict = words(reported.only("customer-id-conflict"));
            assert!(conflict.contains("`acme` belongs to another repository"), "{what}, {call:?}: {}", reported.text);
            assert!(workspace.tree() == before, "{what}: {call:?} changed the tree");
        };
        // The owner is there and not of the run; then it is gone.
        judge(&["compile", "customers/cafe"]);
        fs::rename(&shop, &away).unwrap();
        judge(&["compile", "--allow-missing", "--overwrite"]);
        fs::rename(&away, &shop).unwrap();
    }
}

#[test]
fn what_is_left_of_a_root_says_whose_its_key_is() {
    claimed_for("dev", "service", "acme/app-service/dev");
}

#[test]
fn what_is_left_of_a_root_says_whose_the_prefix_is() {
    claimed_for("staging", "region", "acme/eu-west-1/dev");
}

/// Who is there itself keeps its prefix in the same run, and fixes what is left.
#[test]
fn what_is_left_of_a_root_is_its_own_repositorys() {
    let platform = "state: {backend: s3, layout: service, config: {bucket: states, region: us-east-1}}";
    let workspace = Workspace::new(platform, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    let whole = workspace.tree();
    let root = workspace.output().join("acme/app-service/dev");
    for name in FILES {
        // Without its only backend nobody knows where the state is, and somebody has to say that it has not moved.
        for call in
            [&["compile", "--overwrite"][..], &["compile", "customers/shop", "--overwrite"], &["compile", "--shard", "1/1", "--overwrite"]]
        {
            fs::remove_file(root.join(name)).unwrap();
            assert!(workspace.run(call, 0).codes().is_empty());
            assert_eq!(workspace.tree(), whole);
            FILES.iter().filter(|other| **other != name).for_each(|other| fs::remove_file(root.join(other)).unwrap());
            assert!(workspace.run(call, 0).codes().is_empty());
            assert_eq!(workspace.tree(), whole);
        }
    }
}
