//! `invalid-identifier` for what a database's engine does not take: a name that it keeps for itself, and a snapshot of a cluster.

use crate::check::context::{RuleContext, place};
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let name = context.valid(&database.name, "name");
        let engine = context.valid(&database.engine, "engine");
        let (Some(name), Some(engine)) = (name, engine) else { continue };
        if !context.cloud().is_reserved_database(engine.value, &name.value) {
            continue;
        }
        let message = format!("`{}` cannot be the name of a database of `{}`", name.value, engine.value);
        let label = "the engine keeps this name for itself".to_owned();
        let diagnostic = context.of_value(&codes::INVALID_IDENTIFIER, message, (deployment, "database", "name"), name, label);
        let help = format!("write another name, such as `{}_data`", name.value);
        context.report_and_poison(diagnostic.help(help), &[(name.span, "name")]);
    }
}

/// Only a cluster can be restored from a snapshot of a cluster.
pub(super) fn of_snapshot(context: &mut RuleContext<'_, '_>) {
    const KEY: &str = "snapshot_identifier";
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let snapshot = context.valid(&database.snapshot_identifier, KEY);
        let engine = context.valid(&database.engine, "engine");
        let (Some(snapshot), Some(engine)) = (snapshot, engine) else { continue };
        if engine.value.is_aurora() || !context.cloud().is_snapshot_of_cluster(&snapshot.value) {
            continue;
        }
        let message = format!("`{}` cannot be restored from a snapshot of a cluster", engine.value);
        let label = "only Aurora can be restored from this".to_owned();
        let diagnostic = context.of_value(&codes::INVALID_IDENTIFIER, message, (deployment, "database", KEY), snapshot, label);
        let diagnostic = diagnostic
            .at(place(deployment, "database", engine), format!("the engine is `{}`", engine.value))
            .help("write the name or the ARN of a snapshot of an instance, or an engine of Aurora");
        context.report_and_poison(diagnostic, &[(snapshot.span, KEY)]);
    }
}
