//! What a plan holds against what the customer asked for, with nothing of terralet's own in between: the customers' documents are read here by
//! another YAML library and merged in the order that `asked/acme.yml` writes down, and the plan is what `terraform show -json` prints.

mod backups;
mod buckets;
mod caches;
mod databases;
mod merged;
mod notices;
mod queues;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ipnet::Ipv4Net;
use serde::Deserialize;
use serde_json::{Value, json};
use serde_yaml::{Mapping, Value as Yaml};

use self::merged::{Merged, switched};
use crate::user_data;
use crate::workspace::{Failure, Plan};

/// The table, below the package.
const TABLE: &str = "tests/terraform/asked/acme.yml";

/// A repository of the table.
#[derive(Deserialize)]
struct Repository {
    account: String,
    tier: String,
    #[serde(default = "infra")]
    infra: String,
    /// The database's version as it is written, which a reader of YAML may take for a number.
    version: Option<String>,
    /// The same of each named database.
    #[serde(default)]
    versions: BTreeMap<String, String>,
    roots: BTreeMap<String, Root>,
}

#[derive(Deserialize)]
struct Root {
    region: String,
    /// Its account, where that is another one than the repository's.
    account: Option<String>,
    /// True for what services share.
    #[serde(default)]
    shared: bool,
    service: Option<String>,
    layers: Vec<String>,
    /// The layers of the service itself.
    #[serde(default)]
    own: Vec<String>,
    /// Values written out, by section and key.
    #[serde(default)]
    literal: BTreeMap<String, Yaml>,
}

fn infra() -> String {
    "infra".to_owned()
}

/// Things that are asked for or planned, by name. What is not there is null.
type Poisoned = BTreeMap<&'static str, Value>;

/// Compares the plan of a root, given by its directory below the output, with what was asked for.
pub(crate) fn compare(workspace: &Path, directory: &Path, plan: &Plan) -> Result<(), Failure> {
    let failed = |error: String| Failure::new("asked", format!("{}: {error}", directory.display()));
    let asked = asked(workspace, directory).map_err(failed)?;
    let planned = planned(&plan.json);
    let mut differences = Vec::new();
    for name in asked.keys().chain(planned.keys()).collect::<BTreeSet<_>>() {
        let of = |poisoned: &Poisoned| poisoned.get(name).cloned().unwrap_or(Value::Null);
        if of(&asked) != of(&planned) {
            differences.push(format!("{name}: asked for {}, planned {}", of(&asked), of(&planned)));
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(failed(differences.join("\n"))) }
}

/// The roots of the table, as directories below the output.
pub(crate) fn roots() -> Result<BTreeSet<String>, String> {
    let table = table()?;
    Ok(table.iter().flat_map(|(repository, entry)| entry.roots.keys().map(move |root| format!("{repository}/{root}"))).collect())
}

fn table() -> Result<BTreeMap<String, Repository>, String> {
    parse(&Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE))
}

fn parse<T: for<'de> Deserialize<'de>>(file: &Path) -> Result<T, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
}

