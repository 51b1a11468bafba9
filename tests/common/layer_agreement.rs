//! One generated repository from its text to the typed IR, against an independent model of RFC 7396.

use super::layered;
use super::merge_model::{Address, Model, Modelled, PLATFORM, mark, name_of};
use super::platforms;
use super::repository::Repository;
use super::tape::{Numbers, Tape};
use super::written::{self, Path};
use proptest::prelude::{prop_assert, prop_assert_eq};
use proptest::test_runner::TestCaseError;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use terralet_core::diagnostics::{Diagnostics, Severity};
use terralet_core::ir;
use terralet_core::lower::lower;
use terralet_core::platform::Platform;
use terralet_core::resolve::{LayerOrigin, MergedDeployment, MergedMap, MergedValue, Resolved, Role, read_documents, resolve};
use terralet_core::schema::{Poisoned, Typed, list_item_name};
use terralet_core::source::SourceMap;
use terralet_core::why::{Wanted, why};

/// The mark of a place in the merged tree.
fn place(deployment: &MergedDeployment<'_>, sources: &SourceMap, origin: LayerOrigin) -> String {
    let layer = match origin.layer {
        Some(layer) => deployment.layers[usize::from(layer)].name.to_string(),
        None => "defaults of tier standard".to_owned(),
    };
    let file = &sources.get(origin.value.file).unwrap().path;
    mark(&layer, file.strip_prefix("customers/alder/infra/").unwrap_or(file), origin.value.start as usize)
}

/// The merged tree with marks in place of values.
fn marks(deployment: &MergedDeployment<'_>, sources: &SourceMap, map: &MergedMap<'_>) -> Value {
    let value = |merged: &terralet_core::resolve::Merged<'_>| match &merged.value {
        MergedValue::Map(map) => marks(deployment, sources, map),
        MergedValue::Leaf(_) | MergedValue::List(_) => Value::String(place(deployment, sources, merged.origin)),
    };
    Value::Object(map.entries.iter().map(|(key, merged)| ((*key).to_owned(), value(merged))).collect())
}

fn address(deployment: &MergedDeployment<'_>) -> Address {
    let service = deployment.service.as_ref().map(|service| service.value.to_string());
    Address { environment: deployment.environment.value.to_string(), region: deployment.region.value.to_string(), service }
}

/// What each value overrode.
fn same_histories(
    deployment: &MergedDeployment<'_>,
    sources: &SourceMap,
    values: &MergedMap<'_>,
    histories: &BTreeMap<Path, Vec<String>>,
    address: &Address,
) -> Result<(), TestCaseError> {
    for (path, history) in histories {
        let (section, _) = values.section(&path[0]).unwrap();
        let merged = section.get(&path[1]).unwrap();
        let overridden = merged.overridden.iter().map(|overridden| overridden.origin).chain([merged.origin]);
        let reported: Vec<String> = overridden.map(|origin| place(deployment, sources, origin)).collect();
        prop_assert_eq!(&reported, history, "what {:?} overrode in {:?}", path, address);
    }
    Ok(())
}

fn same_sections(
    deployment: &MergedDeployment<'_>,
    sources: &SourceMap,
    modelled: &Modelled,
    won: &mut BTreeMap<String, usize>,
) -> Result<(), TestCaseError> {
    let names = modelled.sections.keys().cloned().chain(deployment.values.entries.iter().map(|(name, _)| (*name).to_owned()));
    let names = names.filter(|name| name != "databases");
    let of_crate: Map<String, Value> =
        names.filter_map(|name| deployment.values.section(&name).map(|(map, _)| (name.clone(), marks(deployment, sources, map)))).collect();
    prop_assert_eq!(&Value::Object(of_crate), &Value::Object(modelled.sections.clone()), "{:?}", &modelled.address);
    same_histories(deployment, sources, &deployment.values, &modelled.histories, &modelled.address)?;
    let databases = || deployment.databases.iter().filter_map(|database| Some((database, database.values.section("database")?.0)));
    let of_crate: BTreeMap<&str, Value> = databases().map(|(database, map)| (database.name, marks(deployment, sources, map))).collect();
    let of_model: BTreeMap<&str, Value> = modelled.databases.iter().map(|(name, (marks, _))| (*name, marks.clone())).collect();
    prop_assert_eq!(of_crate, of_model, "the databases of {:?}", &modelled.address);
    for (database, _) in databases() {
        *won.entry("named database".to_owned()).or_default() += 1;
        same_histories(deployment, sources, &database.values, &modelled.databases[database.name].1, &modelled.address)?;
    }
    for (path, items) in &modelled.lists {
        let Some((section, _)) = deployment.values.section(&path[0]) else { continue };
        let merged = section.get(&path[1]).unwrap();
        let MergedValue::List(list) = &merged.value else { continue };
        *won.entry("changed list".to_owned()).or_default() += 1;
        let layer = |origin: LayerOrigin| place(deployment, sources, origin).split_once(" at ").unwrap().0.to_owned();
        let reported: Vec<(Value, String)> =
            list.items.iter().map(|item| (json!(list_item_name(item.node).unwrap()), layer(item.origin))).collect();
        let items: Vec<(Value, String)> = items.iter().map(|(item, layer)| (name_of(item).clone(), layer.clone())).collect();
        prop_assert_eq!(&reported, &items, "the items of {:?} in {:?}", path, &modelled.address);
    }
    Ok(())
}

