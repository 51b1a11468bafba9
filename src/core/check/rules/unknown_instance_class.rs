//! `unknown-instance-class`: the dated table of classes does not have it. A warning, since clouds add classes.

use crate::check::context::{RuleContext, is_verbatim};
use crate::diagnostics::{codes, or_list};

/// How many candidates a help names.
const NAMED: usize = 3;

/// True for classes of the catalogue and of the platform's patterns.
pub(super) fn is_known(context: &RuleContext<'_, '_>, name: &str) -> bool {
    context.cloud().is_known_class(name) || context.cloud_policy().instance_types.iter().any(|pattern| pattern.matches(name))
}

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let cloud = context.cloud();
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(setting) = context.valid(&database.instance_class, "instance_class") else { continue };
        if is_known(context, &setting.value) {
            continue;
        }
        let candidates = cloud.nearest_classes(&setting.value, NAMED);
        let label = candidates.first().map_or_else(|| "not in the table".to_owned(), |near| format!("did you mean `{near}`?"));
        let message = format!("the table of {} has no {} class `{}`", cloud.facts().as_of, cloud.facts().databases, setting.value);
        let subject = (deployment, "database", "instance_class");
        let diagnostic = context.of_value(&codes::UNKNOWN_INSTANCE_CLASS, message, subject, setting, label);
        let diagnostic = match candidates.first() {
            Some(near) => {
                let help =
                    format!("write {}, or leave it where {} has it by now", or_list(candidates.iter().copied()), cloud.facts().label);
                let diagnostic = diagnostic.help(help);
                if is_verbatim(setting) { diagnostic.suggest(setting.span, *near) } else { diagnostic }
            }
            None => diagnostic.help("a class is `db.`, a family and a size, such as `db.t4g.medium`"),
        };
        context.report_and_poison(diagnostic, &[(setting.span, "instance_class")]);
    }
}
