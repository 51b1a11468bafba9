//! Other words for the language's keys: what the same thing is called elsewhere, by what it means and not by how it is spelt.
//!
//! Letters alone are compared: `InstanceType`, `instance-type` and `instance_type` are one word. The table is `words.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| include_str!("words.txt").lines().filter_map(Row::parse).collect());

/// What words mean, by where they stand (`*` for every place) and their letters.
static MEANINGS: LazyLock<HashMap<(&'static str, String), &'static Row>> =
    LazyLock::new(|| ROWS.iter().flat_map(|row| row.words.split(' ').map(move |word| ((row.place, letters(word)), row))).collect());

/// A row of the table: words that mean the same at one place.
struct Row {
    /// The section in which they mean it, empty for parts of a document, or `*`.
    place: &'static str,
    meaning: Meaning,
    words: &'static str,
}

impl Row {
    fn parse(line: &'static str) -> Option<Row> {
        let part = |text: &'static str| if text == "/" { "" } else { text };
        let mut fields = line.split('\t').filter(|_| !line.starts_with('#'));
        let (place, section, key, words) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        let meaning = match section {
            "-" => Meaning::NoKey(Some(key).filter(|why| *why != "-")),
            section => Meaning::Key(part(section), key),
        };
        Some(Row { place: part(place), meaning, words })
    }
}

/// What another tool's word means.
#[derive(Clone, Copy)]
pub(super) enum Meaning {
    /// A key of a section; of a part of a document where the section is empty.
    Key(&'static str, &'static str),
    /// Nothing that the language has a key for, and what to do about it where that is known.
    NoKey(Option<&'static str>),
}

/// What a word means in a section, or in a part of a document when the section is empty.
pub(super) fn meaning(section: &'static str, word: &str) -> Option<Meaning> {
    let word = letters(word);
    let found = MEANINGS.get(&(section, word.clone())).or_else(|| MEANINGS.get(&("*", word)));
    found.map(|row| row.meaning)
}

/// True for a word that means something in this section in particular.
pub(super) fn is_of_section(section: &'static str, word: &str) -> bool {
    MEANINGS.contains_key(&(section, letters(word)))
}

/// Words that make another thing of the key that they stand next to: `max_allocated_storage` is not `allocated_storage`.
static OTHER_THINGS: [&str; 22] = [
    "max",
    "min",
    "maximum",
    "minimum",
    "secondary",
    "additional",
    "extra",
    "default",
    "old",
    "new",
    "previous",
    "private",
    "public",
    "disable",
    "disabled",
    "no",
    "without",
    "id",
    "ids",
    "arn",
    "prefix",
    "suffix",
];

/// True when a word holds a key's words and others that make another thing of it.
pub(super) fn is_another_thing(word: &str, key: &str) -> bool {
    let words = |text: &str| text.to_ascii_lowercase().split(['_', '-', '.', ' ']).map(str::to_owned).collect::<Vec<_>>();
    let (word, key) = (words(word), words(key));
    word.len() > key.len() && word.iter().any(|part| !key.contains(part) && OTHER_THINGS.contains(&part.as_str()))
}

/// The words of other tools, each with where it means something (`*` for every place), and the section and the key that it means, if any.
pub fn words_of_other_tools() -> impl Iterator<Item = (&'static str, Option<(&'static str, &'static str)>, &'static str)> {
    ROWS.iter().flat_map(|row| {
        let key = match row.meaning {
            Meaning::Key(section, key) => Some((section, key)),
            Meaning::NoKey(_) => None,
        };
        row.words.split(' ').map(move |word| (row.place, key, word))
    })
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
