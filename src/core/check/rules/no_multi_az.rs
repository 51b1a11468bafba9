//! `no-multi-az`: a database of a protected environment without a standby in another zone.

use crate::check::context::{RuleContext, by_default};
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter().filter(|scope| scope.deployment.protected) {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(multi_az) = context.valid(&database.multi_az, "multi_az") else { continue };
        if multi_az.value || context.may_be_the_tiers(deployment, ("database", "multi_az")) {
            continue;
        }
        let message = format!("`multi_az` is `false`{} in {}", by_default(multi_az.source), deployment.name());
        let label = "no standby in another zone".to_owned();
        let diagnostic = context.of_value(&codes::NO_MULTI_AZ, message, (deployment, "database", "multi_az"), multi_az, label);
        let environment = &deployment.environment.value;
        context.report(diagnostic.help(format!("write `multi_az: true` under {} for `{environment}`", deployment.key("database"))));
    }
}
