//! What rules work on: the deployments of one customer next to their networks, and the values that have failed already.
//!
//! "The first that fails is reported alone" is kept here: a rule that reports an error poisons the values it is about, and later rules ask for
//! valid values only.

use super::CheckInput;
use super::zones::{Zones, is_within, zones};
use crate::clouds::Cloud;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, codes};
use crate::ir::{Customer, Deployment, Network, Setting, Source};
use crate::platform::{CloudPolicy, Origin, Platform, Tier};
use crate::resolve::Role;
use crate::schema::Typed;
use crate::source::{SourceMap, Span};
use smol_str::SmolStr;
use std::collections::HashSet;
use std::rc::Rc;

/// A deployment next to what it stands in.
#[derive(Debug)]
pub(super) struct DeploymentScope<'c> {
    /// The deployment.
    pub(super) deployment: &'c Deployment,
    /// The root that owns its network: itself, or its shared root.
    pub(super) home: &'c Deployment,
    /// The zones of its region.
    pub(super) zones: Zones,
}

impl<'c> DeploymentScope<'c> {
    /// The network that the deployment is in.
    pub(super) fn network(&self) -> Option<&'c Network> {
        self.home.network.as_ref()
    }

    /// True when both are in one environment and region.
    pub(super) fn shares_network_with(&self, other: &DeploymentScope<'_>) -> bool {
        std::ptr::eq(self.home, other.home)
    }
}

/// One run of the rules over one customer.
pub(super) struct RuleContext<'p, 'c> {
    /// What is looked at.
    pub(super) input: &'p CheckInput<'c>,
    /// True when something before the rules was an error, so that what is absent may be absent because of it.
    pub(super) after_errors: bool,
    diagnostics: &'p mut Diagnostics,
    scopes: Rc<[DeploymentScope<'c>]>,
    /// Places of errors that were reported before the rules.
    wrong: HashSet<Span>,
    /// Regions that are not those of their documents.
    mismatched: HashSet<Span>,
    /// Values that a rule reported an error of, by place and key.
    poisoned: HashSet<(Span, &'static str)>,
}

impl<'p, 'c> RuleContext<'p, 'c> {
    /// Nothing has been reported yet.
    pub(super) fn new(input: &'p CheckInput<'c>, diagnostics: &'p mut Diagnostics) -> Self {
        let rules = input.rules;
        let errors = diagnostics.iter().filter(|diagnostic| rules.of(diagnostic) == Some(Severity::Error));
        let wrong: HashSet<Span> = errors.filter_map(Diagnostic::primary).collect();
        let mismatches = diagnostics.iter().filter(|diagnostic| diagnostic.code == &codes::REGION_MISMATCH);
        let mismatched: HashSet<Span> = mismatches.filter_map(Diagnostic::primary).collect();
        let scopes = scopes(input);
        RuleContext { after_errors: !wrong.is_empty(), input, diagnostics, scopes, wrong, mismatched, poisoned: HashSet::new() }
    }

    /// The customer.
    pub(super) fn customer(&self) -> &'c Customer {
        self.input.customer
    }

    /// The cloud.
    pub(super) fn cloud(&self) -> &'static dyn Cloud {
        self.input.customer.cloud
    }

