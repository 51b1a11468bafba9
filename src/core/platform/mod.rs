//! The platform file: what the service provider decides.
//!
//! Trusted, and every key has a default, so that there is a platform without a file too. Knows nothing of any customer's documents.

mod backend_arguments;
mod backend_config;
mod backend_forms;
mod clouds;
mod conditions;
mod constants;
mod date;
mod export;
mod fields;
mod grants;
mod hosting;
mod modules;
mod name_pattern;
mod read;
mod registry;
mod reserved_tags;
mod rules;
mod state;
mod tiers;
mod version;

pub use backend_config::{ConfigEntry, ConfigPart, ConfigValue, StateVariable, StateVariables};
pub use clouds::{COPY_REGION, CloudPolicy};
pub use conditions::{Bound, Condition, Subject};
pub use constants::{Constant, Constants};
pub use date::Date;
pub use export::export;
pub use grants::{Grants, NetworkGrant};
pub use hosting::Hosting;
pub(crate) use modules::fill;
pub use modules::{ModuleSource, Modules};
pub use name_pattern::{KNOWN as KNOWN_IN_PATTERNS, NamePattern};
pub use read::read;
pub use registry::{Registration, Registry, unknown_tier};
pub use reserved_tags::{ReservedTag, reserved_tag};
pub use rules::OwnRule;
pub use state::{BackendKind, Layout, State};
pub use tiers::Tier;

use crate::clouds::Cloud;
use crate::diagnostics::Rules;
use crate::modules::Variable;
use crate::source::{SourceFile, Span, Spanned};
use ipnet::Ipv4Net;
use name_pattern::levels;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Where the platform comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// No platform file: no registry and no list, claims are taken as written.
    BuiltIn,
    /// A `terralet.yml`.
    File,
    /// A file that `terralet platform export` wrote: the lists, and no registry.
    Exported,
}

/// What the service provider decides.
#[derive(Debug)]
pub struct Platform {
    /// Where it comes from.
    pub origin: Origin,
    /// Its file, shared by every customer's source map; empty when there is none.
    pub source: Arc<SourceFile>,
    /// Which versions of terralet may read it.
    pub terralet_version: Option<Spanned<SmolStr>>,
    /// The platform's name, which becomes the tag `platform`.
    pub name: Option<Spanned<SmolStr>>,
    /// Where the customers' directories are, relative to the workspace: each a pattern for every level.
    pub customers: Vec<CustomerPattern>,
    /// The directory with the documents inside each repository.
    pub infra: SmolStr,
    /// Of an exported file: where else repositories have their documents, since it does not say which has them where.
    pub other_infra: Vec<SmolStr>,
    /// The directory of the generated tree, relative to the workspace.
    pub output: SmolStr,
    /// The environments that customers may have; nothing when every name is legal.
    pub environments: Option<Vec<EnvironmentPolicy>>,
    /// What the platform says of clouds, each once; see [`Platform::cloud`].
    pub clouds: Vec<CloudPolicy>,
    /// Networks of the provider's own.
    pub reserved: Vec<Spanned<Ipv4Net>>,
    /// The tiers; nothing when no platform lists them.
    pub tiers: Option<Vec<Tier>>,
    /// What is known of each repository.
    pub registry: Registry,
    /// True when what is not granted is refused even where it stands already.
    pub grants_required: bool,
    /// Where state is kept.
    pub state: State,
    /// The shared modules.
    pub modules: Modules,
    /// Severities, where a repository has none of its own: see [`Platform::rules_of`].
    pub rules: Rules,
    /// Of a file that was exported for one customer: what it may name, by environment.
    pub customer_grants: Option<BTreeMap<SmolStr, Grants>>,
    /// Of an exported file: the inputs of each shared module.
    pub module_inputs: Option<ModuleInputs>,
}

/// The inputs of shared modules by module. Those that take whatever is passed to them have the type `any` and no rules.
pub type ModuleInputs = BTreeMap<SmolStr, BTreeMap<SmolStr, Variable>>;

/// Where customers' directories are.
#[derive(Clone, Debug)]
pub struct CustomerPattern {
    /// As it is written; nothing for the one that holds where none is.
    pub text: Option<Spanned<SmolStr>>,
    /// A pattern for every level below the workspace.
    pub levels: Vec<NamePattern>,
}

impl CustomerPattern {
    /// The pattern as people write it.
    pub fn shown(&self) -> &str {
        self.text.as_ref().map_or("customers/*", |text| &text.value)
    }
}

/// The platform file's name.
pub const FILE_NAME: &str = "terralet.yml";
/// What people write for it. It is never read, and never passed over.
pub const OTHER_SPELLING: &str = "terralet.yaml";

/// What holds in one environment.
#[derive(Clone, Debug)]
pub struct EnvironmentPolicy {
    /// Its name.
    pub name: Spanned<SmolStr>,
    /// True when it is protected from loss.
    pub protected: bool,
    /// True where its databases may be without deletion protection although it is protected.
    pub unprotected_databases: bool,
    /// What values must be.
    pub require: Vec<Condition>,
}

