//! The targets of the fuzzer over their seeds and over what it once found: they stay in order, and run without its toolchain.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod seeds;
mod targets;

use std::path::Path;

type Target = (&'static str, fn(&[u8]), fn() -> Vec<Vec<u8>>);

const TARGETS: [Target; 4] = [
    ("tree", targets::tree, seeds::tree),
    ("layers", targets::layers, seeds::layers),
    ("compile", targets::compile, seeds::compile),
    ("printer", targets::printer, seeds::printer),
];

/// Every seed and regression of a target.
fn pass(name: &str) {
    let (_, target, seeds) = TARGETS.into_iter().find(|(other, ..)| *other == name).unwrap();
    let mut inputs: Vec<(String, Vec<u8>)> =
        seeds().into_iter().enumerate().map(|(number, seed)| (format!("seed {number}"), seed)).collect();
    assert!(inputs.len() > 100, "only {} seeds", inputs.len());
    inputs.extend(seeds::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/regressions").join(name)));
    for (what, bytes) in inputs {
        if std::panic::catch_unwind(|| target(&bytes)).is_err() {
            panic!("{what}: {:?}", String::from_utf8_lossy(&bytes));
        }
    }
}

#[test]
fn texts_are_read_and_written_again() {
    pass("tree");
}

#[test]
fn layers_merge_as_the_model_says() {
    pass("layers");
}

#[test]
fn repositories_are_reported_or_compiled() {
    pass("compile");
}

#[test]
fn root_modules_come_back_as_they_were() {
    pass("printer");
}

/// `TERRALET_WRITE_SEEDS=DIRECTORY` writes a corpus for the fuzzer (tests/fuzz/run).
#[test]
fn seeds_are_written_where_they_are_asked_for() {
    let Some(directory) = std::env::var_os("TERRALET_WRITE_SEEDS") else { return };
    for (name, _, seeds) in TARGETS {
        let directory = Path::new(&directory).join(name);
        std::fs::create_dir_all(&directory).unwrap();
        for (number, seed) in seeds().into_iter().enumerate() {
            std::fs::write(directory.join(format!("seed-{number}")), seed).unwrap();
        }
    }
}
