//! Texts that a person can read, whatever was written in a document: a message quotes names and values, and those may have a megabyte.

use std::borrow::Cow;

/// Characters of one quoted text. What a rule quotes of its own is shorter.
const LONGEST_QUOTE: usize = 120;
/// How many characters of a longer one are kept.
const KEPT: usize = 80;
/// Characters of a whole text.
const LONGEST: usize = 2000;

/// The text with long quotes in backticks cut, and cut itself where it is still too long.
pub(super) fn bounded(text: &str) -> String {
    // Bytes are at least as many.
    if text.len() <= LONGEST_QUOTE {
        return text.to_owned();
    }
    let pieces: Vec<String> = text
        .split('`')
        .enumerate()
        .map(|(index, piece)| if index % 2 == 1 { cut(piece, LONGEST_QUOTE, KEPT) } else { piece.to_owned() })
        .collect();
    cut(&pieces.join("`"), LONGEST, LONGEST)
}

/// The same, of a text that may be terralet's own: those are short enough, and no report holds a copy of them.
pub(super) fn bounded_words(text: Cow<'static, str>) -> Cow<'static, str> {
    match text {
        Cow::Owned(text) if text.len() > LONGEST_QUOTE => Cow::Owned(bounded(&text)),
        short => short,
    }
}

fn cut(text: &str, most: usize, kept: usize) -> String {
    if text.char_indices().nth(most).is_none() {
        return text.to_owned();
    }
    let end = text.char_indices().nth(kept).map_or(text.len(), |(at, _)| at);
    format!("{}...", text.get(..end).unwrap_or(""))
}
