//! `single-zone`: a protected environment that one zone's failure takes down.

use crate::check::context::RuleContext;
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter().filter(|scope| scope.deployment.protected) {
        let deployment = scope.deployment;
        let Some(network) = &deployment.network else { continue };
        let Some(count) = context.valid(&network.availability_zones, "availability_zones") else { continue };
        if count.value != 1 {
            continue;
        }
        let message = format!("`availability_zones` is `1` in {}", deployment.name());
        let label = "all instances in one zone".to_owned();
        let diagnostic = context.of_value(&codes::SINGLE_ZONE, message, (deployment, "networking", "availability_zones"), count, label);
        let environment = &deployment.environment.value;
        context.report(diagnostic.help(format!("write `availability_zones: 2` or more under `networking:` for `{environment}`")));
    }
}
