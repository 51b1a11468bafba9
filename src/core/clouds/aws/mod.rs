//! Dated facts about AWS: regions and their zones, EC2 instance types and where they are offered, RDS instance classes
//! and engine versions, and the suggestions that a wrong name gets.
//!
//! The facts stand as plain text in `tables/`, one fact a line, each file with its source, its date and the way to make
//! it again in its first lines. They are part of the binary, and each is parsed when it is first asked for.
//!
//! This module reads no file, no clock and no network. "Previous generation" and "in standard support" mean on
//! [`AS_OF`], whatever today's date is: the same input gets the same answer until the tables are renewed. What the
//! tables do not know, they say so ([`Offer::Unknown`], [`rds::VersionStatus::Unknown`]); whether that is an error or a
//! warning is for the rules to decide, and so is whether a region or a type is allowed.

mod engines;
mod family;
mod instance_types;
mod nearest;
mod other_clouds;
mod previous_generation;
pub mod rds;
mod regions;
mod substitutes;

pub use instance_types::{
    Architecture, InstanceType, Offer, instance_type, instance_type_names, instance_types, is_previous_generation, nearest_instance_types,
    zones_offering,
};
pub use other_clouds::of_other_cloud;
pub use regions::{Region, is_region_label, region, regions, regions_of_label, regions_of_place};
pub use substitutes::{current_equivalent, is_special, nearest_offered, successors_of_retired};

/// The day that the tables speak of, as `YYYY-MM-DD`. Each table's first lines have its own sources and dates.
pub const AS_OF: &str = "2026-11-22";