impl Platform {
    /// The platform of a run without a platform file.
    pub fn built_in() -> Self {
        Platform {
            origin: Origin::BuiltIn,
            source: Arc::new(SourceFile::new("terralet.yml", "")),
            terralet_version: None,
            name: None,
            customers: levels("customers/*").map(|levels| CustomerPattern { text: None, levels }).into_iter().collect(),
            infra: SmolStr::new_static("infra"),
            other_infra: Vec::new(),
            output: SmolStr::new_static("generated"),
            environments: None,
            clouds: Vec::new(),
            reserved: Vec::new(),
            tiers: None,
            registry: Registry::default(),
            grants_required: false,
            state: State::default(),
            modules: Modules::default(),
            rules: Rules::default(),
            customer_grants: None,
            module_inputs: None,
        }
    }

    /// What one customer is granted in an environment: by its registry entry, or by a file that was exported for it.
    pub fn grants_of<'p>(&'p self, own: Option<&'p Registration>, environment: &'p str) -> impl Iterator<Item = &'p Grants> {
        let exported = self.customer_grants.as_ref().and_then(|grants| grants.get(environment));
        own.into_iter().flat_map(move |own| own.grants_of(environment)).chain(exported)
    }

    /// What the platform says of a cloud.
    pub fn cloud(&self, cloud: &dyn Cloud) -> &CloudPolicy {
        static NOTHING: LazyLock<CloudPolicy> = LazyLock::new(CloudPolicy::default);
        self.clouds.iter().find(|policy| policy.cloud == cloud.facts().name).unwrap_or(&NOTHING)
    }

    /// The policy of an environment, when the platform lists it.
    pub fn environment(&self, name: &str) -> Option<&EnvironmentPolicy> {
        self.environments.as_ref()?.iter().find(|policy| policy.name.value == name)
    }

    /// True for a repository that left: present or not, it counts as gone.
    pub fn is_offboarded(&self, repository: &str) -> bool {
        self.registry.get(repository).is_some_and(|entry| entry.offboarded)
    }

    /// True for environments that are protected from loss: as the platform says, and `production` where it says nothing.
    pub fn is_protected(&self, environment: &str) -> bool {
        match &self.environments {
            Some(_) => self.environment(environment).is_some_and(|policy| policy.protected),
            None => environment == "production",
        }
    }

    /// The severities that hold for a repository: its registry entry's over the platform's.
    pub fn rules_of(&self, repository: &str) -> &Rules {
        self.registry.get(repository).and_then(|entry| entry.rules.as_ref()).unwrap_or(&self.rules)
    }

    /// The tier of a name.
    pub fn tier(&self, name: &str) -> Option<&Tier> {
        self.tiers.as_ref()?.iter().find(|tier| tier.name.value == name)
    }

    /// True where nothing holds a module back from a customer: neither the platform, nor its tier, nor its registry entry.
    pub fn offers(&self, module: &str, tier: Option<&Tier>, own: Option<&Registration>) -> bool {
        let of_tier = tier.map_or(&[][..], |tier| &tier.modules_without);
        let of_entry = own.map_or(&[][..], |own| &own.modules_without);
        ![&self.modules.without, of_tier, of_entry].iter().any(|without| without.contains(&module))
    }

    /// What a customer's calls of a module are passed beyond what the language has, by the inputs' names: its registry entry's over its
    /// tier's, and those over the platform's.
    pub fn constants_of<'p>(&'p self, module: &str, tier: Option<&'p Tier>, own: Option<&'p Registration>) -> Vec<&'p Constant> {
        let of_tier = tier.map(|tier| &tier.modules_inputs);
        let of_entry = own.map(|own| &own.modules_inputs);
        let all = [Some(&self.modules.inputs), of_tier, of_entry].into_iter().flatten().flat_map(|constants| constants.of(module));
        let mut by_name = BTreeMap::new();
        by_name.extend(all.map(|constant| (&constant.name.value, constant)));
        by_name.into_values().collect()
    }

    /// True where every customer's calls of a module are passed an input of this name. Customers of a tier that holds the module back call none.
    pub fn gives_all(&self, module: &str, input: &str) -> bool {
        let has = |constants: &Constants| constants.of(module).iter().any(|constant| constant.name.value == input);
        let tiers = self.tiers.as_deref().unwrap_or_default();
        let is_given = |tier: &Tier| has(&tier.modules_inputs) || tier.modules_without.contains(&module);
        has(&self.modules.inputs) || (!tiers.is_empty() && tiers.iter().all(is_given))
    }

    /// All that customers' calls are passed beyond what the language has, in the order of the platform file's parts.
    pub fn constants(&self) -> impl Iterator<Item = &Constants> {
        let of_tiers = self.tiers.iter().flatten().map(|tier| &tier.modules_inputs);
        let of_entries = self.registry.entries.values().map(|entry| &entry.modules_inputs);
        std::iter::once(&self.modules.inputs).chain(of_tiers).chain(of_entries)
    }

    /// The tier of a repository, at the place that says it: its entry's, else the one of those that are not listed, else `standard`, else the
    /// first.
    pub fn tier_of<'p>(&'p self, own: Option<&'p Registration>) -> Option<&'p Spanned<SmolStr>> {
        let said = own.and_then(|own| own.tier.as_ref()).or(self.registry.default_tier.as_ref());
        let first = || self.tier("standard").or(self.tiers.as_ref()?.first()).map(|tier| &tier.name);
        said.or_else(first)
    }

    /// True when the registry decides who a repository is.
    pub fn has_registry(&self) -> bool {
        self.origin == Origin::File
    }

    /// The platform's lines are second labels only where its file is at hand with lines of its own.
    pub fn line(&self, span: Span) -> Option<Span> {
        (self.origin != Origin::BuiltIn && span.start < span.end).then_some(span)
    }
}
