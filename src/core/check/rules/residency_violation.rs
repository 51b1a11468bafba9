//! `residency-violation`: a region outside of those that the customer's data may be in.

use crate::check::acting::COPY;
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

/// The region that backups are copied to. The customer chooses whether there are copies, and the service provider where.
pub(super) fn of_copies(context: &mut RuleContext<'_, '_>) {
    let residency = context.input.registration.and_then(|entry| entry.residency.as_ref());
    let Some(residency) = residency.filter(|_| context.platform().has_registry()) else { return };
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(setting) = context.input.asks_for_copies(deployment).filter(|_| context.has_valid_region(deployment)) else { continue };
        let Some(to) = context.input.copy_region(deployment).filter(|to| !residency.value.contains(&to.value)) else { continue };
        let (region, to_region) = (&deployment.region.value, &to.value);
        let message = format!("backups in `{region}` are copied to `{to_region}`, which is outside of the customer's residency");
        let label = "data may not be copied there".to_owned();
        let diagnostic = context.of_value(&codes::RESIDENCY_VIOLATION, message, (deployment, COPY.0, COPY.1), setting, label);
        let diagnostic = context.with_line(diagnostic, Some(to.span), "where the platform copies to");
        let diagnostic = context.with_line(diagnostic, Some(residency.span), "the customer's residency");
        context.report(diagnostic.help(format!("write `{}: false`, or ask your service provider for another region for copies", COPY.1)));
    }
}
