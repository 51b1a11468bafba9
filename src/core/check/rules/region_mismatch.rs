//! `region-mismatch` for certificates: the load balancer takes those of its own region only.

use crate::check::pass::Pass;
use crate::clouds::OfCertificate;
use crate::diagnostics::codes;

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter() {
        let deployment = site.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let Some(setting) = pass.sound(&compute.ssl_certificate_arn, "ssl_certificate_arn") else { continue };
        let Ok(OfCertificate { region: of_certificate, .. }) = pass.cloud().certificate(&setting.value) else { continue };
        let region = &deployment.region;
        if of_certificate == region.value || !pass.has_sound_region(deployment) {
            continue;
        }
        let message = format!("a certificate of `{of_certificate}` in the region `{}`", region.value);
        let subject = (deployment, "security", "ssl_certificate_arn");
        let diagnostic = pass.of_value(&codes::REGION_MISMATCH, message, subject, setting, format!("used for {}", deployment.name()));
        let diagnostic = diagnostic.at(region.span, format!("this deployment is in `{}`", region.value)).help(format!(
            "write the ARN of a certificate in `{0}`; with several regions, write `security.ssl_certificate_arn` for each of them",
            region.value
        ));
        pass.blame(diagnostic, &[(setting.span, "ssl_certificate_arn")]);
    }
}
