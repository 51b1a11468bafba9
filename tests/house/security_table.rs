//! docs/security.md names tests for everything that it claims: each is there and is run, and each code of isolation, keys and secrets, which
//! no platform may switch off, is claimed by a row.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use terralet_core::diagnostics::codes;

/// Fixed codes of isolation, keys and secrets.
const CLAIMED: [&str; 23] = [
    "account-mismatch",
    "not-granted",
    "between-customers",
    "cidr-overlap",
    "customer-id-conflict",
    "customer-id-mismatch",
    "customer-missing",
    "deployment-removed",
    "destructive-change",
    "duplicate-repository",
    "foreign-file",
    "hand-edited-file",
    "misspelt-registration",
    "missing-account",
    "name-collision",
    "nested-platform-file",
    "not-a-document",
    "outside-repository",
    "residency-violation",
    "secret-in-source",
    "state-key-changed",
    "state-key-collision",
    "unregistered-repository",
];

/// Groups of which the other fixed codes are about values without which there is nothing to compile.
const OF_VALUES: [&str; 6] = ["The text", "Documents", "Shape", "Layers", "Values", "Catalogue"];

/// Fixed codes of the other groups that nothing is kept apart by.
const OTHERS: [&str; 14] = [
    "cloud-without-modules",
    "file-skipped",
    "fixed-rule",
    "incomplete-deployment",
    "invalid-setting",
    "missing-copy-region",
    "region-mismatch",
    "region-not-allowed",
    "reserved-tag",
    "stale-root",
    "terraform-diagnostic",
    "tier-mismatch",
    "unpinnable-modules",
    "unsupported-terralet-version",
];

/// A row of the page: a threat, what stops it, and where that is shown.
struct Row<'p> {
    text: &'p str,
    cells: Vec<&'p str>,
}

fn rows(page: &str) -> Vec<Row<'_>> {
    let is_row = |line: &&str| line.starts_with('|') && !line.starts_with("| threat") && !line.starts_with("| ---");
    let row = |text| {
        let inner = str::strip_suffix(text, " |").and_then(|text| text.strip_prefix("| "));
        Row { text, cells: inner.unwrap_or_else(|| panic!("no row: {text}")).split(" | ").map(str::trim).collect() }
    };
    page.lines().filter(is_row).map(row).collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    assert!(text.matches('`').count().is_multiple_of(2), "a backtick that nothing closes: {text}");
    text.split('`').skip(1).step_by(2)
}

/// The attributes right above a function of a file; nothing where there is no such function, or more than one.
fn attributes<'s>(source: &'s str, function: &str) -> Option<Vec<&'s str>> {
    let start = format!("fn {function}(");
    let lines: Vec<&str> = source.lines().map(str::trim_start).collect();
    let mut found = lines.iter().enumerate().filter(|(_, line)| line.trim_start_matches("pub(crate) ").starts_with(&start));
    let (at, _) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let above = lines[..at].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
    Some(above.filter(|line| line.starts_with("#[")).copied().collect())
}

/// True when the main file of a binary has a module, whatever the system.
fn declares(main: &str, module: &str) -> bool {
    let declaration = format!("mod {module};");
    let lines: Vec<&str> = main.lines().collect();
    let found = lines.iter().position(|line| *line == declaration);
    found.is_some_and(|at| !lines[..at].last().is_some_and(|above| above.starts_with("#[")))
}

