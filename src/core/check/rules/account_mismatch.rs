//! `account-mismatch`: a certificate of another account than the one that the registry gives the customer.

use crate::check::context::RuleContext;
use crate::clouds::OfArn;
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let Some(registration) = context.input.registration else { return };
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(registered) = registration.account_of(&deployment.environment.value) else { continue };
        let Some(compute) = &deployment.compute else { continue };
        let Some(setting) = context.valid(&compute.ssl_certificate_arn, "ssl_certificate_arn") else { continue };
        let Ok(OfArn { account, .. }) = context.cloud().certificate(&setting.value) else { continue };
        if account == registered.value {
            continue;
        }
        let message = format!("the certificate is in the account `{account}`, and that of {} is `{}`", deployment.name(), registered.value);
        let subject = (deployment, "security", "ssl_certificate_arn");
        let diagnostic = context.of_value(&codes::ACCOUNT_MISMATCH, message, subject, setting, format!("used for {}", deployment.name()));
        let diagnostic = context.with_line(diagnostic, Some(registered.span), "the customer's account");
        let help = "write the ARN of a certificate of that account; where the account is wrong, the service provider fixes the registry";
        context.report_and_poison(diagnostic.help(help), &[(setting.span, "ssl_certificate_arn")]);
    }
}
