//! What the tree on disk says of a compile: whose prefixes are whose, which state would move, what is destroyed, and what becomes of
//! roots whose deployment is gone (platform.md, "Identity and ownership").

use super::against::{Against, Tombstone, differing_roots, fail};
use super::moving::shell;
use super::plan::{CustomerPlan, Holder, Planned};
use smol_str::SmolStr;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use terralet_core::compile::{Customer, Root};
use terralet_core::diagnostics::{Code, ReportLabel, Severity, and_list, codes};
use terralet_core::emit::MoveNote;
use terralet_core::failure::Failure;
use terralet_core::fleet::between_customers;
use terralet_core::source::{self, Location, SourceFile};
use terralet_core::terraform::{RootIdentity, StateKey};
use terralet_core::tree::{
    Change, Fate, FileState, Harm, HarmKind, Known, Orphan, current_identity, current_name, fate, may_share, plan_tombstone,
};
use terralet_host::fleet::tree_report;
use terralet_host::listing::Listing;

impl Against<'_> {
    /// Whose roots are below each prefix: prefixes as they are compared, with repositories under the names that they have now; sorted.
    pub(super) fn owners(&self, customers: &[Customer], plans: &[CustomerPlan], orphans: &[Orphan]) -> Vec<(String, SmolStr)> {
        let platform = &self.workspace.platform;
        let mut owners: Vec<(String, SmolStr)> = Vec::new();
        // The roots of a prefix come one behind the other.
        let mut own = |prefix: &str, repository: &str| {
            let prefix = folded(prefix);
            if owners.last().is_none_or(|(known, owner)| *known != *prefix || owner != repository) {
                owners.push((prefix.into_owned(), SmolStr::new(repository)));
            }
        };
        for orphan in orphans {
            own(orphan.directory.split('/').next().unwrap_or(""), &current_name(&orphan.identity.repository, platform));
        }
        for (customer, plan) in customers.iter().zip(plans) {
            for (root, holder) in plan.holders(customer, platform) {
                if matches!(holder, Holder::Root | Holder::Repository) {
                    own(root.key.prefix(), &customer.repository);
                }
            }
        }
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    /// A directory belongs to the root that it holds, and a prefix to the repositories whose roots are below it: who comes has to go round
    /// them. What stands is stopped by nobody.
    pub(super) fn ownership(&mut self, customers: &[Customer], plans: &[CustomerPlan], owners: &[(String, SmolStr)], failed: &mut [bool]) {
        let platform = &self.workspace.platform;
        for (index, (customer, plan)) in customers.iter().zip(plans).enumerate() {
            let mut conflicts: BTreeSet<&str> = BTreeSet::new();
            for (root, holder) in plan.holders(customer, platform) {
                let prefix = root.key.prefix();
                let other = match holder {
                    Holder::Root | Holder::Repository => continue,
                    Holder::Another(owner) => {
                        let owner = current_identity(owner, platform);
                        if may_share(&customer.repository, &owner.repository, platform) {
                            fail(failed, index);
                            self.taken(customer, root, &owner);
                            continue;
                        }
                        owner.repository
                    }
                    Holder::Nobody => {
                        let Some(other) = self.stranger(prefix, &customer.repository, owners) else { continue };
                        other.clone()
                    }
                };
                // One of a prefix says it for all.
                if !conflicts.insert(prefix) {
                    continue;
                }
                fail(failed, index);
                self.tell(tree_report(
                    &codes::CUSTOMER_ID_CONFLICT,
                    Some(Arc::clone(&customer.repository)),
                    self.located(root.place.as_ref()).as_ref(),
                    format!("the state prefix `{prefix}` belongs to another repository"),
                    "write a `customer_id` of its own for this repository; where both belong to one customer, or this one had another name before, the service provider's registry has to say so, with one `customer_id` for both, or with `formerly`",
                ));
                let message = format!("the state prefix `{prefix}` belongs to `{other}`, and `{}` wants it", customer.repository);
                self.between(&codes::CUSTOMER_ID_CONFLICT, &message);
            }
        }
    }

    /// A repository with roots below a prefix that another one may not share.
    fn stranger<'o>(&self, prefix: &str, repository: &str, owners: &'o [(String, SmolStr)]) -> Option<&'o SmolStr> {
        owners_below(prefix, owners).find(|other| !may_share(repository, other, &self.workspace.platform))
    }

    /// `state-key-collision` with a root on disk, of a repository that the run need not cover.
    fn taken(&mut self, customer: &Customer, root: &Root, owner: &RootIdentity) {
        self.tell(tree_report(
            &codes::STATE_KEY_COLLISION,
            Some(Arc::clone(&customer.repository)),
            self.located(root.place.as_ref()).as_ref(),
            format!("the state key `{}` of {} belongs to another repository", root.key, root.identity),
            "rename the environment or the service; where the other deployment is gone, the service provider destroys what it made and runs `terralet prune` first",
        ));
        self.between(&codes::STATE_KEY_COLLISION, &format!("the state key `{}` of {owner} is wanted by {}", root.key, root.identity));
    }

    /// Says for the operator what stands between two customers. A run over some customers may be read by one of them.
    fn between(&mut self, code: &Code, message: &str) {
        if self.targets.whole || self.targets.shard.is_some() {
            self.reports.push(between_customers(code, message));
        }
    }

    /// What the differences of live roots mean.
    pub(super) fn differing(
        &mut self,
        customers: &[Customer],
        plans: &[CustomerPlan],
        (known, owners): (&Known, &[(String, SmolStr)]),
        failed: &mut [bool],
    ) -> Result<(), Failure> {
        for (index, (customer, plan)) in customers.iter().zip(plans).enumerate() {
            for (root, planned) in differing_roots(customer, plan) {
                // Nothing of another repository's root is shown, nor of what stands beside it below its prefix.
                match planned.holder(&root.identity, &self.workspace.platform) {
                    Holder::Another(_) => continue,
                    Holder::Nobody if self.stranger(root.key.prefix(), &customer.repository, owners).is_some() => continue,
                    Holder::Nobody | Holder::Root | Holder::Repository => {}
                }
                if self.is_taken_by_move(customer, root, planned)? {
                    fail(failed, index);
                    continue;
                }
                let mut stops = self.moved_place(customer, root, planned);
                stops |= self.lost_place(root, planned);
                stops |= match self.other_identity(customer, root, planned, known) {
                    Some(stops) => stops,
                    None => self.harmed(customer, root, planned),
                };
                let obstacles: Vec<&Change> = planned.plan.obstacles(self.options.overwrite).collect();
                for change in obstacles {
                    let repository = Some(Arc::clone(&customer.repository));
                    stops |= self.obstacle(root.key.directory(), change, repository, root.place.as_ref());
                }
                if stops {
                    fail(failed, index);
                }
            }
        }
        Ok(())
    }

    /// `state-key-changed`: the same key, in another place.
    fn moved_place(&mut self, customer: &Customer, root: &Root, planned: &Planned) -> bool {
        let moved = planned.plan.moved(self.options.overwrite);
        let (Some((old, new)), Some(change)) = (moved, planned.plan.change(BACKEND_FILE)) else { return false };
        let directory = root.key.directory();
        let from = if old.is_empty() { "a `backend.tf` that cannot be read".to_owned() } else { difference(&old, &new) };
        let message = format!("the state of {} would move: on disk {from}, now {}", root.identity, difference(&new, &old));
        let help = match change.state {
            FileState::HandEdited => {
                "`backend.tf` was edited by hand, and what it says may be where the state is: take the edit back".to_owned()
            }
            _ => self.move_help(directory, directory),
        };
        let repository = Some(Arc::clone(&customer.repository));
        let mut report = tree_report(&codes::STATE_KEY_CHANGED, repository, self.located(root.place.as_ref()).as_ref(), message, &help);
        report.labels.extend(self.on_disk(directory, change, None, "its state is here"));
        self.tell(report)
    }

    /// `state-key-changed`: nothing on disk says any more where the state is. What other roots say proves nothing: moves in place give one
    /// root another place after the other.
    fn lost_place(&mut self, root: &Root, planned: &Planned) -> bool {
        if self.options.overwrite || !planned.plan.has_lost_place() {
            return false;
        }
        let help = "bring the file back from an earlier version of the tree; where the place has not changed since, `--overwrite` writes it as it would be now";
        self.lost(&root.identity, root.key.directory(), root.place.as_ref(), help)
    }

    fn lost(&mut self, identity: &RootIdentity, directory: &str, place: Option<&source::Place>, help: &str) -> bool {
        let file = self.shown(directory, BACKEND_FILE);
        let message = format!("nothing says any more where the state of {identity} is: `{file}` is missing or cut off");
        let repository = Some(Arc::from(identity.repository.as_str()));
        self.tell(tree_report(&codes::STATE_KEY_CHANGED, repository, self.located(place).as_ref(), message, help))
    }

    /// What it means that a directory holds another deployment than it did; nothing where it holds the same. True when it stops.
    fn other_identity(&mut self, customer: &Customer, root: &Root, planned: &Planned, known: &Known) -> Option<bool> {
        let (directory, identity) = (root.key.directory(), &root.identity);
        let was = current_identity(planned.plan.identity.as_ref()?, &self.workspace.platform);
        if was == *identity {
            return None;
        }
        let repository = Some(Arc::clone(&customer.repository));
        if let Some(key) = known.keys.get(&was) {
            return Some(self.key_changed(&was, directory, key, root.place.as_ref()));
        }
        let message = format!("`{directory}` was {was} and becomes {identity}: everything in it is replaced");
        let help = "the plan destroys what is there and makes it anew elsewhere; to keep it, take the change back";
        let mut report = tree_report(&codes::DESTRUCTIVE_CHANGE, repository, self.located(root.place.as_ref()).as_ref(), message, help);
        let mut changes = planned.plan.changes.iter();
        if let Some(change) = changes.find(|change| change.old.is_some()) {
            report.labels.extend(self.on_disk(directory, change, None, &format!("{was} is here")));
        }
        Some(self.tell(report))
    }

    /// `destructive-change`: what the cloud replaces, destroys or refuses of a network or a database.
    fn harmed(&mut self, customer: &Customer, root: &Root, planned: &Planned) -> bool {
        let mut stops = false;
        for (Harm { kind, place }, origin) in &planned.harms {
            let file = if let HarmKind::AccountChanged { .. } = kind { "providers.tf" } else { "main.tf" };
            let Some(change) = planned.stale(file) else { continue };
            let written = origin.as_ref().or(root.place.as_ref());
            let first_service = customer.services.first().filter(|_| root.identity.service.is_none() && moves_instances(kind));
            let written = first_service.map(|(_, place)| place).or(written);
            let HarmWords { code, message, was, help } = match first_service {
                Some((service, _)) => to_services(service, &root.identity),
                None => harm_words(kind, &root.identity),
            };
            let repository = Some(Arc::clone(&customer.repository));
            let mut report = tree_report(code, repository, self.located(written).as_ref(), message, help);
            report.labels.extend(self.on_disk(root.key.directory(), change, Some(place.clone()), &was));
            stops |= self.tell(report);
        }
        stops
    }

    /// What becomes of the roots on disk that no deployment of the run has. Gives those that are tombstones now.
    pub(super) fn fates(
        &mut self,
        orphans: &[Orphan],
        known: &mut Known,
        customers: &[Customer],
        listing: &Listing,
        failed: &mut [bool],
    ) -> Result<Vec<Tombstone>, Failure> {
        if orphans.is_empty() {
            return Ok(Vec::new());
        }
        // Of several of one name the first.
        let by_name: BTreeMap<&str, usize> =
            customers.iter().enumerate().rev().map(|(index, customer)| (&*customer.repository, index)).collect();
        let mut tombstones = Vec::new();
        let mut missing: BTreeMap<SmolStr, Vec<String>> = BTreeMap::new();
        for orphan in orphans {
            let identity = current_identity(&orphan.identity, &self.workspace.platform);
            let customer = by_name.get(identity.repository.as_str()).copied();
            known.whole = self.targets.covers(&identity.repository);
            let of_customer = customer.and_then(|index| customers.get(index));
            let names = listing.names(&orphan.directory).cloned().unwrap_or_default();
            if let Some(MoveNote::To(to)) = self.output.move_note(&orphan.directory, &names)? {
                let stops = match of_customer.filter(|customer| customer.roots.is_some()) {
                    Some(_) => self.left_by_move(orphan.clone(), &identity, &to, customer, &names, &mut tombstones)?,
                    None => false,
                };
                if let (true, Some(index)) = (stops, customer) {
                    fail(failed, index);
                }
                continue;
            }
            let fate = fate(orphan, known, &self.workspace.platform);
            let Orphan { directory, identity: on_disk } = orphan.clone();
            let stops = match fate {
                Fate::Untouched => false,
                Fate::Missing => {
                    missing.entry(identity.repository).or_default().push(directory);
                    false
                }
                Fate::Moved(key) => {
                    let mut roots = of_customer.iter().flat_map(|customer| customer.roots.iter().flatten());
                    let place = roots.find(|root| root.key == key).and_then(|root| root.place.as_ref());
                    self.is_told_of_old_place(&directory, &names, &key)? || self.key_changed(&identity, &directory, &key, place)
                }
                // No run writes the file again, whatever its options: the deployment is gone, and with it what the file is made from.
                Fate::Tombstone if !names.iter().any(|name| name == BACKEND_FILE) => {
                    let help = "the deployment is gone from the documents, so that nothing writes the file again: bring it back from an earlier version of the tree. Where there is none, write the deployment into the documents again as it was; `--overwrite` then writes the file as it would be now, if the place has not changed since";
                    self.lost(&identity, &directory, None, help)
                }
                Fate::Tombstone => {
                    let plan = plan_tombstone(&identity, &self.output.files(&directory, &names)?, &self.workspace.platform);
                    self.output.refuse_newer(&directory, &plan)?;
                    let mut stops = self.removed(&identity, &directory, of_customer);
                    let obstacles: Vec<&Change> = plan.obstacles(self.options.overwrite).collect();
                    for change in obstacles {
                        stops |= self.obstacle(&directory, change, Some(Arc::from(identity.repository.as_str())), None);
                    }
                    if !stops {
                        tombstones.push(Tombstone { directory, identity: on_disk, plan, customer });
                    }
                    stops
                }
            };
            if let (true, Some(index)) = (stops, customer) {
                fail(failed, index);
            }
        }
        for (repository, directories) in missing {
            self.missing(&repository, &directories);
        }
        Ok(tombstones)
    }

    fn key_changed(&mut self, identity: &RootIdentity, from: &str, to: &StateKey, place: Option<&source::Place>) -> bool {
        let help = self.move_help(from, to.directory());
        self.tell(tree_report(
            &codes::STATE_KEY_CHANGED,
            Some(Arc::from(identity.repository.as_str())),
            self.located(place).as_ref(),
            format!("the state key of {identity} would change from `{}` to `{to}`", StateKey::of_directory(from)),
            &help,
        ))
    }

    fn missing(&mut self, repository: &str, directories: &[String]) {
        let first = directories.first().map(|directory| self.shown(directory, "")).unwrap_or_default();
        let more = match directories.len() {
            0 | 1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        // The names in the cloud are made from the id, which the earlier name may have been.
        let standing = directories.first().and_then(|directory| self.output.standing(directory, &self.workspace.platform));
        let id = standing.and_then(|standing| standing.customer_id).map(|id| format!("customer_id: {id}, ")).unwrap_or_default();
        let mut report = tree_report(
            &codes::CUSTOMER_MISSING,
            Some(Arc::from(repository)),
            None,
            format!("the repository `{repository}` is gone, and its roots are still there: `{first}`{more}"),
            &format!(
                "bring the repository back. Where it has another name now, write `{{{id}formerly: {repository}}}` as the registry entry of that name, and `compile` then has the `terralet move` that carries its state over. Where the customer left, write `offboarded: true` in its entry, so that its infrastructure can be destroyed. `--allow-missing` goes on without it"
            ),
        );
        if self.options.allow_missing {
            report.severity = Severity::Warning;
        }
        self.tell(report);
    }

    fn removed(&mut self, identity: &RootIdentity, directory: &str, customer: Option<&Customer>) -> bool {
        let mut help = format!(
            "review and apply `{}`: its plan destroys what was there; then `terralet prune{} {}` removes the directory. Where it only got another name, `terralet move {} ADDRESS` gives the new root its state",
            self.shown(directory, ""),
            self.output_option(),
            shell::quoted(directory),
            shell::quoted(directory)
        );
        if self.workspace.platform.is_protected(&identity.environment) {
            help.push_str(
                ". The environment is protected, so that the apply is refused until a person switches deletion protection off on the load balancer and the database, and lets go of the database's key",
            );
        }
        let message = format!("the deployment {identity} is gone from the documents, and its infrastructure is not");
        let mut report = tree_report(&codes::DEPLOYMENT_REMOVED, Some(Arc::from(identity.repository.as_str())), None, message, &help);
        if let Some((place, text)) = customer.and_then(|customer| cause(identity, directory, customer)) {
            let location = self.workspace.locate(place);
            report.labels.push(ReportLabel { location, text: text.into() });
        }
        self.tell(report)
    }

    /// A place in a file of the tree, as it is on disk; its first line where there is no better one.
    pub(super) fn on_disk(&self, directory: &str, change: &Change, place: Option<Range<usize>>, text: &str) -> Option<ReportLabel> {
        let old = change.old.as_ref()?;
        let range = place.unwrap_or_else(|| 0..old.find('\n').unwrap_or(old.len()));
        let (start, end) = (u32::try_from(range.start).ok()?, u32::try_from(range.end).ok()?);
        let file = Arc::new(SourceFile::new(self.shown(directory, &change.name), old.as_str()));
        Some(ReportLabel { location: Location { file, start, end }, text: text.to_owned().into() })
    }
}

