//! `missing-account`: the platform's role, or where it keeps state, needs an account that the registry does not give.

use crate::check::context::{DeploymentScope, RuleContext};
use crate::diagnostics::{Diagnostic, codes};

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let platform = context.platform();
    let registration = context.input.registration;
    let role = context.cloud_policy().role_needs_account().map(|role| (role, "this role is in the customer's account"));
    let lacks = |scope: &DeploymentScope<'_>| {
        let environment = scope.deployment.environment.value.clone();
        if registration.is_some_and(|entry| entry.account_of(&environment).is_some()) {
            return None;
        }
        let own_state = registration.map(|entry| entry.state_of(&environment)).unwrap_or_default();
        let needs = role.or_else(|| platform.state.needs_account(&own_state).map(|place| (place, "the state is kept by account")));
        needs.map(|needs| (environment, needs))
    };
    let Some((environment, (needs, why))) = context.scopes().iter().find_map(lacks).filter(|_| platform.has_registry()) else { return };
    let by_environment = registration.is_some_and(|entry| !entry.environments.is_empty());
    let identity = &context.customer().identity;
    let unregistered = context.was_reported(&codes::UNREGISTERED_REPOSITORY, identity.place)
        || context.was_reported(&codes::CUSTOMER_ID_CONFLICT, identity.customer_id.span);
    if unregistered {
        return;
    }
    let of_environment = if by_environment { format!(" in `{environment}`") } else { String::new() };
    let message = format!("the {} account of `{}`{of_environment} is not known", context.cloud().facts().label, identity.repository);
    let diagnostic = Diagnostic::new(&codes::MISSING_ACCOUNT, message).at(identity.place, "this repository");
    let diagnostic = context.with_line(diagnostic, Some(needs), why);
    let diagnostic = context.with_line(diagnostic, registration.map(|entry| entry.name.span), "no `account_id` in this entry");
    context.report(diagnostic.help(format!(
        "the service provider writes `account_id: \"<12 digits>\"` into the registry entry `{}` of the platform file{}",
        identity.repository,
        if by_environment { format!(", or below its `environments.{environment}`") } else { String::new() }
    )));
}
