//! Generated repositories that write and override the same keys in every layer.

#![allow(clippy::type_complexity)]

use super::repository::Repository;
use super::tape::Tape;
use serde_json::{Map, Value, json};

/// A key and legal values of it.
pub(crate) type KeyValues = (&'static str, Vec<Value>);

/// Sections, keys and legal values, so that every value reaches the typed IR. `custom` is made apart.
pub(crate) fn language() -> Vec<(&'static str, Vec<KeyValues>)> {
    let flags = || vec![json!(true), json!(false)];
    vec![
        (
            "networking",
            vec![
                ("vpc_cidr", vec![json!("10.20.0.0/16"), json!("10.30.0.0/18"), json!("100.64.0.0/20")]),
                ("availability_zones", vec![json!(1), json!(2), json!(3)]),
                ("enable_nat_gateway", flags()),
                ("enable_vpn", flags()),
                ("nat_gateways", vec![json!("none"), json!("single"), json!("per_zone")]),
                ("zones", vec![json!(["a"]), json!(["a", "c"]), json!(["c", "b", "a"])]),
                ("existing", vec![json!("main"), json!("office-2")]),
            ],
        ),
        (
            "compute",
            vec![
                ("instance_type", vec![json!("t3.small"), json!("m7g.large"), json!("c7i.xlarge")]),
                ("min_instances", vec![json!(0), json!(1), json!(2)]),
                ("max_instances", vec![json!(0), json!(3), json!(9)]),
                ("ami_id", vec![json!("ami-0123456789abcdef0"), json!("ami-01234567")]),
                ("key_name", vec![json!("ops"), json!("admin key")]),
                ("port", vec![json!(80), json!(8080)]),
                ("health_check_path", vec![json!("/"), json!("/health?full=1")]),
                ("load_balancer", vec![json!("public"), json!("internal"), json!("none")]),
                ("root_volume_size", vec![json!(8), json!(100)]),
                (
                    "volumes",
                    vec![
                        json!([]),
                        json!([{"name": "data", "size": 100, "mount": "/data"}]),
                        json!([{"name": "logs", "size": 500, "type": "st1"}, {"name": "fast", "size": 20, "type": "io2", "iops": 4000}]),
                    ],
                ),
                ("user_data_script", vec![json!("#!/bin/sh\necho \"${HOME}\"\n"), json!("echo '{{.Names}}'")]),
            ],
        ),
        (
            "database",
            vec![
                ("engine", vec![json!("postgres"), json!("mysql"), json!("mariadb"), json!("aurora-postgresql"), json!("aurora-mysql")]),
                ("engine_version", vec![json!("15.10"), json!("8.0"), json!("16")]),
                ("instance_class", vec![json!("db.t3.small"), json!("db.r7g.large")]),
                ("allocated_storage", vec![json!(20), json!(100)]),
                ("backup_retention_period", vec![json!(0), json!(3), json!(14)]),
                ("multi_az", flags()),
                ("name", vec![json!("orders"), json!("shop_2")]),
                ("storage_type", vec![json!("gp3"), json!("io2")]),
                ("iops", vec![json!(12_000), json!(64_000)]),
                ("max_allocated_storage", vec![json!(200), json!(65_536)]),
                ("backup_window", vec![json!("03:00-04:00"), json!("23:45-00:15")]),
                ("maintenance_window", vec![json!("sun:04:00-sun:05:00"), json!("mon:22:00-tue:02:00")]),
                (
                    "parameters",
                    vec![
                        json!({"log_statement": "ddl", "work_mem": 65_536}),
                        json!({"log_statement": "all"}),
                        json!({"work_mem": null, "rds.logical_replication": 1}),
                        json!({}),
                    ],
                ),
                ("replicas", vec![json!(0), json!(2)]),
                ("instances", vec![json!(1), json!(3)]),
                ("snapshot_identifier", vec![json!("orders-before-upgrade"), json!("rds:shop-2026-11-20-03-10")]),
                ("deletion_protection", flags()),
                ("formerly", vec![json!("database"), json!("old-orders"), json!(["audit", "old-orders"])]),
            ],
        ),
        (
            "monitoring",
            vec![
                ("enable_cloudwatch", flags()),
                ("log_retention_days", vec![json!(7), json!(30)]),
                ("alarm_email", vec![json!("ops@example.com")]),
            ],
        ),
        (
            "security",
            vec![
                ("allowed_cidr_blocks", vec![json!(["10.0.0.0/8"]), json!([]), json!(["192.0.2.0/24", "198.51.100.0/24"])]),
                ("enable_waf", flags()),
            ],
        ),
        (
            "scaling",
            vec![
                ("cpu_threshold", vec![json!(50), json!(80)]),
                ("memory_threshold", vec![json!(60)]),
                ("scale_up_cooldown", vec![json!(0), json!(60)]),
            ],
        ),
        ("features", vec![("enable_cdn", flags()), ("enable_queue", flags()), ("enable_cache", flags())]),
        (
            "storage",
            vec![
                ("bucket_name", vec![json!("shop-uploads"), json!("shop-{{ environment }}-files")]),
                ("versioning_enabled", flags()),
                ("lifecycle_rules", vec![json!([]), json!([{"name": "logs", "expiration_days": 30}])]),
            ],
        ),
        (
            "queue",
            vec![
                ("fifo", flags()),
                ("visibility_timeout", vec![json!(0), json!(30), json!(600)]),
                ("retention_days", vec![json!(4), json!(13)]),
                ("max_receives", vec![json!(1), json!(5)]),
                ("alarm_age", vec![json!(60), json!(900)]),
            ],
        ),
        (
            "cache",
            vec![
                ("engine", vec![json!("valkey"), json!("redis")]),
                ("engine_version", vec![json!("8.2"), json!("7.1")]),
                ("node_type", vec![json!("cache.t4g.small"), json!("cache.m7g.large")]),
                ("nodes", vec![json!(1), json!(3)]),
                ("snapshot_retention_days", vec![json!(0), json!(14)]),
                ("snapshot_window", vec![json!("03:00-04:00"), json!("23:45-00:45")]),
                ("maintenance_window", vec![json!("sun:04:00-sun:05:00"), json!("mon:22:00-tue:02:00")]),
                ("eviction_policy", vec![json!("volatile-lru"), json!("noeviction")]),
                ("alarm_memory", vec![json!(80), json!(100)]),
                ("alarm_evictions", vec![json!(0), json!(1000)]),
            ],
        ),
        (
            "backup",
            vec![
                ("enabled", flags()),
                ("schedule", vec![json!("cron(0 5 * * ? *)"), json!("cron(30 2 ? * SUN *)")]),
                ("retention_days", vec![json!(7), json!(365)]),
                ("cross_region_copy", flags()),
            ],
        ),
        (
            "notifications",
            vec![("email_list", vec![json!(["a@example.com"]), json!(["b@example.com", "c@example.com"])]), ("enable_pagerduty", flags())],
        ),
        (
            "tags",
            vec![
                ("team", vec![json!("red"), json!("blue")]),
                ("Cost Center", vec![json!(7), json!("007")]),
                ("support", vec![json!(true), json!("best-effort")]),
            ],
        ),
    ]
}

/// Shorthands of an environment, with what they stand for.
pub(crate) const SHORTHANDS: [(&str, &str, &str); 5] = [
    ("instance_type", "compute", "instance_type"),
    ("min_instances", "compute", "min_instances"),
    ("max_instances", "compute", "max_instances"),
    ("enable_monitoring", "monitoring", "enable_cloudwatch"),
    ("backup_retention_days", "database", "backup_retention_period"),
];

/// Keys of `features`, with the sections that they switch on.
pub(crate) const SWITCHES: [(&str, &str); 2] = [("enable_queue", "queue"), ("enable_cache", "cache")];

/// Sections that a service has of its own or not at all.
pub(crate) fn stands_alone(section: &str) -> bool {
    ["database", "databases", "storage", "queue", "cache", "notifications"].contains(&section)
}

/// Named databases.
pub(crate) const DATABASES: [&str; 2] = ["orders", "sales-eu"];

const ENVIRONMENTS: [&str; 3] = ["dev", "staging", "production"];
const SERVICES: [&str; 2] = ["api", "web"];
/// Region overlays: a region's name, or a label with a region of its own.
const OVERLAYS: [(&str, &str); 3] = [("eu-west-1", "eu-west-1"), ("eu-west", "eu-west-2"), ("ap-south-1", "ap-south-1")];

/// What the values of a part go over: those of the base's top level and of the tier go over nothing that they could change.
#[derive(Clone, Copy, PartialEq)]
enum Below {
    Nothing,
    Layers,
}

/// A change of the lists that are legal for a key, or one of them.
fn list(tape: &mut Tape, values: &[Value], below: Below) -> Value {
    let whole = tape.pick(values).clone();
    if below == Below::Nothing || tape.below(2) == 0 {
        return whole;
    }
    let mut change = Map::new();
    for key in ["add", "remove"] {
        if tape.below(3) > 0 {
            let items = tape.pick(values).as_array().cloned().unwrap_or_default();
            // Mappings are removed by their names.
            let items = items.into_iter().map(|item| item.get("name").filter(|_| key == "remove").cloned().unwrap_or(item));
            change.insert(key.to_owned(), items.collect());
        }
    }
    if change.is_empty() { whole } else { Value::Object(change) }
}

fn keys(tape: &mut Tape, section: &str, keys: &[KeyValues], nulls: bool, below: Below) -> Map<String, Value> {
    let mut map = Map::new();
    for (key, values) in keys {
        // What most sections cannot do without is written often, so that whole deployments come about.
        let often = matches!(*key, "vpc_cidr" | "instance_type" | "engine") || section == "tags";
        if tape.below(if often { 2 } else { 3 }) == 1 {
            let value = match values {
                _ if nulls && tape.one_in(6) => Value::Null,
                values if values.iter().all(Value::is_array) => list(tape, values, below),
                values => tape.pick(values).clone(),
            };
            map.insert((*key).to_owned(), value);
        }
    }
    map
}

/// `custom`: maps below `m...`, lists, numbers and nulls below `x...`, and `z`, which is a list in one layer and a map in another.
fn custom(tape: &mut Tape, depth: usize) -> Value {
    let mut map = Map::new();
    for name in ["m1", "m2", "x1", "x2", "z"] {
        if tape.below(3) != 1 {
            continue;
        }
        let value = match (name, tape.below(6)) {
            (_, 5) => Value::Null,
            ("m1" | "m2", _) if depth < 3 => custom(tape, depth + 1),
            ("m1" | "m2", _) => json!({}),
            ("z", 0..=1) => custom(tape, depth + 2),
            ("z", _) => json!([1, null, {"a": null}]),
            (_, 0) => json!([null, "a"]),
            (_, number) => json!(number),
        };
        map.insert(name.to_owned(), value);
    }
    Value::Object(map)
}

/// The sections of one part of a document.
fn sections(tape: &mut Tape, of_service: bool, below: Below) -> Map<String, Value> {
    let mut part = Map::new();
    for (section, all) in language() {
        if of_service && section == "networking" || tape.below(3) != 1 {
            continue;
        }
        let value = if tape.one_in(7) { Value::Null } else { Value::Object(keys(tape, section, &all, true, below)) };
        part.insert(section.to_owned(), value);
    }
    // A switch that says the opposite of its section, in one layer, is an error.
    for (switch, section) in SWITCHES {
        let Some(is_on) = part.get("features").and_then(|features| features.get(switch)).and_then(Value::as_bool) else { continue };
        if part.get(section).is_some_and(|section| section.is_object() != is_on) {
            part.remove(section);
        }
    }
    if tape.one_in(3) {
        part.insert("databases".to_owned(), if tape.one_in(6) { Value::Null } else { databases(tape, below) });
    }
    if tape.one_in(3) {
        part.insert("custom".to_owned(), if tape.one_in(6) { Value::Null } else { custom(tape, 0) });
    }
    part
}

/// Named databases, each with keys of `database`.
fn databases(tape: &mut Tape, below: Below) -> Value {
    let language = language();
    let (section, all) = language.iter().find(|(section, _)| *section == "database").unwrap();
    let mut databases = Map::new();
    for name in some(tape, &DATABASES) {
        let value = if tape.one_in(6) { Value::Null } else { Value::Object(keys(tape, section, all, true, below)) };
        databases.insert(name.to_owned(), value);
    }
    Value::Object(databases)
}

fn environment(tape: &mut Tape, of_service: bool) -> Map<String, Value> {
    let mut part = sections(tape, of_service, Below::Layers);
    let language = language();
    for (name, section, key) in SHORTHANDS {
        if tape.one_in(4) {
            let (_, keys) = language.iter().find(|(other, _)| *other == section).unwrap();
            let (_, values) = keys.iter().find(|(other, _)| *other == key).unwrap();
            part.insert(name.to_owned(), if tape.one_in(5) { Value::Null } else { tape.pick(values).clone() });
        }
    }
    part
}

/// An entry of `environments`, `services` or `regions`: nothing in it may be written as nothing.
fn entry(tape: &mut Tape, part: Map<String, Value>) -> Value {
    if part.is_empty() && tape.below(2) == 0 { Value::Null } else { Value::Object(part) }
}

fn some<'n>(tape: &mut Tape, names: &[&'n str]) -> Vec<&'n str> {
    names.iter().copied().filter(|_| tape.below(2) == 1).collect()
}

