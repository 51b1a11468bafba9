//! `terralet why`: where each value of a deployment comes from, and everything that stands in its root module.

use super::args::{Arguments, Format, WhyOptions};
use super::emitted::{self, Emitted, Line};
use super::exit::{EXIT_INPUT, EXIT_OK};
use serde::Serialize;
use std::time::Instant;
use terralet_core::compile::{CompiledCustomer, Root, traced};
use terralet_core::diagnostics::{Report, Severity, Summary, nearest_of};
use terralet_core::failure::Failure;
use terralet_core::tree::{Tree as _, current_name, header};
use terralet_core::why::{LayerValue, Provenance, Wanted, why};
use terralet_host::fleet::{Scope, Targets, run as run_fleet, targets};
use terralet_host::output::Output;
use terralet_host::repository::{Target, read, read_infra};
use terralet_host::workspace::Workspace;
use terralet_report::{self as report, RunReport};

#[derive(Serialize)]
struct WhyAnswer<'a, D> {
    version: u32,
    address: &'a str,
    values: &'a [Provenance],
    emitted: &'a [Emitted],
    diagnostics: D,
}

pub(super) fn run(arguments: &Arguments, options: &WhyOptions) -> Result<u8, Failure> {
    let started = Instant::now();
    let workspace = Workspace::find(&arguments.call(), None)?;
    let targets = all(&workspace)?;
    let output = Output::to_read(&workspace, None);
    let way = workspace.way_back(&output.root);
    let line = Line::read(&options.address, &workspace, &output);
    let address = line.as_ref().map_or(options.address.as_str(), |line| &line.directory).trim_end_matches('/');
    let likely = likely(&workspace, &output, &targets, address);
    let (mut customers, _) = run_fleet(arguments.quiet, &workspace, &likely, &way, None)?;
    let mut targets = likely;
    if !roots(&customers).any(|root| root.key.directory() == address) {
        targets = all(&workspace)?;
        (customers, _) = run_fleet(arguments.quiet, &workspace, &targets, &way, None)?;
    }
    let (customer, target, root) = match find(&customers, &targets, address) {
        Ok(found) => found,
        Err(failure) => {
            // A repository whose documents cannot be read has no deployment to find: why, its errors say.
            let is_named =
                |customer: &&CompiledCustomer| address.split('/').any(|part| part == &*customer.repository) && has_errors(customer);
            let Some(broken) = customers.iter().find(is_named) else { return Err(failure) };
            if arguments.format == Format::Human {
                report::print_failure(arguments.style(), &failure);
            }
            print_reports(arguments, &workspace, broken, started);
            return Ok(EXIT_INPUT);
        }
    };
    let name = target.name();
    let files = || match &target.infra {
        Some(infra) => read_infra(&workspace, &target.directory, infra, name.clone(), target.judged),
        None => read(&workspace, &target.directory, target.judged),
    };
    let identity = &root.identity;
    let wanted = Wanted { environment: &identity.environment, region: &identity.region, service: identity.service.as_deref() };
    let mut values = why(files(), &workspace.platform, wanted).unwrap_or_default();
    let directory = root.key.directory();
    let traced = traced(files(), &workspace.surroundings(&way), directory).ok().flatten();
    let shown = workspace.shown(&output.root.join(directory));
    let mut emitted = traced.as_ref().map(|traced| emitted::all(traced, &shown)).unwrap_or_default();
    if let Some(line) = &line {
        // Where the file on disk is another by now, the line is looked for in what the documents make.
        let file = traced.as_ref().and_then(|traced| traced.file(&line.name));
        let on_disk = output.text(&format!("{directory}/{}", line.name));
        let at = file.and_then(|file| match &on_disk {
            Some(text) if *text != file.text => file.line_of(text, line.line),
            _ => Some(line.line),
        });
        let path = format!("{shown}/{}", line.name);
        emitted.retain(|emitted| at.is_some_and(|at| emitted.is_at(&path, at)));
        values.retain(|value| emitted.iter().any(|emitted| emitted.is_of(value)));
        if emitted.is_empty() {
            let message = format!("`{path}:{}` holds no value of the deployment", line.line);
            let help = format!("`terralet why {directory}` shows all values; where the file is not what the documents make, compile first");
            report::print_error(arguments.style().format, &message, Some(&help));
            return Ok(EXIT_INPUT);
        }
    }
    if let Some(key) = &options.key {
        let names: Vec<String> = values.iter().map(|value| value.key.clone()).collect();
        let others: Vec<String> = emitted.iter().map(|emitted| emitted.name().to_owned()).collect();
        values.retain(|value| value.key == *key || value.key.starts_with(&format!("{key}.")));
        emitted.retain(|emitted| emitted.answers(key) || values.iter().any(|value| emitted.is_of(value)));
        if values.is_empty() && emitted.is_empty() {
            let near = nearest_of(key, names.iter().chain(&others).map(String::as_str));
            let help = near.first().map_or_else(|| "omit the key to see all".to_owned(), |near| format!("did you mean `{near}`?"));
            report::print_error(arguments.style().format, &format!("`{}` has no value for `{key}`", root.key.directory()), Some(&help));
            return Ok(EXIT_INPUT);
        }
    }
    let failed = has_errors(customer);
    match arguments.format {
        Format::Json => {
            let reports: Vec<&Report> = customer.reports.iter().filter(|_| failed).collect();
            let diagnostics = report::diagnostics(&reports);
            report::print_json(&WhyAnswer { version: 1, address: root.key.directory(), values: &values, emitted: &emitted, diagnostics });
        }
        Format::Human | Format::Github => print(root.key.directory(), &values, &emitted),
        // The document has standard output for itself.
        Format::Sarif => {}
    }
    if arguments.format == Format::Sarif || failed && arguments.format != Format::Json {
        print_reports(arguments, &workspace, customer, started);
    }
    Ok(if failed { EXIT_INPUT } else { EXIT_OK })
}

