//! `unverified-region-data`: a region whose zones nobody listed and the catalogue does not know.

use crate::check::context::RuleContext;
use crate::check::zones::named;
use crate::clouds::CloudFacts;
use crate::diagnostics::{Diagnostic, codes};

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let CloudFacts { name: cloud, as_of, .. } = context.cloud().facts();
    for scope in context.scopes().iter() {
        let region = &scope.deployment.region;
        if scope.zones.verified || scope.network().is_none() || !context.has_valid_region(scope.deployment) {
            continue;
        }
        let letters: Vec<String> = scope.zones.letters.chars().map(String::from).collect();
        let message = format!("the zones of `{}` are not known to the catalogue of {}", region.value, as_of);
        context.report(
            Diagnostic::new(&codes::UNVERIFIED_REGION_DATA, message)
                .at(region.span, format!("{} are assumed", named(scope.zones.letters.chars())))
                .help(format!(
                    "the service provider lists them in the platform file: `clouds: {{{cloud}: {{zones: {{{}: [{}]}}}}}}`",
                    region.value,
                    letters.join(", ")
                )),
        );
    }
}
