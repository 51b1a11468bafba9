//! What a run reports and does, by the rules of ownership: read from them line by line, without a thought for speed.

use super::claims;
use super::deployments::{Deployment, Identity, customer_id, deployments};
use super::fleet::{Content, Fleet, name_of};
use super::roots;
use super::tree::{Kind, Root, Tree, prefix};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Severity, code, customer.
pub(crate) type Reported = (&'static str, &'static str, Option<String>);

/// Which repositories a run covers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scope {
    Whole,
    Shard(u64, u64),
    Customer(String),
    Paths(Vec<String>),
}

/// A call of `compile` or `check`.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) scope: Scope,
    /// `check`, which does not look at the tree.
    pub(crate) documents_only: bool,
    /// `compile --check`.
    pub(crate) dry: bool,
    pub(crate) allow_missing: bool,
    pub(crate) overwrite: bool,
}

/// What a run has to report and to do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prediction {
    /// The exit statuses that will do: one, but for `--check` over a tree that a killed run left.
    pub(crate) status: BTreeSet<i32>,
    pub(crate) must: BTreeSet<Reported>,
    /// What the rules leave open: more about customers that have failed anyway.
    pub(crate) may: BTreeSet<Reported>,
    pub(crate) tree: Tree,
    /// The roots of customers that the run covers and that have not failed.
    pub(crate) written: BTreeSet<String>,
}

/// A repository of the run.
pub(crate) struct Customer<'f> {
    pub(crate) name: &'f str,
    pub(crate) content: &'f Content,
    pub(crate) id: String,
    pub(crate) registered: bool,
    pub(crate) deployments: Vec<Deployment>,
    pub(crate) offboarded: bool,
    /// Its documents have errors of their own, whoever is next to it.
    pub(crate) unread: bool,
    /// Its name is another's, so that nothing else is asked of it.
    pub(crate) duplicate: bool,
    /// It has an error in its documents or because of other customers, so that its roots are not asked for.
    pub(crate) wrong: bool,
    pub(crate) failed: bool,
}

impl Customer<'_> {
    /// Its networks, with the account that each is in.
    pub(crate) fn networks(&self) -> BTreeSet<(Option<String>, String)> {
        let with_account = |deployment: &Deployment| Some((deployment.account.clone(), deployment.network.clone()?));
        self.deployments.iter().filter_map(with_account).collect()
    }

    /// True when what it says can be read, and is asked for.
    pub(crate) fn takes_part(&self) -> bool {
        !self.offboarded && !self.duplicate && !self.content.broken
    }
}

/// A run in the making.
pub(crate) struct Run<'f> {
    pub(crate) fleet: &'f Fleet,
    pub(crate) tree: &'f Tree,
    pub(crate) call: &'f Call,
    pub(crate) customers: Vec<Customer<'f>>,
    /// The customers of whom it is known who they are.
    pub(crate) named: Vec<usize>,
    pub(crate) must: BTreeSet<Reported>,
    pub(crate) may: BTreeSet<Reported>,
}

/// Codes that are about the tree, and under `--check` a difference.
const OF_THE_TREE: [&str; 2] = ["state-key-changed", "customer-missing"];

/// True when a repository falls to a shard: by its name without case.
pub(crate) fn in_shard(name: &str, number: u64, count: u64) -> bool {
    let digest = Sha256::digest(name.to_ascii_lowercase().as_bytes());
    let first = digest.iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    first % count == number - 1
}

impl Scope {
    /// True when a repository of the workspace is in the run.
    pub(crate) fn has(&self, path: &str) -> bool {
        match self {
            Scope::Whole => true,
            Scope::Shard(number, count) => in_shard(name_of(path), *number, *count),
            Scope::Customer(name) => name_of(path) == name,
            Scope::Paths(paths) => paths.iter().any(|named| named == path),
        }
    }

    /// True when the run would have a repository of this name, so that one that it does not find is gone.
    pub(crate) fn covers(&self, name: &str) -> bool {
        match self {
            Scope::Whole => true,
            Scope::Shard(number, count) => in_shard(name, *number, *count),
            Scope::Customer(_) | Scope::Paths(_) => false,
        }
    }

    fn reports_to_the_provider(&self) -> bool {
        matches!(self, Scope::Whole | Scope::Shard(..))
    }
}

