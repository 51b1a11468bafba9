//! What is said of a named database, a database's name, its snapshot, its times of the day and the week, and its parameters.
//!
//! What a cloud takes as a name or a value, the cloud knows.

use super::identifier::{IdentifierKind, identifier};
use super::kinds::{is_off, section_off};
use super::read::invalid_identifier;
use super::walk::Walk;
use super::{Type, section};
use crate::clouds::Cloud;
use crate::diagnostics::{Diagnostic, codes, shown};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Mapping, Value};
use smol_str::SmolStr;

/// Minutes of a day.
const DAY: i32 = 24 * 60;
/// Minutes of a week.
const WEEK: i32 = 7 * DAY;
/// The fewest minutes of a database's window (RDS API, `PreferredBackupWindow` and `PreferredMaintenanceWindow` of `CreateDBInstance`).
pub(super) const SHORTEST_OF_DATABASES: i32 = 30;
/// The fewest minutes of a cache's (ElastiCache API, `PreferredMaintenanceWindow` of `CreateReplicationGroup`; `snapshot_window` of the provider's
/// documentation).
pub(super) const SHORTEST_OF_CACHES: i32 = 60;
/// The days of the week as windows have them, from Monday.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A time that comes back every day or every week, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Minutes from the start of the day, or of Monday, in UTC.
    start: i32,
    /// How long it is; it may go over the end of the day or of the week.
    length: i32,
    /// After how many minutes it comes back.
    period: i32,
}

impl Window {
    /// True where two windows have a minute in common.
    pub fn overlaps(self, other: Window) -> bool {
        let starts = |window: Window| (0..WEEK / window.period).map(move |times| window.start + times * window.period);
        // One that goes over the end of the week is there at its start too.
        let meet =
            |one: i32, two: i32| [-WEEK, 0, WEEK].into_iter().any(|week| one < two + week + other.length && two + week < one + self.length);
        starts(self).any(|one| starts(other).any(|two| meet(one, two)))
    }
}

/// Reads `03:00-04:00` or `sun:04:00-sun:05:00`; nothing for another text.
pub fn window(text: &str) -> Option<Window> {
    let (from, to) = text.split_once('-')?;
    let (start, period) = point(from)?;
    let (end, of_end) = point(to)?;
    (period == of_end).then(|| Window { start, length: (end - start).rem_euclid(period), period })
}

/// A point of the day, or of the week where a day stands before it, in minutes.
fn point(text: &str) -> Option<(i32, i32)> {
    let number = |text: &str, most: i32| {
        let is_pair = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i32>().ok().filter(|number| is_pair && *number <= most)
    };
    let minutes = |hours: &str, minutes: &str| Some(number(hours, 23)? * 60 + number(minutes, 59)?);
    match text.split(':').collect::<Vec<_>>().as_slice() {
        [hours, rest] => Some((minutes(hours, rest)?, DAY)),
        [day, hours, rest] => {
            let day = i32::try_from(DAYS.iter().position(|known| known == day)?).ok()?;
            Some((day * DAY + minutes(hours, rest)?, WEEK))
        }
        _ => None,
    }
}

/// A window of the day or of the week, of some minutes at least.
pub(super) fn of_window(kind: Type, key: &str, text: &str, span: Span) -> Result<(), Diagnostic> {
    let (period, shortest, what, example) = match kind {
        Type::WeeklyWindow { shortest } => (WEEK, shortest, "a time of the week", "sun:04:00-sun:05:00"),
        Type::DailyWindow { shortest } => (DAY, shortest, "a time of the day", "03:00-04:00"),
        _ => return Ok(()),
    };
    let help = match period {
        WEEK => format!("write two times in UTC, each with its day (`mon` to `sun`), such as `{example}`"),
        _ => format!("write two times in UTC, with hours from 00 to 23, such as `{example}`"),
    };
    match window(text).filter(|window| window.period == period) {
        Some(window) if window.length >= shortest => Ok(()),
        Some(window) => Err(Diagnostic::new(&codes::INVALID_WINDOW, format!("`{key}` is {} minutes long", window.length))
            .at(span, format!("expected at least {shortest} minutes"))
            .help(format!("write a later end: the time has at least {shortest} minutes, as `{example}` has"))),
        None => {
            let diagnostic = Diagnostic::new(&codes::INVALID_WINDOW, format!("`{}` is not {what}", shown(text)));
            let lower = text.to_ascii_lowercase();
            let is_meant = lower != text && window(&lower).is_some_and(|window| window.period == period && window.length >= shortest);
            Err(match is_meant {
                true => diagnostic.at(span, "days are written small").help(format!("write `{lower}`")).fix(span, lower),
                false => diagnostic.at(span, format!("expected {what}")).help(help),
            })
        }
    }
}

impl Walk<'_> {
    /// The entries of `databases`, each of which takes the keys of `database`.
    pub(super) fn databases(&mut self, mapping: &Mapping) {
        let Some(section) = section("database") else { return };
        self.section = section.name;
        for Entry { key, value, .. } in &mapping.entries {
            if section.key(&key.value).is_some() && !matches!(value.value, Value::Mapping(_)) {
                self.report(without_name(key));
                continue;
            }
            if let Err(reason) = identifier(IdentifierKind::Database, &key.value) {
                self.report(invalid_identifier(self.cloud, IdentifierKind::Database, &key.value, key.span, &reason));
            } else if is_off(value) {
                self.report(section_off(&key.value, value, self.goes_over_others));
                continue;
            }
            if let Some(keys) = self.mapping("an entry of `databases`", value) {
                self.keys(section.name, section.keys, keys);
            }
        }
    }
}

