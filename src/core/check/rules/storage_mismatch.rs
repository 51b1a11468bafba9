//! `storage-mismatch`: a database's storage, its type, its operations a second, and how far it may grow, which the cloud takes together.

use crate::check::context::{RuleContext, by_default, place};
use crate::clouds::StorageFacts;
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::{Database, Deployment, Setting};
use crate::source::Span;
use smol_str::SmolStr;

/// The most GiB of a database (language.md, `database`).
const MOST: i64 = 65_536;

/// What a value is about: its key, and the value.
type Offender<'s, T> = (&'static str, &'s Setting<T>);

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(storage) = context.valid(&database.allocated_storage, "allocated_storage") else { continue };
        if let Some(kind) = context.valid(&database.storage_type, "storage_type")
            && let Some(facts) = context.cloud().storage(&kind.value)
            && let Some((diagnostic, places)) = of_type(context, deployment, (kind, facts), storage)
        {
            context.report_and_poison(diagnostic, &places);
            continue;
        }
        let Some(most) = context.valid(&database.max_allocated_storage, "max_allocated_storage") else { continue };
        // RDS takes a limit from a tenth above the storage on ("Managing capacity automatically with storage autoscaling" in its user guide).
        let least = (storage.value * 11 + 9) / 10;
        if most.value >= least {
            continue;
        }
        let help = match least {
            ..=MOST => format!("write `max_allocated_storage: {least}` or more, which is a tenth above `allocated_storage`, or remove it"),
            _ => "remove it: a database this large cannot grow".to_owned(),
        };
        let message = format!("`max_allocated_storage` is `{}`, too little for {} GiB in {}", most.value, storage.value, deployment.name());
        let subject = ("max_allocated_storage", most);
        let diagnostic = of(context, deployment, message, subject, "less than a tenth above the storage").help(help);
        let diagnostic = next_to(diagnostic, deployment, storage, format!("{} GiB", storage.value));
        context.report_and_poison(diagnostic, &[(most.span, "max_allocated_storage"), (storage.span, "allocated_storage")]);
    }
}

/// What a type of storage does not take, with the places of the values.
fn of_type(
    context: &RuleContext<'_, '_>,
    deployment: &Deployment,
    (kind, facts): (&Setting<SmolStr>, &StorageFacts),
    storage: &Setting<i64>,
) -> Option<(Diagnostic, Vec<(Span, &'static str)>)> {
    let database: &Database = deployment.database.as_ref()?;
    let (name, gib) = (facts.name, storage.value);
    let (least, most) = (*facts.iops.start(), *facts.iops.end());
    let place_of_kind = (kind.span, "storage_type");
    let place_of_storage = (storage.span, "allocated_storage");
    let size = |diagnostic| next_to(diagnostic, deployment, storage, format!("{gib} GiB{}", by_default(storage.source)));
    if gib < facts.least_storage {
        let message = format!("`{name}` takes storage from {} GiB on, and there are {gib} in {}", facts.least_storage, deployment.name());
        let diagnostic = size(of(context, deployment, message, ("storage_type", kind), "too little storage for it"));
        let help = format!("write `allocated_storage: {}` or more, or remove `storage_type` and `iops`", facts.least_storage);
        return Some((diagnostic.help(help), vec![place_of_kind, place_of_storage]));
    }
    let Some(iops) = &database.iops else {
        let is_lost = deployment.unread.contains(&("database", "iops"));
        if !facts.needs_iops || is_lost {
            return None;
        }
        let message = format!("`{name}` takes the operations a second that it provides, and `iops` is not set in {}", deployment.name());
        let diagnostic = of(context, deployment, message, ("storage_type", kind), "needs `iops`");
        let (from, to) = bounds(facts, gib);
        return Some((
            diagnostic.help(format!("write `iops:` under {}, from {from} to {to}", deployment.key("database"))),
            vec![place_of_kind],
        ));
    };
    let iops = Some(iops).filter(|iops| context.is_valid(iops, "iops"))?;
    let places = vec![(iops.span, "iops"), place_of_kind, place_of_storage];
    if gib < facts.least_storage_of_iops {
        let least_storage = facts.least_storage_of_iops;
        let message = format!("`{name}` takes `iops` from {least_storage} GiB on, and there are {gib} in {}", deployment.name());
        let diagnostic = size(of(context, deployment, message, ("iops", iops), "too little storage for it"));
        let help = format!("remove `iops`, or write `allocated_storage: {least_storage}` or more; smaller storage has what its type gives");
        return Some((diagnostic.help(help), places));
    }
    let (from, to) = bounds(facts, gib);
    if (from..=to).contains(&iops.value) {
        return None;
    }
    let by_size = if (from, to) == (least, most) { String::new() } else { format!(" for {gib} GiB") };
    let message = format!("`{name}` does not take `iops: {}`{by_size} in {}", iops.value, deployment.name());
    let diagnostic = of(context, deployment, message, ("iops", iops), format!("expected {from} to {to}"));
    let diagnostic = if by_size.is_empty() { diagnostic } else { size(diagnostic) };
    Some((diagnostic.help(format!("write `iops:` with a number from {from} to {to}")), places))
}

/// The operations a second that a type takes for so many GiB.
fn bounds(facts: &StorageFacts, gib: i64) -> (i64, i64) {
    let least = (facts.least_iops_of_two_gib * gib + 1) / 2;
    ((*facts.iops.start()).max(least), (*facts.iops.end()).min(facts.most_iops_of_gib * gib))
}

fn of<T>(
    context: &RuleContext<'_, '_>,
    deployment: &Deployment,
    message: String,
    (key, setting): Offender<'_, T>,
    label: impl Into<String>,
) -> Diagnostic {
    context.of_value(&codes::STORAGE_MISMATCH, message, (deployment, "database", key), setting, label.into())
}

/// A second label, where the value stands at a place of its own.
fn next_to<T>(diagnostic: Diagnostic, deployment: &Deployment, setting: &Setting<T>, label: String) -> Diagnostic {
    let span = place(deployment, "database", setting);
    if diagnostic.primary() == Some(span) { diagnostic } else { diagnostic.at(span, label) }
}
