//! In which deployments a service is: `deploy_to` of its overlay.

use super::MergedDeployment;
use super::Role;
use super::effects::{Effects, Override};
use super::overlays::{Overlays, ServiceOverlay, entries_of};
use super::planned::Placement;
use super::unknown_environment::unknown_environment;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::schema::{IdentifierKind, Poisoned, identifier};
use crate::source::Span;
use crate::syntax::{Node, Value};
use smol_str::SmolStr;
use std::collections::{BTreeMap, HashSet};

/// How many services a message shows.
const SHOWN: usize = 3;

/// The environments and the regions that a service is in.
#[derive(Debug, Default)]
pub(super) struct DeployTo<'t> {
    /// Names of environments; nothing where it is in all of them, and where one of them is wrong.
    environments: Option<HashSet<&'t str>>,
    /// Regions at the places that name them, likewise.
    regions: Option<BTreeMap<&'t str, Span>>,
    /// Its key.
    key: Option<Span>,
}

impl<'t> DeployTo<'t> {
    /// Reads where a service is, and reports environments that do not exist.
    fn read(
        overlay: &ServiceOverlay<'t>,
        environments: &BTreeMap<SmolStr, Span>,
        poisoned: &Poisoned,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let Some(entry) = overlay.mapping.get("deploy_to") else { return DeployTo::default() };
        let list = |key: &str| {
            let value = entry.value.as_mapping()?.get(key)?;
            let Value::Sequence(items) = &value.value.value else { return None };
            items.iter().all(|item| !poisoned.wrong.contains(&item.span)).then_some(items.as_slice())
        };
        let is_unknown = |item: &&Node| {
            let name = item.as_scalar().map(|scalar| scalar.text.as_str());
            name.is_some_and(|name| !environments.contains_key(name) && identifier(IdentifierKind::Environment, name).is_ok())
        };
        let written = list("environments");
        let unknown: Vec<&Node> = written.unwrap_or_default().iter().filter(is_unknown).collect();
        for scalar in unknown.iter().filter_map(|item| Some((item.as_scalar()?, item.span))) {
            let (known, whose) = (environments.keys().map(SmolStr::as_str), "the customer's environments are");
            diagnostics.push(unknown_environment(&scalar.0.text, scalar.1, known.clone(), whose, known));
        }
        let names = |items: &'t [Node]| items.iter().filter_map(|item| Some((item.as_scalar()?.text.as_str(), item.span)));
        DeployTo {
            environments: written.filter(|_| unknown.is_empty()).map(|items| names(items).map(|(name, _)| name).collect()),
            regions: list("regions").map(|items| names(items).collect()),
            key: Some(entry.key.span),
        }
    }

    /// True where the service is.
    pub(super) fn takes(&self, placement: &Placement<'_, '_>) -> bool {
        let (environment, region) = (placement.environment.value.as_str(), placement.region.value.as_str());
        self.environments.as_ref().is_none_or(|names| names.contains(environment))
            && (!placement.region_known || self.regions.as_ref().is_none_or(|names| names.contains_key(region)))
    }
}

/// Where each service is, in the order of the services. Without any environment nothing is known, and nothing is left out.
pub(super) fn read<'t>(
    overlays: &Overlays<'t>,
    environments: &BTreeMap<SmolStr, Span>,
    is_complete: bool,
    poisoned: &Poisoned,
    diagnostics: &mut Diagnostics,
) -> Vec<DeployTo<'t>> {
    let of = |overlay| match is_complete && !environments.is_empty() {
        true => DeployTo::read(overlay, environments, poisoned, diagnostics),
        false => DeployTo::default(),
    };
    overlays.services.iter().map(of).collect()
}

