//! `unknown-instance-type`: neither in the catalogue nor among the types that the platform knows beside it.

use crate::catalog;
use crate::check::pass::{Pass, is_verbatim};
use crate::diagnostics::{Guess, codes, guess, or_list};
use crate::platform::Platform;

/// How many candidates a help names.
const NAMED: usize = 3;

/// True for types of the catalogue and of the platform's patterns.
pub(super) fn is_known(platform: &Platform, name: &str) -> bool {
    catalog::instance_type(name).is_some() || platform.aws.instance_types.iter().any(|pattern| pattern.matches(name))
}

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter() {
        let deployment = site.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let Some(setting) = pass.sound(&compute.instance_type, "instance_type") else { continue };
        let name = setting.value.as_str();
        if is_known(pass.platform(), name) {
            continue;
        }
        let candidates = catalog::nearest_instance_types(name, Some(&deployment.region.value), NAMED);
        let certain = guess(name, catalog::instance_type_names()).filter(Guess::is_certain).map(|guess| guess.best());
        let best = certain.or(candidates.first().copied());
        let label = best.map_or_else(|| "not an instance type".to_owned(), |best| format!("did you mean `{best}`?"));
        let message = format!("there is no instance type `{name}`");
        let diagnostic = pass.of_value(&codes::UNKNOWN_INSTANCE_TYPE, message, (deployment, "compute", "instance_type"), setting, label);
        let diagnostic = match (certain, best) {
            (Some(near), _) if is_verbatim(setting) => diagnostic.help(format!("write `{near}`")).fix(setting.span, near),
            (_, Some(best)) => {
                let names = std::iter::once(best).chain(candidates.iter().copied().filter(|name| *name != best)).take(NAMED);
                let diagnostic = diagnostic.help(format!("write {}", or_list(names)));
                if is_verbatim(setting) { diagnostic.suggest(setting.span, best) } else { diagnostic }
            }
            _ => diagnostic.help("an instance type is a family and a size, such as `t3.small` or `m7g.large`"),
        };
        pass.blame(diagnostic, &[(setting.span, "instance_type")]);
    }
}
