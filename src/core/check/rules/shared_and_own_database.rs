//! `shared-and-own-database`: a service whose own database stands next to the shared one, which it does not use.

use crate::check::context::RuleContext;
use crate::diagnostics::{Diagnostic, codes};
use crate::resolve::Role;
use crate::source::SourceMap;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter().filter(|scope| scope.deployment.role == Role::Service) {
        // A named one stands next to the shared one of its name.
        let shared = match &scope.deployment.entry {
            Some(entry) => scope.home.databases.iter().find(|other| other.entry.as_ref().is_some_and(|it| it.value == entry.value)),
            None => Some(scope.home),
        };
        let (Some(own), Some(shared)) = (&scope.deployment.database, shared.and_then(|shared| shared.database.as_ref())) else { continue };
        let Some(service) = &scope.deployment.service else { continue };
        if own.key.file == SourceMap::PLATFORM || scope.home.role == Role::Service {
            continue;
        }
        let message = format!("the service `{}` has a database of its own next to the shared one", service.value);
        context.report(
            Diagnostic::new(&codes::SHARED_AND_OWN_DATABASE, message)
                .at(own.key, "takes nothing from the shared one")
                .at(shared.key, "the shared one")
                .help(format!("this is fine where it is meant; to use the shared database, remove `{}` from the service, and set the shared one's values in the base", scope.deployment.path("database"))),
        );
    }
}
