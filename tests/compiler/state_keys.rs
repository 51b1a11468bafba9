//! Identity and ownership (platform.md): keys follow the table, are injective and stable, names fit, and nothing leaves the output directory.

use crate::common::shapes::{Expected, Shape};
use crate::common::tape::Tape;
use crate::common::{platforms, repository, shapes, tape};
use crate::state_names;
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::TestCaseError;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use terralet_core::assemble::CompileContext;
use terralet_core::check::Interfaces;
use terralet_core::compile::customer;
use terralet_core::diagnostics::Severity;
use terralet_core::platform::{Layout, Platform};
use terralet_core::terraform::{Expression, RootIdentity, RootModule, StateKey};

/// The table of platform.md, as it stands there.
const LAYOUTS: [(&str, &str); 3] = [
    ("repository", "<repository>/<environment>[/<region>][/<service>-service]/terraform.tfstate"),
    ("service", "<customer_id>/<service>-service/<environment>[/<region>]/terraform.tfstate"),
    ("region", "<customer_id>/<region>/<environment>[/<service>-service]/terraform.tfstate"),
];

/// Backends with settings, and the argument that has the key.
const BACKENDS: [(&str, &str); 6] = [
    ("local", "{backend: local, layout: LAYOUT}"),
    ("s3", "{backend: s3, layout: LAYOUT, config: {bucket: states, region: eu-west-1}}"),
    ("azurerm", "{backend: azurerm, layout: LAYOUT, config: {storage_account_name: states, container_name: states}}"),
    ("gcs", "{backend: gcs, layout: LAYOUT, config: {bucket: states}}"),
    ("http", "{backend: http, layout: LAYOUT, config: {address: 'https://states.example.com'}}"),
    ("cloud", "{backend: cloud, layout: LAYOUT, config: {organization: acme}}"),
];

static INTERFACES: LazyLock<Interfaces> = LazyLock::new(Interfaces::built_in);

fn platform_of(layout: &str, backend: usize) -> Platform {
    let environments: String = shapes::ENVIRONMENTS.iter().map(|name| format!("{name}: {{}}, ")).collect();
    platforms::platform(&format!("environments: {{{environments}}}\nstate: {}\n", BACKENDS[backend].1.replace("LAYOUT", layout)))
}

/// The key that the table gives.
fn by_table(template: &str, shape: &Shape, deployment: &Expected) -> String {
    let Expected { environment, region, service, regional } = deployment;
    let keep = |template: String, part: &str, kept: bool| template.replace(&format!("[{part}]"), if kept { part } else { "" });
    let template = keep(template.to_owned(), "/<region>", *regional);
    let template = keep(template, "/<service>-service", service.is_some());
    // In layout `service` the shared root's service is `app`.
    let service = service.as_deref().unwrap_or("app");
    let parts = [
        ("repository", shape.repository),
        ("customer_id", &shape.owner()),
        ("environment", environment),
        ("region", region),
        ("service", service),
    ];
    parts.iter().fold(template, |key, (name, value)| key.replace(&format!("<{name}>"), value))
}

/// The roots of a repository that is free of errors.
fn roots(shape: &Shape, platform: &Platform) -> Result<Vec<RootModule>, TestCaseError> {
    let surroundings = CompileContext { platform, interfaces: &INTERFACES, output_to_workspace: ".." };
    let (compiled, proven) = customer(shape.repository().files(), &surroundings);
    let errors: Vec<String> = compiled
        .reports
        .iter()
        .filter(|report| report.severity == Severity::Error)
        .map(|report| format!("{}: {}", report.code.name, report.message))
        .collect();
    prop_assert!(errors.is_empty(), "{:?} in {:#?}", errors, shape);
    Ok(proven.unwrap().assemble(&surroundings))
}

fn keys(shape: &Shape, platform: &Platform) -> Result<BTreeMap<RootIdentity, (String, String)>, TestCaseError> {
    Ok(roots(shape, platform)?.into_iter().map(|root| (root.identity.clone(), (root.key.with_file(), name_of(&root)))).collect())
}

/// The name that a root's calls have in common; a root without calls has none.
fn name_of(root: &RootModule) -> String {
    let names = root.calls.iter().flat_map(|call| call.arguments.iter().filter(|(name, _)| *name == "name").map(|(_, value)| value));
    let names: BTreeSet<&str> =
        names.map(|value| if let Expression::Text(text) = value { text.as_str() } else { panic!("{value:?} is no name") }).collect();
    assert!(names.len() <= 1, "{names:?}");
    names.first().copied().unwrap_or_default().to_owned()
}

/// A directory that stays below the output, on any system.
fn is_inside(directory: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with(['.', '-'])
            && !part.ends_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    directory.split('/').all(part) && directory.contains('/')
}

fn backend_key(root: &RootModule) -> String {
    let named = |name: &str| root.backend.arguments.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
    let value = match root.backend.kind {
        "gcs" => named("prefix"),
        "local" => named("path"),
        "http" => named("address"),
        "cloud" => named("workspaces").and_then(|workspaces| match workspaces {
            Expression::Record(entries) => entries.into_iter().find(|(name, _)| name == "name").map(|(_, value)| value),
            _ => None,
        }),
        _ => named("key"),
    };
    if let Some(Expression::Text(text)) = value { text.to_string() } else { String::new() }
}

