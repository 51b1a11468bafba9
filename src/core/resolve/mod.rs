//! Documents to deployments: which there are, and for each the layers merged into one tree that knows where every value came from.
//!
//! Knows which keys make documents, environments, services and regions; what the values of sections mean is for `lower`.

mod databases;
mod deploy_to;
mod deployments;
mod documents;
mod effects;
mod emptied;
mod fill;
mod identity;
mod layers;
mod lists;
mod merge;
mod merged;
mod naming;
mod overlay_regions;
mod overlays;
mod planned;
mod switches;
mod unknown_environment;
mod unread;

pub use databases::NamedDatabase;
pub use documents::{
    Content, DocumentFile, Documents, MAX_DOCUMENTS, MAX_REPOSITORY_BYTES, RepositoryFiles, is_document, is_yaml, read_documents,
};
pub use identity::{Identity, UNNAMED};
pub use layers::{Layer, LayerName};
pub use lists::{ListItem, MergedList};
pub use merged::{LayerOrigin, Merged, MergedMap, MergedValue, Overridden};
pub use overlays::{Base, RegionOverlay, ServiceOverlay};
pub use unread::Unread;

use crate::clouds::Cloud;
use crate::diagnostics::Diagnostics;
use crate::platform::Platform;
use crate::schema::Poisoned;
use crate::source::{Span, Spanned};
use smol_str::SmolStr;

/// The most services of a repository (language.md section 5).
pub const MAX_SERVICES: usize = 100;
/// The most deployments of a repository (language.md section 5).
pub const MAX_DEPLOYMENTS: usize = 1000;

/// What a root module holds of its deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything: the customer has no services.
    Whole,
    /// What services share: everything that the base declares apart from compute.
    Shared,
    /// One service's compute and database.
    Service,
}

impl Role {
    /// True for sections that a root of this role holds.
    pub fn holds(self, section: &str) -> bool {
        match self {
            Role::Whole => true,
            Role::Shared => !matches!(section, "compute" | "scaling"),
            Role::Service => section != "networking",
        }
    }
}

/// One deployment: an environment in a region, and perhaps one service of it.
#[derive(Debug)]
pub struct MergedDeployment<'t> {
    /// The environment, at the key that makes it.
    pub environment: Spanned<SmolStr>,
    /// The region, at the place that says it.
    pub region: Spanned<SmolStr>,
    /// The service, at the place that makes it exist.
    pub service: Option<Spanned<SmolStr>>,
    /// False when the region is missing or wrong, which has been reported: rules that ask where it is keep quiet.
    pub region_known: bool,
    /// What its root holds.
    pub role: Role,
    /// True when a region overlay made it, so that its state key has the region in it.
    pub regional: bool,
    /// The `environments` of the region overlay that made it, where that one has its own list: what is not on it is gone from the region.
    pub selected_by: Option<Span>,
    /// What to point at for the deployment as a whole.
    pub place: Span,
    /// True when a layer of its environment stands under a wrong name: what is absent may be written there.
    pub lacks_layers: bool,
    /// The layers, lowest first.
    pub layers: Vec<Layer<'t>>,
    /// The sections, merged.
    pub values: MergedMap<'t>,
    /// What layers say of named databases, by name.
    pub databases: Vec<NamedDatabase<'t>>,
}

/// A repository, resolved.
#[derive(Debug)]
pub struct Resolved<'t> {
    /// The cloud.
    pub cloud: &'static dyn Cloud,
    /// Who the customer is.
    pub identity: Identity,
    /// The deployments: base ones first, then by region overlay, each shared root before its services.
    pub deployments: Vec<MergedDeployment<'t>>,
    /// The names of all services.
    pub services: Vec<SmolStr>,
    /// Services that say where they are, each at the key that says it.
    pub placed_services: Vec<(SmolStr, Span)>,
}

/// Resolves a repository's documents.
pub fn resolve<'t>(
    documents: &'t Documents,
    platform: &'t Platform,
    poisoned: &Poisoned,
    diagnostics: &mut Diagnostics,
) -> Option<Resolved<'t>> {
    let mut overlays = overlays::collect(documents, diagnostics)?;
    if !overlays.services.is_empty() {
        naming::services(&mut overlays, &naming::KnownNames::of(documents, platform), diagnostics);
    }
    let identity = identity::identify(documents, &overlays, platform, poisoned, diagnostics)?;
    let deployments = deployments::make(documents, &overlays, platform, &identity, poisoned, diagnostics);
    naming::environments(documents.cloud, &overlays, diagnostics);
    let services = overlays.services.iter().map(|service| service.name.value.clone()).collect();
    let deploy_to = |service: &ServiceOverlay<'_>| Some((service.name.value.clone(), service.mapping.get("deploy_to")?.key.span));
    let placed_services = overlays.services.iter().filter_map(deploy_to).collect();
    Some(Resolved { cloud: documents.cloud, identity, deployments, services, placed_services })
}
