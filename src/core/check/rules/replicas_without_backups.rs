//! `replicas-without-backups`: read replicas are made from backups, and there are none.

use crate::check::context::{RuleContext, by_default, place};
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let replicas = context.valid(&database.replicas, "replicas");
        let days = context.valid(&database.backup_retention_period, "backup_retention_period");
        let (Some(replicas), Some(days)) = (replicas, days) else { continue };
        if replicas.value == 0 || days.value > 0 {
            continue;
        }
        let message = format!("`replicas` is `{}`, and the database keeps no backups in {}", replicas.value, deployment.name());
        let subject = (deployment, "database", "replicas");
        let label = "replicas are made from backups".to_owned();
        let diagnostic = context.of_value(&codes::REPLICAS_WITHOUT_BACKUPS, message, subject, replicas, label);
        let diagnostic = diagnostic
            .at(place(deployment, "database", days), format!("no backups{}", by_default(days.source)))
            .help("write `backup_retention_period: 1` or more (days, up to 35), or `replicas: 0`");
        context.report_and_poison(diagnostic, &[(replicas.span, "replicas"), (days.span, "backup_retention_period")]);
    }
}
