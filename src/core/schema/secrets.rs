//! Credentials that a person wrote into a document. The secret itself is never repeated.

use std::ops::Range;

/// What a text looks like, or nothing when it is no credential: AWS access key ids (`AKIA`/`ASIA` and 16 more), PEM private keys,
/// tokens of GitHub, GitLab and Slack, and Slack webhook paths with their three parts (the vendors' documented forms).
pub fn looks_secret(text: &str) -> Option<&'static str> {
    if text.len() < 16 {
        return None;
    }
    if PRIVATE_KEY.starts(text).next().is_some() && text.contains("PRIVATE KEY") {
        return Some("a private key");
    }
    if let Some(kind) = long_words(text).find_map(|(_, word)| token(word)) {
        return Some(kind);
    }
    let path = WEBHOOK.starts(text).next().and_then(|at| text.get(at + WEBHOOK.len()..)).unwrap_or("");
    (path.split(['/', '?', '#']).filter(|part| is_token(part, 8)).count() >= 3).then_some("a Slack webhook with its token")
}

/// Where a text has credentials that are known by their form, in bytes: what must not be shown even of a text that does not parse.
pub fn secret_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = long_words(text).filter(|(_, word)| token(word).is_some()).map(|(range, _)| range).collect();
    // What stands in a range that has been found is not looked at again, however often a mark is repeated in it.
    let mut behind = 0;
    for at in WEBHOOK.starts(text) {
        let from = at + WEBHOOK.len();
        if from < behind {
            continue;
        }
        let length = text
            .get(from..)
            .and_then(|rest| rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'')))
            .unwrap_or(text.len() - from);
        behind = from + length;
        ranges.push(from..behind);
    }
    behind = 0;
    for at in PRIVATE_KEY.starts(text).filter(|at| is_private_key(text, *at)) {
        if at < behind {
            continue;
        }
        let rest = text.get(at..).unwrap_or("");
        behind = at + rest.find("-----END").unwrap_or(rest.len());
        ranges.push(at..behind);
    }
    ranges
}

/// A text without the credentials that are known by their form, where it has any.
pub fn without_secrets(text: &str) -> Option<String> {
    let mut ranges = secret_ranges(text);
    if ranges.is_empty() {
        return None;
    }
    ranges.sort_by_key(|range| range.start);
    let (mut safe, mut told) = (String::new(), 0);
    for range in &ranges {
        safe.push_str(text.get(told..range.start).unwrap_or(""));
        if told < range.end {
            safe.push_str("***");
        }
        told = told.max(range.end);
    }
    safe.push_str(text.get(told..).unwrap_or(""));
    Some(safe)
}

/// What a credential of more than one word starts with, around a letter that is rare: nearly no text has one, and to look for the letter
/// takes far less than to look for the whole.
struct Mark {
    before: &'static str,
    letter: char,
    behind: &'static str,
}

const PRIVATE_KEY: Mark = Mark { before: "-----", letter: 'B', behind: "EGIN" };
const WEBHOOK: Mark = Mark { before: "hooks.slack.com", letter: '/', behind: "services/" };

impl Mark {
    fn len(&self) -> usize {
        self.before.len() + self.letter.len_utf8() + self.behind.len()
    }

    /// Where the mark stands in a text; it cannot overlap itself.
    fn starts(&self, text: &str) -> impl Iterator<Item = usize> {
        text.match_indices(self.letter).filter_map(|(at, letter)| {
            let before = text.get(..at)?.strip_suffix(self.before)?;
            text.get(at + letter.len()..)?.starts_with(self.behind).then_some(before.len())
        })
    }
}

/// The words that are long enough for a token. Of so many letters in a row one stands at every such step, so that most letters of shorter
/// words need no look.
fn long_words(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let bytes = text.as_bytes();
    let mut at = SHORTEST_TOKEN - 1;
    std::iter::from_fn(move || {
        loop {
            let (head, tail) = bytes.split_at_checked(at)?;
            if !is_letter(tail.first()?) {
                at += SHORTEST_TOKEN;
                continue;
            }
            let start = head.iter().rposition(|byte| !is_letter(byte)).map_or(0, |before| before + 1);
            let end = tail.iter().position(|byte| !is_letter(byte)).map_or(bytes.len(), |length| at + length);
            at = end + SHORTEST_TOKEN;
            if let Some(word) = text.get(start..end).filter(|word| word.len() >= SHORTEST_TOKEN) {
                return Some((start..end, word));
            }
        }
    })
}

/// True when the line that a key's header starts names a private key near its start.
fn is_private_key(text: &str, at: usize) -> bool {
    const HEADER: usize = 200;
    let header = text.as_bytes().get(at..).unwrap_or(&[]);
    let header = header.get(..HEADER).unwrap_or(header).split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or(&[]);
    header.windows(b"PRIVATE KEY".len()).any(|window| window == b"PRIVATE KEY")
}

/// The fewest letters of a token: a Slack token's prefix and ten more.
const SHORTEST_TOKEN: usize = 15;

fn token(word: &str) -> Option<&'static str> {
    // What all of them start with.
    if !matches!(word.as_bytes().first(), Some(b'A' | b'g' | b'x')) {
        return None;
    }
    let rest = |prefix: &str| word.strip_prefix(prefix);
    let aws = |rest: &str| rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if ["AKIA", "ASIA"].iter().any(|prefix| rest(prefix).is_some_and(aws)) {
        return Some("an AWS access key id");
    }
    let github = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].iter().any(|prefix| rest(prefix).is_some_and(|rest| is_token(rest, 36)));
    if github || rest("github_pat_").is_some_and(|rest| is_token(rest, 22)) {
        return Some("a GitHub token");
    }
    if rest("glpat-").is_some_and(|rest| is_token(rest, 20)) {
        return Some("a GitLab token");
    }
    if ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-"].iter().any(|prefix| rest(prefix).is_some_and(|rest| is_token(rest, 10))) {
        return Some("a Slack token");
    }
    None
}

fn is_token(text: &str, least: usize) -> bool {
    text.len() >= least && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
