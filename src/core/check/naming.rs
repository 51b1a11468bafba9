//! What a customer names that exists already, and whether it may: a name in an account is a right there, since the role that applies a root
//! reaches all of it.

use super::CheckInput;
use super::context::place;
use crate::ir::{Deployment, Source};
use crate::schema::{Existing, NAMING_KEYS, NamingKey, Typed};
use crate::source::{Place, Span};
use smol_str::SmolStr;

/// A thing that exists already, as a deployment names it.
#[derive(Clone, Debug)]
pub struct NamedThing {
    /// What it is.
    pub existing: Existing,
    /// The key.
    pub key: &'static str,
    /// The name, id or ARN.
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
    /// By what it may be named, or why it may not.
    pub right: Right,
}

impl NamedThing {
    /// True for a network, whose id only a grant says.
    pub fn is_network(&self) -> bool {
        self.existing == Existing::Network
    }
}

/// By what a thing may be named, or why it may not.
#[derive(Clone, Debug)]
pub enum Right {
    /// The registry gives the account to this customer alone.
    OwnAccount,
    /// It is in this account, which is not the deployment's.
    OtherAccount(SmolStr),
    /// The account is given to others too.
    SharedAccount,
    /// No account is registered, so that it may be anybody's.
    NoAccount,
    /// The registry grants no network of this name: nobody knows which it is.
    NotGranted,
    /// The network is in this region, and the deployment is not.
    InRegion(SmolStr),
    /// There is no registry here, and so nobody to ask.
    NobodyKnows,
}

/// What a customer names without a grant.
pub(super) fn named_things(context: &CheckInput<'_>, as_place: impl Fn(Span) -> Option<Place>) -> Vec<NamedThing> {
    let mut found = Vec::new();
    let deployments = context.customer.deployments.iter();
    for deployment in deployments.flat_map(|deployment| std::iter::once(deployment).chain(&deployment.databases)) {
        for &NamingKey { section, key, index, existing } in NAMING_KEYS.iter() {
            // What the tier says is the service provider's own word.
            let written = deployment.settings.at(index).filter(|setting| setting.source == Source::Written);
            let Some(setting) = written else { continue };
            let input = context.customer.cloud.facts().taken_by((section, key)).map_or(key, |(_, row)| row.name);
            let Some(at) = as_place(place(deployment, section, setting)) else { continue };
            let ungranted = names(&setting.value).into_iter().filter(|name| !is_granted(context, deployment, existing, name));
            let of_other_region =
                names(&setting.value).into_iter().filter_map(|name| Some((name, other_region(context, deployment, existing, name)?)));
            let refused = ungranted.map(|name| (name, right(context, deployment, existing, name))).chain(of_other_region);
            found.extend(refused.map(|(name, right)| NamedThing {
                existing,
                key,
                name: name.clone(),
                input,
                environment: deployment.environment.value.clone(),
                region: deployment.region.value.clone(),
                service: deployment.service.as_ref().map(|service| service.value.clone()),
                place: at.clone(),
                right,
            }));
        }
    }
    found
}

/// The names in a value.
fn names(value: &Typed) -> Vec<&SmolStr> {
    match value {
        Typed::Text(name) => vec![name],
        Typed::List(items) => items.iter().flat_map(names).collect(),
        Typed::Boolean(_) | Typed::Integer(_) | Typed::Network(_) | Typed::Object(_) => Vec::new(),
    }
}

/// True where the platform grants it: to everybody, to the tier, or to the customer. Its own images are everybody's.
fn is_granted(context: &CheckInput<'_>, deployment: &Deployment, existing: Existing, name: &str) -> bool {
    let platform = context.platform;
    let tier = context.customer.identity.tier.as_ref().and_then(|tier| platform.tier(&tier.value));
    let own = platform.grants_of(context.registration, &deployment.environment.value);
    let policy = platform.cloud(context.customer.cloud);
    if existing == Existing::Image && policy.images.values().any(|image| image.value == *name) {
        return true;
    }
    let mut all = std::iter::once(&policy.grants).chain(tier.map(|tier| &tier.grants)).chain(own);
    all.any(|grants| grants.has(existing, name))
}

/// The region of a network that is granted, where the deployment is in another.
fn other_region(context: &CheckInput<'_>, deployment: &Deployment, existing: Existing, name: &str) -> Option<Right> {
    if existing != Existing::Network {
        return None;
    }
    let mut grants = context.platform.grants_of(context.registration, &deployment.environment.value);
    let region = grants.find_map(|grants| grants.network(name))?.region.as_ref()?;
    (region.value != deployment.region.value).then(|| Right::InRegion(region.value.clone()))
}

fn right(context: &CheckInput<'_>, deployment: &Deployment, existing: Existing, name: &str) -> Right {
    let platform = context.platform;
    let is_known = platform.has_registry() && platform.registry.is_written() || platform.customer_grants.is_some();
    if !is_known {
        return Right::NobodyKnows;
    }
    if existing == Existing::Network {
        return Right::NotGranted;
    }
    // A file that was exported for a customer says of no account whose it is.
    if platform.customer_grants.is_some() && account_of_secret(context, existing, name).is_some() {
        return Right::NobodyKnows;
    }
    let account = context.registration.and_then(|own| Some((own, own.account_of(&deployment.environment.value)?)));
    match account {
        // A file that was exported for the customer says what it may name, and of no account.
        None if platform.customer_grants.is_some() => Right::SharedAccount,
        None => Right::NoAccount,
        Some((_, account)) if let Some(other) = account_of_secret(context, existing, name).filter(|other| *other != account.value) => {
            Right::OtherAccount(other)
        }
        Some((own, account)) if platform.registry.is_alone_in(&account.value, own) => Right::OwnAccount,
        Some(_) => Right::SharedAccount,
    }
}

/// The account of a secret that a reference names by its ARN.
fn account_of_secret(context: &CheckInput<'_>, existing: Existing, name: &str) -> Option<SmolStr> {
    let of_arn = context.customer.cloud.secret_reference(name).ok().filter(|_| existing == Existing::Secret)??;
    Some(SmolStr::new(of_arn.account))
}
