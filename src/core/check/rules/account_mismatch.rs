//! `account-mismatch`: a certificate of another account than the one that the registry gives the customer.

use crate::check::pass::Pass;
use crate::clouds::OfCertificate;
use crate::diagnostics::codes;

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    let Some(registered) = pass.context.registration.and_then(|entry| entry.account_id.as_ref()) else { return };
    for site in pass.sites().iter() {
        let deployment = site.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let Some(setting) = pass.sound(&compute.ssl_certificate_arn, "ssl_certificate_arn") else { continue };
        let Ok(OfCertificate { account, .. }) = pass.cloud().certificate(&setting.value) else { continue };
        if account == registered.value {
            continue;
        }
        let message = format!("the certificate is in the account `{account}`, and this customer's is `{}`", registered.value);
        let subject = (deployment, "security", "ssl_certificate_arn");
        let diagnostic = pass.of_value(&codes::ACCOUNT_MISMATCH, message, subject, setting, format!("used for {}", deployment.name()));
        let diagnostic = pass.with_line(diagnostic, Some(registered.span), "the customer's account");
        let help = "write the ARN of a certificate of that account; where the account is wrong, the service provider fixes the registry";
        pass.blame(diagnostic.help(help), &[(setting.span, "ssl_certificate_arn")]);
    }
}
