//! `empty-service`: a service with neither instances nor a database anywhere.

use crate::check::pass::Pass;
use crate::diagnostics::{Diagnostic, codes};

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    // What a service lacks may be lost to an error.
    if pass.after_errors {
        return;
    }
    let sites = pass.sites();
    for name in &pass.customer().services {
        let roots = || {
            let of_service = |service: &&crate::source::Spanned<smol_str::SmolStr>| service.value == *name;
            sites
                .iter()
                .filter_map(move |site| site.deployment.service.as_ref().filter(of_service).map(|service| (site.deployment, service)))
        };
        let Some((_, service)) = roots().next() else { continue };
        let has_something = roots().any(|(deployment, _)| deployment.compute.is_some() || deployment.database.is_some());
        if has_something || pass.was_told(&codes::EMPTY_DOCUMENT, service.span) {
            continue;
        }
        pass.report(
            Diagnostic::new(&codes::EMPTY_SERVICE, format!("the service `{name}` has neither `compute` nor `database`"))
                .at(service.span, "this service")
                .help("write `compute:` with an `instance_type:` for it, or in the base for all services; or remove the service"),
        );
    }
}
