//! Everything that is emitted, run by real Terraform, offline.
//!
//! Trees of modules are copied into a temporary directory, and Terraform is run in them, with a provider that serves recorded schemas and a state
//! store, both on threads of this process. Without Terraform or the recorded schemas every check is skipped, which is said on one line.

#![allow(clippy::print_stdout, clippy::disallowed_methods, clippy::disallowed_types)]

mod asked;
mod backends;
mod background;
mod conversions;
mod cycle;
mod discovery;
mod emitted_mutations;
mod guards;
mod locks;
mod modules;
mod moves;
mod moves_between_backends;
mod mutations;
mod offline;
mod provider;
mod remote_modules;
mod roots;
mod share;
mod skips;
mod standin;
mod standing;
mod state_servers;
mod statestore;
mod traces;
mod user_data;
mod validations;
mod workspace;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};

use offline::Terraform;
use skips::Missing;
use workspace::Failure;

/// A check spends its time waiting for Terraform, which itself uses two cores.
const THREADS: usize = 2;

/// The checks to run, each with the Terraform to run it.
struct Suite {
    terraform: Result<Arc<Terraform>, Missing>,
    trials: Vec<Trial>,
}

impl Suite {
    fn add(&mut self, name: impl Into<String>, check: impl FnOnce(&Terraform) -> Result<(), Failure> + Send + 'static) {
        let name = name.into();
        self.trials.push(match &self.terraform {
            Ok(terraform) => {
                let terraform = Arc::clone(terraform);
                Trial::test(name, move || check(&terraform).map_err(Failed::from))
            }
            Err(missing) => skips::skipped(name, missing.to_string()),
        });
    }

    /// A check that is not of this run's share.
    fn leave_out(&mut self, name: impl Into<String>) {
        self.trials.push(share::left_out(name.into()));
    }

    /// A fault of the tree itself, which is found without Terraform.
    fn add_fault(&mut self, name: impl Into<String>, fault: String) {
        self.trials.push(Trial::test(name, || Err(Failed::from(fault))));
    }
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(THREADS);
    let mut suite = Suite { terraform: Terraform::offline().map(Arc::new), trials: Vec::new() };
    modules::add(&mut suite);
    roots::add(&mut suite);
    mutations::add(&mut suite);
    locks::add(&mut suite);
    moves::add(&mut suite);
    moves_between_backends::add(&mut suite);
    backends::add(&mut suite);
    guards::add(&mut suite);
    standin::add(&mut suite);
    standing::add(&mut suite);
    traces::add(&mut suite);
    user_data::add(&mut suite);
    conversions::add(&mut suite);
    validations::add(&mut suite);
    let Suite { terraform, trials } = suite;
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list {
        match &terraform {
            Ok(terraform) => {
                println!("{}", terraform.tally.line(&terraform.name()));
                share::line(conclusion.num_ignored).into_iter().for_each(|line| println!("{line}"));
            }
            Err(missing) => skips::line(conclusion.num_ignored, &missing.to_string()).into_iter().for_each(|line| println!("{line}")),
        }
    }
    // Leaving by `exit` would leave the temporary directory behind.
    drop(terraform);
    if conclusion.has_failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
