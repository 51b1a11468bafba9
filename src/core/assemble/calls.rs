//! The calls of the shared modules, made from their rows.

use super::{Assembler, Callee, CompileContext};
use crate::check::{CheckedCall, CheckedCustomer, CheckedDeployment, CheckedNetwork};
use crate::modules::{ArgumentShape, Band, InputRow, InputSource, ModuleRow, OutputRow, Reference};
use crate::platform::{ModuleSource, fill};
use crate::resolve::Role;
use crate::schema::Typed;
use crate::terraform::{Expression, ModuleCall, StateKey};
use smol_str::{SmolStr, format_smolstr};

/// The shared root's network addresses, as a service's root has them.
const SHARED_VPC_CIDR: Reference = &["data", "terraform_remote_state", "shared", "outputs", "vpc_cidr"];

/// The shared root's outputs, as a service's root has them.
const SHARED_OUTPUTS: Reference = &["data", "terraform_remote_state", "shared", "outputs"];

/// What a root's calls are made from.
pub(super) struct Called<'c> {
    pub(super) customer: &'c CheckedCustomer,
    pub(super) deployment: &'c CheckedDeployment,
    /// Its tags, sorted.
    pub(super) tags: &'c [(SmolStr, SmolStr)],
    /// Its network with the network's addresses as text, where it has one.
    pub(super) network: Option<(&'c CheckedNetwork, &'c SmolStr)>,
    pub(super) key: &'c StateKey,
}

impl Called<'_> {
    /// What is passed to an input whose key has this value; nothing where the module decides.
    fn argument(&self, call: &CheckedCall, row: &InputRow, value: Option<&Typed>) -> Option<Expression> {
        let deployment = self.deployment;
        match row.source {
            InputSource::Key(_)
            | InputSource::OptionalKey(_)
            | InputSource::Image { .. }
            | InputSource::Architecture(_)
            | InputSource::CopyRegion(_)
            | InputSource::Granted { .. } => {
                let argument =
                    value.map(|value| if matches!(row.shape, ArgumentShape::Objects(_)) { records(value) } else { expression(value) })?;
                Some(if row.shape == ArgumentShape::Texts { sorted(argument) } else { argument })
            }
            InputSource::Name | InputSource::DatabaseName(_) => {
                Some(Expression::text(call.name.as_ref().unwrap_or(&deployment.name).as_str()))
            }
            InputSource::Environment => Some(Expression::text(deployment.environment.as_str())),
            InputSource::Protected => Some(Expression::Boolean(deployment.protected)),
            InputSource::Tags => {
                Some(Expression::Object(self.tags.iter().map(|(key, value)| (key.clone(), Expression::Text(value.clone()))).collect()))
            }
            InputSource::NetworkAddresses(_) => Some(match self.network {
                Some((_, addresses)) => Expression::Text(addresses.clone()),
                None => Expression::Reference(SHARED_VPC_CIDR),
            }),
            InputSource::Subnets { band, .. } => {
                let CheckedNetwork { vpc_cidr, private_zones, public_zones } = self.network?.0;
                let zones = if band == Band::Private { private_zones } else { public_zones };
                let subnets = self.customer.cloud.subnets(*vpc_cidr, &deployment.region, zones, band);
                Some(Expression::Object(subnets.into_iter().map(|(zone, subnet)| (zone, Expression::Text(subnet))).collect()))
            }
            InputSource::Output(output) => {
                let reference = Expression::Reference(self.own(output).unwrap_or(output.shared));
                Some(if row.shape == ArgumentShape::ReferenceList { Expression::List(vec![reference]) } else { reference })
            }
            InputSource::OutputOrNull(output) => Some(if let Some(own) = self.own(output) {
                Expression::Reference(own)
            } else if self.of_shared(output) {
                Expression::Reference(output.shared)
            } else {
                Expression::Null
            }),
            InputSource::EntryOutputs(output) => several(self.entry_outputs(output)),
            InputSource::OwnOutputs(own) => {
                let of =
                    |label: &SmolStr| Expression::NamedReference(["module".into(), label.clone(), SmolStr::new_static(own.name)].into());
                several(call.acts_on(row.name).iter().map(of).collect())
            }
            InputSource::Outputs(output) => {
                let shared = self.of_shared(output).then_some(output.shared);
                several(self.own(output).into_iter().chain(shared).map(Expression::Reference).collect())
            }
        }
    }

    /// An output of each entry's call: of the root's own, and of those of its shared root that it has none of the same name instead of.
    fn entry_outputs(&self, output: &OutputRow) -> Vec<Expression> {
        let own = || self.deployment.calls.iter().filter(|call| call.module.block == output.block);
        let of_own = own().filter_map(|call| {
            let entry = call.entry.as_ref()?;
            Some(["module".into(), call.module.label(Some(entry)), SmolStr::new_static(output.name)].into())
        });
        let of_shared = self.deployment.shared_databases.iter().filter(|shared| !own().any(|call| call.entry.as_ref() == Some(shared)));
        let of_shared = of_shared.map(|entry| {
            let way = SHARED_OUTPUTS.iter().copied().map(SmolStr::new_static);
            way.chain([output.name_of(entry)]).collect()
        });
        of_own.chain(of_shared).map(Expression::NamedReference).collect()
    }

    /// True where the shared root of a service has an output.
    fn of_shared(&self, output: &OutputRow) -> bool {
        self.deployment.role == Role::Service && self.deployment.shared_calls.contains(&output.block)
    }

    /// The output of this name of a module that the root calls itself: which one makes the network differs.
    fn own(&self, output: &OutputRow) -> Option<Reference> {
        let calls = self.deployment.calls.iter().filter(|call| call.entry.is_none());
        calls.flat_map(|call| call.module.outputs).find(|other| other.name == output.name).map(|other| other.own)
    }
}

