//! The commonest slips of YAML, by the line that they are in: what is said of them, and the edit that would undo them.
//!
//! It looks at lines as a person does, and only where the text does not parse. Values are not repeated: they may be credentials.

use crate::diagnostics::{Diagnostic, codes};
use crate::source::{FileId, Span};
use granit_parser::ErrorKind;

/// A text that does not parse, and where.
pub(super) struct BrokenLine<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    pub(super) kind: &'t ErrorKind,
    /// Where the parser stopped.
    pub(super) at: usize,
    /// The quote or bracket that is open there.
    pub(super) opened: Option<usize>,
}

/// A line with its place.
#[derive(Clone, Copy)]
struct Line<'t> {
    start: usize,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn indent(self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    /// The line without its indentation and the `- ` of lists.
    fn content(self) -> &'t str {
        self.text.trim_start_matches(' ').trim_start_matches("- ").trim_end()
    }

    /// Where the content starts.
    fn content_start(self) -> usize {
        self.start + (self.text.len() - self.text.trim_start_matches(' ').trim_start_matches("- ").len())
    }

    fn says_something(self) -> bool {
        let content = self.text.trim();
        !content.is_empty() && !content.starts_with('#')
    }
}

/// The conflicts of a merge that stand in a text: nothing else of it can be read before they are resolved.
pub(super) fn conflicts(file: FileId, text: &str) -> Vec<Diagnostic> {
    let is_conflict = lines(text).any(|line| line.text.starts_with(">>>>>>> "));
    let starts = lines(text).filter(|line| is_conflict && line.text.starts_with("<<<<<<< "));
    let found = starts.map(|line| {
        Diagnostic::new(&codes::YAML_SYNTAX, "a conflict of a merge is not resolved")
            .at(Span::new(file, line.start, line.start + "<<<<<<<".len()), "it starts here")
            .help("keep the lines of one side, and remove those that start with `<<<<<<<`, `=======` and `>>>>>>>`")
    });
    found.collect()
}

/// What is said of the slip that broke a text, where it is one of the usual ones.
pub(super) fn slip(broken: &BrokenLine<'_>) -> Option<Diagnostic> {
    in_quotes(broken).or_else(|| without_end(broken)).or_else(|| {
        if broken.opened.is_some() {
            return None;
        }
        let here = || broken.line().and_then(|line| in_line(broken, line));
        no_break_space(broken).or_else(|| tab(broken)).or_else(here).or_else(|| in_lines_above(broken)).or_else(|| indented(broken))
    })
}

/// A no-break space behind a colon, as word processors and some keyboards write it: to YAML it is a letter.
fn no_break_space(broken: &BrokenLine<'_>) -> Option<Diagnostic> {
    let line = broken.line()?;
    let is_space = |letter: char| !letter.is_ascii() && letter.is_whitespace();
    let (at, space) = line
        .text
        .char_indices()
        .find(|(at, letter)| is_space(*letter) && line.text.get(..*at).is_some_and(|before| before.ends_with(':')))?;
    let place = (line.start + at, line.start + at + space.len_utf8());
    let help = "write a plain space behind the colon: YAML takes no other";
    Some(broken.diagnostic("a no-break space behind a colon", place, "this space", help).fix(broken.span(place), " ").unquoted())
}

/// A slip in the lines above that start in the same column and have no value of their own: YAML reads them on as one text, up to the first line
/// with a `:`.
fn in_lines_above(broken: &BrokenLine<'_>) -> Option<Diagnostic> {
    let line = broken.line().filter(|line| line.content().contains(": ") || line.content().ends_with(':'))?;
    let above: Vec<Line<'_>> =
        lines(broken.text).take_while(|other| other.start < line.start).filter(|other| other.says_something()).collect();
    let is_beside = |other: &&Line<'_>| {
        let content = other.content();
        other.indent() == line.indent() && !content.contains(": ") && !content.ends_with(':') && !other.text.trim_start().starts_with("- ")
    };
    let mut slips = above.iter().rev().take_while(is_beside).filter_map(|other| in_line(broken, *other));
    let last = slips.next()?;
    Some(slips.fold(last, |later, mut earlier| {
        earlier.edits.extend(later.edits);
        earlier
    }))
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let this = Line { start, text: line.trim_end_matches(['\n', '\r']) };
        start += line.len();
        this
    })
}

