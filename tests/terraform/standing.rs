//! Databases that an earlier version of the module made: their addresses in the state are moved, and nothing else is planned.

use std::path::Path;
use std::sync::Arc;

use crate::Suite;
use crate::offline::Terraform;
use crate::statestore::StateStore;
use crate::workspace::{Failure, Workspace};

/// A root that calls the module as version 0.1 did.
const ROOT: &str = r#"
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

module "customer_database" {
  source = "../modules/aws/customer-database"

  name                     = "shop-production-1a2b3c4d"
  environment              = "production"
  protected                = true
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-2a", "subnet-2b"]
  client_security_group_id = "sg-0123456789abcdef0"
  engine                   = "postgres"
  engine_version           = "16"
  instance_class           = "db.m7g.large"
  allocated_storage        = 100
  backup_retention_period  = 14
  multi_az                 = true
}

output "endpoint" {
  value = module.customer_database.endpoint
}
"#;

pub(crate) fn add(suite: &mut Suite) {
    suite.add("standing::databases_of_an_earlier_version_stay_as_they_are", databases_of_an_earlier_version_stay_as_they_are);
}

fn databases_of_an_earlier_version_stay_as_they_are(terraform: &Terraform) -> Result<(), Failure> {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("modules");
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    let workspace = Workspace::copy(terraform, &[(modules.clone(), "modules".to_owned())], Arc::new(store))?;
    let directory = workspace.path().join("root");
    let written = std::fs::create_dir(&directory).and_then(|()| std::fs::write(directory.join("main.tf"), ROOT));
    written.map_err(|error| Failure::new("copy", error))?;
    let root = workspace.module(Path::new("root"));
    root.init()?;
    root.plan()?;
    root.apply()?;
    root.plan_without_changes()?;

    let moved = std::fs::read_to_string(modules.join("aws/customer-database/moved.tf")).map_err(|error| Failure::new("copy", error))?;
    let ends = |argument: &str| -> Vec<String> {
        let values = moved.lines().filter_map(|line| line.trim().strip_prefix(argument)?.trim().strip_prefix('='));
        values.map(|address| format!("module.customer_database.{}", address.trim())).collect()
    };
    let (from, to) = (ends("from"), ends("to"));
    if from.is_empty() || from.len() != to.len() {
        return Err(Failure::new("moved.tf", format!("{from:?} and {to:?}")));
    }
    // Back to where the earlier version had them.
    for (from, to) in from.iter().zip(&to) {
        root.run(&["state", "mv", to, from])?.succeeded()?;
    }
    let plan = root.plan()?;
    let changes = plan.json["resource_changes"].as_array().into_iter().flatten();
    let is_change = |change: &&serde_json::Value| change["change"]["actions"] != serde_json::json!(["no-op"]);
    let changed: Vec<&str> = changes.filter(is_change).filter_map(|change| change["address"].as_str()).collect();
    if !changed.is_empty() {
        return Err(Failure::new("plan", format!("these change: {}", changed.join(", "))));
    }
    root.apply()?;
    root.plan_without_changes()?;
    let listed = root.run(&["state", "list"])?.succeeded()?.stdout;
    match to.iter().find(|address| !listed.lines().any(|line| line == *address)) {
        Some(lost) => Err(Failure::new("state list", format!("{lost} is not in\n{listed}"))),
        None => root.destroy(),
    }
}
