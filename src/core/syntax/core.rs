//! What plain text is under the YAML 1.2 core schema (yaml.org/spec/1.2.2, section 10.3.2).

use smol_str::SmolStr;

/// The kind of a plain scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// Nothing, `~`, `null`, `Null`, `NULL`.
    Null,
    /// `true` or `false`, in three spellings.
    Boolean(bool),
    /// An integer in decimal, `0o` or `0x`; nothing when it does not fit 64 bits.
    Integer(Option<i64>),
    /// A number with a fraction or an exponent, `.inf`, `.nan`.
    Float,
    /// Anything else.
    Text,
}

/// Reads a plain scalar.
pub fn plain(text: &str) -> Plain {
    // The first letter says text, which most is, from the rest.
    match text.as_bytes().first() {
        None | Some(b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F') => word(text),
        Some(b'0'..=b'9' | b'-' | b'+' | b'.') => number(text),
        Some(_) => Plain::Text,
    }
}

fn word(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Boolean(true),
        "false" | "False" | "FALSE" => Plain::Boolean(false),
        _ => Plain::Text,
    }
}

fn number(text: &str) -> Plain {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if all(unsigned, u8::is_ascii_digit) {
        return Plain::Integer(text.strip_prefix('+').unwrap_or(text).parse().ok());
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") || matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Plain::Float;
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return if all(digits, |digit| (b'0'..=b'7').contains(digit)) {
            Plain::Integer(i64::from_str_radix(digits, 8).ok())
        } else {
            Plain::Text
        };
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return if all(digits, u8::is_ascii_hexdigit) { Plain::Integer(i64::from_str_radix(digits, 16).ok()) } else { Plain::Text };
    }
    if is_float(unsigned) { Plain::Float } else { Plain::Text }
}

fn all(digits: &str, valid: impl Fn(&u8) -> bool) -> bool {
    !digits.is_empty() && digits.as_bytes().iter().all(valid)
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(unsigned: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    if let Some(exponent) = exponent {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if exponent.is_empty() || !digits(exponent) {
            return false;
        }
    }
    match mantissa.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && digits(fraction),
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => !mantissa.is_empty() && digits(mantissa),
    }
}

/// Text in NFC, as Terraform normalises it (measured: `docs/decisions.md`).
pub(super) fn normalised(text: &str) -> SmolStr {
    if text.is_ascii() { SmolStr::new(text) } else { unicode_normalization::UnicodeNormalization::nfc(text).collect() }
}
