//! `out-of-range` for `availability_zones`: more zones than the region has.

use crate::check::pass::Pass;
use crate::check::zones::named;
use crate::diagnostics::codes;

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter() {
        let deployment = site.deployment;
        let Some(network) = &deployment.network else { continue };
        let Some(count) = pass.sound(&network.availability_zones, "availability_zones") else { continue };
        let known = site.zones.letters.chars().count();
        if usize::try_from(count.value).is_ok_and(|count| count <= known) || !pass.has_sound_region(deployment) {
            continue;
        }
        let region = &deployment.region;
        let message = format!("`availability_zones` cannot be {} in `{}`", count.value, region.value);
        let subject = (deployment, "networking", "availability_zones");
        let diagnostic = pass.of_value(&codes::OUT_OF_RANGE, message, subject, count, format!("expected 1 to {known} zones"));
        let diagnostic = diagnostic
            .at(region.span, format!("the zones here are {}", named(site.zones.letters.chars())))
            .help(format!("write `availability_zones: {known}` or less"));
        pass.blame(diagnostic, &[(count.span, "availability_zones")]);
    }
}
