//! `invalid-version`: a version that its engine does not number in this way, so that it names no parameter group family.

use crate::check::context::RuleContext;
use crate::clouds::{CacheVersion, Engine};
use crate::diagnostics::{codes, or_list};
use crate::ir::Source;

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
        let is_before_ten = numbers.next().and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major < 10);
        let two_numbers = || format!("{}'s major versions have two numbers", engine.value);
        let (label, help) = match (engine.value, engine.value.dialect()) {
            (Engine::AuroraMySql, _) if count < 2 => (two_numbers(), "write `8.0`, or `8.0.mysql_aurora.3.08.0`"),
            (Engine::AuroraMySql, _) if !is_of_aurora && count > 2 => {
                ("Aurora has minor versions of its own".to_owned(), "write `8.0`, or `8.0.mysql_aurora.3.08.0` with the version of Aurora")
            }
            (Engine::AuroraMySql, _) => continue,
            (_, Engine::Postgres) if is_of_aurora => ("a version of `aurora-mysql`".to_owned(), "write `16` or `16.4`"),
            (_, Engine::Postgres) if is_before_ten => (format!("{databases} has {} 10 and later", engine.value), "write `16` or `16.4`"),
            // A postgres major is one number since 10: postgresql.org/support/versioning.
            (_, Engine::Postgres) if count > 2 => (format!("{} has a major and a minor number", engine.value), "write `16` or `16.4`"),
            (_, Engine::MySql) if is_of_aurora => {
                ("a version of `aurora-mysql`".to_owned(), "write `engine: aurora-mysql`, or a version of `mysql` such as `8.4` or `8.4.3`")
            }
            (_, Engine::MySql) if count < 2 => (two_numbers(), "write `8.4` or `8.4.3`"),
            (Engine::MariaDb, _) if is_of_aurora => ("a version of `aurora-mysql`".to_owned(), "write `11.4` or `11.4.4`"),
            (Engine::MariaDb, _) if count < 2 => (two_numbers(), "write `11.4` or `11.4.4`"),
            _ => continue,
        };
        let message = format!("`{}` is not a version of {} that {databases} takes", version.value, engine.value);
        let diagnostic = context.of_value(&codes::INVALID_VERSION, message, (deployment, "database", "engine_version"), version, label);
        context.report_and_poison(diagnostic.help(help), &[(version.span, "engine_version")]);
    }
}

/// A version that a cache's engine does not have.
pub(super) fn of_cache(context: &mut RuleContext<'_, '_>) {
    let (cloud, caches) = (context.cloud(), context.cloud().facts().caches);
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(cache) = &deployment.cache else { continue };
        let Some(setting) = context.valid(&cache.engine, "engine") else { continue };
        let Some(engine) = cloud.cache_engine(&setting.value) else { continue };
        let Some(version) = context.valid(&cache.engine_version, "engine_version") else { continue };
        let label = match engine.version(&version.value) {
            CacheVersion::Never(reason) => reason,
            CacheVersion::Known | CacheVersion::Unknown | CacheVersion::Malformed => continue,
        };
        let message = format!("`{}` is not a version of {} that {caches} takes", version.value, engine.name);
        let subject = (deployment, "cache", "engine_version");
        let diagnostic = context.of_value(&codes::INVALID_VERSION, message, subject, version, label.to_owned());
        let diagnostic = match setting.source {
            Source::Written => diagnostic.at(setting.span, format!("the engine in {}", deployment.name())),
            Source::Tier | Source::Default => diagnostic,
        };
        let of_other = cloud.cache_engines().find(|other| other.versions.contains(&version.value.as_str()));
        let other = of_other.map(|other| format!(", or `engine: {}` for this version", other.name)).unwrap_or_default();
        let versions = or_list(engine.versions.iter().copied());
        // A version of a lower layer may be right for another engine in other environments.
        let help = match setting.source {
            Source::Written => format!("write a version next to `engine: {}`: {versions}{other}", engine.name),
            Source::Tier | Source::Default => format!("write one of {versions}{other}"),
        };
        let diagnostic = diagnostic.help(help);
        context.report_and_poison(diagnostic, &[(version.span, "engine_version")]);
    }
}
