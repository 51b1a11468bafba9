//! A customer with every value there and every choice made.

use super::CheckInput;
use super::zones::{private_zones, zones};
use crate::clouds::{Cloud, modules};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::ir::{self, Settings};
use crate::modules::{Band, InputRow, InputSource, ModuleId, ModuleRow, NetworkPart, SectionKey};
use crate::names::{base32, readable};
use crate::platform::{NetworkGrant, Platform, Registration};
use crate::resolve::Role;
use crate::schema::{Typed, key_index, section};
use crate::source::Span;
use ipnet::Ipv4Net;
use sha2::{Digest, Sha256};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// The longest name: what is put behind it stays within a load balancer's 32 characters (output.md).
const NAME_LENGTH: usize = 24;
/// Characters of the hash in a name: 40 bits in base 32.
const HASH_LENGTH: usize = 8;

/// A customer with every choice made.
#[derive(Debug)]
pub struct CheckedCustomer {
    /// The repository.
    pub repository: String,
    /// Whose keys they are.
    pub customer_id: String,
    /// The cloud.
    pub cloud: &'static dyn Cloud,
    /// Its deployments.
    pub deployments: Vec<CheckedDeployment>,
}

/// A deployment with every choice made.
#[derive(Debug)]
pub struct CheckedDeployment {
    /// The environment.
    pub environment: SmolStr,
    /// The region.
    pub region: SmolStr,
    /// The service.
    pub service: Option<SmolStr>,
    /// The account, when it is known.
    pub account_id: Option<String>,
    /// The version of the shared modules, where the environment, the customer or the tier has its own.
    pub modules_version: Option<String>,
    /// What its root holds.
    pub role: Role,
    /// True when its key has the region in it.
    pub regional: bool,
    /// True in a protected environment.
    pub protected: bool,
    /// What names in the cloud start with; unique in an account.
    pub name: String,
    /// The tags of everything, each key once, in any order.
    pub tags: Vec<(SmolStr, SmolStr)>,
    /// What to point at for the whole.
    pub place: Span,
    /// The network, in roots that own one.
    pub network: Option<CheckedNetwork>,
    /// The calls of modules, in their order.
    pub calls: Vec<CheckedCall>,
    /// For a service: the labels of the calls of its shared root, without those of named databases.
    pub shared_calls: Vec<&'static str>,
    /// For a service: the named databases of its shared root.
    pub shared_databases: Vec<SmolStr>,
}