impl<'f> Run<'f> {
    fn new(fleet: &'f Fleet, tree: &'f Tree, call: &'f Call) -> Self {
        let mut customers = Vec::new();
        for path in fleet.repositories.keys().filter(|path| call.scope.has(path)) {
            let Some(content) = fleet.content(path) else { continue };
            let entry = fleet.entry(name_of(path));
            let is_mismatch = entry.id.is_some() && content.claim.is_some() && entry.id != content.claim;
            customers.push(Customer {
                name: name_of(path),
                content,
                id: customer_id(fleet, path, content),
                registered: entry.id.is_some(),
                deployments: if entry.offboarded || content.broken { Vec::new() } else { deployments(fleet, path) },
                offboarded: entry.offboarded,
                unread: !entry.offboarded && (content.broken || is_mismatch),
                duplicate: false,
                wrong: false,
                failed: false,
            });
        }
        Run { fleet, tree, call, customers, named: Vec::new(), must: BTreeSet::new(), may: BTreeSet::new() }
    }

    /// Reports something of a customer's documents or of it next to others.
    pub(crate) fn report(&mut self, index: usize, severity: &'static str, code: &'static str) {
        let name = self.customers[index].name.to_owned();
        self.must.insert((severity, code, Some(name)));
        if self.call.scope.reports_to_the_provider() && code != "misspelt-registration" {
            self.must.insert(("advice", code, None));
        }
        if severity == "error" {
            self.customers[index].wrong = true;
            self.customers[index].failed = true;
        }
    }

    /// Reports something of a customer's roots. Of one whose documents are wrong nobody need look at them.
    pub(crate) fn report_of_tree(&mut self, index: usize, severity: &'static str, code: &'static str, across: bool) {
        let reported = (severity, code, Some(self.customers[index].name.to_owned()));
        let to_provider = (across && self.call.scope.reports_to_the_provider()).then_some(("advice", code, None));
        let list = if self.customers[index].wrong { &mut self.may } else { &mut self.must };
        list.insert(reported);
        list.extend(to_provider);
        self.customers[index].failed |= severity == "error";
    }

    /// The root on disk of a deployment, when the directory has it already.
    pub(crate) fn standing(&self, deployment: &Deployment) -> Option<&'f Root> {
        if self.call.documents_only {
            return None;
        }
        self.tree.get(&deployment.directory).filter(|root| root.current(self.fleet) == deployment.identity)
    }

    /// All roots on disk that are a customer's, wherever they are, as far as the run looks.
    pub(crate) fn own_roots(&self, index: usize) -> impl Iterator<Item = &'f Root> {
        let name = self.customers[index].name;
        let is_own = move |(directory, root): &(&String, &Root)| root.current(self.fleet).repository == name && self.sees(directory);
        self.tree.iter().filter(|_| !self.call.documents_only).filter(is_own).map(|(_, root)| root)
    }

    /// The customer of an identity's repository, where the run has it alone of that name.
    pub(crate) fn of_repository(&self, repository: &str) -> Option<usize> {
        self.customers.iter().position(|customer| customer.name == repository)
    }

    /// False for what a run over a part of the workspace has no reason to look at: below prefixes that are none of its roots', while it makes
    /// no new root and would make none if no customer had errors, nobody shares an id, and nobody left, had another name or may be an entry's of the registry that is misspelt.
    pub(crate) fn sees(&self, directory: &str) -> bool {
        if self.call.scope.reports_to_the_provider() {
            return true;
        }
        let own = || self.customers.iter().filter(|customer| !customer.unread);
        let is_below = |deployment: &Deployment| prefix(&deployment.directory) == prefix(directory);
        let shares = |customer: &Customer<'_>| {
            let mut others = self.fleet.registry.iter().filter(|(name, _)| *name != customer.name);
            customer.registered && others.any(|(_, entry)| entry.id.as_ref() == Some(&customer.id))
        };
        let takes_id = |customer: &Customer<'_>| {
            let has_other = |root: &Root| root.id.as_ref() != Some(&customer.id);
            !customer.registered && customer.deployments.iter().filter_map(|own| self.standing(own)).any(has_other)
        };
        let takes_network = |customer: &Customer<'_>| {
            let standing = || customer.deployments.iter().filter_map(|own| self.standing(own));
            let has = |network: &String| standing().any(|root| root.network.as_ref() == Some(network));
            customer.networks().iter().any(|(account, network)| account.is_some() && !has(network))
        };
        let had_another_name = |customer: &Customer<'_>| self.fleet.entry(customer.name).formerly.is_some();
        let may_be_a_slip = |customer: &Customer<'_>| {
            let mut entries = self.fleet.registry.keys();
            !self.fleet.registry.contains_key(customer.name) && entries.any(|entry| claims::is_meant(self.fleet, entry, customer.name))
        };
        let all = || self.customers.iter();
        all().any(|customer| had_another_name(customer) || may_be_a_slip(customer) || shares(customer))
            || all().flat_map(|customer| &customer.deployments).any(is_below)
            || all()
                .filter(|customer| !customer.content.broken)
                .flat_map(|customer| &customer.deployments)
                .any(|own| self.standing(own).is_none())
            || own().any(|customer| customer.offboarded || takes_id(customer) || takes_network(customer))
    }

    /// The directory that an identity has in this run.
    pub(crate) fn directory_of(&self, identity: &Identity) -> Option<String> {
        let customer = &self.customers[self.of_repository(&identity.repository)?];
        customer.deployments.iter().find(|deployment| deployment.identity == *identity).map(|deployment| deployment.directory.clone())
    }
}

