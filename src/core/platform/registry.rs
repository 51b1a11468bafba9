//! The registry: what is known of each repository, whatever its documents claim.

use super::clouds::region;
use super::constants::{Constants, MODULES_INPUTS};
use super::fields::{Fields, bare_name, entries, invalid};
use super::hosting::Hosting;
use super::modules::{MODULES_WITHOUT, held_back};
use super::rules::{self, OwnRule};
use super::state::BackendKind;
use super::tiers::Tier;
use super::{Date, EnvironmentPolicy};
use crate::clouds::default_cloud;
use crate::diagnostics::{Diagnostics, Rules, and_list, codes, guess};
use crate::schema::{IdentifierKind, Type, read_text, repository_name};
use crate::source::{Span, Spanned};
use crate::syntax::Entry;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the repositories.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// The tier of repositories that are not listed.
    pub default_tier: Option<Spanned<SmolStr>>,
    /// True when only listed repositories are taken.
    pub registered_only: bool,
    /// The listed repositories, by name.
    pub entries: BTreeMap<SmolStr, Registration>,
    /// The first repository of each customer_id.
    by_customer_id: BTreeMap<SmolStr, SmolStr>,
    /// Every customer_id that several repositories have.
    shared_ids: BTreeSet<SmolStr>,
    /// The first repository of each earlier name, in small letters.
    by_earlier_name: BTreeMap<SmolStr, SmolStr>,
    /// Who has each account: a customer by one of its repositories, or nothing where several customers have it.
    by_account: BTreeMap<SmolStr, Option<SmolStr>>,
    /// True when the platform file has a registry.
    is_written: bool,
}

/// What is known of one repository.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The repository's name, as the key of its entry.
    pub name: Spanned<SmolStr>,
    /// Who the customer is.
    pub customer_id: Option<Spanned<SmolStr>>,
    /// The tier.
    pub tier: Option<Spanned<SmolStr>>,
    /// Where its deployments are.
    pub hosting: Hosting,
    /// What is different of that in environments, by their names.
    pub environments: BTreeMap<SmolStr, Hosting>,
    /// The directory with the documents, where it is another than the platform's.
    pub infra: Option<SmolStr>,
    /// The regions that the customer's data may be in.
    pub residency: Option<Spanned<Vec<SmolStr>>>,
    /// True when the customer left: its roots become tombstones.
    pub offboarded: bool,
    /// The repository's earlier name.
    pub formerly: Option<Spanned<SmolStr>>,
    /// Modules that are held back from it.
    pub modules_without: Vec<&'static str>,
    /// What its modules are passed beyond what the language has.
    pub modules_inputs: Constants,
    /// What is another severity than the platform's.
    pub own_rules: Vec<OwnRule>,
    /// The platform's rules with these over them, where there are any.
    pub(super) rules: Option<Rules>,
}

const KEYS: [&str; 10] =
    ["customer_id", "tier", "environments", "infra", "residency", "offboarded", "formerly", "rules", MODULES_WITHOUT, MODULES_INPUTS];

/// What entries are read next to.
pub(super) struct Around<'a> {
    /// The tiers.
    pub(super) tiers: &'a [Tier],
    /// The platform's environments.
    pub(super) environments: &'a [EnvironmentPolicy],
    /// Where state is kept; nothing where that could not be read.
    pub(super) backend: Option<BackendKind>,
    /// The platform's rules.
    pub(super) rules: &'a Rules,
    /// The day of the run.
    pub(super) today: Date,
}

/// Reads `registry`.
pub(super) fn read(entry: Option<&Entry>, around: &Around<'_>, diagnostics: &mut Diagnostics) -> Registry {
    let mut registry = Registry { is_written: entry.is_some(), ..Registry::default() };
    let mut without_case: BTreeMap<String, SmolStr> = BTreeMap::new();
    let listed = entries(entry, diagnostics);
    for entry in listed.iter().filter(|entry| entry.key.value == "default") {
        bare_name(entry, "the registry entry", diagnostics);
        let fields = Fields::of(&entry.value, "the registry's default", &["tier", "onboarding"], diagnostics);
        registry.default_tier = known_tier(fields.text("tier", diagnostics), around.tiers, diagnostics);
        let onboarding = [("self-service", false), ("registered-only", true)];
        registry.registered_only = fields.choice("onboarding", &onboarding, diagnostics).unwrap_or(false);
    }
    for entry in listed.iter().filter(|entry| entry.key.value != "default") {
        if let Err(reason) = repository_name(&entry.key.value) {
            diagnostics.push(invalid(entry.key.span, format!("`{}` cannot be a repository's name", entry.key.value), reason));
            continue;
        }
        let same = without_case.entry(entry.key.value.to_ascii_lowercase()).or_insert_with(|| entry.key.value.clone());
        if *same != entry.key.value {
            let message = format!("`{same}` and `{}` differ only in case", entry.key.value);
            diagnostics.push(invalid(entry.key.span, message, "repository names are compared without case: keep one entry"));
        }
        // To be listed is all that there is to say where nobody else may have anything.
        if !registry.registered_only {
            bare_name(entry, "the registry entry", diagnostics);
        }
        let registration = registration(entry, around, diagnostics);
        registry.entries.insert(entry.key.value.clone(), registration);
    }
    for (name, entry) in &registry.entries {
        if let Some(id) = &entry.customer_id {
            let first = registry.by_customer_id.entry(id.value.clone()).or_insert_with(|| name.clone());
            if first != name {
                registry.shared_ids.insert(id.value.clone());
            }
        }
    }
    earlier_names(&mut registry, diagnostics);
    registry.by_account = by_account(&registry);
    registry
}