fn asked(workspace: &Path, directory: &Path) -> Result<Poisoned, String> {
    let table = table()?;
    let (name, rest) = directory.to_str().and_then(|directory| directory.split_once('/')).ok_or("no directory of a root")?;
    let repository = table.get(name).ok_or("not in the table")?;
    let root = repository.roots.get(rest).ok_or("not in the table")?;
    let environment = rest.split('/').next().unwrap_or_default();
    let platform: Yaml = parse(&workspace.join("terralet.yml"))?;
    let defaults = platform["tiers"][repository.tier.as_str()]["defaults"].as_mapping().cloned().unwrap_or_default();
    let infra = workspace.join("customers").join(name).join(&repository.infra);
    let layers = |names: &[String]| names.iter().map(|name| layer(&infra, name)).collect::<Result<Vec<_>, _>>();
    let (below, own) = (layers(&root.layers)?, layers(&root.own)?);
    let merged = |layers: &mut dyn Iterator<Item = &(Mapping, bool)>| {
        let mut merged = Merged::default();
        merged.defaults(&defaults);
        layers.for_each(|(layer, is_environment)| merged.layer(layer, *is_environment));
        merged
    };
    let all = merged(&mut below.iter().chain(&own));
    // A service's database stands alone.
    let database = if root.service.is_some() { merged(&mut own.iter()) } else { merged(&mut below.iter()) };
    for (path, wanted) in &root.literal {
        let (section, key) = path.split_once('.').ok_or("a literal has no section")?;
        let named = match section {
            "databases" => Some(key.split_once('.').ok_or("a literal has no key")?),
            _ => None,
        };
        let named = named.map(|(name, key)| (databases::merged(&defaults, if root.service.is_some() { &own } else { &below }, name), key));
        let (of, section, key) = match &named {
            Some((named, key)) => (named, "database", *key),
            None => (if section == "database" { &database } else { &all }, section, key),
        };
        let found = of.get(section, key).cloned().or_else(|| default(of, section, key)).unwrap_or(Yaml::Null);
        let tag = (section == "tags").then(|| tags(&all, name, root, environment, &platform).get(key).cloned().unwrap_or_default());
        if tag.map_or(found != *wanted, |tag| wanted.as_str() != Some(tag.as_str())) {
            return Err(format!("the table has {path} {wanted:?}, and the documents {found:?}"));
        }
    }
    let mut poisoned = Poisoned::new();
    let tags = json!(tags(&all, name, root, environment, &platform));
    poisoned.insert("region", json!(root.region));
    poisoned.insert("account", json!([root.account.as_ref().unwrap_or(&repository.account)]));
    poisoned.insert("tags", tags.clone());
    let is_protected = environment == "production";
    let granted = granted(&all, &platform, name, environment);
    if let (Some(network), None) = (&granted, &root.service) {
        existing(network, &all, database.written.contains("database"), &mut poisoned);
    } else if root.service.is_none() {
        network(&all, &root.region, is_protected, &mut poisoned);
    }
    if all.written.contains("compute") && !root.shared {
        compute(&all, root, (&platform, granted.as_ref()), &mut poisoned);
        poisoned.insert("instance tags", tags);
    }
    if database.written.contains("database") {
        poisoned.extend(databases::asked(&database, repository.version.as_deref(), is_protected));
    }
    let own = if root.service.is_some() { &own } else { &below };
    let named = databases::names(own).into_iter().filter_map(|name| {
        let database = databases::merged(&defaults, own, &name);
        let version = repository.versions.get(&name).map(String::as_str);
        database.written.contains("database").then(|| (name, databases::asked(&database, version, is_protected)))
    });
    let named: BTreeMap<String, Poisoned> = named.collect();
    let of_names = named.keys().map(String::as_str).collect();
    poisoned.insert("named databases", json!(named));
    poisoned.insert("identifiers apart", json!(true));
    let of_shared = if root.service.is_some() { &below[..] } else { &[] };
    let queue_of = |layers: &[(Mapping, bool)]| switched(layers, &defaults, "queue", "enable_queue");
    let (queue, bucket) = (queue_of(own), buckets::merged(own, &defaults));
    let notifications = notices::merged(own, &defaults);
    let notified = notices::notified(notifications.is_some(), notices::merged(of_shared, &defaults).is_some());
    let has = backups::Has { database: database.written.contains("database"), named: of_names, bucket: bucket.as_ref() };
    let backup = backups::asked(&all, &has, (&root.region, &platform), is_protected);
    if !backup.is_empty() {
        poisoned.insert("alarms of backups notify", notified.clone());
    }
    poisoned.extend(backup);
    if queue.is_some() {
        poisoned.insert("alarms of the queue notify", notified.clone());
    }
    if all.written.contains("compute") && !root.shared {
        let (queues, buckets) = (queue_of(of_shared), buckets::merged(of_shared, &defaults));
        poisoned.insert("may use queues", json!(queue.is_some() || queues.is_some()));
        poisoned.insert("may use buckets", json!(bucket.is_some() || buckets.is_some()));
        poisoned.insert("alarms of instances notify", notified.clone());
    }
    poisoned.extend(queue.map(|queue| queues::asked(&queue, is_protected)).unwrap_or_default());
    let cache = switched(own, &defaults, "cache", "enable_cache");
    if cache.is_some() {
        poisoned.insert("alarms of the cache notify", notified);
    }
    poisoned.extend(cache.map(|cache| caches::asked(&cache, is_protected)).unwrap_or_default());
    let fill = |text: &str| filled(text, &all, name, root, environment, &platform);
    poisoned.extend(bucket.map(|bucket| buckets::asked(&bucket, &fill)).unwrap_or_default());
    poisoned.extend(notifications.map(|notifications| notices::asked(&notifications, is_protected, &fill)).unwrap_or_default());
    Ok(poisoned)
}

