//! The part of the tree that a run over a few customers has to know: what is below their prefixes, and, where one of them comes with something
//! that others may have, the roots of everybody else.

use super::Reconciler;
use super::differ::{CustomerDiff, Holder};
use super::ownership::folded;
use crate::check::{FleetNetwork, GlobalName, NamedThing};
use crate::compile::{CompiledCustomer, Root};
use crate::emit::MODULES;
use crate::failure::Failure;
use crate::fleet::{is_named_by, may_be_misspelt};
use crate::tree::{Directory, Listing, Orphan, Standing, current_name, may_share};
use smol_str::SmolStr;
use std::borrow::Cow;
use std::collections::BTreeSet;

impl Reconciler<'_> {
    /// The part of the tree that a run over a few customers has to know, and the other roots of repositories that have nothing to do with
    /// them, where one of them comes with what others may have.
    pub(super) fn part(&self, customers: &[CompiledCustomer], diffs: &[CustomerDiff]) -> Result<(Listing, Vec<Orphan>), Failure> {
        // Below what a customer with errors asks for, roots of another customer of the run may be.
        let asked_for = customers.iter().flat_map(|customer| customer.roots.iter().flatten().chain(&customer.unproven));
        let mut prefixes: BTreeSet<&str> = BTreeSet::new();
        prefixes.extend(asked_for.map(|root| root.key.prefix()));
        let mut known_as: BTreeSet<Cow<'_, str>> = BTreeSet::new();
        known_as.extend(prefixes.iter().map(|prefix| folded(prefix)));
        let (on_disk, Listing { leftovers, .. }) = self.tree.top()?;
        let mut listing = Listing { leftovers, ..Listing::default() };
        let of_prefixes: Vec<Listing> = prefixes.iter().map(|prefix| self.tree.list(prefix)).collect::<Result<_, _>>()?;
        listing.extend(of_prefixes);
        let platform = self.platform;
        let mut pairs = customers.iter().zip(diffs);
        let makes_new = pairs.any(|(customer, diff)| diff.holders(customer, platform).any(|(_, holder)| !matches!(holder, Holder::Root)));
        // Who it is may be what is wrong with a customer: what it would make is not there, and what it has may stand below any prefix.
        let stands = |root: &Root| self.tree.standing(root.key.directory(), platform).is_some_and(|it| it.identity == root.identity);
        let makes_new = makes_new || customers.iter().flat_map(|customer| &customer.unproven).any(|root| !stands(root));
        // A name may be that of a root of another repository with the same id.
        let shares = customers.iter().any(|customer| platform.registry.shares_id(&customer.repository));
        let offboards = customers.iter().any(|customer| platform.is_offboarded(&customer.repository));
        // What it had under another name may stand below any prefix.
        let had_another_name =
            |customer: &CompiledCustomer| platform.registry.get(&customer.repository).is_some_and(|entry| entry.formerly.is_some());
        let is_renamed = customers.iter().any(had_another_name);
        let is_slip = may_be_misspelt(customers.iter().map(|customer| &*customer.repository), platform);
        let mut pairs = customers.iter().zip(diffs).filter(|(_, diff)| !diff.roots.is_empty());
        let takes = pairs.any(|(customer, _)| self.takes_what_others_may_have(customer));
        let (mut parts, mut others) = (Vec::new(), Vec::new());
        for prefix in on_disk.iter().filter(|prefix| *prefix != MODULES) {
            if prefixes.contains(prefix.as_str()) {
                continue;
            }
            if known_as.contains(&folded(prefix)) {
                parts.push(self.tree.list(prefix)?);
                continue;
            }
            if !(makes_new || shares || takes || offboards || is_renamed || is_slip) {
                continue;
            }
            // A new root may be one that moved, and who left has no prefix any more: whose roots are the others?
            let below = self.tree.list(prefix)?;
            let roots = self.roots_below(&below)?;
            let mut owners: BTreeSet<SmolStr> = BTreeSet::new();
            owners.extend(roots.iter().map(|root| current_name(&root.identity.repository, platform)));
            let mut concerned = customers.iter();
            if concerned.any(|customer| owners.iter().any(|owner| may_share(&customer.repository, owner, platform))) {
                parts.push(below);
            } else {
                others.extend(roots);
            }
        }
        listing.extend(parts);
        Ok((listing, others))
    }

    /// True for a customer that claims an id, writes a network or a name for all accounts, or names a thing, which its roots on disk do not have.
    fn takes_what_others_may_have(&self, customer: &CompiledCustomer) -> bool {
        let platform = self.platform;
        let Some(facts) = &customer.fleet else { return false };
        let roots = customer.roots.iter().flatten();
        let standing: Vec<Standing> = roots.filter_map(|root| self.tree.standing(root.key.directory(), platform)).collect();
        let has_network = |network: &FleetNetwork| standing.iter().any(|root| root.network == Some(network.network));
        let has_id = |id: &SmolStr| standing.iter().any(|root| root.customer_id.as_ref() == Some(id));
        let has_global = |given: &GlobalName| standing.iter().any(|root| root.passes(given.input, &given.name));
        let has_name = |thing: &NamedThing| standing.iter().any(|root| is_named_by(root, facts, thing));
        !facts.networks.iter().all(has_network)
            || !facts.named.iter().all(has_name)
            || !facts.global_names.iter().all(has_global)
            || !facts.registered && !facts.customer_id.iter().all(has_id)
    }

    /// The roots in a part of the tree.
    fn roots_below(&self, part: &Listing) -> Result<Vec<Orphan>, Failure> {
        let directories: Vec<&Directory> = part.directories.iter().collect();
        let headers = self.tree.headers(&directories)?;
        let found = directories
            .into_iter()
            .zip(headers)
            .filter_map(|((directory, _), header)| Some(Orphan { directory: directory.to_string(), identity: header?.identity }));
        Ok(found.collect())
    }
}
