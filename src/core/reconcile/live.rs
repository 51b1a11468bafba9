//! What the differences of live roots mean: a state that would move, what is destroyed, what stands in the way.

use super::differ::{CustomerDiff, DifferingRoot, Holder, differing_roots};
use super::harms::{HarmWords, harm_words, moves_instances, to_services};
use super::{BACKEND_FILE, Owners, Reconciler};
use crate::compile::{CompiledCustomer, Root};
use crate::diagnostics::{Severity, codes};
use crate::emit::MODULES;
use crate::failure::Failure;
use crate::platform::ModuleSource;
use crate::source;
use crate::terraform::RootIdentity;
use crate::tree::{Change, FileState, Harm, HarmKind, RunIndex, current_identity};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Reconciler<'_> {
    /// What the differences of live roots mean. Gives the customers of whom nothing may be written.
    pub(super) fn differing(
        &mut self,
        customers: &[CompiledCustomer],
        diffs: &[CustomerDiff],
        (known, owners): (&RunIndex, &Owners),
    ) -> Result<BTreeSet<usize>, Failure> {
        let mut failed = BTreeSet::new();
        for (index, (customer, diff)) in customers.iter().zip(diffs).enumerate() {
            for (root, differing) in differing_roots(customer, diff) {
                // Nothing of another repository's root is shown, nor of what is next to it below its prefix.
                match differing.holder(&root.identity, self.platform) {
                    Holder::Another(_) => continue,
                    Holder::Nobody if self.stranger(root.key.prefix(), &customer.repository, owners).is_some() => continue,
                    Holder::Nobody | Holder::Root | Holder::Repository => {}
                }
                if self.is_taken_by_move(customer, root, differing)? {
                    failed.insert(index);
                    continue;
                }
                let mut stops = self.moved_place(customer, root, differing);
                stops |= self.lost_place(root, differing);
                stops |= match self.other_identity(customer, root, differing, known) {
                    Some(stops) => stops,
                    None => self.harmed(customer, root, differing) | self.added(customer, root, differing),
                };
                let obstacles: Vec<&Change> = differing.diff.obstacles(self.options.overwrite).collect();
                for change in obstacles {
                    let repository = Some(Arc::clone(&customer.repository));
                    stops |= self.obstacle(root.key.directory(), change, repository, root.place.as_ref());
                }
                if stops {
                    failed.insert(index);
                }
            }
        }
        Ok(failed)
    }

    /// `state-key-changed`: the same key, in another place.
    fn moved_place(&mut self, customer: &CompiledCustomer, root: &Root, differing: &DifferingRoot) -> bool {
        let moved = differing.diff.moved(self.options.overwrite);
        let (Some((old, new)), Some(change)) = (moved, differing.diff.change(BACKEND_FILE)) else { return false };
        let directory = root.key.directory();
        let from = if old.is_empty() { "a `backend.tf` that cannot be read".to_owned() } else { difference(&old, &new) };
        let message = format!("the state of {} would move: on disk {from}, now {}", root.identity, difference(&new, &old));
        let help = match change.state {
            FileState::HandEdited => {
                "`backend.tf` was edited by hand, and what it says may be where the state is: revert the edit".to_owned()
            }
            _ => self.move_help(directory, directory),
        };
        let repository = Some(Arc::clone(&customer.repository));
        let mut report = self.report(&codes::STATE_KEY_CHANGED, repository, root.place.as_ref(), message, help);
        report.labels.extend(self.on_disk(directory, change, None, "its state is here"));
        self.push(report)
    }

    /// `state-key-changed`: nothing on disk says any more where the state is. What other roots say proves nothing: moves in place give one
    /// root another place after the other.
    fn lost_place(&mut self, root: &Root, differing: &DifferingRoot) -> bool {
        if self.options.overwrite || !differing.diff.has_lost_place() {
            return false;
        }
        let help = "restore the file from an earlier version of the tree; if the place has not changed since, `--overwrite` writes it as it would be now";
        self.lost(&root.identity, root.key.directory(), root.place.as_ref(), help)
    }

    pub(super) fn lost(&mut self, identity: &RootIdentity, directory: &str, place: Option<&source::Place>, help: &'static str) -> bool {
        let file = self.tree.shown(&format!("{directory}/{BACKEND_FILE}"));
        let message = format!("nothing says any more where the state of {identity} is: `{file}` is missing or cut off");
        let repository = Some(Arc::from(identity.repository.as_str()));
        self.push_at(&codes::STATE_KEY_CHANGED, repository, place, message, help)
    }

    /// What it means that a directory holds another deployment than it did; nothing where it holds the same. True when it stops.
    fn other_identity(&mut self, customer: &CompiledCustomer, root: &Root, differing: &DifferingRoot, known: &RunIndex) -> Option<bool> {
        let (directory, identity) = (root.key.directory(), &root.identity);
        let was = current_identity(differing.diff.identity.as_ref()?, self.platform);
        if was == *identity {
            return None;
        }
        let repository = Some(Arc::clone(&customer.repository));
        if let Some(key) = known.keys.get(&was) {
            return Some(self.key_changed(&was, directory, key, root.place.as_ref()));
        }
        let message = format!("`{directory}` was {was} and becomes {identity}: everything in it is replaced");
        let help = "the plan destroys what is there and creates it again elsewhere; to keep it, revert the change";
        let mut report = self.report(&codes::DESTRUCTIVE_CHANGE, repository, root.place.as_ref(), message, help);
        let mut changes = differing.diff.changes.iter();
        if let Some(change) = changes.find(|change| change.old.is_some()) {
            report.labels.extend(self.on_disk(directory, change, None, &format!("{was} is here")));
        }
        Some(self.push(report))
    }

    /// `destructive-change`: what the cloud replaces, destroys or refuses of a network or a database.
    fn harmed(&mut self, customer: &CompiledCustomer, root: &Root, differing: &DifferingRoot) -> bool {
        let mut stops = false;
        for (harm, origin) in &differing.harms {
            let Harm { kind, place, .. } = harm;
            let file = if let HarmKind::AccountChanged { .. } = kind { "providers.tf" } else { "main.tf" };
            let Some(change) = differing.stale(file) else { continue };
            let written = origin.as_ref().or(root.place.as_ref());
            let first_service = customer.services.first().filter(|_| root.identity.service.is_none() && moves_instances(kind));
            let written = first_service.map(|(_, place)| place).or(written);
            let HarmWords { code, message, was, help } = match first_service {
                Some((service, _)) => to_services(service, &root.identity),
                None => harm_words(harm, &root.identity),
            };
            let repository = Some(Arc::clone(&customer.repository));
            let mut report = self.report(code, repository, written, message, help);
            report.labels.extend(self.on_disk(root.key.directory(), change, Some(place.clone()), &was));
            stops |= self.push(report);
        }
        stops
    }
}

