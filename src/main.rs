//! The `terralet` command: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    terralet_cli::start()
}
