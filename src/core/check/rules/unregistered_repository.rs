//! `unregistered-repository`: the platform takes registered repositories only.

use crate::check::context::RuleContext;
use crate::diagnostics::{Diagnostic, codes};

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let platform = context.platform();
    if !platform.has_registry() || !platform.registry.registered_only || context.input.registration.is_some() {
        return;
    }
    let identity = &context.customer().identity;
    // A claim to a registered id says more, and has been reported.
    if context.was_reported(&codes::CUSTOMER_ID_CONFLICT, identity.customer_id.span) {
        return;
    }
    context.report(
        Diagnostic::new(&codes::UNREGISTERED_REPOSITORY, format!("the repository `{}` is not registered", identity.repository))
            .at(identity.place, "no entry of the registry has this repository")
            .help(format!("the service provider adds `{}:` to `registry` in the platform file", identity.repository)),
    );
}
