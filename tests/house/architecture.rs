//! The house: which package may use which, which room of the compiler may import which, what only the host may touch, and how long a file
//! may be. The tables are those of ARCHITECTURE.md, which are read here, so that there is one of each.

use crate::rust_text::{heads, names_package, occurrences, without_comments_and_literals};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Packages that the compiler may depend on, each with the rooms that it is for; none of them reads, writes, prints or asks for the time.
/// Without rooms, it may be used anywhere.
const PURE: &[(&str, &[&str])] = &[
    ("glob", &["platform"]),
    ("granit-parser", &["syntax"]),
    ("hcl-edit", &["modules", "tree"]),
    ("ipnet", &[]),
    ("memchr", &[]),
    ("regex-lite", &["modules"]),
    ("serde", &[]),
    ("serde_json", &["platform", "trace"]),
    ("sha2", &[]),
    ("similar", &["diff"]),
    ("smol_str", &[]),
    ("strsim", &[]),
    ("time", &["platform"]),
    ("unicode-normalization", &["emit", "platform", "syntax"]),
    ("unicode-security", &["platform"]),
];

/// Parts of the standard library that make a function depend on more than its arguments.
const OF_THE_HOST: &[&str] = &["env", "fs", "io", "process", "thread", "time"];

/// Macros that print.
const PRINTING: &[&str] = &["dbg!", "eprint!", "eprintln!", "print!", "println!"];

/// Past this a file is split along its nouns. It is aimed at 300.
const MOST_LINES: usize = 400;
/// The same of tests, which are lists of cases.
const MOST_LINES_OF_TESTS: usize = 500;

/// Types of one name in one package, each with why it has no other.
const SAME_NAMES: &[(&str, &str)] = &[];

/// A room or a package of ARCHITECTURE.md, with what it may import.
type Row = (String, Vec<String>);

/// The rows of the table below a heading of ARCHITECTURE.md: the first cell's name, and the names in the last.
fn table(heading: &str) -> Vec<Row> {
    let page = fs::read_to_string(package().join("ARCHITECTURE.md")).unwrap();
    let section = page.split(&format!("\n## {heading}\n")).nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix('|'));
    let row = |row: &str| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let names = cells.last().unwrap().split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        (cells[0].trim_matches('`').to_owned(), names.collect())
    };
    let rows: Vec<Row> = rows.map(row).collect();
    assert!(!rows.is_empty(), "no table below `{heading}`");
    rows
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

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
        let path = path.strip_prefix(package()).unwrap().to_string_lossy().replace('\\', "/");
        Source::new(&path, &text)
    }

    fn new(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned(), code: without_comments_and_literals(text) }
    }

    /// The way below its package's directory, without `.rs`, `/mod` and `lib`.
    fn module(&self) -> Vec<&str> {
        let below = self.path.splitn(3, '/').nth(2).unwrap().strip_suffix(".rs").unwrap();
        let mut parts: Vec<&str> = below.split('/').collect();
        if matches!(parts.as_slice(), [.., "mod"] | ["lib"]) {
            parts.pop();
        }
        parts
    }

    /// The room of the compiler; the list of the rooms has none.
    fn room(&self) -> &str {
        self.module().first().copied().unwrap_or("lib")
    }

    /// A line for each thing that is not allowed in the compiler.
    fn breaches(&self, rooms: &[Row]) -> Vec<String> {
        let room = self.room();
        let mut found = Vec::new();
        let mut breach = |at: usize, what: String| {
            let line = self.code[..at].matches('\n').count() + 1;
            found.push(format!("{}:{line}: {what}", self.path));
        };
        let allowed = rooms.iter().find(|(name, _)| name == room).map_or(&[][..], |(_, allowed)| allowed);
        for (at, name) in heads(&self.code, "crate") {
            if name != room && room != "lib" && !allowed.contains(&name) {
                breach(at, format!("`{room}` may not import `{name}`"));
            }
        }
        let to_root = "super::".repeat(self.module().len());
        for (at, _) in occurrences(&self.code, &to_root).filter(|_| room != "lib") {
            breach(at, "`super` leads to the root of the package: write `crate::` and the room".to_owned());
        }
        for (at, name) in heads(&self.code, "std").into_iter().filter(|(_, name)| OF_THE_HOST.contains(&name.as_str())) {
            breach(at, format!("`std::{name}` is for the host"));
        }
        for name in PRINTING {
            for (at, _) in occurrences(&self.code, name) {
                breach(at, format!("`{name}` is for reports"));
            }
        }
        for (package, rooms) in PURE.iter().filter(|(_, rooms)| !rooms.is_empty() && !rooms.contains(&room)) {
            let package = package.replace('-', "_");
            for (at, _) in occurrences(&self.code, &package).filter(|(at, _)| names_package(&self.code, *at, &package)) {
                breach(at, format!("`{package}` is for {} alone", rooms.join(", ")));
            }
        }
        found
    }

    /// The modules of its package that it imports, by their ways; `modules` are all that there are.
    fn imports(&self, modules: &BTreeSet<String>) -> BTreeSet<String> {
        let own = self.module();
        // What a file's own tests import is the file itself.
        let code = self.code.split("#[cfg(test)]").next().unwrap();
        let mut found = BTreeSet::new();
        for depth in 0..=own.len() {
            let root = if depth == 0 { "crate".to_owned() } else { vec!["super"; depth].join("::") };
            let base = if depth == 0 { &[][..] } else { &own[..own.len() - depth] };
            for (_, name) in heads(code, &root) {
                let way = [base, &[name.as_str()]].concat().join("/");
                // What is no module is an item of the one that the root leads to.
                found.insert(if modules.contains(&way) { way } else { base.join("/") });
            }
        }
        for child in modules.iter().filter(|way| way.rsplit_once('/').map_or("", |(above, _)| above) == own.join("/")) {
            let name = child.rsplit('/').next().unwrap();
            if occurrences(code, &format!("{name}::")).next().is_some() {
                found.insert(child.clone());
            }
        }
        found.remove(&own.join("/"));
        found
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
    walk(&package().join(directory), &mut found);
    found.sort();
    found.iter().map(|path| Source::read(path)).collect()
}

