//! Backups: what is passed, what a change does to what stands, where copies go, and what of it comes to nothing.

use crate::harness::terralet;
use crate::harness::workspace::{PLATFORM, Workspace, labels, words};
use std::fs;

const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
database: {engine: postgres, engine_version: '17', instance_class: db.t4g.medium}
environments: {ENVIRONMENT: {}}
";

const COPIES: &str = "clouds: {aws: {backup_copy_region: {eu-west-1: eu-central-1}}}\n";

/// Modules of the provider's own that are not read.
const REMOTE: &str =
    "modules:\n  source: \"git::https://git.example.com/modules.git//{{ cloud }}/{{ module }}?ref={{ version }}\"\n  version: v2\n";

/// A document with backups that have these keys.
fn shop(environment: &str, keys: &str) -> String {
    format!("{}backup: {{{keys}}}\n", SHOP.replace("ENVIRONMENT", environment))
}

/// A workspace with one document.
fn workspace(platform: &str, document: &str) -> Workspace {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", document)]);
    workspace.write("terralet.yml", &format!("{PLATFORM}\n{platform}"));
    workspace
}

/// What the call of a root passes, without what every call does; nothing where there is no call.
fn passed(workspace: &Workspace, root: &str) -> Option<Vec<String>> {
    let main = workspace.generated(&format!("shop/{root}/main.tf"));
    let block = main.split("\n}\n").find(|block| block.contains("module \"customer_backup\""))?;
    let lines = block.lines().skip_while(|line| !line.trim_start().starts_with("protected ")).skip(1);
    Some(lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect())
}

#[test]
fn what_is_asked_for_is_passed() {
    let database = "database_arns = [module.customer_database.database_arn]";
    for (environment, keys, expected) in [
        ("dev", "", ["schedule = \"cron(0 5 * * ? *)\"", "retention_days = 7"]),
        ("production", "", ["schedule = \"cron(0 5 * * ? *)\"", "retention_days = 35"]),
        ("production", "enabled: true", ["schedule = \"cron(0 5 * * ? *)\"", "retention_days = 35"]),
        ("dev", "schedule: rate(1 hour), retention_days: 1", ["schedule = \"cron(0 * * * ? *)\"", "retention_days = 1"]),
        ("dev", "schedule: rate(7 days)", ["schedule = \"cron(0 5 ? * SUN *)\"", "retention_days = 7"]),
        ("dev", "schedule: 'cron(7  1/6 L * ?  *)'", ["schedule = \"cron(7 1/6 L * ? *)\"", "retention_days = 7"]),
        // Without copies, nothing is said of them.
        ("dev", "cross_region_copy: false", ["schedule = \"cron(0 5 * * ? *)\"", "retention_days = 7"]),
    ] {
        let workspace = workspace(COPIES, &shop(environment, keys));
        workspace.compile();
        assert_eq!(passed(&workspace, environment).unwrap(), [&[database][..], &expected].concat(), "{keys}");
    }
    for off in ["enabled: false", "enabled: false, cross_region_copy: true, retention_days: 90"] {
        let workspace = workspace("", &shop("dev", off));
        let reported = workspace.compile();
        assert!(reported.codes().is_empty() && passed(&workspace, "dev").is_none(), "{off}: {}", reported.text);
    }
}

#[test]
fn layers_switch_backups_off_and_on() {
    let base = shop("dev", "retention_days: 3").replace(
        "{dev: {}}",
        "{dev: {backup: {enabled: false}}, staging: {backup: null}, production: {backup: {cross_region_copy: true}}}",
    );
    let documents = [
        ("shop/variables.yml", base.as_str()),
        ("shop/web-vars.yml", "compute: {instance_type: t3.small}\nbackup: {enabled: true}\n"),
        ("shop/files-vars.yml", "storage: {bucket_name: 'files-{{ environment }}'}\nbackup: {enabled: true, retention_days: 5}\n"),
    ];
    let workspace = Workspace::new(PLATFORM, &documents);
    workspace.write("terralet.yml", &format!("{PLATFORM}\n{COPIES}"));
    let reported = workspace.compile();
    let days = |root: &str| passed(&workspace, root).map(|all| all.into_iter().find(|line| line.starts_with("retention_days")).unwrap());
    assert_eq!(["dev", "staging", "production"].map(days), [None, None, Some("retention_days = 3".into())]);
    // A service's layers go over the base's, for what the service has itself.
    for environment in ["dev", "staging", "production"] {
        assert_eq!(days(&format!("{environment}/files-service")), Some("retention_days = 5".into()), "{environment}");
        assert_eq!(days(&format!("{environment}/web-service")), None, "{environment}");
    }
    let copied = passed(&workspace, "production/files-service").unwrap();
    assert_eq!(copied[0], "bucket_arns = [module.customer_storage.storage_bucket_arn]");
    assert!(copied.contains(&"copy_region = \"eu-central-1\"".to_owned()), "{copied:?}");
    // Only what asks for backups of nothing is said.
    let said = reported.only("section-without-module");
    assert_eq!(labels(said)[0], "customers/shop/infra/web-vars.yml:2", "{}", words(said));
}

