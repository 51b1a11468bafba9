//! `unsupported-engine-version`: a major version that the dated table does not have in standard support.

use crate::check::context::RuleContext;
use crate::clouds::{CacheVersion, CloudFacts, VersionStatus};
use crate::diagnostics::{codes, or_list};

/// How many versions a help names.
const NAMED: usize = 3;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let cloud = context.cloud();
    let CloudFacts { label: name, as_of, .. } = cloud.facts();
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(engine) = context.valid(&database.engine, "engine") else { continue };
        let Some(version) = context.valid(&database.engine_version, "engine_version") else { continue };
        let since = |date: Option<&str>| date.map(|date| format!(" since {date}")).unwrap_or_default();
        let until = |date: Option<&str>| date.map(|date| format!(" until {date}")).unwrap_or_default();
        let (message, label, suggestion) = match cloud.engine_version(engine.value, &version.value) {
            VersionStatus::Supported(_) => continue,
            VersionStatus::Extended(row) => (
                format!("`{} {}` is out of standard support{}", engine.value, row.major, since(row.standard_support_ends)),
                format!("in Extended Support{}, which {name} charges for", until(row.extended_support_ends)),
                None,
            ),
            VersionStatus::Ended(row) => (
                format!("{name} no longer supports `{} {}`", engine.value, row.major),
                format!("out of support{}", since(row.extended_support_ends.or(row.standard_support_ends))),
                None,
            ),
            VersionStatus::Unknown { suggestion } => (
                format!("the table of {as_of} has no version `{}` of `{}`", version.value, engine.value),
                "not in the table".to_owned(),
                suggestion,
            ),
        };
        let subject = (deployment, "database", "engine_version");
        let diagnostic = context.of_value(&codes::UNSUPPORTED_ENGINE_VERSION, message, subject, version, label);
        let newest: Vec<&str> = cloud.newest_majors(engine.value).iter().map(|row| row.major).collect();
        let first = suggestion.map(|row| row.major);
        let names = first.into_iter().chain(newest.into_iter().filter(|major| Some(*major) != first)).take(NAMED);
        context.report(diagnostic.help(format!("write {}, which {name} supports", or_list(names))));
    }
}

/// A version of a cache that the table does not have: there may be one by now.
pub(super) fn of_cache(context: &mut RuleContext<'_, '_>) {
    let (cloud, as_of) = (context.cloud(), context.cloud().facts().as_of);
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(cache) = &deployment.cache else { continue };
        let Some(engine) = context.valid(&cache.engine, "engine").and_then(|engine| cloud.cache_engine(&engine.value)) else { continue };
        let Some(version) = context.valid(&cache.engine_version, "engine_version") else { continue };
        if engine.version(&version.value) != CacheVersion::Unknown {
            continue;
        }
        let message = format!("the table of {as_of} has no version `{}` of `{}`", version.value, engine.name);
        let subject = (deployment, "cache", "engine_version");
        let label = "not in the table".to_owned();
        let diagnostic = context.of_value(&codes::UNSUPPORTED_ENGINE_VERSION, message, subject, version, label);
        let newest = engine.versions.iter().rev().take(NAMED).copied();
        context.report(diagnostic.help(format!("write {}, or leave it where {} has it by now", or_list(newest), cloud.facts().label)));
    }
}
