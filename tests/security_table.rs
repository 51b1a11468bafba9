//! docs/security.md names a test for everything that it claims; each of them has to be there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, clippy::disallowed_macros, missing_docs)]

use std::fs;
use std::path::Path;

#[test]
fn every_claim_names_tests_that_are_there() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(package.join("docs/security.md")).unwrap();
    let mut named = 0;
    for row in page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| threat") && !line.starts_with("| ---")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        assert_eq!(cells.len(), 3, "a row has a threat, what stops it, and a test: {row}");
        let mut source = String::new();
        let mut of_row = 0;
        // Every second part stands between backticks: a file, then the tests in it.
        for word in cells[2].split('`').skip(1).step_by(2) {
            if word.ends_with(".rs") {
                source = fs::read_to_string(package.join(word)).unwrap_or_else(|error| panic!("{word}: {error}"));
            } else {
                assert!(source.contains(&format!("fn {word}(")), "there is no test `{word}` in the file that is named before it");
                of_row += 1;
            }
        }
        assert!(of_row > 0, "no test: {row}");
        named += of_row;
    }
    assert!(named > 40, "only {named} tests are named");
}
