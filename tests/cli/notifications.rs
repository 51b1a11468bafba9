//! Whom alarms tell: what is passed, what a change does, and what of it comes to nothing.

use crate::harness::workspace::{PLATFORM, Workspace, labels, without, words};
use std::fs;

const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
compute: {instance_type: t3.small}
monitoring: {enable_cloudwatch: true}
environments: {dev: {}}
notifications:
  email_list: [ops@example.com, duty@example.com]
";

/// Of the root and the call, the line with an argument.
fn argument(workspace: &Workspace, root: &str, call: &str, name: &str) -> Option<String> {
    let main = workspace.generated(&format!("shop/{root}/main.tf"));
    let block = main.split("\n}\n").find(|block| block.contains(&format!("module \"{call}\"")))?;
    let line = block.lines().find(|line| line.trim_start().starts_with(&format!("{name} ")))?;
    Some(line.split_once('=').unwrap().1.trim().to_owned())
}

#[test]
fn addresses_that_go_and_topics_that_are_replaced_are_reported() {
    let cases = [
        (SHOP.replace(", duty@example.com", ""), "list-entry-removed", "`duty@example.com` goes out of `email_list`", 8),
        (SHOP.replace("ops@example.com", "it@example.com"), "list-entry-removed", "no longer hear of alarms", 8),
        (SHOP.replace("[ops@example.com, duty@example.com]", "[]"), "list-entry-removed", "go out of `email_list`", 8),
        (
            without(SHOP, "notifications:\n  email_list: [ops@example.com, duty@example.com]\n"),
            "destructive-change",
            "`customer-notifications`",
            6,
        ),
    ];
    for (changed, code, expected, line) in cases {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
        assert!(workspace.compile().codes().is_empty());
        workspace.document("shop/variables.yml", &changed);
        let reported = workspace.compile();
        let severity = if code == "list-entry-removed" { "advice" } else { "warning" };
        let change = reported.only(code);
        assert!(words(change).contains(expected) && change["severity"] == severity, "{}", words(change));
        assert_eq!(labels(change)[0], format!("customers/shop/infra/variables.yml:{line}"));
    }
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.compile();
    for harmless in ["[duty@example.com, ops@example.com]", "[a@example.com, duty@example.com, ops@example.com]"] {
        workspace.document("shop/variables.yml", &SHOP.replace("[ops@example.com, duty@example.com]", harmless));
        assert!(workspace.compile().codes().is_empty());
    }
    workspace.document("shop/variables.yml", &SHOP.replace("project_name: shop", "project_name: store"));
    assert!(workspace.compile().text.contains("every address has to confirm again"));
}

#[test]
fn alarms_of_every_root_tell_the_topics_that_are_for_them() {
    let base = format!("{SHOP}queue: {{}}\n");
    let documents = [
        ("shop/variables.yml", base.as_str()),
        ("shop/web-vars.yml", "notifications: null\n"),
        ("shop/worker-vars.yml", "queue: {}\nnotifications: {email_list: [\"worker+${x}@example.com\"]}\n"),
    ];
    let workspace = Workspace::new(PLATFORM, &documents);
    workspace.compile();
    let of = |root: &str, call: &str, name: &str| argument(&workspace, root, call, name);
    let own = "module.customer_notifications.notifications_topic_arn";
    let shared = "data.terraform_remote_state.shared.outputs.notifications_topic_arn";
    assert_eq!(of("dev", "customer_queue", "alarm_topic_arns"), Some(format!("[{own}]")));
    assert_eq!(of("dev/web-service", "customer_compute", "alarm_topic_arns"), Some(format!("[{shared}]")));
    assert_eq!(of("dev/web-service", "customer_notifications", "name"), None, "what is for all is not a service's to take away");
    for call in ["customer_compute", "customer_queue"] {
        assert_eq!(of("dev/worker-service", call, "alarm_topic_arns"), Some(format!("[{own}, {shared}]")));
    }
    // It starts from nothing, and what is written is text.
    assert_eq!(of("dev/worker-service", "customer_notifications", "email_list"), Some("[\"worker+$${x}@example.com\"]".into()));
    // Where the base has none, a service's own is left.
    let no_list = "notifications:\n  email_list: [ops@example.com, duty@example.com]\n";
    workspace.document("shop/variables.yml", &without(&base, no_list));
    workspace.compile();
    assert_eq!(of("dev", "customer_queue", "alarm_topic_arns"), None);
    assert_eq!(of("dev/web-service", "customer_compute", "alarm_topic_arns"), None);
    assert_eq!(of("dev/worker-service", "customer_compute", "alarm_topic_arns"), Some(format!("[{own}]")));
}

/// A tree that an earlier version wrote, whose customer has asked for notifications since.
#[test]
fn what_stands_gets_a_topic_with_a_warning() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    workspace.write("terralet.yml", &format!("{PLATFORM}\nmodules: {{without: [customer-notifications]}}\n"));
    let reported = workspace.compile();
    assert_eq!(reported.codes(), ["warning[section-without-module]"]);
    let said = reported.only("section-without-module");
    assert_eq!(said["message"], "the platform has no module `customer-notifications`, which `notifications` needs");
    assert_eq!(argument(&workspace, "dev", "customer_compute", "alarm_topic_arns"), None);
    fs::remove_dir_all(workspace.output().join("modules/aws/customer-notifications")).unwrap();
    workspace.write("terralet.yml", PLATFORM);
    let reported = workspace.compile();
    assert_eq!(reported.codes(), ["warning[module-added]"], "{}", reported.text);
    let added = reported.only("module-added");
    assert_eq!(labels(added)[0], "customers/shop/infra/variables.yml:7");
    assert_eq!(added["message"], "the module `customer-notifications` adds to shop/dev in eu-west-1 what its `notifications` asks for");
    assert!(argument(&workspace, "dev", "customer_compute", "alarm_topic_arns").is_some());
    assert!(workspace.compile().codes().is_empty());
}

/// Modules of the provider's own that came before there were notifications.
#[test]
fn modules_that_know_nothing_of_topics_are_passed_none() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    let remote =
        "modules:\n  source: \"git::https://git.example.com/modules.git//{{ cloud }}/{{ module }}?ref={{ version }}\"\n  version: v2\n";
    workspace.write("terralet.yml", &format!("{PLATFORM}\n{remote}  provides: {{customer-notifications: [email_list]}}\n"));
    let reported = workspace.compile();
    let said = reported.only("section-without-module");
    assert_eq!(said["message"], "the alarms of the platform's module `customer-compute` do not reach `notifications`");
    assert_eq!(argument(&workspace, "dev", "customer_compute", "alarm_topic_arns"), None);
    let provides = "  provides: {customer-notifications: [email_list], customer-compute: [alarm_topic_arns]}\n";
    workspace.write("terralet.yml", &format!("{PLATFORM}\n{remote}{provides}"));
    assert!(workspace.compile().codes().is_empty());
    assert!(argument(&workspace, "dev", "customer_compute", "alarm_topic_arns").is_some());
}

#[test]
fn a_service_with_nothing_but_notifications_is_empty() {
    let base = SHOP.replace("compute: {instance_type: t3.small}\n", "");
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &base), ("shop/api-vars.yml", "notifications: {}\n")]);
    let codes = workspace.compile().codes();
    assert!(codes.contains(&"warning[empty-service]".to_owned()), "{codes:?}");
}
