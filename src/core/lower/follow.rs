//! What holds where nobody writes it, in sections that newer modules take: some values follow the environment, and the version of a cache is its
//! engine's. All of it is written into each root, so that a value which goes out of the documents is a change that can be seen, and the
//! platform's conditions judge it.

use crate::clouds::{CacheVersion, Cloud};
use crate::ir::{Setting, Settings, Source};
use crate::schema::{BY_ENVIRONMENT, Typed, const_key_index};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The section.
const CACHE: &str = "cache";
const ENGINE_AT: usize = const_key_index(CACHE, "engine");
const VERSION: &str = "engine_version";
const VERSION_AT: usize = const_key_index(CACHE, VERSION);

/// Fills in what follows the environment.
pub(super) fn environment(settings: &mut Settings, unread: &BTreeSet<(&'static str, &'static str)>, is_protected: bool) {
    for row in &BY_ENVIRONMENT {
        let Some(span) = settings.section(row.section) else { continue };
        if settings.at(row.index).is_none() && !unread.contains(&(row.section, row.key)) {
            let value = Typed::Integer(row.value(is_protected));
            settings.insert_at(row.index, Setting { value, span, source: Source::Default });
        }
    }
}

/// Fills in the version of a cache. One that a tier gives counts for its own engine alone.
pub(super) fn cache(cloud: &dyn Cloud, settings: &mut Settings, unread: &BTreeSet<(&'static str, &'static str)>) {
    let Some(span) = settings.section(CACHE) else { return };
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
        let value = Typed::Text(SmolStr::new_static(engine.usual));
        settings.insert_at(VERSION_AT, Setting { value, span, source: Source::Default });
    }
}