/// `why` shows every value with its layer and place.
fn why_agrees(
    repository: &Repository,
    platform: &Platform,
    modelled: &Modelled,
    texts: &BTreeMap<String, String>,
    role: Role,
    won: &mut BTreeMap<String, usize>,
) -> Result<(), TestCaseError> {
    let Address { environment, region, service } = &modelled.address;
    let reported = why(repository.files(), platform, Wanted { environment, region, service: service.as_deref() }).unwrap();
    let mut reported: BTreeMap<String, String> = reported
        .iter()
        .filter_map(|value| {
            let file = value.winner.file.as_deref()?;
            let file = file.strip_prefix("customers/alder/infra/").unwrap_or(file);
            let lines: Vec<&str> = texts.get(file)?.split_inclusive('\n').collect();
            let start = lines.iter().take(value.winner.line? - 1).map(|line| line.len()).sum::<usize>() + value.winner.column? - 1;
            Some((value.key.clone(), mark(&value.winner.layer, file, start)))
        })
        .collect();
    // `why` shows the sections that the root holds.
    let sections = modelled.sections.iter().filter(|(section, _)| role.holds(section)).map(|(section, values)| (section.clone(), values));
    let databases = modelled.databases.iter().map(|(name, (values, _))| (format!("databases.{name}"), values));
    for (section, values) in sections.chain(databases) {
        for (path, mark) in leaves(&section, values) {
            *won.entry(kind_of(&mark)).or_default() += 1;
            prop_assert_eq!(reported.remove(&path), Some(mark), "`why` of {} in {:?}", path, &modelled.address);
        }
    }
    Ok(())
}

/// The layer of a mark without its names: `base, environment`.
fn kind_of(mark: &str) -> String {
    let layer = mark.split_once(" at ").unwrap().0;
    let words = |part: &str| part.rsplit_once(' ').map_or(part, |(words, _)| words).to_owned();
    layer.split(", ").map(words).collect::<Vec<_>>().join(", ")
}

fn leaves(path: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(entries) => entries.iter().flat_map(|(key, value)| leaves(&format!("{path}.{key}"), value)).collect(),
        Value::String(mark) => vec![(path.to_owned(), mark.clone())],
        _ => Vec::new(),
    }
}

/// Defaults of the core sections (language.md section 4); the numbers of instances depend on each other.
fn default_of(section: &str, key: &str, own: &Map<String, Value>) -> Value {
    match (section, key) {
        // Nothing is made of a network that exists already.
        ("networking", _) if own.contains_key("existing") => Value::Null,
        ("networking", "availability_zones") => json!(2),
        ("networking", "enable_nat_gateway") => json!(true),
        ("networking", "enable_vpn") | ("database", "multi_az") => json!(false),
        // Aurora's storage has no size and no type, and its readers are instances.
        ("database", "allocated_storage" | "storage_type" | "replicas") if is_aurora(own) => Value::Null,
        ("database", "allocated_storage") => json!(20),
        ("database", "backup_retention_period") => json!(7),
        ("compute", "port") => json!(80),
        ("compute", "health_check_path") => json!("/"),
        ("compute", "load_balancer") => json!("public"),
        ("database", "storage_type") => json!("gp3"),
        ("database", "replicas") => json!(0),
        ("compute", "min_instances") => json!(i64::from(own.get("max_instances") != Some(&json!(0)))),
        ("compute", "max_instances") => own.get("min_instances").cloned().unwrap_or(json!(1)),
        _ => Value::Null,
    }
}

