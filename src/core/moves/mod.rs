//! Moves of states: which roots may move, what a move takes, and the steps that carry a state over. Staging them is for the host, and
//! carrying the state for a person.

mod disk;
mod mover;
mod refuse;
mod steps;

pub use disk::{DiskRoot, roots};
pub use mover::{Move, Mover};
pub use steps::{End, Step, Steps};
