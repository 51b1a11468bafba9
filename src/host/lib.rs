//! The host: reading documents and trees without following links, the lock, writing a change as one transaction, threads.

mod drill;
pub mod fix;
pub mod fleet;
mod inside;
pub mod listing;
mod lock;
pub mod output;
mod reached;
pub mod repository;
mod shared_modules;
pub mod workspace;
pub mod write;

pub use lock::Lock;
pub use reached::real;
