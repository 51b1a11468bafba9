//! The lowest layer: a tier's defaults go below what a customer writes, key by key and as deep as it goes.

use crate::harness::workspace::Workspace;

const PLATFORM: &str = "tiers: {standard: {defaults: {custom: {limits: {cpu: 1, ram: 2}, deep: {a: {b: 3}}, off: {x: 1}}}}}";
const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
custom:
  limits: {cpu: 4}
  deep: {a: {c: 5}}
  off: null
environments: {dev: {}}
";

#[test]
fn mappings_in_custom_merge_at_every_depth() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", SHOP)]);
    let reported = workspace.run(&["why", "shop/dev", "custom"], 0);
    let values = reported.json["values"].as_array().unwrap();
    let mut found: Vec<String> =
        values.iter().map(|value| format!("{}={}", value["key"].as_str().unwrap(), value["winner"]["value"].as_str().unwrap())).collect();
    found.sort();
    assert_eq!(
        found,
        ["custom.deep.a.b=3", "custom.deep.a.c=5", "custom.limits.cpu=4", "custom.limits.ram=2", "custom.off=null"],
        "{}",
        reported.text
    );
    let cpu = values.iter().find(|value| value["key"] == "custom.limits.cpu").unwrap();
    assert!(cpu["overrode"].to_string().contains("terralet.yml"), "{cpu}");
}
