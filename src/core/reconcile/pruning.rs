//! Which tombstones may be removed, and in which order: services' before their shared root's, whose state they read.

use crate::emit::{FILE_NAMES, GUARD_FILE, Header, MOVED_FILE, MoveNote};
use crate::failure::Failure;
use crate::platform::Platform;
use crate::terraform::RootIdentity;
use crate::tree::{Listing, Names, TOMBSTONE, Tree, current_identity, header};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::path::Path;

/// A tombstone on disk. In the order of removal.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prunable {
    is_shared: bool,
    /// Its directory below the output.
    pub directory: String,
    /// Whose it is, under the name that its repository has now.
    pub identity: RootIdentity,
    /// Its files in the order in which they go. The backend goes last: what is left of a run that was killed still knows where its state is.
    pub files: Vec<&'static str>,
    /// What keeps it from being removed: a file that is not terralet's or was edited, or a move that is not done.
    obstacle: Option<String>,
}

/// Where a service is: repository, environment, region.
type ServicePlace = (SmolStr, SmolStr, SmolStr);

/// The tombstones of a tree, and where services are that are not tombstones.
#[derive(Debug)]
pub struct Pruning {
    /// In the order of removal.
    pub tombstones: Vec<Prunable>,
    standing: BTreeSet<ServicePlace>,
}

impl Pruning {
    /// Looks at every directory of a listing. Fails where one cannot be read.
    pub fn new<T: Tree>(tree: &T, listing: &Listing, platform: &Platform) -> Result<Self, Failure> {
        let mut pruning = Pruning { tombstones: Vec::new(), standing: BTreeSet::new() };
        for (directory, names) in &listing.directories {
            pruning.look_at(tree, directory, names, platform)?;
        }
        pruning.tombstones.sort_unstable();
        Ok(pruning)
    }

    /// The tombstones at and below the named directories, all where none is named, each with what keeps it from being removed.
    pub fn judge(&self, named: &[String]) -> Vec<(&Prunable, Option<String>)> {
        let mut standing = self.standing.clone();
        let mut judged = Vec::new();
        for tombstone in &self.tombstones {
            let Prunable { directory, identity, obstacle, .. } = tombstone;
            let is_named = named.is_empty() || named.iter().any(|named| Path::new(directory).starts_with(named));
            let stays = obstacle.clone().or_else(|| {
                let is_read = identity.service.is_none() && standing.contains(&place(identity));
                is_read.then(|| format!("a service of {identity} is still there, and reads its state"))
            });
            if identity.service.is_some() && (!is_named || stays.is_some()) {
                standing.insert(place(identity));
            }
            if is_named {
                judged.push((tombstone, stays));
            }
        }
        judged
    }

    fn look_at<T: Tree>(&mut self, tree: &T, directory: &str, names: &Names, platform: &Platform) -> Result<(), Failure> {
        let Some(header) = header(tree, directory, names)? else { return Ok(()) };
        // Services and what they share may stand under two names of one repository.
        let identity = current_identity(&header.identity, platform);
        let note = tree.move_note(directory, names)?;
        if let Some(MoveNote::To(_)) = note {
            // Not a root any more: the key is kept taken until the move of its state is done.
            return Ok(());
        }
        // A root that is interrupted or alive has files that no tombstone has.
        if names.iter().any(is_of_live_root) {
            self.standing.extend(identity.service.is_some().then(|| place(&identity)));
            return Ok(());
        }
        let obstacle = obstacle(tree, directory, names, (&identity, platform), note.is_some())?;
        let files = TOMBSTONE.iter().rev().filter(|name| names.iter().any(|there| there == **name)).copied().collect();
        self.tombstones.push(Prunable {
            is_shared: identity.service.is_none(),
            directory: directory.to_owned(),
            identity,
            files,
            obstacle,
        });
        Ok(())
    }
}

/// What keeps a tombstone from being removed.
fn obstacle<T: Tree>(
    tree: &T,
    directory: &str,
    names: &Names,
    (identity, platform): (&RootIdentity, &Platform),
    is_noted: bool,
) -> Result<Option<String>, Failure> {
    if is_noted && names.iter().any(|name| name == MOVED_FILE) {
        return Ok(Some("its state is still being moved; `terralet move --done` ends that".to_owned()));
    }
    let shown = |name: &str| tree.shown(&format!("{directory}/{name}"));
    if !names.iter().any(|name| name == super::BACKEND_FILE) {
        return Ok(Some(format!("`{}` is missing, so nothing says where its state is", shown(super::BACKEND_FILE))));
    }
    let files = tree.files(directory, names)?;
    let is_another = files.iter().find(|file| {
        let text = String::from_utf8_lossy(&file.bytes);
        let is_own = |header: &Header| current_identity(&header.identity, platform) == *identity && header.fits(&text);
        !TOMBSTONE.contains(&file.name.as_str()) || !Header::parse(&text).as_ref().is_some_and(is_own)
    });
    Ok(is_another.map(|file| format!("`{}` is not as terralet made it", shown(&file.name))))
}

fn place(identity: &RootIdentity) -> ServicePlace {
    (identity.repository.clone(), identity.environment.clone(), identity.region.clone())
}

fn is_of_live_root(name: &str) -> bool {
    (FILE_NAMES.contains(&name) || name == GUARD_FILE) && !TOMBSTONE.contains(&name)
}