/// A layer of the table: a document, and the path in it. A path that a document does not have is an empty layer.
fn layer(infra: &Path, name: &str) -> Result<(Mapping, bool), String> {
    let mut words = name.split(' ');
    let mut document: Yaml = parse(&infra.join(words.next().unwrap_or_default()))?;
    document.apply_merge().map_err(|error| format!("{name}: {error}"))?;
    let path: Vec<&str> = words.collect();
    let found = path.iter().fold(&document, |node, key| node.get(key).unwrap_or(&Yaml::Null));
    let is_environment = path.len() >= 2 && path[path.len() - 2] == "environments";
    Ok((found.as_mapping().cloned().unwrap_or_default(), is_environment))
}

/// The defaults of language.md, section 4.
fn default(merged: &Merged, section: &str, key: &str) -> Option<Yaml> {
    Some(match (section, key) {
        ("networking", "availability_zones") => 2.into(),
        ("networking", "enable_nat_gateway") => true.into(),
        ("networking", "enable_vpn") | ("database", "multi_az") => false.into(),
        ("compute", "min_instances") => 1.into(),
        ("compute", "port") => 80.into(),
        ("compute", "health_check_path") => "/".into(),
        ("compute", "load_balancer") => "public".into(),
        ("compute", "max_instances") => merged.get(section, "min_instances").cloned().unwrap_or_else(|| 1.into()),
        ("database", "allocated_storage") => 20.into(),
        ("database", "storage_type") => "gp3".into(),
        ("database", "replicas") => 0.into(),
        ("database", "backup_retention_period") => 7.into(),
        ("scaling", "cpu_threshold") => 70.into(),
        ("scaling", "scale_up_cooldown" | "scale_down_cooldown") => 300.into(),
        ("monitoring", "enable_cloudwatch") => false.into(),
        _ => return None,
    })
}

fn value(merged: &Merged, section: &str, key: &str) -> Value {
    let value = merged.get(section, key).cloned().or_else(|| default(merged, section, key));
    number(serde_json::to_value(value).unwrap_or_default())
}

/// Numbers of one kind, so that 60 and 60.0 are the same.
fn number(value: Value) -> Value {
    value.as_f64().map_or(value, |number| json!(number))
}

/// A text with the values of its templates.
fn filled(text: &str, merged: &Merged, repository: &str, root: &Root, environment: &str, platform: &Yaml) -> String {
    let variables = [
        ("environment", environment),
        ("region", root.region.as_str()),
        ("service", root.service.as_deref().unwrap_or_default()),
        ("customer_id", platform["registry"][repository]["customer_id"].as_str().unwrap_or_default()),
        ("project_name", merged.values.get("project_name").and_then(Yaml::as_str).unwrap_or_default()),
    ];
    variables.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{{ {name} }}}}"), value))
}

fn tags(merged: &Merged, repository: &str, root: &Root, environment: &str, platform: &Yaml) -> BTreeMap<String, String> {
    let customer_id = platform["registry"][repository]["customer_id"].as_str().unwrap_or_default();
    let mut tags = BTreeMap::new();
    // The tier's tags are there without any of the customer's own.
    for (key, value) in merged.values.get("tags").and_then(Yaml::as_mapping).into_iter().flatten() {
        let text = filled(value.as_str().unwrap_or_default(), merged, repository, root, environment, platform);
        tags.insert(key.as_str().unwrap_or_default().to_owned(), text);
    }
    let own = [("customer_id", customer_id), ("environment", environment), ("source_repository", repository), ("platform", "acme")];
    tags.extend(own.map(|(key, value)| (key.to_owned(), value.to_owned())));
    tags
}

fn network(merged: &Merged, region: &str, is_protected: bool, poisoned: &mut Poisoned) {
    let named = value(merged, "networking", "zones").as_array().map(Vec::len);
    let zones = named.map_or_else(
        || value(merged, "networking", "availability_zones").as_f64().unwrap_or_default(),
        |named| f64::from(u32::try_from(named).unwrap_or_default()),
    );
    let nat = value(merged, "networking", "nat_gateways");
    let nat = match (nat.as_str(), value(merged, "networking", "enable_nat_gateway").as_bool(), is_protected) {
        (Some("per_zone"), ..) | (None, Some(true), true) => zones,
        (Some("single"), ..) | (None, Some(true), false) => 1.0,
        _ => 0.0,
    };
    poisoned.insert("vpc_cidr", value(merged, "networking", "vpc_cidr"));
    poisoned.insert("private subnets", json!(zones));
    poisoned.insert("public subnets", json!(zones.max(2.0)));
    poisoned.insert("database subnets", json!(zones.max(2.0)));
    poisoned.insert("NAT gateways", json!(nat));
    poisoned.insert("VPN gateways", json!(if value(merged, "networking", "enable_vpn") == json!(true) { 1.0 } else { 0.0 }));
    poisoned.insert("subnets apart, inside the network, one zone each", json!(true));
    poisoned.insert("zones of the region", json!([region]));
}

