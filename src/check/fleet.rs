//! Rules across customers. Each customer leaves a few facts that outlive its documents; the rules sort them and sweep once.
//!
//! What is told here is for the service provider, who may see both sides of it.

use super::Context;
use super::pass::place;
use super::rules::{has_modules, overlap};
use crate::diagnostics::{Code, Report, ReportLabel, codes};
use crate::platform::{Platform, Registration};
use crate::source::{Location, Place, SourceMap};
use ipnet::Ipv4Net;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What one customer leaves for the rules across customers.
#[derive(Clone, Debug)]
pub struct FleetFacts {
    /// The repository's name.
    pub repository: SmolStr,
    /// The customer's id; nothing where it was an error.
    pub customer_id: Option<SmolStr>,
    /// True when the registry gave the id, false when it is a claim.
    pub registered: bool,
    /// Where the id is claimed: its value, or the first key where the repository's name claims it.
    pub claim: Option<Place>,
    /// The first key, for what has no better place.
    pub place: Option<Place>,
    /// The AWS account, when the registry gives it.
    pub account_id: Option<SmolStr>,
    /// The customer's networks, each once; none where the account is not known, since they are then compared with nothing.
    pub networks: Vec<FleetNetwork>,
    /// False where its documents gave nothing to compare.
    pub is_read: bool,
}

impl FleetFacts {
    /// The facts of a repository whose documents cannot be read: its name, and what the registry knows of it.
    pub fn unread(repository: &str, registration: Option<&Registration>, place: Option<Place>) -> Self {
        FleetFacts {
            repository: SmolStr::new(repository),
            customer_id: registration.and_then(|entry| entry.customer_id.as_ref()).map(|id| id.value.clone()),
            registered: registration.is_some_and(|entry| entry.customer_id.is_some()),
            claim: None,
            place,
            account_id: account(registration),
            networks: Vec::new(),
            is_read: false,
        }
    }
}

/// A network of one customer.
#[derive(Clone, Debug)]
pub struct FleetNetwork {
    /// Its addresses.
    pub network: Ipv4Net,
    /// The first environment that has it.
    pub environment: SmolStr,
    /// The first region that has it.
    pub region: SmolStr,
    /// Where it is written.
    pub place: Place,
}

/// Takes the facts of one customer.
pub fn facts(context: &Context<'_>, sources: &SourceMap) -> FleetFacts {
    let identity = &context.customer.identity;
    let registration = context.registration;
    let registered = registration.is_some_and(|entry| entry.customer_id.is_some());
    let account_id = account(registration);
    let networks = if account_id.is_some() && has_modules(context.customer) { networks(context, sources) } else { Vec::new() };
    // A repository whose name gives no id has been told so, and claims nothing; nor does one whose claim may stand in a document that
    // was left out.
    let unsure = context.facts.incomplete || identity.customer_id.value == crate::resolve::UNNAMED;
    let claims_nothing = !registered && identity.customer_id.span == identity.place && unsure;
    FleetFacts {
        repository: identity.repository.clone(),
        customer_id: (!claims_nothing).then(|| identity.customer_id.value.clone()),
        registered,
        claim: sources.place(identity.customer_id.span),
        place: sources.place(identity.place),
        account_id,
        networks,
        is_read: true,
    }
}

fn account(registration: Option<&Registration>) -> Option<SmolStr> {
    registration.and_then(|entry| entry.account_id.as_ref()).map(|account| account.value.clone())
}

fn networks(context: &Context<'_>, sources: &SourceMap) -> Vec<FleetNetwork> {
    let mut networks: Vec<FleetNetwork> = Vec::new();
    for deployment in &context.customer.deployments {
        let Some(cidr) = deployment.network.as_ref().and_then(|network| network.vpc_cidr.as_ref()) else { continue };
        // A network with an error of its own is compared with nothing.
        let reserved = context.platform.reserved.iter().any(|reserved| overlap(&reserved.value, &cidr.value));
        if reserved || networks.iter().any(|known| known.network == cidr.value) {
            continue;
        }
        let Some(place) = sources.place(place(deployment, "networking", cidr)) else { continue };
        let (environment, region) = (deployment.environment.value.clone(), deployment.region.value.clone());
        networks.push(FleetNetwork { network: cidr.value, environment, region, place });
    }
    networks
}

/// Runs the rules over all customers. Each report belongs to the customer of its index. `locate` gives a place its text back, which is
/// not held for all customers.
pub fn check_fleet(fleet: &[Box<FleetFacts>], platform: &Platform, locate: &dyn Fn(&Place) -> Location) -> Vec<(usize, Report)> {
    let mut told = Told { platform, locate, reports: Vec::new() };
    let duplicates = duplicate_repositories(fleet, &mut told);
    customer_id_conflicts(fleet, &duplicates, &mut told);
    overlaps(fleet, &duplicates, &mut told);
    skipped(fleet, &mut told);
    told.reports
}

