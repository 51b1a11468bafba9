//! Numbers, exact.

use std::cmp::Ordering;
use std::fmt;

/// A decimal number of at most 15 digits, so that nothing is rounded: what is larger is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// All its digits, without zeros at the end of a fraction.
    digits: i64,
    /// How many of them stand behind the point.
    scale: u32,
}

/// The most digits.
const MOST_DIGITS: u32 = 15;
/// The first number that has more.
const LIMIT: i64 = 10_i64.pow(MOST_DIGITS);

impl Decimal {
    /// Digits, perhaps with a minus before them, a point among them; nothing for other forms and more digits.
    pub fn parse(text: &str) -> Option<Decimal> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !are_digits(whole) || !are_digits(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = format!("{whole}{fraction}").parse::<i64>().ok().filter(|digits| *digits < LIMIT)?;
        let scale = u32::try_from(fraction.len()).ok().filter(|scale| *scale <= MOST_DIGITS)?;
        let is_negative = unsigned.len() < text.len();
        // Terraform's numbers have a negative zero.
        (digits != 0 || !is_negative).then_some(Decimal { digits: if is_negative { -digits } else { digits }, scale })
    }

    /// A whole number; nothing where it has too many digits.
    pub fn whole(number: i64) -> Option<Decimal> {
        (-LIMIT < number && number < LIMIT).then_some(Decimal { digits: number, scale: 0 })
    }

    /// The whole number that it is; nothing for one with a fraction.
    pub fn as_whole(self) -> Option<i64> {
        (self.scale == 0).then_some(self.digits)
    }

    /// The greatest whole number that is not greater.
    pub(super) fn floor(self) -> Decimal {
        Decimal { digits: self.digits.div_euclid(10_i64.pow(self.scale)), scale: 0 }
    }

    /// The least whole number that is not less; nothing where it would be a negative zero.
    pub(super) fn ceil(self) -> Option<Decimal> {
        self.negated()?.floor().negated()
    }

    /// The number with the other sign; nothing for zero.
    pub(super) fn negated(self) -> Option<Decimal> {
        (self.digits != 0).then_some(Decimal { digits: -self.digits, ..self })
    }

    /// The number without its sign.
    pub(super) fn absolute(self) -> Decimal {
        Decimal { digits: self.digits.abs(), ..self }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let scaled = |number: &Decimal| i128::from(number.digits) * 10_i128.pow(MOST_DIGITS.saturating_sub(number.scale));
        scaled(self).cmp(&scaled(other))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let power = 10_u64.pow(self.scale);
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs();
        match self.scale {
            0 => write!(out, "{sign}{digits}"),
            scale => write!(out, "{sign}{}.{:0width$}", digits / power, digits % power, width = scale as usize),
        }
    }
}
