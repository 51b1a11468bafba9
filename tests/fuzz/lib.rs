//! The targets, with the modules of the tests that they are made of.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../common/mod.rs"]
mod common;
mod targets;

/// The targets for the binaries of the fuzzer.
pub fn run(target: Target, bytes: &[u8]) {
    match target {
        Target::Tree => targets::tree(bytes),
        Target::Layers => targets::layers(bytes),
        Target::Compile => targets::compile(bytes),
        Target::Printer => targets::printer(bytes),
    }
}

/// What is fuzzed.
pub enum Target {
    Tree,
    Layers,
    Compile,
    Printer,
}
