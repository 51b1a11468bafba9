//! A checked customer to root modules. Cannot fail: if it could, a rule would be missing.

mod backend;
mod calls;
mod interface;
mod subnets;

pub use backend::relative;
pub use interface::{ArgumentProblem, InterfaceProblem, argument_problems, inputs_by_value, interface_problems};

use crate::check::{CheckedCustomer, CheckedDeployment, Interfaces};
use crate::platform::Platform;
use crate::resolve::Role;
use crate::terraform::{Output, Provider, RemoteState, RootIdentity, RootModule, StateKey};

/// What a root is assembled with beside its deployment.
#[derive(Debug)]
pub struct Surroundings<'s> {
    /// The platform.
    pub platform: &'s Platform,
    /// What the shared modules take and give.
    pub interfaces: &'s Interfaces,
    /// The way from the output directory to the workspace, with `/`: `..` for `generated`.
    pub output_to_workspace: &'s str,
}

/// The state key of a deployment.
pub fn state_key(customer: &CheckedCustomer, deployment: &CheckedDeployment, platform: &Platform) -> (RootIdentity, StateKey) {
    let identity = RootIdentity {
        repository: customer.repository.as_str().into(),
        environment: deployment.environment.clone(),
        region: deployment.region.clone(),
        service: deployment.service.clone(),
    };
    let key = StateKey::new(platform.state.layout, &identity, &customer.customer_id, deployment.regional);
    (identity, key)
}

/// The roots of a customer, in the order of its deployments.
pub fn assemble(customer: &CheckedCustomer, surroundings: &Surroundings<'_>) -> Vec<RootModule> {
    customer.deployments.iter().map(|deployment| root(customer, deployment, surroundings)).collect()
}

fn root(customer: &CheckedCustomer, deployment: &CheckedDeployment, surroundings: &Surroundings<'_>) -> RootModule {
    let platform = surroundings.platform;
    let (identity, key) = state_key(customer, deployment, platform);
    let registration = platform.registry.get(&customer.repository);
    let own_state = registration.map_or(&[][..], |entry| entry.state.as_slice());
    let shared = (deployment.role == Role::Service).then(|| {
        let shared_identity = RootIdentity { service: None, ..identity.clone() };
        let shared_key = StateKey::new(platform.state.layout, &shared_identity, &customer.customer_id, deployment.regional);
        let backend = backend::remote(platform, own_state, &key, &shared_key);
        RemoteState { key: shared_key, backend }
    });
    let mut tags = deployment.tags.clone();
    tags.sort_unstable();
    let calls = calls::calls(customer, deployment, &tags, &key, surroundings);
    RootModule {
        backend: backend::backend(platform, own_state, &key),
        provider: Provider {
            region: deployment.region.clone(),
            version: platform.aws.provider_version.to_string(),
            role_arn: platform.aws.role_of(customer.account_id.as_deref()),
            account_id: customer.account_id.clone(),
            default_tags: tags,
        },
        outputs: outputs(deployment, surroundings),
        calls,
        shared,
        identity,
        key,
    }
}

/// The outputs of the modules that a root calls, and of a network its addresses, which service roots need.
fn outputs(deployment: &CheckedDeployment, surroundings: &Surroundings<'_>) -> Vec<Output> {
    let mut outputs = Vec::new();
    let mut add = |module: &'static str, names: &[calls::Reference]| {
        for reference in names {
            let name = reference.last().copied().unwrap_or("");
            if surroundings.interfaces.gives(module, name) {
                let sensitive = surroundings.interfaces.is_sensitive(module, name);
                outputs.push(Output { name, value: crate::terraform::Expression::Reference(reference), sensitive });
            }
        }
    };
    if deployment.network.is_some() {
        add("customer-vpc", calls::VPC_OUTPUTS);
    }
    if deployment.compute.is_some() {
        add("customer-compute", calls::COMPUTE_OUTPUTS);
    }
    if deployment.database.is_some() {
        add("customer-database", calls::DATABASE_OUTPUTS);
    }
    if let Some(network) = &deployment.network {
        let value = crate::terraform::Expression::text(network.vpc_cidr.to_string());
        outputs.push(Output { name: "vpc_cidr", value, sensitive: false });
    }
    outputs
}