/// A repository. Nothing in it is an error before lowering: shapes never clash, and nothing is deployed twice.
pub(crate) fn repository(tape: &mut Tape) -> Repository {
    let services = if tape.below(2) == 1 { some(tape, &SERVICES) } else { Vec::new() };
    let overlays: Vec<(&str, &str)> = OVERLAYS.into_iter().filter(|_| tape.below(3) == 1).collect();
    let with_base = overlays.is_empty() || tape.below(4) != 1;
    // Layer 8 has two spellings, of which a service uses one.
    let by_service = tape.below(2) == 0;
    let mut documents: Vec<(String, Map<String, Value>)> = Vec::new();
    let mut base = Map::new();
    let mut base_environments = vec![ENVIRONMENTS[tape.below(3)]];
    base_environments.extend(some(tape, &ENVIRONMENTS));
    base_environments.sort_unstable();
    base_environments.dedup();
    if with_base {
        base = sections(tape, false, Below::Nothing);
        base.insert("project_name".into(), json!("shop"));
        if overlays.is_empty() || tape.below(2) == 1 {
            base.insert("region".into(), json!("us-east-1"));
        }
        let mut environments = Map::new();
        for name in &base_environments {
            let mut part = environment(tape, false);
            if tape.one_in(4) {
                part.insert("region".into(), json!("us-west-2"));
            }
            environments.insert((*name).to_owned(), entry(tape, part));
        }
        base.insert("environments".into(), Value::Object(environments));
    }
    for (name, region) in &overlays {
        let mut part = sections(tape, false, Below::Layers);
        let own = if with_base { some(tape, &base_environments) } else { base_environments.clone() };
        let by_environment = region != name && !own.is_empty() && tape.below(2) == 1;
        if region != name && !by_environment {
            part.insert("region".into(), json!(region));
        }
        if !own.is_empty() {
            let mut environments = Map::new();
            for environment_name in own {
                let mut inner = environment(tape, false);
                if by_environment {
                    inner.insert("region".into(), json!(region));
                }
                environments.insert(environment_name.to_owned(), entry(tape, inner));
            }
            part.insert("environments".into(), Value::Object(environments));
        }
        if !by_service && !services.is_empty() {
            let inner: Map<String, Value> = some(tape, &services).into_iter().map(|service| (service.to_owned(), Value::Null)).collect();
            let inner = inner.into_iter().map(|(service, _)| (service, Value::Object(sections(tape, true, Below::Layers)))).collect();
            part.insert("services".into(), Value::Object(inner));
        }
        if !with_base {
            part.insert("project_name".into(), json!("shop"));
        }
        place(tape, &mut base, &mut documents, with_base, "regions", name, &format!("{name}-variables.yml"), part);
    }
    for service in &services {
        let mut part = sections(tape, true, Below::Layers);
        let named = some(tape, &base_environments);
        if !named.is_empty() {
            let environments = named.into_iter().map(|name| (name.to_owned(), Value::Object(environment(tape, true)))).collect();
            part.insert("environments".into(), Value::Object(environments));
        }
        let named = if by_service { some(tape, &["us-east-1", "eu-west-1", "eu-west-2"]) } else { Vec::new() };
        if !named.is_empty() {
            let regions = named.into_iter().map(|name| (name.to_owned(), Value::Object(sections(tape, true, Below::Layers)))).collect();
            part.insert("regions".into(), Value::Object(regions));
        }
        if let Some(deploy_to) = deploy_to(tape, &base_environments) {
            part.insert("deploy_to".into(), deploy_to);
        }
        place(tape, &mut base, &mut documents, with_base, "services", service, &format!("{service}-vars.yml"), part);
    }
    if with_base {
        documents.push(("variables.yml".to_owned(), base));
    }
    Repository { name: "alder".to_owned(), documents: documents.into_iter().collect() }
}