fn json_of(value: &Typed) -> Value {
    match value {
        Typed::Boolean(value) => json!(value),
        Typed::Integer(value) => json!(value),
        Typed::Text(value) => json!(value.as_str()),
        Typed::Network(value) => json!(value.to_string()),
        Typed::List(items) => Value::Array(items.iter().map(json_of).collect()),
        Typed::Object(entries) => Value::Object(entries.iter().map(|(key, value)| (key.to_string(), json_of(value))).collect()),
    }
}

/// The typed values of one section of it.
fn section_reaches(
    deployment: &ir::Deployment,
    model: &Model<'_>,
    modelled: &Modelled,
    (section, keys): (&str, &[layered::KeyValues]),
    marks: &Map<String, Value>,
) -> Result<(), TestCaseError> {
    let list = |key: &str| modelled.lists.get(&[section.to_owned(), key.to_owned()][..]);
    let value = |key: &str, mark: &Value| match list(key) {
        Some(items) => Value::Array(items.iter().map(|(item, _)| item.clone()).collect()),
        None => value_of(model, mark),
    };
    let mut own: Map<String, Value> = marks.iter().map(|(key, mark)| (key.clone(), value(key, mark))).collect();
    let mut marks = marks.clone();
    if section == "networking" {
        followed(&mut own, &mut marks);
    }
    if section == "database" {
        of_the_engine(&mut own, &mut marks, &modelled.address.environment);
    }
    if section == "compute" && !own.contains_key("instance_type") {
        return Ok(());
    }
    for (key, _) in keys {
        let reported = deployment.settings.get(section, key);
        let expected = own.get(*key).cloned().unwrap_or_else(|| default_of(section, key, &own));
        prop_assert_eq!(
            reported.map_or(Value::Null, |setting| json_of(&setting.value)),
            expected,
            "{}.{} of {:?}",
            section,
            key,
            &modelled.address
        );
        // A mapping has one source for each of its names.
        if marks.get(*key).is_some_and(Value::is_object) {
            continue;
        }
        let source = match marks.get(*key).and_then(Value::as_str) {
            Some(mark) if mark.starts_with("defaults of tier") => ir::Source::Tier,
            Some(_) => ir::Source::Written,
            None => ir::Source::Default,
        };
        prop_assert!(
            reported.is_none_or(|setting| setting.source == source),
            "{}.{} of {:?} is not {:?}",
            section,
            key,
            &modelled.address,
            source
        );
    }
    Ok(())
}

/// The typed values of a deployment: the model's, and defaults where it has none.
fn reach_the_ir(deployment: &ir::Deployment, model: &Model<'_>, modelled: &Modelled) -> Result<(), TestCaseError> {
    let held: &[&str] = match deployment.role {
        Role::Whole => &["networking", "compute", "database"],
        Role::Shared => &["networking", "database"],
        Role::Service => &["compute", "database"],
    };
    prop_assert_eq!(deployment.role == Role::Service, modelled.address.service.is_some());
    for (section, keys) in layered::language() {
        let marks = modelled.sections.get(section).and_then(Value::as_object);
        let Some(marks) = marks.filter(|_| held.contains(&section)) else {
            let absent = match section {
                "networking" => deployment.network.is_none(),
                "compute" => deployment.compute.is_none(),
                "database" => deployment.database.is_none(),
                _ => true,
            };
            prop_assert!(absent, "{} is in {:?}", section, &modelled.address);
            continue;
        };
        section_reaches(deployment, model, modelled, (section, &keys), marks)?;
    }
    let names: Vec<&str> = deployment.databases.iter().filter_map(|database| Some(database.entry.as_ref()?.value.as_str())).collect();
    prop_assert_eq!(names, modelled.databases.keys().copied().collect::<Vec<_>>(), "the databases of {:?}", &modelled.address);
    let (section, keys) = layered::language().into_iter().find(|(section, _)| *section == "database").unwrap();
    for (database, (marks, _)) in deployment.databases.iter().zip(modelled.databases.values()) {
        prop_assert!(database.database.is_some() && database.network.is_none() && database.compute.is_none());
        section_reaches(database, model, modelled, (section, &keys), marks.as_object().unwrap())?;
    }
    let tags: BTreeMap<&str, &str> = deployment.tags.iter().map(|(key, setting)| (key.value.as_str(), setting.value.as_str())).collect();
    let marks = modelled.sections.get("tags").and_then(Value::as_object).cloned().unwrap_or_default();
    let expected: BTreeMap<String, String> =
        marks.iter().map(|(key, mark)| (key.clone(), text_of(&model.value_at(mark.as_str().unwrap())))).collect();
    prop_assert!(
        tags.into_iter().eq(expected.iter().map(|(key, value)| (key.as_str(), value.as_str()))),
        "tags of {:?}",
        &modelled.address
    );
    Ok(())
}

