//! `missing-account`: the platform's role, or where it keeps state, needs an account that the registry does not give.

use crate::check::context::RuleContext;
use crate::diagnostics::{Diagnostic, codes};

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let platform = context.platform();
    let registration = context.input.registration;
    let own_state = registration.map_or(&[][..], |entry| entry.state.as_slice());
    let role = context.cloud_policy().role_needs_account().map(|role| (role, "this role is in the customer's account"));
    let needs = role.or_else(|| platform.state.needs_account(own_state).map(|place| (place, "the state is kept by account")));
    let Some((needs, why)) = needs.filter(|_| platform.has_registry()) else { return };
    if registration.is_some_and(|entry| entry.account_id.is_some()) {
        return;
    }
    let identity = &context.customer().identity;
    let unregistered = context.was_reported(&codes::UNREGISTERED_REPOSITORY, identity.place)
        || context.was_reported(&codes::CUSTOMER_ID_CONFLICT, identity.customer_id.span);
    if unregistered {
        return;
    }
    let message = format!("the {} account of `{}` is not known", context.cloud().facts().label, identity.repository);
    let diagnostic = Diagnostic::new(&codes::MISSING_ACCOUNT, message).at(identity.place, "this repository");
    let diagnostic = context.with_line(diagnostic, Some(needs), why);
    let diagnostic = context.with_line(diagnostic, registration.map(|entry| entry.name.span), "no `account_id` in this entry");
    context.report(diagnostic.help(format!(
        "the service provider writes `account_id: \"<12 digits>\"` into the registry entry `{}` of the platform file",
        identity.repository
    )));
}
