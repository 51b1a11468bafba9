//! The rooms of the house: which folder of `src` may import which, what only the rim may touch, and how long a file may be.
//!
//! Rust lets the modules of one crate import each other in circles. The table below does not: a room may import what stands before it,
//! and of that only what it names. ARCHITECTURE.md tells why each room is where it is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of `src`, or a file right in it, and the rooms that it may import.
type Room = (&'static str, &'static [&'static str]);

/// The rooms in the order of the pipeline. Everything that a room imports stands before it, so that there are no circles.
const ROOMS: &[Room] = &[
    ("source", &[]),
    ("diff", &[]),
    ("diagnostics", &["source"]),
    ("syntax", &["source", "diagnostics"]),
    ("catalog", &[]),
    ("schema", &["source", "diagnostics", "syntax", "catalog"]),
    ("modules", &[]),
    ("platform", &["source", "diagnostics", "syntax", "catalog", "schema"]),
    ("resolve", &["source", "diagnostics", "syntax", "catalog", "schema", "platform"]),
    ("ir", &["source", "catalog", "schema", "resolve"]),
    ("lower", &["source", "diagnostics", "syntax", "catalog", "schema", "platform", "resolve", "ir"]),
    ("check", &["source", "diagnostics", "catalog", "schema", "modules", "platform", "resolve", "ir"]),
    ("terraform", &["platform"]),
    ("assemble", &["schema", "modules", "platform", "resolve", "check", "terraform"]),
    ("emit", &["terraform"]),
    ("tree", &["modules", "platform", "terraform", "emit"]),
    ("trace", &["source", "diff", "diagnostics", "schema", "platform", "ir", "check", "terraform", "emit"]),
    (
        "compile",
        &[
            "source",
            "diagnostics",
            "schema",
            "modules",
            "platform",
            "resolve",
            "ir",
            "lower",
            "check",
            "terraform",
            "assemble",
            "emit",
            "tree",
            "trace",
        ],
    ),
    ("fleet", &["source", "diagnostics", "platform", "check", "terraform", "tree", "compile"]),
    ("why", &["source", "diagnostics", "syntax", "schema", "platform", "resolve"]),
    (
        "cli",
        &[
            "source",
            "diff",
            "diagnostics",
            "syntax",
            "catalog",
            "schema",
            "modules",
            "platform",
            "resolve",
            "check",
            "terraform",
            "assemble",
            "emit",
            "tree",
            "trace",
            "compile",
            "fleet",
            "why",
        ],
    ),
];

/// The rooms that are the rim: they read and write files, know the environment and the time, and print.
const RIM: &[&str] = &["cli"];

/// Files right in `src` that are no room: the list of the rooms, and the call of the command line.
const DOORS: &[&str] = &["lib", "main"];

/// Parts of the standard library that make a function depend on more than its arguments.
const RIM_OF_STD: &[&str] = &["env", "fs", "io", "process", "thread", "time"];

/// Macros that print.
const PRINTING: &[&str] = &["dbg!", "eprint!", "eprintln!", "print!", "println!"];

/// Packages that belong to certain rooms; what is not listed may be used anywhere. The rim may use all but the parsers.
const PACKAGES: &[(&str, &[&str])] = &[
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("glob", &["platform"]),
    ("granit_parser", &["syntax"]),
    ("hcl_edit", &["modules", "tree"]),
    ("indicatif", &["cli"]),
    ("miette", &["cli"]),
    ("rayon", &["cli"]),
    ("rustix", &["cli"]),
    ("serde_json", &["cli", "platform", "trace"]),
    ("similar", &["diff"]),
    ("tempfile", &["cli"]),
    ("unicode_normalization", &["emit", "platform", "syntax"]),
    ("unicode_security", &["platform"]),
];

/// Past this a file is split along its nouns. It is aimed at 300.
const MOST_LINES: usize = 500;

/// A source file.
struct Source {
    /// Below the package, with `/`.
    path: String,
    /// The text as it is.
    text: String,
    /// The text with comments and literals blanked.
    code: String,
}

impl Source {
    fn read(path: &Path) -> Source {
        let text = fs::read_to_string(path).unwrap();
        let code = without_comments_and_literals(&text);
        let path = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_string_lossy().replace('\\', "/");
        Source { path, text, code }
    }

    /// The room: the folder below `src`, or the name of the file right in it.
    fn room(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap();
        below.split_once('/').map_or_else(|| below.strip_suffix(".rs").unwrap(), |(folder, _)| folder)
    }

    /// How many `super::` lead to the root of the crate.
    fn depth(&self) -> usize {
        let below = self.path.strip_prefix("src/").unwrap();
        below.split('/').count() - usize::from(below.ends_with("/mod.rs"))
    }

    /// A line for each thing that is not allowed here.
    fn breaches(&self) -> Vec<String> {
        let room = self.room();
        let mut found = Vec::new();
        let mut tell = |at: usize, what: String| {
            let line = self.code[..at].matches('\n').count() + 1;
            found.push(format!("{}:{line}: {what}", self.path));
        };
        let is_door = DOORS.contains(&room);
        let is_rim = RIM.contains(&room) || is_door;
        let allowed = ROOMS.iter().find(|(name, _)| *name == room).map_or(&[][..], |(_, allowed)| allowed);
        for (at, name) in heads(&self.code, "crate") {
            if name != room && !is_door && !allowed.contains(&name.as_str()) {
                tell(at, format!("`{room}` may not import `{name}`"));
            }
        }
        let to_root = "super::".repeat(self.depth());
        for (at, _) in occurrences(&self.code, &to_root).filter(|_| !is_door) {
            tell(at, "`super` leads to the root of the crate: write `crate::` and the room".to_owned());
        }
        if is_rim {
            return found;
        }
        for (at, name) in heads(&self.code, "std").into_iter().filter(|(_, name)| RIM_OF_STD.contains(&name.as_str())) {
            tell(at, format!("`std::{name}` belongs to the rim ({})", RIM.join(", ")));
        }
        for name in PRINTING {
            for (at, _) in occurrences(&self.code, name) {
                tell(at, format!("`{name}` belongs to the rim ({})", RIM.join(", ")));
            }
        }
        for (package, rooms) in PACKAGES.iter().filter(|(_, rooms)| !rooms.contains(&room)) {
            for (at, _) in occurrences(&self.code, package).filter(|(at, _)| names_package(&self.code, *at, package)) {
                tell(at, format!("`{package}` is for {} alone", rooms.join(", ")));
            }
        }
        found
    }
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Where a text stands that is no part of a longer name.
fn occurrences<'c>(code: &'c str, what: &'c str) -> impl Iterator<Item = (usize, &'c str)> {
    let starts_alone = |at: usize| !code[..at].ends_with(is_name);
    let ends_alone = move |at: usize| !what.ends_with(is_name) || !code[at + what.len()..].starts_with(is_name);
    code.match_indices(what).filter(move |(at, _)| starts_alone(*at) && ends_alone(*at))
}

/// True where a package's name starts a path or is named by a `use`, and is no field, variable or module of our own.
fn names_package(code: &str, at: usize, package: &str) -> bool {
    let before = code[..at].trim_end();
    let behind = code[at + package.len()..].trim_start();
    let in_path = before.ends_with("::") && !before.trim_end_matches("::").is_empty() && before.trim_end_matches("::").ends_with(is_name);
    !in_path && (behind.starts_with("::") || before.ends_with("use") || before.ends_with("extern crate"))
}

/// The first names behind a root such as `crate`: of `crate::a::b` it is `a`, of `crate::{a::b, c}` they are `a` and `c`.
fn heads(code: &str, root: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in occurrences(code, root) {
        let Some(behind) = code[at + root.len()..].trim_start().strip_prefix("::") else { continue };
        let behind = behind.trim_start();
        let Some(group) = behind.strip_prefix('{') else {
            found.push((at, first_name(behind)));
            continue;
        };
        let mut depth = 0_usize;
        let mut item = String::new();
        for letter in group.chars() {
            match letter {
                '}' if depth == 0 => break,
                ',' if depth == 0 => {
                    found.push((at, first_name(item.trim())));
                    item.clear();
                    continue;
                }
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            item.push(letter);
        }
        if !item.trim().is_empty() {
            found.push((at, first_name(item.trim())));
        }
    }
    found
}

/// The name that a path starts with; a glob stands for itself, and is in no table.
fn first_name(path: &str) -> String {
    let name: String = path.chars().take_while(|letter| is_name(*letter)).collect();
    if name.is_empty() { path.chars().take(1).collect() } else { name }
}

/// The text with everything that is no code blanked, newlines and offsets kept.
fn without_comments_and_literals(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = not_code(bytes, at);
        for byte in &mut code[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8(code).unwrap()
}

/// The end of the comment or literal that starts here, or `at` where none does.
fn not_code(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let length = bytes.len();
    let until =
        |from: usize, end: &[u8]| bytes[from..].windows(end.len()).position(|window| window == end).map_or(length, |found| from + found);
    match rest {
        [b'/', b'/', ..] => until(at, b"\n"),
        [b'/', b'*', ..] => {
            let (mut depth, mut next) = (1, at + 2);
            while depth > 0 && next < length {
                match &bytes[next..] {
                    [b'/', b'*', ..] => (depth, next) = (depth + 1, next + 2),
                    [b'*', b'/', ..] => (depth, next) = (depth - 1, next + 2),
                    _ => next += 1,
                }
            }
            next
        }
        [b'r', b'"' | b'#', ..] if at == 0 || !is_name(char::from(bytes[at - 1])) || bytes[at - 1] == b'b' => {
            let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
            if rest.get(1 + hashes) != Some(&b'"') {
                return at;
            }
            let end = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
            (until(at + 2 + hashes, &end) + end.len()).min(length)
        }
        [b'"', ..] => {
            let mut next = at + 1;
            while next < length && bytes[next] != b'"' {
                next += if bytes[next] == b'\\' { 2 } else { 1 };
            }
            (next + 1).min(length)
        }
        // A character, and not a lifetime, which has no second quote.
        [b'\'', b'\\', ..] => (until(at + 3, b"'") + 1).min(length),
        [b'\'', first, ..] => {
            let width = match first {
                0..0x80 => 1,
                0x80..0xe0 => 2,
                0xe0..0xf0 => 3,
                _ => 4,
            };
            if bytes.get(at + 1 + width) == Some(&b'\'') { at + 2 + width } else { at }
        }
        _ => at,
    }
}

/// Every Rust file below a directory of the package, sorted.
fn files(directory: &str) -> Vec<Source> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(directory), &mut found);
    found.sort();
    found.iter().map(|path| Source::read(path)).collect()
}

fn assert_none(what: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{what}\n  {}\n", breaches.join("\n  "));
}

#[test]
fn every_room_is_in_the_table_and_the_other_way_round() {
    let on_disk: BTreeSet<String> =
        files("src").iter().map(|file| file.room().to_owned()).filter(|room| !DOORS.contains(&room.as_str())).collect();
    let in_table: BTreeSet<String> = ROOMS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(on_disk, in_table, "rooms on disk (left) and in the table of tests/architecture.rs (right)");
    let doors: BTreeSet<String> =
        files("src").iter().map(|file| file.room().to_owned()).filter(|room| DOORS.contains(&room.as_str())).collect();
    assert_eq!(doors.len(), DOORS.len());
}

#[test]
fn the_table_has_no_circles() {
    for (index, (room, allowed)) in ROOMS.iter().enumerate() {
        for name in *allowed {
            let before = ROOMS[..index].iter().any(|(earlier, _)| earlier == name);
            assert!(before, "`{room}` may import `{name}`, which does not stand before it");
        }
    }
}

#[test]
fn rooms_import_what_the_table_allows() {
    let sources = files("src");
    assert!(sources.len() > ROOMS.len(), "the sources were not found");
    let breaches: Vec<String> = sources.iter().flat_map(Source::breaches).collect();
    assert_none("imports that the table of tests/architecture.rs does not allow:", &breaches);
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let silent: Vec<String> = files("src").into_iter().filter(|file| !file.text.starts_with("//! ")).map(|file| file.path).collect();
    assert_none("files that do not start with a `//!` sentence on what they are for:", &silent);
}

#[test]
fn files_stay_short() {
    let lengths = files("src").into_iter().chain(files("tests")).map(|file| (file.text.lines().count(), file.path));
    let long: Vec<String> =
        lengths.filter(|(lines, _)| *lines > MOST_LINES).map(|(lines, path)| format!("{path}: {lines} lines")).collect();
    assert_none(&format!("files of more than {MOST_LINES} lines, to be split along their nouns:"), &long);
}

/// The reader of this test, read by itself: what it must see, and what it must not.
#[test]
fn imports_are_seen_in_all_their_spellings() {
    let breaches = |path: &str, text: &str| {
        Source { path: path.to_owned(), text: text.to_owned(), code: without_comments_and_literals(text) }.breaches()
    };
    for (path, text) in [
        ("src/emit/files.rs", "use crate::schema::Key;"),
        ("src/emit/files.rs", "use crate::{terraform::Output, schema};"),
        ("src/emit/files.rs", "use crate::{\n    terraform::{Output, Backend},\n    check::{a, b},\n};"),
        ("src/emit/files.rs", "fn f() { let x = crate :: check::one(); }"),
        ("src/emit/files.rs", "use crate::*;"),
        ("src/emit/files.rs", "use super::super::check;"),
        ("src/emit/mod.rs", "use super::check;"),
        ("src/why.rs", "use super::cli;"),
        ("src/emit/files.rs", "use std::fs;"),
        ("src/emit/files.rs", "use std::{fmt, env};"),
        ("src/emit/files.rs", "fn f() { std::fs::read(\"x\"); }"),
        ("src/emit/files.rs", "fn f() { println!(\"x\"); }"),
        ("src/emit/files.rs", "use miette::Report;"),
        ("src/emit/files.rs", "fn f(x: ::clap::Arg) {}"),
        ("src/cli/compile.rs", "use crate::ir::Customer;"),
        ("src/ir/mod.rs", "fn f<'a>(x: &'a str) -> char { '\"' } use crate::emit::root; // \""),
        ("src/ir/mod.rs", "const R: &str = r#\"\"\"#; use crate::emit::root;"),
    ] {
        assert_eq!(breaches(path, text).len(), 1, "{path}: {text}\n{:?}", breaches(path, text));
    }
    for (path, text) in [
        ("src/emit/files.rs", "//! See [`ir`](crate::ir).\nuse crate::terraform::{Backend, Output};"),
        ("src/emit/files.rs", "/* use crate::ir; /* std::fs */ println!() */ const X: &str = \"crate::ir \\\" std::env\";"),
        ("src/emit/files.rs", "use super::header; pub(in crate::emit) fn f() {} pub(crate) fn g() {}"),
        ("src/emit/files.rs", "fn f() { let similar = 1; self.miette.clap(); my_println!(); std::net::Ipv4Addr::LOCALHOST; }"),
        ("src/cli/mod.rs", "use std::{env, fs}; use clap::Parser; fn f() { println!(); }"),
        ("src/cli/render/json.rs", "use super::super::args::Format;"),
        ("src/main.rs", "use clap::Parser; use std::process::ExitCode;"),
    ] {
        assert_none(&format!("{path}: {text}"), &breaches(path, text));
    }
}
