//! The table of sections and keys: language.md section 4, in its order.

use super::choices::{CACHE_ENGINES, EVICTION_POLICIES, LOAD_BALANCERS, NAT_GATEWAYS, STORAGE_TYPES, VOLUME_TYPES};
use super::databases::{SHORTEST_OF_CACHES, SHORTEST_OF_DATABASES};
use super::{Default, IdentifierKind, Key, Shape, Type};

/// The key that names a network which exists already: no other key of its section says anything then.
pub const EXISTING_NETWORK: (&str, &str) = ("networking", "existing");

/// A section of the language.
#[derive(Debug)]
pub struct Section {
    /// Its name.
    pub name: &'static str,
    /// Its keys; nothing for `databases`, `tags` and `custom`, whose keys are the customer's.
    pub keys: &'static [Key],
}

impl Section {
    /// The key of a name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// The section of a name.
pub fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.name == name)
}

/// Where a key of a section stands among all keys of all sections, from 0.
pub fn key_index(section: &str, key: &str) -> Option<usize> {
    let mut before = 0;
    for known in SECTIONS {
        if known.name == section {
            return known.keys.iter().position(|known| known.name == key).map(|index| before + index);
        }
        before += known.keys.len();
    }
    None
}

/// [`key_index`] for constants: a key that the language does not have does not compile.
#[allow(clippy::panic, reason = "runs when terralet is compiled")]
pub const fn const_key_index(section: &str, key: &str) -> usize {
    let (mut before, mut at) = (0, 0);
    while at < SECTIONS.len() {
        let keys = SECTIONS[at].keys;
        let mut index = 0;
        while index < keys.len() {
            if is_same(SECTIONS[at].name, section) && is_same(keys[index].name, key) {
                return before + index;
            }
            index += 1;
        }
        before += keys.len();
        at += 1;
    }
    panic!("the language has no such key")
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// The version of the keys that stand below without another: `Key { since: "0.2.0", ..optional(...) }` is of a later one.
const FIRST: &str = "0.1.0";

/// The same key as one of version 0.2.
const fn second(key: Key) -> Key {
    Key { since: "0.2.0", ..key }
}

const fn key(name: &'static str, shape: Shape, default: Default) -> Key {
    Key { name, shape, default, since: FIRST, deprecated: None }
}

const fn required(name: &'static str, kind: Type) -> Key {
    key(name, Shape::Scalar(kind), Default::Required)
}

const fn optional(name: &'static str, kind: Type) -> Key {
    key(name, Shape::Scalar(kind), Default::None)
}

const fn with_default(name: &'static str, kind: Type, value: &'static str) -> Key {
    key(name, Shape::Scalar(kind), Default::Value(value))
}

const fn flag(name: &'static str, value: &'static str) -> Key {
    with_default(name, Type::Boolean, value)
}

const fn list(name: &'static str, kind: Type) -> Key {
    key(name, Shape::List(kind), Default::None)
}

const fn integer(min: i64, max: i64, unit: &'static str) -> Type {
    Type::Integer { min, max, unit }
}

/// Days that CloudWatch Logs can keep events for (PutRetentionPolicy in its API reference; language.md section 4); 0 keeps them for ever,
/// as `retention_in_days` of Terraform's resource of a log group does.
const LOG_RETENTION_DAYS: &[i64] =
    &[0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// How many read replicas a database can have: RDS takes 15 of our engines ("Working with DB instance read replicas" in its user guide); more
/// than five is another design.
const MAX_REPLICAS: i64 = 5;

/// How many instances a cluster of Aurora can have: one that writes, and up to 15 that read ("Aurora Replicas" in the Aurora user guide). One
/// fewer leaves room for the one that a person makes to change another.
const MAX_INSTANCES: i64 = 15;

/// How many zones a region can have at the most in the subnet plan: slots of a band (output.md).
const MAX_ZONES: i64 = 8;

/// A volume of instances. What its type makes of size and IOPS is the cloud's: see `volumes`.
const VOLUME: &[Key] = &[
    second(required("name", Type::Identifier(IdentifierKind::Volume))),
    second(required("size", integer(1, 16_384, "GiB"))),
    second(with_default("type", Type::Choice(&VOLUME_TYPES), "gp3")),
    second(optional("iops", integer(100, 64_000, ""))),
    second(optional("mount", Type::MountPath)),
];

/// Every section.
pub static SECTIONS: &[Section] = &[
    Section {
        name: "networking",
        keys: &[
            key("vpc_cidr", Shape::Scalar(Type::VpcCidr), Default::RequiredUnless("existing")),
            with_default("availability_zones", integer(1, MAX_ZONES, "zones"), "2"),
            flag("enable_nat_gateway", "true"),
            flag("enable_vpn", "false"),
            // Without it `enable_nat_gateway` says it: see `lower`.
            second(optional("nat_gateways", Type::Choice(&NAT_GATEWAYS))),
            second(list("zones", Type::Zone)),
            second(optional("existing", Type::Identifier(IdentifierKind::Network))),
        ],
    },
    Section {
        name: "compute",
        keys: &[
            required("instance_type", Type::InstanceType),
            // The defaults of both depend on each other: see `lower`.
            optional("min_instances", integer(0, 1000, "instances")),
            optional("max_instances", integer(0, 1000, "instances")),
            optional("ami_id", Type::Ami),
            optional("key_name", Type::KeyPair),
            optional("user_data_script", Type::Verbatim { max_bytes: 16 * 1024 }),
            second(with_default("port", integer(1, 65_535, ""), "80")),
            second(with_default("health_check_path", Type::UrlPath, "/")),
            second(with_default("load_balancer", Type::Choice(&LOAD_BALANCERS), "public")),
            // 8 GiB is what the usual images have; a volume has 16 TiB at the most.
            second(optional("root_volume_size", integer(8, 16_384, "GiB"))),
            second(key("volumes", Shape::Records(VOLUME), Default::None)),
        ],
    },
    Section {
        name: "database",
        keys: &[
            required("engine", Type::Engine),
            required("engine_version", Type::EngineVersion),
            required("instance_class", Type::InstanceClass),
            with_default("allocated_storage", integer(20, 65_536, "GiB"), "20"),
            with_default("backup_retention_period", integer(0, 35, "days"), "7"),
            flag("multi_az", "false"),
            second(optional("name", Type::DatabaseName)),
            second(with_default("storage_type", Type::Choice(&STORAGE_TYPES), "gp3")),
            // How many a type takes, and what storage they need, is the cloud's: `storage-mismatch`.
            second(optional("iops", integer(1000, 256_000, "IOPS"))),
            second(optional("max_allocated_storage", integer(22, 65_536, "GiB"))),
            second(optional("backup_window", Type::DailyWindow { shortest: SHORTEST_OF_DATABASES })),
            second(optional("maintenance_window", Type::WeeklyWindow { shortest: SHORTEST_OF_DATABASES })),
            second(key("parameters", Shape::Texts(Type::ParameterValue), Default::None)),
            second(with_default("replicas", integer(0, MAX_REPLICAS, ""), "0")),
            // Of Aurora alone. How many there are without it depends on `multi_az` and the environment: see `lower`.
            second(optional("instances", integer(1, MAX_INSTANCES, "instances"))),
            second(optional("snapshot_identifier", Type::Snapshot)),
            // Without it, what the environment is decides.
            second(optional("deletion_protection", Type::Boolean)),
            // The entry of `databases` that it was, or `database`; of several, the oldest first.
            second(key("formerly", Shape::OneOrMore(Type::Identifier(IdentifierKind::FormerDatabase)), Default::None)),
        ],
    },
    // Each of its entries has the keys of `database`.
    Section { name: "databases", keys: &[] },
    Section {
        name: "storage",
        keys: &[
            required("bucket_name", Type::BucketName),
            flag("versioning_enabled", "true"),
            key(
                "lifecycle_rules",
                Shape::Records(&[
                    required("name", Type::Text { min: 1, max: 255 }),
                    flag("enabled", "true"),
                    required("expiration_days", integer(1, i32::MAX as i64, "days")),
                ]),
                Default::None,
            ),
        ],
    },
    Section {
        name: "monitoring",
        keys: &[
            flag("enable_cloudwatch", "false"),
            flag("enable_xray", "false"),
            with_default("log_retention_days", Type::IntegerOf(LOG_RETENTION_DAYS, "days"), "14"),
            optional("alarm_email", Type::Email),
        ],
    },
    Section {
        name: "security",
        keys: &[
            flag("enable_waf", "false"),
            flag("enable_shield", "false"),
            list("allowed_cidr_blocks", Type::Cidr),
            optional("ssl_certificate_arn", Type::CertificateArn),
        ],
    },
    Section {
        name: "scaling",
        keys: &[
            with_default("cpu_threshold", integer(1, 100, "percent"), "70"),
            optional("memory_threshold", integer(1, 100, "percent")),
            with_default("scale_up_cooldown", integer(0, 86_400, "seconds"), "300"),
            with_default("scale_down_cooldown", integer(0, 86_400, "seconds"), "300"),
        ],
    },
    Section {
        name: "backup",
        keys: &[
            // Where the section is there.
            flag("enabled", "true"),
            with_default("schedule", Type::Schedule, "cron(0 5 * * ? *)"),
            // `DeleteAfterDays` of `Lifecycle` in the API of backups. Without it, the environment decides: see `lower`.
            optional("retention_days", integer(1, 36_500, "days")),
            flag("cross_region_copy", "false"),
        ],
    },
    Section {
        name: "features",
        keys: &[flag("enable_cdn", "false"), flag("enable_cache", "false"), flag("enable_queue", "false"), flag("enable_search", "false")],
    },
    Section {
        name: "queue",
        // Ranges: "message quotas" and "Configuring a dead-letter queue" in the SQS Developer Guide.
        keys: &[
            second(flag("fifo", "false")),
            second(with_default("visibility_timeout", integer(0, 43_200, "seconds"), "30")),
            // SQS keeps a message for 14 days from when it was first sent, as a dead letter too.
            second(with_default("retention_days", integer(1, 13, "days"), "4")),
            second(with_default("max_receives", integer(1, 1000, ""), "5")),
            // A message may wait as long as it is kept; an alarm looks at whole minutes.
            second(with_default("alarm_age", integer(60, 1_209_600, "seconds"), "900")),
        ],
    },
    Section {
        name: "cache",
        keys: &[
            second(with_default("engine", Type::Choice(&CACHE_ENGINES), "valkey")),
            // Without it, the engine decides: see `lower`.
            second(optional("engine_version", Type::CacheVersion)),
            second(with_default("node_type", Type::NodeType, "cache.t4g.small")),
            // One that writes, and up to five that answer reads (`ReplicaCount` of `IncreaseReplicaCount` in the ElastiCache API). Without
            // it, the environment decides, and so it does for snapshots: see `lower`.
            second(optional("nodes", integer(1, 6, ""))),
            // `SnapshotRetentionLimit` of `CreateReplicationGroup` in the ElastiCache API.
            second(optional("snapshot_retention_days", integer(0, 35, "days"))),
            second(optional("snapshot_window", Type::DailyWindow { shortest: SHORTEST_OF_CACHES })),
            second(optional("maintenance_window", Type::WeeklyWindow { shortest: SHORTEST_OF_CACHES })),
            second(with_default("eviction_policy", Type::Choice(&EVICTION_POLICIES), "volatile-lru")),
            second(with_default("alarm_memory", integer(1, 100, "percent"), "90")),
            second(with_default("alarm_evictions", integer(0, 1_000_000_000, ""), "1000")),
        ],
    },
    Section {
        name: "notifications",
        keys: &[
            optional("slack_webhook", Type::SecretReference),
            list("email_list", Type::Email),
            optional("enable_pagerduty", Type::Boolean),
        ],
    },
    Section { name: "tags", keys: &[] },
    Section { name: "custom", keys: &[] },
];
