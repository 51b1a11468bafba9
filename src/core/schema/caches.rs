//! Keys of `cache` whose values follow others where nobody writes them: `lower` fills them in, and `why` says so.

use super::sections::const_key_index;
use crate::clouds::Cloud;

/// The section.
const CACHE: &str = "cache";

/// A key whose value follows the environment.
#[derive(Debug)]
pub struct ByEnvironment {
    /// The key.
    pub key: &'static str,
    /// Where it stands among all keys of all sections, from 0.
    pub index: usize,
    /// The value.
    usual: i64,
    /// The value in a protected environment.
    protected: i64,
}

impl ByEnvironment {
    /// The value in an environment.
    pub fn value(&self, is_protected: bool) -> i64 {
        if is_protected { self.protected } else { self.usual }
    }
}

/// The keys whose values follow the environment; the built-in module for caches has the same values.
pub static CACHE_BY_ENVIRONMENT: [ByEnvironment; 2] = [
    ByEnvironment { key: "nodes", index: const_key_index(CACHE, "nodes"), usual: 1, protected: 2 },
    ByEnvironment { key: "snapshot_retention_days", index: const_key_index(CACHE, "snapshot_retention_days"), usual: 0, protected: 7 },
];

/// What holds of a cache where nobody writes a key that has no default; `engine` is what is written of its engine.
pub fn default_of_cache(cloud: &dyn Cloud, key: &str, engine: &str, is_protected: bool) -> Option<String> {
    if key == "engine_version" {
        let engine = if engine.is_empty() { "valkey" } else { engine };
        return cloud.cache_engine(engine).map(|engine| engine.usual.to_owned());
    }
    CACHE_BY_ENVIRONMENT.iter().find(|row| row.key == key).map(|row| row.value(is_protected).to_string())
}
