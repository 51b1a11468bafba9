//! `out-of-range` for `availability_zones`: more zones than the region has.

use crate::check::context::RuleContext;
use crate::check::zones::named;
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(network) = &deployment.network else { continue };
        let Some(count) = context.valid(&network.availability_zones, "availability_zones") else { continue };
        let known = scope.zones.letters.chars().count();
        if usize::try_from(count.value).is_ok_and(|count| count <= known) || !context.has_valid_region(deployment) {
            continue;
        }
        let region = &deployment.region;
        let message = format!("`availability_zones` cannot be {} in `{}`", count.value, region.value);
        let subject = (deployment, "networking", "availability_zones");
        let diagnostic = context.of_value(&codes::OUT_OF_RANGE, message, subject, count, format!("expected 1 to {known} zones"));
        let diagnostic = diagnostic
            .at(region.span, format!("the zones here are {}", named(scope.zones.letters.chars())))
            .help(format!("write `availability_zones: {known}` or less"));
        context.report_and_poison(diagnostic, &[(count.span, "availability_zones")]);
    }
}
