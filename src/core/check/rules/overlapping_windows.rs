//! `overlapping-windows`: backups and maintenance of one database in one time, which the cloud refuses.

use crate::check::context::{RuleContext, place};
use crate::diagnostics::codes;
use crate::schema::window;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let backups = context.valid(&database.backup_window, "backup_window");
        let maintenance = context.valid(&database.maintenance_window, "maintenance_window");
        let (Some(backups), Some(maintenance)) = (backups, maintenance) else { continue };
        let (Some(daily), Some(weekly)) = (window(&backups.value), window(&maintenance.value)) else { continue };
        if !daily.overlaps(weekly) {
            continue;
        }
        let message = format!("backups and maintenance of the database fall into one time in {}", deployment.name());
        let subject = (deployment, "database", "maintenance_window");
        let label = format!("maintenance at `{}`", maintenance.value);
        let diagnostic = context.of_value(&codes::OVERLAPPING_WINDOWS, message, subject, maintenance, label);
        let diagnostic = diagnostic
            .at(place(deployment, "database", backups), format!("backups at `{}`, every day", backups.value))
            .help("move one of the two, so that the maintenance ends before the backup starts, or starts when it has ended");
        context.report_and_poison(diagnostic, &[(maintenance.span, "maintenance_window"), (backups.span, "backup_window")]);
    }
}
