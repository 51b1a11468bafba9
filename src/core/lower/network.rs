//! Keys of `networking` that say what another key says in more words: the other follows.

use crate::ir::{Setting, Settings, Source};
use crate::schema::{EXISTING_NETWORK, SECTIONS, Typed};
use smol_str::SmolStr;

/// The section.
const NETWORKING: &str = "networking";
/// The word of `nat_gateways` for a network without any.
const NONE: &str = "none";

/// Leaves out the defaults of a network that exists already. Lets `enable_nat_gateway` follow `nat_gateways`, and `availability_zones` follow `zones`, where the customer does not write it. What the customer
/// writes goes over the tier's default for the other; where it writes both, a rule compares them.
pub(super) fn follow(settings: &mut Settings) {
    let (section, existing) = EXISTING_NETWORK;
    if settings.has(section, existing) {
        // What the customer wrote next to it is judged by a rule.
        let is_written = |key: &str| settings.get(section, key).is_some_and(|setting| setting.source == Source::Written);
        let others = SECTIONS.iter().filter(|known| known.name == section).flat_map(|known| known.keys).map(|key| key.name);
        let gone: Vec<&str> = others.filter(|key| !is_written(key)).collect();
        gone.into_iter().for_each(|key| settings.remove(section, key));
        return;
    }
    let has = |value: &Typed| match value {
        Typed::Text(word) => Typed::Boolean(word != &SmolStr::new_static(NONE)),
        other => other.clone(),
    };
    one(settings, "enable_nat_gateway", "nat_gateways", has);
    let count = |value: &Typed| match value {
        Typed::List(items) => Typed::Integer(i64::try_from(items.len()).unwrap_or(i64::MAX)),
        other => other.clone(),
    };
    one(settings, "availability_zones", "zones", count);
}

fn one(settings: &mut Settings, follower: &str, leader: &str, derive: impl Fn(&Typed) -> Typed) {
    let Some(leading) = settings.get(NETWORKING, leader) else { return };
    let derived = derive(&leading.value);
    let (span, source) = (leading.span, leading.source);
    match settings.get(NETWORKING, follower) {
        Some(Setting { source: Source::Written, value, .. }) if source == Source::Tier && *value != derived => {
            settings.remove(NETWORKING, leader);
        }
        Some(Setting { source: Source::Written, .. }) => {}
        Some(Setting { source: Source::Tier | Source::Default, .. }) => {
            settings.insert(NETWORKING, follower, Setting { value: derived, span, source: Source::Default });
        }
        // Lost to an error.
        None => {}
    }
}
