//! What messages show of a customer's text.

/// How many characters are shown.
const MOST: usize = 60;

/// The start of a text, short enough for a message.
pub fn shown(text: &str) -> String {
    if text.is_empty() {
        return "\"\"".to_owned();
    }
    let line = text.lines().next().unwrap_or("");
    let mut short: String = line.chars().take(MOST).collect();
    if short.len() < text.trim_end().len() {
        short.push_str("...");
    }
    short
}
