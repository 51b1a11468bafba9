//! Text of others for a terminal and for the log of a CI job: nothing that could move the cursor, change colours, turn the order of what is
//! seen, or be taken for a command by what reads the log.

use terralet_core::emit::is_invisible;

/// The text with every control, bidi and invisible character but line ends and tabs replaced by one of the same length in bytes, so that
/// offsets into the text stay what they were. The same is done to what CI services obey in a log: `::command::` at the start of a line and
/// `##[command]` anywhere (GitHub), `##vso[command]` (Azure Pipelines), `##teamcity[command]`.
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    // How many colons a line that has nothing else may begin with, and whether `##` and letters were just read.
    let (mut at_start, mut hashes) = (true, 0_usize);
    while let Some(letter) = letters.next() {
        let next = letters.peek();
        let shown = match letter {
            '\n' | '\t' => letter,
            // Alone it takes the cursor back over what was written.
            '\r' if next == Some(&'\n') => letter,
            ':' if at_start && next == Some(&':') => ';',
            '[' if hashes >= 2 => '(',
            letter if !is_invisible(letter) => letter,
            letter => match letter.len_utf8() {
                1 => '?',
                2 => '\u{bf}',
                3 => '\u{fffd}',
                _ => '\u{1f5d1}',
            },
        };
        at_start = shown == '\n' || at_start && shown.is_whitespace();
        hashes = match shown {
            '#' => hashes + 1,
            letter if letter.is_ascii_alphabetic() && hashes >= 2 => hashes,
            _ => 0,
        };
        clean.push(shown);
    }
    clean
}

/// The same for what stands on one line, such as the name of a file.
pub(crate) fn clean_line(text: &str) -> String {
    clean(text).replace(['\n', '\r', '\t'], "?")
}
