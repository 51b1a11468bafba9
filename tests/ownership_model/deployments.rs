//! The deployments that documents ask for, by docs/language.md and docs/state-keys.md alone.

use super::fleet::{Content, Fleet, Layout, name_of};

/// Which deployment a root is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Identity {
    pub(crate) repository: String,
    pub(crate) environment: String,
    pub(crate) region: String,
    pub(crate) service: Option<String>,
}

/// What `name` in the cloud is made of. The repository is not in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    pub(crate) id: String,
    pub(crate) project: String,
    pub(crate) environment: String,
    pub(crate) region: String,
    pub(crate) service: String,
}

/// A root that the documents ask for.
#[derive(Clone, Debug)]
pub(crate) struct Deployment {
    pub(crate) identity: Identity,
    /// Its key without the file, which is its directory.
    pub(crate) directory: String,
    pub(crate) name: Name,
    /// Its network, where it has one of its own.
    pub(crate) network: Option<String>,
    /// The account that it is in.
    pub(crate) account: Option<String>,
    /// The bucket that its state is in.
    pub(crate) bucket: String,
    /// Everything else that its files hold, to see whether they would change.
    pub(crate) rest: String,
}

/// Who a repository is: what the registry says, else its claim, else its name.
pub(crate) fn customer_id(fleet: &Fleet, path: &str, content: &Content) -> String {
    let registered = fleet.entry(name_of(path)).id;
    registered.or_else(|| content.claim.clone()).unwrap_or_else(|| name_of(path).to_ascii_lowercase())
}

/// The roots of a repository's documents.
pub(crate) fn deployments(fleet: &Fleet, path: &str) -> Vec<Deployment> {
    let (Some(content), Some(number)) = (fleet.content(path), fleet.repositories.get(path)) else { return Vec::new() };
    let id = customer_id(fleet, path, content);
    // Environment, region, whether an overlay made it, network.
    let mut places: Vec<(&String, &String, bool, &String)> = Vec::new();
    if let Some(region) = &content.base {
        places.extend(content.environments.iter().map(|environment| (environment, region, false, &content.network)));
    }
    for (region, overlay) in &content.overlays {
        let network = overlay.network.as_ref().unwrap_or(&content.network);
        let own: Vec<&String> = overlay.only.as_ref().map_or_else(|| content.environments.iter().collect(), |only| vec![only]);
        places.extend(own.into_iter().map(|environment| (environment, region, true, network)));
    }
    let mut found = Vec::new();
    for (environment, region, regional, network) in places {
        for service in std::iter::once(None).chain(content.services.iter().map(Some)) {
            let identity = Identity {
                repository: name_of(path).to_owned(),
                environment: environment.clone(),
                region: region.clone(),
                service: service.cloned(),
            };
            let name = Name {
                id: id.clone(),
                project: content.project.clone(),
                environment: environment.clone(),
                region: region.clone(),
                service: service.cloned().unwrap_or_default(),
            };
            let shared = key(fleet.layout, &Identity { service: None, ..identity.clone() }, &id, regional);
            let (account, bucket) = (fleet.account(name_of(path), environment), fleet.bucket(name_of(path), environment));
            let rest = format!("{account:?} {} {number} {regional}", service.map_or("", |_| shared.as_str()));
            let directory = key(fleet.layout, &identity, &id, regional);
            let network = service.is_none().then(|| network.clone());
            found.push(Deployment { identity, directory, name, network, account, bucket, rest });
        }
    }
    found
}

/// The table of docs/state-keys.md.
fn key(layout: Layout, identity: &Identity, id: &str, regional: bool) -> String {
    let Identity { repository, environment, region, service } = identity;
    let region_part = if regional { format!("/{region}") } else { String::new() };
    let service_part = service.as_ref().map(|service| format!("/{service}-service")).unwrap_or_default();
    match layout {
        Layout::Repository => format!("{repository}/{environment}{region_part}{service_part}"),
        Layout::Service => format!("{id}/{}-service/{environment}{region_part}", service.as_deref().unwrap_or("app")),
        Layout::Region => format!("{id}/{region}/{environment}{service_part}"),
    }
}
