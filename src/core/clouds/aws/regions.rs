//! AWS regions, their partitions and the zone letters that the catalogue knows.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::clouds::Region;
use crate::clouds::table::{self, Table};

static ROWS: &str = table::rows(include_str!("tables/regions.txt"));

static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| ROWS.lines().filter_map(parse).collect());
static PLACES: Table<&str> =
    Table::new(|| table::read(table::rows(include_str!("tables/places.txt")), |row| row.split_once('\t').map(|(_, regions)| regions)));
static BY_NAME: Table<&Region> = Table::new(|| regions().map(|region| (region.name, region)).collect());
/// Every customer's documents ask whether a name is a label.
static LABELS: LazyLock<HashSet<&str>> = LazyLock::new(|| regions().map(Region::label).collect());

/// Every region of every partition, sorted by name.
pub fn regions() -> std::slice::Iter<'static, Region> {
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
    LABELS.contains(text)
}

/// The regions with this label, sorted by name; none when it is not a label.
pub fn regions_of_label(label: &str) -> impl Iterator<Item = &'static Region> {
    regions().filter(move |region| region.label() == label)
}

/// The regions at a place that people know by another name: a region's description or the place in it (`Europe (Frankfurt)`,
/// `frankfurt`), a city, a country, or a region of another cloud that is there (`westus`). Best first; none for other texts.
#[must_use]
pub fn regions_of_place(text: &str) -> Vec<&'static Region> {
    let wanted = alphanumeric(&plain_letters(text));
    let without = |prefix: &str| wanted.strip_prefix(prefix).filter(|rest| rest.len() >= SHORTEST_PLACE);
    let place = without("europe").or_else(|| without("eu")).or_else(|| without("aws")).unwrap_or(&wanted);
    let names = [wanted.as_str(), place];
    let is_there = |region: &Region| {
        let description = alphanumeric(&plain_letters(region.description));
        let city = region.description.split_once('(').map_or("", |(_, city)| city.trim_end_matches(')'));
        let city = alphanumeric(&plain_letters(city));
        names.iter().any(|name| *name == description || city.len() >= SHORTEST_PLACE && city != "central" && *name == city)
    };
    let described: Vec<_> = regions().filter(|region| region.is_commercial() && is_there(region)).collect();
    if !described.is_empty() {
        return described;
    }
    // `us-east-4` is written as AWS writes regions, and `us-east4` as Google does.
    let is_of_aws = text.rsplit_once('-').is_some_and(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()));
    if is_of_aws {
        return Vec::new();
    }
    let found = names.iter().find_map(|name| PLACES.find(name)).copied().unwrap_or_default();
    found.split(' ').filter_map(region).collect()
}

/// The shortest name of a place in the descriptions, `UAE`.
const SHORTEST_PLACE: usize = 3;

/// Lower case, without the marks of the letters that names of regions have.
fn plain_letters(text: &str) -> String {
    let plain = |letter: char| match letter {
        'ã' | 'á' | 'à' | 'â' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'ü' => 'u',
        'ö' => 'o',
        other => other,
    };
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

fn alphanumeric(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A region of the table; its partition is `aws` for the commercial regions, else `aws-cn`, `aws-us-gov` and others. Of the zone letters that
/// the compiler uses us-east-1e is left out, where of the 1,375 types offered in us-east-1 only 68 can be had. Source: the resource data of
/// botocore and moto, see `tables/regions.txt`.
fn parse(row: &'static str) -> Option<Region> {
    let mut fields = row.split('\t');
    let name = fields.next()?;
    let partition = fields.next()?;
    let zones = known(fields.next()?);
    let usable_zones = known(fields.next()?);
    let description = fields.next()?;
    Some(Region { name, description, zones, is_commercial: partition == "aws", usable_zones })
}

fn known(field: &'static str) -> Option<&'static str> {
    (field != "-").then_some(field)
}
