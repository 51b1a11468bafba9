//! `cidr-overlap` between customers of one account: a network that stands on disk keeps its addresses, and the newcomer is wrong.

use super::{FindingWords, Judge, is_nameless, severity};
use crate::check::{FleetFacts, FleetNetwork};
use crate::compile::CompiledCustomer;
use crate::diagnostics::{Severity, codes};
use crate::source::Place;
use crate::terraform::RootIdentity;
use ipnet::Ipv4Net;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// A network of an account.
#[derive(Clone)]
struct AccountNetwork<'f> {
    account: SmolStr,
    network: Ipv4Net,
    /// Whose it is.
    owner: Owner,
    repository: SmolStr,
    environment: SmolStr,
    region: SmolStr,
    /// Where it is written; nothing for one that is known from the tree alone.
    written: Option<(usize, &'f Place)>,
}

/// The registry alone makes several repositories one customer: who claims an id may not be who has it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Customer(SmolStr),
    Repository(SmolStr),
}

impl AccountNetwork<'_> {
    fn first_address(&self) -> u32 {
        self.network.network().into()
    }

    fn last_address(&self) -> u32 {
        self.network.broadcast().into()
    }
}

pub(super) fn run(judge: &mut Judge<'_>) {
    let mut networks: Vec<AccountNetwork<'_>> = Vec::new();
    for (index, _, facts) in judge.members().filter(|(_, customer, _)| !is_nameless(customer)) {
        networks.extend(facts.networks.iter().map(|network| AccountNetwork {
            account: network.account.clone(),
            network: network.network,
            owner: owner(facts),
            repository: facts.repository.clone(),
            environment: network.environment.clone(),
            region: network.region.clone(),
            written: Some((index, &network.place)),
        }));
    }
    networks.extend(kept(judge));
    networks.sort_by(|one, other| {
        let key = |network: &AccountNetwork<'_>| (network.first_address(), network.network.prefix_len());
        let place = |network: &AccountNetwork<'_>| network.written.map(|(index, place)| (index, place.start));
        one.account.cmp(&other.account).then_with(|| key(one).cmp(&key(other))).then_with(|| place(one).cmp(&place(other)))
    });
    let overlapping = overlapping(&networks);
    let stands: Vec<bool> =
        networks.iter().enumerate().map(|(at, network)| overlapping.contains_key(&at) && stands(judge, network)).collect();
    // Those that stand among each other: an account changed.
    let standing: Vec<AccountNetwork<'_>> =
        networks.iter().zip(&stands).filter(|(_, stands)| **stands).map(|(network, _)| network.clone()).collect();
    let at_of_standing: Vec<usize> = stands.iter().enumerate().filter(|(_, stands)| **stands).map(|(at, _)| at).collect();
    let mut among_standing: BTreeMap<usize, usize> = BTreeMap::new();
    let of_standing = self::overlapping(&standing).into_iter();
    among_standing.extend(of_standing.filter_map(|(at, other)| Some((*at_of_standing.get(at)?, *at_of_standing.get(other)?))));
    let mut said = BTreeSet::new();
    let mut occupied_by_account: BTreeMap<&SmolStr, Vec<Ipv4Net>> = BTreeMap::new();
    for (at, network) in networks.iter().enumerate() {
        let own_stands = stands.get(at).copied().unwrap_or(false);
        let other = if own_stands { among_standing.get(&at) } else { overlapping.get(&at) };
        let Some(other) = other.and_then(|other| networks.get(*other)) else { continue };
        let Some((index, place)) = network.written else { continue };
        let severity = severity(&codes::CIDR_OVERLAP, own_stands);
        // One network of a customer is said once, however many it overlaps.
        if !said.insert((index, network.network)) {
            continue;
        }
        let AccountNetwork { account, network: cidr, environment, region, repository, .. } = network;
        let help = match severity {
            Severity::Error => {
                match free(occupied_by_account.entry(account).or_insert_with(|| occupied(&networks, account, judge)), cidr) {
                    Some(free) => format!("write a network that nobody in the account has, such as `{free}`"),
                    None => "write a network that nobody in the account has; the service provider knows which are free".to_owned(),
                }
            }
            Severity::Warning | Severity::Advice => {
                "both are kept, and nothing is stopped: they can never be connected; the service provider knows the other one".to_owned()
            }
        };
        let words = FindingWords {
            code: &codes::CIDR_OVERLAP,
            severity,
            message: format!("the network `{cidr}` overlaps one of another customer in the same account"),
            help,
            labels: vec![(Some(place), format!("of `{environment}` in `{region}`"))],
        };
        judge.report(index, words);
        let shown = |network: &AccountNetwork<'_>| {
            format!("`{}` of {}", network.network, judge.named(&network.repository, network.written.map(|(_, place)| place)))
        };
        let (first, second) = if repository <= &other.repository { (network, other) } else { (other, network) };
        judge.between(&codes::CIDR_OVERLAP, format!("{} overlaps {} in the account {account}", shown(first), shown(second)));
    }
    skipped(judge);
}

