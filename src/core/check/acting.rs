//! Modules that act on what others of the same root make: whether a deployment calls them, and what they act on.

use super::CheckInput;
use crate::ir::{Deployment, Setting};
use crate::modules::{CalledBy, InputRow, InputSource, ModuleRow, OwnOutput, SectionKey};
use crate::schema::Typed;
use crate::source::Spanned;
use smol_str::SmolStr;

/// The key that asks for copies of backups.
pub(crate) const COPY: SectionKey = ("backup", "cross_region_copy");

/// What becomes of something that a module could act on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ActedOn {
    /// It is not there.
    Absent,
    /// It is left out: its section says what makes it impossible.
    Unfit,
    /// The platform's module does not say what it makes.
    Untold,
    /// It is acted on.
    Yes,
}

impl CheckInput<'_> {
    /// True where a deployment that has a module's section calls the module.
    pub(crate) fn is_called(&self, module: &ModuleRow, deployment: &Deployment) -> bool {
        module.is_called(|key| deployment.settings.has(module.section, key))
            && (!matches!(module.called_by, CalledBy::ToActOn(_))
                || is_on(module, deployment) && module.acts_on().any(|(_, own)| self.fate_of(own, deployment) == ActedOn::Yes))
    }

    /// What becomes of the calls whose output a module acts on.
    pub(crate) fn fate_of(&self, own: &OwnOutput, deployment: &Deployment) -> ActedOn {
        let Some(module) = self.module_of(own) else { return ActedOn::Absent };
        if self.labels(module, deployment).next().is_none() || (module.can_be_held_back() && !self.offers(module)) {
            ActedOn::Absent
        } else if own.unless_false.is_some_and(|key| is_false(deployment, key)) {
            ActedOn::Unfit
        } else if !self.interfaces.gives(module, own.name) {
            ActedOn::Untold
        } else {
            ActedOn::Yes
        }
    }

    /// The labels of the calls of a deployment that a module acts on.
    pub(crate) fn acts_on(&self, own: &OwnOutput, deployment: &Deployment) -> Vec<SmolStr> {
        match self.module_of(own).filter(|_| self.fate_of(own, deployment) == ActedOn::Yes) {
            Some(module) => self.labels(module, deployment).collect(),
            None => Vec::new(),
        }
    }

    fn module_of(&self, own: &OwnOutput) -> Option<&'static ModuleRow> {
        self.customer.cloud.facts().modules.iter().find(|module| module.name == own.module)
    }

    /// The labels of a deployment's calls of a module: its own, and those of its entries.
    fn labels<'d>(&self, module: &'static ModuleRow, deployment: &'d Deployment) -> impl Iterator<Item = SmolStr> + use<'d> {
        let whole = deployment.settings.section(module.section).map(|_| module.label(None));
        let entries = deployment.databases.iter().filter(|_| module.entries.is_some());
        let entries = entries.filter_map(move |of| of.entry.as_ref().map(|entry| module.label(Some(entry.value.as_str()))));
        whole.into_iter().chain(entries)
    }

    /// Where a deployment asks for copies of its backups, of which it has some.
    pub(crate) fn asks_for_copies<'d>(&self, deployment: &'d Deployment) -> Option<&'d Setting<Typed>> {
        let setting = deployment.settings.get(COPY.0, COPY.1).filter(|setting| setting.value == Typed::Boolean(true))?;
        let makes = |module: &&ModuleRow| {
            let copies = |row: &InputRow| matches!(row.source, InputSource::CopyRegion(_)) && self.interfaces.takes(module, row.name);
            module.inputs.iter().any(copies) && self.offers(module) && deployment.settings.section(module.section).is_some()
        };
        let module = self.customer.cloud.facts().modules.iter().find(makes)?;
        self.is_called(module, deployment).then_some(setting)
    }

    /// The region that the backups of a deployment are copied to: the customer asks for copies, and the platform says where they go.
    pub(crate) fn copy_region(&self, deployment: &Deployment) -> Option<&Spanned<SmolStr>> {
        self.asks_for_copies(deployment)?;
        self.platform.cloud(self.customer.cloud).copy_regions.get(&deployment.region.value)
    }
}

/// True where the section of a module that acts on others does not switch itself off.
pub(crate) fn is_on(module: &ModuleRow, deployment: &Deployment) -> bool {
    !matches!(module.called_by, CalledBy::ToActOn(key) if is_false(deployment, (module.section, key)))
}

fn is_false(deployment: &Deployment, (section, key): SectionKey) -> bool {
    deployment.settings.get(section, key).is_some_and(|setting| setting.value == Typed::Boolean(false))
}
