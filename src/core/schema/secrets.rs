//! Credentials that a person wrote into a document. The secret itself is never repeated.

use crate::clouds::CLOUDS;
use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

/// What a text looks like, or nothing when it is not a credential: the clouds' access keys, PEM private keys,
/// tokens of GitHub, GitLab and Slack, and Slack webhook paths with their three parts (the vendors' documented forms).
pub fn looks_secret(text: &str) -> Option<&'static str> {
    // Nearly every value is shorter than any credential.
    if text.len() < SHORTEST_TOKEN {
        return None;
    }
    if PRIVATE_KEY.find(text.as_bytes()).is_some() && text.contains("PRIVATE KEY") {
        return Some("a private key");
    }
    if let Some(kind) = long_words(text).find_map(|(_, word)| token(word)) {
        return Some(kind);
    }
    let behind_mark = WEBHOOK.find(text.as_bytes()).map(|at| at + WEBHOOK.needle().len());
    let path = behind_mark.and_then(|at| text.get(at..)).unwrap_or("");
    (path.split(['/', '?', '#']).filter(|part| is_token(part, 8)).count() >= 3).then_some("a Slack webhook with its token")
}

/// Where a text has credentials that are known by their form, in bytes: what must not be shown even of a text that does not parse.
pub fn secret_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = long_words(text).filter(|(_, word)| token(word).is_some()).map(|(range, _)| range).collect();
    // What stands in a range that has been found is not looked at again, however often a mark is repeated in it.
    let mut behind = 0;
    for at in WEBHOOK.find_iter(text.as_bytes()) {
        let from = at + WEBHOOK.needle().len();
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
    for at in PRIVATE_KEY.find_iter(text.as_bytes()).filter(|at| is_private_key(text, *at)) {
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
    let (mut safe, mut copied) = (String::new(), 0);
    for range in &ranges {
        safe.push_str(text.get(copied..range.start).unwrap_or(""));
        if copied < range.end {
            safe.push_str("***");
        }
        copied = copied.max(range.end);
    }
    safe.push_str(text.get(copied..).unwrap_or(""));
    Some(safe)
}

/// What a private key starts with. Every value and every message is searched, and preparing a search takes longer than most searches.
static PRIVATE_KEY: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-----BEGIN"));
/// What a Slack webhook's path starts with.
static WEBHOOK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("hooks.slack.com/services/"));

/// The words of a text that are long enough for a token, each with its place.
fn long_words(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let words = text.as_bytes().split(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')));
    let places = words.scan(0, |next, word| {
        let start = *next;
        // Behind a word stands one byte that is none of a word's.
        *next = start + word.len() + 1;
        Some(start..start + word.len())
    });
    places.filter(|place| place.len() >= SHORTEST_TOKEN).filter_map(|place| Some((place.clone(), text.get(place)?)))
}

/// True when the line that a key's header starts names a private key near its start.
fn is_private_key(text: &str, at: usize) -> bool {
    const HEADER: usize = 200;
    let header = text.get(at..).unwrap_or("").lines().next().unwrap_or("");
    header.chars().take(HEADER).collect::<String>().contains("PRIVATE KEY")
}

/// The fewest letters of a token: a Slack token's prefix and ten more.
const SHORTEST_TOKEN: usize = 15;

fn token(word: &str) -> Option<&'static str> {
    let rest = |prefix: &str| word.strip_prefix(prefix);
    if let Some(kind) = CLOUDS.iter().find_map(|cloud| cloud.credential(word)) {
        return Some(kind);
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
