//! Where a repository's deployments are: the account, its zones, the state and the modules' version, for all of its environments or for one.

use super::backend_config::{self, ConfigEntry};
use super::clouds::{region, zone_letters};
use super::fields::{Fields, bare_name, entries, invalid, text};
use super::grants::{self, Grants};
use super::registry::{Around, Registration};
use crate::clouds::{CLOUDS, default_cloud};
use crate::diagnostics::{Diagnostic, Diagnostics, and_list, codes, guess};
use crate::source::Spanned;
use crate::syntax::Entry;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Where deployments are. What one says nothing of is as with the next: an environment's, the repository's, the tier's, the platform's.
#[derive(Clone, Debug, Default)]
pub struct Hosting {
    /// The account in the cloud.
    pub account_id: Option<Spanned<SmolStr>>,
    /// Zone letters of the account, by region.
    pub zones: BTreeMap<SmolStr, Spanned<String>>,
    /// The version of the shared modules.
    pub modules_version: Option<Spanned<SmolStr>>,
    /// Arguments of the backend.
    pub state: Vec<ConfigEntry>,
    /// What may be named there, whosever it is.
    pub grants: Grants,
}

impl Hosting {
    /// The keys that say it.
    pub(super) const KEYS: [&str; 5] = ["account_id", "zones", "modules_version", "state", grants::KEY];

    /// Reads the keys of a registry entry, or of one of its environments.
    pub(super) fn read(fields: &Fields<'_>, around: &Around<'_>, diagnostics: &mut Diagnostics) -> Self {
        let mut zones = BTreeMap::new();
        for entry in entries(fields.get("zones"), diagnostics) {
            region(&entry.key, diagnostics);
            if let Some(letters) = zone_letters(&entry.value, diagnostics) {
                zones.insert(entry.key.value.clone(), letters);
            }
        }
        let state = fields.get("state").map(|entry| {
            let fields = Fields::of(&entry.value, "a registry entry's `state`", &["config"], diagnostics);
            backend_config::read(around.backend, fields.get("config"), diagnostics)
        });
        Hosting {
            account_id: fields.get("account_id").and_then(|entry| account(entry, diagnostics)),
            zones,
            modules_version: fields.text("modules_version", diagnostics),
            state: state.unwrap_or_default(),
            grants: Grants::of_customer(fields.get(grants::KEY), diagnostics),
        }
    }

    /// Reads `environments` of a registry entry: each is one that the platform has.
    pub(super) fn by_environment(entry: Option<&Entry>, around: &Around<'_>, diagnostics: &mut Diagnostics) -> BTreeMap<SmolStr, Hosting> {
        let mut all = BTreeMap::new();
        for entry in entries(entry, diagnostics) {
            let names = || around.environments.iter().map(|policy| policy.name.value.as_str());
            if !names().any(|name| name == entry.key.value) {
                let diagnostic = Diagnostic::new(&codes::UNKNOWN_ENVIRONMENT, format!("unknown environment `{}`", entry.key.value));
                let has = format!("the platform has {}", and_list(names()));
                diagnostics.push(match guess(&entry.key.value, names()) {
                    Some(near) => diagnostic.meant(entry.key.span, &near).help(format!("write {}; {has}", near.names())),
                    None => diagnostic.at(entry.key.span, "not an environment").help(has),
                });
            }
            bare_name(entry, "the environment", diagnostics);
            let fields = Fields::of(&entry.value, "an environment of a registry entry", &Self::KEYS, diagnostics);
            all.insert(entry.key.value.clone(), Self::read(&fields, around, diagnostics));
        }
        all
    }
}

impl Registration {
    /// What is said of an environment, and behind that what is said of all of them.
    fn hostings(&self, environment: &str) -> impl Iterator<Item = &Hosting> {
        self.environments.get(environment).into_iter().chain(std::iter::once(&self.hosting))
    }

    /// The account of an environment.
    pub fn account_of(&self, environment: &str) -> Option<&Spanned<SmolStr>> {
        self.hostings(environment).find_map(|hosting| hosting.account_id.as_ref())
    }

    /// The zone letters of an environment's account in a region.
    pub fn zones_of(&self, environment: &str, region: &str) -> Option<&Spanned<String>> {
        self.hostings(environment).find_map(|hosting| hosting.zones.get(region))
    }

    /// What is granted in an environment: there, and in all of the repository's.
    pub fn grants_of(&self, environment: &str) -> impl Iterator<Item = &Grants> {
        self.hostings(environment).map(|hosting| &hosting.grants)
    }

    /// The version of the shared modules in an environment.
    pub fn modules_version_of(&self, environment: &str) -> Option<&Spanned<SmolStr>> {
        self.hostings(environment).find_map(|hosting| hosting.modules_version.as_ref())
    }

    /// The arguments of the backend in an environment: its own, and those of the repository that it does not have.
    pub fn state_of(&self, environment: &str) -> Vec<&ConfigEntry> {
        let mut state: Vec<&ConfigEntry> = Vec::new();
        for entry in self.hostings(environment).flat_map(|hosting| &hosting.state) {
            if !state.iter().any(|known| known.name.value == entry.name.value) {
                state.push(entry);
            }
        }
        state
    }

    /// Every account that is written.
    pub fn accounts(&self) -> impl Iterator<Item = &Spanned<SmolStr>> {
        std::iter::once(&self.hosting).chain(self.environments.values()).filter_map(|hosting| hosting.account_id.as_ref())
    }

    /// Every version of the shared modules that is written.
    pub(super) fn modules_versions(&self) -> impl Iterator<Item = &Spanned<SmolStr>> {
        let all = std::iter::once(&self.hosting).chain(self.environments.values());
        all.filter_map(|hosting| hosting.modules_version.as_ref())
    }
}

fn account(entry: &Entry, diagnostics: &mut Diagnostics) -> Option<Spanned<SmolStr>> {
    let text = text("account_id", &entry.value, diagnostics)?;
    if CLOUDS.iter().any(|cloud| cloud.has_form_of_account(&text.value)) {
        return Some(text);
    }
    diagnostics.push(invalid(
        text.span,
        format!("`{}` {}", text.value, default_cloud().facts().not_an_account),
        "an account id has 12 digits; keep the zeros in front",
    ));
    None
}