impl<'t> BrokenLine<'t> {
    fn line(&self) -> Option<Line<'t>> {
        self.line_at(self.at)
    }

    fn line_at(&self, at: usize) -> Option<Line<'t>> {
        lines(self.text).take_while(|line| line.start <= at).last()
    }

    /// The line above that says something.
    fn above(&self, line: Line<'_>) -> Option<Line<'t>> {
        lines(self.text).take_while(|other| other.start < line.start).filter(|other| other.says_something()).last()
    }

    fn diagnostic(&self, message: impl Into<String>, place: (usize, usize), label: &'static str, help: impl Into<String>) -> Diagnostic {
        Diagnostic::new(&codes::YAML_SYNTAX, message).at(self.span(place), label).help(help.into())
    }

    fn span(&self, (start, end): (usize, usize)) -> Span {
        Span::new(self.file, start, end)
    }
}

/// A quoted text whose later lines start no further in than its key: YAML 1.2 refuses it, and other readers take it.
fn in_quotes(broken: &BrokenLine<'_>) -> Option<Diagnostic> {
    let open = broken.opened?;
    let quote = broken.text.get(open..)?.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    let own = broken.line_at(open)?;
    let close = closing(broken.text, open, quote)?;
    let inside = lines(broken.text).filter(|line| line.start > open && line.start <= close);
    let short: Vec<Line<'_>> = inside.filter(|line| !line.text.trim().is_empty() && line.indent() <= own.indent()).collect();
    let first = short.first()?;
    let diagnostic = broken
        .diagnostic(
            "a line of a quoted text is not indented",
            (first.start + first.indent(), first.start + first.text.trim_end().len()),
            "this line belongs to the text",
            "indent each line of a quoted text further than its key; text of several lines is easier to write below `|`",
        )
        .at(broken.span((open, open + 1)), "the text starts here");
    let width = own.indent() + 2;
    Some(short.into_iter().fold(diagnostic, |diagnostic, line| {
        diagnostic.suggest(broken.span((line.start, line.start + line.indent())), " ".repeat(width)).unquoted()
    }))
}

/// A quoted text that has no end on its line, where the next line is a key: the quote is missing at the line's end.
fn without_end(broken: &BrokenLine<'_>) -> Option<Diagnostic> {
    let open = broken.opened?;
    broken.text.get(open..)?.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    // The quote that the parser has open may be that of the next text, which ends this one by mistake.
    let upwards: Vec<Line<'_>> = lines(broken.text).take_while(|line| line.start <= open).collect();
    let half = |line: Line<'_>| {
        let (key, value) = line.content().split_once(": ")?;
        let quote = value.trim_start().chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
        let is_half = value.matches(quote).count() == 1 && !value.contains(['\\', '#']) && !key.contains(quote);
        is_half.then(|| (quote, line.start + line.text.trim_end().len()))
    };
    let (line, (quote, end)) = upwards.into_iter().rev().take(3).find_map(|line| Some((line, half(line)?)))?;
    let next = lines(broken.text).skip_while(|next| next.start <= line.start).find(|next| !next.text.trim().is_empty());
    let is_key = |next: Line<'_>| {
        let content = next.content();
        next.indent() <= line.indent() && (content.contains(": ") || content.ends_with(':') || content.starts_with('#'))
    };
    if !next.is_none_or(is_key) {
        return None;
    }
    let start = line.start + line.text.find(quote)?;
    let diagnostic = broken.diagnostic(
        format!("a `{quote}` without its `{quote}`"),
        (start, start + 1),
        "opened here, and never closed",
        "close it at the end of the line, or quote the whole value where the character is meant as text",
    );
    Some(diagnostic.suggest(broken.span((end, end)), quote.to_string()).unquoted())
}

