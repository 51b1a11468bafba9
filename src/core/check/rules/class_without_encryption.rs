//! `class-without-encryption`: the shared module always encrypts, and some classes of databases cannot.

use crate::check::context::{RuleContext, is_verbatim};
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(setting) = context.valid(&database.instance_class, "instance_class") else { continue };
        if context.cloud().class_supports_encryption(&setting.value) {
            continue;
        }
        let message = format!("a database of the class `{}` cannot be encrypted", setting.value);
        let subject = (deployment, "database", "instance_class");
        let label = "every database is encrypted".to_owned();
        let diagnostic = context.of_value(&codes::CLASS_WITHOUT_ENCRYPTION, message, subject, setting, label);
        let diagnostic = match context.cloud().current_class_equivalent(&setting.value) {
            Some(class) => {
                let diagnostic = diagnostic.help(format!("write `{class}`, the same size of today's classes"));
                if is_verbatim(setting) { diagnostic.suggest(setting.span, class) } else { diagnostic }
            }
            None => diagnostic.help("write a class of today's, such as `db.t4g.micro` or `db.t4g.medium`"),
        };
        context.report_and_poison(diagnostic, &[(setting.span, "instance_class")]);
    }
}
