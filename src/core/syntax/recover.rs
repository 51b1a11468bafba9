//! Several syntax errors of one file: blank the top-level entry that holds one, and read on.

use super::parse::{options, too_deep};
use super::slips::{self, BrokenLine};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{FileId, Span};
use granit_parser::{ErrorKind, Parser, ScanError};

/// How many errors of one file are reported.
const MAX_ROUNDS: usize = 20;

/// Every syntax error that can be found; the first is `error`.
pub(super) fn every_error(file: FileId, text: &str, error: ScanError) -> Vec<Diagnostic> {
    let conflicts = slips::conflicts(file, text);
    if !conflicts.is_empty() {
        return conflicts.into_iter().take(MAX_ROUNDS).collect();
    }
    let mut bytes = text.as_bytes().to_vec();
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut next = Some(error);
    for _ in 0..MAX_ROUNDS {
        let Some(error) = next.take() else { break };
        let current = String::from_utf8_lossy(&bytes).into_owned();
        let at = offset_of(&current, &error);
        let start = culprit(&current, &error, at);
        let slip = slips::slip(&BrokenLine { file, text: &current, kind: error.kind(), at, opened: start });
        // What is written behind the slip in an entry of another line is not a mistake of its own.
        let spans_lines = slip.is_some() && start.is_some_and(|start| current.get(start..at).is_some_and(|between| between.contains('\n')));
        let diagnostic = slip.unwrap_or_else(|| describe(file, text, &current, &error, at, start));
        if !found.iter().any(|other| other.primary() == diagnostic.primary()) {
            found.push(diagnostic);
        }
        // The entry of an unclosed quote or bracket is the one that opened it.
        if !blank_entry(&mut bytes, start.unwrap_or(at)) {
            break;
        }
        if spans_lines {
            blank_entry(&mut bytes, at);
        }
        let blanked = String::from_utf8_lossy(&bytes).into_owned();
        next = Parser::new_from_str_with_options(&blanked, options()).find_map(Result::err);
    }
    found
}

fn offset_of(text: &str, error: &ScanError) -> usize {
    let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Blanks the top-level entry that holds an offset: from its line without indentation to the next. Newlines stay, so that offsets do.
fn blank_entry(bytes: &mut [u8], at: usize) -> bool {
    let is_entry = |bytes: &[u8], line: usize| bytes.get(line).is_some_and(|byte| !matches!(byte, b' ' | b'\t' | b'#' | b'\n' | b'\r'));
    let line_of =
        |at: usize| bytes.get(..at.min(bytes.len())).map_or(0, |head| head.iter().rposition(|byte| *byte == b'\n').map_or(0, |n| n + 1));
    let mut start = line_of(at);
    // An error on a line that opens no entry belongs to the one above; at the end of the text to the last one.
    while start > 0 && !is_entry(bytes, start) {
        start = line_of(start - 1);
    }
    let mut end = bytes.len();
    let mut line = start;
    while let Some(next) = bytes.get(line..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n')) {
        line += next + 1;
        if line > at && is_entry(bytes, line) {
            end = line;
            break;
        }
    }
    let Some(entry) = bytes.get_mut(start..end) else { return false };
    let mut changed = false;
    for byte in entry.iter_mut().filter(|byte| !matches!(**byte, b'\n' | b'\r' | b' ')) {
        *byte = b' ';
        changed = true;
    }
    changed
}

/// The place that opened what was never closed, which the parser blames a line late.
fn culprit(text: &str, error: &ScanError, at: usize) -> Option<usize> {
    let head = text.get(..at)?;
    match error.kind() {
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar
        | ErrorKind::InvalidTrailingSingleQuotedScalar => Scan::over(head).quote.or_else(|| head.rfind(['"', '\''])),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::InvalidFlowScalarIndent => Scan::over(head).brackets.last().copied(),
        _ => Scan::over(head).brackets.last().copied().filter(|open| text.get(*open..at).is_some_and(|between| between.contains('\n'))),
    }
}

/// What stands open at the end of a text: a rough scan that knows quotes, comments and brackets.
#[derive(Default)]
struct Scan {
    brackets: Vec<usize>,
    quote: Option<usize>,
}

impl Scan {
    fn over(text: &str) -> Scan {
        let mut scan = Scan::default();
        let mut before = '\n';
        let mut letters = text.char_indices().peekable();
        let mut quote: Option<(usize, char)> = None;
        while let Some((at, letter)) = letters.next() {
            if let Some((_, mark)) = quote {
                if letter == '\\' && mark == '"' {
                    letters.next();
                } else if letter == mark {
                    quote = None;
                }
            } else {
                match letter {
                    '"' | '\'' if before.is_whitespace() || matches!(before, '[' | '{' | ',' | ':') => quote = Some((at, letter)),
                    '#' if before.is_whitespace() => while letters.next_if(|(_, next)| *next != '\n').is_some() {},
                    '[' | '{' if !scan.brackets.is_empty() || before.is_whitespace() => scan.brackets.push(at),
                    ']' | '}' => {
                        scan.brackets.pop();
                    }
                    _ => {}
                }
            }
            before = letter;
        }
        scan.quote = quote.map(|(at, _)| at);
        scan
    }
}

/// The error in the words of someone who knows YAML a little.
fn describe(file: FileId, text: &str, current: &str, error: &ScanError, at: usize, start: Option<usize>) -> Diagnostic {
    let place = |at: usize| {
        let rest = text.get(at..).unwrap_or("");
        let length = rest.chars().next().filter(|letter| *letter != '\n' && *letter != '\r').map_or(0, char::len_utf8);
        Span::new(file, at, at + length)
    };
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return too_deep(place(at));
    }
    let line_start = current.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |newline| newline + 1);
    let tab = current.get(line_start..).and_then(|line| {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        line.get(..indent).and_then(|indent| indent.find('\t')).map(|tab| line_start + tab)
    });
    if let Some(tab) = tab {
        return Diagnostic::new(&codes::YAML_SYNTAX, "a tab in the indentation")
            .at(place(tab), "this is a tab")
            .help("replace it by spaces, and set your editor to insert them: YAML is indented with spaces only");
    }
    let line = current.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or("").trim();
    if let Some(diagnostic) = of_line(error.kind(), line, place(at)) {
        return diagnostic;
    }
    let (message, label, help) = words(error.kind(), start.and_then(|start| text.get(start..)).and_then(|rest| rest.chars().next()));
    let message = message.unwrap_or_else(|| lower_first(&error.info()));
    let diagnostic = match start {
        Some(start) if start != at => Diagnostic::new(&codes::YAML_SYNTAX, message)
            .at(place(start), "opened here, and never closed")
            .at(place(at), "the text stops making sense here"),
        _ => Diagnostic::new(&codes::YAML_SYNTAX, message).at(place(at), label),
    };
    diagnostic.help(help)
}

