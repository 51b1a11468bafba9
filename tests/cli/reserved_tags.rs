//! A tag's key that people would take for one of the platform's is refused, whatever its value; keys of one's own are not.

use crate::harness::workspace::{NETWORK_ALONE as BASE, Workspace};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

const PLATFORM: &str = "platform: acme\ncustomers: [customers/*]\nrules: {section-without-module: off}\n";
/// Each with the value that the platform sets it to in a repository `c0`.
const RESERVED: [(&str, &str); 5] =
    [("name", "x"), ("customer_id", "c0"), ("environment", "dev"), ("source_repository", "c0"), ("platform", "acme")];

fn letters() -> impl Iterator<Item = char> {
    (0..=u32::from(char::MAX)).filter_map(char::from_u32)
}

/// False for a letter that is another one by the time that keys are compared: text is normalised to NFC.
fn stays(letter: &char) -> bool {
    std::iter::once(*letter).nfc().eq([*letter])
}

/// The skeleton of a text alone.
fn looks(text: &str) -> String {
    skeleton(text).collect()
}

/// For each letter of the reserved keys everything that looks like it or is a form of it, in either case.
fn confusables() -> BTreeMap<char, Vec<char>> {
    let wanted: Vec<char> = "abcdefghijklmnopqrstuvwxyz_".chars().collect();
    let mut found: BTreeMap<char, Vec<char>> = BTreeMap::new();
    let mut of_look: BTreeMap<String, char> = BTreeMap::new();
    for letter in &wanted {
        for case in [letter.to_ascii_uppercase(), *letter] {
            of_look.insert(looks(&case.to_string()), *letter);
            of_look.insert(case.to_string(), *letter);
        }
    }
    // `I` and `l` look alike: each is found for the other.
    for letter in letters().filter(|letter| !letter.is_ascii_lowercase() && !matches!(letter, '_' | '\0'..='\x1f')) {
        let form: String = std::iter::once(letter).nfkc().collect();
        for meant in [of_look.get(&looks(&letter.to_string())), of_look.get(&form)].into_iter().flatten() {
            found.entry(*meant).or_default().push(letter);
        }
    }
    let (i, l) = (found[&'i'].clone(), found[&'l'].clone());
    found.entry('i').or_default().extend(l.into_iter().chain(['l']));
    found.entry('l').or_default().extend(i.into_iter().chain(['i']));
    found.values_mut().for_each(|letters| letters.retain(|letter| stays(letter) && (letter.is_alphanumeric() || *letter == '_')));
    found
}

