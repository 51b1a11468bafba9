//! `residency-violation`: a region outside of those that the customer's data may be in.

use crate::check::pass::Pass;
use crate::diagnostics::{Diagnostic, codes, or_list};

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    let residency = pass.context.registration.and_then(|entry| entry.residency.as_ref());
    let Some(residency) = residency.filter(|_| pass.platform().has_registry()) else { return };
    for site in pass.sites().iter() {
        let region = &site.deployment.region;
        if residency.value.contains(&region.value) || !pass.has_sound_region(site.deployment) {
            continue;
        }
        let message = format!("the region `{}` is outside of the customer's residency", region.value);
        let diagnostic = Diagnostic::new(&codes::RESIDENCY_VIOLATION, message).at(region.span, "data may not be here");
        let diagnostic = pass.with_line(diagnostic, Some(residency.span), "the customer's residency");
        let names = residency.value.iter().map(|name| name.as_str());
        pass.blame(diagnostic.help(format!("take {}", or_list(names))), &[(region.span, "region")]);
    }
}
