//! The pipeline, for one customer: documents in, reports and root modules out. Reads and writes no file.

use crate::assemble::{Surroundings, state_key};
use crate::check::{CheckedCustomer, CheckedDeployment, Context, FleetFacts, check, facts as fleet_facts, prove};
use crate::diagnostics::{Diagnostic, Diagnostics, Report, codes};
use crate::lower::lower;
use crate::platform::Origin;
use crate::resolve::{Documents, RepositoryFiles, read_documents, resolve};
use crate::schema::Facts;
use crate::source::{Place, SourceFile, SourceMap, Span};
use crate::terraform::{RootIdentity, StateKey};
use std::sync::Arc;

/// What came of one customer.
#[derive(Debug)]
pub struct Customer {
    /// The repository.
    pub repository: Arc<str>,
    /// Whose it is, when that could be found out.
    pub customer_id: Option<String>,
    /// Everything that was told, in order.
    pub reports: Vec<Report>,
    /// Its roots; nothing when there are errors.
    pub roots: Option<Vec<Root>>,
    /// What rules across customers need of it.
    pub fleet: Option<FleetFacts>,
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
}

/// Compiles one customer, as far as to the proof that it may be assembled; nothing in its place when there are errors.
pub fn customer(files: RepositoryFiles, surroundings: &Surroundings<'_>) -> (Customer, Option<CheckedCustomer>) {
    let platform = surroundings.platform;
    let repository: Arc<str> = Arc::from(files.name.as_str());
    let mut sources = SourceMap::new(Arc::clone(&platform.source));
    let mut diagnostics = Diagnostics::new();
    let mut facts = Facts::default();
    let nowhere = files.infra.clone();
    if files.nested_platform {
        diagnostics.push(nested_platform(&files, &mut sources));
    }
    let documents = read_documents(files, &mut sources, &mut facts, &mut diagnostics);
    let (customer_id, fleet, checked) = stages(&documents, &nowhere, surroundings, &facts, &mut sources, &mut diagnostics);
    let reports = diagnostics.finish(&sources, &platform.rules, Some(&repository), |span| documents.path_at(span));
    let roots = checked.as_ref().map(|checked| {
        let root = |deployment: &CheckedDeployment| {
            let (identity, key) = state_key(checked, deployment, platform);
            Root { identity, key, place: sources.place(deployment.place) }
        };
        checked.deployments.iter().map(root).collect()
    });
    (Customer { repository, customer_id, reports, roots, fleet }, checked)
}

/// Resolve, lower, check and prove; each stage goes on as far as the one before it lets it.
fn stages(
    documents: &Documents,
    infra: &str,
    surroundings: &Surroundings<'_>,
    facts: &Facts,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> (Option<String>, Option<FleetFacts>, Option<CheckedCustomer>) {
    let platform = surroundings.platform;
    let registration = platform.registry.get(&documents.repository).filter(|_| platform.origin == Origin::File);
    let Some(resolved) = resolve(documents, platform, facts, diagnostics) else {
        if !documents.incomplete && !diagnostics.has_errors(&platform.rules) {
            diagnostics.push(no_documents(documents, infra, sources));
        }
        let place = diagnostics.iter().find_map(Diagnostic::primary).and_then(|span| sources.place(span));
        return (None, Some(FleetFacts::unread(&documents.repository, registration, place)), None);
    };
    let customer = lower(resolved, platform, facts, diagnostics);
    let context = Context { customer: &customer, platform, registration, facts, interfaces: surroundings.interfaces };
    check(&context, diagnostics);
    if documents.incomplete {
        diagnostics.push(skipped(documents, &customer.identity.place));
    }
    let fleet = fleet_facts(&context, sources);
    let checked = prove(&customer, platform, registration, diagnostics);
    (Some(customer.identity.customer_id.value.to_string()), Some(fleet), checked)
}

fn no_documents(documents: &Documents, infra: &str, sources: &mut SourceMap) -> Diagnostic {
    let file = sources.add(SourceFile::new(infra, ""));
    Diagnostic::new(&codes::NO_DOCUMENTS, format!("the repository `{}` has no document that makes a deployment", documents.repository))
        .at(Span::new(file, 0, 0), "")
        .help(format!("write `{infra}/variables.yml`, with `project_name`, `environments` with a `region`, and `networking`"))
}

fn nested_platform(files: &RepositoryFiles, sources: &mut SourceMap) -> Diagnostic {
    let file = sources.add(SourceFile::new(format!("{}/terralet.yml", files.directory), ""));
    Diagnostic::new(&codes::NESTED_PLATFORM_FILE, "a platform file inside a customer repository is never used")
        .at(Span::new(file, 0, 0), "")
        .help("remove it: what the platform decides stands in the service provider's own file")
}

fn skipped(documents: &Documents, place: &Span) -> Diagnostic {
    Diagnostic::new(&codes::FILE_SKIPPED, format!("some documents of `{}` were left out because of their own errors", documents.repository))
        .at(*place, "checked without them")
        .help("what depends on them is checked when they are mended")
}
