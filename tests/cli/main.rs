//! What the binary does, in workspaces in temporary directories.
//!
//! `cargo test --test cli moves::` runs one file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../harness/mod.rs"]
mod harness;
#[path = "../trace_faults/mod.rs"]
mod trace_faults;
// The fleet that the bench measures.
#[path = "../../benches/fleet/workload.rs"]
#[allow(dead_code, reason = "the bench takes the rest")]
mod workload;

mod advice;
mod backups;
mod borders;
mod built_in_modules;
mod caches;
mod check_option;
mod crash;
mod damaged_trees;
mod denied_warnings;
mod destructive;
mod diffs;
mod engines;
mod export;
mod fix;
mod formats;
mod grants;
mod jobs;
mod large_fleet;
mod limits;
mod mistakes;
mod modules_inputs;
mod moves;
mod moves_all;
mod moves_killed;
mod neighbours;
mod newcomers;
mod newcomers_names;
mod nothing_in_silence;
mod notifications;
mod one_customer;
mod output_links;
mod outside;
mod own_rules;
mod owned_keys;
mod ownership;
mod patterns;
mod power_cut;
mod prefixes;
mod registry;
mod reserved_tags;
mod safe_output;
mod secret_names;
mod shards;
mod shell_words;
mod sick;
mod slips;
mod state_credentials;
mod state_places;
mod suggestions;
mod tier_defaults;
mod tombstones;
mod trace;
mod what_goes;
mod why;