/// `enable_nat_gateway` is what `nat_gateways` says of it, and `availability_zones` the number of `zones`; but what the customer writes of them
/// goes over the tier's. Next to a network that exists already only what the customer writes is left, which a rule refuses.
fn followed(own: &mut Map<String, Value>, marks: &mut Map<String, Value>) {
    if own.contains_key("existing") {
        let is_of_tier = |mark: &Value| mark.as_str().is_some_and(|mark| mark.starts_with("defaults of tier"));
        marks.retain(|_, mark| !is_of_tier(mark));
        own.retain(|key, _| marks.contains_key(key));
        return;
    }
    let nat = own.get("nat_gateways").map(|word| json!(word != "none"));
    let zones = own.get("zones").and_then(Value::as_array).map(|zones| json!(zones.len()));
    for (follower, leader, says) in [("enable_nat_gateway", "nat_gateways", nat), ("availability_zones", "zones", zones)] {
        let is_of_tier = |key: &str| marks.get(key).and_then(Value::as_str).map(|mark| mark.starts_with("defaults of tier"));
        match (says, is_of_tier(leader), is_of_tier(follower)) {
            (Some(says), Some(true), Some(false)) if own.get(follower) != Some(&says) => drop(own.remove(leader)),
            (Some(_), _, Some(false)) | (None, ..) => {}
            (Some(says), ..) => {
                own.insert(follower.to_owned(), says);
                marks.remove(follower);
            }
        }
    }
}

fn is_aurora(own: &Map<String, Value>) -> bool {
    own.get("engine").and_then(Value::as_str).is_some_and(|engine| engine.starts_with("aurora-"))
}

/// What the tier says of another kind of engine is left out. Aurora has as many instances as somebody says, or two where `multi_az` says so or
/// the environment is protected and nobody says anything, or else one; and `multi_az` is whether there are two. What the customer writes of one
/// goes over the tier's of the other.
fn of_the_engine(own: &mut Map<String, Value>, marks: &mut Map<String, Value>, environment: &str) {
    let is_of_tier =
        |marks: &Map<String, Value>, key: &str| marks.get(key).and_then(Value::as_str).map(|mark| mark.starts_with("defaults of tier"));
    let of_rds = ["allocated_storage", "storage_type", "iops", "max_allocated_storage", "replicas"];
    let strange: &[&str] = match own.get("engine") {
        None => &[],
        Some(_) if is_aurora(own) => &of_rds,
        Some(_) => &["instances"],
    };
    for key in strange {
        if is_of_tier(marks, key) == Some(true) {
            own.remove(*key);
            marks.remove(*key);
        }
    }
    if !is_aurora(own) {
        return;
    }
    let standby = own.get("multi_az").and_then(Value::as_bool);
    let says_otherwise = |count: &Value| standby.is_some_and(|standby| standby != (count.as_i64() > Some(1)));
    if is_of_tier(marks, "instances") == Some(true)
        && is_of_tier(marks, "multi_az") == Some(false)
        && own.get("instances").is_some_and(says_otherwise)
    {
        own.remove("instances");
        marks.remove("instances");
    }
    let two = standby.unwrap_or(environment == "production");
    let count = own.entry("instances").or_insert(json!(if two { 2 } else { 1 })).as_i64();
    let said = marks.contains_key("instances");
    if is_of_tier(marks, "multi_az") != Some(false) && (said || standby.is_none()) {
        own.insert("multi_az".to_owned(), json!(count > Some(1)));
        marks.remove("multi_az");
    }
}

