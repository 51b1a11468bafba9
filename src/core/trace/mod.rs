//! Terraform's diagnostics, reported at the customer's or the platform's line that the argument came from.
//!
//! The way from a generated line to a YAML line is the compile itself: the emitter says where it prints what, and the places of what is
//! printed are those that the IR carries. Reads and writes no file.

mod input;
mod origin;
mod report;
mod root;

pub use input::{Input, Range, TerraformDiagnostic, read};
pub use origin::Origins;
pub use report::{Generated, TracedPlace, report};
pub use root::{CalledFrom, Mapped, TracedFile, TracedRoot, ValueOrigin};