/// The network that the registry grants under the name that the documents have.
fn granted(merged: &Merged, platform: &Yaml, repository: &str, environment: &str) -> Option<Yaml> {
    let name = merged.get("networking", "existing").and_then(Yaml::as_str)?;
    let entry = &platform["registry"][repository];
    let of = |entry: &Yaml| entry["grants"]["networks"].get(name).cloned();
    of(&entry["environments"][environment]).or_else(|| of(entry))
}

/// What stands in a network that exists already, of which nothing is made.
fn existing(network: &Yaml, merged: &Merged, has_database: bool, poisoned: &mut Poisoned) {
    let ids = |key: &str| {
        let ids = network[key].as_sequence().into_iter().flatten().filter_map(Yaml::as_str);
        json!(ids.collect::<BTreeSet<_>>())
    };
    poisoned.insert("existing network", json!(network["vpc_id"].as_str()));
    if merged.written.contains("compute") {
        let is_internal = value(merged, "compute", "load_balancer") == json!("internal");
        poisoned.insert("subnets of load balancers", ids(if is_internal { "private_subnet_ids" } else { "public_subnet_ids" }));
        poisoned.insert("subnets of instances", ids("private_subnet_ids"));
    }
    if has_database {
        poisoned.insert("subnets of databases", ids("database_subnet_ids"));
    }
}

fn compute(merged: &Merged, root: &Root, (platform, granted): (&Yaml, Option<&Yaml>), poisoned: &mut Poisoned) {
    for (fact, section, key) in [
        ("instance type", "compute", "instance_type"),
        ("fewest instances", "compute", "min_instances"),
        ("most instances", "compute", "max_instances"),
        ("key pair", "compute", "key_name"),
        ("CPU target", "scaling", "cpu_threshold"),
        ("memory target", "scaling", "memory_threshold"),
        ("warm-up", "scaling", "scale_up_cooldown"),
        ("cooldown", "scaling", "scale_down_cooldown"),
        ("certificate", "security", "ssl_certificate_arn"),
        ("detailed monitoring", "monitoring", "enable_cloudwatch"),
    ] {
        poisoned.insert(fact, value(merged, section, key));
    }
    let balancer = value(merged, "compute", "load_balancer");
    poisoned.insert("load balancer", balancer.clone());
    if balancer != json!("none") {
        poisoned.insert("port", json!([value(merged, "compute", "port")]));
        poisoned.insert("health check", value(merged, "compute", "health_check_path"));
    }
    poisoned.insert("root volume", value(merged, "compute", "root_volume_size"));
    volumes(merged, poisoned);
    let blocks = merged.get("security", "allowed_cidr_blocks").and_then(Yaml::as_sequence);
    let blocks: BTreeSet<&str> = blocks.into_iter().flatten().filter_map(Yaml::as_str).collect();
    // Without any, the network itself is admitted.
    let own = granted.map_or_else(|| value(merged, "networking", "vpc_cidr"), |network| json!(network["vpc_cidr"].as_str()));
    poisoned.insert("admitted", if blocks.is_empty() { json!([own]) } else { json!(blocks) });
    let instance_type = value(merged, "compute", "instance_type");
    let family = instance_type.as_str().and_then(|name| name.split('.').next()).unwrap_or_default();
    let architecture = if family.ends_with('g') { "arm64" } else { "x86_64" };
    let image = platform["clouds"]["aws"]["default_ami"][root.region.as_str()][architecture].as_str();
    if let Some(image) = merged.get("compute", "ami_id").and_then(Yaml::as_str).or(image) {
        poisoned.insert("image", json!(image));
    }
}

/// Volumes in their order, and the directories of those that are mounted, by their order.
fn volumes(merged: &Merged, poisoned: &mut Poisoned) {
    let written = merged.get("compute", "volumes").and_then(Yaml::as_sequence).cloned().unwrap_or_default();
    let of = |volume: &Yaml, key: &str| number(serde_json::to_value(volume.get(key)).unwrap_or_default());
    let kind = |volume: &Yaml| volume.get("type").and_then(Yaml::as_str).unwrap_or("gp3").to_owned();
    let all: Vec<Value> = written.iter().map(|volume| json!([kind(volume), of(volume, "size"), of(volume, "iops")])).collect();
    let mut mounts: Vec<&str> = written.iter().filter_map(|volume| volume.get("mount").and_then(Yaml::as_str)).collect();
    mounts.sort_unstable();
    poisoned.insert("volumes", json!(all));
    poisoned.insert("mounts", json!(mounts));
    poisoned.insert("first script", value(merged, "compute", "user_data_script"));
}

