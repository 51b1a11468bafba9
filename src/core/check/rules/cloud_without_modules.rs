//! `cloud-without-modules`: a cloud that the platform has no modules for.

use crate::check::context::RuleContext;
use crate::clouds;
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::Customer;

/// True when the customer's cloud has modules.
pub(in crate::check) fn has_modules(customer: &Customer) -> bool {
    clouds::find(&customer.identity.cloud.value).is_some()
}

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let cloud = &context.customer().identity.cloud;
    if has_modules(context.customer()) || cloud.value.is_empty() {
        return;
    }
    let with_modules = clouds::default_cloud().facts().name;
    context.report(
        Diagnostic::new(&codes::CLOUD_WITHOUT_MODULES, format!("there are no shared modules for the cloud `{}`", cloud.value))
            .at(cloud.span, "nothing can be built there yet")
            .help(format!("write `cloud_provider: {with_modules}`, or ask your service provider when `{}` will be there", cloud.value))
            .suggest(cloud.span, with_modules),
    );
}
