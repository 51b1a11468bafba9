//! `terralet list`: every root, what is on disk and what should be.

use super::args::{Arguments, Format, ListOptions};
use super::exit::{EXIT_INPUT, EXIT_OK};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use terralet_core::compile::Root;
use terralet_core::diagnostics::{Report, Summary};
use terralet_core::emit::{Header, MODULES, MoveNote};
use terralet_core::failure::Failure;
use terralet_core::terraform::{RootIdentity, StateKey};
use terralet_core::tree::{Tree as _, current_identity};
use terralet_host::fleet::{NO_CUSTOMERS, Scope, run as run_fleet, targets};
use terralet_host::output::Output;
use terralet_host::workspace::Workspace;
use terralet_report::{self as report, RunReport};

/// A root, as `list` prints it.
#[derive(Debug, Serialize)]
struct Row {
    repository: String,
    customer_id: Option<String>,
    environment: String,
    region: String,
    service: Option<String>,
    key: String,
    directory: String,
    state: &'static str,
    depends_on: Vec<String>,
}

#[derive(Serialize)]
struct Listed<'l, D: Serialize> {
    version: u32,
    roots: &'l [Row],
    /// Why a customer's deployments are not among them.
    diagnostics: D,
}

pub(super) fn run(arguments: &Arguments, options: &ListOptions) -> Result<u8, Failure> {
    let started = Instant::now();
    let workspace = Workspace::find(&arguments.call(), options.paths.first().map(std::path::PathBuf::as_path))?;
    let targets = targets(&workspace, &Scope { paths: &options.paths, customer: None, shard: None, judge_names: true, allow_none: true })?;
    let output = Output::to_read(&workspace, options.output.as_ref());
    let listing = output.list_all(|prefix| prefix != MODULES)?;
    let (customers, _) = run_fleet(arguments.quiet, &workspace, &targets, &workspace.way_back(&output.root), Some((&output, &listing)))?;
    let mut rows: BTreeMap<(String, String), Row> = BTreeMap::new();
    for customer in &customers {
        for root in customer.roots.iter().flatten() {
            // What services of an environment and region share is the root there without a service.
            let shared = |other: &&Root| {
                let (own, other) = (&root.identity, &other.identity);
                own.service.is_some() && other.service.is_none() && other.environment == own.environment && other.region == own.region
            };
            let depends_on = customer.roots.iter().flatten().find(shared).map(|shared| shared.key.directory().to_owned());
            let row = row(&root.identity, &root.key, customer.customer_id.clone(), "planned", depends_on.into_iter().collect());
            rows.insert((row.directory.clone(), row.repository.clone()), row);
        }
    }
    let listed: BTreeSet<&str> = customers.iter().map(|customer| &*customer.repository).collect();
    let failed: BTreeSet<&str> =
        customers.iter().filter(|customer| customer.roots.is_none()).map(|customer| &*customer.repository).collect();
    let on_disk = output.headers(&listing.directories.iter().collect::<Vec<_>>())?;
    for ((directory, names), header) in listing.directories.iter().zip(on_disk) {
        let Some(Header { identity, .. }) = header else { continue };
        let (directory, identity) = (directory.to_string(), current_identity(&identity, &workspace.platform));
        let note = output.move_note(&directory, names)?;
        // Whose a directory is, the tree says: it is not free for another repository.
        let own = (directory.clone(), identity.repository.to_string());
        let of_directory = rows.range_mut((directory.clone(), String::new())..).take_while(|((other, _), _)| *other == directory);
        of_directory.filter(|(key, _)| **key != own).for_each(|(_, row)| row.state = "taken");
        // A tombstone has no `main.tf`; where its deployment is back, compile makes a root of it again.
        let is_root = names.iter().any(|name| name == "main.tf");
        match (&note, rows.get_mut(&own)) {
            // Its key is kept taken, and there is no root any more.
            (Some(MoveNote::To(_)), _) => {}
            (Some(MoveNote::From(_)), Some(row)) => row.state = "moving",
            (None, Some(row)) if is_root => row.state = "live",
            (None, Some(_)) => {}
            (_, None) if targets.whole || listed.contains(identity.repository.as_str()) => {
                let state = match is_root {
                    false => "tombstone",
                    true if failed.contains(identity.repository.as_str()) => "unknown",
                    true => "orphan",
                };
                let key = StateKey::of_directory(&directory);
                rows.insert(own, row(&identity, &key, None, state, Vec::new()));
            }
            (_, None) => {}
        }
    }
    let rows: Vec<Row> = rows.into_values().collect();
    if targets.whole && targets.list.is_empty() && rows.is_empty() {
        return Err(workspace.no_customers(NO_CUSTOMERS));
    }
    let summary = Summary::of(&customers, &[]);
    let reports: Vec<&Report> = customers.iter().flat_map(|customer| &customer.reports).collect();
    match arguments.format {
        Format::Json => report::print_json(&Listed { version: 1, roots: &rows, diagnostics: report::diagnostics(&reports) }),
        Format::Human | Format::Github => print_rows(&rows),
        // The document has standard output for itself.
        Format::Sarif => {}
    }
    let prints = match arguments.format {
        Format::Human => summary.errors > 0,
        Format::Github | Format::Sarif => true,
        Format::Json => false,
    };
    if prints {
        let run = RunReport::new(&workspace.root, reports, summary, started.elapsed());
        report::print_run(arguments.style(), &run);
    }
    Ok(if summary.errors > 0 { EXIT_INPUT } else { EXIT_OK })
}

fn row(identity: &RootIdentity, key: &StateKey, customer_id: Option<String>, state: &'static str, depends_on: Vec<String>) -> Row {
    Row {
        repository: identity.repository.to_string(),
        customer_id,
        environment: identity.environment.to_string(),
        region: identity.region.to_string(),
        service: identity.service.as_ref().map(ToString::to_string),
        key: key.with_file(),
        directory: key.directory().to_owned(),
        state,
        depends_on,
    }
}

fn print_rows(rows: &[Row]) {
    let header = ["DIRECTORY", "REPOSITORY", "CUSTOMER", "ENVIRONMENT", "REGION", "SERVICE", "STATE", "DEPENDS ON"].map(str::to_owned);
    let cells = rows.iter().map(|row| {
        let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let depends_on = if row.depends_on.is_empty() { "-".to_owned() } else { row.depends_on.join(",") };
        [
            row.directory.clone(),
            row.repository.clone(),
            dash(&row.customer_id),
            row.environment.clone(),
            row.region.clone(),
            dash(&row.service),
            row.state.to_owned(),
            depends_on,
        ]
    });
    report::table(&std::iter::once(header).chain(cells).collect::<Vec<_>>());
}
