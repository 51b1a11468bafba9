//! Caches: what a change of one does to what stands, and what is said of it where the platform has no module for it.

use crate::harness::workspace::{PLATFORM, Workspace, words};
use std::fs;

const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments: {ENVIRONMENT: {}}
";

/// A document with a cache that has these keys.
fn shop(environment: &str, keys: &str) -> String {
    format!("{}cache: {{{keys}}}\n", SHOP.replace("ENVIRONMENT", environment))
}

#[test]
fn what_a_change_of_a_cache_does_is_reported() {
    let engine = "engine: redis, engine_version: '7.1'";
    let cases = [
        ("dev", engine, "engine: valkey", None),
        ("dev", "engine: redis", "engine: valkey, engine_version: '7.2'", None),
        ("dev", "engine: valkey, engine_version: '8.0'", engine, Some("does not go back to redis")),
        ("dev", "engine_version: '8.0'", "engine_version: '8.1'", None),
        ("dev", "engine_version: '9.0'", "engine_version: '8.2'", Some("cannot go back to an older version")),
        // What nobody writes is the engine's usual version.
        ("dev", "engine_version: '9.0'", "", Some("cannot go back to an older version")),
        ("dev", "engine_version: '8.0'", "", None),
        ("dev", "node_type: cache.m7g.large", "node_type: cache.t4g.small", None),
        ("dev", "nodes: 3", "nodes: 2", Some("`nodes` of")),
        ("dev", "nodes: 2", "nodes: 3", None),
        // What nobody writes is for the environment to say.
        ("dev", "nodes: 2", "", Some("changes from `2` to `1`")),
        ("dev", "", "nodes: 1", None),
        ("production", "nodes: 3", "", Some("changes from `3` to `2`")),
        ("production", "nodes: 2", "", None),
        ("production", "", "nodes: 1", Some("changes from `2` to `1`")),
        ("production", "", "snapshot_retention_days: 3", Some("snapshots that are older are deleted")),
        ("production", "", "snapshot_retention_days: 14", None),
        ("dev", "", "snapshot_retention_days: 3", None),
        ("dev", "snapshot_retention_days: 3", "", Some("changes from `3` to `0`")),
        ("dev", "eviction_policy: noeviction", "eviction_policy: allkeys-lru, alarm_memory: 50, alarm_evictions: 0", None),
        ("dev", "snapshot_window: '03:00-04:00'", "maintenance_window: 'sun:04:00-sun:05:00'", None),
    ];
    for (environment, old, new, expected) in cases {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &shop(environment, old))]);
        workspace.compile();
        workspace.document("shop/variables.yml", &shop(environment, new));
        let reported = workspace.compile();
        match expected {
            Some(expected) => {
                let message = words(reported.only("destructive-change"));
                assert!(message.contains(expected), "{old} -> {new}: {message}");
            }
            None => assert!(!reported.text.contains("destructive-change"), "{old} -> {new}: {}", reported.text),
        }
    }
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &shop("dev", "nodes: 1"))]);
    workspace.compile();
    workspace.document("shop/variables.yml", &format!("{}features: {{enable_cache: false}}\n", shop("dev", "").replace("cache: {}\n", "")));
    assert!(words(workspace.compile().only("destructive-change")).contains("`customer-cache`"));
}

/// A root that stands from before there was a module for caches.
#[test]
fn a_cache_that_was_asked_for_before_is_added_where_the_platform_does_not_hold_it_back() {
    let asks = format!("{}features: {{enable_cache: true}}\n", SHOP.replace("ENVIRONMENT", "dev"));
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &asks)]);
    workspace.write("terralet.yml", &format!("{PLATFORM}\nmodules: {{without: [customer-cache]}}\n"));
    assert_eq!(workspace.compile().codes(), ["warning[section-without-module]"]);
    assert!(!workspace.generated("shop/dev/main.tf").contains("customer_cache"));
    fs::remove_dir_all(workspace.output().join("modules/aws/customer-cache")).unwrap();
    workspace.write("terralet.yml", PLATFORM);
    let reported = workspace.compile();
    assert_eq!(reported.codes(), ["warning[module-added]"], "{}", reported.text);
    let main = workspace.generated("shop/dev/main.tf");
    assert!(main.contains("engine_version           = \"8.2\"") && main.contains("nodes                    = 1"), "{main}");
}

/// A tier's version is for its own engine.
#[test]
fn a_version_that_the_tier_gives_counts_for_its_engine_alone() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &shop("dev", "engine: redis"))]);
    workspace.write(
        "terralet.yml",
        &format!(
            "{PLATFORM}\ntiers: {{standard: {{defaults: {{cache: {{engine_version: '8.1'}}}}}}}}\nregistry: {{shop: {{tier: standard}}}}\n"
        ),
    );
    let reported = workspace.compile();
    assert!(reported.codes().is_empty(), "{}", reported.text);
    assert!(workspace.generated("shop/dev/main.tf").contains("engine_version           = \"7.1\""));
    workspace.document("shop/variables.yml", &shop("dev", ""));
    workspace.compile();
    assert!(workspace.generated("shop/dev/main.tf").contains("engine_version           = \"8.1\""));
}
