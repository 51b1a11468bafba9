//! Where a text has credentials: the search, which passes over most of a text, finds what a plain one finds that looks at all of it.
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert_eq, prop_oneof, proptest};
use std::ops::Range;
use terralet_core::schema::{looks_secret, secret_ranges, without_secrets};

const WEBHOOK: &str = "hooks.slack.com/services/";
const PRIVATE_KEY: &str = "-----BEGIN";

/// The starts of tokens, with the letters that come behind them and how many of those there are at least (and, of AWS, at most).
const TOKENS: [(&str, usize); 15] = [
    ("AKIA", 16),
    ("ASIA", 16),
    ("ghp_", 36),
    ("gho_", 36),
    ("ghu_", 36),
    ("ghs_", 36),
    ("ghr_", 36),
    ("github_pat_", 22),
    ("glpat-", 20),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxa-", 10),
    ("xoxs-", 10),
    ("xoxr-", 10),
    ("xapp-", 10),
];

fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-')
}

/// Every run of letters, however short, that is a token.
fn plain_tokens(text: &str) -> Vec<Range<usize>> {
    let is_token = |word: &str| {
        TOKENS.iter().any(|(start, least)| {
            let Some(rest) = word.strip_prefix(start) else { return false };
            let is_aws = start.starts_with('A');
            let fits = |letter: char| !is_aws || letter.is_ascii_uppercase() || letter.is_ascii_digit();
            rest.chars().all(fits) && if is_aws { rest.len() == *least } else { rest.len() >= *least }
        })
    };
    let mut at = 0;
    let words = text.split(|letter: char| !is_letter(letter)).map(|word| {
        let start = text[at..].find(word).unwrap() + at;
        at = start + word.len();
        start..at
    });
    words.filter(|range| is_token(&text[range.clone()])).collect()
}

/// Where a mark stands that is not in what was found behind the one before it, up to where that ends.
fn plain_marks(text: &str, mark: &str, found: impl Fn(usize) -> Option<Range<usize>>) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for range in text.match_indices(mark).filter_map(|(at, _)| found(at)) {
        if ranges.last().is_none_or(|last| range.start >= last.end) {
            ranges.push(range);
        }
    }
    ranges
}

fn plain_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = plain_tokens(text);
    ranges.extend(plain_marks(text, WEBHOOK, |at| {
        let from = at + WEBHOOK.len();
        let ends = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'');
        Some(from..text[from..].find(ends).map_or(text.len(), |length| from + length))
    }));
    ranges.extend(plain_marks(text, PRIVATE_KEY, |at| {
        let line: String = text[at..].lines().next().unwrap().chars().take(200).collect();
        let is_key = line.contains("PRIVATE KEY");
        is_key.then(|| at..text[at..].find("-----END").map_or(text.len(), |length| at + length))
    }));
    ranges
}

fn plainly_looks_secret(text: &str) -> bool {
    let is_part = |part: &&str| part.len() >= 8 && part.chars().all(is_letter);
    text.contains(PRIVATE_KEY) && text.contains("PRIVATE KEY")
        || !plain_tokens(text).is_empty()
        || text.split_once(WEBHOOK).is_some_and(|(_, path)| path.split(['/', '?', '#']).filter(is_part).count() >= 3)
}

fn pieces() -> impl Strategy<Value = String> {
    let token = (0..TOKENS.len(), 0..2_usize).prop_map(|(which, more)| {
        let (start, least) = TOKENS[which];
        format!("{start}{}", "A1B2".chars().cycle().take(least - 1 + more).collect::<String>())
    });
    let mark = prop_oneof![
        any::<bool>().prop_map(|whole| if whole { WEBHOOK } else { "hooks.slack.com/service" }.to_owned()),
        any::<bool>().prop_map(|whole| if whole { "-----BEGIN RSA PRIVATE KEY-----" } else { "-----BEGIN CERTIFICATE-----" }.to_owned()),
        (0..3_usize).prop_map(|which| ["-----BEGI", "-----END", "PRIVATE KEY"][which].to_owned()),
        "T[0-9]{7,9}/B[0-9]{7,9}/[a-z]{7,9}",
    ];
    let other = prop_oneof!["[a-zA-Z0-9_-]{0,20}", "[ ./:`'\n\"]{1,2}", "[BAgxé√/-]{1,3}", "\\PC{0,4}"];
    proptest::collection::vec(prop_oneof![2 => token, 1 => mark, 4 => other], 0..9).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_passed_over_has_no_credential(text in pieces()) {
        let ranges = plain_ranges(&text);
        prop_assert_eq!(secret_ranges(&text), ranges.clone());
        prop_assert_eq!(without_secrets(&text).is_some(), !ranges.is_empty());
        prop_assert_eq!(looks_secret(&text).is_some(), plainly_looks_secret(&text));
    }
}
