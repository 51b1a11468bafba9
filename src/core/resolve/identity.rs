//! Who the customer is: what its documents claim, and what the registry says.

use super::documents::Documents;
use super::overlays::Overlays;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::platform::{Origin, Platform, unknown_tier};
use crate::schema::{IdentifierKind, Poisoned, identifier, repository_name, slug};
use crate::source::{Span, Spanned};
use crate::syntax::Mapping;
use smol_str::SmolStr;

/// The customer's id where there is none that is legal, which has been reported.
pub const UNNAMED: &str = "unnamed";

/// Who the customer is.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The repository's name.
    pub repository: SmolStr,
    /// The customer's id, at the place that says it.
    pub customer_id: Spanned<SmolStr>,
    /// The project's name; nothing where it is missing or illegal, which has been reported.
    pub project_name: Option<Spanned<SmolStr>>,
    /// The tier; nothing where no platform lists tiers.
    pub tier: Option<Spanned<SmolStr>>,
    /// The cloud; empty where it is none, which has been reported.
    pub cloud: Spanned<SmolStr>,
    /// The first document's first key, for what has no better place.
    pub place: Span,
}

/// Finds out who the customer is; nothing where there is no document.
pub(super) fn identify(
    documents: &Documents,
    overlays: &Overlays<'_>,
    platform: &Platform,
    poisoned: &Poisoned,
    diagnostics: &mut Diagnostics,
) -> Option<Identity> {
    let place = documents.all().next()?.first_key();
    if documents.listed
        && let Err(reason) = repository_name(&documents.repository)
    {
        let message = format!("the directory's name `{}` cannot be a repository's name", documents.repository);
        diagnostics.push(
            Diagnostic::new(&codes::INVALID_IDENTIFIER, message)
                .at(place, reason)
                .help("rename the repository's directory")
                .about("repository"),
        );
    }
    let mut claim = |key: &str| claimed(key, overlays, poisoned, diagnostics);
    let project_name = claim("project_name");
    let claimed_id = claim("customer_id");
    let claimed_tier = claim("customer_tier");
    let cloud = claim("cloud_provider");
    let mappings = overlays.base.iter().map(|base| base.mapping).chain(overlays.regions.iter().map(|overlay| overlay.mapping));
    let cloud_is_wrong = cloud.is_none()
        && mappings.filter_map(|mapping| mapping.get("cloud_provider")).any(|entry| poisoned.wrong.contains(&entry.value.span));
    let lacking = |first: Span, mapping: &Mapping| match mapping.get("project_name") {
        Some(entry) => entry.value.is_null().then_some(entry.value.span),
        None => (!poisoned.misspells(mapping, "project_name")).then_some(first),
    };
    let lacks: Vec<Span> = match &overlays.base {
        Some(base) => lacking(base.first_key, base.mapping).into_iter().collect(),
        None => overlays.regions.iter().filter_map(|overlay| lacking(overlay.name.span, overlay.mapping)).collect(),
    };
    for span in lacks.into_iter().filter(|_| !documents.incomplete) {
        let help = "write `project_name:` and a name such as `acme-shop` at the top; it becomes part of the names in the cloud";
        diagnostics.push(
            Diagnostic::new(&codes::MISSING_KEY, "the document has no `project_name`")
                .at(span, "`project_name` is missing at the top level")
                .help(help)
                .about("project_name"),
        );
    }
    let customer_id = customer_id(documents, platform, claimed_id, project_name.as_ref(), place, diagnostics);
    let tier = tier(documents, platform, claimed_tier, place, diagnostics);
    Some(Identity {
        repository: SmolStr::new(&documents.repository),
        customer_id,
        project_name,
        tier,
        cloud: cloud.unwrap_or(Spanned::new(SmolStr::new_static(if cloud_is_wrong { "" } else { documents.cloud.facts().name }), place)),
        place,
    })
}

/// The one value of an identity key in a repository.
fn claimed(key: &str, overlays: &Overlays<'_>, poisoned: &Poisoned, diagnostics: &mut Diagnostics) -> Option<Spanned<SmolStr>> {
    let mappings = overlays.base.iter().map(|base| base.mapping).chain(overlays.regions.iter().map(|overlay| overlay.mapping));
    let mut first: Option<Spanned<SmolStr>> = None;
    for mapping in mappings {
        let Some(entry) = mapping.get(key) else { continue };
        let Some(scalar) = entry.value.as_scalar() else { continue };
        if poisoned.wrong.contains(&entry.value.span) {
            continue;
        }
        let written = Spanned::new(scalar.text.clone(), entry.value.span);
        match &first {
            None => first = Some(written),
            Some(first) if first.value != written.value => diagnostics.push(
                Diagnostic::new(&codes::IDENTITY_CONFLICT, format!("`{key}` is `{}` here and `{}` elsewhere", written.value, first.value))
                    .at(written.span, "this value")
                    .at(first.span, "and this one")
                    .help(format!("a repository has one `{key}`: write the same value everywhere, or only in the base document")),
            ),
            Some(_) => {}
        }
    }
    first
}

