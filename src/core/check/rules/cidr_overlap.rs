//! `cidr-overlap` with the service provider's own networks. Networks of other customers are for `fleet`.

use crate::check::context::RuleContext;
use crate::diagnostics::codes;
use ipnet::Ipv4Net;

/// True when two networks have an address in common: then one of them holds the other.
pub(in crate::check) fn overlap(one: &Ipv4Net, other: &Ipv4Net) -> bool {
    one.contains(other) || other.contains(one)
}

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(network) = &deployment.network else { continue };
        let Some(cidr) = context.valid(&network.vpc_cidr, "vpc_cidr") else { continue };
        let Some(reserved) = context.platform().reserved.iter().find(|reserved| overlap(&reserved.value, &cidr.value)) else { continue };
        let message = format!("the network `{}` overlaps one of the service provider's own", cidr.value);
        let subject = (deployment, "networking", "vpc_cidr");
        let diagnostic = context.of_value(&codes::CIDR_OVERLAP, message, subject, cidr, format!("overlaps `{}`", reserved.value));
        let diagnostic = context
            .with_line(diagnostic, Some(reserved.span), "reserved here")
            .help(format!("write a network that has no address in `{}`", reserved.value));
        context.report_and_poison(diagnostic, &[(cidr.span, "vpc_cidr")]);
    }
}
