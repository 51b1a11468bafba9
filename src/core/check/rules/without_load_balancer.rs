//! `without-load-balancer`: what is written of a load balancer, where the instances have none.
//!
//! A value of a lower layer that reaches other instances, which have one, is not wrong.

use super::open_to_the_world::decides;
use crate::check::context::{DeploymentScope, RuleContext, place};
use crate::diagnostics::codes;
use crate::ir::{Deployment, Source};
use crate::schema::{Typed, section};
use crate::source::Span;

/// Keys that say something of the load balancer.
const KEYS: [(&str, &str); 4] =
    [("compute", "port"), ("compute", "health_check_path"), ("security", "allowed_cidr_blocks"), ("security", "ssl_certificate_arn")];

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    if !decides(context) {
        return;
    }
    let scopes = context.scopes();
    for scope in scopes.iter() {
        let deployment = scope.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let Some(balancer) = context.valid(&compute.load_balancer, "load_balancer").filter(|balancer| balancer.value == "none") else {
            continue;
        };
        for (name, key) in KEYS {
            let Some(setting) = deployment.settings.get(name, key).filter(|setting| setting.source == Source::Written) else { continue };
            let says_nothing = match &setting.value {
                Typed::List(items) => items.is_empty(),
                value => section(name).and_then(|section| section.key(key)).is_some_and(|key| key.is_default(value)),
            };
            if says_nothing || scopes.iter().any(|other| reaches(other, (name, key), setting.span)) {
                continue;
            }
            let message = format!("`{key}` is about a load balancer, and the instances of {} have none", deployment.name());
            let label = "no module uses this".to_owned();
            let diagnostic = context.of_value(&codes::WITHOUT_LOAD_BALANCER, message, (deployment, name, key), setting, label);
            let diagnostic = diagnostic.at(place(deployment, "compute", balancer), "there is none by this");
            context.report(diagnostic.help(format!("remove `{key}`, or write `load_balancer: public` or `load_balancer: internal`")));
        }
    }
}

/// True where a value is used: the instances of a deployment that has it from the same place have a load balancer, or may have one.
fn reaches(scope: &DeploymentScope<'_>, (section, key): (&str, &str), span: Span) -> bool {
    let has_it = |deployment: &Deployment| deployment.settings.get(section, key).is_some_and(|other| other.span == span);
    let Some(compute) = &scope.deployment.compute else { return false };
    has_it(scope.deployment) && compute.load_balancer.as_ref().is_none_or(|balancer| balancer.value != "none")
}
