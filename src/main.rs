//! The `terralet` command: arguments in, exit code out.

use clap::Parser as _;
use std::process::ExitCode;
use terralet::cli::{Arguments, run};

fn main() -> ExitCode {
    run(&Arguments::parse())
}
