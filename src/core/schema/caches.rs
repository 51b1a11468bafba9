//! Keys of `cache` whose values follow others where nobody writes them: `lower` fills them in, and `why` says so.

use super::by_environment::default_by_environment;
use crate::clouds::Cloud;

/// What holds of a cache where nobody writes a key that has no default; `engine` is what is written of its engine.
pub fn default_of_cache(cloud: &dyn Cloud, key: &str, engine: &str, is_protected: bool) -> Option<String> {
    if key == "engine_version" {
        let engine = if engine.is_empty() { "valkey" } else { engine };
        return cloud.cache_engine(engine).map(|engine| engine.usual.to_owned());
    }
    default_by_environment("cache", key, is_protected)
}