/// Whatever a repository may be called, and however long its key is, the name of its state is one that HCP Terraform takes, and no other
/// key's, in any case.
#[test]
fn names_of_states_fit_and_are_injective() {
    let longest = "x".repeat(100);
    let repositories = ["alder", "Alder", "alder.web", "alder-web", "alder_web", "_", "a..b", "a--b", "x.", longest.as_str()];
    let names = ["dev", "a-b", "abcdefghij-klmnopqrst-uvwxyz0123"];
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut lengths = BTreeSet::new();
    for repository in repositories {
        for environment in names {
            for service in std::iter::once(None).chain(names.map(Some)) {
                for regional in [false, true] {
                    let service = service.map(Into::into);
                    let identity = RootIdentity {
                        repository: repository.into(),
                        environment: environment.into(),
                        region: "ap-southeast-2".into(),
                        service,
                    };
                    let key = StateKey::new(Layout::Repository, &identity, "alder", regional);
                    let name = key.name();
                    assert_eq!(name, state_names::of_key(&key.with_file()));
                    assert!(name.len() <= 90 && !name.starts_with('-'), "{name}");
                    assert!(name.bytes().all(|letter| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')), "{name}");
                    lengths.insert(name.len());
                    if let Some(other) = found.insert(name.clone(), key.with_file()) {
                        panic!("{other} and {key} share {name}");
                    }
                }
            }
        }
    }
    assert_eq!(lengths.last(), Some(&90));
}

proptest! {
    #![proptest_config(ProptestConfig { ..tape::config(150, 3) })]

    #[test]
    fn keys_follow_the_table_and_are_injective(numbers in tape::numbers(150), backend in 0..BACKENDS.len()) {
        let shapes = shapes::workspace(&mut Tape::new(numbers));
        let mut names_of_layouts = BTreeSet::new();
        for (layout, template) in LAYOUTS {
            let platform = platform_of(layout, backend);
            let mut owners: BTreeMap<String, RootIdentity> = BTreeMap::new();
            let mut names: BTreeMap<String, RootIdentity> = BTreeMap::new();
            let mut names_of_states: BTreeMap<String, RootIdentity> = BTreeMap::new();
            for shape in &shapes {
                let mut expected = shape.deployments();
                let all: BTreeSet<String> = expected.iter().map(|deployment| by_table(template, shape, deployment)).collect();
                for root in roots(shape, &platform)? {
                    let RootIdentity { repository, environment, region, service } = root.identity.clone();
                    prop_assert_eq!(&repository, shape.repository);
                    let find = |regional| Expected { environment: environment.to_string(), region: region.to_string(), service: service.as_ref().map(ToString::to_string), regional };
                    let deployment = expected.take(&find(false)).or_else(|| expected.take(&find(true)));
                    let Some(deployment) = deployment else { return Err(TestCaseError::fail(format!("{:?} is no deployment of {shape:#?}", root.identity))) };
                    let key = root.key.with_file();
                    prop_assert_eq!(&key, &by_table(template, shape, &deployment));
                    prop_assert_eq!(format!("{}/terraform.tfstate", root.key.directory()), key.as_str());
                    prop_assert!(is_inside(root.key.directory()), "{}", key);
                    let named = state_names::of_key(&key);
                    let is_taken = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
                    prop_assert!(named.len() <= 90 && named.bytes().all(is_taken), "{}", named);
                    if let Some(other) = names_of_states.insert(named.clone(), root.identity.clone()) {
                        return Err(TestCaseError::fail(format!("{other:?} and {:?} share {named}", root.identity)));
                    }
                    let in_backend = match BACKENDS[backend].0 {
                        "gcs" => root.key.directory().to_owned(),
                        "local" => format!(".terralet/state/{key}"),
                        "http" => format!("https://states.example.com/{named}"),
                        "cloud" => named,
                        _ => key.clone(),
                    };
                    prop_assert_eq!(backend_key(&root), in_backend);
                    let shared = Expected { service: None, ..deployment.clone() };
                    prop_assert_eq!(root.shared.as_ref().map(|shared| shared.key.with_file()), service.is_some().then(|| by_table(template, shape, &shared)));
                    if let Some(other) = owners.insert(key.clone(), root.identity.clone()) {
                        return Err(TestCaseError::fail(format!("{other:?} and {:?} share {key}", root.identity)));
                    }
                    let name = name_of(&root);
                    let fits = name.len() <= 24 && name.starts_with(|first: char| first.is_ascii_lowercase()) && !name.contains("--") && !name.ends_with('-');
                    prop_assert!(fits && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'), "{}", name);
                    let parts: Vec<&str> = [shape.project(), environment.as_str()].into_iter().chain(service.as_deref()).collect();
                    let whole = parts.join("-");
                    let (readable, hash) = name.rsplit_once('-').unwrap();
                    // Each part keeps its start: what is left is the whole with letters taken out, and none of the parts is gone.
                    let mut letters = whole.chars();
                    prop_assert!(readable.chars().all(|letter| letters.any(|other| other == letter)), "{} of {}", name, whole);
                    prop_assert!(readable.split('-').count() >= parts.len() && hash.len() == 8, "{} of {}", name, whole);
                    prop_assert!(readable.len() >= 12.min(whole.len()), "{} of {}", name, whole);
                    names_of_layouts.insert((root.identity.clone(), name.clone()));
                    if let Some(other) = names.insert(name.clone(), root.identity.clone()) {
                        return Err(TestCaseError::fail(format!("{other:?} and {:?} are both named {name}", root.identity)));
                    }
                }
                prop_assert!(expected.is_empty(), "not deployed: {:?} of {:#?}", expected, shape);
                prop_assert_eq!(all.len(), shape.deployments().len());
            }
        }
        // The layout of keys renames nothing in the cloud.
        let identities: BTreeSet<&RootIdentity> = names_of_layouts.iter().map(|(identity, _)| identity).collect();
        prop_assert_eq!(identities.len(), names_of_layouts.len());
    }

    #[test]
    fn additions_change_no_key_and_no_name(numbers in tape::numbers(120), layout in 0..LAYOUTS.len()) {
        let mut tape = Tape::new(numbers);
        let shape = shapes::workspace(&mut tape).remove(0);
        let platform = platform_of(LAYOUTS[layout].0, 0);
        let before = keys(&shape, &platform)?;
        let additions = [("environment", shape.with_environment()), ("region overlay", shape.with_overlay()), ("service overlay", shape.with_service())];
        for (what, more) in additions {
            let Some(more) = more else { continue };
            let after = keys(&more, &platform)?;
            prop_assert!(after.len() > before.len(), "one more {} made no deployment of {:#?}", what, shape);
            for (identity, key) in &before {
                prop_assert_eq!(after.get(identity), Some(key), "one more {} changed {:?} of {:#?}", what, identity, shape);
            }
        }
    }
}

/// Names that try to leave the output directory, or to look like another root.
const HOSTILE: [&str; 24] = [
    "..",
    ".",
    "",
    "/",
    "../x",
    "../../x",
    "a/b",
    "a/../b",
    "/etc/x",
    "a\\b",
    "C:\\x",
    "a\0b",
    "a\nb",
    "a b",
    "~",
    "~root",
    "${x}",
    "%{x}",
    "-x",
    "x-",
    "x--y",
    "A",
    "\u{202e}x",
    "x\u{301}",
];

#[test]
fn hostile_names_make_no_root() {
    let platform = terralet_core::platform::Platform::built_in();
    for name in HOSTILE {
        let base = |document: serde_json::Value| ("variables.yml".to_owned(), document.as_object().cloned().unwrap());
        let plain =
            json!({"project_name": "shop", "region": "eu-west-1", "environments": {"dev": {}}, "networking": {"vpc_cidr": "10.20.0.0/16"}});
        let with = |key: &str, value: serde_json::Value| {
            let mut document = plain.clone();
            document[key] = value;
            vec![base(document)]
        };
        let file = |suffix: &str| vec![base(plain.clone()), (format!("{name}{suffix}"), serde_json::Map::new())];
        let workspaces = [
            ("environment", with("environments", json!({name: {}}))),
            ("region", with("region", json!(name))),
            ("region of an environment", with("environments", json!({"dev": {"region": name}}))),
            ("service", with("services", json!({name: {}}))),
            ("region overlay", with("regions", json!({name: {}}))),
            ("customer_id", with("customer_id", json!(name))),
            ("project_name", with("project_name", json!(name))),
            ("service file", file("-vars.yml")),
            ("region file", file("-variables.yml")),
        ];
        for (what, documents) in workspaces {
            if name.is_empty() && what.ends_with("file") {
                continue;
            }
            let repository = repository::Repository { name: "alder".to_owned(), documents: documents.into_iter().collect() };
            let (compiled, _) =
                customer(repository.files(), &CompileContext { platform: &platform, interfaces: &INTERFACES, output_to_workspace: ".." });
            let made: Vec<String> = compiled.roots.into_iter().flatten().map(|root| root.key.with_file()).collect();
            // A file below the documents is not read, and leaves the base as it is.
            let of_base: &[&str] = if what.ends_with("file") && name.contains('/') { &["alder/dev/terraform.tfstate"] } else { &[] };
            assert_eq!(made, of_base, "{what} {name:?}");
        }
        let repository = repository::Repository { name: name.to_owned(), documents: [base(plain.clone())].into_iter().collect() };
        let (compiled, _) =
            customer(repository.files(), &CompileContext { platform: &platform, interfaces: &INTERFACES, output_to_workspace: ".." });
        for root in compiled.roots.into_iter().flatten() {
            assert!(is_inside(root.key.directory()), "repository {name:?} makes {}", root.key);
        }
    }
}