/// What keeps a named test from being one that runs; nothing where it does.
fn fault(package: &Path, file: &str, name: &str) -> Option<String> {
    let path = package.join(file);
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    match file.split('/').collect::<Vec<_>>().as_slice() {
        // Its checks are the entries of the fixtures.
        ["tests", "fixtures", "main.rs"] => {
            let entry = package.join("fixtures/diagnose").join(name);
            let is_there = entry.is_dir() || entry.with_extension("yml").is_file();
            (!name.contains('/') || !is_there).then(|| "there is no such entry of fixtures/diagnose".to_owned())
        }
        // Its checks are added to a list by hand.
        ["tests", "terraform", module] => {
            let main = fs::read_to_string(package.join("tests/terraform/main.rs")).unwrap();
            let module = module.trim_end_matches(".rs");
            let is_listed = source.lines().map(str::trim).any(|line| line == format!("suite.add(\"{module}::{name}\", {name});"));
            let is_run = main.lines().map(str::trim).any(|line| line == format!("{module}::add(&mut suite);"));
            (!is_listed || !is_run || attributes(&source, name).is_none()).then(|| "it is not listed as a check".to_owned())
        }
        ["tests", binary, module] if module.ends_with(".rs") => match attributes(&source, name) {
            None => Some("there is no such function, or more than one".to_owned()),
            Some(attributes) if !attributes.contains(&"#[test]") => Some("it is no test".to_owned()),
            // What is built at all is built for such systems.
            Some(attributes) if !attributes.iter().all(|attribute| ["#[test]", "#[cfg(unix)]"].contains(attribute)) => {
                Some(format!("it is no test that always runs: {attributes:?}"))
            }
            Some(_) => {
                let is_condition = |line: &str| line.starts_with("#![cfg") && line != "#![cfg(unix)]";
                let main = fs::read_to_string(package.join("tests").join(binary).join("main.rs")).unwrap();
                let is_built = *module == "main.rs" || declares(&main, module.trim_end_matches(".rs"));
                let is_always_built = is_built && ![&source, &main].iter().any(|text| text.lines().any(is_condition));
                (!is_always_built).then(|| "its file is not always built".to_owned())
            }
        },
        _ => Some("its file is none that tests are in".to_owned()),
    }
}

#[test]
fn every_claim_names_tests_that_run() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(package.join("docs/security.md")).unwrap();
    let (mut faults, mut named) = (Vec::new(), 0);
    for Row { text, cells } in rows(&page) {
        if cells.len() != 3 || cells.iter().any(|cell| cell.is_empty()) {
            faults.push(format!("a row has a threat, what stops it, and a test: {text}"));
            continue;
        }
        let (mut file, mut of_row) = (None, 0);
        for word in quoted(cells[2]) {
            if word.ends_with(".rs") {
                file = Some(word);
                continue;
            }
            let Some(file) = file else {
                faults.push(format!("no file before `{word}`: {text}"));
                continue;
            };
            faults.extend(fault(package, file, word).map(|fault| format!("`{file}`: `{word}`: {fault}")));
            of_row += 1;
        }
        if of_row == 0 {
            faults.push(format!("no test: {text}"));
        }
        named += of_row;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(named > 100, "only {named} tests are named");
}

#[test]
fn every_fixed_code_that_keeps_customers_apart_is_claimed() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/security.md")).unwrap();
    let rows = rows(&page);
    let claimed: BTreeSet<&str> = rows.iter().flat_map(|row| row.cells.iter().take(2)).flat_map(|cell| quoted(cell)).collect();
    let mut faults = Vec::new();
    for code in CLAIMED {
        match codes::find(code) {
            Some(code) if !code.fixed => faults.push(format!("`{}` is not fixed: a platform may switch it off", code.name)),
            Some(code) if !claimed.contains(code.name) => faults.push(format!("no row names `{}`", code.name)),
            Some(_) => {}
            None => faults.push(format!("unknown code `{code}`")),
        }
    }
    // Of a new one somebody has to say which it is.
    for code in codes::ALL.iter().filter(|code| code.fixed) {
        if !CLAIMED.contains(&code.name) && !OTHERS.contains(&code.name) && !OF_VALUES.contains(&code.group) {
            faults.push(format!("`{}` is fixed: is it of isolation, keys or secrets?", code.name));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_is_no_test_is_noticed() {
    let source = "#[test]\n/// Says.\nfn one() {}\n#[test]\n#[ignore]\nfn two() {}\nfn three() {}\n    #[test]\n    fn four(number in 0..3) {}\n#[test]\n\nfn five() {}\nfn six() {}\nfn six() {}\n";
    assert_eq!(attributes(source, "one").unwrap(), ["#[test]"]);
    assert_eq!(attributes(source, "two").unwrap(), ["#[ignore]", "#[test]"]);
    assert!(attributes(source, "three").unwrap().is_empty());
    assert_eq!(attributes(source, "four").unwrap(), ["#[test]"]);
    assert!(attributes(source, "five").unwrap().is_empty());
    assert!(attributes(source, "six").is_none());
    assert!(attributes(source, "thr").is_none());
    let main = "mod one;\n#[cfg(unix)]\nmod two;\n// mod three;\n";
    assert_eq!(["one", "two", "three", "on"].map(|module| declares(main, module)), [true, false, false, false]);
}
