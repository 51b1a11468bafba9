//! `invalid-version`: a version that its engine does not number in this way, so that it names no parameter group family.

use crate::check::context::RuleContext;
use crate::clouds::Engine;
use crate::diagnostics::codes;

/// What stands in a version of Aurora MySQL between that of MySQL and its own.
const OF_AURORA: &str = ".mysql_aurora.";

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let databases = context.cloud().facts().databases;
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(engine) = context.valid(&database.engine, "engine") else { continue };
        let Some(version) = context.valid(&database.engine_version, "engine_version") else { continue };
        // What stands behind the `-` is the day of a release in Extended Support.
        let mut numbers = version.value.split('-').next().unwrap_or_default().split('.');
        let count = numbers.clone().count();
        let is_of_aurora = version.value.contains(OF_AURORA);
        let (label, help) = match engine.value {
            Engine::AuroraMySql if count < 2 => (
                "aurora-mysql's major versions are those of MySQL, with two numbers".to_owned(),
                "write `8.0`, or `8.0.mysql_aurora.3.08.0`",
            ),
            Engine::AuroraMySql if !is_of_aurora && count > 2 => {
                ("Aurora has minor versions of its own".to_owned(), "write `8.0`, or `8.0.mysql_aurora.3.08.0` with the version of Aurora")
            }
            Engine::AuroraMySql => continue,
            _ if is_of_aurora => {
                ("a version of `aurora-mysql`".to_owned(), "write a version of this engine, such as `8.4` of `mysql` or `16` of `postgres`")
            }
            Engine::Postgres | Engine::AuroraPostgres
                if numbers.next().and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major < 10) =>
            {
                (format!("{databases} has {} 10 and later", engine.value), "write `16` or `16.4`")
            }
            // A postgres major is one number since 10: postgresql.org/support/versioning.
            Engine::Postgres | Engine::AuroraPostgres if count > 2 => {
                (format!("{} has a major and a minor number", engine.value), "write `16` or `16.4`")
            }
            Engine::MySql if count < 2 => ("mysql's major versions have two numbers".to_owned(), "write `8.4` or `8.4.3`"),
            Engine::MariaDb if count < 2 => ("mariadb's major versions have two numbers".to_owned(), "write `11.4` or `11.4.4`"),
            Engine::Postgres | Engine::AuroraPostgres | Engine::MySql | Engine::MariaDb => continue,
        };
        let message = format!("`{}` is not a version of {} that {databases} takes", version.value, engine.value);
        let diagnostic = context.of_value(&codes::INVALID_VERSION, message, (deployment, "database", "engine_version"), version, label);
        context.report_and_poison(diagnostic.help(help), &[(version.span, "engine_version")]);
    }
}
