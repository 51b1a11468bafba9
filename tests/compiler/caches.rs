//! What the catalogue says of caches: versions of engines, and types of nodes.

use terralet_core::clouds::{CacheVersion, NodeType, default_cloud};

#[test]
fn versions_of_caches_are_judged_on_the_day_of_the_tables() {
    let cloud = default_cloud();
    let of = |engine: &str, version: &str| cloud.cache_engine(engine).unwrap().version(version);
    for (engine, version) in [("valkey", "7.2"), ("valkey", "8.2"), ("redis", "6.0"), ("redis", "7.1")] {
        assert_eq!(of(engine, version), CacheVersion::Known, "{engine} {version}");
    }
    for version in ["8.3", "9.9", "10.0", "99.99"] {
        assert_eq!(of("valkey", version), CacheVersion::Unknown, "{version}");
    }
    for (engine, version) in [("valkey", "7.1"), ("valkey", "6.2"), ("redis", "5.0"), ("redis", "6.1"), ("redis", "7.2"), ("redis", "8.0")]
    {
        assert!(matches!(of(engine, version), CacheVersion::Never(_)), "{engine} {version}");
    }
    for version in ["", "8", "8.", ".2", "8.2.1", "8.x", "+8.2", "100.0", "8.100", "v8.2", "8,2", "\u{663}.2"] {
        assert_eq!(of("valkey", version), CacheVersion::Malformed, "{version}");
    }
    for engine in cloud.cache_engines() {
        assert_eq!(engine.version(engine.usual), CacheVersion::Known, "{}", engine.name);
        assert!(engine.versions.iter().all(|version| engine.version(version) == CacheVersion::Known));
    }
    assert!(cloud.cache_engine("memcached").is_none() && cloud.cache_engine("Redis").is_none());
}

#[test]
fn types_of_nodes_are_known_by_their_whole_name() {
    let cloud = default_cloud();
    let names: Vec<&str> = cloud.node_types().collect();
    assert!(names.len() > 60 && names.iter().all(|name| cloud.node_type(name) == NodeType::Known));
    for name in ["cache.t4g.large", "cache.m7g.metal", "cache.r9g.large"] {
        assert_eq!(cloud.node_type(name), NodeType::Unknown, "{name}");
    }
    for name in ["cache.t2.micro", "cache.m3.medium", "cache.r6gd.xlarge", "cache.t1.micro"] {
        assert!(matches!(cloud.node_type(name), NodeType::Refused(_)), "{name}");
    }
    for name in [
        "",
        "cache",
        "cache.",
        "cache.t4g",
        "cache.t4g.",
        "cache..small",
        "t4g.small",
        "db.t4g.small",
        "cache.t4g.small.x",
        "cache.T4g.small",
        " cache.t4g.small",
        "cache.4g.small",
        "cache.t4g.${x}",
    ] {
        assert_eq!(cloud.node_type(name), NodeType::Malformed, "{name}");
    }
}