/// A call of a shared module, with what the documents give of it.
#[derive(Debug)]
pub struct CheckedCall {
    /// The module.
    pub module: &'static ModuleRow,
    /// The named database that makes the call, where one does.
    pub entry: Option<SmolStr>,
    /// What its names in the cloud start with, where that is not what the deployment's do.
    pub name: Option<String>,
    /// The labels that the call had before, the oldest first.
    pub formerly: Vec<SmolStr>,
    /// What the service provider passes beyond the inputs of the module's row, by name.
    pub constants: Vec<(SmolStr, Typed)>,
    /// The values of the documents.
    settings: Arc<Settings>,
    /// For each input of the module's row, where its key stands among all of them.
    places: &'static [Option<usize>],
    /// The values of inputs that are made from those, by the input's name.
    made: Vec<(&'static str, Typed)>,
    /// For each input that acts on what the root makes, by its name, the labels of the calls that make it.
    acts_on: Vec<(&'static str, Vec<SmolStr>)>,
}

impl CheckedCall {
    /// For each input of the module's row, in their order, the value of its key; nothing where the module decides, and where the value
    /// comes from the deployment or from other modules.
    pub fn values(&self) -> impl Iterator<Item = Option<&Typed>> {
        self.module.inputs.iter().zip(self.places).map(|(row, place)| self.value(row, *place))
    }

    /// The labels of the calls that an input acts on.
    pub fn acts_on(&self, input: &str) -> &[SmolStr] {
        self.acts_on.iter().find(|(name, _)| *name == input).map_or(&[], |(_, labels)| labels)
    }

    fn value(&self, row: &InputRow, place: Option<usize>) -> Option<&Typed> {
        let written = || Some(&self.settings.at(place?)?.value);
        let made = || self.made.iter().find(|(name, _)| *name == row.name).map(|(_, value)| value);
        match row.source {
            _ if row.without.is_some_and(|(section, key)| self.settings.has(section, key)) => None,
            InputSource::OptionalKey(key) if row.newer => written().filter(|value| !is_default(key, value)),
            InputSource::Key(_) | InputSource::OptionalKey(_) => written(),
            InputSource::Image { .. } => written().or_else(made),
            InputSource::Granted { .. } | InputSource::Architecture(_) | InputSource::CopyRegion(_) => made(),
            InputSource::Name
            | InputSource::Environment
            | InputSource::Protected
            | InputSource::Tags
            | InputSource::NetworkAddresses(_)
            | InputSource::Subnets { .. }
            | InputSource::DatabaseName(_)
            | InputSource::Output(_)
            | InputSource::OutputOrNull(_)
            | InputSource::EntryOutputs(_)
            | InputSource::Outputs(_)
            | InputSource::OwnOutputs(_) => None,
        }
    }
}

/// A network.
#[derive(Debug)]
pub struct CheckedNetwork {
    /// Its addresses.
    pub vpc_cidr: Ipv4Net,
    /// Letters of the zones of private subnets; none of a network that exists already.
    pub private_zones: String,
    /// Letters of the zones of public and database subnets: at least two.
    pub public_zones: String,
}

/// Makes every choice of a customer without errors; nothing when there is an error.
pub fn complete(context: &CheckInput<'_>, diagnostics: &mut Diagnostics) -> Option<CheckedCustomer> {
    let customer = context.customer;
    if diagnostics.has_errors(context.rules) {
        return None;
    }
    let mut deployments = Vec::with_capacity(customer.deployments.len());
    let mut shared: Option<&ir::Deployment> = None;
    for deployment in &customer.deployments {
        // A shared root stands before its services.
        if deployment.role == Role::Shared {
            shared = Some(deployment);
        }
        let is_its = |shared: &&ir::Deployment| {
            deployment.role == Role::Service
                && shared.environment.value == deployment.environment.value
                && shared.region.value == deployment.region.value
        };
        match one(context, deployment, shared.filter(is_its)) {
            Some(checked) => deployments.push(checked),
            None => {
                diagnostics.push(
                    Diagnostic::new(&codes::INCOMPLETE_DEPLOYMENT, format!("the deployment {} lacks a value", deployment.name()))
                        .at(deployment.place, "this deployment")
                        .help("a rule of the platform makes an error here a warning, and the value that the error took away is needed: fix the warnings of this file"),
                );
                return None;
            }
        }
    }
    Some(CheckedCustomer {
        repository: customer.identity.repository.to_string(),
        cloud: customer.cloud,
        customer_id: customer.identity.customer_id.value.as_str().to_owned(),
        deployments,
    })
}

fn one(context: &CheckInput<'_>, deployment: &ir::Deployment, shared: Option<&ir::Deployment>) -> Option<CheckedDeployment> {
    let CheckInput { customer, platform, registration, .. } = *context;
    if !deployment.region_known {
        return None;
    }
    let network = match &deployment.network {
        Some(network) => Some(checked_network(network, customer.cloud, deployment, platform, registration)?),
        None => None,
    };
    let environment = deployment.environment.value.as_str();
    let tier = customer.identity.tier.as_ref().and_then(|tier| platform.tier(&tier.value));
    let of_tier = || tier.and_then(|tier| tier.modules_version.as_ref());
    let version = registration.and_then(|entry| entry.modules_version_of(environment)).or_else(of_tier);
    let calls = called(context, deployment);
    let calls = calls.map(|(module, of)| checked_call(context, module, of)).collect::<Option<_>>()?;
    Some(CheckedDeployment {
        environment: deployment.environment.value.clone(),
        region: deployment.region.value.clone(),
        service: deployment.service.as_ref().map(|service| service.value.clone()),
        account_id: registration.and_then(|entry| entry.account_of(environment)).map(|account| account.value.as_str().to_owned()),
        modules_version: version.map(|version| version.value.as_str().to_owned()),
        role: deployment.role,
        regional: deployment.regional,
        protected: deployment.protected,
        name: name(customer, deployment, None)?,
        tags: tags(customer, deployment, platform),
        place: deployment.place,
        network,
        calls,
        shared_calls: shared.map(|shared| blocks(context, shared)).unwrap_or_default(),
        shared_databases: shared.iter().flat_map(|shared| &shared.databases).filter_map(entry).collect(),
    })
}

fn checked_network(
    network: &ir::Network,
    cloud: &dyn Cloud,
    deployment: &ir::Deployment,
    platform: &Platform,
    registration: Option<&Registration>,
) -> Option<CheckedNetwork> {
    if let Some(name) = &network.existing {
        let vpc_cidr = granted(deployment, (platform, registration), &name.value).map(|grant| grant.vpc_cidr).unwrap_or_default();
        return Some(CheckedNetwork { vpc_cidr, private_zones: String::new(), public_zones: String::new() });
    }
    let zones = zones(cloud, platform, registration, &deployment.environment.value, &deployment.region.value);
    let zones = zones.with_first(network.zones.as_ref().map(|named| named.value.as_str()));
    let count = network.availability_zones.as_ref()?.value;
    Some(CheckedNetwork {
        vpc_cidr: network.vpc_cidr.as_ref()?.value,
        private_zones: private_zones(&zones, count).to_owned(),
        public_zones: private_zones(&zones, count.max(2)).to_owned(),
    })
}

/// The network that the registry grants a deployment under a name. Without it nothing is written: it is `not-granted`.
fn granted<'r>(
    deployment: &'r ir::Deployment,
    (platform, registration): (&'r Platform, Option<&'r Registration>),
    name: &str,
) -> Option<&'r NetworkGrant> {
    platform.grants_of(registration, &deployment.environment.value).find_map(|grants| grants.network(name))
}

