//! `residency-violation`: a region outside of those that the customer's data may be in.

use crate::check::context::RuleContext;
use crate::diagnostics::{Diagnostic, codes, or_list};

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let residency = context.input.registration.and_then(|entry| entry.residency.as_ref());
    let Some(residency) = residency.filter(|_| context.platform().has_registry()) else { return };
    for scope in context.scopes().iter() {
        let region = &scope.deployment.region;
        if residency.value.contains(&region.value) || !context.has_valid_region(scope.deployment) {
            continue;
        }
        let message = format!("the region `{}` is outside of the customer's residency", region.value);
        let diagnostic = Diagnostic::new(&codes::RESIDENCY_VIOLATION, message).at(region.span, "data may not be here");
        let diagnostic = context.with_line(diagnostic, Some(residency.span), "the customer's residency");
        let names = residency.value.iter().map(|name| name.as_str());
        context.report_and_poison(diagnostic.help(format!("take {}", or_list(names))), &[(region.span, "region")]);
    }
}
