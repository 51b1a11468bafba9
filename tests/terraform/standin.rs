//! What the checks take for granted of the stand-in provider: that it behaves as the real one where no schema says how.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::Suite;
use crate::offline::Terraform;
use crate::roots::{OUTPUT, samples};
use crate::statestore::StateStore;
use crate::workspace::{Failure, Workspace};

const ROOT: &str = "shop/production";
const STATE: &str = "sample-terraform-state/shop/production/terraform.tfstate";

pub(crate) fn add(suite: &mut Suite) {
    suite.add("standin::default_tags_reach_the_plan", default_tags_reach_the_plan);
    suite.add("standin::a_new_address_range_replaces_the_network", a_new_address_range_replaces_the_network);
    suite.add("standin::a_new_region_replaces_everything", a_new_region_replaces_everything);
    suite.add("standin::the_same_plan_makes_the_same_state", the_same_plan_makes_the_same_state);
}

fn default_tags_reach_the_plan(terraform: &Terraform) -> Result<(), Failure> {
    let workspace = workspace(terraform)?;
    let module = workspace.module(&root());
    module.init()?;
    let plan = module.plan()?;
    let changes = plan.json["resource_changes"].as_array().into_iter().flatten();
    let vpc = changes
        .map(|change| &change["change"]["after"])
        .find(|after| !after["cidr_block"].is_null() && !after["enable_dns_support"].is_null());
    let tags = vpc.map_or(&Value::Null, |vpc| &vpc["tags_all"]);
    expect("tags_all", tags, &json!({"customer": "shop", "Name": "shop-production"}))
}

fn a_new_address_range_replaces_the_network(terraform: &Terraform) -> Result<(), Failure> {
    let replaced = replaced_after(terraform, "main.tf", "10.20.0.0/16", "10.20.0.0/15")?;
    let all =
        ["aws_security_group.database_client", "aws_subnet.private[\"us-east-1a\"]", "aws_subnet.private[\"us-east-1b\"]", "aws_vpc.this"];
    expect("replaced", &json!(replaced), &json!(all.map(|address| format!("module.customer_vpc.{address}"))))
}

fn a_new_region_replaces_everything(terraform: &Terraform) -> Result<(), Failure> {
    let replaced = replaced_after(terraform, "providers.tf", "us-east-1", "us-west-2")?;
    expect("number replaced", &json!(replaced.len()), &json!(4))
}

fn the_same_plan_makes_the_same_state(terraform: &Terraform) -> Result<(), Failure> {
    let resources = || {
        let workspace = workspace(terraform)?;
        apply(&workspace)?;
        let state = workspace.store().object(STATE).ok_or_else(|| Failure::new("state", "there is none"))?;
        let state: Value = serde_json::from_slice(&state).map_err(|error| Failure::new("state", error))?;
        Ok(state["resources"].clone())
    };
    expect("resources", &resources()?, &resources()?)
}

/// Applies the root, changes one of its files, and gives the addresses that the next plan replaces.
fn replaced_after(terraform: &Terraform, file: &str, from: &str, to: &str) -> Result<Vec<String>, Failure> {
    let workspace = workspace(terraform)?;
    apply(&workspace)?;
    let file = workspace.path().join(root()).join(file);
    let changed = std::fs::read_to_string(&file).and_then(|text| std::fs::write(&file, text.replace(from, to)));
    changed.map_err(|error| Failure::new("change", error))?;
    let plan = workspace.module(&root()).plan()?;
    Ok(plan.replaced().into_iter().map(str::to_owned).collect())
}

fn apply(workspace: &Workspace<'_>) -> Result<(), Failure> {
    let module = workspace.module(&root());
    module.init()?;
    module.plan()?;
    module.apply()
}

fn workspace(terraform: &Terraform) -> Result<Workspace<'_>, Failure> {
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    Workspace::copy(terraform, &[(samples(), String::new())], Arc::new(store))
}

fn root() -> std::path::PathBuf {
    Path::new(OUTPUT).join(ROOT)
}

fn expect(what: &str, found: &Value, expected: &Value) -> Result<(), Failure> {
    if found == expected { Ok(()) } else { Err(Failure::new(what, format!("found {found}, expected {expected}"))) }
}