fn assert_none(what: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{what}\n  {}\n", breaches.join("\n  "));
}

#[test]
fn packages_use_what_the_table_names() {
    let packages = table("The packages");
    let on_disk = fs::read_dir(package().join("src")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let on_disk: BTreeSet<String> = on_disk.map(|path| format!("src/{}", path.file_name().unwrap().to_string_lossy())).collect();
    let in_table: BTreeSet<String> = packages.iter().map(|(name, _)| name.clone()).filter(|name| name != "src/main.rs").collect();
    assert_eq!(on_disk, in_table, "directories of src (left) and packages in ARCHITECTURE.md (right)");
    for (name, allowed) in &packages {
        let manifest = if name == "src/main.rs" { package().join("Cargo.toml") } else { package().join(name).join("Cargo.toml") };
        let used = dependencies(&fs::read_to_string(manifest).unwrap());
        let used: Vec<&str> = used.iter().filter_map(|name| name.strip_prefix("terralet-")).collect();
        let mut allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
        allowed.sort_unstable();
        assert_eq!(used, allowed, "what {name} depends on (left) and may use by ARCHITECTURE.md (right)");
    }
}

/// The names below `[dependencies]` of a manifest, sorted.
fn dependencies(manifest: &str) -> Vec<String> {
    let section = manifest.split("\n[dependencies]\n").nth(1).unwrap_or("").split("\n[").next().unwrap();
    let names = section.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(['.', ' ']).next());
    let mut names: Vec<String> = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
    names.sort();
    names
}

#[test]
fn the_compiler_depends_on_nothing_that_does_input_or_output() {
    let manifest = fs::read_to_string(package().join("src/core/Cargo.toml")).unwrap();
    let pure: Vec<&str> = PURE.iter().map(|(name, _)| *name).collect();
    assert_eq!(dependencies(&manifest), pure, "dependencies of src/core (left) and those that are known to do none (right)");
}

#[test]
fn every_room_is_in_the_table_and_the_other_way_round() {
    let sources = files("src/core");
    let on_disk: BTreeSet<&str> = sources.iter().map(Source::room).filter(|room| *room != "lib").collect();
    let rooms = table("The rooms");
    let in_table: BTreeSet<&str> = rooms.iter().map(|(name, _)| name.trim_end_matches(".rs")).collect();
    assert_eq!(on_disk, in_table, "rooms on disk (left) and in ARCHITECTURE.md (right)");
}

