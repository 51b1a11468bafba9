//! Grants: what exists already in an account that customers share, and may be named there all the same.

use super::clouds::{Pattern, patterns, region};
use super::fields::{Fields, bare_name, entries, invalid};
use crate::clouds::default_cloud;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::schema::{Existing, IdentifierKind, Type, Typed, identifier, read_text};
use crate::source::Spanned;
use crate::syntax::Entry;
use ipnet::Ipv4Net;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The key that grants stand below.
pub(super) const KEY: &str = "grants";

/// Fewest subnets of a band: load balancers and databases need two zones.
const FEWEST_SUBNETS: usize = 2;

/// What may be named.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    /// Patterns of names, ids and ARNs, by what they name.
    patterns: BTreeMap<Existing, Vec<Pattern>>,
    /// Networks, by the names that customers write.
    networks: BTreeMap<SmolStr, NetworkGrant>,
}

/// A network that exists already.
#[derive(Clone, Debug)]
pub struct NetworkGrant {
    /// Its region, where the platform says it.
    pub region: Option<Spanned<SmolStr>>,
    /// Its id.
    pub vpc_id: SmolStr,
    /// Its addresses.
    pub vpc_cidr: Ipv4Net,
    /// Ids of subnets for load balancers.
    pub public_subnet_ids: Vec<SmolStr>,
    /// Ids of subnets for instances.
    pub private_subnet_ids: Vec<SmolStr>,
    /// Ids of subnets for databases.
    pub database_subnet_ids: Vec<SmolStr>,
}

