//! Which keys a document, or a part of it, takes.

use super::{SECTIONS, section};
use std::borrow::Cow;

/// A part of a document with keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// The base document.
    Base,
    /// A region overlay: a file, or an entry of the base's `regions`.
    RegionOverlay,
    /// A service overlay: a file, or an entry of the base's `services`.
    ServiceOverlay,
    /// An entry of `environments` in a base or a region overlay.
    Environment,
    /// An entry of `environments` in a service overlay.
    ServiceEnvironment,
    /// An entry of a service overlay's `regions`, or of a region overlay's `services`.
    ServiceSections,
    /// The `defaults` of a tier in the platform file: sections only.
    TierDefaults,
}

/// Keys of who the customer is.
pub const IDENTITY: &[&str] = &["project_name", "customer_id", "cloud_provider", "customer_tier"];

/// A key of an environment that stands for a section's key.
#[derive(Debug)]
pub struct Shorthand {
    /// The key as written.
    pub name: &'static str,
    /// The section it belongs to.
    pub section: &'static str,
    /// The section's key that it stands for.
    pub key: &'static str,
}

/// Every shorthand (language.md section 2).
pub static SHORTHANDS: &[Shorthand] = &[
    Shorthand { name: "instance_type", section: "compute", key: "instance_type" },
    Shorthand { name: "min_instances", section: "compute", key: "min_instances" },
    Shorthand { name: "max_instances", section: "compute", key: "max_instances" },
    Shorthand { name: "enable_monitoring", section: "monitoring", key: "enable_cloudwatch" },
    Shorthand { name: "backup_retention_days", section: "database", key: "backup_retention_period" },
];

impl KeyPlace {
    /// True for the keys that the place takes.
    pub fn takes(self, key: &str) -> bool {
        match key {
            "region" => matches!(self, KeyPlace::Base | KeyPlace::RegionOverlay | KeyPlace::Environment),
            "environments" => matches!(self, KeyPlace::Base | KeyPlace::RegionOverlay | KeyPlace::ServiceOverlay),
            "services" => matches!(self, KeyPlace::Base | KeyPlace::RegionOverlay),
            "regions" => matches!(self, KeyPlace::Base | KeyPlace::ServiceOverlay),
            "deploy_to" => self == KeyPlace::ServiceOverlay,
            "networking" => !self.is_service(),
            // What a tier says of `database` holds for each of them.
            "databases" => self != KeyPlace::TierDefaults,
            _ if section(key).is_some() => true,
            _ if IDENTITY.contains(&key) => matches!(self, KeyPlace::Base | KeyPlace::RegionOverlay),
            _ => {
                matches!(self, KeyPlace::Environment | KeyPlace::ServiceEnvironment)
                    && SHORTHANDS.iter().any(|shorthand| shorthand.name == key)
            }
        }
    }

    /// Every key that the place takes, in the order of the reference.
    pub fn keys(self) -> Vec<&'static str> {
        let parts = ["region", "deploy_to", "environments", "services", "regions"];
        let shorthands = SHORTHANDS.iter().map(|shorthand| shorthand.name);
        let sections = SECTIONS.iter().map(|section| section.name);
        let all = IDENTITY.iter().copied().chain(parts).chain(shorthands).chain(sections);
        all.filter(|key| self.takes(key)).collect()
    }

    /// True for the parts that speak of one service.
    pub fn is_service(self) -> bool {
        matches!(self, KeyPlace::ServiceOverlay | KeyPlace::ServiceEnvironment | KeyPlace::ServiceSections)
    }

    /// The place in the words of messages.
    pub fn name(self) -> &'static str {
        match self {
            KeyPlace::Base => "the base document",
            KeyPlace::RegionOverlay => "a region overlay",
            KeyPlace::ServiceOverlay => "a service overlay",
            KeyPlace::Environment => "an environment",
            KeyPlace::ServiceEnvironment => "an environment of a service overlay",
            KeyPlace::ServiceSections => "this part of a service, which takes sections only",
            KeyPlace::TierDefaults => "a tier's defaults",
        }
    }
}

/// Where documents have a section, or a named database, in one word.
pub fn section_path<'s>(section: &'s str, database: Option<&str>) -> Cow<'s, str> {
    match database {
        Some(name) => Cow::Owned(format!("{section}s.{name}")),
        None => Cow::Borrowed(section),
    }
}

/// The same as the key of a mapping, with the one that it stands in: a dot does not go a level down.
pub fn section_key(section: &str, database: Option<&str>) -> String {
    match database {
        Some(name) => format!("`{name}:` in `{section}s:`"),
        None => format!("`{section}:`"),
    }
}
