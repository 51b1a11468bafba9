//! `private-without-nat`: instances in private subnets without a way out.

use crate::check::pass::{Pass, place};
use crate::diagnostics::codes;

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter() {
        let (Some(compute), Some(network)) = (&site.deployment.compute, site.network()) else { continue };
        let Some(nat) = pass.sound(&network.enable_nat_gateway, "enable_nat_gateway") else { continue };
        let none = compute.max_instances.as_ref().is_some_and(|most| most.value == 0);
        if nat.value || none {
            continue;
        }
        let message = format!("the instances of {} cannot reach anything outside of the network", site.deployment.name());
        let subject = (site.home, "networking", "enable_nat_gateway");
        let label = "no NAT gateway".to_owned();
        let diagnostic = pass.of_value(&codes::PRIVATE_WITHOUT_NAT, message, subject, nat, label);
        let section = compute.instance_type.as_ref().map_or(compute.key, |setting| place(site.deployment, "compute", setting));
        pass.report(diagnostic.at(section, "these are in private subnets").help(
            "write `enable_nat_gateway: true`; without it package repositories, container registries and Session Manager are out of reach (S3 is not)",
        ));
    }
}
