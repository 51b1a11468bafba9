//! The layers of a deployment: language.md section 2.

use super::Role;
use super::overlays::{EMPTY, Overlays, RegionOverlay, entries_of, mapping_of};
use crate::schema::{SHORTHANDS, Shorthand};
use crate::syntax::{Entry, Mapping, Node};
use smol_str::SmolStr;

/// Which layer a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayerName {
    /// The tier's defaults in the platform file.
    TierDefaults(SmolStr),
    /// The base's top level.
    Base,
    /// The base's `environments.E`.
    BaseEnvironment(SmolStr),
    /// A region overlay's top level.
    RegionOverlay(SmolStr),
    /// A region overlay's `environments.E`.
    RegionEnvironment(SmolStr, SmolStr),
    /// A service overlay's top level.
    ServiceOverlay(SmolStr),
    /// A service overlay's `environments.E`.
    ServiceEnvironment(SmolStr, SmolStr),
    /// A service overlay's `regions.R`.
    ServiceRegion(SmolStr, SmolStr),
    /// A region overlay's `services.S`.
    RegionService(SmolStr, SmolStr),
}

impl std::fmt::Display for LayerName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LayerName::TierDefaults(tier) => write!(out, "defaults of tier {tier}"),
            LayerName::Base => write!(out, "base"),
            LayerName::BaseEnvironment(environment) => write!(out, "base, environment {environment}"),
            LayerName::RegionOverlay(region) => write!(out, "region overlay {region}"),
            LayerName::RegionEnvironment(region, environment) => write!(out, "region overlay {region}, environment {environment}"),
            LayerName::ServiceOverlay(service) => write!(out, "service overlay {service}"),
            LayerName::ServiceEnvironment(service, environment) => write!(out, "service overlay {service}, environment {environment}"),
            LayerName::ServiceRegion(service, region) => write!(out, "service overlay {service}, region {region}"),
            LayerName::RegionService(region, service) => write!(out, "region overlay {region}, service {service}"),
        }
    }
}

/// One layer: a part of a document.
#[derive(Clone, Debug)]
pub struct Layer<'t> {
    /// Its name.
    pub name: LayerName,
    /// Its keys; those that are not sections (and no shorthands) are not its business.
    pub mapping: &'t Mapping,
    /// True when shorthands are keys here.
    pub environment: bool,
    /// True when it is below the layers of a service: what [stands alone](crate::schema::stands_alone) is not taken from it.
    pub below_service: bool,
    /// The shorthands that it has, in the order of the language's table.
    pub(super) shorthands: Vec<(&'static Shorthand, &'t Entry)>,
}

impl<'t> Layer<'t> {
    fn new(name: LayerName, mapping: &'t Mapping, environment: bool, below_service: bool) -> Layer<'t> {
        let written = |shorthand: &'static Shorthand| Some((shorthand, mapping.get(shorthand.name)?));
        let shorthands = if environment { SHORTHANDS.iter().filter_map(written).collect() } else { Vec::new() };
        Layer { name, mapping, environment, below_service, shorthands }
    }
}

/// What the layers of a deployment are chosen by.
#[derive(Clone, Copy)]
pub(super) struct Choice<'c> {
    pub(super) environment: &'c str,
    pub(super) region: &'c str,
    pub(super) service: Option<&'c str>,
    pub(super) role: Role,
}

/// The layers of a deployment, lowest first; the platform's defaults are filled in behind them.
pub(super) fn layers<'t>(overlays: &Overlays<'t>, overlay: Option<&RegionOverlay<'t>>, choice: Choice<'_>) -> Vec<Layer<'t>> {
    let Choice { environment, region, service, role } = choice;
    let mut layers = Vec::with_capacity(8);
    let below_service = role == Role::Service;
    let environment_name = || SmolStr::new(environment);
    let part = |mapping: &'t Mapping, key: &str, name: &str| named(entries_of(mapping, key), name);
    if let Some(base) = &overlays.base {
        layers.push(Layer::new(LayerName::Base, base.mapping, false, below_service));
        if let Some(node) = part(base.mapping, "environments", environment) {
            let name = LayerName::BaseEnvironment(environment_name());
            layers.push(Layer::new(name, mapping_of(node), true, below_service));
        }
    }
    if let Some(overlay) = overlay {
        let name = LayerName::RegionOverlay(overlay.name.value.clone());
        layers.push(Layer::new(name, overlay.mapping, false, below_service));
        if let Some(node) = part(overlay.mapping, "environments", environment) {
            let name = LayerName::RegionEnvironment(overlay.name.value.clone(), environment_name());
            layers.push(Layer::new(name, mapping_of(node), true, below_service));
        }
    }
    let Some(service) = service else { return layers };
    let own = overlays.services.iter().find(|overlay| overlay.name.value == service);
    let own_mapping = own.map_or(&EMPTY, |own| own.mapping);
    let service_name = || SmolStr::new(service);
    let mut push = |name: LayerName, mapping: &'t Mapping, environment: bool| layers.push(Layer::new(name, mapping, environment, false));
    push(LayerName::ServiceOverlay(service_name()), own_mapping, false);
    if let Some(node) = part(own_mapping, "environments", environment) {
        push(LayerName::ServiceEnvironment(service_name(), environment_name()), mapping_of(node), true);
    }
    if let Some(node) = part(own_mapping, "regions", region) {
        push(LayerName::ServiceRegion(service_name(), SmolStr::new(region)), mapping_of(node), false);
    }
    if let Some(overlay) = overlay
        && let Some(node) = part(overlay.mapping, "services", service)
    {
        push(LayerName::RegionService(overlay.name.value.clone(), service_name()), mapping_of(node), false);
    }
    layers
}

/// The value of a name among entries.
pub(super) fn named<'t>(entries: &'t [Entry], name: &str) -> Option<&'t Node> {
    entries.iter().find(|entry| entry.key.value == name).map(|entry| &entry.value)
}
