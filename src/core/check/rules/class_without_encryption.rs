//! `class-without-encryption`: the shared module always encrypts, and some classes of databases cannot.

use crate::check::pass::{Pass, is_verbatim};
use crate::diagnostics::codes;

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter() {
        let deployment = site.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(setting) = pass.sound(&database.instance_class, "instance_class") else { continue };
        if pass.cloud().class_supports_encryption(&setting.value) {
            continue;
        }
        let message = format!("a database of the class `{}` cannot be encrypted", setting.value);
        let subject = (deployment, "database", "instance_class");
        let label = "every database is encrypted".to_owned();
        let diagnostic = pass.of_value(&codes::CLASS_WITHOUT_ENCRYPTION, message, subject, setting, label);
        let diagnostic = match pass.cloud().current_class_equivalent(&setting.value) {
            Some(class) => {
                let diagnostic = diagnostic.help(format!("write `{class}`, the same size of today's classes"));
                if is_verbatim(setting) { diagnostic.suggest(setting.span, class) } else { diagnostic }
            }
            None => diagnostic.help("write a class of today's, such as `db.t4g.micro` or `db.t4g.medium`"),
        };
        pass.blame(diagnostic, &[(setting.span, "instance_class")]);
    }
}
