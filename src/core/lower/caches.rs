//! What holds of a cache where nobody writes it: the version is its engine's, and how many nodes there are and how long snapshots are kept follows
//! the environment. All of it is written into each root, so that a value which goes out of the documents is a change that can be seen, and the
//! platform's conditions judge it.

use crate::clouds::{CacheVersion, Cloud};
use crate::ir::{Setting, Settings, Source};
use crate::schema::{CACHE_BY_ENVIRONMENT, Typed, const_key_index};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The section.
const CACHE: &str = "cache";
const ENGINE_AT: usize = const_key_index(CACHE, "engine");
const VERSION: &str = "engine_version";
const VERSION_AT: usize = const_key_index(CACHE, VERSION);

/// Fills in what nobody writes of a cache. A version that a tier gives counts for its own engine alone.
pub(super) fn follow(cloud: &dyn Cloud, settings: &mut Settings, unread: &BTreeSet<(&'static str, &'static str)>, is_protected: bool) {
    let Some(span) = settings.section(CACHE) else { return };
    let default = |value| Setting { value, span, source: Source::Default };
    for row in &CACHE_BY_ENVIRONMENT {
        if settings.at(row.index).is_none() && !unread.contains(&(CACHE, row.key)) {
            settings.insert_at(row.index, default(Typed::Integer(row.value(is_protected))));
        }
    }
    let Some(Setting { value: Typed::Text(name), .. }) = settings.at(ENGINE_AT) else { return };
    let Some(engine) = cloud.cache_engine(name) else { return };
    let stays = match settings.at(VERSION_AT) {
        Some(Setting { value: Typed::Text(version), source: Source::Tier, .. }) => {
            matches!(engine.version(version), CacheVersion::Known | CacheVersion::Unknown)
        }
        Some(_) => true,
        None => unread.contains(&(CACHE, VERSION)),
    };
    if !stays {
        settings.insert_at(VERSION_AT, default(Typed::Text(SmolStr::new_static(engine.usual))));
    }
}
