//! `no-backups`: a database of a protected environment that cannot be restored.

use crate::check::context::{RuleContext, by_default};
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter().filter(|scope| scope.deployment.protected) {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(days) = context.valid(&database.backup_retention_period, "backup_retention_period") else { continue };
        if days.value != 0 {
            continue;
        }
        let message = format!("`backup_retention_period` is `0`{} in {}", by_default(days.source), deployment.name());
        let subject = (deployment, "database", "backup_retention_period");
        let label = "no backups are kept".to_owned();
        let diagnostic = context.of_value(&codes::NO_BACKUPS, message, subject, days, label);
        let environment = &deployment.environment.value;
        context.report(
            diagnostic.help(format!(
                "write `backup_retention_period: 7` (days, up to 35) under {} for `{environment}`",
                deployment.key("database")
            )),
        );
    }
}
