//! Writes the fleet that the benches measure: `cargo run --example generate-fleet -- DIRECTORY [CUSTOMERS]`.
//!
//! A program of its own, and small, since .ci/instructions needs the fleet and nothing else of the bench.

#![allow(missing_docs)]

#[allow(dead_code)]
mod workload;

use std::io;
use std::path::Path;
use workload::Workload;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let customers = arguments.get(1).map_or(Ok(10_000), |number| number.parse()).map_err(io::Error::other)?;
    let directory = arguments.first().ok_or_else(|| io::Error::other("name the directory to write to"))?;
    Workload { seed: 1, customers, registered: 5 }.write(Path::new(directory))
}