/// Where a quoted text ends: its quote with nothing but a comment behind it, before a line that could start a key with quotes of its own.
fn closing(text: &str, open: usize, quote: char) -> Option<usize> {
    /// A quote that is missing is found again at some other text; no text in quotes is nearly as long.
    const MOST_LINES: usize = 20;
    let mut newlines = 0;
    let mut letters = text.get(open + 1..)?.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if quote == '"' => {
                letters.next();
            }
            '\n' => newlines += 1,
            _ if letter == quote => {
                if quote == '\'' && letters.next_if(|(_, next)| *next == '\'').is_some() {
                    continue;
                }
                let at = open + 1 + at;
                let rest = text.get(at + 1..)?.lines().next().unwrap_or("").trim();
                let before = text.get(..at)?.rsplit('\n').next().unwrap_or("");
                // `name: "` ends no text: it starts another.
                let starts_another = before.trim_end().ends_with(':') || before.trim().is_empty() && rest.contains(':');
                return (newlines > 0 && newlines <= MOST_LINES && !starts_another && (rest.is_empty() || rest.starts_with('#')))
                    .then_some(at);
            }
            _ => {}
        }
    }
    None
}

/// A tab in the indentation of the line that the parser stopped at, or of the next one.
fn tab(broken: &BrokenLine<'_>) -> Option<Diagnostic> {
    let is_tab = matches!(
        broken.kind,
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabInPlainScalar
    );
    let here = broken.line()?;
    let with_tab = |line: &Line<'_>| {
        let white = line.text.len() - line.text.trim_start_matches([' ', '\t']).len();
        line.text.get(..white).is_some_and(|white| white.contains('\t'))
    };
    let line = lines(broken.text).skip_while(|line| line.start < here.start).take(if is_tab { 3 } else { 1 }).find(with_tab)?;
    let white = line.text.len() - line.text.trim_start_matches([' ', '\t']).len();
    let tab = line.start + line.text.find('\t')?;
    let above = broken.above(line)?;
    let opens = above.content().ends_with(':');
    let width = above.indent() + if opens { 2 } else { 0 };
    let diagnostic = broken.diagnostic(
        "a tab in the indentation",
        (tab, tab + 1),
        "this is a tab",
        "replace it by spaces, and set your editor to insert them: YAML is indented with spaces only",
    );
    Some(diagnostic.suggest(broken.span((line.start, line.start + white)), " ".repeat(width)).unquoted())
}

/// What one line shows alone.
fn in_line(broken: &BrokenLine<'_>, line: Line<'_>) -> Option<Diagnostic> {
    let (content, start) = (line.content(), line.content_start());
    if content.starts_with("//") {
        let help = "write `#` in place of `//`";
        return Some(
            broken
                .diagnostic("a comment starts with `#`", (start, start + 2), "not a comment in YAML", help)
                .suggest(broken.span((start, start + 2)), "#")
                .unquoted(),
        );
    }
    let length = content.find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.')))?;
    let (key, rest) = content.split_at_checked(length).filter(|(key, _)| (1..=64).contains(&key.len()))?;
    let end = start + length;
    let is_plain = matches!(
        broken.kind,
        ErrorKind::SimpleKeyExpected
            | ErrorKind::InvalidSimpleKey
            | ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::MappingValueNotAllowed
            | ErrorKind::InvalidColonPlacement
    );
    let behind = rest.trim_start();
    if is_plain && behind.starts_with('=') && !behind.starts_with("==") {
        let from = end + (rest.len() - behind.len());
        let spaces = behind.get(1..)?.len() - behind.get(1..)?.trim_start().len();
        let diagnostic =
            broken.diagnostic("a `=` in place of a `:`", (from, from + 1), "this `=`", format!("write `{key}: ` and the value behind it"));
        return Some(diagnostic.suggest(broken.span((end, from + 1 + spaces)), ": ").unquoted());
    }
    if is_plain && rest.starts_with(':') && rest.get(1..)?.starts_with(|next: char| !next.is_whitespace() && !matches!(next, ':' | '/')) {
        let diagnostic = broken.diagnostic(
            "no space behind a `:`",
            (end, end + 1),
            "a space has to follow",
            format!("write `{key}: ` and the value behind it"),
        );
        return Some(diagnostic.suggest(broken.span((end + 1, end + 1)), " ").unquoted());
    }
    let is_name = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && key.contains('_');
    if is_plain && is_name && rest.starts_with(' ') && !rest.contains(": ") && !behind.starts_with('#') {
        let diagnostic = broken.diagnostic(
            format!("no `:` behind `{key}`"),
            (start, end),
            "the colon is missing",
            format!("write `{key}: ` and the value behind it"),
        );
        return Some(diagnostic.suggest(broken.span((end, end)), ":").unquoted());
    }
    quoted(broken, line, key, rest)
}