/// A part of a network that exists already. What is not granted has its name there, which no module takes for an id.
fn part_of_network(deployment: &ir::Deployment, around: (&Platform, Option<&Registration>), name: &Typed, part: NetworkPart) -> Typed {
    let grant = if let Typed::Text(name) = name { granted(deployment, around, name) } else { None };
    let ids = |ids: &[SmolStr]| Typed::List(ids.iter().cloned().map(Typed::Text).collect());
    match (grant, part) {
        (None, NetworkPart::Id) => name.clone(),
        (None, NetworkPart::SubnetIds(_)) => Typed::List(vec![name.clone()]),
        (Some(grant), NetworkPart::Id) => Typed::Text(grant.vpc_id.clone()),
        (Some(grant), NetworkPart::SubnetIds(Band::Public)) => ids(&grant.public_subnet_ids),
        (Some(grant), NetworkPart::SubnetIds(Band::Private)) => ids(&grant.private_subnet_ids),
        (Some(grant), NetworkPart::SubnetIds(Band::Database)) => ids(&grant.database_subnet_ids),
    }
}

/// For each input of each module, where the key that it comes from stands among all keys of the language.
static KEY_PLACES: LazyLock<BTreeMap<ModuleId, Vec<Option<usize>>>> = LazyLock::new(|| {
    let place = |row: &InputRow| row.source.keys()[0].and_then(|(section, key)| key_index(section, key));
    let mut places: BTreeMap<ModuleId, Vec<Option<usize>>> = BTreeMap::new();
    places.extend(modules().map(|module| (module.id(), module.inputs.iter().map(place).collect())));
    places
});

/// A call with what its values are made from; nothing where one that it needs is missing.
fn checked_call(context: &CheckInput<'_>, module: &'static ModuleRow, deployment: &ir::Deployment) -> Option<CheckedCall> {
    let CheckInput { customer, platform, registration, .. } = *context;
    let cloud = customer.cloud;
    let architecture_of = |(section, key): SectionKey| {
        let Typed::Text(instance_type) = &deployment.settings.get(section, key)?.value else { return None };
        Some(cloud.architecture(instance_type).as_str())
    };
    let image_of = |instance_type: SectionKey| {
        let image = (deployment.region.value.clone(), architecture_of(instance_type)?);
        platform.cloud(cloud).images.get(&image).map(|image| Typed::Text(image.value.clone()))
    };
    let places = KEY_PLACES.get(&module.id())?;
    let mut made = Vec::new();
    for (row, place) in module.inputs.iter().zip(places) {
        let written = || Some(&deployment.settings.at((*place)?)?.value);
        match row.source {
            _ if row.without.is_some_and(|(section, key)| deployment.settings.has(section, key)) => {}
            InputSource::Key(_) => {
                written()?;
            }
            InputSource::Image { instance_type, .. } if written().is_none() => {
                made.extend(image_of(instance_type).map(|image| (row.name, image)));
            }
            InputSource::Granted { part, .. } => {
                made.push((row.name, part_of_network(deployment, (platform, registration), written()?, part)));
            }
            InputSource::CopyRegion(_) => made.extend(context.copy_region(deployment).map(|to| (row.name, Typed::Text(to.value.clone())))),
            InputSource::Architecture(key) => made.push((row.name, Typed::Text(SmolStr::new_static(architecture_of(key)?)))),
            _ => {}
        }
    }
    let of_entry = deployment.entry.as_ref().map(|entry| entry.value.as_str());
    // Names in the cloud stay what they were.
    let formerly = deployment.database.as_ref().filter(|_| module.entries.is_some()).and_then(|database| database.formerly.as_ref());
    let former =
        formerly.into_iter().flat_map(|formerly| &formerly.value).map(|old| Some(old.as_str()).filter(|old| *old != module.section));
    let name = match former.clone().next().unwrap_or(of_entry) {
        None => None,
        first => Some(name(customer, deployment, first)?),
    };
    let formerly = former.map(|old| module.label(old)).collect();
    let tier = customer.identity.tier.as_ref().and_then(|tier| platform.tier(&tier.value));
    let constants = platform.constants_of(module.name, tier, registration).into_iter();
    let constants = constants.map(|constant| (constant.name.value.clone(), constant.value.clone())).collect();
    let settings = Arc::clone(&deployment.settings);
    let acts_on = module.acts_on().map(|(row, own)| (row.name, context.acts_on(own, deployment))).collect();
    Some(CheckedCall { module, entry: entry(deployment), name, formerly, constants, settings, places, made, acts_on })
}

