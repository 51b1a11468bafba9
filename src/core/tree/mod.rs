//! The tree on disk against what would be written: what each file is, and what becomes of roots without a deployment.
//!
//! Pure: the command line reads and writes; what is to be done is decided here.

mod difference;
mod disk;
mod fate;
mod harm;
mod listing;
mod module;
mod place;
mod root;
mod standing;
mod stray;

pub use difference::Difference;
pub use disk::{Tree, header};
pub use fate::{Orphan, OrphanAction, RunIndex, current_identity, current_name, fate, may_share};
pub use harm::{Harm, HarmKind, HarmedArgument, account_changed, added_modules, harms};
pub use listing::{Directory, Listing, Names};
pub use module::plan_module;
pub use place::{WrittenBackend, backend_elsewhere, state_place};
pub use root::{Change, DiskFile, FileState, RootDiff, TOMBSTONE, is_terraform_file, plan, plan_root, plan_tombstone};
pub use standing::Standing;
pub use stray::{is_elsewhere, mark_strays};
