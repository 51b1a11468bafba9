//! The pipeline, for one customer: documents in, reports and root modules out. Reads and writes no file.

mod emitted;
mod refused;
mod summary;

use crate::assemble::{CompileContext, assemble, state_key};
use crate::check::{CheckInput, CheckedDeployment, FleetFacts, Proof, check, complete, facts as fleet_facts};
use crate::diagnostics::{Diagnostic, Diagnostics, Report, codes};
use crate::ir;
use crate::lower::lower;
use crate::modules::SectionKey;
use crate::platform::{Origin, Platform, Tier};
use crate::resolve::{Documents, Identity, RepositoryFiles, read_documents, resolve};
use crate::schema::{Poisoned, without_secrets};
use crate::source::{FileId, Location, Place, SourceFile, SourceMap, Span};
use crate::terraform::{RootIdentity, RootModule, StateKey};
use crate::trace::{Origins, TracedRoot};
use smol_str::SmolStr;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// What came of one customer.
#[derive(Debug)]
pub struct CompiledCustomer {
    /// The repository.
    pub repository: Arc<str>,
    /// Whose it is, when that could be found out.
    pub customer_id: Option<String>,
    /// Everything that was reported, in order.
    pub reports: Vec<Report>,
    /// Its roots; nothing when there are errors.
    pub roots: Option<Vec<Root>>,
    /// Where its roots would be, when there are errors: nothing is made of them, and people ask about them.
    pub unproven: Vec<Root>,
    /// What rules across customers need of it.
    pub fleet: Option<Box<FleetFacts>>,
    /// Regions whose overlay says which environments there are, and where it does: a deployment that is gone may be gone because of it.
    pub selections: Vec<(String, Place)>,
    /// Where each service is made.
    pub services: Vec<(SmolStr, Place)>,
    /// Services that say in which environments and regions they are, and where they do: another cause of a deployment that is gone.
    pub placed_services: Vec<(SmolStr, Place)>,
    /// Where its documents list environments, else where they start: what is said there makes no deployment that is gone.
    pub listed: Option<Place>,
}

/// A root that a customer has: what is kept of it while others are compiled.
#[derive(Debug)]
pub struct Root {
    /// Which deployment it is.
    pub identity: RootIdentity,
    /// Its state key.
    pub key: StateKey,
    /// The place in the documents that makes the deployment.
    pub place: Option<Place>,
    /// A number for its name in the cloud, so that names of a large fleet are compared without being held; 0 where it has none.
    pub name: u64,
}

/// A customer that may be assembled.
#[derive(Debug)]
pub struct Proven {
    /// The proof that it has no errors.
    pub proof: Proof,
    /// What the proof was made from, with the same deployments in the same order.
    customer: ir::Customer,
    sources: SourceMap,
}

