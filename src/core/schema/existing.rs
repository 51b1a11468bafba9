//! What exists already, and a key only names: whoever may name it in an account reaches it there, whosever it is.

use super::{IdentifierKind, SECTIONS, Shape, Type};
use std::sync::LazyLock;

/// A kind of things that exist already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Existing {
    /// An image that instances are started from.
    Image,
    /// A key pair.
    KeyPair,
    /// The certificate of a load balancer.
    Certificate,
    /// A snapshot of a database.
    Snapshot,
    /// A secret, by a reference to it.
    Secret,
    /// A network, under a name of the registry's: nobody writes its id.
    Network,
}

impl Existing {
    /// Every kind.
    pub const ALL: [Existing; 6] =
        [Existing::Image, Existing::KeyPair, Existing::Certificate, Existing::Snapshot, Existing::Secret, Existing::Network];

    /// The key of `grants` that lists them.
    pub fn grant(self) -> &'static str {
        match self {
            Existing::Image => "images",
            Existing::KeyPair => "key_pairs",
            Existing::Certificate => "certificates",
            Existing::Snapshot => "snapshots",
            Existing::Secret => "secrets",
            Existing::Network => "networks",
        }
    }

    /// One of them, in the words of messages, with its article.
    pub fn one(self) -> &'static str {
        match self {
            Existing::Image => "an image",
            Existing::KeyPair => "a key pair",
            Existing::Certificate => "a certificate",
            Existing::Snapshot => "a snapshot",
            Existing::Secret => "a secret",
            Existing::Network => "a network",
        }
    }
}

impl Type {
    /// What a value of this type names, where that exists already.
    pub fn existing(self) -> Option<Existing> {
        match self {
            Type::Ami => Some(Existing::Image),
            Type::KeyPair => Some(Existing::KeyPair),
            Type::CertificateArn => Some(Existing::Certificate),
            Type::Snapshot => Some(Existing::Snapshot),
            Type::SecretReference => Some(Existing::Secret),
            Type::Identifier(IdentifierKind::Network) => Some(Existing::Network),
            Type::Boolean
            | Type::Integer { .. }
            | Type::IntegerOf(..)
            | Type::Choice(_)
            | Type::Text { .. }
            | Type::Verbatim { .. }
            | Type::VpcCidr
            | Type::Cidr
            | Type::InstanceType
            | Type::Zone
            | Type::Engine
            | Type::EngineVersion
            | Type::InstanceClass
            | Type::CacheVersion
            | Type::NodeType
            | Type::BucketName
            | Type::Email
            | Type::Schedule
            | Type::UrlPath
            | Type::MountPath
            | Type::DatabaseName
            | Type::DailyWindow { .. }
            | Type::WeeklyWindow { .. }
            | Type::ParameterValue
            | Type::Region
            | Type::Cloud
            | Type::Identifier(
                IdentifierKind::ProjectName
                | IdentifierKind::CustomerId
                | IdentifierKind::Environment
                | IdentifierKind::Service
                | IdentifierKind::Tier
                | IdentifierKind::Volume
                | IdentifierKind::Database
                | IdentifierKind::FormerDatabase,
            )
            | Type::TagValue => None,
        }
    }
}

/// A key that names something that exists already.
#[derive(Debug, Clone, Copy)]
pub struct NamingKey {
    /// Its section.
    pub section: &'static str,
    /// Its name.
    pub key: &'static str,
    /// Where it stands among all keys of all sections, from 0.
    pub index: usize,
    /// What it names.
    pub existing: Existing,
}

/// Every key that names something that exists already, in the order of the language.
pub static NAMING_KEYS: LazyLock<Vec<NamingKey>> = LazyLock::new(|| {
    let keys = SECTIONS.iter().flat_map(|section| section.keys.iter().map(move |key| (section.name, key)));
    let naming = keys.enumerate().filter_map(|(index, (section, key))| {
        let existing = key.shape.existing()?;
        Some(NamingKey { section, key: key.name, index, existing })
    });
    naming.collect()
});

impl Shape {
    /// What its values name, where that exists already.
    fn existing(&self) -> Option<Existing> {
        match self {
            Shape::Scalar(kind) | Shape::List(kind) | Shape::OneOrMore(kind) | Shape::Texts(kind) => kind.existing(),
            Shape::Records(_) => None,
        }
    }
}
