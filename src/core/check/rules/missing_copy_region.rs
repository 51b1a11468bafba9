//! `missing-copy-region`: copies of backups are asked for, and the platform does not say where they go.

use crate::check::acting::COPY;
use crate::check::context::RuleContext;
use crate::diagnostics::codes;
use crate::platform::{COPY_REGION, Origin};

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    // Without a platform file nobody knows: that no copies are made is `section-without-module`.
    if context.platform().origin == Origin::BuiltIn {
        return;
    }
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(setting) = context.input.asks_for_copies(deployment).filter(|_| context.has_valid_region(deployment)) else { continue };
        if context.input.copy_region(deployment).is_some() {
            continue;
        }
        let region = &deployment.region.value;
        let message = format!("the platform does not say where backups in `{region}` are copied to");
        let label = "there is no place for copies".to_owned();
        let diagnostic = context.of_value(&codes::MISSING_COPY_REGION, message, (deployment, COPY.0, COPY.1), setting, label);
        let cloud = context.cloud().facts().name;
        context.report(diagnostic.help(format!(
            "write `{}: false`, or ask your service provider to name a region: `clouds: {{{cloud}: {{{COPY_REGION}: {{{region}: ...}}}}}}` in the platform file",
            COPY.1
        )));
    }
}
