//! The roots of the whole tree, by their first lines and by what moves say of them.

use terralet_core::emit::MoveNote;
use terralet_core::failure::Failure;
use terralet_core::platform::Platform;
use terralet_core::terraform::RootIdentity;
use terralet_core::tree::current_identity;
use terralet_host::listing::{Listing, Names};
use terralet_host::output::Output;

/// A root on disk, or what a move left of one.
#[derive(Debug)]
pub(super) struct DiskRoot {
    /// Its directory below the output.
    pub(super) directory: String,
    /// Whose it is, by its first line.
    pub(super) identity: RootIdentity,
    /// The same, under the name that its repository has now.
    pub(super) current: RootIdentity,
    /// What the file of a move says.
    pub(super) note: Option<MoveNote>,
    /// The files that Terraform reads.
    pub(super) names: Names,
}

impl DiskRoot {
    /// True where the state of another root goes to, or where nothing is but the word that it went.
    pub(super) fn is_left(&self) -> bool {
        matches!(self.note, Some(MoveNote::To(_)))
    }

    /// True when the state of this one comes from a directory, in a move that is not done.
    pub(super) fn comes_from(&self, directory: &str) -> bool {
        matches!(&self.note, Some(MoveNote::From(from)) if from == directory)
    }

    /// True when its state goes to a directory, in a move that is not done.
    pub(super) fn goes_to(&self, directory: &str) -> bool {
        matches!(&self.note, Some(MoveNote::To(to)) if to == directory)
    }
}

/// Every root of the tree.
pub(super) fn roots(output: &Output, listing: Listing, platform: &Platform) -> Result<Vec<DiskRoot>, Failure> {
    let mut roots = Vec::new();
    for (directory, names) in listing.directories {
        let Some(header) = output.header(&directory, &names)? else { continue };
        let note = output.move_note(&directory, &names)?;
        let current = current_identity(&header.identity, platform);
        roots.push(DiskRoot { directory: directory.into_string(), identity: header.identity, current, note, names });
    }
    Ok(roots)
}