impl Grants {
    /// Reads `grants` of what several customers have in common, who have no network in common.
    pub(super) fn read(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> Self {
        Self::of(entry, |existing| existing != Existing::Network, diagnostics)
    }

    /// Reads `grants` of one customer.
    pub(super) fn of_customer(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> Self {
        Self::of(entry, |_| true, diagnostics)
    }

    fn of(entry: Option<&Entry>, may_stand: impl Fn(Existing) -> bool, diagnostics: &mut Diagnostics) -> Self {
        let Some(entry) = entry else { return Grants::default() };
        let kinds = || Existing::ALL.into_iter().filter(|existing| may_stand(*existing));
        let keys: Vec<&str> = kinds().map(Existing::grant).collect();
        let fields = Fields::of(&entry.value, "`grants`", &keys, diagnostics);
        let mut grants = Grants::default();
        for existing in kinds() {
            let key = existing.grant();
            if existing == Existing::Network {
                grants.networks = networks(fields.get(key), diagnostics);
                continue;
            }
            let texts = fields.texts(key, diagnostics).unwrap_or_default();
            if !texts.is_empty() {
                grants.patterns.insert(existing, patterns(texts, diagnostics));
            }
        }
        grants
    }

    /// True when a thing of this name may be named.
    pub fn has(&self, existing: Existing, name: &str) -> bool {
        match existing {
            Existing::Network => self.networks.contains_key(name),
            _ => self.patterns.get(&existing).is_some_and(|patterns| patterns.iter().any(|pattern| pattern.matches(name))),
        }
    }

    /// The network of a name.
    pub fn network(&self, name: &str) -> Option<&NetworkGrant> {
        self.networks.get(name)
    }

    /// The networks, each with its name.
    pub(super) fn networks(&self) -> impl Iterator<Item = (&str, &NetworkGrant)> {
        self.networks.iter().map(|(name, network)| (name.as_str(), network))
    }

    /// The patterns of one kind, as they are written.
    pub(super) fn patterns_of(&self, existing: Existing) -> impl Iterator<Item = &str> {
        self.patterns.get(&existing).into_iter().flatten().map(|pattern| pattern.text.value.as_str())
    }

    /// The patterns as they are written, key by key.
    pub(super) fn lists(&self) -> impl Iterator<Item = (&'static str, Vec<&str>)> {
        self.patterns
            .iter()
            .map(|(existing, patterns)| (existing.grant(), patterns.iter().map(|pattern| pattern.text.value.as_str()).collect()))
    }
}

fn networks(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> BTreeMap<SmolStr, NetworkGrant> {
    let mut networks = BTreeMap::new();
    for entry in entries(entry, diagnostics) {
        if let Err(reason) = identifier(IdentifierKind::Network, &entry.key.value) {
            let message = format!("`{}` cannot be a network's name", entry.key.value);
            let diagnostic = Diagnostic::new(&codes::INVALID_IDENTIFIER, message).at(entry.key.span, reason);
            diagnostics.push(diagnostic.help("a name has 2 to 32 lower-case letters, digits and `-`"));
        }
        bare_name(entry, "the network", diagnostics);
        if let Some(network) = network(entry, diagnostics) {
            networks.insert(entry.key.value.clone(), network);
        }
    }
    networks
}

/// A network; nothing where a part of it is missing or wrong.
fn network(entry: &Entry, diagnostics: &mut Diagnostics) -> Option<NetworkGrant> {
    const KEYS: [&str; 6] = ["region", "vpc_id", "vpc_cidr", "public_subnet_ids", "private_subnet_ids", "database_subnet_ids"];
    let fields = Fields::of(&entry.value, "a network of `grants`", &KEYS, diagnostics);
    let missing: Vec<&str> = KEYS.into_iter().filter(|key| *key != "region" && fields.get(key).is_none()).collect();
    for key in &missing {
        let diagnostic = Diagnostic::new(&codes::MISSING_KEY, format!("the network `{}` has no `{key}`", entry.key.value));
        let diagnostic = diagnostic.at(entry.key.span, format!("`{key}` is missing here")).about(*key);
        diagnostics.push(diagnostic.help(format!("write `{key}:` below it; all but `region` have to be there")));
    }
    let cloud = default_cloud();
    let of_region = fields.text("region", diagnostics);
    if let Some(name) = &of_region {
        region(name, diagnostics);
    }
    let vpc_id = fields.text("vpc_id", diagnostics).filter(|id| is_id(id, cloud.has_form_of_network(&id.value), diagnostics));
    let vpc_cidr =
        fields.text("vpc_cidr", diagnostics).and_then(|text| match read_text(cloud, Type::Cidr, "vpc_cidr", &text.value, text.span) {
            Ok(Typed::Network(network)) => Some(network),
            Ok(_) => None,
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                None
            }
        });
    let mut subnets = |key: &str| {
        let ids = fields.texts(key, diagnostics)?;
        let span = fields.get(key)?.value.span;
        let mut taken: Vec<SmolStr> = Vec::with_capacity(ids.len());
        for id in &ids {
            if !is_id(id, cloud.has_form_of_subnet(&id.value), diagnostics) {
                continue;
            }
            if taken.contains(&id.value) {
                diagnostics.push(invalid(id.span, format!("`{}` is there twice", id.value), "remove one of the two"));
            }
            taken.push(id.value.clone());
        }
        if ids.len() < FEWEST_SUBNETS {
            let help = "list at least two, each in another zone: load balancers and databases need two zones";
            diagnostics.push(invalid(span, format!("`{key}` has fewer than two subnets"), help));
        }
        Some(taken)
    };
    let (public, private, database) = (subnets("public_subnet_ids"), subnets("private_subnet_ids"), subnets("database_subnet_ids"));
    Some(NetworkGrant {
        region: of_region,
        vpc_id: vpc_id?.value,
        vpc_cidr: vpc_cidr?,
        public_subnet_ids: public?,
        private_subnet_ids: private?,
        database_subnet_ids: database?,
    })
}

/// Reports an id that has not the form of one.
fn is_id(id: &Spanned<SmolStr>, has_form: bool, diagnostics: &mut Diagnostics) -> bool {
    if !has_form {
        let help = "write the id as the cloud has it, such as `vpc-0123456789abcdef0` or `subnet-0123456789abcdef0`";
        diagnostics.push(invalid(id.span, format!("`{}` is not an id of this kind", id.value), help));
    }
    has_form
}
