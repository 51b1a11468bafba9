//! The shared module for caches: its row, with a row for each input. What the words mean is said in `modules.rs`.

use super::NAME;
use super::modules::{CLIENT_GROUP, DATABASE_SUBNET_IDS, REVERT_THE_NAME, VPC_ID};
use super::watching::ALARM_TOPICS;
use crate::modules::ArgumentShape::{Boolean, Number, Reference, References, Text, Word};
use crate::modules::InputSource::{Environment, Key, Name, OptionalKey, Output, Protected};
use crate::modules::{CalledBy, InputRow, ModuleRow, When, input, output};

/// The module.
pub(super) const MODULE: ModuleRow = ModuleRow {
    cloud: NAME,
    name: "customer-cache",
    block: "customer_cache",
    section: "cache",
    called_by: CalledBy::Always,
    newer: true,
    entries: None,
    inputs: CACHE,
    outputs: &[
        &output!("customer_cache", "cache_endpoint"),
        &output!("customer_cache", "cache_port"),
        &output!("customer_cache", "cache_reader_endpoint"),
    ],
};

static CACHE: &[InputRow] = &[
    // aws_elasticache_replication_group: `replication_group_id` and `subnet_group_name` are ForceNew, and so is the subnet group's `name`.
    input("name", Word, Name).harms(When::Changed, "the cache is replaced by an empty one, which has another address", REVERT_THE_NAME),
    input("environment", Text, Environment),
    input("protected", Boolean, Protected),
    input("vpc_id", Reference, Output(&VPC_ID)),
    input("subnet_ids", References, Output(&DATABASE_SUBNET_IDS)),
    input("client_security_group_id", Reference, Output(&CLIENT_GROUP)),
    // aws_elasticache_replication_group: `engine` is ForceNew from valkey to redis alone (customizeDiffEngineForceNewOnDowngrade in its source);
    // the other way the cloud changes it in place ("How to upgrade from Redis OSS to Valkey" in the ElastiCache user guide).
    input("engine", Word, Key(("cache", "engine"))).harms(
        When::Lower(&["redis", "valkey"]),
        "the cache is replaced by an empty one: valkey does not go back to redis",
        "revert the change; valkey understands what clients of redis 7 say",
    ),
    // aws_elasticache_replication_group: a lower `engine_version` is ForceNew (customizeDiffEngineVersionForceNewOnDowngrade in its source), since
    // ElastiCache takes none ("Modifying a replication group" in its user guide).
    input("engine_version", Text, Key(("cache", "engine_version"))).harms(
        When::Older { of_same: "engine" },
        "a cache cannot go back to an older version, and is replaced by an empty one",
        "write the old version or a newer one",
    ),
    // Changed in place: nodes of the new type take over one after the other ("Scaling replica nodes" in the ElastiCache user guide).
    input("node_type", Word, Key(("cache", "node_type"))),
    input("nodes", Number, Key(("cache", "nodes"))).harms(
        When::Smaller,
        "nodes are removed which the cloud chooses; connections to them break, and with one node left nothing takes over when it fails",
        "where applications still read from them, write the old number",
    ),
    // Snapshots of more than so many days are deleted.
    input("snapshot_retention_days", Number, Key(("cache", "snapshot_retention_days"))).harms(
        When::Smaller,
        "snapshots that are older are deleted",
        "write the old number, or first copy the snapshots that are still needed",
    ),
    input("snapshot_window", Word, OptionalKey(("cache", "snapshot_window"))),
    input("maintenance_window", Word, OptionalKey(("cache", "maintenance_window"))),
    input("eviction_policy", Word, Key(("cache", "eviction_policy"))),
    input("alarm_memory", Number, Key(("cache", "alarm_memory"))),
    input("alarm_evictions", Number, Key(("cache", "alarm_evictions"))),
    ALARM_TOPICS,
];
