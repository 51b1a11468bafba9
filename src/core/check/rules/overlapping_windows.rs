//! `overlapping-windows`: backups and maintenance of one database or cache in one time, which the cloud refuses.

use crate::check::context::{RuleContext, place};
use crate::diagnostics::codes;
use crate::ir::{Deployment, Setting};
use crate::schema::window;
use smol_str::SmolStr;

/// A key, and its value where it has one.
type Windowed<'s> = (&'static str, &'s Option<Setting<SmolStr>>);

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        if let Some(database) = &deployment.database {
            let daily = ("backup_window", &database.backup_window);
            of_section(context, (deployment, "database", "backups"), daily, &database.maintenance_window);
        }
        if let Some(cache) = &deployment.cache {
            let daily = ("snapshot_window", &cache.snapshot_window);
            of_section(context, (deployment, "cache", "snapshots"), daily, &cache.maintenance_window);
        }
    }
}

fn of_section(
    context: &mut RuleContext<'_, '_>,
    (deployment, section, what): (&Deployment, &'static str, &str),
    (key, backups): Windowed<'_>,
    maintenance: &Option<Setting<SmolStr>>,
) {
    let (backups, maintenance) = (context.valid(backups, key), context.valid(maintenance, "maintenance_window"));
    let (Some(backups), Some(maintenance)) = (backups, maintenance) else { return };
    let (Some(daily), Some(weekly)) = (window(&backups.value), window(&maintenance.value)) else { return };
    if !daily.overlaps(weekly) {
        return;
    }
    let message = format!("{what} and maintenance of the {section} fall into one time in {}", deployment.name());
    let subject = (deployment, section, "maintenance_window");
    let label = format!("maintenance at `{}`", maintenance.value);
    let diagnostic = context.of_value(&codes::OVERLAPPING_WINDOWS, message, subject, maintenance, label);
    let diagnostic = diagnostic
        .at(place(deployment, section, backups), format!("{what} at `{}`, every day", backups.value))
        .help(format!("move one of the two, so that the maintenance ends before the {what} start, or starts when they have ended"));
    context.report_and_poison(diagnostic, &[(maintenance.span, "maintenance_window"), (backups.span, key)]);
}
