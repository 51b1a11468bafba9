//! What a type of storage of databases takes, in types that every cloud has.

use std::ops::RangeInclusive;

/// What a type of storage takes, for each of the language's engines.
#[derive(Debug, PartialEq, Eq)]
pub struct StorageFacts {
    /// Its name in the language.
    pub name: &'static str,
    /// The least storage in GiB.
    pub least_storage: i64,
    /// The operations a second that may be provisioned.
    pub iops: RangeInclusive<i64>,
    /// The least storage in GiB that any can be provisioned for.
    pub least_storage_of_iops: i64,
    /// The most operations a second for each GiB.
    pub most_iops_of_gib: i64,
    /// The least operations a second for two GiB; 0 where there is no such bound.
    pub least_iops_of_two_gib: i64,
    /// True where they have to be provisioned.
    pub needs_iops: bool,
}
