//! `cidr-overlap` with the service provider's own networks. Networks of other customers are for `fleet`.

use crate::check::pass::Pass;
use crate::diagnostics::codes;
use ipnet::Ipv4Net;

/// True when two networks have an address in common: then one of them holds the other.
pub(in crate::check) fn overlap(one: &Ipv4Net, other: &Ipv4Net) -> bool {
    one.contains(other) || other.contains(one)
}

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter() {
        let deployment = site.deployment;
        let Some(network) = &deployment.network else { continue };
        let Some(cidr) = pass.sound(&network.vpc_cidr, "vpc_cidr") else { continue };
        let Some(reserved) = pass.platform().reserved.iter().find(|reserved| overlap(&reserved.value, &cidr.value)) else { continue };
        let message = format!("the network `{}` overlaps one of the service provider's own", cidr.value);
        let subject = (deployment, "networking", "vpc_cidr");
        let diagnostic = pass.of_value(&codes::CIDR_OVERLAP, message, subject, cidr, format!("overlaps `{}`", reserved.value));
        let diagnostic = pass
            .with_line(diagnostic, Some(reserved.span), "reserved here")
            .help(format!("write a network that has no address in `{}`", reserved.value));
        pass.blame(diagnostic, &[(cidr.span, "vpc_cidr")]);
    }
}