/// The same things as a plan has them.
fn planned(plan: &Value) -> Poisoned {
    let modules = plan["planned_values"]["root_module"]["child_modules"].as_array();
    let resources: Vec<&Value> =
        modules.into_iter().flatten().flat_map(|module| module["resources"].as_array().into_iter().flatten()).collect();
    let of = |kind: &str, name: &str| -> Vec<&Value> {
        resources.iter().filter(|one| one["type"] == kind && (name.is_empty() || one["name"] == name)).map(|one| &one["values"]).collect()
    };
    let provider = &plan["configuration"]["provider_config"]["aws"]["expressions"];
    let mut poisoned = Poisoned::new();
    poisoned.insert("region", provider["region"]["constant_value"].clone());
    poisoned.insert("account", provider["allowed_account_ids"]["constant_value"].clone());
    poisoned.insert("tags", provider["default_tags"][0]["tags"]["constant_value"].clone());
    for vpc in of("aws_vpc", "") {
        poisoned.insert("vpc_cidr", vpc["cidr_block"].clone());
        let bands = [("private subnets", "private"), ("public subnets", "public"), ("database subnets", "database")];
        for (fact, name) in bands {
            poisoned.insert(fact, json!(of("aws_subnet", name).len() as f64));
        }
        poisoned.insert("NAT gateways", json!(of("aws_nat_gateway", "").len() as f64));
        poisoned.insert("VPN gateways", json!(of("aws_vpn_gateway", "").len() as f64));
        let is_apart = bands.iter().all(|(_, name)| has_a_zone_each(&of("aws_subnet", name)));
        let lies_well = are_apart_inside(&vpc["cidr_block"], &of("aws_subnet", ""));
        poisoned.insert("subnets apart, inside the network, one zone each", json!(is_apart && lies_well));
        let zones = of("aws_subnet", "");
        let regions: BTreeSet<&str> = zones
            .iter()
            .filter_map(|subnet| subnet["availability_zone"].as_str()?.strip_suffix(|letter: char| letter.is_ascii_lowercase()))
            .collect();
        poisoned.insert("zones of the region", json!(regions));
    }
    for template in of("aws_launch_template", "") {
        poisoned.insert("instance type", template["instance_type"].clone());
        poisoned.insert("image", template["image_id"].clone());
        poisoned.insert("key pair", template["key_name"].clone());
        poisoned.insert("detailed monitoring", template["monitoring"][0]["enabled"].clone());
        let mut tags = template["tag_specifications"][0]["tags"].clone();
        tags.as_object_mut().into_iter().for_each(|tags| drop(tags.remove("Name")));
        poisoned.insert("instance tags", tags);
    }
    for group in of("aws_security_group", "database_client").into_iter().filter(|group| group["vpc_id"].is_string()) {
        poisoned.insert("existing network", group["vpc_id"].clone());
    }
    // Of a network that is made, the ids are not known yet, and services have those of their shared root's state.
    let in_existing = poisoned.contains_key("existing network");
    for (fact, kind, key) in [
        ("subnets of load balancers", "aws_lb", "subnets"),
        ("subnets of instances", "aws_autoscaling_group", "vpc_zone_identifier"),
        ("subnets of databases", "aws_db_subnet_group", "subnet_ids"),
    ] {
        for ids in of(kind, "").into_iter().filter_map(|one| one[key].as_array()) {
            let ids: BTreeSet<&str> = ids.iter().filter_map(Value::as_str).collect();
            if in_existing {
                poisoned.insert(fact, json!(ids));
            }
        }
    }
    for template in of("aws_launch_template", "") {
        planned_volumes(template, &mut poisoned);
    }
    for group in of("aws_autoscaling_group", "") {
        let balancer = of("aws_lb", "").first().map(|balancer| balancer["internal"] == json!(true));
        poisoned.insert("load balancer", json!(balancer.map_or("none", |is_internal| if is_internal { "internal" } else { "public" })));
        poisoned.insert("fewest instances", number(group["min_size"].clone()));
        poisoned.insert("most instances", number(group["max_size"].clone()));
    }
    for policy in of("aws_autoscaling_policy", "") {
        let target = || number(policy["target_tracking_configuration"][0]["target_value"].clone());
        if policy["name"].as_str().is_some_and(|name| name.ends_with("-cpu")) {
            poisoned.insert("CPU target", target());
            poisoned.insert("warm-up", number(policy["estimated_instance_warmup"].clone()));
        } else if policy["name"].as_str().is_some_and(|name| name.ends_with("-memory")) {
            poisoned.insert("memory target", target());
        } else {
            poisoned.insert("cooldown", number(policy["cooldown"].clone()));
        }
    }
    for target in of("aws_lb_target_group", "") {
        let ways = of("aws_vpc_security_group_ingress_rule", "instance_from_load_balancer");
        let ways = ways.into_iter().chain(of("aws_vpc_security_group_egress_rule", "load_balancer_to_instance"));
        let mut ports: Vec<Value> = ways.flat_map(|way| [way["from_port"].clone(), way["to_port"].clone()]).map(number).collect();
        ports.push(number(target["port"].clone()));
        ports.dedup();
        poisoned.insert("port", json!(ports));
        poisoned.insert("health check", target["health_check"][0]["path"].clone());
    }
    for listener in of("aws_lb_listener", "https") {
        poisoned.insert("certificate", listener["certificate_arn"].clone());
    }
    let admitting = of("aws_vpc_security_group_ingress_rule", "load_balancer");
    if !admitting.is_empty() {
        let admitted: BTreeSet<Option<&str>> = admitting.iter().map(|rule| rule["cidr_ipv4"].as_str()).collect();
        poisoned.insert("admitted", json!(admitted));
    }
    let databases = databases::planned(modules.into_iter().flatten());
    poisoned.extend(databases);
    poisoned.extend(queues::planned(&of));
    poisoned.extend(caches::planned(&of));
    poisoned.extend(buckets::planned(&of));
    poisoned.extend(notices::planned(&of, plan));
    poisoned.extend(backups::planned(&of, plan));
    if !of("aws_launch_template", "").is_empty() {
        poisoned.insert("may use buckets", json!(!of("aws_iam_role_policy", "buckets").is_empty()));
        poisoned.insert("may use queues", json!(!of("aws_iam_role_policy", "queues").is_empty()));
    }
    poisoned
}

