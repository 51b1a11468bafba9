//! Text to an HCL string literal that Terraform reads back as the same text.
//!
//! Measured with Terraform 1.11.4 on hostile strings: see docs/decisions.md. Neither hcl-rs nor hcl-edit is used for this, since their
//! escaping lets `${a}%${b}` through.

use std::fmt::Write;

/// The literal, quotes included, on one line.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_quoted(&mut out, text);
    out
}

/// Writes the literal behind what is there.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => {
                out.push(letter);
                out.push(letter);
            }
            letter if is_invisible(letter) => escape(out, letter),
            letter => out.push(letter),
        }
    }
    out.push('"');
}

fn escape(out: &mut String, letter: char) {
    let code = u32::from(letter);
    let written = if code <= 0xffff { write!(out, "\\u{code:04X}") } else { write!(out, "\\U{code:08X}") };
    // Writing to a string cannot fail.
    debug_assert!(written.is_ok());
}

/// Characters that a reviewer would not see, or that change the order of what is seen: controls, line and paragraph separators, bidi
/// controls, zero-width and other default-ignorable characters, tags and private use (Unicode 16, general categories Cc, Cf, Zl, Zp, Co).
pub fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(u32::from(letter),
            0x00ad | 0x034f | 0x061c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f | 0x2028..=0x202e
            | 0x2060..=0x206f | 0x3164 | 0xe000..=0xf8ff | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb | 0xfffe..=0xffff
            | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff | 0xf0000..=0x10_ffff)
}
