//! Compiles what customers ask for into the Terraform that a service provider runs.

pub mod catalog;
