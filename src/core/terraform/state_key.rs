//! State keys: where the state of a deployment is, and with it the directory of its root (platform.md, "State keys").

use crate::platform::Layout;
use smol_str::SmolStr;

/// The last part of every key.
const FILE: &str = "terraform.tfstate";

/// Which deployment a root is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RootIdentity {
    /// The repository.
    pub repository: SmolStr,
    /// The environment.
    pub environment: SmolStr,
    /// The region.
    pub region: SmolStr,
    /// The service; nothing for what services share, and for customers without services.
    pub service: Option<SmolStr>,
}

impl std::fmt::Display for RootIdentity {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{} in {}", self.repository, self.environment, self.region)?;
        match &self.service {
            Some(service) => write!(out, ", service {service}"),
            None => Ok(()),
        }
    }
}

/// A state key, such as `customer-a/production/terraform.tfstate`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateKey(Box<str>);

impl StateKey {
    /// The key of a deployment. `regional` deployments, which a region overlay made, have the region in it; `customer_id` is the owner's.
    pub fn new(layout: Layout, identity: &RootIdentity, customer_id: &str, regional: bool) -> StateKey {
        let RootIdentity { repository, environment, region, service } = identity;
        let service_directory = service.as_ref().map(|service| format!("{service}-service"));
        let mut parts: Vec<&str> = Vec::with_capacity(5);
        match layout {
            Layout::Repository => {
                parts.extend([repository.as_str(), environment.as_str()]);
                parts.extend(regional.then_some(region.as_str()));
                parts.extend(service_directory.as_deref());
            }
            Layout::Service => {
                parts.extend([customer_id, service_directory.as_deref().unwrap_or("app-service"), environment.as_str()]);
                parts.extend(regional.then_some(region.as_str()));
            }
            Layout::Region => {
                parts.extend([customer_id, region.as_str(), environment.as_str()]);
                parts.extend(service_directory.as_deref());
            }
        }
        StateKey(parts.join("/").into_boxed_str())
    }

    /// A key from the directory of a root on disk.
    pub fn of_directory(directory: &str) -> StateKey {
        StateKey(directory.into())
    }

    /// The whole key, with the file.
    pub fn with_file(&self) -> String {
        [self.directory(), "/", FILE].concat()
    }

    /// The root's directory below the output, which is the key without the file.
    pub fn directory(&self) -> &str {
        &self.0
    }

    /// The first segment, which belongs to one repository.
    pub fn prefix(&self) -> &str {
        self.0.split('/').next().unwrap_or("")
    }

    /// How deep the directory is below the output.
    pub fn depth(&self) -> usize {
        self.0.split('/').count()
    }
}

impl std::fmt::Display for StateKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{FILE}", self.0)
    }
}
