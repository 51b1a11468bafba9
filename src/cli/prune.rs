//! `terralet prune`: removes the tombstones that are named, or all, services' before their shared root's; without either it lists them.

use super::args::{Arguments, PruneOptions};
use super::exit::{EXIT_INPUT, EXIT_OK, EXIT_USAGE};
use std::path::Path;
use terralet_core::diagnostics::nearest_of;
use terralet_core::emit::MODULES;
use terralet_core::failure::Failure;
use terralet_core::paths::{normal, slashes};
use terralet_core::reconcile::{Prunable, Pruning};
use terralet_host::Lock;
use terralet_host::output::Output;
use terralet_host::workspace::Workspace;
use terralet_host::write;
use terralet_report as report;

pub(super) fn run(arguments: &Arguments, options: &PruneOptions) -> Result<u8, Failure> {
    let workspace = Workspace::find(&arguments.call(), None)?;
    let only_lists = options.directories.is_empty() && !options.all && !options.dry_run;
    let only_reads = options.dry_run || only_lists;
    let output = Output::of(&workspace, options.output.as_ref(), only_reads)?;
    let lock = if only_reads { None } else { Some(Lock::take(&output, arguments.waits())?) };
    let listing = output.list_all(|prefix| prefix != MODULES)?;
    let pruning = Pruning::new(&output, &listing, &workspace.platform)?;
    let tombstones = &pruning.tombstones;
    if only_lists {
        return Ok(list(&workspace, &output, tombstones, arguments.quiet));
    }
    let named: Vec<String> =
        options.directories.iter().map(|named| directory(&workspace, &output, tombstones, named)).collect::<Result<_, _>>()?;
    let mut text = String::new();
    let mut stopped = false;
    let judged = pruning.judge(&named);
    for (tombstone, stays) in &judged {
        let path = output.root.join(&tombstone.directory);
        if let Some(reason) = stays {
            stopped = true;
            report::note(&format!("error: `{}` stays: {reason}", workspace.shown(&path)));
            continue;
        }
        text.push_str(&format!("{} {}\n", if options.dry_run { "would remove" } else { "removed" }, workspace.shown(&path)));
        if options.dry_run {
            continue;
        }
        for name in &tombstone.files {
            write::remove(&path.join(name))?;
        }
        write::remove_empty(&output.root, &path);
    }
    drop(lock);
    report::out(&text);
    if judged.is_empty() && !arguments.quiet {
        report::note("there are no tombstones");
    }
    Ok(if stopped { EXIT_INPUT } else { EXIT_OK })
}

/// Prints the tombstones of a call that says neither which nor `--all`: what is removed cannot be applied any more.
fn list(workspace: &Workspace, output: &Output, tombstones: &[Prunable], quiet: bool) -> u8 {
    if tombstones.is_empty() {
        if !quiet {
            report::note("there are no tombstones");
        }
        return EXIT_OK;
    }
    let lines = tombstones.iter().map(|tombstone| format!("{}\n", workspace.shown(&output.root.join(&tombstone.directory))));
    report::out(&lines.collect::<String>());
    report::note("nothing was removed: name the tombstones whose infrastructure is destroyed, or give `--all`");
    EXIT_USAGE
}

/// A directory of the call, as it is below the output: it may be written as it is printed, from where the run was started, or below the
/// output. It has to be a tombstone, or have one below it.
fn directory(workspace: &Workspace, output: &Output, tombstones: &[Prunable], named: &str) -> Result<String, Failure> {
    let trimmed = named.trim_end_matches('/');
    let has_any = |directory: &String| tombstones.iter().any(|tombstone| Path::new(&tombstone.directory).starts_with(directory));
    let seen_from = |base: &Path| normal(&base.join(trimmed)).strip_prefix(&output.root).map(slashes).ok();
    let ways = [Some(trimmed.to_owned()), seen_from(&workspace.root), seen_from(&workspace.start)];
    let found = ways.iter().flatten().find(|directory| has_any(directory)).filter(|_| !trimmed.is_empty());
    if let Some(found) = found {
        return Ok(found.clone());
    }
    let is_live = |directory: &String| output.root.join(directory).join("main.tf").is_file();
    let what = if !trimmed.is_empty() && ways.iter().flatten().any(is_live) {
        "is a root whose deployment is still there, not a tombstone"
    } else {
        "is not a tombstone, and none is below it"
    };
    let below = ways.iter().flatten().next_back().cloned().unwrap_or_default();
    let near = nearest_of(&below, tombstones.iter().map(|tombstone| tombstone.directory.as_str()));
    let near = near.first().map(|near| format!("did you mean `{}`? ", workspace.shown(&output.root.join(near)))).unwrap_or_default();
    Err(Failure::usage(format!("`{named}` {what}"), format!("{near}nothing was removed; `terralet prune` lists the tombstones")))
}
