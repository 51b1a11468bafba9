//! `shared-and-own-database`: a service whose own database stands next to the shared one, which it does not use.

use crate::check::pass::Pass;
use crate::diagnostics::{Diagnostic, codes};
use crate::resolve::Role;
use crate::source::SourceMap;

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter().filter(|site| site.deployment.role == Role::Service) {
        let (Some(own), Some(shared)) = (&site.deployment.database, &site.home.database) else { continue };
        let Some(service) = &site.deployment.service else { continue };
        if own.key.file == SourceMap::PLATFORM || std::ptr::eq(site.deployment, site.home) {
            continue;
        }
        let message = format!("the service `{}` has a database of its own next to the shared one", service.value);
        pass.report(
            Diagnostic::new(&codes::SHARED_AND_OWN_DATABASE, message)
                .at(own.key, "takes nothing from the shared one")
                .at(shared.key, "the shared one")
                .help("this is fine where it is meant; to use the shared database, remove `database` from the service, and set the shared one's values in the base"),
        );
    }
}
