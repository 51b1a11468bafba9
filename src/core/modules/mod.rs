//! The shared modules, as far as every cloud has them: what a row of an input says, what a module takes and gives, and whether a value fits.
//!
//! Which modules there are is each cloud's own.

mod fit;
mod interface;
mod rows;
mod shape;
mod types;

pub use fit::{Fit, Given};
pub use interface::{FilePlace, FileProblem, Interface, Variable, read_interface};
pub use rows::{Band, CalledBy, InputRow, InputSource, ModuleId, ModuleRow, NetworkPart, OnChange, OutputRow, Reference, SectionKey, When};
pub(crate) use rows::{input, output};
pub use shape::{ArgumentShape, ObjectShape};
pub use types::{ObjectAttribute, VariableType};
