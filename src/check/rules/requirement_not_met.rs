//! `requirement-not-met`: the platform requires another value in this environment. Requirements judge sections that exist, and set nothing.

use crate::check::pass::{Pass, by_default};
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::Deployment;
use crate::platform::{Bound, Condition, Subject};
use crate::resolve::Role;
use crate::source::SourceMap;

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter() {
        let deployment = site.deployment;
        let Some(policy) = pass.platform().environment(&deployment.environment.value) else { continue };
        for condition in &policy.require {
            let Subject::Key { section, key } = condition.subject else { continue };
            if deployment.sections.contains_key(section) && has_effect(deployment.role, section, key) {
                one(pass, deployment, condition, section, key);
            }
        }
    }
}

fn one(pass: &mut Pass<'_, '_>, deployment: &Deployment, condition: &Condition, section: &'static str, key: &'static str) {
    let environment = deployment.environment.value.as_str();
    let diagnostic = match deployment.settings.get(&(section, key)) {
        Some(setting) if pass.is_sound(setting, key) => {
            let Some(broken) = condition.bounds.iter().find(|bound| !bound.holds(&setting.value)) else { return };
            let default = by_default(setting.source);
            let message = format!("`{section}.{key}` is `{}`{default}, and `{environment}` requires {broken}", setting.value);
            let label = format!("expected {broken}");
            let subject = (deployment, section, key);
            (pass.of_value(&codes::REQUIREMENT_NOT_MET, message, subject, setting, label), broken, setting.span)
        }
        Some(_) => return,
        None => {
            // A value that is lost to its own error is not missing.
            let needed = condition.bounds.iter().find(|bound| !matches!(bound, Bound::Max(_)));
            let Some(needed) = needed.filter(|_| !deployment.unread.contains(&(section, key))) else { return };
            let written = deployment.sections.get(section).copied().filter(|span| span.file != SourceMap::PLATFORM);
            let span = written.unwrap_or(deployment.place);
            let message = format!("`{section}.{key}` is not set, and `{environment}` requires {needed}");
            let label = format!("`{key}` is missing");
            (Diagnostic::new(&codes::REQUIREMENT_NOT_MET, message).at(span, label).about(key), needed, span)
        }
    };
    let (diagnostic, broken, span) = diagnostic;
    let help = format!("write {} under `{section}:` for `{environment}`", expected(key, broken));
    let diagnostic = pass.with_line(diagnostic, Some(condition.span), "required here").help(help);
    pass.blame(diagnostic, &[(span, key)]);
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
