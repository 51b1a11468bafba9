//! Keys of `networking` that say what another key says in more words: the other follows.

use crate::ir::{Setting, Settings, Source};
use crate::schema::{EXISTING_NETWORK, SECTIONS, Typed, const_key_index};
use smol_str::SmolStr;

/// The section.
const NETWORKING: &str = "networking";
/// The word of `nat_gateways` for a network without any.
const NONE: &str = "none";

/// Leaves out the defaults of a network that exists already. Lets `enable_nat_gateway` follow `nat_gateways`, and `availability_zones` follow `zones`, where the customer does not write it. What the customer
/// writes goes over the tier's default for the other; where it writes both, a rule compares them.
pub(super) fn follow(settings: &mut Settings) {
    let (section, _) = EXISTING_NETWORK;
    const EXISTING: usize = const_key_index(EXISTING_NETWORK.0, EXISTING_NETWORK.1);
    if settings.at(EXISTING).is_some() {
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
    one(settings, const { key("enable_nat_gateway") }, const { key("nat_gateways") }, has);
    let count = |value: &Typed| match value {
        Typed::List(items) => Typed::Integer(i64::try_from(items.len()).unwrap_or(i64::MAX)),
        other => other.clone(),
    };
    one(settings, const { key("availability_zones") }, const { key("zones") }, count);
}

/// Where a key of the section stands among all keys.
const fn key(name: &str) -> usize {
    const_key_index(NETWORKING, name)
}

fn one(settings: &mut Settings, follower: usize, leader: usize, derive: impl Fn(&Typed) -> Typed) {
    let Some(leading) = settings.at(leader) else { return };
    let derived = derive(&leading.value);
    let (span, source) = (leading.span, leading.source);
    match settings.at(follower) {
        Some(Setting { source: Source::Written, value, .. }) if source == Source::Tier && *value != derived => {
            settings.remove_at(leader);
        }
        Some(Setting { source: Source::Written, .. }) => {}
        Some(Setting { source: Source::Tier | Source::Default, .. }) => {
            settings.insert_at(follower, Setting { value: derived, span, source: Source::Default });
        }
        // Lost to an error.
        None => {}
    }
}
