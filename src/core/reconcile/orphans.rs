//! What becomes of what is on disk and is not a deployment of the run: tombstones, moved roots, roots of repositories that are gone, links, and
//! directories that are nobody's.

use super::differ::{CustomerDiff, Holder};
use super::ownership::owners_below;
use super::{BACKEND_FILE, Owners, Reconciler, Tombstone, fail};
use crate::compile::{CompiledCustomer, Root};
use crate::diagnostics::{ReportLabel, Severity, codes};
use crate::emit::MoveNote;
use crate::failure::Failure;
use crate::shell::quoted;
use crate::source::{self, Location, SourceFile};
use crate::terraform::{RootIdentity, StateKey};
use crate::tree::{
    Change, Difference, Directory, FileState, Listing, Orphan, OrphanAction, RunIndex, current_identity, current_name, fate, plan_tombstone,
};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

impl Reconciler<'_> {
    /// Roots on disk that no deployment of their own repository has in this run, and directories that are nobody's. That another repository
    /// wants the directory changes nothing: whose it is, the tree says.
    pub(super) fn orphans<'l>(
        &self,
        customers: &'l [CompiledCustomer],
        diffs: &[CustomerDiff],
        listing: &'l Listing,
    ) -> Result<(Vec<Orphan>, Vec<&'l Directory>), Failure> {
        let roots = customers.iter().filter_map(|customer| customer.roots.as_ref()).flatten();
        let left: Vec<&Directory> = listing.without(roots.map(|root| root.key.directory())).collect();
        let headers = self.tree.headers(&left)?;
        let (mut orphans, mut nobodys) = (Vec::new(), Vec::new());
        for (found, header) in left.into_iter().zip(headers) {
            match header {
                Some(header) => orphans.push(Orphan { directory: found.0.to_string(), identity: header.identity }),
                None => nobodys.push(found),
            }
        }
        orphans.extend(self.wanted_by_others(customers, diffs));
        orphans.sort_by(|one, other| one.directory.cmp(&other.directory));
        Ok((orphans, nobodys))
    }

    /// Shows what is nobody's, directories and links.
    pub(super) fn of_nobody(
        &mut self,
        nobodys: &[&Directory],
        listing: &Listing,
        customers: &[CompiledCustomer],
        owners: &Owners,
    ) -> Result<(), Failure> {
        for (directory, names) in nobodys.iter().filter(|(directory, _)| self.shows(directory, customers, owners)).collect::<Vec<_>>() {
            for file in self.tree.files(directory, names)? {
                let old = Some(String::from_utf8_lossy(&file.bytes).into_owned());
                self.obstacle(directory, &Change { name: file.name, state: FileState::Foreign, old, new: None }, None, None);
            }
        }
        let links: Vec<&String> = listing.links.iter().filter(|link| self.shows(link, customers, owners)).collect();
        links.into_iter().for_each(|link| self.link(link));
        Ok(())
    }

    /// True where a run shows what is nobody's. Each shard shows its part; a run over a few customers, which may have others next to them, what is
    /// below the prefixes of their roots and of nobody's.
    fn shows(&self, directory: &str, customers: &[CompiledCustomer], owners: &Owners) -> bool {
        let prefix = directory.split('/').next().unwrap_or("");
        if self.run.coverage().is_for_operator() {
            return self.run.coverage().whole || self.run.coverage().covers(prefix);
        }
        let mut below = owners_below(prefix, owners).peekable();
        below.peek().is_none() || below.any(|owner| customers.iter().any(|customer| *customer.repository == **owner))
    }

    /// A link in the place of a directory: what a root says that may have stood there, nobody knows.
    fn link(&mut self, link: &str) {
        let file = self.tree.shown(link);
        let file = file.trim_end_matches('/');
        if self.options.check {
            self.differences.push(Difference { file: file.to_owned(), state: FileState::Foreign, old: None, new: None });
            return;
        }
        let message = format!("`{file}` is a link, and what is generated is never read or written through links");
        let help = "remove it, and restore the directory that was there: a root in it would be forgotten";
        self.push_at(&codes::FOREIGN_FILE, None, None, message, help);
    }

    /// Directories that another repository wants than the one whose root they hold, and that this one does not have in the run itself.
    fn wanted_by_others(&self, customers: &[CompiledCustomer], diffs: &[CustomerDiff]) -> Vec<Orphan> {
        let platform = self.platform;
        let holders = || customers.iter().zip(diffs).flat_map(|(customer, diff)| diff.holders(customer, platform));
        let another = holders().filter_map(|(root, holder)| match holder {
            Holder::Another(owner) => Some((root.key.directory(), owner)),
            Holder::Nobody | Holder::Root | Holder::Repository => None,
        });
        let mut wanted: BTreeMap<&str, &RootIdentity> = BTreeMap::new();
        wanted.extend(another);
        if wanted.is_empty() {
            return Vec::new();
        }
        let is_held = |(root, holder): &(&Root, Holder<'_>)| {
            matches!(holder, Holder::Root | Holder::Repository) && wanted.contains_key(root.key.directory())
        };
        let mut held: BTreeSet<&str> = BTreeSet::new();
        held.extend(holders().filter(is_held).map(|(root, _)| root.key.directory()));
        let left = wanted.into_iter().filter(|(directory, _)| !held.contains(directory));
        left.map(|(directory, owner)| Orphan { directory: directory.to_owned(), identity: owner.clone() }).collect()
    }

    /// What becomes of the roots on disk that no deployment of the run has. Gives those that are tombstones now: all of a repository, or none.
    pub(super) fn fates(
        &mut self,
        orphans: &[Orphan],
        known: &mut RunIndex,
        customers: &[CompiledCustomer],
        diffs: &mut [CustomerDiff],
        listing: &Listing,
    ) -> Result<Vec<Tombstone>, Failure> {
        if orphans.is_empty() {
            return Ok(Vec::new());
        }
        // Of several of one name the first.
        let by_name: BTreeMap<&str, usize> =
            customers.iter().enumerate().rev().map(|(index, customer)| (&*customer.repository, index)).collect();
        let mut tombstones = Vec::new();
        // Repositories that the run does not have, and of which something stands in the way.
        let mut stopped: BTreeSet<SmolStr> = BTreeSet::new();
        let mut missing: BTreeMap<SmolStr, Vec<String>> = BTreeMap::new();
        for orphan in orphans {
            let identity = current_identity(&orphan.identity, self.platform);
            let customer = by_name.get(identity.repository.as_str()).copied();
            known.whole = self.run.coverage().covers(&identity.repository);
            let of_customer = customer.and_then(|index| customers.get(index));
            let names = listing.names(&orphan.directory).cloned().unwrap_or_default();
            if let Some(MoveNote::To(to)) = self.tree.move_note(&orphan.directory, &names)? {
                let stops = match of_customer.filter(|customer| customer.roots.is_some()) {
                    Some(_) => self.left_by_move(orphan.clone(), &identity, &to, customer, &names, &mut tombstones)?,
                    None => false,
                };
                if let (true, Some(index)) = (stops, customer) {
                    fail(diffs, index);
                }
                continue;
            }
            let fate = fate(orphan, known, self.platform);
            let Orphan { directory, identity: on_disk } = orphan.clone();
            let repository = identity.repository.clone();
            let stops = match fate {
                OrphanAction::Untouched => false,
                OrphanAction::Missing => {
                    missing.entry(identity.repository).or_default().push(directory);
                    false
                }
                OrphanAction::Moved(key) => {
                    let mut roots = of_customer.iter().flat_map(|customer| customer.roots.iter().flatten());
                    let place = roots.find(|root| root.key == key).and_then(|root| root.place.as_ref());
                    self.is_reported_at_old_place(&directory, &names, &key)? || self.key_changed(&identity, &directory, &key, place)
                }
                // No run writes the file again, whatever its options: the deployment is gone, and with it what the file is made from.
                OrphanAction::Tombstone if !names.iter().any(|name| name == BACKEND_FILE) => {
                    let help = "the deployment is gone from the documents, so nothing writes the file again: restore it from an earlier version of the tree. If there is none, write the deployment into the documents again as it was; `--overwrite` then writes the file as it would be now, if the place has not changed since";
                    self.lost(&identity, &directory, None, help)
                }
                OrphanAction::Tombstone => {
                    let plan = plan_tombstone(&identity, &self.tree.files(&directory, &names)?, self.platform);
                    self.tree.refuse_newer(&directory, &plan)?;
                    let mut stops = self.removed(&identity, &directory, of_customer);
                    let obstacles: Vec<&Change> = plan.obstacles(self.options.overwrite).collect();
                    for change in obstacles {
                        stops |= self.obstacle(&directory, change, Some(Arc::from(identity.repository.as_str())), None);
                    }
                    if !stops {
                        tombstones.push(Tombstone { directory, identity: on_disk, diff: plan, customer });
                    }
                    stops
                }
            };
            match customer {
                Some(index) if stops => fail(diffs, index),
                None if stops => {
                    stopped.insert(repository);
                }
                Some(_) | None => {}
            }
        }
        for (repository, directories) in missing {
            self.missing(&repository, &directories);
        }
        tombstones.retain(|tombstone| !stopped.contains(&current_name(&tombstone.identity.repository, self.platform)));
        Ok(tombstones)
    }

    pub(super) fn key_changed(&mut self, identity: &RootIdentity, from: &str, to: &StateKey, place: Option<&source::Place>) -> bool {
        let help = self.move_help(from, to.directory());
        self.push_at(
            &codes::STATE_KEY_CHANGED,
            Some(Arc::from(identity.repository.as_str())),
            place,
            format!("the state key of {identity} would change from `{}` to `{to}`", StateKey::of_directory(from)),
            help,
        )
    }

    fn missing(&mut self, repository: &str, directories: &[String]) {
        let first = directories.first().map(|directory| self.tree.shown(directory)).unwrap_or_default();
        let more = match directories.len() {
            0 | 1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        // The names in the cloud are made from the id, which the earlier name may have been.
        let standing = directories.first().and_then(|directory| self.tree.standing(directory, self.platform));
        let id = standing.and_then(|standing| standing.customer_id).map(|id| format!("customer_id: {id}, ")).unwrap_or_default();
        let report = self.report(
            &codes::CUSTOMER_MISSING,
            Some(Arc::from(repository)),
            None,
            format!("the repository `{repository}` is gone, and its roots are still there: `{first}`{more}"),
            format!(
                "restore the repository. If it was renamed, write `{{{id}formerly: {repository}}}` as the registry entry of the new name; `compile` then prints the `terralet move` that carries its state over. If the customer left, write `offboarded: true` in its entry, so that its infrastructure can be destroyed. `--allow-missing` continues without it"
            ),
        );
        self.push(if self.options.allow_missing { report.with_severity(Severity::Warning) } else { report });
    }

    fn removed(&mut self, identity: &RootIdentity, directory: &str, customer: Option<&CompiledCustomer>) -> bool {
        let mut help = format!(
            "review and apply `{}`: its plan destroys what was there; then `terralet prune{} {}` removes the directory. If the deployment was only renamed, `terralet move {} ADDRESS` gives the new root its state",
            self.tree.shown(directory),
            self.options.tree_option,
            quoted(directory),
            quoted(directory)
        );
        if self.platform.is_protected(&identity.environment) {
            help.push_str(
                ". The environment is protected: the apply is refused until a person switches deletion protection off on the load balancer and the database, lets go of the keys of the database and the cache, and takes the policies of queues away",
            );
        }
        let message = format!("the deployment {identity} is gone from the documents, and its infrastructure is not");
        let mut report = self.report(&codes::DEPLOYMENT_REMOVED, Some(Arc::from(identity.repository.as_str())), None, message, help);
        if let Some((place, text)) = customer.and_then(|customer| cause(identity, directory, customer)) {
            let location = self.run.locate(place);
            report.labels.push(ReportLabel { location, text: text.into() });
        }
        self.push(report)
    }

    /// A place in a file of the tree, as it is on disk; its first line where there is no better one.
    pub(super) fn on_disk(&self, directory: &str, change: &Change, place: Option<Range<usize>>, text: &str) -> Option<ReportLabel> {
        let old = change.old.as_ref()?;
        let range = place.unwrap_or_else(|| 0..old.find('\n').unwrap_or(old.len()));
        let (start, end) = (u32::try_from(range.start).ok()?, u32::try_from(range.end).ok()?);
        let file = Arc::new(SourceFile::new(self.tree.shown(&format!("{directory}/{}", change.name)), old.as_str()));
        Some(ReportLabel { location: Location { file, start, end }, text: text.to_owned().into() })
    }
}