/// A value that starts with a character which means something to YAML, or has a `: ` in it: it needs quotes.
fn quoted(broken: &BrokenLine<'_>, line: Line<'_>, key: &str, rest: &str) -> Option<Diagnostic> {
    let value = rest.strip_prefix(": ")?.trim_start();
    let from = line.content_start() + key.len() + (rest.len() - value.len());
    let first = value.chars().next()?;
    // A value with quotes or a comment is not put into quotes without a look at it.
    let is_simple = !value.contains(['"', '\\', '\'']) && !value.contains(" #") && broken.at <= from + value.len();
    let with_quotes = |diagnostic: Diagnostic| {
        if !is_simple {
            return diagnostic;
        }
        let (start, end) = ((from, from), (from + value.len(), from + value.len()));
        diagnostic.suggest(broken.span(start), "\"").suggest(broken.span(end), "\"").unquoted()
    };
    match broken.kind {
        ErrorKind::MissingAnchorOrAliasName | ErrorKind::UnexpectedCharacter { .. } if matches!(first, '*' | '&' | '%' | '@' | '`') => {
            let diagnostic = broken.diagnostic(
                format!("a value cannot start with `{first}`"),
                (from, from + first.len_utf8()),
                "this character",
                format!("put the whole value in quotes: `{key}: \"{first}...\"`"),
            );
            Some(with_quotes(diagnostic))
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement if value.contains(": ") && broken.at > from => {
            let diagnostic = broken.diagnostic("a second `: ` on one line", (broken.at, broken.at + 1), "this `:`", format!(
                "where it belongs to the value, put the whole value in quotes: `{key}: \"...\"`; where it ends a key, write that on a line of its own"
            ));
            Some(with_quotes(diagnostic))
        }
        _ => None,
    }
}

/// A line that starts in a column which fits none of the lines above.
fn indented(broken: &BrokenLine<'_>) -> Option<Diagnostic> {
    let is_indent = matches!(
        broken.kind,
        ErrorKind::MappingValueNotAllowed
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::InvalidMappingValueWhitespace
            | ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::InvalidIndentation
            | ErrorKind::MappingKeyNotAllowed
    );
    let line = broken.line().filter(|line| is_indent && !line.text.trim_start().starts_with("- "))?;
    let above = broken.above(line)?;
    let key_of = |line: Line<'_>| line.content().split_once(':').map(|(key, _)| key.trim_end().to_owned());
    let is_key = |line: Line<'_>| line.content().contains(": ") || line.content().ends_with(':');
    if !is_key(line) {
        return None;
    }
    // Behind `- ` the first key of an item stands in the column of its others.
    let column = above.content_start() - above.start;
    let place = (line.start, line.start + line.indent().max(1).min(line.text.len()));
    let (own, other) = (key_of(line)?, key_of(above)?);
    let is_name = |key: &str| {
        !key.is_empty() && key.len() <= 64 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    if !is_name(&own) || !is_name(&other) {
        return None;
    }
    let (message, label, help) = if line.indent() > column && !above.content().ends_with(':') {
        (
            "a line that is indented too far",
            "too far",
            format!("start `{own}` in the column of `{other}` above, which has a value of its own"),
        )
    } else if line.indent() < column {
        let help = format!("start `{own}` in the column of `{other}` above where it belongs next to it, or in that of a key further up");
        ("a line that is indented too little", "fits no key above", help)
    } else {
        return None;
    };
    let edit = broken.span((line.start, line.start + line.indent()));
    Some(broken.diagnostic(message, place, label, help).suggest(edit, " ".repeat(column)).unquoted())
}