/// The file that says where a root's state is.
const BACKEND_FILE: &str = "backend.tf";

/// The repositories that have roots below a prefix.
pub(super) fn owners_below<'o>(prefix: &str, owners: &'o [(String, SmolStr)]) -> impl Iterator<Item = &'o SmolStr> + use<'o> {
    let known_as = folded(prefix).into_owned();
    let first = owners.partition_point(|(known, _)| *known < known_as);
    owners.iter().skip(first).take_while(move |(known, _)| *known == known_as).map(|(_, owner)| owner)
}

/// A prefix as prefixes are compared: many file systems take two that differ in case alone for one directory.
pub(super) fn folded(prefix: &str) -> Cow<'_, str> {
    if prefix.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(prefix.to_ascii_lowercase()) } else { Cow::Borrowed(prefix) }
}

/// What is told of a harm.
pub(super) struct HarmWords {
    pub(super) code: &'static Code,
    pub(super) message: String,
    /// Of the place on disk.
    pub(super) was: String,
    pub(super) help: &'static str,
}

pub(super) fn harm_words(kind: &HarmKind, identity: &RootIdentity) -> HarmWords {
    match kind {
        HarmKind::CallGone(module) => HarmWords {
            code: &codes::DESTRUCTIVE_CHANGE,
            message: format!("`{module}` of {identity} is gone: everything that it made is destroyed"),
            was: "it was called here".to_owned(),
            help: "write its section again to keep it; what it holds has to be saved before the plan is applied",
        },
        HarmKind::Changed { harmful, old, new } => HarmWords {
            code: &codes::DESTRUCTIVE_CHANGE,
            message: format!("`{}` of {identity} changes from `{old}` to `{new}`: {}", harmful.argument, harmful.effect),
            was: format!("it is `{old}`"),
            help: harmful.help,
        },
        HarmKind::AccountChanged { old, new } => HarmWords {
            code: &codes::DESTRUCTIVE_CHANGE,
            message: match new {
                Some(new) => format!(
                    "the account of {identity} changes from `{old}` to `{new}`: everything is built a second time there, and what stands in `{old}` is forgotten"
                ),
                None => format!(
                    "{identity} is not held to the account `{old}` any more: whatever account the credentials are of gets what the plan makes"
                ),
            },
            was: format!("it is in `{old}`"),
            help: "the service provider takes the change of the registry back; to move to another account, deploy there as another environment, carry the data over, and remove this one",
        },
        HarmKind::EntriesGone { listed, gone } => HarmWords {
            code: if listed.is_destroyed { &codes::DESTRUCTIVE_CHANGE } else { &codes::LIST_ENTRY_REMOVED },
            message: format!(
                "{} {} of `{}` of {identity}: {}",
                some_of(gone),
                if gone.len() == 1 { "goes out" } else { "go out" },
                listed.argument,
                listed.effect
            ),
            was: "as it is".to_owned(),
            help: listed.help,
        },
    }
}

