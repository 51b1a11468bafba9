//! `customer-id-conflict` with the registry: a repository that is not registered for an id claims one that is registered. Claims against
//! claims are for `fleet`.

use crate::check::context::RuleContext;
use crate::diagnostics::{Diagnostic, codes};

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let platform = context.platform();
    let registered = context.input.registration.is_some_and(|entry| entry.customer_id.is_some());
    if !platform.has_registry() || registered {
        return;
    }
    let identity = &context.customer().identity;
    let claim = &identity.customer_id;
    // The claim may stand in a document that was left out.
    if context.input.poisoned.incomplete && claim.span == identity.place {
        return;
    }
    if platform.registry.of_customer(&claim.value).is_none() {
        return;
    }
    // Whose the id is, is not for this customer to see.
    let diagnostic = Diagnostic::new(
        &codes::CUSTOMER_ID_CONFLICT,
        format!("`{}` claims the customer_id `{}`, and is not registered for it", identity.repository, claim.value),
    )
    .at(claim.span, if claim.span == identity.place { "by its repository's name" } else { "claimed here" });
    context.report(diagnostic.help(format!(
        "write another `customer_id`; where the repository does belong to `{}`, the service provider registers it with that id",
        claim.value
    )));
}
