//! `single-zone`: a protected environment that one zone's failure takes down.

use crate::check::pass::Pass;
use crate::diagnostics::codes;

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter().filter(|site| site.deployment.protected) {
        let deployment = site.deployment;
        let Some(network) = &deployment.network else { continue };
        let Some(count) = pass.sound(&network.availability_zones, "availability_zones") else { continue };
        if count.value != 1 {
            continue;
        }
        let message = format!("`availability_zones` is `1` in {}", deployment.name());
        let label = "all instances in one zone".to_owned();
        let diagnostic = pass.of_value(&codes::SINGLE_ZONE, message, (deployment, "networking", "availability_zones"), count, label);
        let environment = &deployment.environment.value;
        pass.report(diagnostic.help(format!("write `availability_zones: 2` or more under `networking:` for `{environment}`")));
    }
}
