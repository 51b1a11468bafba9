//! The nearest of a list of names, for suggestions; and when a suggestion is a safe fix.

/// How many names a guess names, when several are as near.
const NAMED: usize = 3;
/// Names from this length on may have two slips and still be known for certain.
const LONG: usize = 8;
/// The kind of slips that are more than a change of order, or a letter too many or too few.
const OTHER_LETTERS: u8 = 2;
/// Names from this length on may have a wrong letter and still be known for certain.
const LONG_WORD: usize = 5;
/// Names from this length on are taken for words of a longer name, and a slip in them is certain.
const WORD: usize = 3;

/// What a wrong name may have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess<'c> {
    /// The nearest name, and others that are exactly as near.
    names: Vec<&'c str>,
    certain: bool,
}

impl<'c> Guess<'c> {
    /// A name that is not found by its spelling: another word for the same thing.
    pub fn synonym(name: &'c str) -> Self {
        Guess { names: vec![name], certain: true }
    }

    /// The best name.
    pub fn best(&self) -> &'c str {
        self.names.first().copied().unwrap_or_default()
    }

    /// True when it is safe, so that a tool may write it: nothing but case and separators differ, or one slip of the fingers
    /// lies between (in long names two), while every other name is at least twice as far. Letters that changed places, or that are too
    /// many or too few, are slips; a wrong letter is one in a word, and no two are. Digits are chosen and never slip: `eu-west-4` may
    /// have been any `eu-west`, and `sa-east-2` may be right one day.
    pub fn is_certain(&self) -> bool {
        self.certain
    }

    /// The same, for a person to choose.
    #[must_use]
    pub fn uncertain(self) -> Self {
        Guess { certain: false, ..self }
    }

    /// `` `a` ``, or `` `a` or `b` `` where both are as near.
    pub fn names(&self) -> String {
        or_list(self.names.iter().copied())
    }
}

/// What `text` may have meant, when a candidate is near enough: compared without case and with `-`, `_` and `.` alike, at most a third
/// of the letters apart (two for short names), adjacent letters swapped counting as one.
pub fn guess<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<Guess<'c>> {
    guess_of(text, &scored(text, candidates.into_iter().collect()))
}

fn guess_of<'c>(text: &str, scored: &[(&'c str, Score)]) -> Option<Guess<'c>> {
    let near = scored.first().map(|(_, score)| *score).filter(|score| score.near)?;
    let as_near = scored.iter().filter(|(_, other)| other.near && other.rank == near.rank).map(|(name, _)| *name);
    let names: Vec<&str> = as_near.take(NAMED).collect();
    let few = match text.chars().count() {
        0..WORD => 0,
        WORD..LONG => 1,
        _ => 2,
    };
    // In `c5.large` and `ru-west-1` each letter is a choice, and so it is in a name of three letters.
    let is_word = text.chars().count() >= LONG_WORD && !text.contains(|letter: char| letter.is_ascii_digit());
    let certain = names.len() == 1
        && near.same_digits
        && near.slips <= few
        && (near.rank.1 != OTHER_LETTERS || near.slips == 0 || near.slips == 1 && is_word)
        && scored.iter().skip(1).all(|(_, other)| !other.same_digits || other.slips >= (2 * near.slips).max(1));
    Some(Guess { names, certain })
}

/// The nearest candidate to `text`, as in [`guess`].
pub fn nearest<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    guess(text, candidates).map(|guess| guess.best())
}

/// All candidates that are near enough, best first; equal ones in the order given.
pub fn nearest_of<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    scored(text, candidates.into_iter().collect()).into_iter().filter(|(_, score)| score.near).map(|(name, _)| name).collect()
}

/// How far a candidate is from what was written.
#[derive(Clone, Copy)]
struct Score {
    /// True when it may have been meant.
    near: bool,
    /// The order: slips, then what kind they are of.
    rank: (usize, u8),
    /// How many slips of the keyboard lie between; none between spellings that differ in case and separators alone.
    slips: usize,
    /// True when both have the same digits.
    same_digits: bool,
}

/// Every candidate with its score, best first; equal ones in the order given.
fn scored<'c>(text: &str, candidates: Vec<&'c str>) -> Vec<(&'c str, Score)> {
    let written = fold(text);
    if written.is_empty() {
        return Vec::new();
    }
    let length_written = written.chars().count();
    let letters = |text: &str| text.chars().filter(|letter| *letter != '-').collect::<String>();
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (written_letters, written_digits) = (letters(&written), digits(&written));
    let score = |candidate: &str| {
        let name = fold(candidate);
        let length_name = name.chars().count();
        let length = length_written.max(length_name);
        let limit = if length <= 3 { 1 } else { (length / 3).max(2) };
        let longer = length_written.abs_diff(length_name);
        let slips = match letters(&name) == written_letters {
            true => 0,
            // At least as many, which is too many.
            false if longer > limit => longer,
            false => strsim::osa_distance(&written, &name),
        };
        let common = written.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
        // `prod` is `production`, `stage` is `staging`.
        let begins = common >= 4 || common == 3 && written.len() == 3;
        let contains = begins && written.len() <= name.len() && common + 1 >= written.len();
        let of_words = |name: &str, words: &str| length_written.min(length_name) >= WORD && has_words(name, words);
        let contains = contains || of_words(&written, &name);
        let abbreviates = of_words(&name, &written);
        let rank = match (slips <= limit, abbreviates) {
            // `enable_nat` is nearer to `enable_nat_gateway` than to `enable_vpn`.
            (_, true) => (slips.min(2), OTHER_LETTERS + 1),
            (true, false) => (slips, kind_of_slip(&written, &name)),
            (false, false) => (limit + 1, 0),
        };
        Score { near: slips <= limit || contains || abbreviates, rank, slips, same_digits: digits(&name) == written_digits }
    };
    let mut scored: Vec<(&str, Score)> = candidates.into_iter().map(|candidate| (candidate, score(candidate))).collect();
    scored.sort_by_key(|(_, score)| (!score.near, score.rank));
    scored
}

/// True when one name is the first or the last words of another.
fn has_words(name: &str, words: &str) -> bool {
    let rest = name.strip_prefix(words).map(|rest| rest.starts_with('-'));
    rest.or_else(|| name.strip_suffix(words).map(|rest| rest.ends_with('-'))).unwrap_or(false)
}

/// Fingers change the order of letters, or leave one out and double it, more often than they find another letter.
fn kind_of_slip(written: &str, name: &str) -> u8 {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let (written, name) = (sorted(written), sorted(name));
    match written.len() == name.len() {
        false => 1,
        true if written == name => 0,
        true => OTHER_LETTERS,
    }
}

/// Folds spelling variants: `enableNatGateway`, `enable-nat-gateway` and `enable_nat_gateway` are one.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 4);
    let mut after_lower = false;
    for letter in text.chars().take(80) {
        if letter.is_uppercase() && after_lower {
            folded.push('-');
        }
        after_lower = letter.is_lowercase() || letter.is_numeric();
        match letter {
            '_' | '.' | ' ' => folded.push('-'),
            other => folded.extend(other.to_lowercase()),
        }
    }
    folded
}

/// `a`, `b` or `c`, each in backticks; nothing for an empty list.
pub fn or_list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    list(names.into_iter().collect(), "or")
}

/// `a`, `b` and `c`, each in backticks; nothing for an empty list.
pub fn and_list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    list(names.into_iter().collect(), "and")
}

fn list(names: Vec<&str>, word: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
    }
}
