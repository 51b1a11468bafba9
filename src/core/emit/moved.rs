//! The file of a move, `moved.tf`. In the root that a state moves to, it keeps Terraform from planning before the state is there, since
//! everything would be built a second time; in the directory that the state leaves, it keeps the key from being taken while the state is
//! still there. Both halves name the other directory in their second line.

use super::Header;
use super::README;
use super::files::{never, remote_state};
use super::header::with_header;
use super::printer::printed;
use crate::terraform::{RootIdentity, RootModule};

/// The directory in a new root that remembers the old place. Terraform runs in it, and no run over the tree looks into it.
pub const MOVE_DIRECTORY: &str = ".moved";

/// The files in it, below the root's directory, in the order in which they go: the old place last.
pub fn memory() -> [String; 2] {
    [record(), format!("{MOVE_DIRECTORY}/backend.tf")]
}

/// The name of the record of a move, below the new root.
pub fn record() -> String {
    format!("{MOVE_DIRECTORY}/{README}")
}

/// The file's name.
pub const MOVED_FILE: &str = "moved.tf";

const FROM: &str = "# Moved from: ";
const TO: &str = "# Moved to: ";

/// What a file of a move says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MoveNote {
    /// The state of this root comes from this directory of the output; from its own where only the backend changes.
    From(String),
    /// The state of this directory goes to this one.
    To(String),
}

impl MoveNote {
    /// Reads a file of a move; nothing where it is not as terralet made it.
    pub fn parse(text: &str) -> Option<MoveNote> {
        let header = Header::parse(text).filter(|header| header.fits(text));
        let line = header.and_then(|_| text.lines().nth(1))?;
        let from = line.strip_prefix(FROM).map(|from| MoveNote::From(from.to_owned()));
        from.or_else(|| line.strip_prefix(TO).map(|to| MoveNote::To(to.to_owned())))
    }
}

/// The file in the root that a state moves to. Terraform reads the data source before it plans anything, and fails while there is no state.
pub fn moved_from(root: &RootModule, from: &str) -> String {
    let state = printed(|page| remote_state("state_is_being_moved", &root.backend.as_read(), page));
    let says = "# The steps are in .moved/README.md. Until the state is here, nothing can be planned.\n";
    with_header(&root.identity, &format!("{FROM}{from}\n{says}{state}"))
}

/// The file in the directory that a state leaves: no version of Terraform plans it.
pub fn moved_to(identity: &RootIdentity, to: &str) -> String {
    let says = "# The key stays taken until that move is done.\n";
    with_header(identity, &format!("{TO}{to}\n{says}{}", printed(never)))
}
