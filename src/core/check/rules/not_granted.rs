//! `not-granted`: a thing that exists already, named in an account that others may have things in. The role that applies a root reaches
//! all of the account, so that a name there is a right.

use crate::check::context::RuleContext;
use crate::diagnostics::codes;
use crate::platform::{Origin, Registration};

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let platform = context.platform();
    if platform.origin != Origin::File || !platform.has_registry() {
        return;
    }
    let own = context.input.registration;
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(snapshot) = context.valid(&database.snapshot_identifier, "snapshot_identifier") else { continue };
        let account = own.and_then(|entry| entry.account_of(&deployment.environment.value));
        let is_anothers = |entry: &&Registration| own.is_none_or(|own| !is_same_customer(own, entry));
        let shared = match account {
            Some(account) => {
                let mut others = platform.registry.entries.values().filter(is_anothers);
                others.any(|entry| entry.accounts().any(|other| other.value == account.value))
            }
            // It may be anybody's.
            None => true,
        };
        if !shared {
            continue;
        }
        let message = format!("{} may not restore from a snapshot: its account is not its own alone", deployment.name());
        let subject = (deployment, "database", "snapshot_identifier");
        let label = "may be another customer's".to_owned();
        let diagnostic = context.of_value(&codes::NOT_GRANTED, message, subject, snapshot, label);
        let diagnostic = context.with_line(diagnostic, account.map(|account| account.span), "others have things in this account");
        let help = "remove `snapshot_identifier`, or ask your service provider for an account of your own in this environment";
        context.report_and_poison(diagnostic.help(help), &[(snapshot.span, "snapshot_identifier")]);
    }
}

/// True for one repository, and for two that the registry gives one id.
fn is_same_customer(one: &Registration, other: &Registration) -> bool {
    let ids = one.customer_id.as_ref().zip(other.customer_id.as_ref());
    one.name.value == other.name.value || ids.is_some_and(|(one, other)| one.value == other.value)
}
