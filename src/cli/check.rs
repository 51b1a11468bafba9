//! `terralet check`: parse, resolve, validate; write nothing.

use super::args::{Arguments, CheckOptions};
use super::failure::Failure;
use super::fleet::{Scope, Summary, deny_warnings, left_out, run as run_fleet, targets};
use super::render::{self, Told};
use super::workspace::Workspace;
use super::{EXIT_INPUT, EXIT_OK};
use std::time::Instant;

pub(super) fn run(arguments: &Arguments, options: &CheckOptions) -> Result<u8, Failure> {
    let started = Instant::now();
    let workspace = Workspace::find(arguments, options.paths.first().map(std::path::PathBuf::as_path))?;
    let scope = Scope { paths: &options.paths, customer: None, shard: None, judge_names: false };
    let targets = targets(&workspace, &scope)?;
    let way = workspace.way_back(&workspace.output(None));
    let mut customers = run_fleet(arguments, &workspace, &targets, &way)?;
    if options.deny_warnings {
        deny_warnings(&mut customers);
    }
    let summary = Summary::of(&customers, &[]);
    let left_out = left_out(&workspace, &targets);
    let reports = customers.iter().flat_map(|customer| &customer.reports).chain(&left_out);
    render::told(
        arguments,
        &Told { root: &workspace.root, reports: reports.collect(), differences: &[], summary, written: None, elapsed: started.elapsed() },
    );
    Ok(if summary.errors > 0 { EXIT_INPUT } else { EXIT_OK })
}
