//! Compiles what customers ask for into the Terraform that a service provider runs.

// clippy.toml has the list, with a reason for each.
#![deny(clippy::disallowed_methods, clippy::disallowed_macros)]

pub mod assemble;
pub mod check;
pub mod clouds;
pub mod compile;
pub mod diagnostics;
pub mod diff;
pub mod emit;
pub mod failure;
pub mod fix;
pub mod fleet;
pub mod ir;
pub mod lower;
pub mod modules;
pub mod moves;
pub mod names;
pub mod paths;
pub mod platform;
pub mod reconcile;
pub mod redact;
pub mod resolve;
pub mod schema;
pub mod shell;
pub mod source;
pub mod syntax;
pub mod terraform;
pub mod trace;
pub mod tree;
pub mod why;
