//! The roots of the whole tree, by their first lines and by what moves say of them.

use crate::emit::MoveNote;
use crate::failure::Failure;
use crate::platform::Platform;
use crate::terraform::RootIdentity;
use crate::tree::{Directory, Listing, Names, Tree, current_identity};

/// A root on disk, or what a move left of one.
#[derive(Debug)]
pub struct DiskRoot {
    /// Its directory below the output.
    pub directory: String,
    /// Whose it is, by its first line.
    pub identity: RootIdentity,
    /// The same, under the name that its repository has now.
    pub current: RootIdentity,
    /// What the file of a move says.
    pub note: Option<MoveNote>,
    /// The files that Terraform reads.
    pub names: Names,
}

impl DiskRoot {
    /// True where the state of another root goes to, or where nothing is but the word that it went.
    pub fn is_left(&self) -> bool {
        matches!(self.note, Some(MoveNote::To(_)))
    }

    /// True when the state of this one comes from a directory, in a move that is not done.
    pub fn comes_from(&self, directory: &str) -> bool {
        matches!(&self.note, Some(MoveNote::From(from)) if from == directory)
    }

    /// True when its state goes to a directory, in a move that is not done.
    pub fn goes_to(&self, directory: &str) -> bool {
        matches!(&self.note, Some(MoveNote::To(to)) if to == directory)
    }
}

/// Every root of the tree.
pub fn roots(tree: &dyn Tree, listing: &Listing, platform: &Platform) -> Result<Vec<DiskRoot>, Failure> {
    let headers = tree.headers(&listing.directories.iter().collect::<Vec<&Directory>>())?;
    let mut roots = Vec::new();
    for ((directory, names), header) in listing.directories.iter().zip(headers) {
        let Some(header) = header else { continue };
        let note = tree.move_note(directory, names)?;
        let current = current_identity(&header.identity, platform);
        roots.push(DiskRoot { directory: directory.to_string(), identity: header.identity, current, note, names: names.clone() });
    }
    Ok(roots)
}
