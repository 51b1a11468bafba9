//! The targets, with the modules of the tests that they are made of.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../common/agreement.rs"]
mod agreement;
#[path = "../common/hcl_reader.rs"]
mod hcl_reader;
#[path = "../common/in_memory.rs"]
mod in_memory;
#[path = "../common/layer_agreement.rs"]
mod layer_agreement;
#[path = "../common/layered.rs"]
mod layered;
#[path = "../common/merge_model.rs"]
mod merge_model;
#[path = "../common/merge_patch.rs"]
mod merge_patch;
#[path = "../common/places.rs"]
mod places;
#[path = "../common/platforms.rs"]
mod platforms;
#[path = "../common/random.rs"]
mod random;
#[path = "../common/reads_back.rs"]
mod reads_back;
#[path = "../common/repository.rs"]
mod repository;
#[path = "../common/root_modules.rs"]
mod root_modules;
#[path = "../common/tape.rs"]
mod tape;
mod targets;
#[path = "../common/unseen.rs"]
mod unseen;
#[path = "../common/written.rs"]
mod written;

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
