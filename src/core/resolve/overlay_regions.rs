//! The region of a region overlay: by its name, or by its `region`.

use super::deployments::Maker;
use super::naming::KnownNames;
use super::overlays::{RegionOverlay, mapping_of};
use crate::diagnostics::{Diagnostic, codes, nearest, or_list};
use crate::source::Spanned;
use crate::syntax::Node;
use smol_str::SmolStr;

impl<'m, 't> Maker<'m, 't> {
    /// The region of an overlay: its name says it, or its `region` does. Outer nothing: the overlay is of no use. Inner nothing: its
    /// environments say it.
    #[allow(clippy::option_option)]
    pub(super) fn region_of(
        &mut self,
        overlay: &'m RegionOverlay<'t>,
        names: &[(&Spanned<SmolStr>, Option<&'t Node>)],
    ) -> Option<Option<Spanned<SmolStr>>> {
        let name = &overlay.name;
        let is_region = self.documents.cloud.region(&name.value).is_some();
        if !is_region && !self.documents.cloud.is_region_label(&name.value) {
            self.unknown_file(overlay);
            return None;
        }
        let top = self.region_at(overlay.mapping);
        let inner: Vec<Option<Spanned<SmolStr>>> =
            names.iter().map(|(_, node)| node.and_then(|node| self.region_at(mapping_of(node)))).collect();
        for written in top.iter().chain(inner.iter().flatten()) {
            self.mismatch(overlay, written);
        }
        if is_region {
            return Some(Some(Spanned::new(name.value.clone(), name.span)));
        }
        if let Some(top) = top {
            return self.is_usable(&top).then_some(Some(top));
        }
        let lacking: Vec<&Spanned<SmolStr>> =
            names.iter().zip(&inner).filter(|(_, region)| region.is_none()).map(|((name, _), _)| *name).collect();
        let mut mappings = std::iter::once(overlay.mapping).chain(names.iter().filter_map(|(_, node)| node.map(mapping_of)));
        let written_badly = overlay.mapping.get("region").is_some() || mappings.any(|mapping| self.poisoned.misspells(mapping, "region"));
        if lacking.is_empty() && !names.is_empty() || written_badly {
            return Some(None);
        }
        let span = if lacking.len() < names.len() { lacking.first().map_or(name.span, |environment| environment.span) } else { name.span };
        let regions = self.documents.cloud.regions_of_label(&name.value).into_iter().map(|region| region.name);
        self.diagnostics.push(
            Diagnostic::new(&codes::MISSING_KEY, format!("the region overlay `{}` does not say its region", name.value))
                .at(span, "`region` is missing")
                .help(format!("`{}` is short for several regions: write `region:` with {}", name.value, or_list(regions)))
                .about("region"),
        );
        Some(None)
    }

    pub(super) fn mismatch(&mut self, overlay: &RegionOverlay<'t>, written: &Spanned<SmolStr>) {
        let name = overlay.name.value.as_str();
        let Some(region) = self.documents.cloud.region(&written.value) else { return };
        if region.name == name || region.label() == name {
            return;
        }
        self.diagnostics.push(
            Diagnostic::new(&codes::REGION_MISMATCH, format!("the region overlay `{name}` says region `{}`", written.value))
                .at(written.span, format!("expected a region of `{name}`"))
                .help(format!("write the region that the document's name says, or name the document after `{}`", written.value)),
        );
    }

    pub(super) fn unknown_file(&mut self, overlay: &RegionOverlay<'t>) {
        if self.overlays.base.is_some_and(|base| base.first_key.file == overlay.name.span.file) {
            // An entry's key has been reported with its document.
            return;
        }
        let name = &overlay.name;
        let diagnostic = Diagnostic::new(&codes::UNKNOWN_REGION, format!("`{0}-variables.yml` does not name a region", name.value));
        if let Some(help) = KnownNames::of(self.documents, self.platform).of_environment(&name.value) {
            self.diagnostics.push(diagnostic.at(name.span, "not a region").help(help));
            return;
        }
        let labels = self.documents.cloud.regions().map(|region| region.label());
        self.diagnostics.push(match nearest(&name.value, self.documents.cloud.regions().map(|region| region.name).chain(labels)) {
            Some(near) => {
                diagnostic.at(name.span, format!("did you mean `{near}`?")).help(format!("rename the file to `{near}-variables.yml`"))
            }
            None => diagnostic.at(name.span, "not a region").help(format!(
                "for a service rename the file to `{}-vars.yml`; for a region name it after one, such as `eu-west-1-variables.yml`",
                name.value
            )),
        });
    }
}
