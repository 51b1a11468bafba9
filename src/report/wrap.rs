//! Long messages on several lines. What stands in backticks is there to be copied, and stays on one.

/// The text with line ends in place of spaces, so that lines have at most `width` characters where that can be had.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    text.lines().map(|line| one_line(line, width)).collect::<Vec<_>>().join("\n")
}

fn one_line(line: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in words(line) {
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + word.chars().count() <= width => {
                last.push(' ');
                last.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines.join("\n")
}

/// What spaces outside of backticks separate. What begins as a command of a CI log does begins no line.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut in_backticks = false;
    for piece in line.split(' ') {
        match words.last_mut() {
            Some(last) if in_backticks || piece.starts_with("::") => {
                last.push(' ');
                last.push_str(piece);
            }
            _ => words.push(piece.to_owned()),
        }
        in_backticks ^= piece.matches('`').count() % 2 == 1;
    }
    words
}
