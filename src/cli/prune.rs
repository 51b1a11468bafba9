//! `terralet prune`: removes tombstones, services' before their shared root's.

use super::args::{Arguments, PruneOptions};
use super::failure::Failure;
use super::lock::Lock;
use super::output::{MODULES, Output};
use super::workspace::Workspace;
use super::write;
use super::{EXIT_INPUT, EXIT_OK, render};
use crate::emit::{Header, MOVED_FILE, MoveNote};
use crate::terraform::RootIdentity;
use crate::tree::TOMBSTONE;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::path::Path;

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
    let workspace = Workspace::find(arguments, None)?;
    let output = Output { root: workspace.output(options.output.as_ref()) };
    let lock = if options.dry_run { None } else { Some(Lock::take(&output, arguments.quiet)?) };
    let (mut tombstones, mut standing) = tombstones(&workspace, &output)?;
    tombstones.sort();
    let mut text = String::new();
    let mut stopped = false;
    let mut count = 0_usize;
    for tombstone in &tombstones {
        let Tombstone { directory, identity, names, obstacle, .. } = tombstone;
        let wanted = |wanted: &String| Path::new(directory).starts_with(wanted.trim_end_matches('/'));
        let spot = (identity.repository.clone(), identity.environment.clone(), identity.region.clone());
        if !options.directories.is_empty() && !options.directories.iter().any(wanted) {
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
            render::note(&format!("error: `{}` stays: {reason}", workspace.shown(&path)));
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
    render::out(&text);
    if count == 0 && !arguments.quiet {
        render::note("there are no tombstones");
    }
    Ok(if stopped { EXIT_INPUT } else { EXIT_OK })
}

/// Where a service is: repository, environment, region.
type Spot = (SmolStr, SmolStr, SmolStr);

/// The tombstones of the tree, and where services stand that are none.
fn tombstones(workspace: &Workspace, output: &Output) -> Result<(Vec<Tombstone>, BTreeSet<Spot>), Failure> {
    let mut tombstones = Vec::new();
    let mut standing = BTreeSet::new();
    for (directory, names) in output.list_all(|prefix| prefix != MODULES)?.directories {
        let directory = directory.into_string();
        let Some(header) = output.header(&directory, &names)? else { continue };
        let identity = header.identity;
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
        let mut obstacle = None;
        for file in output.files(&directory, &names)? {
            let text = String::from_utf8_lossy(&file.bytes);
            if file.name == MOVED_FILE && note.is_some() {
                obstacle = Some("its state is still being moved; `terralet move --done` ends that".to_owned());
                break;
            }
            let is_ours = TOMBSTONE.contains(&file.name.as_str()) && Header::parse(&text).is_some_and(|header| header.fits(&text));
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
    (crate::emit::FILE_NAMES.contains(&name) || name == crate::emit::GUARD_FILE) && !TOMBSTONE.contains(&name)
}
