//! The customers' language as data: every key, its type, range and default, and how a single value is read.
//!
//! Knows nothing of layers or deployments. The walk over a document ([`check_document`]) reports what is wrong with each value alone;
//! `lower` reads the winning values through the same functions, so that a rule about one value is written once.

mod by_environment;
mod caches;
mod choices;
mod databases;
mod deploy_to;
mod deprecated;
mod document_keys;
mod engines;
mod existing;
mod formats;
mod identifier;
mod kinds;
mod lists;
mod meant;
mod misplaced;
mod network;
mod numbers;
mod path_forms;
pub mod places;
mod poisoned;
mod read;
mod records;
mod secret_lines;
mod secret_names;
mod secret_walk;
mod secrets;
mod sections;
mod stages;
mod switches;
mod tags;
mod template;
mod texts;
mod things;
mod units;
mod unknown;
mod volumes;
mod walk;
mod words;
mod written_keys;

pub use by_environment::{BY_ENVIRONMENT, ByEnvironment, default_by_environment};
pub use caches::default_of_cache;
pub use choices::WordChoice;
pub use databases::{Window, window};
pub use document_keys::{DocumentKey, document_keys};
pub use engines::{KEYS_OF_ENGINES, KeyOfEngines, is_engine_of_aurora, is_key_of_other_engines};
pub use existing::{Existing, NAMING_KEYS, NamingKey};
pub use identifier::{IdentifierKind, identifier, repository_name, slug};
pub use lists::{ListChange, list_item_name};
pub use places::{KeyPlace, SHORTHANDS, Shorthand, section_key, section_path};
pub use poisoned::Poisoned;
pub use read::{Typed, is_fixed, read, read_text, wrong_type};
pub use records::joined_records;
pub use secret_lines::named_secret_ranges;
pub use secret_names::{is_literal_secret, key_names_secret};
pub use secrets::{looks_secret, secret_ranges, without_secrets};
pub use sections::{EXISTING_NETWORK, SECTIONS, Section, const_key_index, key_index, section};
pub use stages::{PRODUCTION, near_stage, stage};
pub use switches::{FEATURES, SWITCHES, Switch, stands_alone};
pub use tags::MAX_TAGS;
pub use template::{Part, Template, Variables};
pub use walk::check_document;
pub use words::words_of_other_tools;

/// One key of the language.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// What holds when nobody writes it.
    pub default: Default,
    /// The version that it came with.
    pub since: &'static str,
    /// The key of the same place to write instead, where it is on its way out.
    pub deprecated: Option<&'static str>,
}

impl Default {
    /// True where the section may be incomplete without the key.
    pub fn is_required(self) -> bool {
        matches!(self, Default::Required | Default::RequiredUnless(_))
    }
}

impl Key {
    /// True for the value that holds when nobody writes the key.
    pub fn is_default(&self, value: &Typed) -> bool {
        // Nothing in a mapping is the same as no mapping.
        let is_nothing = matches!(value, Typed::Object(entries) if entries.is_empty());
        let Default::Value(text) = self.default else { return is_nothing };
        match value {
            Typed::Text(value) => value == text,
            Typed::Integer(value) => text.parse() == Ok(*value),
            Typed::Boolean(value) => text == if *value { "true" } else { "false" },
            value => value.to_string() == text,
        }
    }
}

