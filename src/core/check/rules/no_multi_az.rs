//! `no-multi-az`: a database of a protected environment without a standby in another zone, or of Aurora without a second instance; a cache with
//! one node.

use crate::check::context::{RuleContext, by_default, leader};
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter().filter(|scope| scope.deployment.protected) {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(multi_az) = context.valid(&database.multi_az, "multi_az") else { continue };
        if multi_az.value || context.may_be_the_tiers(deployment, ("database", "multi_az")) {
            continue;
        }
        let environment = &deployment.environment.value;
        let instances = database.instances.as_ref().filter(|_| leader(deployment, ("database", "multi_az")).is_some());
        if let Some(instances) = instances.filter(|instances| context.is_valid(instances, "instances")) {
            let message = format!("`instances` is `{}`{} in {}", instances.value, by_default(instances.source), deployment.name());
            let label = "no other instance takes over".to_owned();
            let subject = (deployment, "database", "instances");
            let diagnostic = context.of_value(&codes::NO_MULTI_AZ, message, subject, instances, label);
            context
                .report(diagnostic.help(format!("write `instances: 2` or more under {} for `{environment}`", deployment.key("database"))));
            continue;
        }
        let message = format!("`multi_az` is `false`{} in {}", by_default(multi_az.source), deployment.name());
        let label = "no standby in another zone".to_owned();
        let diagnostic = context.of_value(&codes::NO_MULTI_AZ, message, (deployment, "database", "multi_az"), multi_az, label);
        context.report(diagnostic.help(format!("write `multi_az: true` under {} for `{environment}`", deployment.key("database"))));
    }
}

/// A cache has a second node in such an environment, unless somebody writes that it has none.
pub(super) fn of_cache(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter().filter(|scope| scope.deployment.protected) {
        let deployment = scope.deployment;
        let Some(nodes) = deployment.cache.as_ref().and_then(|cache| context.valid(&cache.nodes, "nodes")) else { continue };
        if nodes.value >= 2 {
            continue;
        }
        let message = format!("`nodes` is `{}`{} in {}", nodes.value, by_default(nodes.source), deployment.name());
        let label = "no other node takes over".to_owned();
        let diagnostic = context.of_value(&codes::NO_MULTI_AZ, message, (deployment, "cache", "nodes"), nodes, label);
        let environment = &deployment.environment.value;
        context.report(
            diagnostic.help(format!("write `nodes: 2` or more under `cache` for `{environment}`, or leave it out: there are two then")),
        );
    }
}