/// Who has each account.
fn by_account(registry: &Registry) -> BTreeMap<SmolStr, Option<SmolStr>> {
    let mut owners: BTreeMap<SmolStr, Option<SmolStr>> = BTreeMap::new();
    for (name, entry) in &registry.entries {
        for account in entry.accounts() {
            let owner = owners.entry(account.value.clone()).or_insert_with(|| Some(name.clone()));
            let first = owner.as_ref().and_then(|first| registry.entries.get(first));
            if first.is_none_or(|first| !first.is_same_customer(entry)) {
                *owner = None;
            }
        }
    }
    owners
}

/// A repository's roots have one heir, and not while the repository is there itself.
fn earlier_names(registry: &mut Registry, diagnostics: &mut Diagnostics) {
    let mut heirs: BTreeMap<String, &Spanned<SmolStr>> = BTreeMap::new();
    let mut entries: Vec<&Registration> = registry.entries.values().collect();
    entries.sort_by_key(|entry| entry.name.span);
    for entry in entries {
        let Some(earlier) = &entry.formerly else { continue };
        let folded = earlier.value.to_ascii_lowercase();
        if let Err(reason) = repository_name(&earlier.value) {
            diagnostics.push(invalid(earlier.span, format!("`{}` cannot be a repository's name", earlier.value), reason));
        } else if *earlier.value == *entry.name.value {
            let message = format!("`{}` has this name now", earlier.value);
            diagnostics.push(invalid(
                earlier.span,
                message,
                "`formerly` is the name that the repository had before; without one, remove the line",
            ));
        } else if let Some(other) = registry.entries.values().find(|other| {
            other.name.value.eq_ignore_ascii_case(&earlier.value) && !other.name.value.eq_ignore_ascii_case(&entry.name.value)
        }) {
            let message =
                format!("`{}` cannot have the roots of `{}`, which is a repository of its own", entry.name.value, other.name.value);
            let help = "remove `formerly`, or the entry of the repository that is not there any more";
            diagnostics.push(invalid(earlier.span, message, help).at(other.name.span, "it is registered here"));
        } else if let Some(first) = heirs.get(&folded) {
            let message = format!("two repositories cannot both have been `{}`", earlier.value);
            diagnostics.push(invalid(earlier.span, message, "keep it where the roots belong").at(first.span, "this one has its roots"));
        }
        heirs.entry(folded).or_insert(earlier);
    }
    let earlier = |entry: &Registration| Some(SmolStr::new(entry.formerly.as_ref()?.value.to_ascii_lowercase()));
    let names = registry.entries.values().filter_map(|entry| Some((earlier(entry)?, entry.name.value.clone())));
    registry.by_earlier_name.extend(names);
}

