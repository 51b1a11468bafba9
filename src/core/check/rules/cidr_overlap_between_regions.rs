//! `cidr-overlap-between-regions`: networks of one environment that could never be connected.

use super::cidr_overlap::overlap;
use crate::check::context::{DeploymentScope, RuleContext, place};
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::Setting;
use ipnet::Ipv4Net;
use std::collections::BTreeMap;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let scopes = context.scopes();
    let mut earlier: BTreeMap<&str, Vec<(&DeploymentScope<'_>, &Setting<Ipv4Net>)>> = BTreeMap::new();
    for scope in scopes.iter() {
        let deployment = scope.deployment;
        let Some(network) = &deployment.network else { continue };
        let Some(cidr) = context.valid(&network.vpc_cidr, "vpc_cidr") else { continue };
        let environment = deployment.environment.value.as_str();
        let others = earlier.entry(environment).or_default();
        if let Some(other) = others.iter().find(|(_, other)| overlap(&other.value, &cidr.value)) {
            // Of a base and an overlay the overlay is the offender.
            let base_after_overlay = !is_of_overlay(scope, cidr) && is_of_overlay(other.0, other.1);
            let (later, earlier) = if base_after_overlay { (*other, (scope, cidr)) } else { ((scope, cidr), *other) };
            let diagnostic = diagnostic(context, later, earlier);
            context.report(diagnostic);
        }
        others.push((scope, cidr));
    }
}

/// True for a value in the file of the region overlay that made its deployment.
fn is_of_overlay(scope: &DeploymentScope<'_>, cidr: &Setting<Ipv4Net>) -> bool {
    scope.deployment.regional && cidr.span.file == scope.deployment.region.span.file
}

fn diagnostic(
    context: &RuleContext<'_, '_>,
    (scope, cidr): (&DeploymentScope<'_>, &Setting<Ipv4Net>),
    (other, other_cidr): (&DeploymentScope<'_>, &Setting<Ipv4Net>),
) -> Diagnostic {
    let (here, there) = (&scope.deployment.region.value, &other.deployment.region.value);
    let message = format!("the networks of `{}` in `{there}` and `{here}` overlap", scope.deployment.environment.value);
    let same_place = other_cidr.span == cidr.span;
    let label = if same_place { format!("in both `{there}` and `{here}`") } else { format!("`{}` in `{here}`", cidr.value) };
    let subject = (scope.deployment, "networking", "vpc_cidr");
    let diagnostic = context.of_value(&codes::CIDR_OVERLAP_BETWEEN_REGIONS, message, subject, cidr, label);
    let diagnostic = if same_place {
        diagnostic
    } else {
        let span = place(other.deployment, "networking", other_cidr);
        diagnostic.at(span, format!("`{}` in `{there}`", other_cidr.value))
    };
    diagnostic.help(format!("write another `vpc_cidr` for `{here}`, in its region overlay: overlapping networks cannot be connected later"))
}
