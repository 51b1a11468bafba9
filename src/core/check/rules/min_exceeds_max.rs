//! `min-exceeds-max`: more instances at the least than at the most.

use crate::check::context::{RuleContext, place};
use crate::diagnostics::codes;
use crate::ir::Deployment;
use crate::schema::Typed;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let min = context.valid(&compute.min_instances, "min_instances");
        let max = context.valid(&compute.max_instances, "max_instances");
        let (Some(min), Some(max)) = (min, max) else { continue };
        if min.value <= max.value {
            continue;
        }
        let message = format!("`min_instances` is `{}` and `max_instances` is `{}` in {}", min.value, max.value, deployment.name());
        let label = format!("at least {}", min.value);
        let diagnostic = context.of_value(&codes::MIN_EXCEEDS_MAX, message, (deployment, "compute", "min_instances"), min, label);
        let diagnostic = diagnostic
            .at(place(deployment, "compute", max), format!("at most {}", max.value))
            .help(format!("write `min_instances: {}` or less, or `max_instances: {}` or more", max.value, min.value));
        // More is asked for in one place and less allowed in another; what is asked for by name is taken at its word.
        let is_less = |other: &Deployment| {
            other.settings.get("compute", "min_instances").is_some_and(|other| other.value == Typed::Integer(min.value))
        };
        let written = deployment.settings.get("compute", "max_instances");
        let diagnostic = match written.filter(|written| context.may_replace(("compute", "max_instances"), written, is_less)) {
            Some(written) => diagnostic.suggest(written.span, min.value.to_string()).unquoted(),
            None => diagnostic,
        };
        context.report_and_poison(diagnostic, &[(min.span, "min_instances"), (max.span, "max_instances")]);
    }
}
