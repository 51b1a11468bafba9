//! What a customer leaves for the rules across customers: a few facts that outlive its documents. The rules are in `src/core/fleet`.

use super::CheckInput;
use super::context::place;
use super::naming::{NamedThing, named_things};
use super::rules::{has_modules, overlap};
use crate::platform::Registration;
use crate::schema::Typed;
use crate::source::{Place, SourceMap};
use ipnet::Ipv4Net;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What one customer leaves for the rules across customers.
#[derive(Clone, Debug)]
pub struct FleetFacts {
    /// The repository's name.
    pub repository: SmolStr,
    /// The customer's id; nothing where it was an error.
    pub customer_id: Option<SmolStr>,
    /// True when the registry gave the id, false when it is a claim.
    pub registered: bool,
    /// Where the id is claimed: its value, or the first key where the repository's name claims it.
    pub claim: Option<Place>,
    /// The first key, for what has no better place.
    pub place: Option<Place>,
    /// The project, which names in the cloud are made of.
    pub project_name: Option<SmolStr>,
    /// The account, when the registry gives it.
    account_id: Option<SmolStr>,
    /// The accounts of environments that have one of their own.
    accounts: BTreeMap<SmolStr, SmolStr>,
    /// The customer's networks, each once in an account; none where the account is not known, since they are then compared with nothing.
    pub networks: Vec<FleetNetwork>,
    /// What it names that exists already, and that nobody granted.
    pub named: Vec<NamedThing>,
    /// What it makes under names that nobody else in the cloud may have.
    pub global_names: Vec<GlobalName>,
    /// False where its documents gave nothing to compare.
    pub is_read: bool,
}

impl FleetFacts {
    /// The facts of a repository whose documents cannot be read: its name, and what the registry knows of it.
    pub fn unread(repository: &str, registration: Option<&Registration>, place: Option<Place>) -> Self {
        FleetFacts {
            repository: SmolStr::new(repository),
            customer_id: registration.and_then(|entry| entry.customer_id.as_ref()).map(|id| id.value.clone()),
            registered: registration.is_some_and(|entry| entry.customer_id.is_some()),
            claim: None,
            place,
            project_name: None,
            account_id: account(registration),
            accounts: accounts(registration),
            networks: Vec::new(),
            named: Vec::new(),
            global_names: Vec::new(),
            is_read: false,
        }
    }
}

impl FleetFacts {
    /// The account of an environment, when it is known.
    pub fn account_of(&self, environment: &str) -> Option<&SmolStr> {
        self.accounts.get(environment).or(self.account_id.as_ref())
    }

    /// Every account that is known.
    pub fn accounts(&self) -> impl Iterator<Item = &SmolStr> {
        self.account_id.iter().chain(self.accounts.values())
    }
}

/// A network of one customer.
#[derive(Clone, Debug)]
pub struct FleetNetwork {
    /// Its addresses.
    pub network: Ipv4Net,
    /// The account that it is in.
    pub account: SmolStr,
    /// The first environment that has it.
    pub environment: SmolStr,
    /// The first region that has it.
    pub region: SmolStr,
    /// Where it is written.
    pub place: Place,
}

/// A name that is unique in all accounts of the cloud.
#[derive(Clone, Debug)]
pub struct GlobalName {
    /// The name.
    pub name: SmolStr,
    /// The input of a shared module that it is passed as.
    pub input: &'static str,
    /// The environment.
    pub environment: SmolStr,
    /// The region.
    pub region: SmolStr,
    /// The service.
    pub service: Option<SmolStr>,
    /// Where it is written.
    pub place: Place,
}

/// Takes the facts of one customer.
pub fn facts(context: &CheckInput<'_>, sources: &SourceMap) -> FleetFacts {
    let identity = &context.customer.identity;
    let registration = context.registration;
    let registered = registration.is_some_and(|entry| entry.customer_id.is_some());
    let has_modules = has_modules(context.customer);
    let networks = if has_modules { networks(context, sources) } else { Vec::new() };
    let named = if has_modules { named_things(context, |span| sources.place(span)) } else { Vec::new() };
    // A repository whose name gives no id has been reported, and claims nothing; nor does one whose claim may stand in a document that
    // was left out.
    let unsure = context.poisoned.incomplete || identity.customer_id.value == crate::resolve::UNNAMED;
    let claims_nothing = !registered && identity.customer_id.span == identity.place && unsure;
    FleetFacts {
        repository: identity.repository.clone(),
        customer_id: (!claims_nothing).then(|| identity.customer_id.value.clone()),
        registered,
        claim: sources.place(identity.customer_id.span),
        place: sources.place(identity.place),
        project_name: identity.project_name.as_ref().map(|name| name.value.clone()),
        account_id: account(registration),
        accounts: accounts(registration),
        networks,
        named,
        global_names: if has_modules { global_names(context, sources) } else { Vec::new() },
        is_read: true,
    }
}

fn account(registration: Option<&Registration>) -> Option<SmolStr> {
    registration.and_then(|entry| entry.hosting.account_id.as_ref()).map(|account| account.value.clone())
}

fn accounts(registration: Option<&Registration>) -> BTreeMap<SmolStr, SmolStr> {
    let environments = registration.into_iter().flat_map(|entry| &entry.environments);
    let mut accounts = BTreeMap::new();
    accounts.extend(environments.filter_map(|(name, hosting)| Some((name.clone(), hosting.account_id.as_ref()?.value.clone()))));
    accounts
}

fn networks(context: &CheckInput<'_>, sources: &SourceMap) -> Vec<FleetNetwork> {
    let mut networks: Vec<FleetNetwork> = Vec::new();
    for deployment in &context.customer.deployments {
        let Some(cidr) = deployment.network.as_ref().and_then(|network| network.vpc_cidr.as_ref()) else { continue };
        let environment = deployment.environment.value.clone();
        let Some(account) = context.registration.and_then(|entry| entry.account_of(&environment)) else { continue };
        let account = account.value.clone();
        // A network with an error of its own is compared with nothing.
        let reserved = context.platform.reserved.iter().any(|reserved| overlap(&reserved.value, &cidr.value));
        if reserved || networks.iter().any(|known| known.network == cidr.value && known.account == account) {
            continue;
        }
        let Some(place) = sources.place(place(deployment, "networking", cidr)) else { continue };
        networks.push(FleetNetwork { network: cidr.value, account, environment, region: deployment.region.value.clone(), place });
    }
    networks
}

/// The names of what a customer's modules make, where the cloud has each name once.
fn global_names(context: &CheckInput<'_>, sources: &SourceMap) -> Vec<GlobalName> {
    let mut found = Vec::new();
    let modules = context.customer.cloud.facts().modules.iter();
    for (module, row) in modules.flat_map(|module| module.inputs.iter().filter(|row| row.is_global).map(move |row| (module, row))) {
        let Some((section, key)) = row.source.keys()[0].filter(|_| context.offers(module)) else { continue };
        for deployment in &context.customer.deployments {
            let Some(setting) = deployment.settings.get(section, key) else { continue };
            let (Typed::Text(name), Some(place)) = (&setting.value, sources.place(setting.span)) else { continue };
            found.push(GlobalName {
                name: name.clone(),
                input: row.name,
                environment: deployment.environment.value.clone(),
                region: deployment.region.value.clone(),
                service: deployment.service.as_ref().map(|service| service.value.clone()),
                place,
            });
        }
    }
    found
}
