//! `cidr-overlap-between-regions`: networks of one environment that could never be connected.

use super::cidr_overlap::overlap;
use crate::check::pass::{Pass, Site, place};
use crate::diagnostics::codes;
use crate::ir::Setting;
use ipnet::Ipv4Net;
use std::collections::BTreeMap;

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    let sites = pass.sites();
    let mut earlier: BTreeMap<&str, Vec<(&Site<'_>, &Setting<Ipv4Net>)>> = BTreeMap::new();
    for site in sites.iter() {
        let deployment = site.deployment;
        let Some(network) = &deployment.network else { continue };
        let Some(cidr) = pass.sound(&network.vpc_cidr, "vpc_cidr") else { continue };
        let environment = deployment.environment.value.as_str();
        let others = earlier.entry(environment).or_default();
        if let Some((other, other_cidr)) = others.iter().find(|(_, other)| overlap(&other.value, &cidr.value)) {
            let (here, there) = (&deployment.region.value, &other.deployment.region.value);
            let message = format!("the networks of `{environment}` in `{there}` and `{here}` overlap");
            let same_place = other_cidr.span == cidr.span;
            let label = if same_place { format!("in both `{there}` and `{here}`") } else { format!("`{}` in `{here}`", cidr.value) };
            let subject = (deployment, "networking", "vpc_cidr");
            let mut diagnostic = pass.of_value(&codes::CIDR_OVERLAP_BETWEEN_REGIONS, message, subject, cidr, label);
            if !same_place {
                let span = place(other.deployment, "networking", other_cidr);
                diagnostic = diagnostic.at(span, format!("`{}` in `{there}`", other_cidr.value));
            }
            let help =
                format!("write another `vpc_cidr` for `{here}`, in its region overlay: overlapping networks cannot be connected later");
            pass.tell(diagnostic.help(help));
        }
        others.push((site, cidr));
    }
}
