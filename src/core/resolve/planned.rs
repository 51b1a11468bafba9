//! Deployments before their layers are merged: an environment in a region, perhaps with a service, and how much there is to merge.

use super::Role;
use super::deploy_to::DeployTo;
use super::layers::{Choice, Layer, layers};
use super::merge::DATABASES;
use super::overlays::{Overlays, RegionOverlay, entries_of};
use crate::source::{Span, Spanned};
use crate::syntax::Mapping;
use smol_str::SmolStr;
use std::collections::HashMap;

/// An environment in a region, before services.
pub(super) struct Placement<'o, 't> {
    pub(super) environment: Spanned<SmolStr>,
    pub(super) region: Spanned<SmolStr>,
    pub(super) region_known: bool,
    pub(super) overlay: Option<&'o RegionOverlay<'t>>,
    /// What to point at when it collides.
    pub(super) place: Span,
}

/// A deployment before its layers are merged.
pub(super) struct Planned<'s, 'o, 't> {
    pub(super) placement: &'s Placement<'o, 't>,
    pub(super) role: Role,
    pub(super) service: Option<Spanned<SmolStr>>,
    pub(super) layers: Vec<Layer<'t>>,
}

/// The deployments at each placement: one, or what is shared and one for each service.
pub(super) fn planned<'s, 'o, 't>(
    overlays: &Overlays<'t>,
    deploy_to: &[DeployTo<'_>],
    placements: &'s [Placement<'o, 't>],
) -> Vec<Planned<'s, 'o, 't>> {
    let mut planned = Vec::new();
    for placement in placements {
        let roles: Vec<(Role, Option<Spanned<SmolStr>>)> = if overlays.services.is_empty() {
            vec![(Role::Whole, None)]
        } else {
            let there = overlays.services.iter().zip(deploy_to).filter(|(_, deploy_to)| deploy_to.takes(placement));
            let own = there.map(|(service, _)| (Role::Service, Some(service.name.clone())));
            std::iter::once((Role::Shared, None)).chain(own).collect()
        };
        for (role, service) in roles {
            let choice = Choice {
                environment: &placement.environment.value,
                region: &placement.region.value,
                service: service.as_ref().map(|service| service.value.as_str()),
                role,
            };
            let layers = layers(overlays, placement.overlay, choice);
            planned.push(Planned { placement, role, service, layers });
        }
    }
    planned
}

/// What a named database counts for in addition to its own values: a deployment keeps a value for each key of the language for it.
pub(super) const NAMED_DATABASE: usize = 64;

/// How many values the layers of deployments have together.
pub(super) fn values(planned: &[Planned<'_, '_, '_>]) -> usize {
    // Many deployments share a layer.
    let mut counted: HashMap<*const Mapping, usize> = HashMap::new();
    let mut of_layer = |layer: &Layer<'_>| {
        let databases = || entries_of(layer.mapping, DATABASES).len() * NAMED_DATABASE;
        let own = || layer.mapping.entries.iter().filter(|entry| !is_apart(&entry.key.value)).map(|entry| entry.value.count());
        let count = || own().sum::<usize>() + databases();
        *counted.entry(std::ptr::from_ref(layer.mapping)).or_insert_with(count)
    };
    planned.iter().flat_map(|planned| &planned.layers).map(&mut of_layer).sum()
}

/// True for keys whose values are layers of their own.
fn is_apart(key: &str) -> bool {
    matches!(key, "environments" | "services" | "regions")
}
