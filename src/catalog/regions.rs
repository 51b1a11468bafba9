//! AWS regions, their partitions and the zone letters that the catalogue knows.

use std::sync::LazyLock;

use super::table::{self, Table};

static ROWS: &str = table::rows(include_str!("tables/regions.txt"));

static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| ROWS.lines().filter_map(parse).collect());
static BY_NAME: Table<&Region> = Table::new(|| regions().map(|region| (region.name, region)).collect());

/// A region of any partition. Source: the resource data of botocore and moto, see `tables/regions.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The name, such as `eu-west-1`.
    pub name: &'static str,
    /// The name that AWS gives it for people, such as `Europe (Ireland)`.
    pub description: &'static str,
    /// `aws` for the commercial regions, else `aws-cn`, `aws-us-gov` and others.
    pub partition: &'static str,
    /// The letters of its zones in order, such as `abc`, or `None` when they are not known. A letter means another
    /// zone in another account; offers are told for the account that the source was read with.
    pub zones: Option<&'static str>,
    usable_zones: Option<&'static str>,
}

impl Region {
    /// The name without its last `-` and number: `eu-west` for `eu-west-1`.
    #[must_use]
    pub fn label(&self) -> &'static str {
        self.name.rsplit_once('-').map_or(self.name, |(label, _)| label)
    }

    /// The zone letters that the compiler uses: the catalogue's without us-east-1e, where of the 1,375 types offered
    /// in us-east-1 only 68 can be had. `None` when the zones are not known.
    #[must_use]
    pub fn usable_zones(&self) -> Option<&'static str> {
        self.usable_zones
    }

    /// Whether the region belongs to the commercial partition, `aws`.
    #[must_use]
    pub fn is_commercial(&self) -> bool {
        self.partition == "aws"
    }
}

/// Every region of every partition, sorted by name.
pub fn regions() -> impl Iterator<Item = &'static Region> {
    REGIONS.iter()
}

/// The region of this name, written exactly so.
#[must_use]
pub fn region(name: &str) -> Option<&'static Region> {
    BY_NAME.find(name).copied()
}

/// Whether some region has this label: `eu-west` is one, `eu-west-1` and `eu` are not.
#[must_use]
pub fn is_region_label(text: &str) -> bool {
    regions_of_label(text).next().is_some()
}

/// The regions with this label, sorted by name; none when it is no label.
pub fn regions_of_label(label: &str) -> impl Iterator<Item = &'static Region> {
    regions().filter(move |region| region.label() == label)
}

/// The regions that a wrong name may have meant, best first, at most `limit`. A zone (`us-east-1a`), missing or other
/// separators (`useast1`, `US_EAST_1`), a label and the place in the description (`frankfurt`) are understood.
/// Commercial regions go before others that are as near.
#[must_use]
pub fn nearest_regions(text: &str, limit: usize) -> Vec<&'static Region> {
    let wanted = text.trim().to_ascii_lowercase();
    let letters = alphanumeric(&wanted);
    // A zone's name is its region's with a letter at the end.
    let without_zone =
        letters.strip_suffix(|last: char| last.is_ascii_lowercase()).filter(|rest| rest.ends_with(|last: char| last.is_ascii_digit()));
    let cost = |region: &Region| {
        let name = alphanumeric(region.name);
        if name == letters || without_zone.is_some_and(|rest| rest == name) {
            return 0;
        }
        // Of a label's regions the lowest number comes first, by the order of the table.
        if region.label() == wanted || alphanumeric(region.label()) == letters {
            return 1;
        }
        let place = region.description.to_ascii_lowercase();
        if letters.len() >= 4 && (place.contains(&wanted) || alphanumeric(&place).contains(&letters)) {
            return 1;
        }
        2 * strsim::osa_distance(&name, without_zone.unwrap_or(&letters))
    };
    let mut ranked: Vec<_> = regions().map(|region| (cost(region), !region.is_commercial(), region)).collect();
    ranked.sort_by_key(|(cost, other_partition, _)| (*cost, *other_partition));
    ranked.into_iter().take(limit).map(|(_, _, region)| region).collect()
}

fn alphanumeric(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn parse(row: &'static str) -> Option<Region> {
    let mut fields = row.split('\t');
    let name = fields.next()?;
    let partition = fields.next()?;
    let zones = known(fields.next()?);
    let usable_zones = known(fields.next()?);
    let description = fields.next()?;
    Some(Region { name, description, partition, zones, usable_zones })
}

fn known(field: &'static str) -> Option<&'static str> {
    (field != "-").then_some(field)
}