/// The volumes of instances: those under names that the module gives, and the image's, of which the first is its root.
fn planned_volumes(template: &Value, poisoned: &mut Poisoned) {
    let is_own = |device: &&Value| device["device_name"].as_str().is_some_and(|name| name.starts_with("/dev/sd"));
    let devices = || template["block_device_mappings"].as_array().into_iter().flatten();
    let of = |device: &Value, key: &str| number(device["ebs"][0][key].clone());
    let own = devices().filter(is_own).map(|device| json!([of(device, "volume_type"), of(device, "volume_size"), of(device, "iops")]));
    poisoned.insert("volumes", json!(own.collect::<Vec<_>>()));
    poisoned.insert("root volume", devices().find(|device| !is_own(device)).map(|root| of(root, "volume_size")).unwrap_or_default());
    let user_data = template["user_data"].as_str().map(user_data::decoded);
    poisoned.insert("mounts", json!(user_data.as_deref().map(user_data::mounts).unwrap_or_default()));
    poisoned.insert("first script", json!(user_data.as_deref().and_then(user_data::script)));
}

fn has_a_zone_each(subnets: &[&Value]) -> bool {
    subnets.iter().map(|subnet| subnet["availability_zone"].as_str()).collect::<BTreeSet<_>>().len() == subnets.len()
}

fn are_apart_inside(network: &Value, subnets: &[&Value]) -> bool {
    let parse = |value: &Value| value.as_str().and_then(|text| text.parse::<Ipv4Net>().ok());
    let Some(network) = parse(network) else { return false };
    let blocks: Vec<Option<Ipv4Net>> = subnets.iter().map(|subnet| parse(&subnet["cidr_block"])).collect();
    let is_inside = |block: &Option<Ipv4Net>| block.is_some_and(|block| network.contains(&block));
    let overlap = |a: &Ipv4Net, b: &Ipv4Net| a.contains(b) || b.contains(a);
    let all: Vec<Ipv4Net> = blocks.iter().flatten().copied().collect();
    blocks.iter().all(is_inside) && all.iter().enumerate().all(|(index, a)| all.iter().skip(index + 1).all(|b| !overlap(a, b)))
}
