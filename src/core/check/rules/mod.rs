//! The table of rules. One code a file; the order is that in which a value is judged: alone, by its document, by the catalogue, by
//! the platform, and what is only unwise at the end.

mod account_mismatch;
mod architecture_mismatch;
mod cidr_overlap;
mod cidr_overlap_between_regions;
mod class_without_encryption;
mod cloud_without_modules;
mod contradicting_keys;
mod customer_id_conflict;
mod empty_service;
mod former_database;
mod instance_type_not_in_region;
mod instance_type_not_in_tier;
mod invalid_tag;
mod invalid_version;
mod metric_needs_agent;
mod min_exceeds_max;
mod missing_account;
mod missing_copy_region;
mod module_interface;
mod name_with_snapshot;
mod network_too_small;
mod no_backups;
mod no_multi_az;
mod open_to_the_world;
mod out_of_range;
mod overlapping_windows;
mod previous_generation;
mod private_without_nat;
mod region_mismatch;
mod region_not_allowed;
mod regional_value_in_two_regions;
mod replicas_without_backups;
mod requirement_not_met;
mod reserved_name;
mod reserved_tag;
mod residency_violation;
mod section_without_module;
mod shared_and_own_database;
mod single_instance;
mod single_zone;
mod storage_mismatch;
mod tier_limit_exceeded;
mod too_few_zones;
mod unknown_instance_class;
mod unknown_instance_type;
mod unknown_zone;
mod unregistered_repository;
mod unsupported_engine_version;
mod unverified_region_data;
mod without_load_balancer;

pub(super) use cidr_overlap::overlap;
pub(super) use cloud_without_modules::has_modules;

use super::context::RuleContext;

/// One rule.
pub(super) struct Rule {
    /// True when it speaks of the cloud, so that it keeps quiet for customers of a cloud without modules.
    pub(super) of_cloud: bool,
    /// Looks at the customer, and reports.
    pub(super) run: fn(&mut RuleContext<'_, '_>),
}

const fn of_all(run: fn(&mut RuleContext<'_, '_>)) -> Rule {
    Rule { of_cloud: false, run }
}

const fn of_cloud(run: fn(&mut RuleContext<'_, '_>)) -> Rule {
    Rule { of_cloud: true, run }
}

/// Every rule, in the order in which they run.
pub(super) static RULES: &[Rule] = &[
    // Who the customer is.
    of_all(cloud_without_modules::run),
    of_all(customer_id_conflict::run),
    of_all(unregistered_repository::run),
    of_cloud(missing_account::run),
    // Shape: several values of one section.
    of_all(min_exceeds_max::run),
    of_cloud(unknown_zone::run),
    of_all(contradicting_keys::run),
    of_all(contradicting_keys::of_databases),
    of_all(former_database::run),
    of_all(invalid_tag::run),
    of_all(invalid_version::run),
    of_cloud(invalid_version::of_cache),
    of_all(overlapping_windows::run),
    of_all(replicas_without_backups::run),
    of_cloud(reserved_name::run),
    of_cloud(reserved_name::of_snapshot),
    of_cloud(storage_mismatch::run),
    // Where it is.
    of_cloud(region_not_allowed::run),
    of_cloud(residency_violation::run),
    of_cloud(missing_copy_region::run),
    of_cloud(residency_violation::of_copies),
    of_cloud(region_mismatch::run),
    of_cloud(account_mismatch::run),
    // The catalogue.
    of_cloud(unverified_region_data::run),
    of_cloud(out_of_range::run),
    of_cloud(out_of_range::of_script),
    of_cloud(out_of_range::of_queue_alarm),
    of_all(out_of_range::of_backups),
    of_cloud(unknown_instance_type::run),
    of_cloud(instance_type_not_in_region::run),
    of_cloud(too_few_zones::run),
    of_cloud(too_few_zones::of_load_balancer),
    of_cloud(regional_value_in_two_regions::run),
    of_cloud(class_without_encryption::run),
    of_cloud(unknown_instance_class::run),
    of_cloud(unknown_instance_class::of_cache),
    of_cloud(network_too_small::run),
    // The platform.
    of_all(reserved_tag::run),
    of_all(tier_limit_exceeded::run),
    of_cloud(instance_type_not_in_tier::run),
    of_cloud(module_interface::run),
    of_all(requirement_not_met::run),
    of_all(cidr_overlap::run),
    // What is allowed and unwise.
    of_all(cidr_overlap_between_regions::run),
    of_cloud(architecture_mismatch::run),
    of_cloud(unsupported_engine_version::run),
    of_cloud(unsupported_engine_version::of_cache),
    of_cloud(previous_generation::run),
    of_cloud(metric_needs_agent::run),
    of_cloud(private_without_nat::run),
    of_cloud(single_instance::run),
    of_cloud(single_zone::run),
    of_cloud(name_with_snapshot::run),
    of_cloud(no_backups::run),
    of_cloud(no_multi_az::run),
    of_cloud(no_multi_az::of_cache),
    of_cloud(open_to_the_world::run),
    of_cloud(without_load_balancer::run),
    of_cloud(section_without_module::run),
    of_all(shared_and_own_database::run),
    of_all(empty_service::run),
];
