//! Keys whose values follow the environment where nobody writes them: `lower` fills them in, and `why` says so.

use super::sections::const_key_index;

/// A key whose value follows the environment.
#[derive(Debug)]
pub struct ByEnvironment {
    /// Its section.
    pub section: &'static str,
    /// The key.
    pub key: &'static str,
    /// Where it stands among all keys of all sections, from 0.
    pub index: usize,
    /// The value.
    usual: i64,
    /// The value in a protected environment.
    protected: i64,
}

impl ByEnvironment {
    const fn new(section: &'static str, key: &'static str, usual: i64, protected: i64) -> ByEnvironment {
        ByEnvironment { section, key, index: const_key_index(section, key), usual, protected }
    }

    /// The value in an environment.
    pub fn value(&self, is_protected: bool) -> i64 {
        if is_protected { self.protected } else { self.usual }
    }
}

/// The keys whose values follow the environment; the built-in modules have the same values.
pub static BY_ENVIRONMENT: [ByEnvironment; 3] = [
    ByEnvironment::new("cache", "nodes", 1, 2),
    ByEnvironment::new("cache", "snapshot_retention_days", 0, 7),
    ByEnvironment::new("backup", "retention_days", 7, 35),
];

/// What holds of a key where nobody writes it, if that follows the environment.
pub fn default_by_environment(section: &str, key: &str, is_protected: bool) -> Option<String> {
    let row = BY_ENVIRONMENT.iter().find(|row| row.section == section && row.key == key)?;
    Some(row.value(is_protected).to_string())
}
