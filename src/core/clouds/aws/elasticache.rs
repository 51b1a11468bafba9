//! What ElastiCache takes for a cache: engines with their versions, and types of nodes.

use crate::clouds::table::{self, Table};
use crate::clouds::{CacheEngine, NodeType};
use std::sync::LazyLock;

/// Engines that are replication groups. Versions: "Engine versions and upgrading in ElastiCache" in its user guide, and
/// github:endoflife-date/endoflife.date, products/amazon-elasticache-{valkey,redis}.md (MIT), revisions up to May 2026. Redis 4 and 5, which
/// are in Extended Support since 2026-01-31 and are numbered in another way, are left out; 6 is until 2027-01-31 in standard support.
static ENGINES: [CacheEngine; 2] = [
    CacheEngine { name: "valkey", versions: &["7.2", "8.0", "8.1", "8.2", "9.0", "9.1"], usual: "8.2", ended: None },
    CacheEngine {
        name: "redis",
        versions: &["6.0", "6.2", "7.0", "7.1"],
        usual: "7.1",
        ended: Some("ElastiCache has redis up to 7.1, and valkey after that"),
    },
];

/// Families that no cache is made of any more: "previous generation" of `CacheNode` in the ElastiCache API ("creation of new clusters is not
/// supported"), and t2 by a note of "Supported node types" in the user guide.
const RETIRED: [&str; 7] = ["t1", "t2", "m1", "m2", "m3", "c1", "r3"];

/// The family whose nodes move values to disks. They take no other policies than LRU and `noeviction`, and a cache cannot change to other nodes
/// or from them ("Data tiering in ElastiCache" in its user guide).
const TIERED: &str = "r6gd";

/// What every type starts with.
const PREFIX: &str = "cache.";

static ROWS: &str = table::rows(include_str!("tables/elasticache-node-types.txt"));
static SIZES: Table<&str> = Table::new(|| table::read(ROWS, |line| line.split_once('\t').map(|(_, sizes)| sizes)));

/// The names of all types that caches can be made of.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let of_row = |(family, sizes): (&str, &'static str)| -> Vec<String> {
        sizes.split(' ').map(|size| format!("{PREFIX}{family}.{size}")).collect()
    };
    ROWS.lines().filter_map(|line| line.split_once('\t')).flat_map(of_row).collect()
});

/// Every engine.
pub(super) fn engines() -> std::slice::Iter<'static, CacheEngine> {
    ENGINES.iter()
}

/// The engine of this name.
pub(super) fn engine(name: &str) -> Option<&'static CacheEngine> {
    ENGINES.iter().find(|engine| engine.name == name)
}

/// What is known of a type of nodes.
pub(super) fn node_type(text: &str) -> NodeType {
    let Some((family, size)) = text.strip_prefix(PREFIX).and_then(|rest| rest.split_once('.')) else { return NodeType::Malformed };
    let is_word =
        |word: &str| !word.is_empty() && word.len() <= 16 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !is_word(family) || !is_word(size) || !family.starts_with(|first: char| first.is_ascii_lowercase()) {
        NodeType::Malformed
    } else if RETIRED.contains(&family) {
        NodeType::Refused("ElastiCache makes no new caches of it")
    } else if family == TIERED {
        NodeType::Refused("such nodes move values to disks")
    } else if SIZES.find(family).is_some_and(|sizes| sizes.split(' ').any(|known| known == size)) {
        NodeType::Known
    } else {
        NodeType::Unknown
    }
}

/// The names of all types that caches can be made of.
pub(super) fn node_types() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(String::as_str)
}