impl Assembler<'_> {
    /// The calls of a root.
    pub(super) fn calls(&self, called: &Called<'_>) -> Vec<ModuleCall> {
        let up = "../".repeat(called.key.depth());
        let call = |call: &CheckedCall| {
            let CheckedCall { module, entry, formerly, constants, .. } = call;
            let callee = self.callee(module)?;
            let mut arguments = Vec::with_capacity(module.inputs.len());
            for ((row, value), takes) in module.inputs.iter().zip(call.values()).zip(&callee.takes) {
                if *takes && let Some(argument) = called.argument(call, row, value) {
                    arguments.push((row.name, argument));
                }
            }
            let (source, version) = source(module.name, called, &up, &self.surroundings);
            let label = module.label(entry.as_deref());
            let constants = constants.iter().map(|(name, value)| (name.clone(), expression(value))).collect();
            Some(ModuleCall { module, label, formerly: formerly.clone(), source, version, arguments, constants })
        };
        called.deployment.calls.iter().filter_map(call).collect()
    }

    /// What is known of a module that is called.
    pub(super) fn callee(&self, module: &ModuleRow) -> Option<&Callee> {
        self.callees.iter().find(|callee| std::ptr::eq(callee.module, module))
    }
}

/// A list of outputs, which is not passed where there are none.
fn several(outputs: Vec<Expression>) -> Option<Expression> {
    (!outputs.is_empty()).then_some(Expression::List(outputs))
}

/// The value of a key.
fn expression(value: &Typed) -> Expression {
    match value {
        Typed::Boolean(value) => Expression::Boolean(*value),
        Typed::Integer(value) => Expression::Number(*value),
        Typed::Text(value) => Expression::Text(value.clone()),
        Typed::Network(network) => Expression::Text(format_smolstr!("{network}")),
        Typed::List(items) => Expression::List(items.iter().map(expression).collect()),
        Typed::Object(entries) => Expression::Object(entries.iter().map(|(key, value)| (key.clone(), expression(value))).collect()),
    }
}

/// The value of a key that takes a list of mappings, whose keys are the language's own.
fn records(value: &Typed) -> Expression {
    match value {
        Typed::List(items) => Expression::List(items.iter().map(records).collect()),
        Typed::Object(entries) => Expression::Record(entries.iter().map(|(key, value)| (key.clone(), expression(value))).collect()),
        single => expression(single),
    }
}

/// A customer's mapping by its names: which layer wrote one first changes no byte of a root.
fn sorted(argument: Expression) -> Expression {
    match argument {
        Expression::Object(mut entries) => {
            entries.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
            Expression::Object(entries)
        }
        other => other,
    }
}

/// The source and version of a module as a root names them; `up` leads from the root to the output.
fn source(module: &str, called: &Called<'_>, up: &str, surroundings: &CompileContext<'_>) -> (String, Option<String>) {
    let modules = &surroundings.platform.modules;
    let cloud = called.customer.cloud.facts().name;
    match &modules.source {
        ModuleSource::BuiltIn => ([up, "modules/", cloud, "/", module].concat(), None),
        ModuleSource::Local(path) => {
            let way = crate::paths::relative("", &normalised(&format!("{up}{}/{path}/{cloud}/{module}", surroundings.output_to_workspace)));
            (if way.starts_with("..") { way } else { format!("./{way}") }, None)
        }
        ModuleSource::Remote(template) => {
            let version =
                called.deployment.modules_version.clone().or_else(|| modules.version.as_ref().map(|version| version.value.to_string()));
            let filled = fill(template, "cloud", cloud).unwrap_or_else(|| template.clone());
            let filled = fill(&filled, "module", module).unwrap_or(filled);
            match version {
                Some(version) => match fill(&filled, "version", &version) {
                    Some(source) => (source, None),
                    None => (filled, modules.is_registry().then_some(version)),
                },
                None => (filled, None),
            }
        }
    }
}

/// A relative path without `.` and without `name/..`.
fn normalised(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match parts.last() {
            Some(last) if part == ".." && *last != ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}
