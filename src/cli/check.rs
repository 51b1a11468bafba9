//! `terralet check`: parse, resolve, validate. Writes nothing, except what `--fix` fixes.

use super::args::{Arguments, CheckOptions};
use super::baseline::Baseline;
use super::exit::{EXIT_INPUT, EXIT_OK};
use std::time::Instant;
use terralet_core::diagnostics::{Report, Summary};
use terralet_core::failure::Failure;
use terralet_core::fleet::deny_warnings;
use terralet_host::fix::fix;
use terralet_host::fleet::{Scope, left_out, run as run_fleet, targets};
use terralet_host::workspace::Workspace;
use terralet_report::{self as report, RunReport};

pub(super) fn run(arguments: &Arguments, options: &CheckOptions) -> Result<u8, Failure> {
    let started = Instant::now();
    let workspace = Workspace::find(&arguments.call(), options.paths.first().map(std::path::PathBuf::as_path))?;
    let scope = Scope { paths: &options.paths, customer: None, shard: None, judge_names: false, allow_none: options.allow_missing };
    let targets = targets(&workspace, &scope)?;
    let mut baseline = options.baseline.as_ref().map(|file| Baseline::read(&workspace.start.join(file))).transpose()?;
    let fixes = if options.fix { Some(fix(&workspace, &targets, options.dry_run)) } else { None };
    let way = workspace.way_back(&workspace.output(None));
    // What is reported is what is on the disk now.
    let (mut customers, between) = run_fleet(arguments.quiet, &workspace, &targets, &way, None)?;
    let mut of_workspace: Vec<Report> =
        between.into_iter().chain(targets.of_platform.clone()).chain(left_out(&workspace, &targets)).collect();
    if let Some(baseline) = &mut baseline {
        customers.iter_mut().for_each(|customer| baseline.spare(&mut customer.reports));
        baseline.spare(&mut of_workspace);
    }
    if options.deny_warnings {
        deny_warnings(&mut customers);
    }
    let summary = Summary::of(&customers, &of_workspace);
    let reports = customers.iter().flat_map(|customer| &customer.reports).chain(&of_workspace).collect();
    let run = RunReport {
        root: &workspace.root,
        reports,
        differences: &[],
        summary,
        written: None,
        fixes: fixes.as_ref(),
        elapsed: started.elapsed(),
    };
    report::print_run(arguments.style(), &run);
    if let Some(baseline) = baseline.filter(|_| !arguments.quiet) {
        // A run over a part says nothing of what was found in the rest.
        let stale = if targets.whole { baseline.stale() } else { 0 };
        let stale = match stale {
            0 => String::new(),
            stale => format!("; {stale} of it no longer found: write it again"),
        };
        report::note(&format!("the baseline spared {}{stale}", baseline.spared));
    }
    if options.verbose {
        left_to_terraform(&workspace);
    }
    let would_fix = fixes.as_ref().is_some_and(|fixes| fixes.dry_run && !fixes.files.is_empty());
    Ok(if summary.errors > 0 || would_fix { EXIT_INPUT } else { EXIT_OK })
}

/// Prints which rules of the service provider's modules this run could not judge.
fn left_to_terraform(workspace: &Workspace) {
    for (module, validation) in workspace.interfaces.left_to_terraform() {
        if let (Some(line), Some(reason)) = (workspace.platform.modules.line(module, &validation.place), validation.left()) {
            report::note(&format!("{line}: left to Terraform: {reason}"));
        }
    }
}
