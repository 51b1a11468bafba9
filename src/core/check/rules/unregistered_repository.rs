//! `unregistered-repository`: the platform takes registered repositories only.

use crate::check::pass::Pass;
use crate::diagnostics::{Diagnostic, codes};

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    let platform = pass.platform();
    if !platform.has_registry() || !platform.registry.registered_only || pass.context.registration.is_some() {
        return;
    }
    let identity = &pass.customer().identity;
    // A claim to a registered id says more, and has been reported.
    if pass.was_told(&codes::CUSTOMER_ID_CONFLICT, identity.customer_id.span) {
        return;
    }
    pass.report(
        Diagnostic::new(&codes::UNREGISTERED_REPOSITORY, format!("the repository `{}` is not registered", identity.repository))
            .at(identity.place, "no entry of the registry has this repository")
            .help(format!("the service provider adds `{}:` to `registry` in the platform file", identity.repository)),
    );
}
