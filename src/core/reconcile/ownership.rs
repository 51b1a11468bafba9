//! Whose a directory and a prefix are: the tree says it, and who comes has to go round who stands (platform.md, "Identity and ownership").

use super::differ::{CustomerDiff, Holder};
use super::{Owners, Reconciler};
use crate::compile::{CompiledCustomer, Root};
use crate::diagnostics::{Code, codes};
use crate::fleet::between_customers;
use crate::terraform::RootIdentity;
use crate::tree::{Orphan, current_identity, current_name, may_share};
use smol_str::SmolStr;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Reconciler<'_> {
    /// Whose roots are below each prefix: prefixes as they are compared, with repositories under the names that they have now; sorted.
    pub(super) fn owners(&self, customers: &[CompiledCustomer], diffs: &[CustomerDiff], orphans: &[Orphan]) -> Vec<(String, SmolStr)> {
        let platform = self.platform;
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
        for (customer, diff) in customers.iter().zip(diffs) {
            for (root, holder) in diff.holders(customer, platform) {
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
    /// them. What stands is stopped by nobody. Gives the customers of whom nothing may be written.
    pub(super) fn ownership(&mut self, customers: &[CompiledCustomer], diffs: &[CustomerDiff], owners: &Owners) -> BTreeSet<usize> {
        let platform = self.platform;
        let mut failed = BTreeSet::new();
        for (index, (customer, diff)) in customers.iter().zip(diffs).enumerate() {
            let mut conflicts: BTreeSet<&str> = BTreeSet::new();
            for (root, holder) in diff.holders(customer, platform) {
                let prefix = root.key.prefix();
                let other = match holder {
                    Holder::Root | Holder::Repository => continue,
                    Holder::Another(owner) => {
                        let owner = current_identity(owner, platform);
                        if may_share(&customer.repository, &owner.repository, platform) {
                            failed.insert(index);
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
                failed.insert(index);
                self.push_at(
                    &codes::CUSTOMER_ID_CONFLICT,
                    Some(Arc::clone(&customer.repository)),
                    root.place.as_ref(),
                    format!("the state prefix `{prefix}` belongs to another repository"),
                    "write a `customer_id` of its own for this repository; if both belong to one customer, or this one was renamed, the service provider's registry has to say so, with one `customer_id` for both or with `formerly`",
                );
                let message = format!("the state prefix `{prefix}` belongs to `{other}`, and `{}` wants it", customer.repository);
                self.between(&codes::CUSTOMER_ID_CONFLICT, &message);
            }
        }
        failed
    }

    /// A repository with roots below a prefix that another one may not share.
    pub(super) fn stranger<'o>(&self, prefix: &str, repository: &str, owners: &'o Owners) -> Option<&'o SmolStr> {
        owners_below(prefix, owners).find(|other| !may_share(repository, other, self.platform))
    }

    /// `state-key-collision` with a root on disk, of a repository that the run need not cover.
    fn taken(&mut self, customer: &CompiledCustomer, root: &Root, owner: &RootIdentity) {
        self.push_at(
            &codes::STATE_KEY_COLLISION,
            Some(Arc::clone(&customer.repository)),
            root.place.as_ref(),
            format!("the state key `{}` of {} belongs to another repository", root.key, root.identity),
            "rename the environment or the service; where the other deployment is gone, the service provider destroys what it made and runs `terralet prune` first",
        );
        self.between(&codes::STATE_KEY_COLLISION, &format!("the state key `{}` of {owner} is wanted by {}", root.key, root.identity));
    }

    /// Says for the operator what stands between two customers. A run over some customers may be read by one of them.
    pub(super) fn between(&mut self, code: &Code, message: &str) {
        if self.run.coverage().is_for_operator() {
            self.reports.push(between_customers(code, message));
        }
    }
}

/// The repositories that have roots below a prefix.
pub(super) fn owners_below<'o>(prefix: &str, owners: &'o Owners) -> impl Iterator<Item = &'o SmolStr> + use<'o> {
    let known_as = folded(prefix).into_owned();
    let first = owners.partition_point(|(known, _)| *known < known_as);
    owners.iter().skip(first).take_while(move |(known, _)| *known == known_as).map(|(_, owner)| owner)
}

/// A prefix as prefixes are compared: many file systems take two that differ in case alone for one directory.
pub fn folded(prefix: &str) -> Cow<'_, str> {
    if prefix.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(prefix.to_ascii_lowercase()) } else { Cow::Borrowed(prefix) }
}
