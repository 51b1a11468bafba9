//! EC2 instance types: their figures and the zones in which they are offered.

use std::fmt;

use crate::clouds::table::{self, Table};

use super::{family, nearest, previous_generation, region};

static TYPES: &str = table::rows(include_str!("tables/instance-types.txt"));
static OFFERS: &str = table::rows(include_str!("tables/zone-offers.txt"));
static TYPES_BY_NAME: Table<InstanceType> = Table::new(|| table::read(TYPES, InstanceType::parse));
static OFFERS_BY_NAME: Table<Vec<(&str, &str)>> = Table::new(|| table::read(OFFERS, |row| Some(offers(row))));

/// A processor architecture, as machine images are built for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Architecture {
    /// 64-bit x86.
    X86_64,
    /// 64-bit ARM: Graviton, and Apple silicon.
    Arm64,
}

impl Architecture {
    /// `x86_64` or `arm64`, the words of the EC2 API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// An EC2 instance type. Source: the resource data of moto, see `tables/instance-types.txt`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InstanceType {
    /// The name, such as `m7g.large`.
    pub name: &'static str,
    /// Virtual CPUs, 1 or more.
    pub vcpu: u16,
    /// Memory in MiB.
    pub memory_mib: u32,
    architectures: &'static str,
    offers: &'static str,
}

impl InstanceType {
    /// The architecture to choose an image for: `x86_64` where the type takes i386 images too. No type of the table
    /// takes i386 alone; one that did would count as x86.
    #[must_use]
    pub fn architecture(&self) -> Architecture {
        if self.architectures.contains("arm64") { Architecture::Arm64 } else { Architecture::X86_64 }
    }

    /// Whether the type is a Mac, which boots macOS images only and needs a dedicated host.
    #[must_use]
    pub fn is_mac(&self) -> bool {
        self.architectures.ends_with("_mac")
    }

    /// What stands before the dot of the name: `m7g`.
    #[must_use]
    pub fn family(&self) -> &'static str {
        family::split(self.name).0
    }

    /// What stands after the dot of the name: `large`.
    #[must_use]
    pub fn size(&self) -> &'static str {
        family::split(self.name).1
    }

    /// The number of regions that offer the type, of those whose data is known.
    pub(super) fn offering_regions(&self) -> usize {
        self.offers().len()
    }

    /// The regions that offer it, and the letters of the zones.
    fn offers(&self) -> &'static [(&'static str, &'static str)] {
        OFFERS_BY_NAME.find(self.offers).map_or(&[], Vec::as_slice)
    }

    fn parse(row: &'static str) -> Option<Self> {
        let mut fields = row.split('\t');
        let name = fields.next()?;
        let vcpu = fields.next()?.parse().ok()?;
        let memory_mib = fields.next()?.parse().ok()?;
        let architectures = fields.next()?;
        let offers = fields.next()?;
        Some(Self { name, vcpu, memory_mib, architectures, offers })
    }
}

/// Whether and where a region offers an instance type. Source: `tables/zone-offers.txt`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Offer {
    /// In the zones of these letters, at least one, in order: `abd`.
    Zones(&'static str),
    /// The region's data is known and the type is not in it.
    NotOffered,
    /// The region is not in the table, or its zones are not known.
    Unknown,
}

/// The type of this name, written exactly so.
#[must_use]
pub fn instance_type(name: &str) -> Option<InstanceType> {
    TYPES_BY_NAME.find(name).copied()
}

/// Every instance type, sorted by the bytes of the name.
pub fn instance_types() -> impl Iterator<Item = InstanceType> {
    TYPES.lines().filter_map(InstanceType::parse)
}

/// The names of every instance type, sorted by their bytes.
pub fn instance_type_names() -> impl Iterator<Item = &'static str> {
    TYPES.lines().map(table::key)
}

/// Whether and where `region` offers the type.
#[must_use]
pub fn zones_offering(instance_type: &InstanceType, region: &str) -> Offer {
    if !is_known_region(region) {
        return Offer::Unknown;
    }
    instance_type.offers().iter().find(|(name, _)| *name == region).map_or(Offer::NotOffered, |(_, zones)| Offer::Zones(zones))
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
        instance_type(name).filter(&offered).map(|found| found.offering_regions())
    })
}

fn is_known_region(name: &str) -> bool {
    region(name).is_some_and(|region| region.zones.is_some())
}

/// The regions and zones of a row, which has cells such as `eu-west-1:abc` behind its key.
fn offers(row: &'static str) -> Vec<(&'static str, &'static str)> {
    let (_, cells) = row.split_once('\t').unwrap_or_default();
    cells.split(' ').filter_map(|cell| cell.split_once(':')).collect()
}
