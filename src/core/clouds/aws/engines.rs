//! The support of the RDS engines' major versions on the day of the tables.

use std::cmp::Reverse;
use std::sync::LazyLock;

use crate::clouds::table;
use crate::clouds::{Engine, EngineVersion, SupportStatus, VersionStatus};

static ROWS: &str = table::rows(include_str!("tables/rds-engine-versions.txt"));

static VERSIONS: LazyLock<Vec<EngineVersion>> = LazyLock::new(|| ROWS.lines().filter_map(parse).collect());

/// What the table says of `version`, a major or a full version as the customer wrote it. Minor versions are not judged.
#[must_use]
pub fn engine_version(engine: Engine, version: &str) -> VersionStatus {
    let major = engine.major_of(version);
    let found = VERSIONS.iter().find(|row| row.engine == engine && Some(row.major) == major);
    match found {
        Some(row) => match row.status {
            SupportStatus::Standard => VersionStatus::Supported(row),
            SupportStatus::Extended => VersionStatus::Extended(row),
            SupportStatus::Ended => VersionStatus::Ended(row),
        },
        None => {
            let newest = newest_majors(engine);
            let first_number = |text: &str| text.split(['.', '-']).next().map(str::to_owned);
            let same_first = newest.iter().find(|row| first_number(row.major) == first_number(version));
            VersionStatus::Unknown { suggestion: same_first.or(newest.first()).copied() }
        }
    }
}

/// The engine's major versions in standard support on [`super::AS_OF`], newest first.
#[must_use]
pub fn newest_majors(engine: Engine) -> Vec<&'static EngineVersion> {
    let mut rows: Vec<_> = VERSIONS.iter().filter(|row| row.engine == engine && row.status == SupportStatus::Standard).collect();
    rows.sort_by_key(|row| Reverse(numbers(row.major)));
    rows
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map(|number| number.parse().unwrap_or(0)).collect()
}

fn parse(row: &'static str) -> Option<EngineVersion> {
    let mut fields = row.split('\t');
    let engine = Engine::parse(fields.next()?)?;
    let major = fields.next()?;
    let status = match fields.next()? {
        "standard" => SupportStatus::Standard,
        "extended" => SupportStatus::Extended,
        "ended" => SupportStatus::Ended,
        _ => return None,
    };
    let date = |field: &'static str| (field != "-").then_some(field);
    let standard_support_ends = date(fields.next()?);
    let extended_support_ends = date(fields.next()?);
    Some(EngineVersion { engine, major, status, standard_support_ends, extended_support_ends })
}
