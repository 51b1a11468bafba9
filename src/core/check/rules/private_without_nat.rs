//! `private-without-nat`: instances in private subnets without a way out.

use crate::check::context::{RuleContext, place};
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let (Some(compute), Some(network)) = (&scope.deployment.compute, scope.network()) else { continue };
        let Some(nat) = context.valid(&network.enable_nat_gateway, "enable_nat_gateway") else { continue };
        let none = compute.max_instances.as_ref().is_some_and(|most| most.value == 0);
        if nat.value || none {
            continue;
        }
        let message = format!("the instances of {} cannot reach anything outside of the network", scope.deployment.name());
        let (key, way) = match &network.nat_gateways {
            Some(_) => ("nat_gateways", "nat_gateways: single"),
            None => ("enable_nat_gateway", "enable_nat_gateway: true"),
        };
        let subject = (scope.home, "networking", key);
        let label = "no NAT gateway".to_owned();
        let diagnostic = context.of_value(&codes::PRIVATE_WITHOUT_NAT, message, subject, nat, label);
        let section = compute.instance_type.as_ref().map_or(compute.key, |setting| place(scope.deployment, "compute", setting));
        context.report(diagnostic.at(section, "these are in private subnets").help(format!(
            "write `{way}`; without it package repositories, container registries and Session Manager are out of reach (S3 is not)",
        )));
    }
}