    /// What the platform says of the cloud.
    pub(super) fn cloud_policy(&self) -> &'c CloudPolicy {
        self.input.platform.cloud(self.cloud())
    }

    /// The platform.
    pub(super) fn platform(&self) -> &'c Platform {
        self.input.platform
    }

    /// Every deployment.
    pub(super) fn scopes(&self) -> Rc<[DeploymentScope<'c>]> {
        Rc::clone(&self.scopes)
    }

    /// A value that has no error of its own so far.
    pub(super) fn valid<'s, T>(&self, setting: &'s Option<Setting<T>>, key: &'static str) -> Option<&'s Setting<T>> {
        setting.as_ref().filter(|setting| self.is_valid(setting, key))
    }

    /// True when no error of a value has been reported.
    pub(super) fn is_valid<T>(&self, setting: &Setting<T>, key: &'static str) -> bool {
        // A default's place is another value's or a section's key: an error there is not the default's.
        (setting.source != Source::Written || !self.wrong.contains(&setting.span)) && !self.poisoned.contains(&(setting.span, key))
    }

    /// True when a value that nobody wrote may come from the tier after all: a customer with an exported platform that claims no tier does not
    /// know its own.
    pub(super) fn may_be_the_tiers(&self, deployment: &Deployment, (section, key): (&'static str, &'static str)) -> bool {
        let platform = self.platform();
        if platform.origin != Origin::Exported || self.customer().identity.tier.is_some() {
            return false;
        }
        if deployment.settings.get(section, key).is_some_and(|setting| setting.source == Source::Written) {
            return false;
        }
        let sets = |tier: &Tier| {
            let section = tier.defaults.as_ref().and_then(|defaults| defaults.as_mapping()).and_then(|defaults| defaults.get(section));
            section.and_then(|section| section.value.as_mapping()).is_some_and(|section| section.get(key).is_some())
        };
        platform.tiers.iter().flatten().any(sets)
    }

    /// True when no error of the deployment's region has been reported.
    pub(super) fn has_valid_region(&self, deployment: &Deployment) -> bool {
        let span = deployment.region.span;
        deployment.region_known && !self.poisoned.contains(&(span, "region")) && !self.mismatched.contains(&span)
    }

    /// True when the text at a value's place is the value itself, and everyone who has it from there is one of these: a new value in its place
    /// changes nothing for others.
    pub(super) fn may_replace(
        &self,
        (section, key): (&'static str, &'static str),
        setting: &Setting<Typed>,
        concerns: impl Fn(&Deployment) -> bool,
    ) -> bool {
        let length = (setting.span.end - setting.span.start) as usize;
        let is_there = setting.source == Source::Written && length == setting.value.to_string().len();
        let has_it =
            |scope: &&DeploymentScope<'_>| scope.deployment.settings.get(section, key).is_some_and(|other| other.span == setting.span);
        is_there && self.scopes.iter().filter(has_it).all(|scope| concerns(scope.deployment))
    }

    /// True when a code was reported of a place.
    pub(super) fn was_reported(&self, code: &'static Code, span: Span) -> bool {
        self.diagnostics.has(code, span)
    }

    /// Reports a diagnostic that leaves its values in play.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a diagnostic of these values, given by place and key. Where the platform's rules make it no error, the values stay in play:
    /// nobody gets past a tier's limits because an earlier rule has become a warning.
    pub(super) fn report_and_poison(&mut self, diagnostic: Diagnostic, values: &[(Span, &'static str)]) {
        if self.input.rules.of(&diagnostic) == Some(Severity::Error) {
            self.poisoned.extend(values);
        }
        self.diagnostics.push(diagnostic);
    }

    /// A label on a line of the platform file, where that is at hand.
    pub(super) fn with_line(&self, diagnostic: Diagnostic, span: Option<Span>, text: &'static str) -> Diagnostic {
        match span.and_then(|span| self.platform().line(span)) {
            Some(line) => diagnostic.at(line, text),
            None => diagnostic,
        }
    }

    /// A diagnostic of one value, at its place in the customer's documents; a tier's default is pointed at through the section's key, with
    /// the tier's line next to it.
    pub(super) fn of_value<T>(
        &self,
        code: &'static Code,
        message: String,
        (deployment, section, key): (&Deployment, &str, &'static str),
        setting: &Setting<T>,
        label: String,
    ) -> Diagnostic {
        let diagnostic = Diagnostic::new(code, message).at(place(deployment, section, setting), label).about(key);
        let line = (setting.source == Source::Tier).then_some(setting.span);
        self.with_line(diagnostic, line, "the tier's default")
    }
}

/// Where a value is pointed at in the customer's documents.
pub(super) fn place<T>(deployment: &Deployment, section: &str, setting: &Setting<T>) -> Span {
    if setting.span.file != SourceMap::PLATFORM {
        return setting.span;
    }
    let key = deployment.settings.section(section).filter(|key| key.file != SourceMap::PLATFORM);
    key.unwrap_or(deployment.place)
}

/// What is said behind a value that nobody wrote.
pub(super) fn by_default(source: Source) -> &'static str {
    match source {
        Source::Written => "",
        Source::Tier => " by the tier's default",
        Source::Default => " by default",
    }
}

/// The key that a value follows which nobody wrote (see `lower`).
pub(super) fn leader(deployment: &Deployment, (section, key): (&str, &str)) -> Option<&'static str> {
    let leader = match (section, key) {
        ("networking", "availability_zones") => "zones",
        ("networking", "enable_nat_gateway") => "nat_gateways",
        ("database", "multi_az") => "instances",
        _ => return None,
    };
    let follows = deployment.settings.get(section, key).is_some_and(|setting| setting.source == Source::Default);
    (follows && deployment.settings.has(section, leader)).then_some(leader)
}

/// True when the text at a place is the value itself, perhaps in quotes, and not a template or something longer: only then can an edit
/// replace it.
pub(super) fn is_verbatim(setting: &Setting<SmolStr>) -> bool {
    let length = (setting.span.end - setting.span.start) as usize;
    setting.source == Source::Written && (length == setting.value.len() || length == setting.value.len() + 2)
}

/// Each deployment next to its shared root, which stands before its services; behind it come its named databases, for which all rules of
/// `database` hold.
fn scopes<'c>(input: &CheckInput<'c>) -> Rc<[DeploymentScope<'c>]> {
    let mut shared: Option<&'c Deployment> = None;
    let scope = |deployment: &'c Deployment| {
        if deployment.role == Role::Shared {
            shared = Some(deployment);
        }
        let same =
            |other: &&Deployment| other.environment.value == deployment.environment.value && other.region.value == deployment.region.value;
        let home = match deployment.role {
            Role::Service => shared.filter(same).unwrap_or(deployment),
            Role::Whole | Role::Shared => deployment,
        };
        let (environment, region) = (&deployment.environment.value, &deployment.region.value);
        let known = zones(input.customer.cloud, input.platform, input.registration, environment, region);
        let named = home.network.as_ref().and_then(|network| network.zones.as_ref());
        // Those that are not there are reported, and the others stay in play.
        let named = named.filter(|named| is_within(&named.value, &known)).map(|named| named.value.as_str());
        DeploymentScope { deployment, home, zones: known.with_first(named) }
    };
    let mut scopes = Vec::with_capacity(input.customer.deployments.len());
    for whole in input.customer.deployments.iter().map(scope) {
        let DeploymentScope { deployment, home, .. } = whole;
        let databases =
            deployment.databases.iter().map(|database| DeploymentScope { deployment: database, home, zones: whole.zones.clone() });
        let databases: Vec<_> = databases.collect();
        scopes.push(whole);
        scopes.extend(databases);
    }
    scopes.into()
}
