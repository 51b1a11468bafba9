//! What a database's engine makes of the other keys of `database`: which of them say nothing for it, and how many instances Aurora has.

use crate::clouds::Engine;
use crate::ir::{Setting, Settings, Source};
use crate::schema::{KEYS_OF_ENGINES, Typed};
use crate::source::Span;
use std::collections::BTreeSet;

/// The section.
const DATABASE: &str = "database";
/// How many instances Aurora has.
const INSTANCES: &str = "instances";
/// Whether something in another zone takes over.
const MULTI_AZ: &str = "multi_az";
/// The fewest instances of which one can take over.
const TWO: i64 = 2;

/// Leaves out what defaults, and those of the tier, say of another kind of engine. Of Aurora, lets `instances` and `multi_az` follow each other
/// where the customer does not write them; without both, there are two in a protected environment and one elsewhere. Where the customer writes
/// what does not fit the engine, or both and differently, a rule says so.
pub(super) fn follow(settings: &mut Settings, unread: &BTreeSet<(&'static str, &'static str)>, is_protected: bool) {
    let engine = match settings.get(DATABASE, "engine").map(|setting| &setting.value) {
        Some(Typed::Text(name)) => Engine::parse(name),
        _ => None,
    };
    let Some(engine) = engine else { return };
    let is_written = |settings: &Settings, key| settings.get(DATABASE, key).is_some_and(|setting| setting.source == Source::Written);
    for row in KEYS_OF_ENGINES.iter().filter(|row| !row.is_of(engine)) {
        if !is_written(settings, row.key) {
            settings.remove(DATABASE, row.key);
        }
    }
    if engine.is_aurora() && !unread.contains(&(DATABASE, INSTANCES)) && !unread.contains(&(DATABASE, MULTI_AZ)) {
        instances(settings, is_protected);
    }
}

fn instances(settings: &mut Settings, is_protected: bool) {
    let default = |value, span: Span| Setting { value, span, source: Source::Default };
    let Some(standby) = settings.get(DATABASE, MULTI_AZ).cloned() else { return };
    let says_standby = standby.value == Typed::Boolean(true);
    if let Some(Setting { value: Typed::Integer(count), span, source }) = settings.get(DATABASE, INSTANCES).cloned() {
        let follows = standby.source != Source::Written;
        // What the customer writes goes over the tier's default for the other.
        if follows || source == Source::Written || says_standby == (count >= TWO) {
            if follows {
                settings.insert(DATABASE, MULTI_AZ, default(Typed::Boolean(count >= TWO), span));
            }
            return;
        }
    }
    let has_two = if standby.source == Source::Default { is_protected } else { says_standby };
    settings.insert(DATABASE, INSTANCES, default(Typed::Integer(if has_two { TWO } else { 1 }), standby.span));
    if standby.source == Source::Default {
        settings.insert(DATABASE, MULTI_AZ, default(Typed::Boolean(has_two), standby.span));
    }
}
