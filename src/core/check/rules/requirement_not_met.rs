//! `requirement-not-met`: the platform requires another value in this environment. Requirements judge sections that exist, and set nothing.

use crate::check::context::{RuleContext, by_default, leader};
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::Deployment;
use crate::platform::{Bound, Condition, Subject};
use crate::resolve::Role;
use crate::schema::{EXISTING_NETWORK, is_key_of_other_engines};
use crate::source::{SourceMap, Span};
use std::collections::BTreeMap;

/// A requirement that a value breaks.
struct Unmet<'p> {
    environment: &'p str,
    bound: &'p Bound,
    line: Span,
}

/// One value, with the first deployment that has it and all that it breaks: a value of the base may break what several environments
/// require, and is reported once.
struct Offence<'c> {
    deployment: &'c Deployment,
    subject: (&'static str, &'static str),
    broken: Vec<Unmet<'c>>,
}

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let mut offences: BTreeMap<(Span, &'static str), Offence<'_>> = BTreeMap::new();
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(policy) = context.platform().environment(&deployment.environment.value) else { continue };
        for condition in &policy.require {
            let Subject::Key { section, key } = condition.subject else { continue };
            let is_out = deployment.settings.section(section).is_none()
                || is_of_existing_network(deployment, section, key)
                || is_of_other_engines(deployment, section, key)
                || context.may_be_the_tiers(deployment, (section, key));
            if is_out || !has_effect(deployment.role, section, key) {
                continue;
            }
            let Some((span, bound)) = broken_bound(context, deployment, condition, (section, key)) else { continue };
            let offence = || Offence { deployment, subject: (section, key), broken: Vec::new() };
            let offence = offences.entry((span, key)).or_insert_with(offence);
            let environment = policy.name.value.as_str();
            if !offence.broken.iter().any(|broken| broken.environment == environment) {
                offence.broken.push(Unmet { environment, bound, line: condition.span });
            }
        }
    }
    for ((span, key), offence) in offences {
        let diagnostic = diagnostic(context, &offence);
        context.report_and_poison(diagnostic, &[(span, key)]);
    }
    unprotected_databases(context);
}

/// A protected environment keeps its databases from deletion, unless the platform says otherwise.
fn unprotected_databases(context: &mut RuleContext<'_, '_>) {
    const KEY: &str = "deletion_protection";
    for scope in context.scopes().iter().filter(|scope| scope.deployment.protected) {
        let deployment = scope.deployment;
        let policy = context.platform().environment(&deployment.environment.value);
        let Some(database) = deployment.database.as_ref().filter(|_| !policy.is_some_and(|policy| policy.unprotected_databases)) else {
            continue;
        };
        let Some(setting) = context.valid(&database.deletion_protection, KEY).filter(|setting| !setting.value) else { continue };
        let name = &deployment.environment.value;
        let path = deployment.path("database");
        let message = format!("`{path}.{KEY}` is `false`{}, and `{name}` is protected", by_default(setting.source));
        let subject = (deployment, "database", KEY);
        let label = "the database could be deleted".to_owned();
        let diagnostic = context.of_value(&codes::REQUIREMENT_NOT_MET, message, subject, setting, label);
        let diagnostic = context.with_line(diagnostic, policy.map(|policy| policy.name.span), "protected here");
        let help =
            format!("write `{KEY}: true` for `{name}`, or remove it where no lower layer says `false`; the service provider can allow it");
        context.report_and_poison(diagnostic.help(help), &[(setting.span, KEY)]);
    }
}

/// The first bound that a deployment's value breaks, with the place that the value goes by.
fn broken_bound<'p>(
    context: &RuleContext<'_, '_>,
    deployment: &Deployment,
    condition: &'p Condition,
    (section, key): (&'static str, &'static str),
) -> Option<(Span, &'p Bound)> {
    match deployment.settings.get(section, key) {
        Some(setting) if context.is_valid(setting, key) => {
            let broken = condition.bounds.iter().find(|bound| !bound.holds(&setting.value))?;
            Some((setting.span, broken))
        }
        Some(_) => None,
        // A value that is lost to its own error is not missing.
        None if deployment.unread.contains(&(section, key)) => None,
        None => {
            let broken = condition.bounds.iter().find(|bound| !matches!(bound, Bound::Max(_)))?;
            Some((deployment.settings.section(section)?, broken))
        }
    }
}

