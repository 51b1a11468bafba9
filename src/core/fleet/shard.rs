//! `--shard I/N`: a fleet that outgrew one machine is split over several, always in the same way.

use sha2::{Digest, Sha256};
use std::str::FromStr;

/// One of several parts of a fleet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    number: u64,
    /// Of how many.
    count: u64,
}

impl Shard {
    /// True when there is one part only.
    pub fn is_all(self) -> bool {
        self.count == 1
    }

    /// True when a repository falls to this part: by its name alone, so that no other repository, present or not, changes it. Names that
    /// differ only in case fall to one part, where they are found to be one.
    pub fn has(self, repository: &str) -> bool {
        let digest = Sha256::digest(repository.to_ascii_lowercase().as_bytes());
        let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        number % self.count == self.number - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(number, count)| Some((number.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((number, count)) if (1..=count).contains(&number) => Ok(Shard { number, count }),
            _ => Err("write a part and the number of parts, such as `1/4` to `4/4`".to_owned()),
        }
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{}", self.number, self.count)
    }
}
