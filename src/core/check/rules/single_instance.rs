//! `single-instance`: a protected environment that one machine's failure takes down.

use crate::check::context::{RuleContext, by_default};
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter().filter(|scope| scope.deployment.protected) {
        let deployment = scope.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let min = context.valid(&compute.min_instances, "min_instances");
        let (Some(min), Some(max)) = (min, &compute.max_instances) else { continue };
        // No instance at all is a decision of its own.
        if min.value > 1 || max.value == 0 || context.may_be_the_tiers(deployment, ("compute", "min_instances")) {
            continue;
        }
        let message = format!("`min_instances` is `{}`{} in {}", min.value, by_default(min.source), deployment.name());
        let label = "one failure, and nothing runs".to_owned();
        let subject = (deployment, "compute", "min_instances");
        let diagnostic = context.of_value(&codes::SINGLE_INSTANCE, message, subject, min, label);
        let environment = &deployment.environment.value;
        context.report(diagnostic.help(format!("write `min_instances: 2` or more under `compute:` for `{environment}`")));
    }
}
