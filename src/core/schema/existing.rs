//! What exists already, and a key only names: whoever may name it in an account reaches it there, whosever it is.

use super::{IdentifierKind, Type};

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
    /// A network, under a name of the registry's: nobody writes its id.
    Network,
}

impl Existing {
    /// Every kind.
    pub const ALL: [Existing; 5] = [Existing::Image, Existing::KeyPair, Existing::Certificate, Existing::Snapshot, Existing::Network];

    /// The key of `grants` that lists them.
    pub fn grant(self) -> &'static str {
        match self {
            Existing::Image => "images",
            Existing::KeyPair => "key_pairs",
            Existing::Certificate => "certificates",
            Existing::Snapshot => "snapshots",
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
            | Type::BucketName
            | Type::Email
            | Type::Url
            | Type::Schedule
            | Type::UrlPath
            | Type::MountPath
            | Type::DatabaseName
            | Type::DailyWindow
            | Type::WeeklyWindow
            | Type::ParameterValue
            | Type::Region
            | Type::Cloud
            | Type::Identifier(
                IdentifierKind::ProjectName
                | IdentifierKind::CustomerId
                | IdentifierKind::Environment
                | IdentifierKind::Service
                | IdentifierKind::Tier
                | IdentifierKind::Volume,
            )
            | Type::TagValue => None,
        }
    }
}

/// Every key that names something that exists already: its section, its name, and what it names.
pub fn naming_keys() -> impl Iterator<Item = (&'static str, &'static str, Existing)> {
    let of_section =
        |section: &'static super::Section| section.keys.iter().filter_map(|key| Some((section.name, key.name, key.shape.existing()?)));
    super::SECTIONS.iter().flat_map(of_section)
}

impl super::Shape {
    /// What its values name, where that exists already.
    fn existing(&self) -> Option<Existing> {
        match self {
            super::Shape::Scalar(kind) | super::Shape::List(kind) | super::Shape::Texts(kind) => kind.existing(),
            super::Shape::Records(_) => None,
        }
    }
}