#[test]
fn tables_have_no_circles() {
    for heading in ["The packages", "The rooms"] {
        let rows = table(heading);
        for (index, (name, allowed)) in rows.iter().enumerate() {
            for other in allowed {
                let is_it = |(known, _): &&Row| known.trim_start_matches("src/").trim_end_matches(".rs") == other;
                let stands_first = rows[..index].iter().any(|row| is_it(&row));
                assert!(stands_first, "`{name}` may import `{other}`, which does not stand before it below `{heading}`");
            }
        }
    }
}

#[test]
fn rooms_import_what_the_table_allows() {
    let rooms: Vec<Row> = table("The rooms").into_iter().map(|(name, names)| (name.trim_end_matches(".rs").to_owned(), names)).collect();
    let sources = files("src/core");
    assert!(sources.len() > rooms.len(), "the sources were not found");
    let breaches: Vec<String> = sources.iter().flat_map(|source| source.breaches(&rooms)).collect();
    assert_none("imports that ARCHITECTURE.md does not allow:", &breaches);
    let imported: BTreeSet<(&str, String)> =
        sources.iter().flat_map(|source| heads(&source.code, "crate").into_iter().map(|(_, name)| (source.room(), name))).collect();
    let unused: Vec<String> = rooms
        .iter()
        .flat_map(|(room, names)| names.iter().map(move |name| (room.as_str(), name.clone())))
        .filter(|pair| !imported.contains(pair))
        .map(|(room, name)| format!("`{room}` does not import `{name}`"))
        .collect();
    assert_none("imports that ARCHITECTURE.md names and nobody needs:", &unused);
}

#[test]
fn modules_around_the_compiler_import_each_other_in_no_circle() {
    for package in ["src/host", "src/report", "src/cli"] {
        let sources = files(package);
        let modules: BTreeSet<String> = sources.iter().map(|source| source.module().join("/")).collect();
        let mut left: BTreeMap<String, BTreeSet<String>> =
            sources.iter().map(|source| (source.module().join("/"), source.imports(&modules))).collect();
        // Whoever imports nothing that is left is in no circle.
        while let Some(done) = left.iter().find(|(_, imports)| imports.is_empty()).map(|(name, _)| name.clone()) {
            left.remove(&done);
            left.values_mut().for_each(|imports| {
                imports.remove(&done);
            });
        }
        assert!(left.is_empty(), "modules of {package} that import each other, or one of a circle: {left:#?}");
    }
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let silent: Vec<String> = files("src").into_iter().filter(|file| !file.text.starts_with("//! ")).map(|file| file.path).collect();
    assert_none("files that do not start with a `//!` sentence on what they are for:", &silent);
}

#[test]
fn files_stay_short() {
    let long: Vec<String> = [("src", MOST_LINES), ("tests", MOST_LINES_OF_TESTS)]
        .into_iter()
        .flat_map(|(directory, most)| files(directory).into_iter().map(move |file| (file.text.lines().count(), most, file.path)))
        .filter(|(lines, most, _)| lines > most)
        .map(|(lines, most, path)| format!("{path}: {lines} lines, at most {most}"))
        .collect();
    assert_none("files that are to be split along their nouns:", &long);
}

#[test]
fn commands_are_a_small_part_of_the_source() {
    let lines = |directory: &str| files(directory).iter().map(|file| file.text.lines().count()).sum::<usize>();
    let (cli, all) = (lines("src/cli"), lines("src"));
    assert!(cli * 100 <= all * 15, "src/cli has {cli} of {all} lines: what decides belongs to src/core, and what reads to src/host");
}

