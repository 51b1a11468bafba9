//! A day of the calendar. What day it is, the caller says: nothing here looks at a clock.

use std::fmt;
use std::str::FromStr;
use time::{Duration, Month, UtcDateTime};

/// A day, as `2026-12-31` has it: by the Gregorian calendar, of the years 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(time::Date);

/// The days from 1970-01-01 to 9999-12-31.
const LAST_DAY: u64 = 2_932_896;

impl Date {
    /// The day so many days after 1970-01-01, and never one after 9999-12-31.
    pub fn after_1970(days: u64) -> Date {
        Date(UtcDateTime::UNIX_EPOCH.date().saturating_add(Duration::DAY.saturating_mul(days.min(LAST_DAY) as i32)))
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Date, String> {
        let number = |part: &str, digits: usize| {
            let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| part.parse::<u16>().ok()).flatten()
        };
        let small = |part: &str| number(part, 2).and_then(|number| u8::try_from(number).ok());
        let mut parts = text.split('-');
        let date = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(year), Some(month), Some(day), None) => number(year, 4).zip(small(month)).zip(small(day)),
            _ => None,
        };
        let date =
            date.and_then(|((year, month), day)| time::Date::from_calendar_date(year.into(), Month::try_from(month).ok()?, day).ok());
        date.map(Date).ok_or_else(|| "write a day of the calendar, such as `2026-12-31`".to_owned())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::{Date, LAST_DAY};

    #[test]
    fn days_are_those_of_the_calendar() {
        let days = [(0, "1970-01-01"), (58, "1970-02-28"), (59, "1970-03-01"), (789, "1972-02-29"), (11_016, "2000-02-29")];
        for (days, day) in days.into_iter().chain([(20_786, "2026-11-29"), (47_541, "2100-03-01"), (LAST_DAY, "9999-12-31")]) {
            assert_eq!(Date::after_1970(days).to_string(), day);
            assert_eq!(day.parse(), Ok(Date::after_1970(days)));
        }
        assert_eq!(Date::after_1970(u64::MAX).to_string(), "9999-12-31");
    }

    #[test]
    fn what_is_no_day_is_refused() {
        let wrong = ["", "2026", "2026-12", "2026-13-01", "2026-00-10", "2026-01-00", "2026-02-29", "2100-02-29", "2026-04-31"];
        for text in
            wrong.into_iter().chain(["26-12-31", "2026-1-1", "2026-12-31-1", "2026/12/31", "31-12-2026", "+026-12-31", "2026-12-3é"])
        {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn days_are_in_their_order() {
        let dates: Vec<Date> = (0..1000).map(Date::after_1970).collect();
        assert!(dates.is_sorted());
    }
}
