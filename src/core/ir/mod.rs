//! What the customer asked for: typed, with the place of every value, and no word of Terraform. Data only.
//!
//! A value that is absent here is absent in the documents or had an error of its own, which has been reported: rules about it keep quiet.

mod settings;

pub use settings::Settings;

use crate::clouds::{Cloud, Engine};
use crate::resolve::{Identity, Role};
use crate::schema::{Variables, section_key, section_path};
use crate::source::{Span, Spanned};
use ipnet::Ipv4Net;
use smol_str::SmolStr;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Who wrote a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The customer.
    Written,
    /// The tier's defaults.
    Tier,
    /// The language's default.
    Default,
}

/// A value, with what to point at when it is wrong: where it was written, or the value or section that it follows from.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// What to point at.
    pub span: Span,
    /// Who wrote it.
    pub source: Source,
}

/// A customer: one repository.
#[derive(Debug)]
pub struct Customer {
    /// The cloud that its values are judged by.
    pub cloud: &'static dyn Cloud,
    /// Who it is.
    pub identity: Identity,
    /// Its deployments; a shared root before its services.
    pub deployments: Vec<Deployment>,
    /// The names of its services.
    pub services: Vec<SmolStr>,
}

/// One deployment.
#[derive(Debug)]
pub struct Deployment {
    /// The environment.
    pub environment: Spanned<SmolStr>,
    /// The region.
    pub region: Spanned<SmolStr>,
    /// False when the region is missing or wrong, which has been reported.
    pub region_known: bool,
    /// The service.
    pub service: Option<Spanned<SmolStr>>,
    /// What its root holds.
    pub role: Role,
    /// True when a region overlay made it.
    pub regional: bool,
    /// What to point at for the whole.
    pub place: Span,
    /// True in a protected environment.
    pub protected: bool,
    /// The values of templates.
    pub variables: Variables,
    /// The sections that exist here, and every value of each.
    pub settings: Arc<Settings>,
    /// The places of a list's items, or of a mapping's values, by section and key.
    pub items: BTreeMap<(&'static str, &'static str), Vec<Span>>,
    /// Keys whose value is lost to an error that has been reported: they are absent from `settings`, and nobody knows what was meant.
    pub unread: BTreeSet<(&'static str, &'static str)>,
    /// The network, in roots that own one.
    pub network: Option<Network>,
    /// The instances.
    pub compute: Option<Compute>,
    /// The database.
    pub database: Option<Database>,
    /// The cache.
    pub cache: Option<Cache>,
    /// The named databases, by name: to rules each is a deployment of its own, with its entry of `databases` as `database` and nothing else.
    pub databases: Vec<Deployment>,
    /// The named database that this stands for, at its first key, where it is one of those.
    pub entry: Option<Spanned<SmolStr>>,
    /// Tags, in the order in which they first came.
    pub tags: Vec<(Spanned<SmolStr>, Setting<SmolStr>)>,
    /// The keys of `custom`.
    pub custom: Vec<Span>,
}

/// `networking`, as far as rules ask for it: every value of every key is in `settings`.
#[derive(Debug, Clone)]
pub struct Network {
    /// The section's key.
    pub key: Span,
    /// The network's addresses.
    pub vpc_cidr: Option<Setting<Ipv4Net>>,
    /// How many zones private subnets are laid out in.
    pub availability_zones: Option<Setting<i64>>,
    /// Whether private subnets can reach out.
    pub enable_nat_gateway: Option<Setting<bool>>,
    /// How many NAT gateways there are, where the customer says it: a word of the language.
    pub nat_gateways: Option<Setting<SmolStr>>,
    /// The letters of the zones, where the customer names them.
    pub zones: Option<Setting<SmolStr>>,
    /// The name that the registry grants a network under which exists already: then nothing else is said of it.
    pub existing: Option<Setting<SmolStr>>,
}