#[test]
fn a_type_name_stands_once_in_a_package() {
    for package in ["src/core", "src/host", "src/report", "src/cli"] {
        let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for source in files(package) {
            for keyword in ["struct", "enum", "trait", "type"] {
                for (at, _) in occurrences(&source.code, keyword) {
                    // An associated type is its trait's.
                    let line = source.code[..at].rsplit('\n').next().unwrap();
                    let name: String = source.code[at + keyword.len()..].trim_start().chars().take_while(|c| c.is_alphanumeric()).collect();
                    let is_declared =
                        !name.is_empty() && name.starts_with(char::is_uppercase) && (keyword != "type" || !line.starts_with(' '));
                    if is_declared {
                        places.entry(name).or_default().push(source.path.clone());
                    }
                }
            }
        }
        let twice: Vec<String> = places
            .into_iter()
            .filter(|(name, places)| places.len() > 1 && !SAME_NAMES.iter().any(|(known, _)| known == name))
            .map(|(name, places)| format!("{name}: {}", places.join(", ")))
            .collect();
        assert_none("types of one name:", &twice);
    }
}

/// The reader of this test, read separately: what it must see, and what it must not.
#[test]
fn imports_are_seen_in_all_their_spellings() {
    let rooms = [("emit".to_owned(), vec!["terraform".to_owned()]), ("ir".to_owned(), Vec::new()), ("why".to_owned(), Vec::new())];
    let breaches = |path: &str, text: &str| Source::new(path, text).breaches(&rooms);
    for (path, text) in [
        ("src/core/emit/files.rs", "use crate::schema::Key;"),
        ("src/core/emit/files.rs", "use crate::{terraform::Output, schema};"),
        ("src/core/emit/files.rs", "use crate::{\n    terraform::{Output, Backend},\n    check::{a, b},\n};"),
        ("src/core/emit/files.rs", "fn f() { let x = crate :: check::one(); }"),
        ("src/core/emit/files.rs", "use crate::*;"),
        ("src/core/emit/files.rs", "use super::super::check;"),
        ("src/core/emit/mod.rs", "use super::check;"),
        ("src/core/why.rs", "use super::cli;"),
        ("src/core/emit/files.rs", "use std::fs;"),
        ("src/core/emit/files.rs", "use std::{fmt, env};"),
        ("src/core/emit/files.rs", "fn f() { std::fs::read(\"x\"); }"),
        ("src/core/emit/files.rs", "fn f() { println!(\"x\"); }"),
        ("src/core/emit/files.rs", "use granit_parser::Event;"),
        ("src/core/emit/files.rs", "fn f(x: ::glob::Pattern) {}"),
        ("src/core/ir/mod.rs", "fn f<'a>(x: &'a str) -> char { '\"' } use crate::emit::root; // \""),
        ("src/core/ir/mod.rs", "const R: &str = r#\"\"\"#; use crate::emit::root;"),
    ] {
        assert_eq!(breaches(path, text).len(), 1, "{path}: {text}\n{:?}", breaches(path, text));
    }
    for (path, text) in [
        ("src/core/emit/files.rs", "//! See [`ir`](crate::ir).\nuse crate::terraform::{Backend, Output};"),
        ("src/core/emit/files.rs", "/* use crate::ir; /* std::fs */ println!() */ const X: &str = \"crate::ir \\\" std::env\";"),
        ("src/core/emit/files.rs", "use super::header; pub(in crate::emit) fn f() {} pub(crate) fn g() {}"),
        ("src/core/emit/files.rs", "fn f() { let similar = 1; self.similar.glob(); my_println!(); std::net::Ipv4Addr::LOCALHOST; }"),
        ("src/core/lib.rs", "pub mod emit; use crate::emit::root;"),
    ] {
        assert_none(&format!("{path}: {text}"), &breaches(path, text));
    }
    let modules: BTreeSet<String> = ["", "a", "b", "b/c"].map(str::to_owned).into();
    let imports = |path: &str, text: &str| Source::new(path, text).imports(&modules).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(imports("src/cli/a.rs", "use super::b::X; use crate::b;"), "b");
    assert_eq!(imports("src/cli/b/mod.rs", "mod c; use c::X; use super::a;"), "a b/c");
    assert_eq!(imports("src/cli/b/c.rs", "use super::X; use super::super::a::Y; use crate::{a, b::c::Z};"), "a b");
    assert_eq!(imports("src/cli/a.rs", "use super::EXIT;"), "");
    assert_eq!(imports("src/cli/lib.rs", "mod a; fn f() { a::g(); }"), "a");
}