/// The first of several entries, as a list of words.
fn some_of(entries: &[String]) -> String {
    const MOST_NAMED: usize = 5;
    let named = and_list(entries.iter().take(MOST_NAMED).map(String::as_str));
    match entries.len().saturating_sub(MOST_NAMED) {
        0 => named,
        more => format!("{named}, and {more} more"),
    }
}

/// True where the instances of a root without a service go.
fn moves_instances(kind: &HarmKind) -> bool {
    matches!(kind, HarmKind::CallGone("customer-compute"))
}

/// What is said where a customer without services gets some: from then on each service has instances, and what they share has none.
fn to_services(service: &str, identity: &RootIdentity) -> HarmWords {
    HarmWords {
        code: &codes::DESTRUCTIVE_CHANGE,
        message: format!("with the service `{service}` the instances of {identity} move to services: all that are there are destroyed"),
        was: "they are here".to_owned(),
        help: "as soon as there is one service, every instance belongs to one, with a load balancer, a name and an address of its own; to keep what is there, take the service back",
    }
}

/// Where documents do not say a deployment that is gone, and what they say there.
fn cause<'c>(identity: &RootIdentity, directory: &str, customer: &'c Customer) -> Option<(&'c source::Place, String)> {
    let RootIdentity { environment, region, service, .. } = identity;
    let is_regional = directory.split('/').any(|part| part == region);
    let mut here = customer.roots.iter().flatten().filter(|live| live.identity.environment == *environment);
    // Where the environment is still in the region, only a service of it is gone.
    let is_left = here.any(|live| live.identity.region == *region);
    let selection = || customer.selections.iter().find(|(selected, _)| selected == region).map(|(_, place)| place);
    if let Some(place) = selection().filter(|_| is_regional && !is_left) {
        return Some((place, format!("`{environment}` is not among the environments of `{region}`")));
    }
    let place = customer.listed.as_ref()?;
    Some((
        place,
        match (is_left, service) {
            (true, Some(service)) => format!("no document makes the service `{service}` any more"),
            (true, None) | (false, _) => format!("`{environment}` is not deployed in `{region}` any more"),
        },
    ))
}

fn difference(one: &[String], other: &[String]) -> String {
    let only: Vec<String> = one.iter().filter(|line| !other.contains(line)).map(|line| format!("`{line}`")).collect();
    if only.is_empty() { "nothing".to_owned() } else { only.join(", ") }
}
