//! `region-mismatch` for certificates and snapshots: load balancers and databases take those of their own region only.

use crate::check::context::RuleContext;
use crate::clouds::OfArn;
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    certificates(context);
    snapshots(context);
}

fn snapshots(context: &mut RuleContext<'_, '_>) {
    const KEY: &str = "snapshot_identifier";
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(setting) = context.valid(&database.snapshot_identifier, KEY) else { continue };
        let Some(of_snapshot) = context.cloud().region_of_snapshot(&setting.value) else { continue };
        let region = &deployment.region;
        if of_snapshot == region.value || !context.has_valid_region(deployment) {
            continue;
        }
        let message = format!("a snapshot of `{of_snapshot}` in the region `{}`", region.value);
        let subject = (deployment, "database", KEY);
        let diagnostic = context.of_value(&codes::REGION_MISMATCH, message, subject, setting, format!("used for {}", deployment.name()));
        let help = format!("copy the snapshot to `{}`, and write the ARN of the copy", region.value);
        let diagnostic = diagnostic.at(region.span, format!("this deployment is in `{}`", region.value)).help(help);
        context.report_and_poison(diagnostic, &[(setting.span, KEY)]);
    }
}

fn certificates(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let Some(setting) = context.valid(&compute.ssl_certificate_arn, "ssl_certificate_arn") else { continue };
        let Ok(OfArn { region: of_certificate, .. }) = context.cloud().certificate(&setting.value) else { continue };
        let region = &deployment.region;
        if of_certificate == region.value || !context.has_valid_region(deployment) {
            continue;
        }
        let message = format!("a certificate of `{of_certificate}` in the region `{}`", region.value);
        let subject = (deployment, "security", "ssl_certificate_arn");
        let diagnostic = context.of_value(&codes::REGION_MISMATCH, message, subject, setting, format!("used for {}", deployment.name()));
        let diagnostic = diagnostic.at(region.span, format!("this deployment is in `{}`", region.value)).help(format!(
            "write the ARN of a certificate in `{0}`; with several regions, write `security.ssl_certificate_arn` for each of them",
            region.value
        ));
        context.report_and_poison(diagnostic, &[(setting.span, "ssl_certificate_arn")]);
    }
}