/// Notes what is said of a service where it is not, and of regions in which nothing is deployed.
pub(super) fn note<'t>(overlays: &Overlays<'t>, all: &[DeployTo<'t>], placements: &[Placement<'_, '_>], effects: &mut Effects<'t>) {
    for (service, deploy_to) in overlays.services.iter().zip(all) {
        let name = &service.name.value;
        let mut is_in = |span: Span, place: &SmolStr, is_there: &dyn Fn(&Placement<'_, '_>) -> bool| {
            let mut there = placements.iter().filter(|placement| is_there(placement)).peekable();
            // What is nowhere at all is said elsewhere.
            if there.peek().is_some() {
                effects.note(
                    span,
                    there.any(|placement| deploy_to.takes(placement)),
                    Override::LeftOut { service: name.clone(), place: place.clone() },
                );
            }
        };
        for entry in entries_of(service.mapping, "environments") {
            is_in(entry.key.span, &entry.key.value, &|placement| placement.environment.value == entry.key.value);
        }
        for entry in entries_of(service.mapping, "regions") {
            is_in(entry.key.span, &entry.key.value, &|placement| placement.region.value == entry.key.value);
        }
        for overlay in &overlays.regions {
            for entry in entries_of(overlay.mapping, "services").iter().filter(|entry| entry.key.value == *name) {
                let is_there =
                    |placement: &Placement<'_, '_>| placement.overlay.is_some_and(|other| std::ptr::eq(other.mapping, overlay.mapping));
                is_in(entry.key.span, &overlay.name.value, &is_there);
            }
        }
        for (region, span) in deploy_to.regions.iter().flatten() {
            let is_deployed = placements.iter().any(|placement| placement.region.value == *region || !placement.region_known);
            effects.note(*span, is_deployed, Override::Region(region));
        }
    }
}

/// `service-not-deployed` for services that are nowhere, and `deployment-without-service` where instances are asked for and no service is left
/// to have them.
pub(super) fn report(
    overlays: &Overlays<'_>,
    all: &[DeployTo<'_>],
    placements: &[Placement<'_, '_>],
    deployments: &[MergedDeployment<'_>],
    diagnostics: &mut Diagnostics,
) {
    for (service, deploy_to) in overlays.services.iter().zip(all) {
        let Some(key) = deploy_to.key.filter(|_| !placements.is_empty() && !placements.iter().any(|placement| deploy_to.takes(placement)))
        else {
            continue;
        };
        let mut places: Vec<String> =
            placements.iter().map(|placement| format!("{} in {}", placement.environment.value, placement.region.value)).collect();
        places.truncate(SHOWN);
        diagnostics.push(
            Diagnostic::new(&codes::SERVICE_NOT_DEPLOYED, format!("the service `{}` is deployed nowhere", service.name.value))
                .at(key, "leaves out every deployment")
                .help(format!(
                    "name environments and regions that are deployed, such as {}; or remove the service's overlay",
                    places.join(" or ")
                )),
        );
    }
    let shared = deployments.iter().filter(|deployment| deployment.role == Role::Shared);
    for (shared, placement) in shared.zip(placements) {
        if overlays.services.is_empty() || all.iter().any(|deploy_to| deploy_to.takes(placement)) {
            continue;
        }
        let Some((_, compute)) = shared.values.section("compute") else { continue };
        let place = format!("`{}` in `{}`", placement.environment.value, placement.region.value);
        let diagnostic = Diagnostic::new(&codes::DEPLOYMENT_WITHOUT_SERVICE, format!("{place} has `compute`, and no service to run it"))
            .at(compute.origin.key, format!("no service is in {place}"))
            .about(format!("{}/{}", placement.environment.value, placement.region.value));
        let left_out = all.iter().filter_map(|deploy_to| deploy_to.key).take(SHOWN);
        diagnostics.push(left_out.fold(diagnostic, |diagnostic, key| diagnostic.at(key, "leaves it out")).help(format!(
            "let a service be there, with `{}` among the `environments` and `{}` among the `regions` of its `deploy_to`; or write `compute: null` in the environment",
            placement.environment.value, placement.region.value
        )));
    }
}
