//! Keys of `database` next to engines: which of them say something is in one table, and what is said of the others has a way out.

use crate::harness::workspace::Workspace;
use terralet_core::clouds::{Engine, aws};
use terralet_core::schema::KEYS_OF_ENGINES;

/// A value of each key of the table, and the argument that it is passed as.
const VALUES: [(&str, &str, &str); 6] = [
    ("allocated_storage", "400", "allocated_storage"),
    ("storage_type", "io2", "storage_type"),
    ("iops", "12000", "iops"),
    ("max_allocated_storage", "900", "max_allocated_storage"),
    ("replicas", "2", "replicas"),
    ("instances", "3", "instances"),
];

/// The platform, with these defaults of the tier for databases.
fn platform(defaults: &str) -> String {
    format!(
        "environments: {{dev: {{}}, staging: {{}}}}\ntiers: {{standard: {{defaults: {{database: {{{defaults}}}}}}}}}\nregistry: {{default: {{tier: standard}}}}\n"
    )
}

/// A database of an engine, in the newest version that there is, with these keys.
fn database(engine: Engine, keys: &str) -> String {
    let version = aws::rds::newest_majors(engine).first().unwrap().major;
    format!("{{engine: {engine}, engine_version: '{version}', instance_class: db.r7g.large, {keys}}}")
}

fn document(base: &str, dev: &str) -> String {
    format!(
        "project_name: shop\nregion: eu-west-1\nnetworking: {{vpc_cidr: 10.0.0.0/16}}\ndatabase: {base}\nenvironments: {{dev: {dev}}}\n"
    )
}

/// What else a key needs to be right for engines that have it.
fn along(key: &str) -> &'static str {
    match key {
        "iops" => "allocated_storage: 400, ",
        "storage_type" => "allocated_storage: 400, iops: 12000, ",
        _ => "",
    }
}

fn codes(platform: &str, document: &str) -> (Workspace, Vec<String>) {
    let workspace = Workspace::new(platform, &[("shop/variables.yml", document)]);
    let said = terralet_codes(&workspace);
    (workspace, said)
}

fn terralet_codes(workspace: &Workspace) -> Vec<String> {
    let output = crate::harness::terralet(&workspace.root, &["compile", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    json["diagnostics"].as_array().unwrap().iter().map(|said| said["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_key_of_other_engines_is_an_error_with_a_way_out() {
    assert!(KEYS_OF_ENGINES.iter().all(|row| VALUES.iter().any(|(key, ..)| *key == row.key)) && KEYS_OF_ENGINES.len() == VALUES.len());
    for (row, engine) in KEYS_OF_ENGINES.iter().flat_map(|row| Engine::all().map(|engine| (row, engine))) {
        let (key, value, argument) = VALUES.iter().find(|(key, ..)| *key == row.key).unwrap();
        let other = Engine::all().into_iter().find(|other| row.is_of(*other)).unwrap();
        let (nothing, plain) = (platform(""), database(engine, ""));
        let written = format!("{key}: {value}");
        // Next to the engine.
        let around = if row.is_of(engine) { along(key) } else { "" };
        let (workspace, said) = codes(&nothing, &document(&database(engine, &format!("{around}{written}")), "{}"));
        let expected: &[&str] = if row.is_of(engine) { &[] } else { &["contradicting-keys"] };
        assert_eq!(said, expected, "{key} next to {engine}");
        if row.is_of(engine) {
            let line = format!("  {argument} ");
            assert!(workspace.generated("shop/dev/main.tf").lines().any(|found| found.starts_with(&line)), "{argument} of {engine}");
            continue;
        }
        // Below it, of an engine that has the key; and with the null that the message asks for.
        let base = database(other, &format!("{}{written}", along(key)));
        let nulls: String = KEYS_OF_ENGINES.iter().filter(|row| !row.is_of(engine)).map(|row| format!("{}: null, ", row.key)).collect();
        let (_, said) = codes(&nothing, &document(&base, &format!("{{database: {plain}}}")));
        assert_eq!(said, ["contradicting-keys"], "{key} below {engine}");
        let change = database(engine, &nulls);
        let (workspace, said) = codes(&nothing, &document(&base, &format!("{{database: {change}}}")));
        let said: Vec<&String> = said.iter().filter(|code| *code != "override-without-effect").collect();
        assert!(said.is_empty(), "{key} below {engine}, with nulls: {said:?}");
        assert!(!workspace.generated("shop/dev/main.tf").contains(&format!("  {argument} ")), "{argument} of {engine}");
        // What the tier says is for others.
        let (workspace, said) = codes(&platform(&written), &document(&plain, "{}"));
        assert!(said.is_empty(), "{key} of the tier next to {engine}: {said:?}");
        let passed = workspace.generated("shop/dev/main.tf").contains(&format!("  {argument} = {value}"));
        assert!(!passed, "{argument} of the tier for {engine}");
    }
}

#[test]
fn how_many_instances_aurora_has_where_nobody_says_it() {
    let count = |tier: &str, keys: &str, environment: &str| {
        let platform = platform(tier).replace("staging: {}", "staging: {protected: true}");
        let document = document(&database(Engine::AuroraPostgres, keys), "{}").replace("{dev: {}}", &format!("{{{environment}: {{}}}}"));
        let (workspace, said) = codes(&platform, &document);
        let main = workspace.generated(&format!("shop/{environment}/main.tf"));
        let count = main.lines().find_map(|line| line.trim().strip_prefix("instances")?.trim().strip_prefix("= ")).unwrap().to_owned();
        (count, said.join(" "))
    };
    for (tier, keys, environment, expected, said) in [
        ("", "", "dev", "1", ""),
        ("", "", "staging", "2", ""),
        ("", "multi_az: true", "dev", "2", ""),
        ("", "multi_az: false", "staging", "1", "no-multi-az"),
        ("", "instances: 1", "staging", "1", "no-multi-az"),
        ("", "instances: 3", "dev", "3", ""),
        ("multi_az: true", "", "dev", "2", ""),
        ("multi_az: false", "", "staging", "1", "no-multi-az"),
        ("multi_az: true", "instances: 1", "dev", "1", ""),
        ("instances: 3", "", "dev", "3", ""),
        ("instances: 3", "multi_az: true", "dev", "3", ""),
        ("instances: 3", "multi_az: false", "dev", "1", ""),
        ("instances: 1", "multi_az: true", "dev", "2", ""),
        ("instances: 1, multi_az: true", "", "dev", "1", ""),
    ] {
        let found = count(tier, keys, environment);
        assert_eq!(found, (expected.to_owned(), said.to_owned()), "tier {{{tier}}}, {{{keys}}} in {environment}");
    }
}