/// What only the whole line says. Its value is not quoted: it may be a credential.
fn of_line(kind: &ErrorKind, line: &str, place: Span) -> Option<Diagnostic> {
    let words = |message: String, label: &'static str, help: String| {
        Some(Diagnostic::new(&codes::YAML_SYNTAX, message).at(place, label).help(help))
    };
    let key = line.trim_start_matches("- ").split(": ").next().filter(|key| is_word(key) && line.contains(": "));
    match (kind, key) {
        (ErrorKind::UnexpectedCharacter { character }, Some(key)) => words(
            format!("a value cannot start with `{character}`"),
            "this character",
            format!("put the whole value in quotes: `{key}: \"{character}...\"`"),
        ),
        (ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement, Some(key)) if line.matches(": ").count() > 1 => words(
            "a second `: ` on one line".to_owned(),
            "this `:`",
            format!(
                "where it belongs to the value, put the whole value in quotes: `{key}: \"...\"`; where it ends a key, write that on a line of its own"
            ),
        ),
        (ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation | ErrorKind::MappingKeyNotAllowed, _)
            if line.starts_with("- ") =>
        {
            words(
                "a list item among keys".to_owned(),
                "this item",
                "remove the `- ` and start the key in the column of the keys above; or write the list below a key of its own".to_owned(),
            )
        }
        _ => None,
    }
}

fn is_word(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

type SlipWords = (Option<String>, &'static str, &'static str);

fn words(kind: &ErrorKind, opened: Option<char>) -> SlipWords {
    let words = |message: &str, label: &'static str, help: &'static str| (Some(message.to_owned()), label, help);
    if let Some(mark @ ('"' | '\'' | '[' | '{')) = opened {
        let closing = match mark {
            '[' => ']',
            '{' => '}',
            same => same,
        };
        return (
            Some(format!("a `{mark}` without its `{closing}`")),
            "",
            "close it, or quote the whole value where the character is meant as text",
        );
    }
    match kind {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement | ErrorKind::InvalidMappingValueWhitespace => words(
            "a `:` where no key can be",
            "this `:`",
            "text that holds `: ` needs quotes around it; a new key goes on a line of its own",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => words(
            "a line that is neither a key nor a value",
            "a `:` is missing behind the key on this or the line before",
            "write `key: value`, with a space behind the colon",
        ),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation | ErrorKind::MappingKeyNotAllowed => words(
            "the indentation does not fit the lines above",
            "this line",
            "keys of one mapping start in one column; put this line under the keys that it belongs to",
        ),
        ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::InvalidBlockEntryWhitespace => {
            words("a list item where none can be", "this line", "items of one list start in one column with `- `")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            (Some(format!("a value cannot start with `{character}`")), "this character", "put the value in quotes")
        }
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabInPlainScalar => {
            words("a tab where YAML takes spaces only", "near here", "replace the tab by spaces")
        }
        ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape => words(
            "a `\\` that starts no escape that YAML knows",
            "this escape",
            "in double quotes write `\\\\` for a backslash, or use single quotes, where it stands for itself",
        ),
        ErrorKind::MisplacedFlowCollectionEnd => {
            words("a closing bracket that nothing opened", "this bracket", "remove it, or quote the value")
        }
        ErrorKind::DirectiveDisallowed => {
            words("a YAML directive", "this line", "remove the line; documents are YAML 1.2 without saying so")
        }
        _ => (None, "here", "see `terralet explain yaml-syntax` for the mistakes that lead here"),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
