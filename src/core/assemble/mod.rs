//! A checked customer to root modules. Cannot fail: if it could, a rule would be missing.

mod backend;
mod calls;
mod interface;

pub use interface::{ArgumentProblem, InterfaceProblem, RefusedBy, argument_problems, inputs_by_value, interface_problems};

use crate::check::{CheckedCall, CheckedCustomer, CheckedDeployment, Interfaces, Proof};
use crate::clouds::modules;
use crate::modules::{ModuleRow, OutputRow};
use crate::platform::{Platform, StateVariables};
use crate::resolve::Role;
use crate::terraform::{Expression, Output, Provider, RemoteState, RootIdentity, RootModule, StateKey};
use backend::Backends;
use calls::Called;
use smol_str::{SmolStr, format_smolstr};

/// What a root is assembled with in addition to its deployment.
#[derive(Debug, Clone, Copy)]
pub struct CompileContext<'s> {
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
pub fn assemble(proof: &Proof, surroundings: &CompileContext<'_>) -> Vec<RootModule> {
    Assembler::new(*surroundings).assemble(proof)
}

/// Makes roots of one customer after the other: what is the same for all of them is found once.
#[derive(Debug)]
pub struct Assembler<'s> {
    surroundings: CompileContext<'s>,
    callees: Vec<Callee>,
}

impl<'s> Assembler<'s> {
    /// An assembler for a run.
    pub fn new(surroundings: CompileContext<'s>) -> Self {
        Assembler { surroundings, callees: modules().map(|module| Callee::new(module, surroundings.interfaces)).collect() }
    }

    /// The roots of a customer, in the order of its deployments.
    pub fn assemble(&self, proof: &Proof) -> Vec<RootModule> {
        self.roots(proof.customer()).collect()
    }

    /// The roots that a customer would have, each when it is asked for: what they hold is judged before there is a proof. They stay in this
    /// crate, and are never printed.
    pub(crate) fn roots(&self, customer: &CheckedCustomer) -> impl Iterator<Item = RootModule> {
        let platform = self.surroundings.platform;
        let registration = platform.registry.get(&customer.repository);
        let own_state = move |environment: &str| registration.map(|entry| entry.state_of(environment)).unwrap_or_default();
        let backends = move |deployment: &CheckedDeployment| {
            let CheckedDeployment { environment, region, account_id, .. } = deployment;
            let (customer_id, repository) = (&*customer.customer_id, &*customer.repository);
            let variables = StateVariables { account_id: account_id.as_deref(), customer_id, repository, environment, region };
            Backends::new(platform, &own_state(environment), &variables)
        };
        let differs =
            registration.is_some_and(|entry| !entry.environments.is_empty()) || platform.state.differs_by_deployment(&own_state(""));
        let common = customer.deployments.first().filter(|_| !differs).map(backends);
        customer.deployments.iter().map(move |deployment| match &common {
            Some(common) => self.root(customer, common, deployment),
            None => self.root(customer, &backends(deployment), deployment),
        })
    }

    fn root(&self, customer: &CheckedCustomer, backends: &Backends, deployment: &CheckedDeployment) -> RootModule {
        let platform = self.surroundings.platform;
        let (identity, key) = state_key(customer, deployment, platform);
        let shared = (deployment.role == Role::Service).then(|| {
            let shared_identity = RootIdentity { service: None, ..identity.clone() };
            let shared_key = StateKey::new(platform.state.layout, &shared_identity, &customer.customer_id, deployment.regional);
            let backend = backends.remote(&key, &shared_key);
            RemoteState { key: shared_key, backend }
        });
        let mut tags = deployment.tags.clone();
        tags.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let vpc_cidr = deployment.network.as_ref().map(|network| format_smolstr!("{}", network.vpc_cidr));
        let network = deployment.network.as_ref().zip(vpc_cidr.as_ref());
        let calls = self.calls(&Called { customer, deployment, tags: &tags, network, key: &key });
        let (policy, provider) = (platform.cloud(customer.cloud), &customer.cloud.facts().provider);
        RootModule {
            backend: backends.of(&key),
            provider: Provider {
                region: deployment.region.clone(),
                row: provider,
                version: policy.provider_version.as_ref().map_or(provider.version, |version| &version.value).to_owned(),
                role_arn: policy.role_of(deployment.account_id.as_deref()),
                account_id: deployment.account_id.clone(),
                default_tags: tags,
            },
            outputs: self.outputs(deployment, vpc_cidr),
            calls,
            shared,
            identity,
            key,
        }
    }

    /// The outputs of the modules that a root calls, and of a network its addresses, which service roots need.
    fn outputs(&self, deployment: &CheckedDeployment, vpc_cidr: Option<SmolStr>) -> Vec<Output> {
        let called = || deployment.calls.iter().filter_map(|call| Some((call, self.callee(call.module)?)));
        let mut outputs = Vec::with_capacity(called().map(|(_, callee)| callee.outputs.len()).sum::<usize>() + 1);
        for (call, callee) in called() {
            let is_given = |only_with: &[&str]| only_with.is_empty() || only_with.iter().any(|input| callee.passes(call, input));
            let given = callee.outputs.iter().filter(|(row, _)| is_given(row.only_with));
            outputs.extend(given.map(|(row, output)| match &call.entry {
                Some(entry) => of_entry(call, row, output, entry),
                None => output.clone(),
            }));
        }
        outputs.extend(vpc_cidr.map(|cidr| Output {
            name: SmolStr::new_static("vpc_cidr"),
            value: Expression::Text(cidr),
            sensitive: false,
        }));
        outputs
    }
}

/// An output of a call as a root gives it of a named database.
fn of_entry(call: &CheckedCall, row: &OutputRow, output: &Output, entry: &str) -> Output {
    let value = ["module".into(), call.module.label(Some(entry)), SmolStr::new_static(row.name)];
    Output { name: row.name_of(entry), value: Expression::NamedReference(value.into()), sensitive: output.sensitive }
}

/// A shared module, as far as calls of it depend on what it takes and gives.
#[derive(Debug)]
struct Callee {
    module: &'static ModuleRow,
    /// Whether it takes each of the inputs of its row, in their order.
    takes: Vec<bool>,
    /// What a root that calls it gives of it, each with its row.
    outputs: Vec<(&'static OutputRow, Output)>,
}

impl Callee {
    fn new(module: &'static ModuleRow, interfaces: &Interfaces) -> Self {
        let output = |row: &'static OutputRow| {
            let OutputRow { name, own, .. } = row;
            let (name, sensitive) = (SmolStr::new_static(name), interfaces.is_sensitive(module, name));
            interfaces.gives(module, row.name).then_some((row, Output { name, value: Expression::Reference(own), sensitive }))
        };
        Callee {
            module,
            takes: module.inputs.iter().map(|row| interfaces.takes(module, row.name)).collect(),
            outputs: module.outputs.iter().filter_map(|row| output(row)).collect(),
        }
    }

    /// True where a call passes an input.
    fn passes(&self, call: &CheckedCall, input: &str) -> bool {
        let mut rows = self.module.inputs.iter().zip(call.values()).zip(&self.takes);
        rows.any(|((row, value), takes)| row.name == input && value.is_some() && *takes)
    }
}
