//! What tests in memory share: documents and root modules made at random, models to compare with, and readers of what is written.
//!
//! Nothing here knows the binary or the disk beyond the fixtures, so that the fuzzer takes it as it is (tests/fuzz).

#![allow(dead_code, reason = "each binary takes what it needs")]

pub(crate) mod agreement;
pub(crate) mod damage;
pub(crate) mod documents;
pub(crate) mod hcl_reader;
pub(crate) mod hostile;
pub(crate) mod in_memory;
pub(crate) mod layer_agreement;
pub(crate) mod layered;
pub(crate) mod merge_model;
pub(crate) mod merge_patch;
pub(crate) mod places;
pub(crate) mod platforms;
pub(crate) mod random;
pub(crate) mod reads_back;
pub(crate) mod repository;
pub(crate) mod root_modules;
pub(crate) mod shapes;
pub(crate) mod tape;
pub(crate) mod unseen;
pub(crate) mod written;
pub(crate) mod yaml_text;
pub(crate) mod yaml_tree;