fn owner(facts: &FleetFacts) -> Owner {
    let registered = facts.customer_id.clone().filter(|_| facts.registered);
    registered.map_or_else(|| Owner::Repository(facts.repository.clone()), Owner::Customer)
}

/// True when a root of the customer has the network on disk.
fn stands(judge: &Judge<'_>, network: &AccountNetwork<'_>) -> bool {
    match network.written {
        Some((index, _)) => judge.standing(index).iter().any(|root| root.network == Some(network.network)),
        None => true,
    }
}

/// Networks on disk of repositories of whom nothing is written, whose documents may say something else by now, or are not in the run: what
/// they have stays theirs. They are looked for only where somebody comes with a network that it does not have on disk.
fn kept<'f>(judge: &Judge<'f>) -> Vec<AccountNetwork<'f>> {
    let comes = |(index, _, facts): &(usize, &CompiledCustomer, &FleetFacts)| {
        let is_new = |network: &FleetNetwork| !judge.standing(*index).iter().any(|root| root.network == Some(network.network));
        (judge.fleet.may_differ)(*index) && facts.networks.iter().any(is_new)
    };
    if !judge.members().any(|member| comes(&member)) {
        return Vec::new();
    }
    // A network does not move along when its customer gets another account.
    let left_behind = judge.left_behind();
    let written: BTreeMap<&str, &FleetFacts> =
        judge.members().filter(|(_, customer, _)| !is_nameless(customer)).map(|(.., facts)| (&*facts.repository, facts)).collect();
    let mut kept = Vec::new();
    for root in judge.kept().iter().chain(left_behind.iter()) {
        let (Some(network), Some(account)) = (root.network, judge.account_of(root)) else { continue };
        let RootIdentity { repository, environment, region, .. } = root.identity.clone();
        // What its documents say too is compared from there.
        let says = |facts: &&&FleetFacts| facts.networks.iter().any(|it| it.network == network && it.account == account);
        if written.get(&*repository).filter(says).is_some() {
            continue;
        }
        let registered = judge.fleet.platform.registry.get(&repository).and_then(|entry| entry.customer_id.as_ref());
        let owner = registered.map_or_else(|| Owner::Repository(repository.clone()), |id| Owner::Customer(id.value.clone()));
        kept.push(AccountNetwork { account, network, owner, repository, environment, region, written: None });
    }
    kept
}

