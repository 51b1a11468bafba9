//! The tags that the platform sets on everything, and keys that a person would take for one of them.
//!
//! A key is compared letter by letter: each letter may stand for what it looks like (Unicode's confusables, UTS 39), for what it is a form
//! of (NFKC: fullwidth, mathematical and circled letters), and for either in another case. White space and what nobody sees counts for
//! nothing. Letters that look like the same letter are one, so that `l`, `I` and `1` are.

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// A key that is one of the platform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReservedTag {
    /// The platform's key.
    pub name: &'static str,
    /// False for a key that only looks like it.
    pub is_same: bool,
}

/// The keys (language.md section 9), and what they look like: `rn` for `m`, `l` for `i`.
const RESERVED: [(&str, &str); 5] = [
    ("customer_id", "custorner_ld"),
    ("environment", "envlronrnent"),
    ("source_repository", "source_reposltory"),
    ("platform", "platforrn"),
    ("Name", "narne"),
];

/// The platform's key that a key is, compared without case, or looks like.
pub fn reserved_tag(key: &str) -> Option<ReservedTag> {
    // Nearly every key starts like none of them.
    let first = key.chars().next().filter(|letter| letter.is_ascii_graphic() && !matches!(letter, 'm' | 'M')).map(look);
    let may_start = |looks: &str| first.is_none_or(|first| looks.starts_with(first));
    RESERVED.iter().filter(|(_, looks)| may_start(looks)).find_map(|(name, looks)| {
        let is_same = name.eq_ignore_ascii_case(key);
        (is_same || looks_like(key, looks)).then_some(ReservedTag { name, is_same })
    })
}

/// True when the letters of a key can be read as a name.
fn looks_like(key: &str, name: &str) -> bool {
    // One bit for each place in the name that the letters so far may lead to.
    let mut places: u32 = 1;
    for letter in key.chars() {
        places = if letter.is_ascii() { read_ascii(letter, name, places) } else { read(letter, name, places) };
        if places == 0 {
            return false;
        }
    }
    places >> name.len() & 1 == 1
}

fn read_ascii(letter: char, name: &str, places: u32) -> u32 {
    if letter.is_whitespace() || letter.is_control() {
        return places;
    }
    if let 'm' | 'M' = letter {
        return behind(b"rn", name, places);
    }
    behind(&[look(letter) as u8], name, places)
}

/// What a letter of ASCII looks like in lower case, but for `m`.
fn look(letter: char) -> char {
    match letter.to_ascii_lowercase() {
        'i' | '1' | '|' => 'l',
        '0' => 'o',
        letter => letter,
    }
}

fn read(letter: char, name: &str, places: u32) -> u32 {
    if is_unseen(letter) {
        return places;
    }
    let forms: [String; 3] = [letter.to_string(), letter.to_lowercase().collect(), std::iter::once(letter).nfkc().collect()];
    let looks = forms.iter().flat_map(|form| [form.clone(), skeleton(form).collect()]);
    looks.fold(0, |found, looks| {
        let looks: String = looks.chars().map(look).collect();
        found | behind(looks.replace('m', "rn").as_bytes(), name, places)
    })
}

/// The places behind a text that stands at one of the places.
fn behind(text: &[u8], name: &str, places: u32) -> u32 {
    let (mut found, mut left) = (0, places);
    while left != 0 {
        let start = left.trailing_zeros() as usize;
        left &= left - 1;
        if name.as_bytes().get(start..).is_some_and(|rest| rest.starts_with(text)) {
            found |= 1 << (start + text.len());
        }
    }
    found
}

/// White space, and what is shown as nothing: the default-ignorable characters have no skeleton.
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{2800}' | '\u{fff9}'..='\u{fffb}' | '\u{13430}'..='\u{1345f}')
        || skeleton(letter.encode_utf8(&mut [0; 4])).next().is_none()
}
