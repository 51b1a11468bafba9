//! The command line: a file a command. What it decides is small: what to run, and which exit status says how it went.

mod args;
mod baseline;
mod check;
mod compile;
mod emitted;
mod exit;
mod explain;
mod export;
mod list;
mod moving;
mod prune;
mod trace;
mod why;

pub use args::Arguments;

use args::{Command, Format};
use clap::{CommandFactory, Parser as _};
use exit::{EXIT_OK, EXIT_USAGE};
use std::process::ExitCode;
use terralet_report as report;

/// Reads the arguments of the process, and runs its command.
pub fn start() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => run(&arguments),
        // A call that cannot be read, or one for help or the version.
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(EXIT_USAGE);
            report::printed(error.print());
            ended(code)
        }
    }
}

/// The exit code of a run that ended with one, unless what it had to say could not be printed.
fn ended(code: u8) -> ExitCode {
    match report::unwritten() {
        Some(reason) => {
            report::note(&format!("error: cannot write the output: {reason}"));
            ExitCode::from(EXIT_USAGE)
        }
        None => ExitCode::from(code),
    }
}

/// Runs a command.
pub fn run(arguments: &Arguments) -> ExitCode {
    if let Some(name) = checks_nothing(&arguments.command)
        && matches!(arguments.format, Format::Sarif | Format::Github)
    {
        let message = format!("`{name}` checks nothing, so there is nothing to print as SARIF or as GitHub commands");
        report::print_error(report::Format::Human, &message, Some("leave `--format` out"));
        return ExitCode::from(EXIT_USAGE);
    }
    let done = match &arguments.command {
        Command::Check(options) => check::run(arguments, options),
        Command::Compile(options) => compile::run(arguments, options),
        Command::List(options) => list::run(arguments, options),
        Command::Why(options) => why::run(arguments, options),
        Command::Trace(options) => trace::run(arguments, options),
        Command::Explain(options) => explain::run(arguments, options),
        Command::Prune(options) => prune::run(arguments, options),
        Command::Move(options) => moving::run(arguments, options),
        Command::Platform(options) => export::run(arguments, options),
        Command::Completions { shell } => {
            // Into memory first: a reader that went away is not an error.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "terralet", &mut script);
            report::out(&String::from_utf8_lossy(&script));
            Ok(EXIT_OK)
        }
    };
    match done {
        Ok(code) => ended(code),
        Err(failure) => {
            report::print_failure(arguments.style(), &failure);
            ended(EXIT_USAGE)
        }
    }
}

/// The name of a command that checks nothing.
fn checks_nothing(command: &Command) -> Option<&'static str> {
    match command {
        Command::Explain(_) => Some("explain"),
        Command::Prune(_) => Some("prune"),
        // What it prints is steps; what it has to say of documents, `compile` says too.
        Command::Move(_) => Some("move"),
        Command::Platform(_) => Some("platform"),
        Command::Completions { .. } => Some("completions"),
        Command::Check(_) | Command::Compile(_) | Command::List(_) | Command::Why(_) | Command::Trace(_) => None,
    }
}