/// The places of the values that a change of which does harm, by the label of the call and argument (see
/// [`OnChange`](crate::modules::OnChange)); under [`CALL`] those of the sections that make calls of newer modules.
pub type HarmfulPlaces = Vec<((SmolStr, &'static str), Place)>;

/// In the place of an argument: the call as a whole.
pub const CALL: &str = "";

impl Proven {
    /// The roots, in the order of those that the customer keeps.
    pub fn assemble(&self, surroundings: &CompileContext<'_>) -> Vec<RootModule> {
        assemble(&self.proof, surroundings)
    }

    /// For every root, the places of the values that a change of which does harm.
    pub fn all_harmful_places(&self) -> Vec<HarmfulPlaces> {
        self.customer.deployments.iter().map(|deployment| harmful_places(&self.customer, deployment, &self.sources)).collect()
    }

    /// The same of one root, by its index. Nearly no root is harmed by what its customer changed, so that nobody asks for the others'.
    pub fn harmful_places(&self, root: usize) -> HarmfulPlaces {
        let deployment = self.customer.deployments.get(root);
        deployment.map(|deployment| harmful_places(&self.customer, deployment, &self.sources)).unwrap_or_default()
    }
}

/// Compiles one customer, as far as to the proof that it may be assembled, which there is none of where there are errors.
pub fn customer(files: RepositoryFiles, surroundings: &CompileContext<'_>) -> (CompiledCustomer, Option<Proven>) {
    let platform = surroundings.platform;
    let repository: Arc<str> = Arc::from(files.name.as_str());
    let mut sources = SourceMap::new(Arc::clone(&platform.source));
    let mut diagnostics = Diagnostics::new();
    let mut poisoned = Poisoned::default();
    let nowhere = files.infra.clone();
    if let Some(name) = files.nested_platform {
        diagnostics.push(nested_platform(&files, name, &mut sources));
    }
    let documents = read_documents(files, platform, &mut sources, &mut poisoned, &mut diagnostics);
    let Stages { customer, fleet, proof, selections, placed_services } =
        stages(&documents, &nowhere, surroundings, &poisoned, &mut sources, &mut diagnostics);
    let customer_id = customer.as_ref().map(|customer| customer.identity.customer_id.value.to_string());
    let mut reports = diagnostics.finish(&sources, platform.rules_of(&repository), Some(&repository), &|span| documents.path_at(span));
    for report in &mut reports {
        hide_secrets(report);
        report.labels.shrink_to_fit();
    }
    hide_all(&poisoned, &sources, &mut reports);
    reports.shrink_to_fit();
    let fleet = fleet.map(Box::new);
    let mut selections = selections;
    selections.shrink_to_fit();
    let roots = proof.as_ref().map(|proof| {
        let checked = proof.customer();
        let root = |deployment: &CheckedDeployment| {
            let (identity, key) = state_key(checked, deployment, platform);
            Root { identity, key, place: sources.place(deployment.place), name: name_number(&deployment.name) }
        };
        checked.deployments.iter().map(root).collect()
    });
    let services = customer.as_ref().map(|customer| services(customer, &sources)).unwrap_or_default();
    let listed = listed(&documents).and_then(|span| sources.place(span));
    let (proven, unproven) = match (customer, proof) {
        (Some(customer), Some(proof)) => (Some(Proven { proof, customer, sources }), Vec::new()),
        (Some(customer), None) => (None, unproven(&customer, &repository, platform, &sources)),
        (None, _) => (None, Vec::new()),
    };
    let customer =
        CompiledCustomer { repository, customer_id, reports, roots, unproven, fleet, selections, services, placed_services, listed };
    (customer, proven)
}

/// Where each service is made.
fn services(customer: &ir::Customer, sources: &SourceMap) -> Vec<(SmolStr, Place)> {
    let mut places: BTreeMap<&SmolStr, Span> = BTreeMap::new();
    for service in customer.deployments.iter().filter_map(|deployment| deployment.service.as_ref()) {
        places.entry(&service.value).or_insert(service.span);
    }
    places.into_iter().filter_map(|(name, span)| Some((name.clone(), sources.place(span)?))).collect()
}

/// Where documents list environments, else where they start.
fn listed(documents: &Documents) -> Option<Span> {
    let environments = documents.all().find_map(|document| document.root.as_mapping()?.get("environments"));
    environments.map(|entry| entry.key.span).or_else(|| documents.all().next().map(|document| document.first_key()))
}

/// A number for a name in the cloud.
fn name_number(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// The roots that a customer with errors would have.
fn unproven(customer: &ir::Customer, repository: &str, platform: &Platform, sources: &SourceMap) -> Vec<Root> {
    let root = |deployment: &ir::Deployment| {
        let identity = RootIdentity {
            repository: repository.into(),
            environment: deployment.environment.value.clone(),
            region: deployment.region.value.clone(),
            service: deployment.service.as_ref().map(|service| service.value.clone()),
        };
        let key = StateKey::new(platform.state.layout, &identity, &customer.identity.customer_id.value, deployment.regional);
        Root { identity, key, place: sources.place(deployment.place), name: 0 }
    };
    customer.deployments.iter().map(root).collect()
}

/// Takes credentials out of what a report says: one may stand where no rule looks for it, such as in a key that stands twice. Words that are
/// terralet's own, and repeat nothing, have none.
fn hide_secrets(report: &mut Report) {
    let labels = report.labels.iter_mut().map(|label| &mut label.text);
    for text in labels.chain(&mut report.help).filter(|text| matches!(text, Cow::Owned(_))) {
        if let Some(safe) = without_secrets(text) {
            *text = safe.into();
        }
    }
    for text in [&mut report.message].into_iter().chain(&mut report.path) {
        if let Some(safe) = without_secrets(text) {
            *text = safe.into();
        }
    }
    if report.edits.iter().any(|edit| without_secrets(&edit.text).is_some()) {
        report.edits.clear();
    }
}

/// Hides every credential in what is shown of the documents, also those that are counted and not shown.
fn hide_all(poisoned: &Poisoned, sources: &SourceMap, reports: &mut [Report]) {
    let Some(report) = reports.iter_mut().find(|report| report.code == &codes::SECRET_IN_SOURCE) else { return };
    let mut files: BTreeMap<FileId, Arc<SourceFile>> = BTreeMap::new();
    let mut secrets: Vec<Span> = poisoned.secrets.iter().copied().collect();
    secrets.sort_unstable();
    report.hidden = secrets
        .into_iter()
        .filter_map(|span| {
            // The place counts, and not the text.
            let path = Arc::clone(&sources.get(span.file)?.path);
            let file = files.entry(span.file).or_insert_with(|| Arc::new(SourceFile::new(path, "")));
            Some(Location { file: Arc::clone(file), start: span.start, end: span.end })
        })
        .collect();
}

/// What the stages leave.
#[derive(Default)]
struct Stages {
    customer: Option<ir::Customer>,
    fleet: Option<FleetFacts>,
    proof: Option<Proof>,
    selections: Vec<(String, Place)>,
    placed_services: Vec<(SmolStr, Place)>,
}

/// The root of one directory below the output, with where each of its lines comes from. Nothing where the customer has no such root, and
/// a failure where the documents have errors, so that nobody knows what they would make.
pub fn traced(files: RepositoryFiles, surroundings: &CompileContext<'_>, directory: &str) -> Result<Option<TracedRoot>, DocumentErrors> {
    let platform = surroundings.platform;
    let mut sources = SourceMap::new(Arc::clone(&platform.source));
    let mut diagnostics = Diagnostics::new();
    let mut poisoned = Poisoned::default();
    let nowhere = files.infra.clone();
    let documents = read_documents(files, platform, &mut sources, &mut poisoned, &mut diagnostics);
    let staged = stages(&documents, &nowhere, surroundings, &poisoned, &mut sources, &mut diagnostics);
    let (Some(customer), Some(proof)) = (&staged.customer, &staged.proof) else { return Err(DocumentErrors) };
    let roots = assemble(proof, surroundings);
    // The proof and the roots have the customer's deployments in the customer's order.
    let found = roots.iter().zip(&customer.deployments).find(|(root, _)| root.key.directory() == directory);
    let registration = platform.registry.get(&documents.repository).filter(|_| platform.origin == Origin::File);
    Ok(found.map(|(root, deployment)| {
        let origins = Origins { customer, deployment, platform, registration, root };
        TracedRoot::new(&origins, &sources, |span| documents.path_at(span))
    }))
}

/// The documents have errors.
#[derive(Debug)]
pub struct DocumentErrors;

/// Resolve, lower, check, complete and prove; each stage goes on as far as the one before it lets it.
fn stages(
    documents: &Documents,
    infra: &str,
    surroundings: &CompileContext<'_>,
    poisoned: &Poisoned,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Stages {
    let platform = surroundings.platform;
    let registration = platform.registry.get(&documents.repository).filter(|_| platform.origin == Origin::File);
    let rules = platform.rules_of(&documents.repository);
    let Some(resolved) = resolve(documents, platform, poisoned, diagnostics) else {
        if !documents.incomplete && !diagnostics.has_errors(rules) {
            diagnostics.push(no_documents(documents, infra, sources));
        }
        let place = diagnostics.iter().find_map(Diagnostic::primary).and_then(|span| sources.place(span));
        return Stages { fleet: Some(FleetFacts::unread(&documents.repository, registration, place)), ..Stages::default() };
    };
    let selected =
        resolved.deployments.iter().filter_map(|deployment| deployment.selected_by.map(|by| (deployment.region.value.to_string(), by)));
    let mut selections: BTreeSet<(String, Span)> = BTreeSet::new();
    selections.extend(selected);
    let placed_services = resolved.placed_services.iter().filter_map(|(name, span)| Some((name.clone(), sources.place(*span)?))).collect();
    let customer = lower(resolved, platform, poisoned, diagnostics);
    let context = CheckInput { customer: &customer, platform, rules, registration, poisoned, interfaces: surroundings.interfaces };
    check(&context, diagnostics);
    if documents.incomplete {
        diagnostics.push(skipped(documents, &customer.identity.place));
    }
    tier_left_out(&customer.identity, platform).into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
    let fleet = fleet_facts(&context, sources);
    // What the roots would hold is judged before there is a proof.
    let completed = complete(&context, diagnostics);
    if let Some(completed) = &completed {
        let problems = match emitted::too_much(completed, surroundings) {
            Some(problem) => vec![problem],
            None => refused::arguments(completed, &customer, registration, surroundings),
        };
        problems.into_iter().for_each(|problem| diagnostics.push(problem));
    }
    let proof = completed.and_then(|completed| Proof::of(completed, diagnostics, rules));
    Stages {
        fleet: Some(fleet),
        proof,
        placed_services,
        selections: selections.into_iter().filter_map(|(region, span)| Some((region, sources.place(span)?))).collect(),
        customer: Some(customer),
    }
}

/// The places of the values that a change of which does harm. A name follows from the project's.
fn harmful_places(customer: &ir::Customer, deployment: &ir::Deployment, sources: &SourceMap) -> HarmfulPlaces {
    let place = |of: &ir::Deployment, (section, key): SectionKey| match (section, &customer.identity.project_name) {
        ("", Some(name)) if key == "project_name" => Some(of.entry.as_ref().map_or(name.span, |entry| entry.span)),
        _ => of.settings.get(section, key).map(|setting| setting.span),
    };
    let mut places = Vec::new();
    for module in customer.cloud.facts().modules {
        if module.can_be_held_back() {
            let section = deployment.settings.section(module.section).and_then(|section| sources.place(section));
            places.extend(section.map(|section| ((module.label(None), CALL), section)));
        }
        let databases = deployment.databases.iter().filter(|_| module.entries.is_some());
        for of in std::iter::once(deployment).chain(databases) {
            let label = module.label(of.entry.as_ref().map(|entry| entry.value.as_str()));
            let harmful = module.harmful();
            let found = harmful.filter_map(|(row, _)| Some(((label.clone(), row.name), sources.place(place(of, row.changed_at()?)?)?)));
            places.extend(found);
        }
    }
    places
}

fn no_documents(documents: &Documents, infra: &str, sources: &mut SourceMap) -> Diagnostic {
    let file = sources.add(SourceFile::new(infra, ""));
    Diagnostic::new(&codes::NO_DOCUMENTS, format!("the repository `{}` has no document that makes a deployment", documents.repository))
        .at(Span::new(file, 0, 0), "")
        .help(format!("write `{infra}/variables.yml`, with `project_name`, `environments` with a `region`, and `networking`"))
}

fn nested_platform(files: &RepositoryFiles, name: &str, sources: &mut SourceMap) -> Diagnostic {
    let file = sources.add(SourceFile::new(format!("{}/{name}", files.directory), ""));
    Diagnostic::new(&codes::NESTED_PLATFORM_FILE, "a platform file inside a customer repository is never used")
        .at(Span::new(file, 0, 0), "")
        .help("remove it: what the platform decides belongs in the service provider's own file")
}

/// A customer with an exported platform that claims no tier does not know its own: the provider's registry says it.
fn tier_left_out(identity: &Identity, platform: &Platform) -> Option<Diagnostic> {
    let limits = |tier: &Tier| !tier.limits.is_empty() || tier.instance_types.is_some();
    let is_unknown = platform.origin == Origin::Exported && identity.tier.is_none() && platform.tiers.iter().flatten().any(limits);
    is_unknown.then(|| {
        Diagnostic::new(&codes::FILE_SKIPPED, "the limits of your tier were not checked: the documents do not say which one it is")
            .help("write `customer_tier:` with it; the service provider checks the limits of the tier in its registry all the same")
    })
}

fn skipped(documents: &Documents, place: &Span) -> Diagnostic {
    Diagnostic::new(&codes::FILE_SKIPPED, format!("some documents of `{}` were left out because of their own errors", documents.repository))
        .at(*place, "checked without them")
        .help("what depends on them is checked once they are fixed")
}
