//! The merged tree of each deployment to [`ir`](crate::ir): templates filled in, defaults filled in, every value typed.
//!
//! Reports what a deployment lacks, and what a template made of a value; what is wrong with a value as written has been reported before, and the
//! sink drops the second report.

mod databases;
mod follow;
mod network;
mod sections;
mod settings;
mod switches;

use crate::clouds::Cloud;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::ir;
use crate::platform::Platform;
use crate::resolve::{MergedDeployment, MergedMap, MergedValue, NamedDatabase, Resolved};
use crate::schema::{Poisoned, Type, Typed, Variables, is_fixed, read};
use crate::source::{Span, Spanned};
use settings::Reader;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Lowers every deployment of a customer.
pub fn lower(resolved: Resolved<'_>, platform: &Platform, poisoned: &Poisoned, diagnostics: &mut Diagnostics) -> ir::Customer {
    let Resolved { identity, cloud, deployments, services, placed_services: _ } = resolved;
    let mut lowered = Vec::with_capacity(deployments.len());
    for deployment in &deployments {
        let variables = Variables {
            environment: deployment.environment.value.clone(),
            region: deployment.region.value.clone(),
            service: deployment.service.as_ref().map(|service| service.value.clone()).unwrap_or_default(),
            customer_id: identity.customer_id.value.clone(),
            project_name: identity.project_name.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
        };
        let next = one(cloud, deployment, variables, lowered.last(), platform, poisoned, diagnostics);
        lowered.push(next);
    }
    ir::Customer { cloud, identity, deployments: lowered, services }
}

/// Lowers a deployment. What it has from the same place as the one before it is not read again: most of a customer's values come from the
/// base.
fn one(
    cloud: &'static dyn Cloud,
    deployment: &MergedDeployment<'_>,
    variables: Variables,
    before: Option<&ir::Deployment>,
    platform: &Platform,
    poisoned: &Poisoned,
    diagnostics: &mut Diagnostics,
) -> ir::Deployment {
    let mut read = |database: Option<&NamedDatabase<'_>>, before: Option<&ir::Deployment>| {
        let before = before.map(|before| &*before.settings);
        let mut reader = Reader::new(cloud, (deployment, database), &variables, before, poisoned, diagnostics);
        let is_protected = platform.is_protected(&deployment.environment.value);
        let settings = reader.all(|section| deployment.role.holds(section), is_protected);
        let Reader { items, unread, .. } = reader;
        Values { settings, items, unread }
    };
    let whole = read(None, before);
    let databases = deployment.databases.iter().filter_map(|database| {
        let (_, merged) = database.values.section("database")?;
        let name = Spanned::new(SmolStr::new(database.name), merged.origin.key);
        let before =
            before.and_then(|before| before.databases.iter().find(|other| other.entry.as_ref().is_some_and(|it| it.value == name.value)));
        Some((name, read(Some(database), before)))
    });
    let databases: Vec<_> = databases.collect();
    let tags = tags(cloud, &deployment.values, &variables, before.map_or(&[], |before| &before.tags), poisoned, diagnostics);
    if !poisoned.incomplete
        && !deployment.lacks_layers
        && !deployment.layers.iter().any(|layer| poisoned.misspells(layer.mapping, "networking"))
    {
        network_needed(deployment, diagnostics);
    }
    let custom = match deployment.values.section("custom") {
        Some((map, _)) => map.entries.iter().map(|(_, merged)| merged.origin.key).collect(),
        None => Vec::new(),
    };
    let of_values = |Values { settings, items, unread }, entry| {
        let view = sections::MergedView { settings: &settings };
        ir::Deployment {
            network: view.network(),
            compute: view.compute(),
            database: view.database(),
            cache: view.cache(),
            databases: Vec::new(),
            entry,
            environment: deployment.environment.clone(),
            region: deployment.region.clone(),
            region_known: deployment.region_known,
            service: deployment.service.clone(),
            role: deployment.role,
            regional: deployment.regional,
            place: deployment.place,
            protected: platform.is_protected(&deployment.environment.value),
            variables: variables.clone(),
            settings: Arc::new(settings),
            items,
            unread,
            tags: Vec::new(),
            custom: Vec::new(),
        }
    };
    let databases = databases.into_iter().map(|(name, values)| of_values(values, Some(name))).collect();
    ir::Deployment { databases, tags, custom, ..of_values(whole, None) }
}

/// What is read of a deployment, or of one of its named databases.
struct Values {
    settings: ir::Settings,
    items: BTreeMap<(&'static str, &'static str), Vec<Span>>,
    unread: BTreeSet<(&'static str, &'static str)>,
}

/// A tag's key and value.
type Tag = (Spanned<SmolStr>, ir::Setting<SmolStr>);

fn tags(
    cloud: &dyn Cloud,
    values: &MergedMap<'_>,
    variables: &Variables,
    before: &[Tag],
    poisoned: &Poisoned,
    diagnostics: &mut Diagnostics,
) -> Vec<Tag> {
    let Some((map, _)) = values.section("tags") else { return Vec::new() };
    let mut tags: Vec<Tag> = Vec::with_capacity(map.entries.len());
    for (key, merged) in &map.entries {
        let MergedValue::Leaf(node) = &merged.value else { continue };
        if poisoned.wrong.contains(&node.span) {
            continue;
        }
        let source = if merged.origin.layer.is_some() { ir::Source::Written } else { ir::Source::Tier };
        let is_same = |(name, value): &&Tag| name.span == merged.origin.key && value.span == node.span && value.source == source;
        // Nearly always at the same place of the list.
        let known = before.get(tags.len()).filter(is_same).or_else(|| before.iter().find(is_same));
        if let Some(known) = known.filter(|_| is_fixed(node)) {
            tags.push(known.clone());
            continue;
        }
        match read(cloud, Type::TagValue, key, node, Some(variables)) {
            Ok(Some(Typed::Text(value))) => {
                tags.push((Spanned::new(SmolStr::new(key), merged.origin.key), ir::Setting { value, span: node.span, source }));
            }
            Ok(_) => {}
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    tags
}

/// `compute`, `database` or `cache` without `networking`.
fn network_needed(deployment: &MergedDeployment<'_>, diagnostics: &mut Diagnostics) {
    let values = &deployment.values;
    if values
        .get("networking")
        .is_some_and(|merged| matches!(&merged.value, MergedValue::Leaf(_)) || values.section("networking").is_some())
    {
        return;
    }
    let all = std::iter::once(values).chain(deployment.databases.iter().map(|database| &database.values));
    let written =
        all.flat_map(|values| ["compute", "database", "cache"].into_iter().filter_map(|name| Some((name, values.section(name)?.1))));
    let held = written.filter(|(name, _)| deployment.role.holds(name)).map(|(_, merged)| (merged.origin.layer, merged.origin.key));
    let first: Option<(_, Span)> = held.min();
    let Some((_, key)) = first else { return };
    let span = values.removal("networking").map_or(key, |null| null.value);
    diagnostics.push(
        Diagnostic::new(&codes::MISSING_KEY, "instances, databases and caches need a network, and there is no `networking`")
            .at(span, "needs `networking`")
            .help("write `networking:` with a `vpc_cidr:` such as `10.20.0.0/16`")
            .about("networking"),
    );
}
