//! `invalid-identifier` for a database's name that its engine keeps for itself.

use crate::check::context::RuleContext;
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let name = context.valid(&database.name, "name");
        let engine = context.valid(&database.engine, "engine");
        let (Some(name), Some(engine)) = (name, engine) else { continue };
        if !context.cloud().is_reserved_database(engine.value, &name.value) {
            continue;
        }
        let message = format!("`{}` cannot be the name of a database of `{}`", name.value, engine.value);
        let label = "the engine keeps this name for itself".to_owned();
        let diagnostic = context.of_value(&codes::INVALID_IDENTIFIER, message, (deployment, "database", "name"), name, label);
        let help = format!("write another name, such as `{}_data`", name.value);
        context.report_and_poison(diagnostic.help(help), &[(name.span, "name")]);
    }
}
