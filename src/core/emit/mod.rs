//! Root modules to text, which `terraform fmt` leaves unchanged. Cannot fail.

mod files;
mod header;
mod literal;
mod moved;
mod printer;

pub use files::{FILE_NAMES, GUARD_FILE, MODULES, PlacedFile, README, each_file, guard, module_guard, root, root_with_places};
pub use header::{Header, ModuleHeader, body_digest, module_file, unknown_word, with_header};
pub use literal::{is_invisible, quoted};
pub use moved::{MOVE_DIRECTORY, MOVED_FILE, MoveNote, memory, moved_from, moved_to, record};
pub use printer::Printed;
