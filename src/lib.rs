//! Compiles what customers ask for into the Terraform that a service provider runs.

pub mod catalog;
pub mod check;
pub mod diagnostics;
pub mod ir;
pub mod lower;
pub mod platform;
pub mod resolve;
pub mod schema;
pub mod source;
pub mod syntax;
