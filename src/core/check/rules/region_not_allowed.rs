//! `region-not-allowed`: a region that the platform does not list.

use crate::check::context::RuleContext;
use crate::clouds::Region;
use crate::diagnostics::{Diagnostic, codes, or_list};
use crate::platform::Origin;
use crate::source::Span;

/// How many regions a help names.
const NAMED: usize = 8;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let platform = context.platform();
    if platform.origin == Origin::BuiltIn {
        return;
    }
    // Where the customer's data may not be does not help.
    let residency = context.input.registration.and_then(|entry| entry.residency.as_ref()).filter(|_| platform.has_registry());
    for scope in context.scopes().iter() {
        let region = &scope.deployment.region;
        let listed = context.cloud_policy().regions.as_ref();
        let allowed = match listed {
            Some(list) => list.iter().any(|known| known.value == region.value),
            None => context.cloud().region(&region.value).is_some_and(Region::is_commercial),
        };
        if allowed || !context.has_valid_region(scope.deployment) {
            continue;
        }
        let message = format!("the platform does not allow the region `{}`", region.value);
        let diagnostic = Diagnostic::new(&codes::REGION_NOT_ALLOWED, message).at(region.span, "not an allowed region");
        let ends = listed.and_then(|list| list.first().zip(list.last()));
        let line = ends.map(|(first, last)| Span { end: last.span.end, ..first.span });
        let diagnostic = context.with_line(diagnostic, line, "the allowed regions");
        let mut nearest = None;
        let help = match listed {
            Some(list) if list.is_empty() => "ask your service provider to allow a region".to_owned(),
            Some(list) => {
                // Those of the same continent first.
                let continent = region.value.split('-').next().unwrap_or("");
                let names = list.iter().map(|known| known.value.as_str());
                let (near, far): (Vec<&str>, Vec<&str>) = names
                    .filter(|name| residency.is_none_or(|residency| residency.value.iter().any(|allowed| allowed == name)))
                    .partition(|known| known.split('-').next() == Some(continent));
                nearest = near.first().or(far.first()).copied();
                if nearest.is_none() {
                    "ask your service provider to allow a region that the data may be in".to_owned()
                } else {
                    format!(
                        "take {}, or ask your service provider for `{}`",
                        or_list(near.into_iter().chain(far).take(NAMED)),
                        region.value
                    )
                }
            }
            None => "only the commercial regions are allowed: take one such as `eu-west-1`, or ask your service provider".to_owned(),
        };
        // The name of a region overlay is that of a file.
        let diagnostic = match nearest.filter(|_| !scope.deployment.regional && scope.deployment.region_known) {
            Some(nearest) => diagnostic.suggest(region.span, nearest),
            None => diagnostic,
        };
        context.report_and_poison(diagnostic.help(help), &[(region.span, "region")]);
    }
}
