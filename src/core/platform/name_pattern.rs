//! Patterns of names: of directories, of repositories, of instance types.

use glob::Pattern;
use smol_str::SmolStr;

/// What a pattern has, for helps.
pub const KNOWN: &str = "a pattern has `*` for any characters, `?` for one, `[a-z]` for one of these and `[!a-z]` for any other";

/// What other tools' patterns have, and would be no more than letters, or mean something else here.
const UNKNOWN: [&str; 6] = ["{", "}", "\\", "**", "[^", "[:"];

/// A pattern of one name: `*` is any characters, `?` one, `[a-z]` one of these, `[!a-z]` one that is none of these. All else is itself.
#[derive(Clone, Debug)]
pub struct NamePattern(PatternKind);

#[derive(Clone, Debug)]
enum PatternKind {
    Name(SmolStr),
    /// `*`, as in `customers/*`: the usual one, which nothing has to be compared with.
    Any,
    Pattern(Pattern),
}

impl NamePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<NamePattern, String> {
        if let Some(unknown) = UNKNOWN.iter().find(|unknown| text.contains(**unknown)) {
            return Err(format!("`{unknown}` is not known"));
        }
        if !text.contains(['*', '?', '[']) {
            return Ok(NamePattern(PatternKind::Name(text.into())));
        }
        if text == "*" {
            return Ok(NamePattern(PatternKind::Any));
        }
        let pattern = Pattern::new(text).map_err(|_| "a `[` is not closed, or has nothing in it".to_owned())?;
        match backwards(text) {
            Some((from, to)) => Err(format!("`{from}-{to}` ends before it begins")),
            None => Ok(NamePattern(PatternKind::Pattern(pattern))),
        }
    }

    /// True when a name fits.
    pub fn matches(&self, name: &str) -> bool {
        match &self.0 {
            PatternKind::Name(only) => only == name,
            PatternKind::Any => true,
            PatternKind::Pattern(pattern) => pattern.matches(name),
        }
    }

    /// The one name that fits, where it is not more than that.
    pub fn name(&self) -> Option<&str> {
        match &self.0 {
            PatternKind::Name(only) => Some(only),
            PatternKind::Any | PatternKind::Pattern(_) => None,
        }
    }
}

/// The first range between brackets that has nothing in it, of a pattern whose brackets are closed: it would fit no name, or any.
fn backwards(text: &str) -> Option<(char, char)> {
    let mut letters = text.chars();
    while letters.by_ref().any(|letter| letter == '[') {
        let mut inside = letters.clone();
        if inside.as_str().starts_with('!') {
            inside.next();
        }
        // A bracket that stands first is one of the letters.
        let mut is_first = true;
        while let Some(letter) = inside.next().filter(|letter| is_first || *letter != ']') {
            is_first = false;
            let mut behind = inside.clone();
            // A line that stands last is a letter too.
            if let (Some('-'), Some(to)) = (behind.next(), behind.next().filter(|to| *to != ']')) {
                if letter > to {
                    return Some((letter, to));
                }
                inside = behind;
            }
        }
        letters = inside;
    }
    None
}

/// Reads a pattern of directories, which has one of names for each level.
pub(super) fn levels(text: &str) -> Result<Vec<NamePattern>, String> {
    text.split('/').filter(|level| !level.is_empty() && *level != ".").map(NamePattern::new).collect()
}