/// Where documents do not say a deployment that is gone, and what they say there.
fn cause<'c>(identity: &RootIdentity, directory: &str, customer: &'c CompiledCustomer) -> Option<(&'c source::Place, String)> {
    let RootIdentity { environment, region, service, .. } = identity;
    let is_regional = directory.split('/').any(|part| part == region);
    let mut here = customer.roots.iter().flatten().filter(|live| live.identity.environment == *environment);
    // Where the environment is still in the region, only a service of it is gone.
    let is_left = here.any(|live| live.identity.region == *region);
    let selection = || customer.selections.iter().find(|(selected, _)| selected == region).map(|(_, place)| place);
    if let Some(place) = selection().filter(|_| is_regional && !is_left) {
        return Some((place, format!("`{environment}` is not among the environments of `{region}`")));
    }
    let placed = service.as_deref().and_then(|service| customer.placed_services.iter().find(|(placed, _)| placed == service));
    if let Some((service, place)) = placed.filter(|_| is_left) {
        return Some((place, format!("the service `{service}` is no longer in `{environment}` in `{region}`")));
    }
    let place = customer.listed.as_ref()?;
    Some((
        place,
        match (is_left, service) {
            (true, Some(service)) => format!("no document makes the service `{service}` any more"),
            (true, None) | (false, _) => format!("`{environment}` is no longer deployed in `{region}`"),
        },
    ))
}
