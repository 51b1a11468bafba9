//! Which deployments there are: language.md section 3.

use super::databases::{self, NamedDatabase};
use super::deploy_to;
use super::documents::Documents;
use super::effects::{Effects, Override};
use super::emptied::{self, Emptied, Where};
use super::identity::Identity;
use super::merge::merge;
use super::overlays::{Overlays, RegionOverlay, entries_of, mapping_of};
use super::planned::{NAMED_DATABASE, Placement, Planned, planned, values};
use super::unknown_environment::unknown_environment;
use super::{MAX_DEPLOYMENTS, MergedDeployment};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess};
use crate::platform::Platform;
use crate::schema::{IdentifierKind, Poisoned, identifier};
use crate::source::{Span, Spanned};
use crate::syntax::{Mapping, Node};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The most values that the layers of all deployments of a repository have together: each deployment merges its own copy, and documents that
/// are legal alone could otherwise take gigabytes and minutes.
const MAX_MERGED: usize = 500_000;

/// Makes the deployments of a repository.
pub(super) fn make<'t>(
    documents: &Documents,
    overlays: &Overlays<'t>,
    platform: &'t Platform,
    identity: &Identity,
    poisoned: &Poisoned,
    diagnostics: &mut Diagnostics,
) -> Vec<MergedDeployment<'t>> {
    let mut maker = Maker { documents, overlays, platform, poisoned, diagnostics };
    let environments = maker.environments();
    let meant = maker.names();
    let mut placements = maker.base_placements();
    placements.extend(maker.region_placements());
    maker.undeployed(&environments, &placements);
    let placements = maker.unique(placements);
    let services = overlays.services.len();
    let deploy_to = deploy_to::read(overlays, &environments, !documents.incomplete, poisoned, maker.diagnostics);
    let of_services = || placements.iter().map(|placement| 1 + deploy_to.iter().filter(|deploy_to| deploy_to.takes(placement)).count());
    let count = if services == 0 { placements.len() } else { of_services().sum() };
    if count > MAX_DEPLOYMENTS {
        let place = placements.first().map_or(identity.place, |placement| placement.place);
        maker.diagnostics.push(
            Diagnostic::new(&codes::TOO_MANY_DOCUMENTS, format!("the repository has more than {MAX_DEPLOYMENTS} deployments"))
                .at(place, format!("{} environments and regions, each with {services} services", placements.len()))
                .help("split the repository into several"),
        );
        return Vec::new();
    }
    let planned = planned(overlays, &deploy_to, &placements);
    // The layers of one deployment stand apart in the documents, so that few deployments of few values need not be counted.
    let at_most = planned.len() * documents.values;
    let values = if at_most > MAX_MERGED / NAMED_DATABASE { values(&planned) } else { at_most };
    if values > MAX_MERGED {
        let place = placements.first().map_or(identity.place, |placement| placement.place);
        maker.diagnostics.push(
            Diagnostic::new(&codes::DOCUMENT_TOO_LARGE, format!("the {} deployments have {values} values together", planned.len()))
                .at(place, "the first of the deployments")
                .help(format!("{MAX_MERGED} are taken: move large lists and maps out of the documents, or split the repository")),
        );
        return Vec::new();
    }
    let defaults = identity.tier.as_ref().and_then(|tier| platform.tier(&tier.value)).and_then(|tier| tier.defaults.as_ref());
    let mut effects = Effects::default();
    let (mut emptied, mut deployments) = (Emptied::default(), Vec::new());
    for Planned { placement, role, service, layers } in planned {
        let mut emptyings = Vec::new();
        let values = merge(&layers, defaults, &mut effects, &mut emptyings, maker.diagnostics);
        let mut databases = databases::merge(&layers, defaults, &values, &mut effects, maker.diagnostics);
        let mut note = |values: &_, entry, emptyings: Vec<_>| {
            if !emptyings.is_empty() {
                emptied.note(&Where { platform, environment: &placement.environment, role, layers: &layers, values, entry }, emptyings);
            }
        };
        note(&values, None, emptyings);
        for NamedDatabase { name, values, emptied } in &mut databases {
            note(values, Some(*name), std::mem::take(emptied));
        }
        deployments.push(MergedDeployment {
            environment: placement.environment.clone(),
            region: placement.region.clone(),
            region_known: placement.region_known,
            service,
            role,
            regional: placement.overlay.is_some(),
            selected_by: placement.overlay.and_then(RegionOverlay::selection),
            place: placement.place,
            lacks_layers: meant.contains(&placement.environment.value),
            layers,
            values,
            databases,
        });
    }
    maker.services(&placements, &environments, &mut effects);
    deploy_to::note(overlays, &deploy_to, &placements, &mut effects);
    deploy_to::report(overlays, &deploy_to, &placements, &deployments, maker.diagnostics);
    emptied.report(platform, maker.diagnostics);
    let names: Vec<&str> = environments.keys().map(SmolStr::as_str).collect();
    emptied::collections(overlays, platform, &names, maker.diagnostics);
    if !documents.incomplete {
        effects.report(diagnostics);
    }
    deployments
}

