//! Credentials that a person wrote into a document. The secret itself is never repeated.

/// What a text looks like, or nothing when it is no credential: AWS access key ids (`AKIA`/`ASIA` and 16 more), PEM private keys,
/// tokens of GitHub, GitLab and Slack, and Slack webhook paths with their three parts (the vendors' documented forms).
pub fn looks_secret(text: &str) -> Option<&'static str> {
    if text.len() < 16 {
        return None;
    }
    if text.contains("-----BEGIN") && text.contains("PRIVATE KEY") {
        return Some("a private key");
    }
    let words = text.as_bytes().split(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')));
    let long = words.filter(|word| word.len() >= SHORTEST_TOKEN).filter_map(|word| std::str::from_utf8(word).ok());
    if let Some(kind) = long.filter_map(token).next() {
        return Some(kind);
    }
    let webhook =
        text.split_once("hooks.slack.com/services/").map(|(_, path)| path.split(['/', '?', '#']).filter(|part| is_token(part, 8)).count());
    (webhook.unwrap_or(0) >= 3).then_some("a Slack webhook with its token")
}

/// Where a text has credentials that are known by their form, in bytes: what must not be shown even of a text that does not parse.
pub fn secret_ranges(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match (letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                if text.get(from..at).is_some_and(|word| token(word).is_some()) {
                    ranges.push(from..at);
                }
                start = None;
            }
            _ => {}
        }
    }
    // What stands in a range that has been found is not looked at again, however often a mark is repeated in it.
    let mut behind = 0;
    for (at, mark) in text.match_indices("hooks.slack.com/services/") {
        let from = at + mark.len();
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
    for (at, _) in text.match_indices("-----BEGIN").filter(|(at, _)| is_private_key(text, *at)) {
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
    (!ranges.is_empty()).then_some(safe)
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

/// True for keys whose literal value is a credential by their name.
pub(super) fn key_names_secret(key: &str) -> bool {
    let is = |letter: u8, wanted: u8| letter.to_ascii_lowercase() == wanted || letter == b'-' && wanted == b'_';
    let ends_with = |end: &str| {
        let tail = key.len().checked_sub(end.len()).and_then(|start| key.as_bytes().get(start..));
        tail.is_some_and(|tail| tail.iter().zip(end.bytes()).all(|(letter, wanted)| is(*letter, wanted)))
    };
    ["password", "secret", "token", "api_key"].into_iter().any(ends_with)
}