fn customer_id(
    documents: &Documents,
    platform: &Platform,
    claimed: Option<Spanned<SmolStr>>,
    project_name: Option<&Spanned<SmolStr>>,
    place: Span,
    diagnostics: &mut Diagnostics,
) -> Spanned<SmolStr> {
    let registered = platform.registry.get(&documents.repository).and_then(|entry| entry.customer_id.as_ref());
    if let (true, Some(registered)) = (platform.has_registry(), registered) {
        if let Some(claimed) = &claimed
            && claimed.value != registered.value
        {
            diagnostics.push(
                Diagnostic::new(
                    &codes::CUSTOMER_ID_MISMATCH,
                    format!("`customer_id` is `{}`, and the registry says `{}`", claimed.value, registered.value),
                )
                .at(claimed.span, format!("expected `{}`", registered.value))
                .at(registered.span, "the registry")
                .help(format!("write `{}`, or remove the line; the service provider decides who a repository is", registered.value))
                .suggest(claimed.span, registered.value.as_str()),
            );
            return Spanned::new(registered.value.clone(), claimed.span);
        }
        return Spanned::new(registered.value.clone(), claimed.map_or(place, |claimed| claimed.span));
    }
    if let Some(claimed) = claimed {
        return claimed;
    }
    let from_name = slug(&documents.repository).filter(|id| identifier(IdentifierKind::CustomerId, id).is_ok());
    match (from_name, project_name) {
        (Some(id), _) => Spanned::new(SmolStr::new(id), place),
        (None, Some(project)) if !documents.listed => Spanned::new(project.value.clone(), place),
        (None, _) => {
            if documents.listed && !documents.incomplete {
                let message = format!("the repository's name `{}` gives no `customer_id`", documents.repository);
                diagnostics.push(
                    Diagnostic::new(&codes::INVALID_IDENTIFIER, message)
                        .at(place, "no `customer_id` here")
                        .help("write `customer_id: <id>` at the top: 2 to 32 lower-case letters, digits and single `-`"),
                );
            }
            Spanned::new(SmolStr::new_static(UNNAMED), place)
        }
    }
}

fn tier(
    documents: &Documents,
    platform: &Platform,
    claimed: Option<Spanned<SmolStr>>,
    place: Span,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<SmolStr>> {
    let tiers = platform.tiers.as_deref()?;
    if platform.origin == Origin::Exported {
        let claimed = claimed?;
        if platform.tier(&claimed.value).is_none() {
            diagnostics.push(unknown_tier(&claimed.value, claimed.span, tiers));
            return None;
        }
        return Some(claimed);
    }
    let decided = platform.tier_of(platform.registry.get(&documents.repository))?.clone();
    let Some(claimed) = claimed else { return Some(Spanned::new(decided.value, place)) };
    if platform.tier(&claimed.value).is_none() {
        let diagnostic = unknown_tier(&claimed.value, claimed.span, tiers);
        // What the registry says is what counts in the end, whatever the name is near to.
        let (help, decided) = (format!("write `{}`, as the registry says, or remove the line", decided.value), decided.value.as_str());
        diagnostics.push(if diagnostic.edits.is_empty() { diagnostic.help(help).suggest(claimed.span, decided) } else { diagnostic });
    } else if claimed.value != decided.value {
        let diagnostic = Diagnostic::new(
            &codes::TIER_MISMATCH,
            format!("`customer_tier` is `{}`, and the registry says `{}`", claimed.value, decided.value),
        )
        .at(claimed.span, format!("expected `{}`", decided.value));
        let diagnostic = match platform.line(decided.span) {
            Some(line) => diagnostic.at(line, "the platform file"),
            None => diagnostic,
        };
        diagnostics.push(
            diagnostic
                .help(format!("write `{}`, or remove the line; the service provider decides the tier", decided.value))
                .suggest(claimed.span, decided.value.as_str()),
        );
    }
    Some(Spanned::new(decided.value, claimed.span))
}
