//! `terralet prune`: removes the tombstones that are named, or all, services' before their shared root's; without either it lists them.

use super::args::{Arguments, PruneOptions};
use super::exit::{EXIT_INPUT, EXIT_OK, EXIT_USAGE};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::path::Path;
use terralet_core::diagnostics::nearest_of;
use terralet_core::emit::{Header, MODULES, MOVED_FILE, MoveNote};
use terralet_core::failure::Failure;
use terralet_core::paths::{normal, slashes};
use terralet_core::terraform::RootIdentity;
use terralet_core::tree::{TOMBSTONE, Tree as _, current_identity, header};
use terralet_host::Lock;
use terralet_host::output::Output;
use terralet_host::workspace::Workspace;
use terralet_host::write;
use terralet_report as report;

/// A tombstone on disk. In the order of pruning: what services read of the shared root's state has to be there until they are gone.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Tombstone {
    is_shared: bool,
    directory: String,
    identity: RootIdentity,
    names: Vec<String>,
    /// What keeps it from being removed: a file that is not ours or was edited, or a move that is not done.
    obstacle: Option<String>,
}

pub(super) fn run(arguments: &Arguments, options: &PruneOptions) -> Result<u8, Failure> {
    let workspace = Workspace::find(&arguments.call(), None)?;
    let only_lists = options.directories.is_empty() && !options.all && !options.dry_run;
    let only_reads = options.dry_run || only_lists;
    let output = Output::of(&workspace, options.output.as_ref(), only_reads)?;
    let lock = if only_reads { None } else { Some(Lock::take(&output, arguments.waits())?) };
    let (mut tombstones, mut standing) = tombstones(&workspace, &output)?;
    tombstones.sort();
    if only_lists {
        return Ok(list(&workspace, &output, &tombstones, arguments.quiet));
    }
    let named: Vec<String> =
        options.directories.iter().map(|named| directory(&workspace, &output, &tombstones, named)).collect::<Result<_, _>>()?;
    let mut text = String::new();
    let mut stopped = false;
    let mut count = 0_usize;
    for tombstone in &tombstones {
        let Tombstone { directory, identity, names, obstacle, .. } = tombstone;
        let spot = (identity.repository.clone(), identity.environment.clone(), identity.region.clone());
        if !named.is_empty() && !named.iter().any(|named| Path::new(directory).starts_with(named)) {
            standing.extend(identity.service.is_some().then_some(spot));
            continue;
        }
        count += 1;
        let path = output.root.join(directory);
        let reason = match obstacle {
            Some(reason) => Some(reason.clone()),
            None => (identity.service.is_none() && standing.contains(&spot))
                .then(|| format!("a service of {identity} is still there, and reads its state")),
        };
        if let Some(reason) = reason {
            stopped = true;
            standing.extend(identity.service.is_some().then_some(spot));
            report::note(&format!("error: `{}` stays: {reason}", workspace.shown(&path)));
            continue;
        }
        text.push_str(&format!("{} {}\n", if options.dry_run { "would remove" } else { "removed" }, workspace.shown(&path)));
        if options.dry_run {
            continue;
        }
        // The backend goes last: what is left of a run that was killed still knows where its state is.
        for name in TOMBSTONE.iter().rev().filter(|name| names.iter().any(|there| there == *name)) {
            write::remove(&path.join(name))?;
        }
        write::remove_empty(&output.root, &path);
    }
    drop(lock);
    report::out(&text);
    if count == 0 && !arguments.quiet {
        report::note("there are no tombstones");
    }
    Ok(if stopped { EXIT_INPUT } else { EXIT_OK })
}

/// Prints the tombstones of a call that says neither which nor `--all`: what is removed cannot be applied any more.
fn list(workspace: &Workspace, output: &Output, tombstones: &[Tombstone], quiet: bool) -> u8 {
    if tombstones.is_empty() {
        if !quiet {
            report::note("there are no tombstones");
        }
        return EXIT_OK;
    }
    let lines = tombstones.iter().map(|tombstone| format!("{}\n", workspace.shown(&output.root.join(&tombstone.directory))));
    report::out(&lines.collect::<String>());
    report::note("nothing was removed: name the tombstones whose infrastructure is destroyed, or give `--all`");
    EXIT_USAGE
}

