//! `network-too-small`: more instances than the private subnets have addresses.

use crate::check::context::{DeploymentScope, RuleContext, place};
use crate::check::zones::private_zones;
use crate::clouds::CloudFacts;
use crate::diagnostics::codes;
use crate::ir::Setting;

/// How many roots are pointed at.
const NAMED: usize = 3;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let facts = context.cloud().facts();
    let scopes = context.scopes();
    for group in scopes.chunk_by(DeploymentScope::shares_network_with) {
        let Some(home) = group.first() else { continue };
        let Some(network) = home.network() else { continue };
        let Some(cidr) = context.valid(&network.vpc_cidr, "vpc_cidr") else { continue };
        let Some(count) = context.valid(&network.availability_zones, "availability_zones") else { continue };
        let zones = private_zones(&home.zones, count.value).len() as u64;
        let prefix = cidr.value.prefix_len();
        let mut wanted: Vec<(&DeploymentScope<'_>, &Setting<i64>)> = Vec::new();
        for scope in group {
            let most = scope.deployment.compute.as_ref().and_then(|compute| context.valid(&compute.max_instances, "max_instances"));
            wanted.extend(most.map(|most| (scope, most)));
        }
        let sum: u64 = wanted.iter().filter_map(|(_, most)| u64::try_from(most.value).ok()).sum();
        if sum <= zones * addresses(facts, prefix) {
            continue;
        }
        let message = format!(
            "the network `{}` has {} addresses for instances, and {} wants up to {sum}",
            cidr.value,
            zones * addresses(facts, prefix),
            home.deployment.name()
        );
        let subnets = if zones == 1 { "1 private subnet".to_owned() } else { format!("{zones} private subnets") };
        let label = format!("{subnets} with {} addresses for instances each", addresses(facts, prefix));
        let subject = (home.deployment, "networking", "vpc_cidr");
        let mut diagnostic = context.of_value(&codes::NETWORK_TOO_SMALL, message, subject, cidr, label);
        wanted.sort_by_key(|(_, most)| (std::cmp::Reverse(most.value), most.span));
        // One value may be that of several services.
        for of_value in wanted.chunk_by(|(_, one), (_, other)| one.span == other.span).take(NAMED) {
            let Some((scope, most)) = of_value.first() else { continue };
            let label = match &scope.deployment.service {
                Some(service) if of_value.len() == 1 => format!("up to {} of `{}`", most.value, service.value),
                Some(_) => format!("up to {} of each of {} services", most.value, of_value.len()),
                None => format!("up to {}", most.value),
            };
            diagnostic = diagnostic.at(place(scope.deployment, "compute", most), label);
        }
        let large_enough = (*facts.network_prefixes.start()..prefix).rev().find(|prefix| sum <= zones * addresses(facts, *prefix));
        let diagnostic = diagnostic.help(match large_enough {
            Some(larger) => format!("write a `vpc_cidr` with the prefix `/{larger}`, or lower `max_instances`"),
            None => "lower `max_instances`: no network is large enough, and a second environment or region would have its own".to_owned(),
        });
        let mut poisoned = vec![(cidr.span, "vpc_cidr")];
        poisoned.extend(wanted.iter().map(|(_, most)| (most.span, "max_instances")));
        context.report_and_poison(diagnostic, &poisoned);
    }
}

/// The addresses that instances can have in one subnet of a VPC.
fn addresses(facts: &CloudFacts, vpc_prefix: u8) -> u64 {
    let bits = 32_u8.saturating_sub(vpc_prefix.saturating_add(facts.subnet_bits));
    (1_u64 << bits).saturating_sub(facts.kept_addresses)
}
