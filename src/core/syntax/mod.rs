//! YAML text to a [`Node`] tree with a span on every key and value.
//!
//! Knows YAML and nothing of the language: every document, the customers' and the platform's, goes through [`parse`].

mod core;
mod merge_key;
mod open;
mod parse;
mod recover;
mod refused;
mod slips;
mod tree;

pub use core::{Plain, plain};
pub use merge_key::NotMerged;
pub use parse::{MAX_BYTES, MAX_LEVELS, MAX_NODES, parse, too_large};
pub use tree::{Entry, Mapping, Node, Scalar, Value, path_at};