/// Predicts a run of `compile` or `check`. `ignored` is true when the tree has its `.gitignore`.
pub(crate) fn predict(fleet: &Fleet, tree: &Tree, call: &Call, ignored: bool) -> Prediction {
    let mut run = Run::new(fleet, tree, call);
    let only = |statuses: &[i32]| statuses.iter().copied().collect::<BTreeSet<i32>>();
    let lacks = |path: &String| !fleet.repositories.contains_key(path);
    let is_nobody = match &call.scope {
        Scope::Customer(_) => run.customers.is_empty(),
        Scope::Paths(paths) => paths.iter().any(lacks),
        // Without any repository there is nothing to check, and where no root is left either nothing to compile.
        Scope::Whole => fleet.repositories.is_empty() && (call.documents_only || tree.is_empty() && !call.allow_missing),
        Scope::Shard(..) => call.documents_only && fleet.repositories.is_empty(),
    };
    if is_nobody {
        return Prediction { status: only(&[2]), tree: tree.clone(), ..Prediction::default() };
    }
    claims::judge(&mut run);
    let own_errors = run.customers.iter().any(|customer| customer.failed);
    let orphans = if call.documents_only { Vec::new() } else { roots::judge(&mut run) };
    claims::judge_shared(&mut run);
    let errors: Vec<&Reported> = run.must.iter().filter(|(severity, ..)| *severity == "error").collect();
    let is_of_tree = |code: &str| OF_THE_TREE.contains(&code);
    let mut prediction = Prediction { must: run.must.clone(), may: run.may.clone(), tree: tree.clone(), ..Prediction::default() };
    if call.documents_only {
        prediction.status = only(if errors.is_empty() && !own_errors { &[0] } else { &[1] });
        return prediction;
    }
    let mut after = tree.clone();
    let (mut differs, mut unsure) = (!ignored, false);
    for customer in run.customers.iter().filter(|customer| !customer.failed) {
        for deployment in &customer.deployments {
            let was = tree.get(&deployment.directory);
            let root = Root::of(fleet, deployment, was.and_then(|was| was.note.clone()));
            unsure |= was.is_some_and(|was| was.kind == Kind::Live && was.rest.is_none());
            differs |= was != Some(&root);
            prediction.written.insert(deployment.directory.clone());
            after.insert(deployment.directory.clone(), root);
        }
    }
    for directory in orphans {
        let Some(was) = tree.get(&directory) else { continue };
        let owner = run.of_repository(&was.current(fleet).repository);
        if owner.is_none_or(|index| !run.customers[index].failed) {
            differs |= *was != was.tombstone(fleet);
            after.insert(directory, was.tombstone(fleet));
        }
    }
    let stops = own_errors || errors.iter().any(|(_, code, _)| !is_of_tree(code));
    prediction.status = match (call.dry, stops, errors.is_empty(), differs) {
        (false, _, true, _) if !own_errors => only(&[0]),
        (false, ..) | (true, true, ..) => only(&[1]),
        (true, false, true, false) => only(&[0]),
        (true, false, true, true) if unsure => only(&[0, 3]),
        (true, false, ..) => only(&[3]),
    };
    // What may be reported in addition to a difference is an error of the documents.
    if call.dry && run.may.iter().any(|(severity, code, _)| *severity == "error" && !is_of_tree(code)) {
        prediction.status.insert(1);
    }
    if !call.dry {
        prediction.tree = after;
    }
    prediction
}