/// A directory of the call, as it is below the output: it may be written as it is printed, from where the run was started, or below the
/// output. It has to be a tombstone, or have one below it.
fn directory(workspace: &Workspace, output: &Output, tombstones: &[Tombstone], named: &str) -> Result<String, Failure> {
    let trimmed = named.trim_end_matches('/');
    let has_any = |directory: &String| tombstones.iter().any(|tombstone| Path::new(&tombstone.directory).starts_with(directory));
    let seen_from = |base: &Path| normal(&base.join(trimmed)).strip_prefix(&output.root).map(slashes).ok();
    let ways = [Some(trimmed.to_owned()), seen_from(&workspace.root), seen_from(&workspace.start)];
    let found = ways.iter().flatten().find(|directory| has_any(directory)).filter(|_| !trimmed.is_empty());
    if let Some(found) = found {
        return Ok(found.clone());
    }
    let is_live = |directory: &String| output.root.join(directory).join("main.tf").is_file();
    let what = if !trimmed.is_empty() && ways.iter().flatten().any(is_live) {
        "is a root whose deployment is still there, not a tombstone"
    } else {
        "is not a tombstone, and none is below it"
    };
    let below = ways.iter().flatten().next_back().cloned().unwrap_or_default();
    let near = nearest_of(&below, tombstones.iter().map(|tombstone| tombstone.directory.as_str()));
    let near = near.first().map(|near| format!("did you mean `{}`? ", workspace.shown(&output.root.join(near)))).unwrap_or_default();
    Err(Failure::usage(format!("`{named}` {what}"), format!("{near}nothing was removed; `terralet prune` lists the tombstones")))
}

/// Where a service is: repository, environment, region.
type Spot = (SmolStr, SmolStr, SmolStr);

/// The tombstones of the tree, and where services are that are not tombstones.
fn tombstones(workspace: &Workspace, output: &Output) -> Result<(Vec<Tombstone>, BTreeSet<Spot>), Failure> {
    let mut tombstones = Vec::new();
    let mut standing = BTreeSet::new();
    for (directory, names) in output.list_all(|prefix| prefix != MODULES)?.directories {
        let directory = directory.into_string();
        let Some(header) = header(output, &directory, &names)? else { continue };
        // Services and what they share may stand under two names of one repository.
        let identity = current_identity(&header.identity, &workspace.platform);
        let note = output.move_note(&directory, &names)?;
        if let Some(MoveNote::To(_)) = note {
            // No root any more: the key is kept taken until the move of its state is done.
            continue;
        }
        // A root that is interrupted or alive has files that no tombstone has.
        if names.iter().any(is_of_live_root) {
            if identity.service.is_some() {
                standing.insert((identity.repository, identity.environment, identity.region));
            }
            continue;
        }
        let is_same = |named: &RootIdentity| current_identity(named, &workspace.platform) == identity;
        let mut obstacle = None;
        if !names.iter().any(|name| name == "backend.tf") {
            let file = workspace.shown(&output.root.join(&directory).join("backend.tf"));
            obstacle = Some(format!("`{file}` is missing, so nothing says where its state is"));
        }
        for file in output.files(&directory, &names)? {
            let text = String::from_utf8_lossy(&file.bytes);
            if file.name == MOVED_FILE && note.is_some() {
                obstacle = Some("its state is still being moved; `terralet move --done` ends that".to_owned());
                break;
            }
            let is_own = |header: &Header| is_same(&header.identity) && header.fits(&text);
            let is_ours = TOMBSTONE.contains(&file.name.as_str()) && Header::parse(&text).as_ref().is_some_and(is_own);
            if !is_ours {
                obstacle.get_or_insert_with(|| {
                    format!("`{}/{}` is not as terralet made it", workspace.shown(&output.root.join(&directory)), file.name)
                });
            }
        }
        tombstones.push(Tombstone {
            is_shared: identity.service.is_none(),
            directory,
            identity,
            names: names.iter().map(str::to_owned).collect(),
            obstacle,
        });
    }
    Ok((tombstones, standing))
}

fn is_of_live_root(name: &str) -> bool {
    (terralet_core::emit::FILE_NAMES.contains(&name) || name == terralet_core::emit::GUARD_FILE) && !TOMBSTONE.contains(&name)
}
