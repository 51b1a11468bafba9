//! The proof that the harness notices what it is there for: one mistake of each kind, put into a sample, or into
//! what the compiler emitted for `fixtures/acme`, that passes without it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::emitted_mutations::EMITTED;
use crate::offline::Terraform;
use crate::roots::{OUTPUT, acme, samples};
use crate::statestore::StateStore;
use crate::workspace::{Failure, Workspace};
use crate::{Suite, discovery, roots};

/// A mistake, and how it shows.
pub(crate) struct Mutation {
    pub(crate) name: &'static str,
    /// Below the samples, or below what the fixture's tree is copied to.
    pub(crate) file: &'static str,
    /// Text that stands in the file once, and what it becomes.
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    /// The step that stops at it.
    pub(crate) during: &'static str,
    /// Part of what is said.
    pub(crate) said: &'static str,
}

/// The group that is run with each mistake.
const ROOT: &str = "shop/production";

const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "misspelt_argument",
        file: "modules/aws/customer-vpc/main.tf",
        from: "enable_dns_hostnames",
        to: "enable_dns_hostname ",
        during: "validate",
        said: "Unsupported argument",
    },
    Mutation {
        name: "missing_argument",
        file: "modules/aws/customer-vpc/main.tf",
        from: "  vpc_id            = aws_vpc.this.id\n",
        to: "",
        during: "validate",
        said: "Missing required argument",
    },
    Mutation {
        name: "wrong_type_of_provider_argument",
        file: "modules/aws/customer-vpc/main.tf",
        from: "enable_dns_support   = true",
        to: "enable_dns_support   = \"often\"",
        during: "validate",
        said: "a bool is required",
    },
    Mutation {
        name: "read_only_argument",
        file: "modules/aws/customer-vpc/main.tf",
        from: "enable_dns_support   = true",
        to: "owner_id             = \"1\"",
        during: "validate",
        said: "Value for unconfigurable attribute",
    },
    Mutation {
        name: "unknown_resource_type",
        file: "modules/aws/customer-vpc/main.tf",
        from: "resource \"aws_vpc\" \"this\"",
        to: "resource \"aws_vcp\" \"this\"",
        during: "validate",
        said: "Invalid resource type",
    },
    Mutation {
        name: "unknown_reference",
        file: "modules/aws/customer-vpc/outputs.tf",
        from: "aws_vpc.this.id",
        to: "aws_vpc.that.id",
        during: "validate",
        said: "Reference to undeclared resource",
    },
    Mutation {
        name: "too_many_blocks",
        file: "modules/aws/customer-compute/main.tf",
        from: "  launch_template {",
        to: "  launch_template {\n    id = \"lt-0\"\n  }\n\n  launch_template {",
        during: "validate",
        said: "Too many launch_template blocks",
    },
    Mutation {
        name: "block_without_its_argument",
        file: "modules/aws/customer-compute/main.tf",
        from: "  tag {\n    key                 = \"Name\"\n    value               = var.name\n    propagate_at_launch = true\n  }\n",
        to: "  tag {\n  }\n",
        during: "validate",
        said: "Missing required argument",
    },
    Mutation {
        name: "unknown_block",
        file: "modules/aws/customer-compute/main.tf",
        from: "  launch_template {",
        to: "  launch_model {",
        during: "validate",
        said: "Unsupported block type",
    },
    Mutation {
        name: "unknown_module_argument",
        file: "generated/shop/production/main.tf",
        from: "  vpc_cidr    = \"10.20.0.0/16\"",
        to: "  vpc_cidr    = \"10.20.0.0/16\"\n  vpc_colour  = \"green\"",
        during: "validate",
        said: "Unsupported argument",
    },
    Mutation {
        name: "missing_module_argument",
        file: "generated/shop/production/main.tf",
        from: "\n  private_subnets = {\n    \"us-east-1a\" = \"10.20.64.0/21\"\n    \"us-east-1b\" = \"10.20.72.0/21\"\n  }\n",
        to: "",
        during: "validate",
        said: "Missing required argument",
    },
    Mutation {
        name: "wrong_type_of_module_argument",
        file: "generated/shop/production/main.tf",
        from: "  vpc_cidr    = \"10.20.0.0/16\"",
        to: "  vpc_cidr    = [\"10.20.0.0/16\"]",
        during: "validate",
        said: "Invalid value for input variable",
    },
    Mutation {
        name: "value_that_the_module_refuses",
        file: "generated/shop/production/main.tf",
        from: "10.20.0.0/16",
        to: "10.20.0.0.0/16",
        during: "validate",
        said: "Invalid value for variable",
    },
    Mutation {
        name: "unknown_module_output",
        file: "generated/shop/production/outputs.tf",
        from: "module.customer_vpc.vpc_id",
        to: "module.customer_vpc.vpc_name",
        during: "validate",
        said: "Unsupported attribute",
    },
    Mutation {
        name: "unknown_output_of_the_shared_root",
        file: "generated/shop/production/api-service/main.tf",
        from: "outputs.vpc_id",
        to: "outputs.vpc_name",
        during: "plan",
        said: "Unsupported attribute",
    },
    Mutation {
        name: "bad_argument_of_the_shared_roots_state",
        file: "generated/shop/production/api-service/data.tf",
        from: "region = ",
        to: "regoin = ",
        during: "validate",
        said: "regoin",
    },
    Mutation {
        name: "bad_backend_argument",
        file: "generated/shop/production/backend.tf",
        from: "use_lockfile = true",
        to: "use_lockfiel = true",
        during: "init",
        said: "Unsupported argument",
    },
    Mutation {
        name: "bad_argument_of_a_backend_without_store",
        file: "generated/florist/production/backend.tf",
        from: "use_azuread_auth     = true",
        to: "use_azure_auth       = true",
        during: "backend",
        said: "use_azure_auth",
    },
    Mutation {
        name: "state_in_anothers_place",
        file: "generated/shop/development/backend.tf",
        from: "shop/development/terraform.tfstate",
        to: "shop/production/terraform.tfstate",
        during: "discovery",
        said: "in one place",
    },
    Mutation {
        name: "unsatisfiable_provider_version",
        file: "generated/shop/production/versions.tf",
        from: "~> 6.0",
        to: "~> 66.0",
        during: "init",
        said: "no available releases match",
    },
    Mutation {
        name: "unbalanced_quote",
        file: "generated/shop/production/main.tf",
        from: "\"10.20.0.0/16\"",
        to: "\"10.20.0.0/16",
        during: "fmt",
        said: "Invalid multi-line string",
    },
    Mutation {
        name: "unformatted_file",
        file: "generated/shop/production/main.tf",
        from: "  vpc_cidr    = ",
        to: "  vpc_cidr = ",
        during: "fmt",
        said: "vpc_cidr",
    },
    Mutation {
        name: "value_that_changes_by_itself",
        file: "modules/aws/customer-vpc/main.tf",
        from: "Name = var.name",
        to: "Name = timestamp()",
        during: "second plan",
        said: "there are changes to make",
    },
];

