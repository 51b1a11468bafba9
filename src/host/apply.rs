//! Carries out what a run changes in the tree, as one transaction: everything is prepared, and then takes its place.

use super::output::Output;
use super::write::{self, Writer};
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use terralet_core::compile::CompiledCustomer;
use terralet_core::emit::{GUARD_FILE, MODULES, module_guard};
use terralet_core::failure::Failure;
use terralet_core::platform::{Layout, Platform};
use terralet_core::reconcile::{CustomerDiff, DifferingRoot, TreeChanges, Written, differing_roots};
use terralet_core::tree::{RootDiff, Tree};

/// How many bytes of text that differs from the disk are held: about 1,000 new roots.
const HELD_BYTES: usize = 4 << 20;

/// Prepares changes. What has to be known of all customers before anything gets its place is kept: which files differ and how. Their texts are
/// held as long as they are few; past that they are put into their temporary files at once, which take their places later, or never.
pub struct Preparer<'p> {
    output: &'p Output,
    /// True when no two repositories have roots below one prefix.
    has_own_prefixes: bool,
    /// True when changes may be prepared before all customers are known: temporary files of a killed run have been removed, so that those
    /// found later are this run's.
    is_early: bool,
    held: AtomicUsize,
}

impl<'p> Preparer<'p> {
    /// `is_early` lets changes be prepared before all customers are known.
    pub fn new(output: &'p Output, platform: &Platform, is_early: bool) -> Self {
        Preparer { output, has_own_prefixes: platform.state.layout == Layout::Repository, is_early, held: AtomicUsize::new(0) }
    }

    /// Puts the texts of a customer into temporary files when too many are held already, and lets go of them. Nothing is prepared of one that has
    /// something to report.
    pub fn hold_or_prepare(&self, diff: &mut CustomerDiff) -> Result<Option<Box<Writer>>, Failure> {
        if !self.is_early || diff.is_reported() || self.holds(diff) {
            return Ok(None);
        }
        let mut writer = self.prepare(&diff.roots)?;
        writer.shrink();
        diff.forget_texts();
        Ok(Some(Box::new(writer)))
    }

    /// True while the texts of all customers so far are few enough to be held.
    fn holds(&self, diff: &CustomerDiff) -> bool {
        let bytes = diff.bytes();
        let holds = bytes == 0 || self.held.fetch_add(bytes, Ordering::Relaxed) + bytes <= HELD_BYTES;
        if !holds {
            self.held.fetch_sub(bytes, Ordering::Relaxed);
        }
        holds
    }

    fn prepare(&self, roots: &[DifferingRoot]) -> Result<Writer, Failure> {
        let mut writer = Writer::default();
        for root in roots {
            let directory = self.output.root.join(root.key.directory());
            // In the other layouts repositories may share a prefix and directories below it, and make their roots there at the same time.
            let above: Option<&Path> = if self.has_own_prefixes { Some(&self.output.root) } else { directory.parent() };
            writer.root(&directory, &root.identity, &root.diff.changes, above.filter(|_| root.is_new))?;
        }
        Ok(writer)
    }

    /// Writes everything: the roots of customers, in order, with what was prepared of them already; then the rest. Where anything cannot be
    /// prepared, nothing takes its place.
    pub fn apply(
        &self,
        customers: &[CompiledCustomer],
        diffs: Vec<CustomerDiff>,
        prepared: Vec<Option<Box<Writer>>>,
        changes: &TreeChanges,
    ) -> Result<Written, Failure> {
        let output = self.output;
        write::sweep(&changes.leftovers)?;
        let mut written = Written { output: output.shown(""), unchanged: changes.unchanged, ..Written::default() };
        // What was prepared of those of whom nothing is written goes.
        let pairs: Vec<(&CompiledCustomer, CustomerDiff, Option<Box<Writer>>)> = customers
            .iter()
            .zip(diffs)
            .zip(prepared)
            .filter(|((_, diff), _)| !diff.failed)
            .map(|((customer, diff), prepared)| (customer, diff, prepared))
            .collect();
        for (customer, diff, _) in &pairs {
            note_roots(&mut written, output, customer, diff);
        }
        let held: Vec<Option<Writer>> = pairs
            .par_iter()
            .map(|(_, diff, prepared)| {
                let is_held = prepared.is_none() && !diff.roots.is_empty();
                if is_held { self.prepare(&diff.roots).map(Some) } else { Ok(None) }
            })
            .collect::<Result<_, Failure>>()?;
        let mut writer = Writer::default();
        // In the order of the customers, whether their texts were held or not.
        for ((.., prepared), held) in pairs.into_iter().zip(held) {
            let own = prepared.map(|prepared| *prepared).or(held);
            own.into_iter().for_each(|own| writer.join(own));
        }
        for tombstone in &changes.tombstones {
            if !tombstone.diff.changes.is_empty() {
                let became = if tombstone.diff.is_tombstone { "tombstone" } else { "changed" };
                written.root(|| format!("{became}: `{}`", output.shown(&tombstone.directory)));
            }
            writer.root(&output.root.join(&tombstone.directory), &tombstone.identity, &tombstone.diff.changes, None)?;
        }
        for (name, text) in &changes.top {
            writer.file(&output.root.join(name), text)?;
        }
        written.files = around(&changes.modules, writer, output)?.commit()?;
        remove_empty(&changes.modules, output);
        Ok(written)
    }
}

/// Notes the roots of a customer that are written.
fn note_roots(written: &mut Written, output: &Output, customer: &CompiledCustomer, diff: &CustomerDiff) {
    if diff.is_new {
        for root in customer.roots.iter().flatten() {
            written.root(|| format!("new: `{}`", output.shown(root.key.directory())));
        }
    }
    for (root, differing) in differing_roots(customer, diff) {
        let became = if differing.is_new { "new" } else { "changed" };
        let names: Vec<&str> = differing.diff.changes.iter().map(|change| change.name.as_str()).collect();
        let names = if differing.is_new || names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
        written.root(|| format!("{became}: `{}`{names}", output.shown(root.key.directory())));
    }
}

/// Prepares the modules around what else is prepared. Modules that are there and change are guarded first and last, since no root may be
/// planned with modules that are partly old, or older than it is.
fn around(directories: &[(String, RootDiff)], roots: Writer, output: &Output) -> Result<Writer, Failure> {
    let (mut first, mut modules, mut guards) = (Writer::default(), Writer::default(), Vec::new());
    for (directory, plan) in directories {
        let path = output.root.join(directory);
        if modules.directory(&path, path.parent().unwrap_or(&output.root), &plan.changes)? {
            continue;
        }
        let module = directory.strip_prefix(MODULES).unwrap_or(directory).trim_start_matches('/');
        let guard = path.join(GUARD_FILE);
        first.guard(&guard, &module_guard(module))?;
        modules.changes(&path, &plan.changes)?;
        guards.push(guard);
    }
    first.join(roots);
    first.join(modules);
    for guard in guards {
        first.unguard(guard);
    }
    Ok(first)
}

/// Removes the directories of modules that nothing is left in.
fn remove_empty(directories: &[(String, RootDiff)], output: &Output) {
    for (directory, plan) in directories.iter().filter(|(_, plan)| plan.changes.iter().all(|change| change.new.is_none())) {
        if plan.unchanged == 0 {
            write::remove_empty(&output.root, &output.root.join(directory));
        }
    }
}
