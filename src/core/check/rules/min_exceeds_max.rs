//! `min-exceeds-max`: more instances at the least than at the most.

use crate::check::pass::{Pass, place};
use crate::diagnostics::codes;
use crate::ir::Deployment;
use crate::schema::Typed;

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter() {
        let deployment = site.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let min = pass.sound(&compute.min_instances, "min_instances");
        let max = pass.sound(&compute.max_instances, "max_instances");
        let (Some(min), Some(max)) = (min, max) else { continue };
        if min.value <= max.value {
            continue;
        }
        let message = format!("`min_instances` is `{}` and `max_instances` is `{}` in {}", min.value, max.value, deployment.name());
        let label = format!("at least {}", min.value);
        let diagnostic = pass.of_value(&codes::MIN_EXCEEDS_MAX, message, (deployment, "compute", "min_instances"), min, label);
        let diagnostic = diagnostic
            .at(place(deployment, "compute", max), format!("at most {}", max.value))
            .help(format!("write `min_instances: {}` or less, or `max_instances: {}` or more", max.value, min.value));
        // More is asked for in one place and less allowed in another; what is asked for by name is taken at its word.
        let is_less = |other: &Deployment| {
            other.settings.get("compute", "min_instances").is_some_and(|other| other.value == Typed::Integer(min.value))
        };
        let written = deployment.settings.get("compute", "max_instances");
        let diagnostic = match written.filter(|written| pass.may_replace(("compute", "max_instances"), written, is_less)) {
            Some(written) => diagnostic.suggest(written.span, min.value.to_string()).unquoted(),
            None => diagnostic,
        };
        pass.blame(diagnostic, &[(min.span, "min_instances"), (max.span, "max_instances")]);
    }
}