pub(crate) fn add(suite: &mut Suite) {
    for mutation in MUTATIONS {
        suite.add(format!("mutations::{}", mutation.name), |terraform| {
            check(terraform, mutation, &[(samples(), String::new())], Path::new(OUTPUT))
        });
    }
    for mutation in EMITTED {
        suite.add(format!("mutations::emitted::{}", mutation.name), |terraform| {
            let tree = acme();
            check(terraform, mutation, &tree.sources, &tree.place)
        });
    }
}

fn check(terraform: &Terraform, mutation: &Mutation, sources: &[(PathBuf, String)], output: &Path) -> Result<(), Failure> {
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    let workspace = Workspace::copy(terraform, sources, Arc::new(store))?;
    mutate(&workspace, mutation)?;
    let outcome = run(&workspace, mutation, output);
    terraform.tally.mutations.add(0, 1);
    match outcome {
        Ok(()) => Err(Failure::new(mutation.name, "nothing noticed it")),
        Err(failure) if failure.during == mutation.during && failure.text.contains(mutation.said) => {
            terraform.tally.mutations.add(1, 0);
            Ok(())
        }
        Err(failure) => Err(Failure::new(mutation.name, format!("something else was noticed, during `{}`:\n{failure}", failure.during))),
    }
}

fn mutate(workspace: &Workspace<'_>, mutation: &Mutation) -> Result<(), Failure> {
    let file = workspace.path().join(mutation.file);
    let failed = |error: std::io::Error| Failure::new(mutation.name, error);
    let text = std::fs::read_to_string(&file).map_err(failed)?;
    if text.matches(mutation.from).count() != 1 {
        return Err(Failure::new(mutation.name, format!("`{}` is to stand in {} once", mutation.from, mutation.file)));
    }
    std::fs::write(&file, text.replace(mutation.from, mutation.to)).map_err(failed)
}

/// Runs the group that the mutated file belongs to; a module's is the group of `ROOT`.
fn run(workspace: &Workspace<'_>, mutation: &Mutation, output: &Path) -> Result<(), Failure> {
    let groups = discovery::discover(workspace.path(), output).map_err(|error| Failure::new("discovery", error))?;
    let is_mutated = |directory: &Path| Path::new(mutation.file).starts_with(directory);
    let group = groups
        .iter()
        .find(|group| is_mutated(&group.shared.directory))
        .or_else(|| groups.iter().find(|group| group.shared.directory.ends_with(ROOT)))
        .ok_or_else(|| Failure::new("discovery", format!("no root is in {}", mutation.file)))?;
    roots::run(workspace, output, group)
}