/// Each network that overlaps one of another customer in its account, with the first such. They come sorted, and are nested or apart, so
/// that a stack of those that hold the present one is enough; of each network on it two customers are kept, one of which is another than
/// whoever comes.
fn overlapping(networks: &[AccountNetwork<'_>]) -> BTreeMap<usize, usize> {
    let mut found = BTreeMap::new();
    let mut stack: Vec<(usize, Option<usize>)> = Vec::new();
    let mut account = None;
    for (at, present) in networks.iter().enumerate() {
        if account.replace(&present.account) != Some(&present.account) {
            stack.clear();
        }
        let of = |holder: usize| networks.get(holder);
        let ends_before = |holder: usize| of(holder).is_some_and(|holder| holder.last_address() < present.first_address());
        while stack.last().is_some_and(|(first, _)| ends_before(*first)) {
            stack.pop();
        }
        let is_another = |holder: &usize| of(*holder).is_some_and(|holder| holder.owner != present.owner);
        for holder in stack.iter().flat_map(|(first, second)| std::iter::once(*first).chain(*second)).filter(is_another) {
            found.entry(at).or_insert(holder);
            found.entry(holder).or_insert(at);
        }
        match stack.last_mut() {
            Some((first, second)) if of(*first).is_some_and(|first| first.network == present.network) => {
                if second.is_none() && is_another(first) {
                    *second = Some(at);
                }
            }
            _ => stack.push((at, None)),
        }
    }
    // Of equal networks of one customer, only the first was on the stack.
    let mut at = 0;
    for equal in networks.chunk_by(|one, other| one.account == other.account && one.network == other.network) {
        let members = at..at + equal.len();
        at = members.end;
        for index in members.clone() {
            let same_owner = |other: &usize| networks.get(*other).map(|it| &it.owner) == networks.get(index).map(|it| &it.owner);
            let Some(other) = members.clone().filter(same_owner).find_map(|other| found.get(&other).copied()) else { continue };
            found.entry(index).or_insert(other);
        }
    }
    found
}

/// The first network of the same size, behind the one that is taken and within its private range, that is none of the occupied ones. These
/// come sorted by their first address.
fn free(occupied: &[Ipv4Net], taken: &Ipv4Net) -> Option<Ipv4Net> {
    const PRIVATE: [(u32, u8); 3] = [(0x0a00_0000, 8), (0xac10_0000, 12), (0xc0a8_0000, 16)];
    let ranges = PRIVATE.iter().filter_map(|(first, length)| Ipv4Net::new((*first).into(), *length).ok());
    let range = ranges.into_iter().find(|range| range.contains(taken))?;
    let at = |start: u32| Ipv4Net::new(start.into(), taken.prefix_len()).ok().filter(|candidate| range.contains(candidate));
    let behind =
        |network: &Ipv4Net| u32::from(network.broadcast()).checked_add(1)?.checked_next_multiple_of(1 << (32 - taken.prefix_len()));
    let mut candidate = at(behind(taken)?)?;
    for network in occupied {
        if network.network() > candidate.broadcast() {
            break;
        }
        if network.broadcast() >= candidate.network() {
            candidate = at(behind(network)?)?;
        }
    }
    Some(candidate)
}

/// What nobody new can have in an account: the networks of its customers, and the service provider's. Sorted by their first address.
fn occupied(networks: &[AccountNetwork<'_>], account: &str, judge: &Judge<'_>) -> Vec<Ipv4Net> {
    let own = networks.iter().filter(|network| network.account == account).map(|network| network.network);
    let mut occupied: Vec<Ipv4Net> = own.chain(judge.fleet.platform.reserved.iter().map(|reserved| reserved.value)).collect();
    occupied.sort_by_key(Ipv4Net::network);
    occupied
}

/// `file-skipped`: whose networks could not be compared with those of the account's other customers.
fn skipped(judge: &mut Judge<'_>) {
    let mut compared: BTreeMap<&str, BTreeSet<Owner>> = BTreeMap::new();
    for (_, _, facts) in judge.members() {
        for network in &facts.networks {
            compared.entry(&network.account).or_default().insert(owner(facts));
        }
    }
    let unread: Vec<_> = judge.members().filter(|(_, _, facts)| !facts.is_read).collect();
    for (index, _, facts) in unread {
        let mut in_accounts = facts.accounts().filter_map(|account| compared.get(account.as_str())).flatten();
        if !in_accounts.any(|other| *other != owner(facts)) {
            continue;
        }
        let words = FindingWords {
            code: &codes::FILE_SKIPPED,
            severity: codes::FILE_SKIPPED.severity,
            message: "the networks of this customer were not compared with those of the other customers in its account".to_owned(),
            help: "fix its errors; an overlap may then be found".to_owned(),
            labels: vec![(facts.place.as_ref(), format!("`{}` was left out", facts.repository))],
        };
        judge.report(index, words);
    }
}
