//! The cache of a root.

use super::merged::Merged;
use super::{Poisoned, number};
use serde_json::{Value, json};
use serde_yaml::Value as Yaml;

/// The port that Valkey and Redis listen on.
const PORT: f64 = 6379.0;

/// What is asked for of a cache: language.md, "cache".
pub(super) fn asked(cache: &Merged, is_protected: bool) -> Poisoned {
    let text = |key: &str, default: &str| json!(cache.get("cache", key).and_then(Yaml::as_str).unwrap_or(default));
    let value = |key: &str, default: f64| cache.get("cache", key).and_then(Yaml::as_f64).unwrap_or(default);
    let engine = text("engine", "valkey");
    let usual = if engine == "redis" { "7.1" } else { "8.2" };
    let nodes = value("nodes", if is_protected { 2.0 } else { 1.0 });
    let window = |key: &str| json!(cache.get("cache", key).and_then(Yaml::as_str));
    let mut asked = Poisoned::new();
    asked.insert("cache", json!([engine, text("engine_version", usual), text("node_type", "cache.t4g.small")]));
    asked.insert("nodes", json!([nodes, nodes > 1.0, nodes > 1.0]));
    asked.insert("snapshots", json!([value("snapshot_retention_days", if is_protected { 7.0 } else { 0.0 }), window("snapshot_window")]));
    asked.insert("maintenance of the cache", window("maintenance_window"));
    asked.insert("evicts", text("eviction_policy", "volatile-lru"));
    let alarms = json!([nodes, 90.0, value("alarm_memory", 90.0), value("alarm_evictions", 1000.0)]);
    asked.insert("alarms of the cache", alarms);
    asked.insert("cache encrypted", json!([true, true, true]));
    asked.insert("key of the cache stays", json!(is_protected));
    asked.insert("ways into the cache", json!([[PORT, PORT, null, null]]));
    asked
}

/// What a plan has of caches; `of` gives resources by type and name.
pub(super) fn planned<'p>(of: &dyn Fn(&str, &str) -> Vec<&'p Value>) -> Poisoned {
    let mut found = Poisoned::new();
    let Some(group) = of("aws_elasticache_replication_group", "").first().copied() else { return found };
    found.insert("cache", json!([group["engine"], group["engine_version"], group["node_type"]]));
    let nodes = number(group["num_cache_clusters"].clone());
    found.insert("nodes", json!([nodes, group["automatic_failover_enabled"], group["multi_az_enabled"]]));
    found.insert("snapshots", json!([number(group["snapshot_retention_limit"].clone()), group["snapshot_window"]]));
    found.insert("maintenance of the cache", group["maintenance_window"].clone());
    let parameters = of("aws_elasticache_parameter_group", "").into_iter().flat_map(|group| group["parameter"].as_array()).flatten();
    let policies: Vec<&Value> =
        parameters.filter(|parameter| parameter["name"] == "maxmemory-policy").map(|parameter| &parameter["value"]).collect();
    found.insert("evicts", policies.first().map(|policy| (*policy).clone()).unwrap_or_default());
    let alarms = |metric: &str| -> Vec<Value> {
        let all = of("aws_cloudwatch_metric_alarm", "").into_iter();
        all.filter(|alarm| alarm["metric_name"] == metric).map(|alarm| number(alarm["threshold"].clone())).collect()
    };
    let [cpu, memory, evictions] = ["EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "Evictions"].map(alarms);
    let is_same = cpu.len() == memory.len() && memory.len() == evictions.len();
    let one = |mut thresholds: Vec<Value>| {
        thresholds.dedup();
        if let [one] = thresholds.as_slice() { one.clone() } else { Value::Null }
    };
    let count = if is_same { json!(cpu.len() as f64) } else { Value::Null };
    found.insert("alarms of the cache", json!([count, one(cpu), one(memory), one(evictions)]));
    let keys = of("aws_kms_key", "");
    let key = keys.iter().find(|key| key["description"].as_str().is_some_and(|text| text.starts_with("Cache ")));
    let rotates = key.map(|key| key["enable_key_rotation"].clone()).unwrap_or_default();
    let at_rest = group["at_rest_encryption_enabled"].as_str() == Some("true");
    found.insert("cache encrypted", json!([at_rest, group["transit_encryption_enabled"], rotates]));
    let stays = key.and_then(|key| key["policy"].as_str()).is_some_and(|policy| policy.contains("kms:ScheduleKeyDeletion"));
    found.insert("key of the cache stays", json!(stays));
    // Databases have ports of their own.
    let ways = of("aws_vpc_security_group_ingress_rule", "clients").into_iter().filter(|way| {
        let [from, to] = ["from_port", "to_port"].map(|end| way[end].as_f64().unwrap_or_default());
        from <= PORT && PORT <= to
    });
    let way = |way: &Value| json!([number(way["from_port"].clone()), number(way["to_port"].clone()), way["cidr_ipv4"], way["cidr_ipv6"]]);
    found.insert("ways into the cache", json!(ways.map(way).collect::<Vec<_>>()));
    found
}