/// `compute`, with what `scaling` and `security` say of it, as far as rules ask for it.
#[derive(Debug, Clone)]
pub struct Compute {
    /// The section's key.
    pub key: Span,
    /// The instance type.
    pub instance_type: Option<Setting<SmolStr>>,
    /// Fewest instances.
    pub min_instances: Option<Setting<i64>>,
    /// Most instances.
    pub max_instances: Option<Setting<i64>>,
    /// The image, when the customer chose one.
    pub ami_id: Option<Setting<SmolStr>>,
    /// Memory in percent that instances are kept at.
    pub memory_threshold: Option<Setting<i64>>,
    /// Who may reach the load balancer; nothing for the network itself only.
    pub allowed_cidr_blocks: Option<Setting<Vec<Ipv4Net>>>,
    /// The load balancer's certificate.
    pub ssl_certificate_arn: Option<Setting<SmolStr>>,
    /// Where the load balancer stands: `public`, `internal` or `none`.
    pub load_balancer: Option<Setting<SmolStr>>,
    /// The first script of an instance.
    pub user_data_script: Option<Setting<SmolStr>>,
    /// The volumes, where one is mounted.
    pub mounts: Option<Setting<()>>,
}

/// `database`, as far as rules ask for it.
#[derive(Debug, Clone)]
pub struct Database {
    /// The section's key.
    pub key: Span,
    /// The engine.
    pub engine: Option<Setting<Engine>>,
    /// The engine's version, as written.
    pub engine_version: Option<Setting<SmolStr>>,
    /// The class.
    pub instance_class: Option<Setting<SmolStr>>,
    /// GiB.
    pub allocated_storage: Option<Setting<i64>>,
    /// Days.
    pub backup_retention_period: Option<Setting<i64>>,
    /// Whether it has a standby in another zone, or another instance that takes over.
    pub multi_az: Option<Setting<bool>>,
    /// The database that is made in it.
    pub name: Option<Setting<SmolStr>>,
    /// The type of its storage.
    pub storage_type: Option<Setting<SmolStr>>,
    /// Operations a second that are provisioned.
    pub iops: Option<Setting<i64>>,
    /// GiB that its storage may grow to.
    pub max_allocated_storage: Option<Setting<i64>>,
    /// When backups are made, every day.
    pub backup_window: Option<Setting<SmolStr>>,
    /// When the cloud maintains it, every week.
    pub maintenance_window: Option<Setting<SmolStr>>,
    /// How many read replicas it has.
    pub replicas: Option<Setting<i64>>,
    /// How many instances a cluster of Aurora has.
    pub instances: Option<Setting<i64>>,
    /// What it is restored from.
    pub snapshot_identifier: Option<Setting<SmolStr>>,
    /// Whether it refuses to be deleted; without a value, a protected environment's does.
    pub deletion_protection: Option<Setting<bool>>,
    /// The entries of `databases` that it was, the oldest first; `database` is the one without a name.
    pub formerly: Option<Setting<Vec<SmolStr>>>,
}

/// `cache`, as far as rules ask for it.
#[derive(Debug, Clone)]
pub struct Cache {
    /// The section's key.
    pub key: Span,
    /// The engine, a word of the language.
    pub engine: Option<Setting<SmolStr>>,
    /// The engine's version.
    pub engine_version: Option<Setting<SmolStr>>,
    /// The type of its nodes.
    pub node_type: Option<Setting<SmolStr>>,
    /// How many nodes it has.
    pub nodes: Option<Setting<i64>>,
    /// When snapshots are made, every day.
    pub snapshot_window: Option<Setting<SmolStr>>,
    /// When the cloud maintains it, every week.
    pub maintenance_window: Option<Setting<SmolStr>>,
}

impl Deployment {
    /// The deployment in the words of messages: `production` in `eu-west-1`, its service, and the named database that it stands for.
    pub fn name(&self) -> String {
        let service = self.service.as_ref().map(|service| format!(", service `{}`", service.value)).unwrap_or_default();
        let region = if self.region_known { format!(" in `{}`", self.region.value) } else { String::new() };
        let entry = self.entry.as_ref().map(|entry| format!(", database `{}`", entry.value)).unwrap_or_default();
        format!("`{}`{region}{service}{entry}", self.environment.value)
    }

    /// Where documents have a section: of a named database, `database` is its entry.
    pub fn path<'s>(&self, section: &'s str) -> Cow<'s, str> {
        section_path(section, self.entry.as_ref().map(|entry| entry.value.as_str()))
    }

    /// The key below which documents have a section, in the words of messages.
    pub fn key(&self, section: &str) -> String {
        section_key(section, self.entry.as_ref().map(|entry| entry.value.as_str()))
    }
}
