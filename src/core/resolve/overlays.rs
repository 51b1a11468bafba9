//! Overlays from files and from the base, each once.

use super::MAX_SERVICES;
use super::documents::Documents;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::schema::{IdentifierKind, identifier};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Mapping, Node};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// A mapping with nothing in it.
pub(super) static EMPTY: Mapping = Mapping { entries: Vec::new() };

/// The base document.
#[derive(Debug, Clone, Copy)]
pub struct Base<'t> {
    /// Its keys.
    pub mapping: &'t Mapping,
    /// Its first key.
    pub first_key: Span,
}

/// A service overlay: a file, or an entry of the base's `services`.
#[derive(Debug, Clone)]
pub struct ServiceOverlay<'t> {
    /// The service; its place is the file's first key, or the entry's key.
    pub name: Spanned<SmolStr>,
    /// Its keys.
    pub mapping: &'t Mapping,
}

/// A region overlay: a file, or an entry of the base's `regions`.
#[derive(Debug, Clone)]
pub struct RegionOverlay<'t> {
    /// The region or label; its place is the file's first key, or the entry's key.
    pub name: Spanned<SmolStr>,
    /// Its keys.
    pub mapping: &'t Mapping,
}

impl RegionOverlay<'_> {
    /// Where it says which environments its region has; nothing where it takes those of the base.
    pub(super) fn selection(&self) -> Option<Span> {
        let selects = !entries_of(self.mapping, "environments").is_empty();
        self.mapping.get("environments").filter(|_| selects).map(|entry| entry.key.span)
    }
}

/// Everything that layers are made of.
#[derive(Debug)]
pub(super) struct Overlays<'t> {
    pub(super) base: Option<Base<'t>>,
    pub(super) services: Vec<ServiceOverlay<'t>>,
    pub(super) regions: Vec<RegionOverlay<'t>>,
}

/// The mapping of a node, an empty one where it is something else (which has been reported).
pub(super) fn mapping_of(node: &Node) -> &Mapping {
    node.as_mapping().unwrap_or(&EMPTY)
}

/// The entries below a key of a mapping.
pub(super) fn entries_of<'t>(mapping: &'t Mapping, key: &str) -> &'t [Entry] {
    mapping.get(key).map_or(&[], |entry| &mapping_of(&entry.value).entries)
}

/// Collects the overlays; nothing where there is no document to go on with.
pub(super) fn collect<'t>(documents: &'t Documents, diagnostics: &mut Diagnostics) -> Option<Overlays<'t>> {
    let base = documents.base.as_ref().map(|document| Base { mapping: mapping_of(&document.root), first_key: document.first_key() });
    let mut services: Vec<ServiceOverlay<'t>> = Vec::new();
    for (name, document) in &documents.services {
        let place = document.first_key();
        if let Err(reason) = identifier(IdentifierKind::Service, name) {
            diagnostics.push(
                Diagnostic::new(&codes::INVALID_IDENTIFIER, format!("the service of `{}` cannot be named `{name}`", document.name))
                    .at(place, reason)
                    .help("rename the file: what stands before `-vars.yml` is the service's name, 2 to 32 lower-case letters, digits and single `-`"),
            );
            continue;
        }
        services.push(ServiceOverlay { name: Spanned::new(SmolStr::new(name), place), mapping: mapping_of(&document.root) });
    }
    let mut regions: Vec<RegionOverlay<'t>> = Vec::new();
    for (name, document) in &documents.regions {
        regions.push(RegionOverlay { name: Spanned::new(SmolStr::new(name), document.first_key()), mapping: mapping_of(&document.root) });
    }
    if let Some(base) = &base {
        let place = |name: &Spanned<SmolStr>| (name.value.clone(), name.span);
        let mut files: BTreeMap<SmolStr, Span> = BTreeMap::new();
        files.extend(services.iter().map(|service| place(&service.name)));
        for entry in entries_of(base.mapping, "services") {
            if let Some(file) = files.get(&entry.key.value) {
                diagnostics.push(both_places("service", &entry.key, *file));
                continue;
            }
            services.push(ServiceOverlay { name: entry.key.clone(), mapping: mapping_of(&entry.value) });
        }
        let mut files: BTreeMap<SmolStr, Span> = BTreeMap::new();
        files.extend(regions.iter().map(|region| place(&region.name)));
        for entry in entries_of(base.mapping, "regions") {
            if let Some(file) = files.get(&entry.key.value) {
                diagnostics.push(both_places("region", &entry.key, *file));
                continue;
            }
            regions.push(RegionOverlay { name: entry.key.clone(), mapping: mapping_of(&entry.value) });
        }
    }
    if let Some(extra) = services.get(MAX_SERVICES) {
        diagnostics.push(
            Diagnostic::new(&codes::TOO_MANY_DOCUMENTS, format!("the repository has {} services", services.len()))
                .at(extra.name.span, format!("service {}", MAX_SERVICES + 1))
                .help(format!("a repository may have {MAX_SERVICES} services; split it into two repositories")),
        );
        return None;
    }
    services.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    regions.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    (base.is_some() || !regions.is_empty()).then_some(Overlays { base, services, regions })
}

fn both_places(what: &str, inline: &Spanned<SmolStr>, file: Span) -> Diagnostic {
    Diagnostic::new(&codes::DUPLICATE_DOCUMENT, format!("the {what} `{}` has a file and an entry in the base", inline.value))
        .at(file, "in a file of its own")
        .at(inline.span, "in the base")
        .help("keep one of the two: move the entry's keys into the file, or the file's keys into the entry")
}
