//! Sections that a key of `features` switches on.

use super::const_key_index;

/// A key of `features`, and the section that exists where it is `true`.
#[derive(Debug)]
pub struct Switch {
    /// The key of [`FEATURES`].
    pub key: &'static str,
    /// Where the key stands among all keys of all sections, from 0.
    pub index: usize,
    /// The section.
    pub section: &'static str,
}

/// The section with the switches.
pub const FEATURES: &str = "features";

/// Every switch (language.md section 2).
pub static SWITCHES: &[Switch] = &[
    Switch { key: "enable_queue", index: const_key_index(FEATURES, "enable_queue"), section: "queue" },
    Switch { key: "enable_cache", index: const_key_index(FEATURES, "enable_cache"), section: "cache" },
];

/// True for sections that a service has of its own or not at all: those of the base are for what services share (language.md section 5).
pub fn stands_alone(section: &str) -> bool {
    matches!(section, "database" | "databases" | "storage" | "queue" | "cache" | "notifications")
}