/// What a mark stands for; a mapping of marks is one from names to texts.
fn value_of(model: &Model<'_>, mark: &Value) -> Value {
    match mark {
        Value::Object(entries) => {
            entries.iter().map(|(name, mark)| (name.clone(), json!(text_of(&model.value_at(mark.as_str().unwrap()))))).collect()
        }
        mark => model.value_at(mark.as_str().unwrap()),
    }
}

/// Where text is expected, the text as written is kept.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What is reported where instances are asked for and every service is elsewhere: the one error that a generated repository may have.
fn without_service<'m>(model: &Model<'_>, all: impl Iterator<Item = &'m Modelled> + Clone) -> Vec<String> {
    let of_place = |one: &Address, other: &Address| one.environment == other.environment && one.region == other.region;
    let lacks = |one: &&Modelled| all.clone().filter(|other| of_place(&one.address, &other.address)).count() == 1;
    let message = |address: &Address| format!("`{}` in `{}` has `compute`, and no service to run it", address.environment, address.region);
    let shared = all.clone().filter(|one| model.has_services() && one.sections.contains_key("compute"));
    shared.filter(lacks).map(|one| message(&one.address)).collect()
}

/// One generated repository, from its text to the typed IR. Counts which layers won.
pub(crate) fn agrees_with_the_model(numbers: Numbers, won: &mut BTreeMap<String, usize>) -> Result<(), TestCaseError> {
    let mut tape = Tape::new(numbers);
    let repository = layered::repository(&mut tape);
    let file = json!({"platform": "acme", "tiers": {"standard": {"defaults": layered::tier_defaults(&mut tape)}}, "registry": {"default": {"tier": "standard"}}});
    let file = file.as_object().unwrap();
    let platform = platforms::platform(&written::written(file).text);
    let mut texts: BTreeMap<String, String> =
        repository.documents.iter().map(|(name, document)| (name.clone(), written::written(document).text)).collect();
    texts.insert(PLATFORM.to_owned(), written::written(file).text);

    let mut sources = SourceMap::new(platform.source.clone());
    let (mut poisoned, mut diagnostics) = (Poisoned::default(), Diagnostics::new());
    let documents = read_documents(repository.files(), &platform, &mut sources, &mut poisoned, &mut diagnostics);
    let resolved = resolve(&documents, &platform, &poisoned, &mut diagnostics);
    let mut errors: Vec<String> =
        diagnostics.iter().filter(|found| found.code.severity == Severity::Error).map(|found| found.message.to_string()).collect();
    errors.sort_unstable();
    let resolved: Resolved<'_> = resolved.unwrap();

    let model = Model::new(&repository, file);
    let mut modelled: BTreeMap<Address, Modelled> =
        model.deployments().into_iter().map(|modelled| (modelled.address.clone(), modelled)).collect();
    prop_assert_eq!(errors, without_service(&model, modelled.values()), "errors in {:#?}", texts);
    let mut deployed = Vec::new();
    for deployment in &resolved.deployments {
        let Some(modelled) = modelled.remove(&address(deployment)) else {
            return Err(TestCaseError::fail(format!("{:?} is no deployment of {texts:#?}", address(deployment))));
        };
        prop_assert_eq!(deployment.regional, modelled.regional);
        let compared = same_sections(deployment, &sources, &modelled, won)
            .and_then(|()| why_agrees(&repository, &platform, &modelled, &texts, deployment.role, won));
        compared.map_err(|problem| {
            TestCaseError::fail(format!(
                "{problem}\n{}",
                texts.iter().map(|(name, text)| format!("--- {name}\n{text}")).collect::<String>()
            ))
        })?;
        deployed.push(modelled);
    }
    let customer = lower(resolved, &platform, &poisoned, &mut diagnostics);
    for (deployment, modelled) in customer.deployments.iter().zip(&deployed) {
        reach_the_ir(deployment, &model, modelled).map_err(|problem| TestCaseError::fail(format!("{problem}\n{texts:#?}")))?;
    }
    prop_assert!(modelled.is_empty(), "not deployed: {:?} of {:#?}", modelled.keys(), texts);
    Ok(())
}
