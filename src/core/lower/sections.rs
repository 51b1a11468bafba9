//! Typed sections out of the table of settings.

use crate::clouds::Engine;
use crate::ir::{Cache, Compute, Database, Network, Setting, Settings};
use crate::schema::{Typed, const_key_index};
use ipnet::Ipv4Net;
use smol_str::SmolStr;

/// Where a key stands among all keys; found when terralet is compiled.
macro_rules! key {
    ($section:literal, $key:literal) => {
        const { const_key_index($section, $key) }
    };
}

/// True where a volume is mounted.
fn has_mount(volumes: &Typed) -> bool {
    let is_mount = |entry: &(SmolStr, Typed)| entry.0 == "mount";
    let Typed::List(items) = volumes else { return false };
    items.iter().any(|item| matches!(item, Typed::Object(entries) if entries.iter().any(is_mount)))
}

/// The settings of one deployment, seen by section.
pub(super) struct MergedView<'v> {
    pub(super) settings: &'v Settings,
}

impl MergedView<'_> {
    fn get<T>(&self, key: usize, read: impl Fn(&Typed) -> Option<T>) -> Option<Setting<T>> {
        let setting = self.settings.at(key)?;
        read(&setting.value).map(|value| Setting { value, span: setting.span, source: setting.source })
    }

    fn flag(&self, key: usize) -> Option<Setting<bool>> {
        self.get(key, |value| if let Typed::Boolean(value) = value { Some(*value) } else { None })
    }

    fn integer(&self, key: usize) -> Option<Setting<i64>> {
        self.get(key, |value| if let Typed::Integer(value) = value { Some(*value) } else { None })
    }

    fn text(&self, key: usize) -> Option<Setting<SmolStr>> {
        self.get(key, |value| if let Typed::Text(value) = value { Some(value.clone()) } else { None })
    }

    fn network_of(value: &Typed) -> Option<Ipv4Net> {
        if let Typed::Network(network) = value { Some(*network) } else { None }
    }

    /// `networking`, when it exists.
    pub(super) fn network(&self) -> Option<Network> {
        Some(Network {
            key: self.settings.section("networking")?,
            vpc_cidr: self.get(key!("networking", "vpc_cidr"), Self::network_of),
            availability_zones: self.integer(key!("networking", "availability_zones")),
            enable_nat_gateway: self.flag(key!("networking", "enable_nat_gateway")),
            nat_gateways: self.text(key!("networking", "nat_gateways")),
            zones: self.get(key!("networking", "zones"), |value| match value {
                Typed::List(items) => Some(items.iter().map(ToString::to_string).collect::<String>().into()),
                _ => None,
            }),
            existing: self.text(key!("networking", "existing")),
        })
    }

    /// `compute`, when it exists.
    pub(super) fn compute(&self) -> Option<Compute> {
        let networks = |value: &Typed| if let Typed::List(items) = value { items.iter().map(Self::network_of).collect() } else { None };
        Some(Compute {
            key: self.settings.section("compute")?,
            instance_type: self.text(key!("compute", "instance_type")),
            min_instances: self.integer(key!("compute", "min_instances")),
            max_instances: self.integer(key!("compute", "max_instances")),
            ami_id: self.text(key!("compute", "ami_id")),
            memory_threshold: self.integer(key!("scaling", "memory_threshold")),
            allowed_cidr_blocks: self.get(key!("security", "allowed_cidr_blocks"), networks),
            ssl_certificate_arn: self.text(key!("security", "ssl_certificate_arn")),
            load_balancer: self.text(key!("compute", "load_balancer")),
            user_data_script: self.text(key!("compute", "user_data_script")),
            mounts: self.get(key!("compute", "volumes"), |volumes| has_mount(volumes).then_some(())),
        })
    }

    /// `cache`, when it exists.
    pub(super) fn cache(&self) -> Option<Cache> {
        Some(Cache {
            key: self.settings.section("cache")?,
            engine: self.text(key!("cache", "engine")),
            engine_version: self.text(key!("cache", "engine_version")),
            node_type: self.text(key!("cache", "node_type")),
            nodes: self.integer(key!("cache", "nodes")),
            snapshot_window: self.text(key!("cache", "snapshot_window")),
            maintenance_window: self.text(key!("cache", "maintenance_window")),
        })
    }

    /// `database`, when it exists.
    pub(super) fn database(&self) -> Option<Database> {
        Some(Database {
            key: self.settings.section("database")?,
            engine: self.get(key!("database", "engine"), |value| if let Typed::Text(name) = value { Engine::parse(name) } else { None }),
            engine_version: self.text(key!("database", "engine_version")),
            instance_class: self.text(key!("database", "instance_class")),
            allocated_storage: self.integer(key!("database", "allocated_storage")),
            backup_retention_period: self.integer(key!("database", "backup_retention_period")),
            multi_az: self.flag(key!("database", "multi_az")),
            name: self.text(key!("database", "name")),
            storage_type: self.text(key!("database", "storage_type")),
            iops: self.integer(key!("database", "iops")),
            max_allocated_storage: self.integer(key!("database", "max_allocated_storage")),
            backup_window: self.text(key!("database", "backup_window")),
            maintenance_window: self.text(key!("database", "maintenance_window")),
            replicas: self.integer(key!("database", "replicas")),
            instances: self.integer(key!("database", "instances")),
            snapshot_identifier: self.text(key!("database", "snapshot_identifier")),
            deletion_protection: self.flag(key!("database", "deletion_protection")),
            formerly: self.get(key!("database", "formerly"), |value| match value {
                Typed::List(items) => Some(items.iter().map(|item| SmolStr::from(item.to_string())).collect()),
                Typed::Text(name) => Some(vec![name.clone()]),
                _ => None,
            }),
        })
    }
}
