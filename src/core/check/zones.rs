//! Which zones a deployment uses: output.md, the subnet plan.

use crate::clouds::{Cloud, Region};
use crate::platform::{Platform, Registration};
use smol_str::SmolStr;

/// The zones when nobody knows a region's.
const ASSUMED: &str = "abc";

/// The zone letters of a region, in the order in which they are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zones {
    /// The letters, such as `abc`; at least two.
    pub letters: SmolStr,
    /// True when the service provider listed them: then they are the account's own, and the catalogue's letters mean other zones.
    pub given: bool,
    /// False when nobody knows the region's zones, and `a`, `b`, `c` are assumed.
    pub verified: bool,
}

/// The zones of a region: those of the environment in the registry entry, else the entry's own, else the platform's, else the catalogue's, else `a`, `b`, `c`.
pub fn zones(cloud: &dyn Cloud, platform: &Platform, registration: Option<&Registration>, environment: &str, region: &str) -> Zones {
    let own = registration.and_then(|entry| entry.zones_of(environment, region)).or_else(|| platform.cloud(cloud).zones.get(region));
    if let Some(own) = own {
        return Zones { letters: SmolStr::new(&own.value), given: true, verified: true };
    }
    match cloud.region(region).and_then(Region::usable_zones) {
        Some(letters) => Zones { letters: SmolStr::new_static(letters), given: false, verified: true },
        None => Zones { letters: SmolStr::new_static(ASSUMED), given: false, verified: false },
    }
}

impl Zones {
    /// The same with those that a customer names in front, in its order: these are used first.
    #[must_use]
    pub fn with_first(self, named: Option<&str>) -> Self {
        let Some(named) = named else { return self };
        let rest = self.letters.chars().filter(|letter| !named.contains(*letter));
        Zones { letters: named.chars().chain(rest).collect(), ..self }
    }
}

/// The letters of the first `count` zones; all of them where there are fewer.
pub fn private_zones(zones: &Zones, count: i64) -> &str {
    let count = usize::try_from(count).unwrap_or(0).min(zones.letters.len());
    zones.letters.get(..count).unwrap_or("")
}

/// True for letters that are zones here; nobody knows where the region's are assumed.
pub(super) fn is_within(named: &str, zones: &Zones) -> bool {
    !zones.verified || named.chars().all(|letter| zones.letters.contains(letter))
}

/// Zone letters in the words of messages: `a`, `b` and `c`.
pub(super) fn named(letters: impl IntoIterator<Item = char>) -> String {
    let names: Vec<String> = letters.into_iter().map(|letter| format!("`{letter}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
