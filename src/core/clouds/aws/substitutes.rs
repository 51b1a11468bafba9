//! What to take in the place of an instance type that exists but will not do: one of a previous generation, or one that
//! the region does not offer.

use std::cmp::Reverse;

use super::family::Family;
use super::instance_types::{instance_type, instance_types, is_previous_generation, offering_regions, zones_offering};
use super::previous_generation;
use crate::clouds::table::{self, Table};
use crate::clouds::{InstanceType, Offer};

/// How many types [`nearest_offered`] names at most.
const SUBSTITUTES: usize = 3;

/// The lines whose machines have hardware of their own (accelerators, Macs, memory by the terabyte, clusters): nothing
/// outside of the line does what they do, and nobody wants one who asked for another.
const SPECIAL_LINES: [&str; 11] = ["dl", "f", "g", "gr", "hpc", "inf", "mac", "p", "trn", "u", "vt"];

/// A present-day type of the same size for a type of a previous generation: the first family in its row of
/// `tables/previous-generation.txt` that has the size (`m3.large` gets `m7i.large`, `m1.small` gets `t3.small`).
/// `None` for types of the current generation, and where no family has the size.
#[must_use]
pub fn current_equivalent(name: &str) -> Option<&'static str> {
    previous_generation::successor(name, |candidate| instance_type(candidate).map(|found| found.name))
}

static RETIRED: Table<&str> =
    Table::new(|| table::read(table::rows(include_str!("tables/retired.txt")), |row| row.split_once('\t').map(|(_, types)| types)));

/// The types to take in the place of one that AWS retired and the table of types no longer has, those that `region` offers first; none for
/// other names. Source: `tables/retired.txt`.
#[must_use]
pub fn successors_of_retired(name: &str, region: &str) -> Vec<&'static str> {
    let successors = RETIRED.find(&name.trim().to_ascii_lowercase()).copied().unwrap_or_default();
    let known: Vec<InstanceType> = successors.split(' ').filter_map(instance_type).collect();
    let offered = |found: &&InstanceType| !matches!(zones_offering(found, region), Offer::NotOffered);
    known.iter().filter(offered).take(SUBSTITUTES).map(|found| found.name).collect()
}

/// True when the name is of a line with hardware of its own, such as graphics processors: types of other lines do not do what it does.
#[must_use]
pub fn is_special(name: &str) -> bool {
    let (family, _) = super::family::split(name);
    SPECIAL_LINES.contains(&Family::parse(&family.to_ascii_lowercase()).line)
}

/// For a type that `region` does not offer, the types that it does offer and that come nearest, best first, at most
/// three. They have the same architecture, and the same size where there is one; then count, in this order, a current
/// generation, the same line, the memory, the same capabilities (local disks, network and so on), the same maker of the
/// processor, a near generation (of two as near, the newer), and the number of regions that offer it. When nothing has
/// that size, the line's types with the nearest number of vCPUs, else any line's. Lines with hardware of their own, such
/// as graphics processors, get types of their line alone. Empty when there are none, and when the type or the region's
/// data is not known.
#[must_use]
pub fn nearest_offered(name: &str, region: &str) -> Vec<&'static str> {
    let Some(wanted) = instance_type(name) else { return Vec::new() };
    let wanted_family = Family::parse(wanted.family());
    let special = SPECIAL_LINES.contains(&wanted_family.line);
    let same_line = |other: &InstanceType| Family::parse(other.family()).line == wanted_family.line;
    let kindred = |other: &InstanceType| {
        if special { same_line(other) } else { !SPECIAL_LINES.contains(&Family::parse(other.family()).line) }
    };
    let alike = |other: &InstanceType| other.architecture() == wanted.architecture() && other.name != wanted.name && kindred(other);
    // What the region offers costs more to find out than all else, so that it comes last.
    let offered = |other: &InstanceType| matches!(zones_offering(other, region), Offer::Zones(_));
    let choose = |filter: &dyn Fn(&InstanceType) -> bool| -> Vec<InstanceType> {
        instance_types().filter(|other| alike(other) && filter(other) && offered(other)).collect()
    };
    let mut ranked = choose(&|other| other.size() == wanted.size());
    if ranked.is_empty() {
        ranked = choose(&same_line);
    }
    if ranked.is_empty() {
        ranked = choose(&|_| true);
    }
    ranked.sort_by_cached_key(|other| {
        let found = Family::parse(other.family());
        (
            // Types of one size have nearly as many; bare metal and other sizes do not.
            doublings(wanted.vcpu.into(), other.vcpu.into()),
            is_previous_generation(other.name),
            found.line != wanted_family.line,
            // In another line, memory says what the machine is for.
            doublings(wanted.memory_mib, other.memory_mib),
            found.capabilities_apart(&wanted_family),
            found.processor != wanted_family.processor,
            found.generation.abs_diff(wanted_family.generation),
            Reverse(found.generation),
            Reverse(offering_regions(other)),
            other.name,
        )
    });
    ranked.into_iter().take(SUBSTITUTES).map(|other| other.name).collect()
}

/// How often the smaller number has to be doubled to reach the larger one, rounded down.
fn doublings(left: u32, right: u32) -> u32 {
    (left.max(right) / left.min(right).max(1)).max(1).ilog2()
}
