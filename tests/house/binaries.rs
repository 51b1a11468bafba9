//! The tests are few binaries, each of which links the library, and every file of tests is built into one of them: Rust says nothing of a
//! file that no module names.

use std::fs;
use std::path::{Path, PathBuf};

/// Directories of `tests/` with a main file.
const BINARIES: [&str; 7] = ["cli", "compiler", "fixtures", "fuzz", "house", "ownership_model", "terraform"];

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

#[test]
fn there_are_few_test_binaries() {
    let entries = entries(&tests());
    // Cargo makes a binary of a file that stands here.
    let files: Vec<&PathBuf> = entries.iter().filter(|path| path.extension().is_some_and(|end| end == "rs")).collect();
    assert!(files.is_empty(), "put into one of {BINARIES:?}: {files:?}");
    let with_main = entries.iter().filter(|path| path.join("main.rs").is_file());
    let found: Vec<_> = with_main.map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(found, BINARIES);
}

/// The file that has the modules of a directory.
fn owner(directory: &Path) -> PathBuf {
    let inside = ["main.rs", "mod.rs"].map(|name| directory.join(name)).into_iter().find(|path| path.is_file());
    inside.unwrap_or_else(|| directory.with_extension("rs"))
}

#[test]
fn every_file_of_tests_is_built() {
    let (mut open, mut files, mut faults) = (vec![tests()], 0, Vec::new());
    while let Some(directory) = open.pop() {
        for path in entries(&directory) {
            // A package of its own names these in its manifest.
            if path.is_dir() && !["fuzz_targets", "target"].iter().any(|name| path.ends_with(name)) {
                open.push(path);
                continue;
            }
            let Some(name) = path.to_str().and_then(|path| path.strip_suffix(".rs")).and_then(|path| path.rsplit('/').next()) else {
                continue;
            };
            if ["main", "mod", "lib"].contains(&name) {
                continue;
            }
            let owner = owner(&directory);
            let modules = fs::read_to_string(&owner).unwrap_or_default();
            let declaration = format!("mod {name};");
            let is_built =
                modules.lines().any(|line| ["", "pub ", "pub(crate) "].iter().any(|before| line == format!("{before}{declaration}")));
            files += 1;
            if !is_built {
                faults.push(format!("{}: no `{declaration}` in {}", path.display(), owner.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(files > 100, "only {files} files were found");
}
