//! `unknown-instance-type`: neither in the catalogue nor among the types that the platform knows next to it.

use crate::check::context::{DeploymentScope, RuleContext, is_verbatim};
use crate::check::zones::private_zones;
use crate::clouds::Offer;
use crate::diagnostics::{Guess, codes, guess, or_list};

/// How many candidates a help names.
const NAMED: usize = 3;

/// True for types of the catalogue and of the platform's patterns.
pub(super) fn is_known(context: &RuleContext<'_, '_>, name: &str) -> bool {
    context.cloud().instance_type(name).is_some() || context.cloud_policy().instance_types.iter().any(|pattern| pattern.matches(name))
}

/// True when a type shares its letters, its family or its size with what is written: any other is anybody's guess.
fn is_near(name: &str, near: &str) -> bool {
    let mut parts = near.split('.');
    guess(name, [near]).is_some()
        || parts.any(|part| part.len() > 1 && name.to_ascii_lowercase().split(['.', '-', '_', ' ']).any(|word| word == part))
}

/// True unless a type is known to be missing in a zone with a private subnet, as `too-few-zones` would say.
fn is_in_the_zones(context: &RuleContext<'_, '_>, scope: &DeploymentScope<'_>, name: &str) -> bool {
    let count = scope.network().and_then(|network| context.valid(&network.availability_zones, "availability_zones"));
    let offer = context.cloud().instance_type(name).map(|found| context.cloud().zones_offering(&found, &scope.deployment.region.value));
    match (offer, count) {
        (Some(Offer::Zones(offered)), Some(count)) if !scope.zones.given => {
            private_zones(&scope.zones, count.value).chars().all(|letter| offered.contains(letter))
        }
        _ => true,
    }
}

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let cloud = context.cloud();
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let Some(setting) = context.valid(&compute.instance_type, "instance_type") else { continue };
        let name = setting.value.as_str();
        if is_known(context, name) {
            continue;
        }
        let successors = cloud.successors_of_retired(name, &deployment.region.value);
        if let [first, ..] = successors.as_slice() {
            let message = format!("{} no longer offers `{name}`", cloud.facts().label);
            let label = format!("retired; `{first}` does its work today");
            let subject = (deployment, "compute", "instance_type");
            let diagnostic = context.of_value(&codes::UNKNOWN_INSTANCE_TYPE, message, subject, setting, label);
            let diagnostic = diagnostic.help(format!("write {}", or_list(successors.iter().copied())));
            let diagnostic = if is_verbatim(setting) { diagnostic.suggest(setting.span, *first) } else { diagnostic };
            context.report_and_poison(diagnostic, &[(setting.span, "instance_type")]);
            continue;
        }
        // Who asks for graphics processors is not helped by a machine that has none.
        let mut candidates = cloud.nearest_instance_types(name, Some(&deployment.region.value), NAMED);
        candidates.retain(|near| {
            let is_of_its_kind = !cloud.is_special(name) || cloud.is_special(near);
            // What is plainly meant is named wherever it is offered; `too-few-zones` says what to do then.
            is_of_its_kind && is_near(name, near) && (guess(name, [*near]).is_some() || is_in_the_zones(context, scope, near))
        });
        let certain = guess(name, cloud.instance_type_names()).filter(Guess::is_certain).map(|guess| guess.best());
        let best = certain.or(candidates.first().copied());
        let label = best.map_or_else(|| "not an instance type".to_owned(), |best| format!("did you mean `{best}`?"));
        let message = format!("unknown instance type `{name}`");
        let diagnostic = context.of_value(&codes::UNKNOWN_INSTANCE_TYPE, message, (deployment, "compute", "instance_type"), setting, label);
        let diagnostic = match (certain, best) {
            (Some(near), _) if is_verbatim(setting) => diagnostic.help(format!("write `{near}`")).fix(setting.span, near),
            (_, Some(best)) => {
                let names = std::iter::once(best).chain(candidates.iter().copied().filter(|name| *name != best)).take(NAMED);
                let diagnostic = diagnostic.help(format!("write {}", or_list(names)));
                if is_verbatim(setting) { diagnostic.suggest(setting.span, best) } else { diagnostic }
            }
            _ => diagnostic.help("an instance type is a family and a size, such as `t3.small` or `m7g.large`"),
        };
        context.report_and_poison(diagnostic, &[(setting.span, "instance_type")]);
    }
}
