//! `instance-type-not-in-region`: a type that exists, and not here.

use crate::check::context::{RuleContext, is_verbatim};
use crate::clouds::Offer;
use crate::diagnostics::{codes, or_list};

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let Some(setting) = context.valid(&compute.instance_type, "instance_type") else { continue };
        let region = &deployment.region;
        let Some(known) = context.cloud().instance_type(&setting.value) else { continue };
        if context.cloud().zones_offering(&known, &region.value) != Offer::NotOffered || !context.has_valid_region(deployment) {
            continue;
        }
        let message = format!("the region `{}` does not offer the instance type `{}`", region.value, setting.value);
        let label = format!("not in `{}`", region.value);
        let subject = (deployment, "compute", "instance_type");
        let diagnostic = context.of_value(&codes::INSTANCE_TYPE_NOT_IN_REGION, message, subject, setting, label);
        let diagnostic = diagnostic.at(region.span, "the region");
        let offered = context.cloud().nearest_offered(&setting.value, &region.value);
        let diagnostic = match offered.first() {
            Some(nearest) => {
                let diagnostic = diagnostic.help(format!("write {}, which `{}` offers", or_list(offered.iter().copied()), region.value));
                if is_verbatim(setting) { diagnostic.suggest(setting.span, *nearest) } else { diagnostic }
            }
            None => diagnostic.help(format!("nothing like it is offered in `{}`: take another type or another region", region.value)),
        };
        context.report_and_poison(diagnostic, &[(setting.span, "instance_type")]);
    }
}
