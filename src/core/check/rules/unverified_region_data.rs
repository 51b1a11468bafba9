//! `unverified-region-data`: a region whose zones nobody listed and the catalogue does not know.

use crate::check::pass::Pass;
use crate::check::zones::named;
use crate::clouds::CloudFacts;
use crate::diagnostics::{Diagnostic, codes};

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    let CloudFacts { name: cloud, as_of, .. } = pass.cloud().facts();
    for site in pass.sites().iter() {
        let region = &site.deployment.region;
        if site.zones.verified || site.network().is_none() || !pass.has_sound_region(site.deployment) {
            continue;
        }
        let letters: Vec<String> = site.zones.letters.chars().map(String::from).collect();
        let message = format!("the zones of `{}` are not known to the catalogue of {}", region.value, as_of);
        pass.report(
            Diagnostic::new(&codes::UNVERIFIED_REGION_DATA, message)
                .at(region.span, format!("{} are assumed", named(site.zones.letters.chars())))
                .help(format!(
                    "the service provider lists them in the platform file: `clouds: {{{cloud}: {{zones: {{{}: [{}]}}}}}}`",
                    region.value,
                    letters.join(", ")
                )),
        );
    }
}