fn registration(entry: &Entry, around: &Around<'_>, diagnostics: &mut Diagnostics) -> Registration {
    let keys: Vec<&str> = KEYS.into_iter().chain(Hosting::KEYS).collect();
    let fields = Fields::of(&entry.value, "a registry entry", &keys, diagnostics);
    let customer_id = fields.text("customer_id", diagnostics).filter(|id| {
        let read = read_text(default_cloud(), Type::Identifier(IdentifierKind::CustomerId), "customer_id", &id.value, id.span);
        read.map_err(|diagnostic| diagnostics.push(diagnostic)).is_ok()
    });
    let residency = fields.get("residency").map(|entry| entry.value.span).zip(fields.texts("residency", diagnostics));
    let residency = residency.map(|(span, names)| {
        names.iter().for_each(|name| region(name, diagnostics));
        Spanned::new(names.into_iter().map(|name| name.value).collect(), span)
    });
    let own_rules = rules::read_own(fields.get("rules"), around.rules, around.today, diagnostics);
    Registration {
        name: entry.key.clone(),
        customer_id,
        tier: known_tier(fields.text("tier", diagnostics), around.tiers, diagnostics),
        hosting: Hosting::read(&fields, around, diagnostics),
        environments: Hosting::by_environment(fields.get("environments"), around, diagnostics),
        infra: fields.text("infra", diagnostics).filter(|path| inside(path, diagnostics)).map(|path| path.value),
        residency,
        offboarded: fields.boolean("offboarded", diagnostics).unwrap_or(false),
        formerly: fields.text("formerly", diagnostics),
        modules_without: held_back(fields.get(MODULES_WITHOUT), diagnostics),
        modules_inputs: Constants::read(fields.get(MODULES_INPUTS), diagnostics),
        rules: (!own_rules.is_empty()).then(|| rules::with_own(around.rules, &own_rules)),
        own_rules,
    }
}

/// True for a directory below the repository.
pub(super) fn inside(path: &Spanned<SmolStr>, diagnostics: &mut Diagnostics) -> bool {
    let good = !path.value.is_empty() && !path.value.starts_with('/') && path.value.split('/').all(|part| part != ".." && !part.is_empty());
    if !good {
        diagnostics.push(invalid(
            path.span,
            format!("`{}` is not a directory below its root", path.value),
            "write a relative path without `..`",
        ));
    }
    good
}

fn known_tier(tier: Option<Spanned<SmolStr>>, tiers: &[Tier], diagnostics: &mut Diagnostics) -> Option<Spanned<SmolStr>> {
    let tier = tier?;
    if tiers.iter().any(|known| known.name.value == tier.value) {
        return Some(tier);
    }
    diagnostics.push(unknown_tier(&tier.value, tier.span, tiers));
    None
}

/// `unknown-tier` with the nearest.
pub fn unknown_tier(name: &str, span: Span, tiers: &[Tier]) -> crate::diagnostics::Diagnostic {
    let names = || tiers.iter().map(|tier| tier.name.value.as_str());
    let diagnostic = crate::diagnostics::Diagnostic::new(&codes::UNKNOWN_TIER, format!("unknown tier `{name}`"));
    let help = format!("the tiers are {}", and_list(names()));
    match guess(name, names()) {
        Some(near) => diagnostic.meant(span, &near).help(format!("write {}; {help}", near.names())),
        None => diagnostic.at(span, "not a tier").help(help),
    }
}

impl Registration {
    /// True for one repository, and for two that the registry gives one id.
    fn is_same_customer(&self, other: &Registration) -> bool {
        let ids = self.customer_id.as_ref().zip(other.customer_id.as_ref());
        self.name.value == other.name.value || ids.is_some_and(|(one, other)| one.value == other.value)
    }
}

impl Registry {
    /// What is known of a repository.
    pub fn get(&self, repository: &str) -> Option<&Registration> {
        self.entries.get(repository)
    }

    /// The first repository that has a customer_id.
    pub fn of_customer(&self, customer_id: &str) -> Option<&Registration> {
        self.by_customer_id.get(customer_id).and_then(|name| self.entries.get(name))
    }

    /// True for a repository whose customer_id another one has too.
    pub fn shares_id(&self, repository: &str) -> bool {
        let id = self.get(repository).and_then(|entry| entry.customer_id.as_ref());
        id.is_some_and(|id| self.shared_ids.contains(&id.value))
    }

    /// True when the platform file has a registry at all.
    pub fn is_written(&self) -> bool {
        self.is_written
    }

    /// True for two repositories that are one customer's.
    pub fn are_one_customer(&self, one: &str, other: &str) -> bool {
        self.get(one).zip(self.get(other)).is_some_and(|(one, other)| one.is_same_customer(other))
    }

    /// True when an account is a customer's, and no other's.
    pub fn is_alone_in(&self, account: &str, own: &Registration) -> bool {
        let owner = self.by_account.get(account).and_then(Option::as_ref).and_then(|owner| self.entries.get(owner));
        owner.is_some_and(|owner| owner.is_same_customer(own))
    }

    /// The repository that had a name before. Names are compared without case, as everywhere.
    pub fn formerly(&self, earlier_name: &str) -> Option<&Registration> {
        if self.by_earlier_name.is_empty() {
            return None;
        }
        self.by_earlier_name.get(earlier_name.to_ascii_lowercase().as_str()).and_then(|name| self.entries.get(name))
    }
}
