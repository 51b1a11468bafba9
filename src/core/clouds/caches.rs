//! What caches take, in types that every cloud has.

/// An engine of caches, with its versions on the day of the tables.
#[derive(Debug, PartialEq, Eq)]
pub struct CacheEngine {
    /// Its name in the language.
    pub name: &'static str,
    /// Its versions, oldest first.
    pub versions: &'static [&'static str],
    /// The version of caches for which nobody writes one. It stays what it is: caches that stand would change with it.
    pub usual: &'static str,
    /// Why there is none after the last, as a label; nothing where there will be.
    pub ended: Option<&'static str>,
}

/// What is known of a version of an engine of caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheVersion {
    /// There is such a version.
    Known,
    /// The table has none, and there may be one by now.
    Unknown,
    /// There is none and will be none, with the reason as a label.
    Never(&'static str),
    /// It is not a major and a minor number.
    Malformed,
}

impl CacheEngine {
    /// What is known of a version.
    pub fn version(&self, text: &str) -> CacheVersion {
        let (Some(version), [first, .., last]) = (numbers(text), self.versions) else { return CacheVersion::Malformed };
        if self.versions.contains(&text) {
            CacheVersion::Known
        } else if numbers(first).is_some_and(|first| version < first) {
            CacheVersion::Never("older than the first that there is")
        } else if let Some(reason) = self.ended {
            CacheVersion::Never(if numbers(last).is_some_and(|last| version > last) { reason } else { "there is no such version" })
        } else {
            CacheVersion::Unknown
        }
    }
}

/// A major and a minor number, each of at most two digits, and as it is counted.
fn numbers(version: &str) -> Option<(u8, u8)> {
    let number = |text: &str| {
        let is_number = text.len() == 1 || text.len() == 2 && !text.starts_with('0');
        let is_number = is_number && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().ok())?
    };
    let (major, minor) = version.split_once('.')?;
    Some((number(major)?, number(minor)?))
}

/// What a cloud says of a type of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeType {
    /// It has nodes of it.
    Known,
    /// The table has none of this name, which has the form of one.
    Unknown,
    /// There are such nodes, and none for a cache of the language, with the reason as a label.
    Refused(&'static str),
    /// The text has not the form of one.
    Malformed,
}
