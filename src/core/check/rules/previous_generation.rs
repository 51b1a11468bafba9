//! `previous-generation`: instance types and classes of databases that the cloud has replaced.

use super::{unknown_instance_class, unknown_instance_type};
use crate::check::pass::{Pass, is_verbatim};
use crate::diagnostics::codes;
use crate::ir::{Deployment, Setting};
use smol_str::SmolStr;

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter() {
        let deployment = site.deployment;
        let of_compute = deployment.compute.as_ref().and_then(|compute| pass.sound(&compute.instance_type, "instance_type"));
        if let Some(setting) = of_compute
            && pass.cloud().is_previous_generation(&setting.value)
            && unknown_instance_type::is_known(pass, &setting.value)
        {
            let instead = pass.cloud().current_equivalent(&setting.value);
            report(pass, (deployment, "compute", "instance_type"), setting, instead);
        }
        let of_database = deployment.database.as_ref().and_then(|database| pass.sound(&database.instance_class, "instance_class"));
        if let Some(setting) = of_database
            && pass.cloud().is_previous_generation_class(&setting.value)
            && unknown_instance_class::is_known(pass, &setting.value)
        {
            let instead = pass.cloud().current_class_equivalent(&setting.value);
            report(pass, (deployment, "database", "instance_class"), setting, instead);
        }
    }
}

fn report(pass: &mut Pass<'_, '_>, subject: (&Deployment, &str, &'static str), setting: &Setting<SmolStr>, instead: Option<&'static str>) {
    let message = format!("`{}` is of a previous generation", setting.value);
    let label = "costs more for less than today's".to_owned();
    let diagnostic = pass.of_value(&codes::PREVIOUS_GENERATION, message, subject, setting, label);
    pass.report(match instead {
        Some(instead) => {
            let diagnostic = diagnostic.help(format!("write `{instead}`, today's type of this size"));
            if is_verbatim(setting) { diagnostic.suggest(setting.span, instead) } else { diagnostic }
        }
        None => diagnostic.help("take a type of a present generation; none of them has this size"),
    });
}
