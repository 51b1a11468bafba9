//! `name-with-snapshot`: what is restored brings its databases with it, and a name makes none.

use crate::check::context::{RuleContext, place};
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let name = context.valid(&database.name, "name");
        let snapshot = context.valid(&database.snapshot_identifier, "snapshot_identifier");
        let (Some(name), Some(snapshot)) = (name, snapshot) else { continue };
        let message = format!("no database `{}` is made in {}, since it is restored from a snapshot", name.value, deployment.name());
        let subject = (deployment, "database", "name");
        let diagnostic = context.of_value(&codes::NAME_WITH_SNAPSHOT, message, subject, name, "no database is made".to_owned());
        let diagnostic = diagnostic
            .at(place(deployment, "database", snapshot), "the databases of the snapshot are there")
            .help("remove `name`; where a lower layer writes it, write `name: null` next to `snapshot_identifier`");
        context.report(diagnostic);
    }
}