/// A key of one database where names of databases belong.
fn without_name(key: &Spanned<SmolStr>) -> Diagnostic {
    Diagnostic::new(&codes::UNKNOWN_KEY, format!("unknown key `{}` in `databases`", key.value))
        .at(key.span, "a key of one database, and names stand here")
        .help(format!(
            "write a name of your choice below `databases:`, such as `orders:`, and `{}` below that; or write `database:` for a single one",
            key.value
        ))
}

/// The name of the database that an instance is made with.
pub(super) fn name(cloud: &dyn Cloud, text: &str, span: Span) -> Result<(), Diagnostic> {
    let Err(reason) = cloud.database_name(text) else { return Ok(()) };
    let diagnostic = Diagnostic::new(&codes::INVALID_IDENTIFIER, format!("`{}` cannot be the name of a database", shown(text)));
    let help = "a database's name has 1 to 63 letters, digits and `_`, and starts with a letter";
    let meant: String = text.chars().map(|letter| if matches!(letter, '-' | ' ' | '.') { '_' } else { letter }).collect();
    Err(match meant != text && cloud.database_name(&meant).is_ok() {
        true => diagnostic.at(span, reason).help(format!("write `{meant}`: {help}")).suggest(span, meant),
        false => diagnostic.at(span, reason).help(help),
    })
}

/// The name or the ARN of a snapshot.
pub(super) fn snapshot(cloud: &dyn Cloud, text: &str, span: Span) -> Result<(), Diagnostic> {
    let Err(reason) = cloud.snapshot(text) else { return Ok(()) };
    Err(Diagnostic::new(&codes::INVALID_IDENTIFIER, format!("`{}` cannot be a snapshot", shown(text)))
        .at(span, reason)
        .help("write the snapshot's name, such as `orders-before-upgrade`, or the ARN of one that another account shares"))
}

/// The name of a parameter: one that the cloud has the form of, and that is the customer's to set.
pub(super) fn parameter_name(cloud: &dyn Cloud, text: &str, span: Span) -> Result<(), Diagnostic> {
    if let Err(reason) = cloud.parameter_name(text) {
        let diagnostic = Diagnostic::new(&codes::INVALID_PARAMETER, format!("`{}` cannot be a database parameter", shown(text)));
        let meant = text.to_ascii_lowercase().replace('-', "_");
        let diagnostic = diagnostic.at(span, reason);
        return Err(match meant != text && cloud.parameter_name(&meant).is_ok() {
            true => diagnostic.help(format!("write `{meant}`, as the engine's documentation has it")).suggest(span, meant),
            false => {
                diagnostic.help("a parameter has the name that the engine's documentation has, in small letters, such as `log_statement`")
            }
        });
    }
    match cloud.refused_parameter(text) {
        None => Ok(()),
        Some(reason) => Err(Diagnostic::new(&codes::UNSAFE_PARAMETER, format!("the parameter `{}` cannot be set", shown(text)))
            .at(span, reason)
            .help("remove it: what protects the data in a database is the same for all customers; your service provider can say more")),
    }
}

/// The value of a parameter.
pub(super) fn parameter_value(cloud: &dyn Cloud, key: &str, text: &str, span: Span) -> Result<(), Diagnostic> {
    let Err(reason) = cloud.parameter_value(text) else { return Ok(()) };
    let message = format!("the cloud refuses the value of the parameter `{}`", shown(key));
    Err(Diagnostic::new(&codes::INVALID_PARAMETER, message)
        .at(span, reason)
        .help("write the value on one line, as the engine's documentation has it; to leave the parameter to the engine, remove it"))
}

#[cfg(test)]
mod tests {
    use super::window;

    #[test]
    fn windows_overlap_where_they_have_a_minute_in_common() {
        let overlap = |daily: &str, weekly: &str| {
            let (daily, weekly) = (window(daily), window(weekly));
            let (Some(daily), Some(weekly)) = (daily, weekly) else { return false };
            assert_eq!(daily.overlaps(weekly), weekly.overlaps(daily));
            daily.overlaps(weekly)
        };
        assert!(overlap("03:00-04:00", "sun:03:30-sun:04:30"));
        assert!(overlap("03:00-04:00", "mon:03:59-mon:05:00"));
        assert!(!overlap("03:00-04:00", "sun:04:00-sun:05:00"));
        assert!(!overlap("03:00-04:00", "wed:02:00-wed:03:00"));
        // Over midnight, and over the end of the week.
        assert!(overlap("23:30-00:30", "mon:00:00-mon:01:00"));
        assert!(overlap("00:00-01:00", "sun:23:30-mon:00:30"));
        assert!(overlap("23:45-00:15", "sun:23:30-mon:00:30"));
        assert!(!overlap("01:00-02:00", "sun:23:30-mon:00:30"));
        // Longer than a day.
        assert!(overlap("12:00-13:00", "tue:13:00-thu:11:00"));
        assert!(!overlap("12:00-13:00", "tue:13:00-wed:12:00"));
    }

    #[test]
    fn only_windows_are_read() {
        for text in
            ["", "03:00", "3:00-4:00", "24:00-25:00", "03:00-sun:04:00", "Sun:04:00-Sun:05:00", "03:60-04:00", "03:00 - 04:00", "a-b"]
        {
            assert_eq!(window(text), None, "{text}");
        }
    }
}