/// The named database that a deployment stands for.
fn entry(deployment: &ir::Deployment) -> Option<SmolStr> {
    deployment.entry.as_ref().map(|entry| entry.value.clone())
}

fn is_default((name, key): SectionKey, value: &Typed) -> bool {
    section(name).and_then(|section| section.key(key)).is_some_and(|key| key.is_default(value))
}

/// The modules that a deployment calls, in the order of their calls, each with what makes the call: the deployment, or a named database of it.
fn called<'d>(context: &CheckInput<'_>, deployment: &'d ir::Deployment) -> impl Iterator<Item = (&'static ModuleRow, &'d ir::Deployment)> {
    let of = move |module: &'static ModuleRow| {
        let is_called = |of: &&ir::Deployment| context.is_called(module, of);
        let whole = deployment.settings.section(module.section).map(|_| deployment).filter(is_called);
        whole.into_iter().chain(deployment.databases.iter().filter(|_| module.entries.is_some())).map(move |of| (module, of))
    };
    let modules = context.customer.cloud.facts().modules.iter();
    modules.filter(|module| !module.can_be_held_back() || context.offers(module)).flat_map(of)
}

/// The labels of the calls that a deployment makes itself.
fn blocks(context: &CheckInput<'_>, deployment: &ir::Deployment) -> Vec<&'static str> {
    called(context, deployment).filter(|(_, of)| of.entry.is_none()).map(|(module, _)| module.block).collect()
}

/// `<project>-<environment>[-<service>]`, each part cut to fit, and a hash of everything that makes the deployment what it is. The
/// repository is not part of it: it may be renamed, and names in the cloud stay.
pub fn deployment_name(customer_id: &str, project: &str, environment: &str, region: &str, service: Option<&str>) -> String {
    name_of(customer_id, [project, environment, region, service.unwrap_or("")], None)
}

/// The same with the name of one of its databases behind the service's.
fn name_of(customer_id: &str, [project, environment, region, service]: [&str; 4], database: Option<&str>) -> String {
    // None of the parts can hold a NUL, so that no two lists of parts give one text.
    let mut digest = Sha256::new_with_prefix(customer_id);
    for part in [project, environment, region, service].into_iter().chain(database) {
        digest.update("\0");
        digest.update(part);
    }
    let mut name = readable(&mut [project, environment, service, database.unwrap_or("")], NAME_LENGTH - HASH_LENGTH - 1);
    name.push('-');
    name.push_str(&base32(&digest.finalize(), HASH_LENGTH));
    name
}

fn name(customer: &ir::Customer, deployment: &ir::Deployment, database: Option<&str>) -> Option<String> {
    let project = &customer.identity.project_name.as_ref()?.value;
    let service = deployment.service.as_ref().map_or("", |service| service.value.as_str());
    let (environment, region) = (&deployment.environment.value, &deployment.region.value);
    Some(name_of(&customer.identity.customer_id.value, [project, environment, region, service], database))
}

/// The customer's tags and the platform's; the platform's win, and a customer's of another case with the same value is one of them.
fn tags(customer: &ir::Customer, deployment: &ir::Deployment, platform: &Platform) -> Vec<(SmolStr, SmolStr)> {
    let own = [
        ("customer_id", Some(&customer.identity.customer_id.value)),
        ("environment", Some(&deployment.environment.value)),
        ("source_repository", Some(&customer.identity.repository)),
        ("platform", platform.name.as_ref().map(|name| &name.value)),
    ];
    let own = || own.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let is_own = |key: &str| own().any(|(name, _)| name.eq_ignore_ascii_case(key));
    let mut tags = Vec::with_capacity(deployment.tags.len() + 4);
    let written = deployment.tags.iter().filter(|(key, _)| !is_own(&key.value));
    tags.extend(written.map(|(key, setting)| (key.value.clone(), setting.value.clone())));
    tags.extend(own().map(|(name, value)| (SmolStr::new_static(name), value.clone())));
    tags
}
