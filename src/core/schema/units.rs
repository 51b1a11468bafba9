//! What an amount with a unit is in the unit of a key: `5m` in seconds, `2w` in days, `1TB` in GiB, `65%` and `0.65` in percent.
//!
//! It knows units, and not what a key may take: whether the amount is in range is for its reader.

/// A unit's names in lower case, and how many of the key's own unit it is, as a fraction.
type Unit = (&'static [&'static str], i128, i128);

/// Lower-case `m` is minutes here and months nowhere.
const SECONDS: &[Unit] = &[
    (&["s", "sec", "secs", "second", "seconds"], 1, 1),
    (&["ms", "millisecond", "milliseconds"], 1, 1000),
    (&["m", "min", "mins", "minute", "minutes"], 60, 1),
    (&["h", "hr", "hrs", "hour", "hours"], 3600, 1),
    (&["d", "day", "days"], 86_400, 1),
];
const DAYS: &[Unit] = &[
    (&["d", "day", "days"], 1, 1),
    (&["h", "hr", "hrs", "hour", "hours"], 1, 24),
    (&["w", "wk", "wks", "week", "weeks"], 7, 1),
    (&["mo", "month", "months"], 30, 1),
    (&["y", "yr", "yrs", "year", "years"], 365, 1),
];
/// Clouds count a volume of 1000 GiB as 1 TB in their consoles and price lists; `Ti` is 1024 of them.
const GIB: &[Unit] = &[
    (&["g", "gb", "gi", "gib", "gig", "gigs", "gigabyte", "gigabytes"], 1, 1),
    (&["t", "tb", "terabyte", "terabytes"], 1000, 1),
    (&["ti", "tib"], 1024, 1),
    (&["mb", "megabyte", "megabytes"], 1, 1000),
    (&["mi", "mib"], 1, 1024),
];
const PERCENT: &[Unit] = &[(&["%", "percent", "pct", "per cent"], 1, 1)];
const ZONES: &[Unit] = &[(&["zone", "zones", "az", "azs"], 1, 1)];
const INSTANCES: &[Unit] =
    &[(&["instance", "instances", "x", "replica", "replicas", "node", "nodes", "server", "servers", "vm", "vms"], 1, 1)];

/// Numbers as words, from one.
const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// What people write for a time that does not end.
const FOR_EVER: [&str; 9] =
    ["forever", "for ever", "infinite", "infinity", "never", "unlimited", "indefinitely", "never expire", "never expires"];

/// How many of a key's unit a text says, where that is a whole number.
pub(super) fn amount(text: &str, unit: &str) -> Option<i64> {
    let units: &[Unit] = match unit {
        "seconds" => SECONDS,
        "days" => DAYS,
        "GiB" => GIB,
        "percent" => PERCENT,
        "zones" => ZONES,
        "instances" => INSTANCES,
        _ => &[],
    };
    let text = text.trim();
    let folded = text.to_ascii_lowercase();
    if let Some(at) = WORDS.iter().position(|word| *word == folded) {
        return i64::try_from(at).ok().map(|at| at + 1);
    }
    // `1 000` and `1,000`: separators between groups of three.
    let grouped: String = folded.chars().filter(|letter| !matches!(letter, '_' | ',' | ' ')).collect();
    if grouped != folded && grouped.bytes().all(|byte| byte.is_ascii_digit()) {
        return if is_grouped(&folded) { grouped.parse().ok() } else { None };
    }
    let is_time = matches!(unit, "seconds" | "days");
    let parts = if is_time && text.starts_with('P') { of_period(text)? } else { parts(&folded)? };
    if let [(number, "")] = parts.as_slice() {
        // `1.0` of a percentage may be all of it.
        let is_share = unit == "percent" && number.numerator <= number.denominator && folded.contains('.');
        return match (is_share, number.numerator < number.denominator) {
            (true, false) => None,
            (true, true) => number.times(100, 1),
            (false, _) => number.times(1, 1),
        };
    }
    let several = parts.len() > 1;
    let mut sum: i64 = 0;
    for (number, name) in parts {
        let (_, by, of) = units.iter().find(|(names, ..)| names.contains(&name))?;
        if several && !is_time {
            return None;
        }
        // Who counts in MB may mean 1000 or 1024 of them, whichever is whole.
        let binary = || number.times(1, 1024).filter(|_| *of == 1000 && unit == "GiB");
        sum = sum.checked_add(number.times(*by, *of).or_else(binary)?)?;
    }
    Some(sum)
}

