//! Root modules to text, which `terraform fmt` leaves as it is. Cannot fail.

mod files;
mod header;
mod literal;
mod printer;

pub use files::{FILE_NAMES, GUARD_FILE, PlacedFile, guard, module_guard, root, root_with_places, tombstone};
pub use header::{Header, ModuleHeader, body_digest, module_file};
pub use literal::{is_invisible, quoted};
pub use printer::Printed;
