//! EC2 instance types: their figures and the zones in which they are offered.

use crate::clouds::table::{self, Table};
use crate::clouds::{Architecture, InstanceType, Offer};

use super::{nearest, previous_generation, region};

static TYPES: &str = table::rows(include_str!("tables/instance-types.txt"));
static OFFERS: &str = table::rows(include_str!("tables/zone-offers.txt"));
static TYPES_BY_NAME: Table<InstanceType> = Table::new(|| table::read(TYPES, parse));
static OFFERS_BY_NAME: Table<Vec<(&str, &str)>> = Table::new(|| table::read(OFFERS, |row| Some(offers(row))));

/// The type of this name, written exactly so.
#[must_use]
pub fn instance_type(name: &str) -> Option<InstanceType> {
    TYPES_BY_NAME.find(name).copied()
}

/// The architecture of an instance type: the catalogue's, and for types that it does not have by the `g` that AWS puts behind the
/// generation of its own processors ("Amazon EC2 instance type naming conventions" in the EC2 user guide).
pub(super) fn architecture(name: &str) -> Architecture {
    if let Some(known) = instance_type(name) {
        return known.architecture();
    }
    let family = name.split('.').next().unwrap_or("");
    let behind_digits =
        family.trim_start_matches(|letter: char| !letter.is_ascii_digit()).trim_start_matches(|letter: char| letter.is_ascii_digit());
    if behind_digits.contains('g') { Architecture::Arm64 } else { Architecture::X86_64 }
}

/// Every instance type, sorted by the bytes of the name.
pub fn instance_types() -> impl Iterator<Item = InstanceType> {
    TYPES.lines().filter_map(parse)
}

/// The names of every instance type, sorted by their bytes.
pub fn instance_type_names() -> impl Iterator<Item = &'static str> {
    TYPES.lines().map(table::key)
}

/// Whether and where `region` offers the type. Source: `tables/zone-offers.txt`.
#[must_use]
pub fn zones_offering(instance_type: &InstanceType, region: &str) -> Offer {
    if !is_known_region(region) {
        return Offer::Unknown;
    }
    offers_of(instance_type).iter().find(|(name, _)| *name == region).map_or(Offer::NotOffered, |(_, zones)| Offer::Zones(zones))
}

/// Whether the type's family is one that AWS has replaced by newer ones, on [`super::AS_OF`]. The name need not be in
/// the table: AWS no longer sells some of these families at all. Source: `tables/previous-generation.txt`.
#[must_use]
pub fn is_previous_generation(instance_type: &str) -> bool {
    !instance_type.starts_with("db.") && previous_generation::is_previous(instance_type)
}

/// The types that a name which is in no table may have meant, best first, at most `limit`; only those that `region`
/// offers, when one is given whose data is known. A slip of the keyboard gets the type that was meant; a size that the
/// family does not have gets the family's nearest sizes; a family that does not exist gets the same size of the nearest
/// family. An RDS class (`db.t3.medium`) gets the EC2 type.
#[must_use]
pub fn nearest_instance_types(name: &str, region: Option<&str>, limit: usize) -> Vec<&'static str> {
    let filter = region.filter(|region| is_known_region(region));
    let offered =
        |instance_type: &InstanceType| filter.is_none_or(|region| matches!(zones_offering(instance_type, region), Offer::Zones(_)));
    let without_prefix = name.trim().strip_prefix("db.").unwrap_or(name);
    // The whole table is the vocabulary, so that a family which is right stays right in a region that lacks it.
    nearest::rank(&[without_prefix], instance_type_names(), limit, |name| {
        instance_type(name).filter(&offered).map(|found| offering_regions(&found))
    })
}

fn is_known_region(name: &str) -> bool {
    region(name).is_some_and(|region| region.zones.is_some())
}

/// The number of regions that offer the type, of those whose data is known.
pub(super) fn offering_regions(instance_type: &InstanceType) -> usize {
    offers_of(instance_type).len()
}

/// The regions that offer a type, and the letters of the zones.
fn offers_of(instance_type: &InstanceType) -> &'static [(&'static str, &'static str)] {
    OFFERS_BY_NAME.find(instance_type.offers).map_or(&[], Vec::as_slice)
}

/// A type of the table. Source: the resource data of moto, see `tables/instance-types.txt`.
fn parse(row: &'static str) -> Option<InstanceType> {
    let mut fields = row.split('\t');
    let name = fields.next()?;
    let vcpu = fields.next()?.parse().ok()?;
    let memory_mib = fields.next()?.parse().ok()?;
    let architectures = fields.next()?;
    let offers = fields.next()?;
    Some(InstanceType { name, vcpu, memory_mib, architectures, offers })
}

/// The regions and zones of a row, which has cells such as `eu-west-1:abc` behind its key.
fn offers(row: &'static str) -> Vec<(&'static str, &'static str)> {
    let (_, cells) = row.split_once('\t').unwrap_or_default();
    cells.split(' ').filter_map(|cell| cell.split_once(':')).collect()
}
