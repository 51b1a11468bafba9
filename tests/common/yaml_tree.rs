//! Generated documents, as trees of values.

use super::tape::Tape;
use unicode_normalization::UnicodeNormalization;

/// What a document says.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    /// A plain scalar, as written; `~` and its kin are null.
    Plain(&'static str),
    /// Text that is text whatever it looks like.
    Text(String),
    List(Vec<Tree>),
    /// Own entries, then the anchors that `<<` names.
    Map(Vec<(String, Tree)>, Vec<(usize, Tree)>),
    /// An anchor on a value.
    Anchored(usize, Box<Tree>),
    /// An alias of an anchor, with the anchor's value.
    Alias(usize, Box<Tree>),
}

impl Tree {
    /// The value behind anchors and aliases.
    pub(crate) fn value(&self) -> &Tree {
        match self {
            Tree::Anchored(_, inner) | Tree::Alias(_, inner) => inner.value(),
            other => other,
        }
    }

    /// A mapping's entries with those of `<<`: own entries win, then earlier anchors.
    pub(crate) fn entries(&self) -> Vec<(String, Tree)> {
        let Tree::Map(own, merged) = self.value() else { return Vec::new() };
        let mut entries = own.clone();
        for (_, source) in merged {
            for (key, value) in source.entries() {
                if !entries.iter().any(|(other, _)| *other == key) {
                    entries.push((key, value));
                }
            }
        }
        entries
    }
}

const PLAIN: &[&str] = &[
    "5",
    "~",
    "",
    "true",
    "word",
    "two words",
    "-3",
    "+7",
    "0",
    "0x1F",
    "0o17",
    "1.5",
    "15.10",
    "-.5",
    "1e3",
    "6.02E+23",
    ".inf",
    "-.INF",
    ".nan",
    "null",
    "Null",
    "False",
    "no",
    "on",
    "Yes",
    "2026-11-22",
    "12:30:45",
    "a#b",
    "x:y",
    "-dash",
    "http://example.com/?a=b&c=d",
    "10.20.0.0/16",
    "ami-0abc",
    "${a}%{b}",
    "caf\u{e9}",
    "cafe\u{301}",
    "\u{65e5}\u{672c}",
    "\u{1f600}",
    "9223372036854775807",
    "-9223372036854775808",
    "1_000",
    "t3.small",
    "a'b\"c",
    "back\\slash",
    "1.",
    "e3",
    ".",
    "0x",
    "0o8",
    "+",
    "1e",
    "1.2.3",
    "=",
    "a, b",
];

const PIECES: &[&str] = &[
    "word",
    " ",
    "\n",
    "'",
    "\"",
    "\\",
    ": ",
    " #",
    "#",
    "- ",
    "\t",
    "${a}",
    "%{b}",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&a",
    "*a",
    "!",
    "|",
    ">",
    "%",
    "@",
    "`",
    "?",
    "5",
    "true",
    "null",
    "---",
    "...",
    "caf\u{e9}",
    "e\u{301}",
    "\u{65e5}",
    "\u{1f600}",
    "\0",
    "\u{1b}",
    "\u{7f}",
    "\u{a0}",
    "\u{feff}",
    "\u{2028}",
    "\u{202e}",
    "\r",
    "\n\n",
    "  ",
    "{{ environment }}",
];

/// A document: a mapping.
pub(crate) fn tree(tape: &mut Tape) -> Tree {
    let mut anchors = Vec::new();
    map(tape, &mut anchors, 0)
}

fn node(tape: &mut Tape, anchors: &mut Vec<(usize, Tree)>, depth: usize) -> Tree {
    if tape.one_in(8) && !anchors.is_empty() {
        let (id, value) = tape.pick(anchors.as_slice()).clone();
        return Tree::Alias(id, Box::new(value));
    }
    let anchored = tape.one_in(6);
    let made = match tape.below(if depth > 3 { 6 } else { 9 }) {
        0..=2 => Tree::Plain(tape.pick::<&str>(PLAIN)),
        3..=5 => Tree::Text(text(tape)),
        6 => Tree::List((0..tape.below(4)).map(|_| node(tape, anchors, depth + 1)).collect()),
        _ => map(tape, anchors, depth + 1),
    };
    if !anchored || matches!(made, Tree::Plain("")) {
        return made;
    }
    // Counts every anchor of the document, so that names are unique.
    let id = anchors.len();
    anchors.push((id, made.clone()));
    Tree::Anchored(id, Box::new(made))
}

fn map(tape: &mut Tape, anchors: &mut Vec<(usize, Tree)>, depth: usize) -> Tree {
    // Only anchors above can be named.
    let mut merged = Vec::new();
    let maps: Vec<(usize, Tree)> =
        anchors.iter().filter(|(_, value)| matches!(value, Tree::Map(_, merged) if merged.is_empty())).cloned().collect();
    while !maps.is_empty() && merged.len() < 2 && tape.one_in(5) {
        merged.push(tape.pick(&maps).clone());
    }
    let mut entries: Vec<(String, Tree)> = Vec::new();
    for _ in 0..tape.below(5) + usize::from(depth == 0) {
        let key: String =
            if tape.one_in(3) { text(tape) } else { format!("{}{}", tape.pick::<&str>(&["key", "k\u{e9}y", "a b", "k-"]), tape.below(9)) };
        let key: String = key.nfc().take(60).collect();
        if !entries.iter().any(|(other, _)| *other == key) {
            let value = node(tape, anchors, depth);
            entries.push((key, value));
        }
    }
    Tree::Map(entries, merged)
}

fn text(tape: &mut Tape) -> String {
    (0..tape.below(6)).map(|_| *tape.pick::<&str>(PIECES)).collect()
}
