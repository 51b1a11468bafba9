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

/// The literal of an object's key: what joins the letter before it is written as an escape too.
///
/// `terraform fmt` pads keys to one width in grapheme clusters, by the Unicode version that it was built with. With these escaped every
/// letter of a key is a cluster of its own, whatever the version.
pub(super) fn push_quoted_key(out: &mut String, text: &str) {
    push(out, text, |letter| is_invisible(letter) || joins(letter));
}

/// Writes the literal behind what is there.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    push(out, text, is_invisible);
}

fn push(out: &mut String, text: &str, is_escaped: impl Fn(char) -> bool) {
    out.push('"');
    if is_plain_text(text) {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut rest = text;
    loop {
        // Nearly every letter is written unchanged, and copied with its neighbours.
        let plain = rest.bytes().position(|byte| !is_plain(byte)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at_checked(plain).unwrap_or((rest, ""));
        out.push_str(run);
        let mut letters = behind.chars();
        let Some(letter) = letters.next() else { break };
        rest = letters.as_str();
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if rest.starts_with('{') => {
                out.push(letter);
                out.push(letter);
            }
            letter if is_escaped(letter) => escape(out, letter),
            letter => out.push(letter),
        }
    }
    out.push('"');
}

/// True for text of ASCII that is never written in another way, as nearly all is.
pub(super) fn is_plain_text(text: &str) -> bool {
    text.bytes().all(is_plain)
}

/// ASCII that is never written in another way.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'$' | b'%')
}

fn escape(out: &mut String, letter: char) {
    let code = u32::from(letter);
    let written = if code <= 0xffff { write!(out, "\\u{code:04X}") } else { write!(out, "\\U{code:08X}") };
    // Writing to a string cannot fail.
    debug_assert!(written.is_ok());
}

/// Characters that a reviewer would not see, would take for a space, or that change the order of what is seen: controls, line and paragraph
/// separators, bidi controls and other format controls, zero-width and other default-ignorable characters, tags, private use,
/// noncharacters, every space but the usual one, and what is blank by its name (Unicode 18: general categories Cc, Cf, Zl, Zp, Zs and Co,
/// Default_Ignorable_Code_Point, Noncharacter_Code_Point). Of the hieroglyphs' format controls the whole block.
pub fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(u32::from(letter),
            0x00a0 | 0x00ad | 0x034f | 0x0600..=0x0605 | 0x061c | 0x06dd | 0x070f | 0x0890..=0x0891 | 0x08e2 | 0x115f..=0x1160 | 0x1680
            | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x2000..=0x200f | 0x2028..=0x202f | 0x205f..=0x206f | 0x2800 | 0x3000 | 0x3164
            | 0xe000..=0xf8ff | 0xfdd0..=0xfdef | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb | 0x110bd | 0x110cd
            | 0x13430..=0x1345f | 0x16fe4 | 0x1bca0..=0x1bca3 | 0x1d159 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff | 0xf0000..=0x10_ffff)
        || u32::from(letter) & 0xfffe == 0xfffe
}

/// Letters that may share a grapheme cluster with a neighbour (UAX 29, table 2: Extend, SpacingMark, Prepend, Regional_Indicator and the
/// conjoining jamo): every mark, and the few others. A joiner between emoji is invisible, and escaped as such.
fn joins(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
        || matches!(u32::from(letter),
            0x0600..=0x0605 | 0x06dd | 0x070f | 0x0890..=0x0891 | 0x08e2 | 0x0d4e | 0x0e33 | 0x0eb3 | 0x1100..=0x11ff | 0xa960..=0xa97f
            | 0xd7b0..=0xd7ff | 0xff9e..=0xff9f | 0x110bd | 0x110cd | 0x111c2..=0x111c3 | 0x1193f | 0x11941 | 0x11a3a | 0x11a84..=0x11a89
            | 0x11d46 | 0x11f02 | 0x1f1e6..=0x1f1ff | 0x1f3fb..=0x1f3ff)
}
