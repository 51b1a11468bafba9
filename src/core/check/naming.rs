//! What a customer names that exists already, and whether it may: a name in an account is a right there, since the role that applies a root
//! reaches all of it.

use super::CheckInput;
use super::context::place;
use crate::ir::{Deployment, Source};
use crate::schema::{Existing, Typed, naming_keys};
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

/// By what a thing may be named, or why it may not.
#[derive(Clone, Debug)]
pub enum Right {
    /// The registry gives the account to this customer alone.
    OwnAccount,
    /// The account is given to others too.
    SharedAccount,
    /// No account is registered, so that it may be anybody's.
    NoAccount,
    /// There is no registry here, and so nobody to ask.
    NobodyKnows,
}

/// What a customer names without a grant.
pub(super) fn named_things(context: &CheckInput<'_>, as_place: impl Fn(Span) -> Option<Place>) -> Vec<NamedThing> {
    let mut found = Vec::new();
    for deployment in &context.customer.deployments {
        for (section, key, existing) in naming_keys() {
            // What the tier says is the service provider's own word.
            let written = deployment.settings.get(section, key).filter(|setting| setting.source == Source::Written);
            let Some(setting) = written else { continue };
            let input = context.customer.cloud.facts().taken_by((section, key)).map_or(key, |(_, row)| row.name);
            let Some(at) = as_place(place(deployment, section, setting)) else { continue };
            let names = names(&setting.value).into_iter().filter(|name| !is_granted(context, deployment, existing, name));
            found.extend(names.map(|name| NamedThing {
                existing,
                key,
                name: name.clone(),
                input,
                environment: deployment.environment.value.clone(),
                region: deployment.region.value.clone(),
                service: deployment.service.as_ref().map(|service| service.value.clone()),
                place: at.clone(),
                right: right(context, deployment),
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

/// True where the platform grants it: to everybody, to the tier, or to the customer.
fn is_granted(context: &CheckInput<'_>, deployment: &Deployment, existing: Existing, name: &str) -> bool {
    let platform = context.platform;
    let tier = context.customer.identity.tier.as_ref().and_then(|tier| platform.tier(&tier.value));
    let own = context.registration.into_iter().flat_map(|entry| entry.grants_of(&deployment.environment.value));
    let mut all = std::iter::once(&platform.cloud(context.customer.cloud).grants).chain(tier.map(|tier| &tier.grants)).chain(own);
    all.any(|grants| grants.has(existing, name))
}

fn right(context: &CheckInput<'_>, deployment: &Deployment) -> Right {
    let platform = context.platform;
    if !platform.has_registry() || !platform.registry.is_written() {
        return Right::NobodyKnows;
    }
    let account = context.registration.and_then(|own| Some((own, own.account_of(&deployment.environment.value)?)));
    match account {
        None => Right::NoAccount,
        Some((own, account)) if platform.registry.is_alone_in(&account.value, own) => Right::OwnAccount,
        Some(_) => Right::SharedAccount,
    }
}