/// Where a service is; nothing, mostly. Names of environments are those that there are.
fn deploy_to(tape: &mut Tape, environments: &[&str]) -> Option<Value> {
    if !tape.one_in(3) {
        return None;
    }
    let mut lists = Map::new();
    for (key, names) in [("environments", environments), ("regions", &["us-east-1", "us-west-2", "eu-west-1", "eu-west-2"])] {
        if tape.below(2) == 1 {
            lists.insert(key.to_owned(), some(tape, names).into());
        }
    }
    Some(Value::Object(lists))
}

/// Puts an overlay into a file of its own, or into the base.
#[allow(clippy::too_many_arguments)]
fn place(
    tape: &mut Tape,
    base: &mut Map<String, Value>,
    documents: &mut Vec<(String, Map<String, Value>)>,
    with_base: bool,
    key: &str,
    name: &str,
    file: &str,
    part: Map<String, Value>,
) {
    if with_base && tape.one_in(3) {
        let inline = base.entry(key).or_insert_with(|| json!({}));
        let value = entry(tape, part);
        inline.as_object_mut().unwrap().insert(name.to_owned(), value);
    } else {
        documents.push((file.to_owned(), part));
    }
}

/// Defaults of the tier, as sections.
pub(crate) fn tier_defaults(tape: &mut Tape) -> Map<String, Value> {
    let mut defaults = Map::new();
    for (section, all) in language() {
        if tape.below(2) == 1 {
            let mut keys = keys(tape, section, &all, false, Below::Nothing);
            // A network that exists already is one customer's.
            keys.remove("existing");
            SWITCHES.iter().for_each(|(switch, _)| drop(keys.remove(*switch)));
            // Each database has names of its own.
            keys.remove("formerly");
            keys.values_mut().filter_map(Value::as_object_mut).for_each(|names| names.retain(|_, value| !value.is_null()));
            defaults.insert(section.to_owned(), Value::Object(keys));
        }
    }
    defaults
}