/// The codes that each key gets, by key.
fn reported(keys: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let workspace = Workspace::new(PLATFORM, &[]);
    for (number, keys) in keys.chunks(30).enumerate() {
        let entry = |(key, value): &(String, String)| format!("  {}: {value}\n", serde_json::to_string(key).unwrap());
        let lines: String = keys.iter().map(entry).collect();
        workspace.document(&format!("c{number}/variables.yml"), &format!("customer_id: c0\n{BASE}tags:\n{lines}"));
    }
    let output = crate::harness::terralet(&workspace.root, &["check", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["summary"]["customers"], keys.len().div_ceil(30), "{json:#}");
    let mut reported: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for diagnostic in json["diagnostics"].as_array().unwrap() {
        let label = &diagnostic["labels"][0];
        let Some(number) = diagnostic["customer"].as_str().and_then(|name| name.strip_prefix('c')) else { continue };
        let line = usize::try_from(label["line"].as_u64().unwrap()).unwrap();
        // Five lines and `tags:` stand before the first.
        let Some(at) = line.checked_sub(7) else { continue };
        let (key, _) = &keys[number.parse::<usize>().unwrap() * 30 + at];
        reported.entry(key.clone()).or_default().push(diagnostic["code"].as_str().unwrap().to_owned());
    }
    reported
}

/// A key with another letter in one place.
fn with(key: &str, at: usize, letter: &str) -> String {
    format!("{}{letter}{}", &key[..at], &key[at + 1..])
}

/// The keys that are not refused as the platform's, each with the value that the platform's own has.
fn taken(keys: Vec<(String, &str)>) -> Vec<String> {
    let keys: Vec<(String, String)> = keys.into_iter().map(|(key, value)| (key, value.to_owned())).collect();
    let reported = reported(&keys);
    let is_refused = |key: &String| reported.get(key).is_some_and(|codes| codes.iter().any(|code| code == "reserved-tag"));
    keys.into_iter().map(|(key, _)| key).filter(|key| !is_refused(key)).collect()
}

#[test]
fn every_letter_that_looks_like_one_of_the_platforms_is_refused() {
    let confusables = confusables();
    assert!(confusables.values().map(Vec::len).sum::<usize>() > 600, "{confusables:?}");
    assert!(confusables[&'e'].contains(&'\u{435}') && confusables[&'n'].contains(&'\u{ff4e}') && confusables[&'i'].contains(&'l'));
    let mut keys = Vec::new();
    for (key, value) in RESERVED {
        for (at, letter) in key.char_indices() {
            let alike = confusables.get(&letter).into_iter().flatten().filter(|alike| !alike.eq_ignore_ascii_case(&letter));
            keys.extend(alike.map(|alike| (with(key, at, &alike.to_string()), value)));
        }
        keys.push((key.replace('m', "rn"), value));
        keys.push((key.chars().map(|letter| confusables[&letter].last().copied().unwrap_or(letter)).collect(), value));
    }
    keys.retain(|(key, _)| !RESERVED.iter().any(|(reserved, _)| key == reserved));
    let count = keys.len();
    let taken = taken(keys);
    assert!(taken.is_empty(), "{} of {count} are taken: {taken:?}", taken.len());
}

#[test]
fn what_is_not_seen_makes_no_other_key() {
    let unseen = |letter: &char| letter.is_whitespace() || looks(&letter.to_string()).is_empty();
    // A tag may have spaces, and letters that fill the place of one (U+3164) and are shown as nothing.
    let unseen: Vec<char> =
        letters().filter(|letter| *letter >= ' ' && *letter < '\u{e0000}' && !letter.is_control()).filter(unseen).filter(stays).collect();
    assert!(
        [' ', '\u{a0}', '\u{ad}', '\u{115f}', '\u{200b}', '\u{2004}', '\u{2066}', '\u{3164}', '\u{ffa0}']
            .iter()
            .all(|it| unseen.contains(it))
    );
    let mut keys = Vec::new();
    for letter in unseen {
        let (key, value) = RESERVED[2];
        keys.extend([format!("{letter}{key}"), format!("{key}{letter}"), format!("envi{letter}ronment")].map(|key| (key, value)));
    }
    keys.extend(RESERVED.map(|(key, value)| (format!(" {} ", key.to_uppercase()), value)));
    assert_eq!(taken(keys), Vec::<String>::new());
}

#[test]
fn keys_of_ones_own_and_the_platforms_with_its_values_are_taken() {
    let own = [
        "application",
        "team",
        "names",
        "Environment2",
        "environments",
        "customer",
        "customerid",
        "customer-id",
        "source",
        "repository",
        "platforms",
        "first name",
        "nane",
        "surname",
        "\u{43e}\u{43a}\u{440}\u{443}\u{436}\u{435}\u{43d}\u{438}\u{435}",
        "\u{438}\u{43c}\u{44f}",
        "\u{3c0}\u{3b5}\u{3c1}\u{3b9}\u{3b2}\u{3ac}\u{3bb}\u{3bb}\u{3bf}\u{3bd}",
        "\u{3cc}\u{3bd}\u{3bf}\u{3bc}\u{3b1}",
        "\u{43f}\u{43b}\u{430}\u{442}\u{444}\u{43e}\u{440}\u{43c}\u{430}",
        "\u{73af}\u{5883}",
        "Umgebung",
        "\u{e9}quipe",
    ];
    let keys = own.map(|key| (key.to_owned(), "x".to_owned()));
    let same = ["customer_id", "Environment", "SOURCE_REPOSITORY", "pLATFORM"];
    let same = same.map(|key| (key.to_owned(), RESERVED.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).unwrap().1.to_owned()));
    assert_eq!(reported(&[&keys[..], &same[..]].concat()), BTreeMap::new());
}

#[test]
fn a_tier_has_no_tag_that_looks_like_the_platforms() {
    for key in ["\u{435}nvironment", "environment ", "PIatform", "Environment"] {
        let platform = format!("tiers: {{standard: {{defaults: {{tags: {{\"{key}\": x}}}}}}}}\n");
        let workspace = Workspace::new(&platform, &[("shop/variables.yml", BASE)]);
        assert_eq!(workspace.run(&["check"], 2).codes(), ["error[invalid-setting]"], "{key:?}");
    }
}
