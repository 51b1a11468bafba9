//! `too-few-zones`: a type that the region offers, and not in every zone with a private subnet.
//!
//! Letters that the service provider listed are the account's own and mean other zones than the catalogue's: they are not compared.

use crate::check::pass::{Pass, Site, place};
use crate::check::zones::{named, private_zones};
use crate::clouds::{Cloud, InstanceType, Offer};
use crate::diagnostics::{codes, or_list};

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter().filter(|site| !site.zones.given) {
        let deployment = site.deployment;
        let (Some(compute), Some(network)) = (&deployment.compute, site.network()) else { continue };
        let Some(setting) = pass.sound(&compute.instance_type, "instance_type") else { continue };
        let Some(count) = pass.sound(&network.availability_zones, "availability_zones") else { continue };
        let Some(known) = pass.cloud().instance_type(&setting.value) else { continue };
        let Offer::Zones(offered) = pass.cloud().zones_offering(&known, &deployment.region.value) else { continue };
        let used = private_zones(&site.zones, count.value);
        let lacking: String = used.chars().filter(|letter| !offered.contains(*letter)).collect();
        if lacking.is_empty() || !pass.has_sound_region(deployment) {
            continue;
        }
        let region = deployment.region.value.as_str();
        let message =
            format!("`{}` is offered in {} of `{region}`, and not in {}", setting.value, zones_named(offered), zones_named(&lacking));
        let subject = (deployment, "compute", "instance_type");
        let label = format!("not in {}", zones_named(&lacking));
        let diagnostic = pass.of_value(&codes::TOO_FEW_ZONES, message, subject, setting, label);
        let diagnostic = diagnostic
            .at(place(site.home, "networking", count), format!("private subnets are in {}", zones_named(used)))
            .help(way_out(pass.cloud(), site, &known, used, offered));
        pass.blame(diagnostic, &[(setting.span, "instance_type")]);
    }
}

fn zones_named(letters: &str) -> String {
    let word = if letters.chars().count() == 1 { "zone" } else { "zones" };
    format!("{word} {}", named(letters.chars()))
}

/// Another type, fewer zones, or other letters: whichever there are.
fn way_out(cloud: &dyn Cloud, site: &Site<'_>, wanted: &InstanceType, used: &str, offered: &str) -> String {
    let region = site.deployment.region.value.as_str();
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
    if first > 0 {
        ways.push(format!("write `availability_zones: {first}`"));
    }
    let do_well: Vec<String> = site.zones.letters.chars().filter(|letter| offered.contains(*letter)).map(String::from).collect();
    if do_well.len() >= used.chars().count() {
        ways.push(format!("ask your service provider to list the zones that would do: `zones: {{{region}: [{}]}}`", do_well.join(", ")));
    }
    if ways.is_empty() { "take another instance type".to_owned() } else { ways.join(", or ") }
}
