//! Exit statuses (cli.md, "Exit status").

/// Nothing wrong.
pub(super) const EXIT_OK: u8 = 0;
/// A customer's input has errors.
pub(super) const EXIT_INPUT: u8 = 1;
/// Usage, platform or I/O error.
pub(super) const EXIT_USAGE: u8 = 2;
/// `compile --check` found a difference.
pub(super) const EXIT_DIFFERENT: u8 = 3;