/// Every repository of the workspace.
fn all(workspace: &Workspace) -> Result<Targets, Failure> {
    targets(workspace, &Scope { paths: &[], customer: None, shard: None, judge_names: true, allow_none: false })
}

/// The repositories that an address is likely of, so that nothing else is compiled for it: the one whose root is there, and those of the
/// name or id that it starts with.
fn likely(workspace: &Workspace, output: &Output, all: &Targets, address: &str) -> Targets {
    let prefix = address.split('/').next().unwrap_or("");
    // What is not an address, or cannot be read, says nothing.
    let is_address = address.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    let names = if is_address { output.names(address).ok() } else { None };
    let header = names.and_then(|names| header(output, address, &names).ok().flatten());
    let on_disk = header.map(|header| current_name(&header.identity.repository, &workspace.platform));
    let is_likely = |target: &&Target| {
        let name = target.name();
        let id = workspace.platform.registry.get(&name).and_then(|entry| entry.customer_id.as_ref());
        name == prefix || on_disk.as_deref() == Some(&*name) || id.is_some_and(|id| id.value == prefix)
    };
    let list = all.list.iter().filter(is_likely).cloned().collect();
    let others = all.list.iter().filter(|_| workspace.listed).map(Target::name).collect();
    Targets { list, whole: false, shard: None, of_platform: Vec::new(), others }
}

/// The roots of customers, those with errors too.
fn roots(customers: &[CompiledCustomer]) -> impl Iterator<Item = &Root> {
    customers.iter().flat_map(|customer| customer.roots.iter().flatten().chain(&customer.unproven))
}

/// The deployment of an address, with its customer; those of customers with errors too.
fn find<'f>(
    customers: &'f [CompiledCustomer],
    targets: &'f Targets,
    address: &str,
) -> Result<(&'f CompiledCustomer, &'f Target, &'f Root), Failure> {
    let roots = || {
        customers.iter().zip(&targets.list).flat_map(|(customer, target)| {
            customer.roots.iter().flatten().chain(&customer.unproven).map(move |root| (customer, target, root))
        })
    };
    let ends = |directory: &str| directory == address || directory.ends_with(&format!("/{address}"));
    let exact = roots().find(|(.., root)| root.key.directory() == address);
    let found: Vec<_> = match exact {
        Some(exact) => vec![exact],
        None => roots().filter(|(.., root)| ends(root.key.directory())).collect(),
    };
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let near = nearest_of(address, roots().map(|(.., root)| root.key.directory()));
            let help = match near.first() {
                Some(near) => format!("did you mean `{near}`? `terralet list` has them all"),
                None => "`terralet list` has them all, but those of repositories with errors".to_owned(),
            };
            Err(Failure::usage(format!("unknown deployment `{address}`"), help))
        }
        several => {
            let names: Vec<String> = several.iter().take(5).map(|(.., root)| format!("`{}`", root.key.directory())).collect();
            Err(Failure::usage(format!("`{address}` is the end of several deployments"), format!("write more of it: {}", names.join(", "))))
        }
    }
}

fn has_errors(customer: &CompiledCustomer) -> bool {
    customer.reports.iter().any(|report| report.severity == Severity::Error)
}

/// Prints what is wrong with the customer.
fn print_reports(arguments: &Arguments, workspace: &Workspace, customer: &CompiledCustomer, started: Instant) {
    let summary = Summary::of(std::slice::from_ref(customer), &[]);
    let reports = customer.reports.iter().filter(|_| summary.errors > 0).collect();
    let run = RunReport::new(&workspace.root, reports, summary, started.elapsed());
    report::print_run(arguments.style(), &run);
}

fn print(address: &str, values: &[Provenance], emitted: &[Emitted]) {
    let mut text = format!("{address}\n");
    for Provenance { key, winner, items, overrode } in values {
        text.push_str(&format!("\n{key} = {}\n    from {}\n", short(&winner.value), place_text(winner)));
        for item in items {
            text.push_str(&format!("    with {} from {}\n", short(&item.value), place_text(item)));
        }
        for overridden in overrode {
            text.push_str(&format!("    over {} from {}\n", short(&overridden.value), place_text(overridden)));
        }
    }
    if !emitted.is_empty() {
        text.push_str("\nin the root module:\n");
    }
    for emitted in emitted {
        text.push_str(&format!("\n{}", emitted.text(short)));
    }
    report::out(&report::clean(&text));
}

fn place_text(place: &LayerValue) -> String {
    match (&place.file, place.line, place.column) {
        (Some(file), Some(line), Some(column)) => format!("{file}:{line}:{column} ({})", place.layer),
        _ => place.layer.clone(),
    }
}

/// Values of many lines are shown by their start.
fn short(value: &str) -> String {
    let mut short: String = value.chars().take(100).collect();
    if short.len() < value.len() {
        short.push_str("...");
    }
    short
}
