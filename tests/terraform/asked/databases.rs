//! Databases of a root: the one without a name, and the named ones, each of which is asked for as if it were the one.

use super::merged::{Merged, SHORTHANDS};
use super::{Poisoned, number, value};
use serde_json::{Value, json};
use serde_yaml::{Mapping, Value as Yaml};
use std::collections::{BTreeMap, BTreeSet};

/// What the call of a named database is called before its name.
const NAMED: &str = "module.customer_database_";

/// The names that layers have.
pub(super) fn names(layers: &[(Mapping, bool)]) -> BTreeSet<String> {
    let databases = layers.iter().filter_map(|(layer, _)| layer.get("databases")?.as_mapping());
    databases.flat_map(Mapping::keys).filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// A named database as the section `database`.
pub(super) fn merged(defaults: &Mapping, layers: &[(Mapping, bool)], name: &str) -> Merged {
    let mut merged = Merged::default();
    merged.defaults(defaults);
    for (layer, is_environment) in layers {
        let mut alone = Mapping::new();
        for (key, value) in layer {
            if SHORTHANDS.iter().any(|(short, section, _)| *section == "database" && key == *short) {
                alone.insert(key.clone(), value.clone());
            }
        }
        match layer.get("databases") {
            Some(Yaml::Null) => drop(alone.insert("database".into(), Yaml::Null)),
            Some(databases) => {
                databases.get(name).into_iter().for_each(|value| drop(alone.insert("database".into(), value.clone())));
            }
            None => {}
        }
        merged.layer(&alone, *is_environment);
    }
    merged
}

/// What is asked for of a database.
pub(super) fn asked(database: &Merged, version: Option<&str>, is_protected: bool) -> Poisoned {
    let mut asked = Poisoned::new();
    for (fact, key) in [
        ("engine", "engine"),
        ("class", "instance_class"),
        ("retention", "backup_retention_period"),
        ("database name", "name"),
        ("backup window", "backup_window"),
        ("maintenance window", "maintenance_window"),
        ("snapshot", "snapshot_identifier"),
    ] {
        asked.insert(fact, value(database, "database", key));
    }
    let is_aurora = value(database, "database", "engine").as_str().is_some_and(|engine| engine.starts_with("aurora-"));
    if is_aurora {
        asked.insert("instances", instances(database, is_protected));
    } else {
        for (fact, key) in [
            ("storage", "allocated_storage"),
            ("multi_az", "multi_az"),
            ("storage type", "storage_type"),
            ("iops", "iops"),
            ("replicas", "replicas"),
        ] {
            asked.insert(fact, value(database, "database", key));
        }
        asked.insert("storage limit", storage_limit(database));
    }
    asked.insert("parameters", parameters(database));
    asked.insert("version", json!(version));
    let protection = value(database, "database", "deletion_protection");
    asked.insert("database protected", if protection.is_null() { json!(is_protected) } else { protection });
    asked
}

/// As many as are written; else two where `multi_az` asks for a stand-in, or nothing is said in a protected environment.
fn instances(merged: &Merged, is_protected: bool) -> Value {
    let said = merged.get("database", "multi_az").and_then(Yaml::as_bool);
    let given = value(merged, "database", "instances");
    if given.is_null() { json!(if said.unwrap_or(is_protected) { 2.0 } else { 1.0 }) } else { given }
}

/// What is given, else twice the first size and 100 GiB at least: README of customer-database.
fn storage_limit(merged: &Merged) -> Value {
    let given = value(merged, "database", "max_allocated_storage");
    let first = value(merged, "database", "allocated_storage").as_f64().unwrap_or_default();
    if given.is_null() { json!((2.0 * first).clamp(100.0, 65536.0)) } else { given }
}

/// Parameters as text.
fn parameters(merged: &Merged) -> Value {
    let text = |value: &Yaml| match value {
        Yaml::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim().to_owned(),
    };
    let written = merged.get("database", "parameters").and_then(Yaml::as_mapping).into_iter().flatten();
    json!(written.map(|(name, value)| (text(name), text(value))).collect::<BTreeMap<_, _>>())
}

/// What a plan has of databases, by the modules that it calls.
pub(super) fn planned<'p>(modules: impl Iterator<Item = &'p Value>) -> Poisoned {
    let mut found = Poisoned::new();
    let mut named: BTreeMap<String, Poisoned> = BTreeMap::new();
    let mut identifiers: Vec<&str> = Vec::new();
    for module in modules {
        let resources: Vec<&Value> = module["resources"].as_array().into_iter().flatten().collect();
        let instances = resources.iter().filter(|one| one["type"] == "aws_db_instance" || one["type"] == "aws_rds_cluster_instance");
        identifiers.extend(instances.filter_map(|one| one["values"]["identifier"].as_str()));
        match module["address"].as_str().and_then(|address| address.strip_prefix(NAMED)) {
            Some(name) => drop(named.insert(name.replace('_', "-"), of_module(&resources))),
            None => found.extend(of_module(&resources)),
        }
    }
    let apart: BTreeSet<&&str> = identifiers.iter().collect();
    found.insert("identifiers apart", json!(apart.len() == identifiers.len()));
    found.insert("named databases", json!(named));
    found
}