fn diagnostic(context: &RuleContext<'_, '_>, offence: &Offence<'_>) -> Diagnostic {
    let Offence { deployment, subject: (section, key), broken } = offence;
    let (path, home) = (deployment.path(section), deployment.key(section));
    let all = |one: &dyn Fn(&Unmet<'_>) -> String| broken.iter().map(one).collect::<Vec<_>>().join(", and ");
    let required = all(&|broken| format!("`{}` requires {}", broken.environment, broken.bound));
    let expected_label = all(&|broken| format!("{} for `{}`", broken.bound, broken.environment));
    let mut diagnostic = match deployment.settings.get(section, key) {
        Some(setting) => {
            let leader = leader(deployment, (section, key));
            let default = leader.map_or_else(|| by_default(setting.source).to_owned(), |leader| format!(" by `{leader}`"));
            let message = format!("`{path}.{key}` is `{}`{default}, and {required}", setting.value);
            let label = format!("expected {expected_label}");
            context.of_value(&codes::REQUIREMENT_NOT_MET, message, (deployment, section, key), setting, label)
        }
        None => {
            let written = deployment.settings.section(section).filter(|span| span.file != SourceMap::PLATFORM);
            let message = format!("`{path}.{key}` is not set, and {required}");
            Diagnostic::new(&codes::REQUIREMENT_NOT_MET, message)
                .at(written.unwrap_or(deployment.place), format!("`{key}` is missing"))
                .about(*key)
        }
    };
    for broken in broken {
        diagnostic = context.with_line(diagnostic, Some(broken.line), "required here");
    }
    let help = all(&|broken| format!("{} for `{}`", expected(key, broken.bound), broken.environment));
    let diagnostic = diagnostic.help(match leader(deployment, (section, key)) {
        Some(leader) => format!("under {home} write another `{leader}`, which gives {help}"),
        None => format!("under {home} write {help}"),
    });
    let new = deployment.settings.get(section, key).zip(broken.first().and_then(|broken| nearest(broken.bound)));
    let concerns = |other: &Deployment| broken.len() == 1 && broken.iter().all(|broken| broken.environment == other.environment.value);
    match new.filter(|(setting, _)| context.may_replace((section, key), setting, concerns)) {
        Some((setting, new)) => diagnostic.suggest(setting.span, new).unquoted(),
        None => diagnostic,
    }
}

/// The value nearest to what breaks a bound that keeps to it, where there is one.
pub(super) fn nearest(bound: &Bound) -> Option<String> {
    match bound {
        Bound::Equals(value) => Some(value.to_string()),
        Bound::Min(limit) | Bound::Max(limit) => Some(limit.to_string()),
        Bound::OneOf(_) => None,
    }
}

/// True for what cannot be said of a network that exists already, and is the service provider's own.
fn is_of_existing_network(deployment: &Deployment, section: &str, key: &str) -> bool {
    let (networking, existing) = EXISTING_NETWORK;
    section == networking && key != existing && deployment.settings.has(networking, existing)
}

/// True for what says nothing for the engine of a database. What the customer writes of it is judged elsewhere.
fn is_of_other_engines(deployment: &Deployment, section: &str, key: &str) -> bool {
    let engine = deployment.database.as_ref().and_then(|database| database.engine.as_ref());
    section == "database" && engine.is_some_and(|engine| is_key_of_other_engines(key, engine.value.as_str()))
}

/// What to write for a bound to hold.
pub(super) fn expected(key: &str, bound: &Bound) -> String {
    match bound {
        Bound::Equals(value) => format!("`{key}: {value}`"),
        Bound::Min(least) => format!("`{key}: {least}` or more"),
        Bound::Max(most) => format!("`{key}: {most}` or less"),
        Bound::OneOf(_) => format!("`{key}:` with {bound}"),
    }
}

/// False for what speaks of instances in a root that has none by its nature: there services' own values count.
pub(super) fn has_effect(role: Role, section: &str, key: &str) -> bool {
    role != Role::Shared
        || !matches!((section, key), ("security", "allowed_cidr_blocks" | "ssl_certificate_arn") | ("monitoring", "enable_cloudwatch"))
}
