//! `terralet compile`: check, then write the root modules; `--check` compares instead.

use super::args::{Arguments, CompileOptions, Format};
use super::exit::{EXIT_DIFFERENT, EXIT_INPUT, EXIT_OK};
use std::time::Instant;
use terralet_core::diagnostics::{Code, Severity, Summary, codes};
use terralet_core::emit::MODULES;
use terralet_core::failure::Failure;
use terralet_core::paths::normal;
use terralet_core::platform::ModuleSource;
use terralet_core::reconcile::{Differ, Options, Reconciler};
use terralet_core::shell::quoted;
use terralet_host::fleet::{NO_CUSTOMERS, Run, Scope, compile_all, left_out, targets};
use terralet_host::output::Output;
use terralet_host::workspace::Workspace;
use terralet_host::{Lock, Preparer, write};
use terralet_report::{self as report, RunReport};

/// Codes that are a difference under `--check`: the tree on disk is what is wrong, not the documents.
static OF_THE_TREE: [&Code; 4] = [&codes::FOREIGN_FILE, &codes::HAND_EDITED_FILE, &codes::STATE_KEY_CHANGED, &codes::CUSTOMER_MISSING];

pub(super) fn run(arguments: &Arguments, options: &CompileOptions) -> Result<u8, Failure> {
    let started = Instant::now();
    if let Some(jobs) = options.jobs {
        // The pool is made once a process, and this is its first use.
        let built = rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build_global();
        built.map_err(|error| Failure::usage(format!("cannot start {jobs} threads: {error}"), "give a smaller `--jobs`"))?;
    }
    let workspace = Workspace::find(&arguments.call(), options.paths.first().map(std::path::PathBuf::as_path))?;
    let scope =
        Scope { paths: &options.paths, customer: options.customer.as_deref(), shard: options.shard, judge_names: true, allow_none: true };
    let targets = targets(&workspace, &scope)?;
    let output = Output::of(&workspace, options.output.as_ref(), options.check)?;
    let way = workspace.way_back(&output.root);
    let lock = if options.check { None } else { Some(Lock::take(&output, arguments.waits())?) };
    // A shard sees the whole tree too: what it compiles may have roots below any prefix, from before a change of layout or id.
    let listing = if targets.whole || targets.shard.is_some() { Some(output.list_all(|prefix| prefix != MODULES)?) } else { None };
    // Where roots are left, each customer that they were of is reported instead.
    let has_roots = listing.as_ref().is_some_and(|listing| !listing.directories.is_empty());
    if targets.whole && targets.list.is_empty() && targets.shard.is_none() && !has_roots && !options.allow_missing {
        return Err(workspace.no_customers(NO_CUSTOMERS));
    }
    if let Some(listing) = listing.as_ref().filter(|_| !options.check) {
        write::sweep(&listing.leftovers)?;
    }
    let differ = Differ::new(&output, listing.as_ref(), workspace.surroundings(&way));
    let preparer = Preparer::new(&output, &workspace.platform, !options.check && listing.is_some());
    let (mut customers, found) = compile_all(arguments.quiet, &workspace, &targets, &workspace.surroundings(&way), |proven| {
        let mut diff = differ.compare(proven)?;
        let prepared = preparer.hold_or_prepare(&mut diff)?;
        Ok((diff, prepared))
    })?;
    let (mut diffs, prepared): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let reports = targets.of_platform.iter().cloned().chain(left_out(&workspace, &targets)).collect();
    let wanted = wanted(options, &workspace, &output);
    let run = Run { workspace: &workspace, targets: &targets };
    let mut reconciler = Reconciler::new(&run, &differ, &wanted, reports);
    let judged = reconciler.reconcile(&mut customers, &mut diffs);
    let Reconciler { mut reports, mut differences, changes, .. } = reconciler;
    let carried =
        judged.and_then(|()| if options.check { Ok(None) } else { preparer.apply(&customers, diffs, prepared, &changes).map(Some) });
    let input_failed = Summary::of(&customers, &[]).errors > 0;
    let written = match carried {
        Ok(written) => written,
        Err(failure) => {
            let summary = Summary::of(&customers, &reports);
            reports.extend(customers.into_iter().flat_map(|customer| customer.reports));
            return Err(failure.after(&workspace.root, reports, summary));
        }
    };
    drop(lock);
    differences.sort_by(|a, b| a.file.cmp(&b.file));
    let summary = Summary::of(&customers, &reports);
    let all = customers.iter().flat_map(|customer| &customer.reports).chain(&reports).collect();
    let is_different = !differences.is_empty();
    let run = RunReport {
        root: &workspace.root,
        reports: all,
        differences: &differences,
        summary,
        written,
        fixes: None,
        elapsed: started.elapsed(),
    };
    report::print_run(arguments.style(), &run);
    if options.check && arguments.format == Format::Human && is_different && !arguments.quiet {
        report::note("the tree on disk is not what would be written; run `terralet compile`");
    }
    let failed = |code: &dyn Fn(&&Code) -> bool| reports.iter().any(|report| report.severity == Severity::Error && code(&report.code));
    let tree_failed = failed(&|code| OF_THE_TREE.contains(code));
    let other_failed = input_failed || failed(&|code| !OF_THE_TREE.contains(code));
    Ok(match (other_failed, tree_failed, options.check) {
        (true, ..) | (_, true, false) => EXIT_INPUT,
        (false, tree_failed, true) if tree_failed || is_different => EXIT_DIFFERENT,
        _ => EXIT_OK,
    })
}

/// What the call asks for.
fn wanted(options: &CompileOptions, workspace: &Workspace, output: &Output) -> Options {
    let tree_option = options.output.as_ref().map(|output| format!(" --output {}", quoted(&output.to_string_lossy())));
    let modules_are_below_output = match &workspace.platform.modules.source {
        ModuleSource::Local(path) => normal(&workspace.root.join(path)).starts_with(&output.root),
        ModuleSource::BuiltIn | ModuleSource::Remote(_) => false,
    };
    Options {
        check: options.check,
        overwrite: options.overwrite,
        allow_missing: options.allow_missing,
        deny_warnings: options.deny_warnings,
        tree_option: tree_option.unwrap_or_default(),
        modules_are_below_output,
    }
}