fn of_module(resources: &[&Value]) -> Poisoned {
    let of = |kind: &str, name: &str| -> Vec<&Value> {
        resources.iter().filter(|one| one["type"] == kind && (name.is_empty() || one["name"] == name)).map(|one| &one["values"]).collect()
    };
    let mut found = Poisoned::new();
    for database in of("aws_db_instance", "this") {
        found.insert("database name", database["db_name"].clone());
        found.insert("storage type", database["storage_type"].clone());
        found.insert("iops", number(database["iops"].clone()));
        found.insert("storage limit", number(database["max_allocated_storage"].clone()));
        found.insert("backup window", database["backup_window"].clone());
        found.insert("maintenance window", database["maintenance_window"].clone());
        found.insert("snapshot", database["snapshot_identifier"].clone());
        found.insert("replicas", json!(of("aws_db_instance", "replica").len() as f64));
        found.insert("engine", database["engine"].clone());
        found.insert("version", database["engine_version"].clone());
        found.insert("class", database["instance_class"].clone());
        found.insert("storage", number(database["allocated_storage"].clone()));
        found.insert("retention", number(database["backup_retention_period"].clone()));
        found.insert("multi_az", database["multi_az"].clone());
        found.insert("database protected", database["deletion_protection"].clone());
    }
    for cluster in of("aws_rds_cluster", "this") {
        found.insert("database name", cluster["database_name"].clone());
        found.insert("backup window", cluster["preferred_backup_window"].clone());
        found.insert("maintenance window", cluster["preferred_maintenance_window"].clone());
        found.insert("snapshot", cluster["snapshot_identifier"].clone());
        found.insert("engine", cluster["engine"].clone());
        found.insert("version", cluster["engine_version"].clone());
        found.insert("retention", number(cluster["backup_retention_period"].clone()));
        found.insert("database protected", cluster["deletion_protection"].clone());
    }
    let of_cluster = of("aws_rds_cluster_instance", "this");
    if let Some(first) = of_cluster.first() {
        found.insert("instances", json!(of_cluster.len() as f64));
        let same = |key: &str| if of_cluster.iter().all(|one| one[key] == first[key]) { first[key].clone() } else { json!("different") };
        found.insert("class", same("instance_class"));
    }
    for group in of("aws_db_parameter_group", "").into_iter().chain(of("aws_rds_cluster_parameter_group", "")) {
        let own = ["rds.force_ssl", "require_secure_transport"];
        let set = group["parameter"].as_array().into_iter().flatten();
        let set = set.map(|one| (one["name"].as_str().unwrap_or_default(), one["value"].as_str().unwrap_or_default()));
        found.insert("parameters", json!(set.filter(|(name, _)| !own.contains(name)).collect::<BTreeMap<_, _>>()));
    }
    found
}
