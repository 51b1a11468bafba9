//! `terralet why`: where each value of a deployment comes from.

use super::args::{Arguments, Format, WhyOptions};
use super::failure::Failure;
use super::fleet::{Scope, run as run_fleet, targets};
use super::repository::{read, read_infra};
use super::workspace::Workspace;
use super::{EXIT_INPUT, EXIT_OK, render};
use crate::diagnostics::nearest_of;
use crate::why::{Place, Provenance, Wanted, why};
use serde::Serialize;

#[derive(Serialize)]
struct Answer<'a> {
    version: u32,
    address: &'a str,
    values: &'a [Provenance],
}

pub(super) fn run(arguments: &Arguments, options: &WhyOptions) -> Result<u8, Failure> {
    let workspace = Workspace::find(arguments, None)?;
    let targets = targets(&workspace, &Scope { paths: &[], customer: None, shard: None, judge_names: true })?;
    let way = workspace.way_back(&workspace.output(None));
    let customers = run_fleet(arguments, &workspace, &targets, &way)?;
    let address = options.address.trim_end_matches('/');
    let roots = || {
        customers.iter().zip(&targets.list).flat_map(|(customer, target)| customer.roots.iter().flatten().map(move |root| (target, root)))
    };
    let ends = |directory: &str| directory == address || directory.ends_with(&format!("/{address}"));
    let exact = roots().find(|(_, root)| root.key.directory() == address);
    let found: Vec<_> = match exact {
        Some(exact) => vec![exact],
        None => roots().filter(|(_, root)| ends(root.key.directory())).collect(),
    };
    let (target, root) = match found.as_slice() {
        [one] => *one,
        [] => {
            let near = nearest_of(address, roots().map(|(_, root)| root.key.directory()));
            let help = match near.first() {
                Some(near) => format!("did you mean `{near}`? `terralet list` has them all"),
                None => "`terralet list` has them all; a repository with errors has none".to_owned(),
            };
            return Err(Failure::usage(format!("there is no deployment `{address}`"), help));
        }
        several => {
            let names: Vec<String> = several.iter().take(5).map(|(_, root)| format!("`{}`", root.key.directory())).collect();
            return Err(Failure::usage(
                format!("`{address}` is the end of several deployments"),
                format!("write more of it: {}", names.join(", ")),
            ));
        }
    };
    let name = target.directory.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let files = match &target.infra {
        Some(infra) => read_infra(&workspace, &target.directory, infra, name, target.judged)?,
        None => read(&workspace, &target.directory, target.judged)?,
    };
    let identity = &root.identity;
    let wanted = Wanted { environment: &identity.environment, region: &identity.region, service: identity.service.as_deref() };
    let mut values = why(files, &workspace.platform, wanted).unwrap_or_default();
    if let Some(key) = &options.key {
        let names: Vec<String> = values.iter().map(|value| value.key.clone()).collect();
        values.retain(|value| value.key == *key || value.key.starts_with(&format!("{key}.")));
        if values.is_empty() {
            let near = nearest_of(key, names.iter().map(String::as_str));
            let help = near.first().map_or_else(|| "leave the key out to see all".to_owned(), |near| format!("did you mean `{near}`?"));
            render::note(&format!("error: `{}` has no value for `{key}`\n  help: {help}", root.key.directory()));
            return Ok(EXIT_INPUT);
        }
    }
    match arguments.format {
        Format::Json => render::json(&Answer { version: 1, address: root.key.directory(), values: &values }),
        Format::Human | Format::Sarif | Format::Github => print(root.key.directory(), &values),
    }
    Ok(EXIT_OK)
}

fn print(address: &str, values: &[Provenance]) {
    let mut text = format!("{address}\n");
    for Provenance { key, winner, overrode } in values {
        text.push_str(&format!("\n{key} = {}\n    from {}\n", short(&winner.value), told(winner)));
        for loser in overrode {
            text.push_str(&format!("    over {} from {}\n", short(&loser.value), told(loser)));
        }
    }
    render::out(&render::clean(&text));
}

fn told(place: &Place) -> String {
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