pub(super) struct Maker<'m, 't> {
    pub(super) documents: &'m Documents,
    pub(super) overlays: &'m Overlays<'t>,
    pub(super) platform: &'t Platform,
    pub(super) poisoned: &'m Poisoned,
    pub(super) diagnostics: &'m mut Diagnostics,
}

impl<'m, 't> Maker<'m, 't> {
    /// The union of the environments of base and region overlays, each at its first key.
    fn environments(&mut self) -> BTreeMap<SmolStr, Span> {
        let mut found: BTreeMap<SmolStr, Span> = BTreeMap::new();
        let base = self.overlays.base.iter().map(|base| (base.mapping, base.first_key));
        let regions = self.overlays.regions.iter().map(|overlay| (overlay.mapping, overlay.name.span));
        let mut lacking: Vec<(Span, &str)> = Vec::new();
        let of_base_misspelt = self.overlays.base.iter().any(|base| self.poisoned.misspells(base.mapping, "environments"));
        let mut is_lost = of_base_misspelt || self.documents.incomplete;
        let mut any_misspelt = false;
        for (mapping, first_key) in base.chain(regions) {
            let entries = entries_of(mapping, "environments");
            for entry in entries {
                found.entry(entry.key.value.clone()).or_insert(entry.key.span);
            }
            let written = mapping.get("environments");
            // What is written in place of a mapping has been reported.
            is_lost |= written.is_some_and(|entry| entry.value.as_mapping().is_none() && !entry.value.is_null());
            let is_misspelt = self.poisoned.misspells(mapping, "environments");
            any_misspelt |= is_misspelt;
            if entries.is_empty() && !is_misspelt {
                let missing = (first_key, "`environments` is missing");
                lacking.push(written.map_or(missing, |entry| (entry.key.span, "no environment below it")));
            }
        }
        let of_base = self.overlays.base.as_ref().is_some_and(|base| !entries_of(base.mapping, "environments").is_empty());
        // With environments in the base, a region overlay takes them all; without, each region overlay has to say its own.
        let reported: Vec<(Span, &str)> = match (&self.overlays.base, of_base) {
            (_, true) => Vec::new(),
            (Some(_), false) => {
                let own = lacking.iter().filter(|(span, _)| self.overlays.regions.iter().any(|overlay| overlay.name.span == *span));
                match found.is_empty() {
                    true => lacking.first().filter(|_| !any_misspelt).copied().into_iter().collect(),
                    false => own.copied().collect(),
                }
            }
            (None, false) => lacking,
        };
        if !is_lost {
            for (span, label) in reported {
                self.diagnostics.push(
                    Diagnostic::new(&codes::MISSING_KEY, "the document has no environment")
                        .at(span, label)
                        .help("write `environments:` and below it a name such as `staging:`, with its `region:`")
                        .about("environments"),
                );
            }
        }
        found
    }

    /// `unknown-environment` by the platform's list. Gives the names that are meant: their deployments lack what stands under the wrong ones.
    fn names(&mut self) -> BTreeSet<SmolStr> {
        let mut meant = BTreeSet::new();
        let Some(policies) = &self.platform.environments else { return meant };
        let listed = || policies.iter().map(|policy| policy.name.value.as_str());
        let base = self.overlays.base.iter().map(|base| base.mapping);
        for mapping in base.chain(self.overlays.regions.iter().map(|overlay| overlay.mapping)) {
            let own: HashSet<&str> = entries_of(mapping, "environments").iter().map(|entry| entry.key.value.as_str()).collect();
            for entry in entries_of(mapping, "environments") {
                let name = entry.key.value.as_str();
                if identifier(IdentifierKind::Environment, name).is_err() || listed().any(|known| known == name) {
                    continue;
                }
                // Another document may have it right.
                let free = listed().filter(|known| !own.contains(*known));
                let diagnostic = unknown_environment(name, entry.key.span, free, "the platform has", listed());
                meant.extend(diagnostic.edits.first().map(|edit| SmolStr::new(&edit.text)));
                self.diagnostics.push(diagnostic);
            }
        }
        meant
    }

    pub(super) fn region_at(&self, mapping: &'t Mapping) -> Option<Spanned<SmolStr>> {
        let entry = mapping.get("region")?;
        entry.value.as_scalar().map(|scalar| Spanned::new(scalar.text.clone(), entry.value.span))
    }

