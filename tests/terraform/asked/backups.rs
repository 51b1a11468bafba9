//! The backups of a root.

use super::merged::Merged;
use super::{Poisoned, number};
use serde_json::{Value, json};
use serde_yaml::Value as Yaml;
use std::collections::BTreeSet;

/// What a root has that can be backed up.
pub(super) struct Has<'r> {
    pub(super) database: bool,
    pub(super) named: BTreeSet<&'r str>,
    pub(super) bucket: Option<&'r Merged>,
}

/// What is asked for of backups, from all layers; nothing where there are none. `place` is the region, and the platform's file.
pub(super) fn asked(all: &Merged, has: &Has<'_>, place: (&str, &Yaml), is_protected: bool) -> Poisoned {
    let of = |key: &str| all.get("backup", key);
    let is_versioned = |bucket: &Merged| bucket.get("storage", "versioning_enabled").and_then(Yaml::as_bool) != Some(false);
    let mut things: BTreeSet<String> = has.named.iter().map(|name| format!("database {name}")).collect();
    things.extend(has.database.then(|| "database".to_owned()));
    things.extend(has.bucket.filter(|bucket| is_versioned(bucket)).map(|_| "bucket".to_owned()));
    let mut asked = Poisoned::new();
    if things.is_empty() || !all.written.contains("backup") || of("enabled").and_then(Yaml::as_bool) == Some(false) {
        return asked;
    }
    // What acme's customers write as a rate.
    let schedule = match of("schedule").and_then(Yaml::as_str) {
        None => "cron(0 5 * * ? *)",
        Some("rate(12 hours)") => "cron(0 0/12 * * ? *)",
        Some("rate(7 days)") => "cron(0 5 ? * SUN *)",
        Some(other) => other,
    };
    let days = of("retention_days").and_then(Yaml::as_f64).unwrap_or(if is_protected { 35.0 } else { 7.0 });
    let (region, platform) = place;
    let is_copied = of("cross_region_copy").and_then(Yaml::as_bool) == Some(true);
    let copies = platform["clouds"]["aws"]["backup_copy_region"][region].as_str().filter(|_| is_copied);
    asked.insert("backed up", json!(things));
    asked.insert("backup", json!([schedule, days, copies.map(|_| days)]));
    asked.insert("vaults", json!([region].into_iter().chain(copies).collect::<BTreeSet<_>>()));
    asked.insert("vaults encrypted", json!(true));
    asked.insert("backups stay", json!(is_protected));
    asked.insert("alarms of backups", json!(if copies.is_some() { 4 } else { 3 }));
    asked
}

/// What a plan has of backups; `of` gives resources by type and name.
pub(super) fn planned<'p>(of: &dyn Fn(&str, &str) -> Vec<&'p Value>, plan: &Value) -> Poisoned {
    let mut found = Poisoned::new();
    let Some(rule) = of("aws_backup_plan", "").first().map(|plan| plan["rule"][0].clone()) else { return found };
    let call = &plan["configuration"]["root_module"]["module_calls"]["customer_backup"]["expressions"];
    let references = ["database_arns", "bucket_arns"].into_iter().flat_map(|input| call[input]["references"].as_array()).flatten();
    let thing = |reference: &str| match reference.strip_prefix("module.")?.split_once('.')? {
        ("customer_database", "database_arn") => Some("database".to_owned()),
        ("customer_storage", "storage_bucket_arn") => Some("bucket".to_owned()),
        (named, "database_arn") => Some(format!("database {}", named.strip_prefix("customer_database_")?.replace('_', "-"))),
        _ => None,
    };
    found.insert("backed up", json!(references.filter_map(|one| thing(one.as_str()?)).collect::<BTreeSet<_>>()));
    let days = |of: &Value| number(of["lifecycle"][0]["delete_after"].clone());
    let copy = rule["copy_action"].as_array().and_then(|copies| copies.first()).map(days);
    found.insert("backup", json!([rule["schedule"], days(&rule), copy]));
    let regions = |kind: &str| of(kind, "").into_iter().filter_map(|one| one["region"].as_str()).collect::<BTreeSet<_>>();
    let vaults = regions("aws_backup_vault");
    let keys = of("aws_kms_key", "").into_iter().filter(|key| key["description"].as_str().is_some_and(|text| text.starts_with("Backups ")));
    let (mut of_keys, mut stay) = (BTreeSet::new(), true);
    for key in keys {
        of_keys.extend(key["region"].as_str().filter(|_| key["enable_key_rotation"] == json!(true)));
        stay &= key["policy"].as_str().is_some_and(|policy| policy.contains("kms:ScheduleKeyDeletion"));
    }
    found.insert("vaults encrypted", json!(of_keys == vaults));
    let refuses = |policy: &&Value| policy["policy"].as_str().is_some_and(|text| text.contains("backup:DeleteRecoveryPoint"));
    let refused = of("aws_backup_vault_policy", "").into_iter().filter(refuses).filter_map(|one| one["region"].as_str());
    found.insert("backups stay", json!(stay && refused.collect::<BTreeSet<_>>() == vaults));
    found.insert("vaults", json!(vaults));
    let alarms = of("aws_cloudwatch_metric_alarm", "").into_iter().filter(|alarm| alarm["namespace"] == "AWS/Backup");
    found.insert("alarms of backups", json!(alarms.count()));
    found
}
