//! The host: reading documents and trees without following links, the lock, writing a change as one transaction, threads.

mod apply;
mod drill;
pub mod fix;
pub mod fleet;
mod infra;
mod inside;
mod listing;
mod lock;
pub mod output;
mod reached;
mod replacement;
pub mod repository;
mod shared_modules;
pub mod staging;
pub mod workspace;
pub mod write;

pub use apply::Preparer;
pub use lock::Lock;
pub use reached::real;
