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
        // The value is counted from `zones` where the customer names them, and the way out is there then.
        let (says, more) = match &network.zones {
            Some(_) => ("`zones` names one zone", "name two or more `zones:`"),
            None => ("`availability_zones` is `1`", "write `availability_zones: 2` or more"),
        };
        let message = format!("{says} in {}", deployment.name());
        let label = "all instances in one zone".to_owned();
        let diagnostic = context.of_value(&codes::SINGLE_ZONE, message, (deployment, "networking", "availability_zones"), count, label);
        let environment = &deployment.environment.value;
        context.report(diagnostic.help(format!("{more} under `networking:` for `{environment}`")));
    }
}
