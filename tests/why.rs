//! `terralet why`: where each value of a deployment comes from, also of a customer whose documents have errors.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, clippy::disallowed_macros, missing_docs)]

mod harness;

use harness::workspace::Workspace;
use harness::{expect, terralet};
use serde_json::{Value, json};

const PLATFORM: &str = "customers: [customers/*]\nrules: {section-without-module: off}\n";
const BASE: &str = "\
project_name: shop
region: eu-west-1
environments:
  dev: {}
  staging:
    region: eu-central-1
    database: null
networking:
  vpc_cidr: 10.20.0.0/16
database:
  engine: postgres
  engine_version: \"16.4\"
  instance_class: db.t4g.micro
  allocated_storage: 20
";

/// A value's winner and what it overrode, each as its value, layer and place.
fn history(told: &Value, key: &str) -> Vec<String> {
    let values = told["values"].as_array().unwrap();
    let value = values.iter().find(|value| value["key"] == key).unwrap_or_else(|| panic!("no `{key}` in {told:#}"));
    let place = |place: &Value| {
        let file = place["file"].as_str().unwrap_or("-").rsplit('/').next().unwrap();
        format!("{} | {} | {file}:{}", place["value"].as_str().unwrap(), place["layer"].as_str().unwrap(), place["line"])
    };
    [&value["winner"]].into_iter().chain(value["overrode"].as_array().unwrap()).map(place).collect()
}

#[test]
fn a_region_tells_what_it_went_over() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", BASE)]);
    let why = |address: &str| workspace.run(&["why", address], 0).json;
    assert_eq!(history(&why("shop/dev"), "region"), ["eu-west-1 | base | variables.yml:2"]);
    assert_eq!(
        history(&why("shop/staging"), "region"),
        ["eu-central-1 | base, environment staging | variables.yml:6", "eu-west-1 | base | variables.yml:2"]
    );
    // A region overlay by its name, and by what it says.
    workspace.document("shop/us-east-1-variables.yml", "environments: {dev: {}}\n");
    workspace.document("shop/us-west-variables.yml", "region: us-west-2\nenvironments: {dev: {}}\n");
    assert_eq!(
        history(&why("shop/dev/us-east-1"), "region"),
        ["us-east-1 | name of the region overlay | us-east-1-variables.yml:1", "eu-west-1 | base | variables.yml:2"]
    );
    assert_eq!(
        history(&why("shop/dev/us-west-2"), "region"),
        ["us-west-2 | region overlay us-west | us-west-variables.yml:1", "eu-west-1 | base | variables.yml:2"]
    );
}

#[test]
fn a_section_that_a_null_removed_is_told_with_what_it_was() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", BASE)]);
    let told = workspace.run(&["why", "shop/staging", "database"], 0).json;
    let history = history(&told, "database");
    assert_eq!(history[0], "null | base, environment staging | variables.yml:7");
    assert!(history[1].starts_with("{engine: postgres, engine_version: \"16.4\""), "{history:?}");
    assert_eq!((told["values"].as_array().unwrap().len(), history.len()), (1, 2));
    let said = expect(&workspace.root, &["why", "shop/staging", "database"], 0);
    assert!(
        said.contains("database = null\n    from customers/shop/infra/variables.yml:7:15 (base, environment staging)\n    over {engine:"),
        "{said}"
    );
    // A section has all its keys.
    let dev = workspace.run(&["why", "shop/dev", "database"], 0).json;
    assert!(dev["values"].as_array().unwrap().iter().all(|value| value["key"].as_str().unwrap().starts_with("database.")));
}

#[test]
fn a_customer_with_errors_gets_its_values_and_its_errors() {
    let text = BASE.replace("allocated_storage: 20", "allocated_storage: plenty\n  multi_azz: true");
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &text), ("cafe/variables.yml", BASE)]);
    let told = workspace.run(&["why", "shop/dev", "database.allocated_storage"], 1).json;
    assert_eq!(history(&told, "database.allocated_storage"), ["plenty | base | variables.yml:14"]);
    let codes = |told: &Value| told["diagnostics"].as_array().unwrap().iter().map(|told| told["code"].clone()).collect::<Vec<_>>();
    assert_eq!(codes(&told), ["wrong-type", "unknown-key"]);
    let output = terralet(&workspace.root, &["why", "shop/dev"]);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(out.contains("networking.vpc_cidr = 10.20.0.0/16") && out.contains("database.allocated_storage = plenty"), "{out}");
    assert!(err.contains("error[unknown-key]") && err.contains("1 customer, 1 with errors"), "{err}");
    // The other customer has none, and is told none.
    assert_eq!(workspace.run(&["why", "cafe/dev"], 0).json["diagnostics"], json!([]));
}

#[test]
fn an_error_between_customers_leaves_their_values_to_ask_for() {
    let platform = "customers: [customers/*]\nrules: {section-without-module: off}\nregistry:\n  shop: {account_id: \"111111111111\"}\n  cafe: {account_id: \"111111111111\"}\n";
    let workspace = Workspace::new(platform, &[("shop/variables.yml", BASE), ("cafe/variables.yml", BASE)]);
    let told = workspace.run(&["why", "shop/dev", "networking.vpc_cidr"], 1).json;
    assert_eq!(history(&told, "networking.vpc_cidr"), ["10.20.0.0/16 | base | variables.yml:9"]);
    assert!(told["diagnostics"].to_string().contains("cidr-overlap"), "{told:#}");
}

#[test]
fn a_customer_whose_documents_do_not_parse_gets_its_errors() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", "environments: [\n"), ("cafe/variables.yml", BASE)]);
    let output = terralet(&workspace.root, &["why", "shop/dev"]);
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(err.contains("there is no deployment `shop/dev`") && err.contains("error[yaml-syntax]"), "{err}");
    let told = workspace.run(&["why", "shop/dev"], 1).json;
    assert_eq!(told["diagnostics"][0]["code"], "yaml-syntax");
    workspace.run(&["why", "nobody/dev"], 2);
}
