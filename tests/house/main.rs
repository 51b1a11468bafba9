//! The house itself: the rooms of the source, the binaries of the tests, the pages, the messages and their words, and what the
//! page of security names.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../harness/mod.rs"]
mod harness;

mod architecture;
mod binaries;
mod clouds;
mod messages;
mod module_rows;
mod pages;
mod rust_text;
mod security_table;
mod unsaid;
mod words;