/// True for a number with letters or a sign behind it: without them it would be another amount.
pub(super) fn has_unit(text: &str) -> bool {
    let digits = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',' | '_'));
    digits.len() < text.len() && digits.trim().starts_with(|letter: char| letter.is_alphabetic() || letter == '%')
}

/// True for words that say that something has no end.
pub(super) fn is_for_ever(text: &str) -> bool {
    FOR_EVER.contains(&text.trim().to_ascii_lowercase().as_str())
}

fn is_grouped(text: &str) -> bool {
    let mut groups = text.split(['_', ',', ' ']);
    groups.next().is_some_and(|first| (1..=3).contains(&first.len())) && groups.all(|group| group.len() == 3)
}

/// A number without a sign, as a fraction.
#[derive(Clone, Copy)]
struct Number {
    numerator: i128,
    denominator: i128,
}

impl Number {
    /// The most digits of what is read, and the greatest exponent.
    const MOST: usize = 15;

    /// Digits with at most one point and one exponent.
    fn parse(text: &str) -> Option<Number> {
        let (mantissa, exponent) = match text.split_once('e') {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let is_right = !digits.is_empty() && digits.len() <= Self::MOST && digits.bytes().all(|byte| byte.is_ascii_digit());
        let exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        let power = usize::try_from(exponent.unsigned_abs()).ok().filter(|power| is_right && *power <= Self::MOST)?;
        let power = 10_i128.checked_pow(u32::try_from(power).ok()?)?;
        let digits: i128 = digits.parse().ok()?;
        Some(if exponent < 0 {
            Number { numerator: digits, denominator: power }
        } else {
            Number { numerator: digits.checked_mul(power)?, denominator: 1 }
        })
    }

    /// The number times `by / of`, where that is whole.
    fn times(self, by: i128, of: i128) -> Option<i64> {
        let (numerator, denominator) = (self.numerator.checked_mul(by)?, self.denominator.checked_mul(of)?);
        (numerator % denominator == 0).then(|| i64::try_from(numerator / denominator).ok())?
    }
}

/// Numbers, each with what stands behind it: `1h30m`, `2 weeks`, `1e2`.
fn parts(text: &str) -> Option<Vec<(Number, &str)>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let bytes = rest.as_bytes();
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let mut end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(rest.len());
        if bytes.get(end) == Some(&b'e') {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            if is_digit(end + 1 + sign) {
                end += 1 + sign;
                end += rest.get(end..)?.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len() - end);
            }
        }
        let number = Number::parse(rest.get(..end)?)?;
        let behind = rest.get(end..)?;
        let length = behind.find(|letter: char| letter.is_ascii_digit()).unwrap_or(behind.len());
        parts.push((number, behind.get(..length)?.trim().trim_start_matches('-')));
        rest = behind.get(length..)?.trim_start();
    }
    (!parts.is_empty() && parts.len() <= 4).then_some(parts)
}

/// A period of ISO 8601: `PT5M`, `P30D`, `P1DT12H`.
fn of_period(text: &str) -> Option<Vec<(Number, &'static str)>> {
    let (days, time) = text.strip_prefix('P')?.split_once('T').unwrap_or((text.strip_prefix('P')?, ""));
    let mut all = Vec::new();
    for (part, names) in
        [(days, [("Y", "y"), ("M", "mo"), ("W", "w"), ("D", "d")].as_slice()), (time, [("H", "h"), ("M", "m"), ("S", "s")].as_slice())]
    {
        let mut rest = part;
        while !rest.is_empty() {
            let end = rest.find(|letter: char| letter.is_ascii_uppercase())?;
            let (_, name) = names.iter().find(|(letter, _)| rest.get(end..=end) == Some(*letter))?;
            all.push((Number::parse(rest.get(..end)?)?, *name));
            rest = rest.get(end + 1..)?;
        }
    }
    (!all.is_empty()).then_some(all)
}
