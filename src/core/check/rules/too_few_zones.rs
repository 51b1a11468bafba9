//! `too-few-zones`: a type that the region offers, and not in every zone with a private subnet; and one zone for a load balancer that stands in
//! private subnets.
//!
//! Letters that the service provider listed are the account's own and mean other zones than the catalogue's: they are not compared.

use crate::check::context::{DeploymentScope, RuleContext, place};
use crate::check::zones::{named, private_zones};
use crate::clouds::{Cloud, InstanceType, Offer};
use crate::diagnostics::{codes, or_list};

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter().filter(|scope| !scope.zones.given) {
        let deployment = scope.deployment;
        let (Some(compute), Some(network)) = (&deployment.compute, scope.network()) else { continue };
        let Some(setting) = context.valid(&compute.instance_type, "instance_type") else { continue };
        let Some(count) = context.valid(&network.availability_zones, "availability_zones") else { continue };
        let Some(known) = context.cloud().instance_type(&setting.value) else { continue };
        let Offer::Zones(offered) = context.cloud().zones_offering(&known, &deployment.region.value) else { continue };
        let used = private_zones(&scope.zones, count.value);
        let lacking: String = used.chars().filter(|letter| !offered.contains(*letter)).collect();
        if lacking.is_empty() || !context.has_valid_region(deployment) {
            continue;
        }
        let region = deployment.region.value.as_str();
        let message =
            format!("`{}` is offered in {} of `{region}`, and not in {}", setting.value, zones_named(offered), zones_named(&lacking));
        let subject = (deployment, "compute", "instance_type");
        let label = format!("not in {}", zones_named(&lacking));
        let diagnostic = context.of_value(&codes::TOO_FEW_ZONES, message, subject, setting, label);
        let diagnostic = diagnostic
            .at(place(scope.home, "networking", count), format!("private subnets are in {}", zones_named(used)))
            .help(way_out(context.cloud(), scope, &known, used, offered));
        context.report_and_poison(diagnostic, &[(setting.span, "instance_type")]);
    }
}

fn zones_named(letters: &str) -> String {
    let word = if letters.chars().count() == 1 { "zone" } else { "zones" };
    format!("{word} {}", named(letters.chars()))
}

/// Another type, fewer zones, or other letters: whichever there are.
fn way_out(cloud: &dyn Cloud, scope: &DeploymentScope<'_>, wanted: &InstanceType, used: &str, offered: &str) -> String {
    let region = scope.deployment.region.value.as_str();
    let everywhere = |name: &&'static str| {
        let offer = cloud.instance_type(name).map(|found| cloud.zones_offering(&found, region));
        matches!(offer, Some(Offer::Zones(letters)) if used.chars().all(|letter| letters.contains(letter)))
    };
    let types: Vec<&str> = cloud.nearest_offered(wanted.name, region).into_iter().filter(everywhere).collect();
    let mut ways = Vec::new();
    if !types.is_empty() {
        ways.push(format!("take {}", or_list(types)));
    }
    let first = used.chars().take_while(|letter| offered.contains(*letter)).count();
    if first > 0 && scope.network().is_none_or(|network| network.zones.is_none()) {
        ways.push(format!("write `availability_zones: {first}`"));
    }
    let do_well: Vec<String> = scope.zones.letters.chars().filter(|letter| offered.contains(*letter)).map(String::from).collect();
    if do_well.len() >= used.chars().count() {
        ways.push(format!("ask your service provider to list the zones that would do: `zones: {{{region}: [{}]}}`", do_well.join(", ")));
    }
    if ways.is_empty() { "take another instance type".to_owned() } else { ways.join(", or ") }
}

/// A load balancer takes subnets in two zones at least. There are always two public ones, and as many private ones as there are zones.
pub(super) fn of_load_balancer(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let (Some(compute), Some(network)) = (&deployment.compute, scope.network()) else { continue };
        let Some(balancer) = context.valid(&compute.load_balancer, "load_balancer") else { continue };
        let Some(count) = context.valid(&network.availability_zones, "availability_zones") else { continue };
        if balancer.value != "internal" || count.value >= 2 {
            continue;
        }
        let more = if network.zones.is_some() { "two or more `zones`" } else { "`availability_zones: 2` or more" };
        let message = format!("the internal load balancer of {} needs two zones", deployment.name());
        let subject = (deployment, "compute", "load_balancer");
        let label = "stands in the private subnets".to_owned();
        let diagnostic = context.of_value(&codes::TOO_FEW_ZONES, message, subject, balancer, label);
        let diagnostic = diagnostic
            .at(place(scope.home, "networking", count), "private subnets are in one zone")
            .help(format!("write {more}; or `load_balancer: none` where nothing sends requests to the instances"));
        context.report_and_poison(diagnostic, &[(balancer.span, "load_balancer")]);
    }
}