/// What holds when nobody writes a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// The section is incomplete without it.
    Required,
    /// The section is incomplete without it and without this key.
    RequiredUnless(&'static str),
    /// Nothing.
    None,
    /// This value, as YAML text.
    Value(&'static str),
}

/// What a key takes.
#[derive(Debug)]
pub enum Shape {
    /// A single value.
    Scalar(Type),
    /// A list of single values.
    List(Type),
    /// A single value, or a list of them that no layer changes.
    OneOrMore(Type),
    /// A list of mappings with these keys.
    Records(&'static [Key]),
    /// A mapping from names that the customer chooses to single values, merged name by name.
    Texts(Type),
}

impl Shape {
    /// What it takes, in words.
    pub fn takes(&self) -> String {
        match self {
            Shape::Scalar(kind) => kind.takes(),
            Shape::List(kind) => format!("a list, each item {}", kind.takes()),
            Shape::OneOrMore(kind) => format!("{}, or a list of several", kind.takes()),
            Shape::Records(keys) => {
                let keys: Vec<String> = keys.iter().map(|key| format!("`{}` ({})", key.name, key.shape.takes())).collect();
                format!("a list of mappings with {}", keys.join(", "))
            }
            Shape::Texts(kind) => format!("a mapping from names to single values, each {}", kind.takes()),
        }
    }
}

/// The type of a single value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Boolean,
    /// An integer from `min` to `max`, with the unit of messages (empty for a count).
    Integer {
        /// Least value.
        min: i64,
        /// Greatest value.
        max: i64,
        /// `days`, `seconds`, `GiB`, `percent` or nothing.
        unit: &'static str,
    },
    /// One of these integers.
    IntegerOf(&'static [i64], &'static str),
    /// One of a closed list of words.
    Choice(&'static WordChoice),
    /// Text of `min` to `max` characters.
    Text {
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
    },
    /// The name of an SSH key pair.
    KeyPair,
    /// Text that is taken as it is, without templates, up to so many bytes.
    Verbatim {
        /// Most bytes.
        max_bytes: usize,
    },
    /// A private IPv4 network of `/16` to `/22`.
    VpcCidr,
    /// Any IPv4 network.
    Cidr,
    /// An EC2 instance type's form; whether it exists is for the catalogue.
    InstanceType,
    /// The letter of a zone.
    Zone,
    /// `ami-` and 8 or 17 hex digits.
    Ami,
    /// A database engine.
    Engine,
    /// An engine version.
    EngineVersion,
    /// An RDS instance class.
    InstanceClass,
    /// A version of a cache's engine.
    CacheVersion,
    /// A type of the nodes of a cache.
    NodeType,
    /// An S3 bucket name.
    BucketName,
    /// An e-mail address.
    Email,
    /// A reference to a secret, whole: never the secret itself.
    SecretReference,
    /// `cron(...)` or `rate(...)`.
    Schedule,
    /// The ARN of an ACM certificate.
    CertificateArn,
    /// The path of a URL, perhaps with a query, that a load balancer asks for: at most 1024 characters.
    UrlPath,
    /// The directory that a volume is mounted at: at most 255 characters.
    MountPath,
    /// The name of the database that an instance is made with.
    DatabaseName,
    /// The name or the ARN of a snapshot of a database.
    Snapshot,
    /// A time of every day, `03:00-04:00` in UTC.
    DailyWindow {
        /// The fewest minutes.
        shortest: i32,
    },
    /// A time of every week, `sun:04:00-sun:05:00` in UTC.
    WeeklyWindow {
        /// The fewest minutes.
        shortest: i32,
    },
    /// The value of a parameter of a database.
    ParameterValue,
    /// A region's name.
    Region,
    /// A cloud's name.
    Cloud,
    /// A name that the customer chooses.
    Identifier(IdentifierKind),
    /// A tag's value.
    TagValue,
}

impl Type {
    /// What it takes, in words, with the range.
    fn takes(self) -> String {
        match self {
            Type::Integer { .. } | Type::IntegerOf(..) => format!("{}, {}", self.expected(), numbers::bounds(self)),
            _ => self.expected().to_owned(),
        }
    }

    /// False for values that take no templates: identity, region, images, enumerated values, and text that is taken as it is.
    pub fn takes_templates(self) -> bool {
        match self {
            Type::Verbatim { .. } | Type::Ami | Type::Zone | Type::Engine | Type::Region | Type::Cloud | Type::Identifier(_) => false,
            Type::Boolean | Type::Integer { .. } | Type::IntegerOf(..) | Type::Choice(_) | Type::MountPath => false,
            Type::DailyWindow { .. } | Type::WeeklyWindow { .. } => false,
            Type::Text { .. }
            | Type::KeyPair
            | Type::VpcCidr
            | Type::Cidr
            | Type::InstanceType
            | Type::EngineVersion
            | Type::InstanceClass
            | Type::CacheVersion
            | Type::NodeType
            | Type::BucketName
            | Type::Email
            | Type::SecretReference
            | Type::Schedule
            | Type::CertificateArn
            | Type::UrlPath
            | Type::DatabaseName
            | Type::Snapshot
            | Type::ParameterValue
            | Type::TagValue => true,
        }
    }

    /// What it takes, in the words of messages.
    pub fn expected(self) -> &'static str {
        match self {
            Type::Boolean => "`true` or `false`",
            Type::Integer { .. } | Type::IntegerOf(..) => "a whole number",
            Type::Text { .. } | Type::Verbatim { .. } | Type::TagValue | Type::ParameterValue => "text",
            Type::DatabaseName => "a name such as `orders`",
            Type::Snapshot => "the name or the ARN of a snapshot",
            Type::DailyWindow { .. } => "a time of the day in UTC such as `03:00-04:00`",
            Type::WeeklyWindow { .. } => "a time of the week in UTC such as `sun:04:00-sun:05:00`",
            Type::KeyPair => "the name of a key pair",
            Type::VpcCidr | Type::Cidr => "a network such as `10.0.0.0/16`",
            Type::InstanceType => "an instance type such as `t3.small`",
            Type::Zone => "a zone's letter such as `a`",
            Type::Ami => "an image id such as `ami-0123456789abcdef0`",
            Type::Engine => "a database engine such as `postgres`",
            Type::EngineVersion => "a version such as `15.3`",
            Type::InstanceClass => "an instance class such as `db.t3.medium`",
            Type::CacheVersion => "a version such as `8.2`",
            Type::NodeType => "a node type such as `cache.t4g.small`",
            Type::BucketName => "a bucket name such as `acme-shop-uploads`",
            Type::Email => "an e-mail address such as `team@example.com`",
            Type::SecretReference => "a reference to a secret",
            Type::Schedule => "a schedule such as `rate(1 day)`",
            Type::CertificateArn => "the ARN of a certificate",
            Type::Choice(choice) => choice.expected,
            Type::UrlPath => "a path such as `/health`",
            Type::MountPath => "a directory such as `/data`",
            Type::Region => "a region such as `eu-west-1`",
            Type::Cloud => crate::clouds::EXPECTED,
            Type::Identifier(_) => "a name",
        }
    }
}
