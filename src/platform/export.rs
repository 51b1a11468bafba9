//! The part of the platform that customers may see.

use super::Platform;

/// Writes the lists of the platform as a platform file that is marked as exported.
pub fn export(_platform: &Platform) -> String {
    String::new()
}
