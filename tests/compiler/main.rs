//! The library alone, without the binary: what it reads, merges, judges and prints, compared with models, other readers and source data.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::explicit_write)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../harness/real_terraform.rs"]
mod real_terraform;
#[path = "../harness/state_names.rs"]
mod state_names;

mod caches;
mod catalog;
mod catalog_tables;
mod damaged_repositories;
mod emit;
mod layers;
mod literals;
mod module_rules;
mod module_types;
mod named_databases;
mod secrets;
mod state_keys;
mod syntax_tree;
