//! `out-of-range` for what depends on other values: more zones than the region has, a start script next to the one that mounts volumes,
//! backups of Aurora, and an alarm on messages that are older than a queue keeps them.

use crate::check::context::{RuleContext, by_default, place};
use crate::check::zones::named;
use crate::diagnostics::codes;
use crate::schema::Typed;

/// 24 hours.
const SECONDS_OF_A_DAY: i64 = 86_400;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(network) = &deployment.network else { continue };
        let Some(count) = context.valid(&network.availability_zones, "availability_zones") else { continue };
        let known = scope.zones.letters.chars().count();
        if usize::try_from(count.value).is_ok_and(|count| count <= known) || !context.has_valid_region(deployment) {
            continue;
        }
        let region = &deployment.region;
        let message = format!("`availability_zones` cannot be {} in `{}`", count.value, region.value);
        let subject = (deployment, "networking", "availability_zones");
        let diagnostic = context.of_value(&codes::OUT_OF_RANGE, message, subject, count, format!("expected 1 to {known} zones"));
        let diagnostic = diagnostic
            .at(region.span, format!("the zones here are {}", named(scope.zones.letters.chars())))
            .help(format!("write `availability_zones: {known}` or less"));
        context.report_and_poison(diagnostic, &[(count.span, "availability_zones")]);
    }
}

/// What an instance runs first has room for so much, and what mounts volumes takes a part of it.
pub(super) fn of_script(context: &mut RuleContext<'_, '_>) {
    let most = context.cloud().facts().longest_script_with_mounts;
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let Some(script) = context.valid(&compute.user_data_script, "user_data_script") else { continue };
        let Some(volumes) = context.valid(&compute.mounts, "volumes").filter(|_| script.value.len() > most) else { continue };
        let message = format!("`user_data_script` has {} bytes, next to volumes that are mounted", script.value.len());
        let subject = (deployment, "compute", "user_data_script");
        let diagnostic = context.of_value(&codes::OUT_OF_RANGE, message, subject, script, format!("expected at most {most} bytes"));
        let diagnostic = diagnostic
            .at(place(deployment, "compute", volumes), "what mounts these takes the rest of what an instance starts with")
            .help(format!(
                "shorten the script to {most} bytes, such as by fetching what is long; or mount the volumes in it, without `mount`"
            ));
        context.report_and_poison(diagnostic, &[(script.span, "user_data_script")]);
    }
}

/// Aurora always keeps backups: `BackupRetentionPeriod` of `CreateDBCluster` in the RDS API is 1 to 35.
pub(super) fn of_backups(context: &mut RuleContext<'_, '_>) {
    const KEY: &str = "backup_retention_period";
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(engine) = context.valid(&database.engine, "engine").filter(|engine| engine.value.is_aurora()) else { continue };
        let Some(days) = context.valid(&database.backup_retention_period, KEY).filter(|days| days.value == 0) else { continue };
        let message = format!("`{KEY}` cannot be 0{} for `{}`", by_default(days.source), engine.value);
        let diagnostic =
            context.of_value(&codes::OUT_OF_RANGE, message, (deployment, "database", KEY), days, "expected 1 to 35 days".to_owned());
        let diagnostic = diagnostic
            .at(place(deployment, "database", engine), "Aurora always keeps backups")
            .help(format!("write `{KEY}: 1` or more under {}", deployment.key("database")));
        context.report_and_poison(diagnostic, &[(days.span, KEY)]);
    }
}

/// An alarm on a message that is no longer there never rings.
pub(super) fn of_queue_alarm(context: &mut RuleContext<'_, '_>) {
    const QUEUE: &str = "queue";
    const AGE: &str = "alarm_age";
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let number = |key: &'static str| {
            let setting = deployment.settings.get(QUEUE, key).filter(|setting| context.is_valid(setting, key))?;
            if let Typed::Integer(number) = setting.value { Some((setting, number)) } else { None }
        };
        let (Some((age, seconds)), Some((retention, days))) = (number(AGE), number("retention_days")) else { continue };
        let kept = days * SECONDS_OF_A_DAY;
        if seconds < kept {
            continue;
        }
        let message = format!("`{AGE}` cannot be {seconds} seconds where messages are kept for {kept}");
        let diagnostic =
            context.of_value(&codes::OUT_OF_RANGE, message, (deployment, QUEUE, AGE), age, "no message gets as old".to_owned());
        let diagnostic = diagnostic
            .at(place(deployment, QUEUE, retention), format!("`retention_days` is {days}{}", by_default(retention.source)))
            .help(format!("write `{AGE}:` with less than {kept} seconds, or keep messages for longer: `retention_days`, at most 13"));
        context.report_and_poison(diagnostic, &[(age.span, AGE)]);
    }
}
