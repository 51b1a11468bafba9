//! `empty-service`: a service with neither instances nor anything of its own anywhere.

use crate::check::context::RuleContext;
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::Deployment;
use crate::schema::{SECTIONS, stands_alone};

/// Whom alarms notify, which makes nothing that could raise one.
const NOTIFICATIONS: &str = "notifications";

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    // What a service lacks may be lost to an error.
    if context.after_errors {
        return;
    }
    let scopes = context.scopes();
    for name in &context.customer().services {
        let roots = || {
            let of_service = |service: &&crate::source::Spanned<smol_str::SmolStr>| service.value == *name;
            scopes
                .iter()
                .filter_map(move |scope| scope.deployment.service.as_ref().filter(of_service).map(|service| (scope.deployment, service)))
        };
        let Some((_, service)) = roots().next() else { continue };
        let makes_something = |deployment: &Deployment| deployment.compute.is_some() || has_own(deployment);
        let has_something = roots().any(|(deployment, _)| makes_something(deployment));
        if has_something || context.was_reported(&codes::EMPTY_DOCUMENT, service.span) {
            continue;
        }
        context.report(
            Diagnostic::new(
                &codes::EMPTY_SERVICE,
                format!("the service `{name}` has neither `compute` nor a database, bucket, queue or cache of its own"),
            )
            .at(service.span, "this service")
            .help("write `compute:` with an `instance_type:` for it, or in the base for all services; or remove the service"),
        );
    }
}

/// True for a root with a section that is the service's own.
fn has_own(deployment: &Deployment) -> bool {
    let own = SECTIONS.iter().filter(|section| stands_alone(section.name) && section.name != NOTIFICATIONS);
    own.map(|section| section.name).any(|section| deployment.settings.section(section).is_some())
}