impl Reconciler<'_> {
    /// `module-added`: a newer module adds to a root that stands. Where the tree does not have the module yet, nobody need have changed a
    /// document: this version of terralet brings it.
    fn added(&mut self, customer: &CompiledCustomer, root: &Root, differing: &DifferingRoot) -> bool {
        let mut stops = false;
        for (module, section) in &differing.added {
            let versions = format!("{MODULES}/{}/{}/versions.tf", module.cloud, module.name);
            let comes_now = self.platform.modules.source == ModuleSource::BuiltIn && !self.tree.is_file(&versions);
            let severity = if comes_now { codes::MODULE_ADDED.severity } else { Severity::Advice };
            let name = module.name;
            let message = format!("the module `{name}` adds to {} what its `{}` asks for", root.identity, module.section);
            let help = format!(
                "read the plan before it is applied; where it is not wanted, remove what asks for it, or have the service provider write `{name}` under `modules_without` of the registry entry"
            );
            let place = section.as_ref().or(root.place.as_ref());
            let report = self.report(&codes::MODULE_ADDED, Some(Arc::clone(&customer.repository)), place, message, help);
            stops |= self.push(report.with_severity(severity));
        }
        stops
    }
}

fn difference(one: &[String], other: &[String]) -> String {
    let only: Vec<String> = one.iter().filter(|line| !other.contains(line)).map(|line| format!("`{line}`")).collect();
    if only.is_empty() { "nothing".to_owned() } else { only.join(", ") }
}
