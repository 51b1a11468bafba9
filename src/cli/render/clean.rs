//! Text of others for a terminal: nothing that could move the cursor, change colours or turn the order of what is seen.

use crate::emit::is_invisible;

/// The text with every control, bidi and invisible character but line ends and tabs replaced by one of the same length in bytes, so that
/// offsets into the text stay what they were.
pub(in crate::cli) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\n' | '\t' | '\r') || !is_invisible(letter) {
            clean.push(letter);
            continue;
        }
        clean.push_str(match letter.len_utf8() {
            1 => "?",
            2 => "\u{bf}",
            3 => "\u{fffd}",
            _ => "\u{1f5d1}",
        });
    }
    clean
}
