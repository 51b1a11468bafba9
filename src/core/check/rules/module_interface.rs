//! `module-interface`: an input that the provider's own shared module requires, and that nothing here gives.

use crate::check::architecture;
use crate::check::pass::Pass;
use crate::diagnostics::{Diagnostic, codes};

/// Inputs of customer-compute that a customer may leave out, with the keys that give them.
const OPTIONAL: [(&str, &str); 10] = [
    ("compute", "ami_id"),
    ("compute", "key_name"),
    ("compute", "user_data_script"),
    ("scaling", "cpu_threshold"),
    ("scaling", "memory_threshold"),
    ("scaling", "scale_up_cooldown"),
    ("scaling", "scale_down_cooldown"),
    ("security", "allowed_cidr_blocks"),
    ("security", "ssl_certificate_arn"),
    ("monitoring", "enable_cloudwatch"),
];

const MODULE: &str = "customer-compute";

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    let Some(interface) = pass.context.interfaces.modules.get(MODULE) else { return };
    let is_required = |(_, key): &(&str, &str)| interface.variables.get(*key).is_some_and(|variable| variable.required);
    let required: Vec<(&str, &str)> = OPTIONAL.into_iter().filter(is_required).collect();
    for site in pass.sites().iter() {
        let deployment = site.deployment;
        let Some(compute) = &deployment.compute else { continue };
        for (section, key) in required.iter().copied() {
            if deployment.settings.has(section, key) || deployment.unread.contains(&(section, key)) {
                continue;
            }
            let of_platform = key == "ami_id"
                && compute.instance_type.as_ref().is_some_and(|kind| {
                    let image = (deployment.region.value.clone(), architecture(&kind.value).as_str());
                    pass.platform().aws.default_ami.contains_key(&image)
                });
            if of_platform {
                continue;
            }
            let diagnostic = Diagnostic::new(
                &codes::MODULE_INTERFACE,
                format!("the shared module `{MODULE}` requires `{section}.{key}`, which is not set"),
            )
            .at(compute.key, "by these instances")
            .help(format!("write `{key}:` under `{section}:`"))
            .about(key);
            let diagnostic = pass.with_line(diagnostic, pass.platform().modules.span, "the platform's modules");
            pass.report(diagnostic);
        }
    }
}
