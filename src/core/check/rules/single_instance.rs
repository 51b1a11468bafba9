//! `single-instance`: a protected environment that one machine's failure takes down.

use crate::check::pass::{Pass, by_default};
use crate::diagnostics::codes;

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter().filter(|site| site.deployment.protected) {
        let deployment = site.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let min = pass.sound(&compute.min_instances, "min_instances");
        let (Some(min), Some(max)) = (min, &compute.max_instances) else { continue };
        // No instance at all is a decision of its own.
        if min.value > 1 || max.value == 0 || pass.may_be_the_tiers(deployment, ("compute", "min_instances")) {
            continue;
        }
        let message = format!("`min_instances` is `{}`{} in {}", min.value, by_default(min.source), deployment.name());
        let label = "one failure, and nothing runs".to_owned();
        let subject = (deployment, "compute", "min_instances");
        let diagnostic = pass.of_value(&codes::SINGLE_INSTANCE, message, subject, min, label);
        let environment = &deployment.environment.value;
        pass.report(diagnostic.help(format!("write `min_instances: 2` or more under `compute:` for `{environment}`")));
    }
}
