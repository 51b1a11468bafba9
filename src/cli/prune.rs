//! `terralet prune`: removes tombstones, services' before their shared root's.

use super::args::{Arguments, PruneOptions};
use super::failure::Failure;
use super::output::{MODULES, Output};
use super::workspace::Workspace;
use super::write::Lock;
use super::{EXIT_OK, render};
use std::fs;
use std::path::Path;

pub(super) fn run(arguments: &Arguments, options: &PruneOptions) -> Result<u8, Failure> {
    let workspace = Workspace::find(arguments, None)?;
    let output = Output { root: workspace.output(options.output.as_ref()) };
    let lock = if options.dry_run { None } else { Some(Lock::take(&output, arguments.quiet)?) };
    let mut tombstones: Vec<(bool, String, Vec<String>)> = Vec::new();
    for (directory, names) in output.list_all(|prefix| prefix != MODULES)?.directories {
        let directory = directory.into_string();
        let wanted = options.directories.is_empty()
            || options.directories.iter().any(|wanted| Path::new(&directory).starts_with(wanted.trim_end_matches('/')));
        let owned = ["backend.tf", "versions.tf", "providers.tf"];
        if !wanted || !names.iter().all(|name| owned.contains(&name)) {
            continue;
        }
        if let Some(header) = output.header(&directory, &names)? {
            tombstones.push((header.identity.service.is_none(), directory, names.iter().map(str::to_owned).collect()));
        }
    }
    // Services first: what they read of the shared root's state has to be there until they are gone.
    tombstones.sort();
    let mut text = String::new();
    for (_, directory, names) in &tombstones {
        let path = output.root.join(directory);
        text.push_str(&format!("{} {}\n", if options.dry_run { "would remove" } else { "removed" }, workspace.shown(&path)));
        if options.dry_run {
            continue;
        }
        for name in names {
            let file = path.join(name);
            fs::remove_file(&file).map_err(|error| Failure::io("remove", &file, error))?;
        }
        remove_empty(&output.root, &path);
    }
    drop(lock);
    render::out(&text);
    if tombstones.is_empty() && !arguments.quiet {
        render::note("there are no tombstones");
    }
    Ok(EXIT_OK)
}

/// Removes a directory and those above it as long as they are empty; what else is in them stays.
fn remove_empty(root: &Path, path: &Path) {
    let mut directory = path;
    while directory != root && fs::remove_dir(directory).is_ok() {
        let Some(parent) = directory.parent() else { break };
        directory = parent;
    }
}
