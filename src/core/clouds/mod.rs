//! The clouds: all that is one cloud's stands in its folder.

pub mod aws;
pub(crate) mod table;
