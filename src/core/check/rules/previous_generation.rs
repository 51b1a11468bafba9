//! `previous-generation`: instance types and classes of databases that the cloud has replaced.

use super::{unknown_instance_class, unknown_instance_type};
use crate::check::context::{RuleContext, is_verbatim};
use crate::diagnostics::codes;
use crate::ir::{Deployment, Setting};
use smol_str::SmolStr;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let of_compute = deployment.compute.as_ref().and_then(|compute| context.valid(&compute.instance_type, "instance_type"));
        if let Some(setting) = of_compute
            && context.cloud().is_previous_generation(&setting.value)
            && unknown_instance_type::is_known(context, &setting.value)
        {
            let instead = context.cloud().current_equivalent(&setting.value);
            report(context, (deployment, "compute", "instance_type"), setting, instead);
        }
        let of_database = deployment.database.as_ref().and_then(|database| context.valid(&database.instance_class, "instance_class"));
        if let Some(setting) = of_database
            && context.cloud().is_previous_generation_class(&setting.value)
            && unknown_instance_class::is_known(context, &setting.value)
        {
            let instead = context.cloud().current_class_equivalent(&setting.value);
            report(context, (deployment, "database", "instance_class"), setting, instead);
        }
    }
}

fn report(
    context: &mut RuleContext<'_, '_>,
    subject: (&Deployment, &str, &'static str),
    setting: &Setting<SmolStr>,
    instead: Option<&'static str>,
) {
    let message = format!("`{}` is of a previous generation", setting.value);
    let label = "costs more for less than today's".to_owned();
    let diagnostic = context.of_value(&codes::PREVIOUS_GENERATION, message, subject, setting, label);
    context.report(match instead {
        Some(instead) => {
            let diagnostic = diagnostic.help(format!("write `{instead}`, today's type of this size"));
            if is_verbatim(setting) { diagnostic.suggest(setting.span, instead) } else { diagnostic }
        }
        None => diagnostic.help("take a type of a present generation; none of them has this size"),
    });
}