/// What the rules have told.
struct Told<'t> {
    platform: &'t Platform,
    locate: &'t dyn Fn(&Place) -> Location,
    reports: Vec<(usize, Report)>,
}

/// A label of a fleet's report: a place, when there is one, and what is said there.
type Labels<'l> = [(Option<&'l Place>, String); 2];

impl Told<'_> {
    fn tell(&mut self, index: usize, code: &'static Code, facts: &FleetFacts, message: String, help: String, labels: Labels<'_>) {
        let Some(severity) = self.platform.rules.severity(code) else { return };
        let labels =
            labels.into_iter().filter_map(|(place, text)| Some(ReportLabel { location: (self.locate)(place?), text: text.into() }));
        let mut report = Report {
            code,
            severity,
            message: message.into(),
            help: Some(help.into()),
            customer: Some(Arc::from(facts.repository.as_str())),
            path: None,
            labels: labels.collect(),
            edits: Vec::new(),
            certain: false,
            hidden: Vec::new(),
        };
        report.shorten();
        self.reports.push((index, report));
    }
}

/// `duplicate-repository`: all of one name fail, since none of them has a better right to the roots on disk.
fn duplicate_repositories(fleet: &[Box<FleetFacts>], told: &mut Told<'_>) -> BTreeSet<usize> {
    let mut names: Vec<(String, usize)> =
        fleet.iter().enumerate().map(|(index, facts)| (facts.repository.to_ascii_lowercase(), index)).collect();
    names.sort_unstable();
    let mut duplicates = BTreeSet::new();
    for group in names.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
        for (member, other) in pairs(group.iter().map(|(_, index)| *index)) {
            let (Some(facts), Some(others)) = (fleet.get(member), fleet.get(other)) else { continue };
            duplicates.insert(member);
            let alike = group.iter().all(|(_, index)| fleet.get(*index).is_some_and(|member| member.repository == facts.repository));
            let message = if alike {
                format!("{} repositories have the name `{}`", group.len(), facts.repository)
            } else {
                format!("{} repositories have the name `{}`, compared without case", group.len(), facts.repository.to_ascii_lowercase())
            };
            let labels = [(facts.place.as_ref(), "this repository".to_owned()), (others.place.as_ref(), "and this one".to_owned())];
            let help = "rename one of the two directories: a repository's name is part of where its state is kept";
            told.tell(member, &codes::DUPLICATE_REPOSITORY, facts, message, help.to_owned(), labels);
        }
    }
    duplicates
}

/// `customer-id-conflict` between claims: all fail, since nobody here knows whose the id is. Claims to an id that the registry gives to
/// somebody are told with each customer.
fn customer_id_conflicts(fleet: &[Box<FleetFacts>], duplicates: &BTreeSet<usize>, told: &mut Told<'_>) {
    let platform = told.platform;
    let given: BTreeSet<&str> =
        platform.registry.entries.values().filter_map(|entry| Some(entry.customer_id.as_ref()?.value.as_str())).collect();
    let mut claims: Vec<(&str, usize)> = Vec::new();
    for (index, facts) in fleet.iter().enumerate() {
        let Some(id) = facts.customer_id.as_deref() else { continue };
        let is_told = duplicates.contains(&index) || platform.has_registry() && given.contains(id);
        if !facts.registered && !is_told {
            claims.push((id, index));
        }
    }
    claims.sort_unstable();
    for group in claims.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
        for (member, other) in pairs(group.iter().map(|(_, index)| *index)) {
            let (Some(facts), Some(others)) = (fleet.get(member), fleet.get(other)) else { continue };
            let id = facts.customer_id.as_deref().unwrap_or("");
            let message = format!("{} repositories claim one customer_id, `{id}`", group.len());
            let claimed = |facts: &FleetFacts, word| format!("{word} by the repository `{}`", facts.repository);
            let labels = [(facts.claim.as_ref(), claimed(facts, "claimed")), (others.claim.as_ref(), claimed(others, "and"))];
            let help = format!(
                "write another `customer_id` in all but one; where all belong to `{id}`, the service provider registers each with `customer_id: {id}`"
            );
            told.tell(member, &codes::CUSTOMER_ID_CONFLICT, facts, message, help, labels);
        }
    }
}

/// Each member beside another of its group: the first beside the second, the rest beside the first.
fn pairs(members: impl Iterator<Item = usize>) -> Vec<(usize, usize)> {
    let members: Vec<usize> = members.collect();
    let [first, second, ..] = members.as_slice() else { return Vec::new() };
    members.iter().map(|member| (*member, if member == first { *second } else { *first })).collect()
}

