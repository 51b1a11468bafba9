//! `cloud-without-modules`: a cloud that the platform has no modules for.

use crate::check::pass::Pass;
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::Customer;

/// The one cloud that there are modules for.
const CLOUD: &str = "aws";

/// True when the customer's cloud has modules.
pub(in crate::check) fn has_modules(customer: &Customer) -> bool {
    customer.identity.cloud.value == CLOUD
}

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    let cloud = &pass.customer().identity.cloud;
    if has_modules(pass.customer()) || cloud.value.is_empty() {
        return;
    }
    pass.report(
        Diagnostic::new(&codes::CLOUD_WITHOUT_MODULES, format!("there are no shared modules for the cloud `{}`", cloud.value))
            .at(cloud.span, "nothing can be built there yet")
            .help(format!("write `cloud_provider: {CLOUD}`, or ask your service provider when `{}` will be there", cloud.value))
            .suggest(cloud.span, CLOUD),
    );
}