    pub(super) fn is_usable(&self, region: &Spanned<SmolStr>) -> bool {
        !self.poisoned.wrong.contains(&region.span) && self.documents.cloud.region(&region.value).is_some()
    }

    fn base_placements(&mut self) -> Vec<Placement<'m, 't>> {
        let Some(base) = self.overlays.base else { return Vec::new() };
        let mut placements = Vec::new();
        // A document may have as many keys as environments, so that it is searched once.
        let of_base_misspelt = self.poisoned.misspells(base.mapping, "region");
        let (of_base, region_of_base) = (base.mapping.get("region"), self.region_at(base.mapping));
        for entry in entries_of(base.mapping, "environments") {
            let own = mapping_of(&entry.value).get("region");
            let region = match own {
                Some(own) if own.value.is_null() => None,
                Some(_) => self.region_at(mapping_of(&entry.value)),
                None => region_of_base.clone(),
            };
            // What is written in place of a region's name has been reported.
            let is_lost = own.or(of_base).is_some_and(|entry| !entry.value.is_null());
            let is_lost = is_lost || of_base_misspelt || self.poisoned.misspells(mapping_of(&entry.value), "region");
            let is_missing = region.is_none();
            if is_missing && (!self.overlays.regions.is_empty() || self.documents.incomplete) {
                // Next to region overlays the base may be a layer only, and a document that was left out may be one.
                continue;
            }
            if is_missing && !is_lost && !self.documents.incomplete {
                let span = own.map_or(entry.key.span, |own| own.value.span);
                self.diagnostics.push(
                    Diagnostic::new(&codes::MISSING_KEY, format!("the environment `{}` has no `region`", entry.key.value))
                        .at(span, "`region` is missing")
                        .help(format!(
                            "write `region:` with a region such as `{}` in the environment, or at the top level for all environments",
                            self.platform
                                .cloud(self.documents.cloud)
                                .regions
                                .iter()
                                .flatten()
                                .next()
                                .map_or("eu-west-1", |region| region.value.as_str())
                        ))
                        .about("region"),
                );
            }
            // Without its region the rest of the deployment is checked all the same.
            let region = region.unwrap_or(Spanned::new(SmolStr::default(), entry.key.span));
            let region_known = self.is_usable(&region);
            placements.push(Placement { environment: entry.key.clone(), region, region_known, overlay: None, place: entry.key.span });
        }
        placements
    }