/// `file-skipped`: whose networks could not be compared with those of the account's other customers.
fn skipped(fleet: &[Box<FleetFacts>], told: &mut Told<'_>) {
    let compared = fleet.iter().filter(|facts| !facts.networks.is_empty());
    let in_account: BTreeSet<(&str, Option<&str>)> =
        compared.filter_map(|facts| Some((facts.account_id.as_deref()?, facts.customer_id.as_deref()))).collect();
    for (index, facts) in fleet.iter().enumerate().filter(|(_, facts)| !facts.is_read) {
        let Some(account) = facts.account_id.as_deref() else { continue };
        let id = facts.customer_id.as_deref();
        let from = (account, None);
        let of_others = |(_, other): &&(&str, Option<&str>)| id.is_none() || *other != id;
        if !in_account.range(from..).take_while(|(other, _)| *other == account).any(|entry| of_others(&entry)) {
            continue;
        }
        let message = "the networks of a customer were not compared with those of the other customers in its account".to_owned();
        let labels = [(facts.place.as_ref(), format!("`{}` was left out", facts.repository)), (None, String::new())];
        let help = "mend the errors that are told for it; an overlap may then be found".to_owned();
        told.tell(index, &codes::FILE_SKIPPED, facts, message, help, labels);
    }
}

/// A network in the sweep.
#[derive(Clone, Copy)]
struct Swept<'f> {
    index: usize,
    facts: &'f FleetFacts,
    network: &'f FleetNetwork,
}

impl Swept<'_> {
    fn is_of_same_customer(&self, other: &Swept<'_>) -> bool {
        let same_id = self.facts.customer_id.is_some() && self.facts.customer_id == other.facts.customer_id;
        same_id || self.index == other.index
    }

    fn last_address(&self) -> u32 {
        self.network.network.broadcast().into()
    }
}

/// `cidr-overlap` between customers of one account. Networks are nested or apart, so that a stack of those that hold the present one is
/// enough; of each network on it two customers are kept, one of which is another than whoever comes.
fn overlaps(fleet: &[Box<FleetFacts>], duplicates: &BTreeSet<usize>, told: &mut Told<'_>) {
    let mut swept: Vec<(&str, Swept<'_>)> = Vec::new();
    for (index, facts) in fleet.iter().enumerate().filter(|(index, _)| !duplicates.contains(index)) {
        let Some(account) = facts.account_id.as_deref() else { continue };
        swept.extend(facts.networks.iter().map(|network| (account, Swept { index, facts, network })));
    }
    swept.sort_by(|(account, one), (other_account, other)| {
        let key = |swept: &Swept<'_>| (u32::from(swept.network.network.network()), swept.network.network.prefix_len());
        let places = || one.network.place.order().cmp(&other.network.place.order());
        account.cmp(other_account).then_with(|| key(one).cmp(&key(other))).then_with(places)
    });
    let mut found: Vec<(Swept<'_>, Swept<'_>)> = Vec::new();
    for of_account in swept.chunk_by(|(account, _), (other, _)| account == other) {
        let mut stack: Vec<(Swept<'_>, Option<Swept<'_>>)> = Vec::new();
        for (_, present) in of_account {
            while stack.last().is_some_and(|(holder, _)| holder.last_address() < u32::from(present.network.network.network())) {
                stack.pop();
            }
            let holders = stack.iter().flat_map(|(first, second)| std::iter::once(first).chain(second.as_ref()));
            if let Some(other) = holders.into_iter().find(|holder| !holder.is_of_same_customer(present)) {
                // Of the two the later one is the offender: by file, then position.
                let later = present.network.place.order() >= other.network.place.order();
                found.push(if later { (*present, *other) } else { (*other, *present) });
            }
            match stack.last_mut() {
                Some((holder, second)) if holder.network.network == present.network.network => {
                    if second.is_none() && !holder.is_of_same_customer(present) {
                        *second = Some(*present);
                    }
                }
                _ => stack.push((*present, None)),
            }
        }
    }
    // One network is told once, however many it overlaps.
    found.sort_by(|(one, _), (other, _)| (one.index, one.network.place.order()).cmp(&(other.index, other.network.place.order())));
    found.dedup_by(|(one, _), (other, _)| one.index == other.index && one.network.place == other.network.place);
    for (offender, other) in found {
        let message = format!(
            "the network `{}` overlaps `{}` of `{}`, which is in the same account",
            offender.network.network, other.network.network, other.facts.repository
        );
        let label = |swept: &Swept<'_>| {
            let FleetNetwork { network, environment, region, .. } = swept.network;
            format!("`{network}` of `{}`, `{environment}` in `{region}`", swept.facts.repository)
        };
        let labels = [(Some(&offender.network.place), label(&offender)), (Some(&other.network.place), label(&other))];
        let help = "write a network that no other customer of the account has".to_owned();
        told.tell(offender.index, &codes::CIDR_OVERLAP, offender.facts, message, help, labels);
    }
}