#[test]
fn what_a_change_of_backups_does_is_reported() {
    let copies = |to: &str| format!("clouds: {{aws: {{backup_copy_region: {{eu-west-1: {to}}}}}}}\n");
    let central = copies("eu-central-1");
    for (old, new, platform, expected) in [
        ("", "cross_region_copy: true", central.as_str(), None),
        ("cross_region_copy: true", "", &central, Some("`copy_region` of")),
        ("cross_region_copy: true", "cross_region_copy: false", &central, Some("while there are copies in its vault")),
        ("cross_region_copy: true", "cross_region_copy: true", &copies("eu-north-1"), Some("from `eu-central-1` to `eu-north-1`")),
        ("", "enabled: false", &central, Some("`customer-backup`")),
        ("schedule: rate(1 hour), retention_days: 90", "retention_days: 1", &central, None),
        // It is the same schedule.
        ("schedule: rate(1 day)", "schedule: 'cron(0 5 * * ? *)'", &central, None),
    ] {
        let workspace = workspace(&central, &shop("dev", old));
        workspace.compile();
        workspace.document("shop/variables.yml", &shop("dev", new));
        workspace.write("terralet.yml", &format!("{PLATFORM}\n{platform}"));
        let reported = workspace.compile();
        match expected {
            Some(expected) => {
                let message = words(reported.only("destructive-change"));
                assert!(message.contains(expected), "{old} -> {new}: {message}");
            }
            None => assert!(reported.codes().is_empty(), "{old} -> {new}: {}", reported.text),
        }
    }
    let workspace = workspace("", &shop("dev", ""));
    workspace.compile();
    workspace.document("shop/variables.yml", &shop("dev", "").replace("project_name: shop", "project_name: store"));
    assert!(workspace.compile().text.contains("backups go to another vault from then on"));
}

/// A root that stands from before there was a module for backups.
#[test]
fn backups_that_were_asked_for_before_are_added_where_the_platform_does_not_hold_them_back() {
    let workspace = workspace("modules: {without: [customer-backup]}\n", &shop("dev", "enabled: true, cross_region_copy: true"));
    let reported = workspace.compile();
    assert_eq!(reported.codes(), ["warning[section-without-module]"], "{}", reported.text);
    assert!(passed(&workspace, "dev").is_none());
    let before = workspace.generated("shop/dev/outputs.tf");
    assert!(!before.contains("database_arn"), "{before}");
    fs::remove_dir_all(workspace.output().join("modules/aws/customer-backup")).unwrap();
    workspace.write("terralet.yml", &format!("{PLATFORM}\n{COPIES}"));
    let reported = workspace.compile();
    assert_eq!(reported.codes(), ["warning[module-added]"], "{}", reported.text);
    assert_eq!(labels(reported.only("module-added"))[0], "customers/shop/infra/variables.yml:6");
    assert!(passed(&workspace, "dev").is_some() && workspace.compile().codes().is_empty());
}

/// Modules of the provider's own that came before there were backups.
#[test]
fn modules_that_do_not_say_what_they_make_are_left_out() {
    let document = shop("dev", "").replace("backup:", "storage: {bucket_name: shop-files}\nbackup:");
    let with = |provides: &str| {
        let workspace = workspace(&format!("{REMOTE}  provides: {{{provides}}}\n"), &document);
        let reported = workspace.compile();
        (passed(&workspace, "dev"), reported)
    };
    let (call, reported) = with("customer-database: [database_arn]");
    assert!(call.is_none(), "{call:?}");
    assert!(reported.text.contains("the platform has no module `customer-backup`"), "{}", reported.text);
    let (call, reported) = with("customer-backup: [schedule], customer-storage: [name]");
    assert_eq!(call.unwrap()[0], "bucket_arns = [module.customer_storage.storage_bucket_arn]");
    let said = words(reported.only("section-without-module"));
    assert!(said.contains("leaves out what the platform's module `customer-database` makes"), "{said}");
    let (call, reported) = with("customer-backup: [schedule], customer-database: [database_arn]");
    assert_eq!(call.unwrap()[0], "database_arns = [module.customer_database.database_arn]");
    assert!(words(reported.only("section-without-module")).contains("`customer-storage`"), "{}", reported.text);
    let (call, reported) = with("customer-backup: [schedule], customer-database: [database_arn], customer-storage: [name]");
    assert!(reported.codes().is_empty() && call.unwrap().len() == 4, "{}", reported.text);
}

/// A customer learns before the provider's run where copies go, and the provider's run is what counts.
#[test]
fn an_export_says_where_copies_go() {
    let workspace = workspace(COPIES, &shop("dev", "cross_region_copy: true"));
    let exported = String::from_utf8(terralet(&workspace.root, &["platform", "export"]).stdout).unwrap();
    assert!(exported.contains("    backup_copy_region:\n      eu-west-1: eu-central-1\n"), "{exported}");
    workspace.write("exported.yml", &exported);
    let reported = workspace.run(&["--platform", "exported.yml", "check", "customers/shop"], 0);
    assert!(!reported.text.contains("copy"), "{}", reported.text);
    workspace.write("exported.yml", &exported.replace("eu-west-1: eu-central-1", "us-east-1: us-west-2"));
    let reported = workspace.run(&["--platform", "exported.yml", "check", "customers/shop"], 1);
    reported.only("missing-copy-region");
}

/// A requirement of the platform speaks of what holds in the end.
#[test]
fn a_platform_can_ask_for_backups() {
    let require = "environments: {dev: {}, production: {require: {backup.enabled: {equals: true}, backup.retention_days: {min: 30}}}}\n";
    for (keys, expected) in
        [("", None), ("enabled: false", Some("`backup.enabled`")), ("retention_days: 29", Some("`backup.retention_days`"))]
    {
        let workspace = Workspace::new(require, &[("shop/variables.yml", &shop("production", keys))]);
        let reported = workspace.run(&["check"], i32::from(expected.is_some()));
        match expected {
            Some(expected) => assert!(words(reported.only("requirement-not-met")).contains(expected), "{}", reported.text),
            None => assert!(!reported.text.contains("requirement-not-met"), "{}", reported.text),
        }
    }
}
