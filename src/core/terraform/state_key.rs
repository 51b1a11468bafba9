//! State keys: where the state of a deployment is, and with it the directory of its root (platform.md, "State keys").

use crate::names::{base32, readable};
use crate::platform::Layout;
use sha2::{Digest, Sha256};
use smol_str::SmolStr;

/// The last part of every key.
const FILE: &str = "terraform.tfstate";

/// The most characters of a state's name. HCP Terraform took 90 in a workspace's name until September 2023 and takes 260 since
/// (hashicorp/terraform-docs-common, pull request 441); a Terraform Enterprise may be older.
const NAME_LENGTH: usize = 90;
/// Characters of the hash in a state's name: 80 bits in base 32.
const HASH_LENGTH: usize = 16;

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

    /// What names the state where no `/` is taken: the key as far as it can be read, and a hash of the whole. It has lower-case letters,
    /// digits, `_` and `-`, as the name of a workspace may (HCP Terraform's API of workspaces; GitLab before 16.0 takes no `.`), so that no
    /// two keys have one name, in any case.
    pub fn name(&self) -> String {
        let taken = |letter: char| if letter.is_ascii_alphanumeric() || letter == '_' { letter.to_ascii_lowercase() } else { '-' };
        let parts: Vec<String> = self.0.split('/').map(|part| part.chars().map(taken).collect()).collect();
        let mut parts: Vec<&str> = parts.iter().map(|part| part.trim_matches('-')).collect();
        let mut name = readable(&mut parts, NAME_LENGTH - HASH_LENGTH - 1);
        name.push('-');
        name.push_str(&base32(&Sha256::digest(self.with_file()), HASH_LENGTH));
        name
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