    fn region_placements(&mut self) -> Vec<Placement<'m, 't>> {
        let mut placements = Vec::new();
        let overlays: &'m Overlays<'t> = self.overlays;
        for overlay in &overlays.regions {
            let own = entries_of(overlay.mapping, "environments");
            let names: Vec<(&Spanned<SmolStr>, Option<&'t Node>)> =
                if overlay.mapping.get("environments").is_some_and(|entry| !entry.value.is_null()) {
                    own.iter().map(|entry| (&entry.key, Some(&entry.value))).collect()
                } else {
                    let of_base = overlays.base.as_ref().map_or(&[][..], |base| entries_of(base.mapping, "environments"));
                    of_base.iter().map(|entry| (&entry.key, None)).collect()
                };
            let Some(region) = self.region_of(overlay, &names) else { continue };
            for (environment, node) in names {
                let written = node.and_then(|node| self.region_at(mapping_of(node)));
                let Some(region) = written.filter(|own| self.is_usable(own)).or_else(|| region.clone()) else { continue };
                let place = if node.is_some() { environment.span } else { region.span };
                placements.push(Placement { environment: environment.clone(), region, region_known: true, overlay: Some(overlay), place });
            }
        }
        placements
    }

    fn undeployed(&mut self, environments: &BTreeMap<SmolStr, Span>, placements: &[Placement<'_, '_>]) {
        if self.overlays.regions.is_empty()
            || self.diagnostics.has_errors(self.platform.rules_of(&self.documents.repository))
            || self.documents.incomplete
        {
            return;
        }
        let deployed: HashSet<&str> = placements.iter().map(|placement| placement.environment.value.as_str()).collect();
        for (name, span) in environments {
            if !deployed.contains(name.as_str()) {
                self.diagnostics.push(
                    Diagnostic::new(&codes::ENVIRONMENT_NOT_DEPLOYED, format!("the environment `{name}` is deployed nowhere"))
                        .at(*span, "no region has it")
                        .help(format!(
                            "give it a `region:` in the base, or list it under `environments:` of a region overlay; or remove `{name}`"
                        )),
                );
            }
        }
    }

    fn unique(&mut self, placements: Vec<Placement<'m, 't>>) -> Vec<Placement<'m, 't>> {
        let mut kept: Vec<Placement<'m, 't>> = Vec::with_capacity(placements.len());
        let mut seen: BTreeMap<(SmolStr, SmolStr), Span> = BTreeMap::new();
        for placement in placements {
            if !placement.region_known {
                kept.push(placement);
                continue;
            }
            let key = (placement.environment.value.clone(), placement.region.value.clone());
            match seen.get(&key) {
                Some(first) => self.diagnostics.push(
                    Diagnostic::new(&codes::DUPLICATE_DEPLOYMENT, format!("`{}` in `{}` is deployed twice", key.0, key.1))
                        .at(placement.place, "by this")
                        .at(*first, "and by this")
                        .help("an environment is in a region once: write what the overlay says in the base, below the environment, and remove the overlay; or remove `region` from the base where a region overlay makes the deployment, or list other `environments:` in the overlay"),
                ),
                None => {
                    seen.insert(key, placement.place);
                    kept.push(placement);
                }
            }
        }
        kept
    }

    /// What service overlays and region overlays say of environments, regions and services that do not exist.
    fn services(&mut self, placements: &[Placement<'_, '_>], environments: &BTreeMap<SmolStr, Span>, effects: &mut Effects<'t>) {
        let names = || self.overlays.services.iter().map(|service| service.name.value.as_str());
        for overlay in &self.overlays.regions {
            for entry in entries_of(overlay.mapping, "services") {
                if names().any(|name| name == entry.key.value)
                    || identifier(IdentifierKind::Service, &entry.key.value).is_err()
                    || self.documents.incomplete
                {
                    continue;
                }
                let diagnostic = Diagnostic::new(&codes::UNKNOWN_SERVICE, format!("unknown service `{}`", entry.key.value));
                self.diagnostics.push(match guess(&entry.key.value, names()) {
                    Some(near) => diagnostic.meant(entry.key.span, &near).help(format!("write {}", near.names())),
                    None => diagnostic.at(entry.key.span, "no overlay makes it").help(format!(
                        "a service exists by its file `{}-vars.yml`, or by an entry of the base's `services:`",
                        entry.key.value
                    )),
                });
            }
        }
        // What a wrong name may have meant. One that is wrong itself is nobody's wish.
        let policies = self.platform.environments.as_ref();
        let is_listed = |name: &&str| policies.is_none_or(|listed| listed.iter().any(|policy| policy.name.value == *name));
        let known = environments.keys().map(SmolStr::as_str);
        let is_right = |name: &&str| identifier(IdentifierKind::Environment, name).is_ok() && is_listed(name);
        let right: Vec<&str> = known.clone().filter(is_right).collect();
        for service in &self.overlays.services {
            for entry in entries_of(service.mapping, "environments") {
                let name = entry.key.value.as_str();
                if environments.contains_key(name)
                    || identifier(IdentifierKind::Environment, name).is_err()
                    || self.documents.incomplete
                    || environments.is_empty()
                {
                    continue;
                }
                let (whose, right) = ("the customer's environments are", right.iter().copied());
                self.diagnostics.push(unknown_environment(name, entry.key.span, right, whose, known.clone()));
            }
            for entry in entries_of(service.mapping, "regions") {
                let happened = placements.iter().any(|placement| placement.region.value == entry.key.value || !placement.region_known);
                if self.documents.cloud.region(&entry.key.value).is_none() {
                    continue;
                }
                effects.note(entry.key.span, happened, Override::Region(&entry.key.value));
            }
            for overlay in &self.overlays.regions {
                self.both_layers(service, overlay, placements);
            }
        }
    }

    /// Layer 8 has two spellings: a service overlay's `regions.R` and region overlay R's `services.S`.
    fn both_layers(
        &mut self,
        service: &super::overlays::ServiceOverlay<'t>,
        overlay: &RegionOverlay<'t>,
        placements: &[Placement<'_, '_>],
    ) {
        let Some(of_region) = entries_of(overlay.mapping, "services").iter().find(|entry| entry.key.value == service.name.value) else {
            return;
        };
        for entry in entries_of(service.mapping, "regions") {
            let meets = placements.iter().any(|placement| {
                placement.region.value == entry.key.value
                    && placement.overlay.is_some_and(|other| std::ptr::eq(other.mapping, overlay.mapping))
            });
            if meets {
                self.diagnostics.push(
                    Diagnostic::new(
                        &codes::DUPLICATE_DOCUMENT,
                        format!("the service `{}` has two overrides for `{}`", service.name.value, entry.key.value),
                    )
                    .at(of_region.key.span, "in the region overlay")
                    .at(entry.key.span, "in the service overlay")
                    .help("keep one of the two"),
                );
            }
        }
    }
}
