//! The shared modules, as far as every cloud has them: what a row of an input says, what a module takes and gives, and whether a value fits.
//!
//! Which modules there are is each cloud's own.

mod fit;
mod interface;
mod outputs;
mod rows;
mod shape;
mod types;
mod validation;

pub use fit::{Fit, Given};
pub use interface::{FilePlace, FileProblem, Interface, Variable, read_interface};
pub(crate) use outputs::output;
pub use outputs::{OutputRow, Reference};
pub(crate) use rows::input;
pub use rows::{Band, CalledBy, InputRow, InputSource, ModuleId, ModuleRow, NetworkPart, OnChange, OwnOutput, SectionKey, When};
pub use shape::{ArgumentShape, ObjectShape};
pub use types::{AttributeDefault, ObjectAttribute, VariableType};
pub use validation::{Decimal, TerraformValue, Validation, Verdict, known_functions};
