//! AWS: its dated facts on regions and their zones, EC2 instance types and where they are offered, RDS instance classes and engine versions,
//! the forms of its names and ids, and its modules.
//!
//! "Previous generation" and "in standard support" mean on [`AS_OF`], whatever today's date is: the same input gets the same answer until the
//! tables are renewed. What the tables do not know, they say so ([`Offer::Unknown`], [`VersionStatus::Unknown`]); whether that is an error or
//! a warning is for the rules to decide, and so is whether a region or a type is allowed.

mod backup_rows;
mod built_in;
mod cache_rows;
mod databases;
mod elasticache;
mod engines;
mod family;
mod formats;
mod instance_types;
mod modules;
mod nearest;
mod other_clouds;
mod previous_generation;
pub mod rds;
mod regions;
mod subnets;
mod substitutes;
mod volumes;
mod watching;

pub use instance_types::{
    instance_type, instance_type_names, instance_types, is_previous_generation, nearest_instance_types, zones_offering,
};
pub use other_clouds::of_other_cloud;
pub use regions::{is_region_label, region, regions, regions_of_label, regions_of_place};
pub use substitutes::{current_equivalent, is_special, nearest_offered, successors_of_retired};

use super::{
    Architecture, CacheEngine, Cloud, CloudFacts, Engine, EngineVersion, InstanceType, NodeType, OfArn, Offer, ProviderArgument,
    ProviderRow, ProviderValue, Region, StorageFacts, VersionStatus, VolumeKind,
};
use crate::modules::Band;
use ipnet::Ipv4Net;
use smol_str::SmolStr;

/// The day that the tables speak of, as `YYYY-MM-DD`. Each table's first lines have its own sources and dates.
pub const AS_OF: &str = "2026-11-22";

/// Its name in the language.
pub(super) const NAME: &str = "aws";

/// What AWS is called, and what it says in messages.
static FACTS: CloudFacts = CloudFacts {
    name: NAME,
    label: "AWS",
    machines: "EC2",
    databases: "RDS",
    caches: "ElastiCache",
    other_names: &["amazon"],
    as_of: AS_OF,
    reserved_prefixes: &["sg-", "internal-", "aws"],
    reserved_tag_prefix: "aws:",
    // CreateTargetGroup in the API reference of Elastic Load Balancing.
    longest_health_check_path: 1024,
    // User data has at most 16 KiB ("Run commands when you launch an EC2 instance" in the EC2 User Guide). What mounts volumes takes less than
    // 4 KiB of it, and the script stands behind it in base64: customer-compute/user_data.tf.
    longest_script_with_mounts: 9 * 1024,
    // The names `/dev/sdf` to `/dev/sdp` ("Device names for volumes" in the EC2 User Guide).
    most_volumes: 11,
    // A VPC takes /16 to /28 ("VPC CIDR blocks" in the VPC user guide); below /22 the 32 slots of the subnet plan are too small.
    network_prefixes: 16..=22,
    network_sizes: "/16 (65,536 addresses) to /22 (1,024 addresses)",
    subnet_bits: subnets::SLOT_BITS,
    // "Subnet CIDR blocks" in the VPC user guide.
    kept_addresses: 5,
    secret_help: "put the secret into Secrets Manager or Systems Manager, and write its ARN here, or `ssm:/path` for a parameter of the deployment's account and region",
    certificate_help: "write `arn:aws:acm:<region>:<account>:certificate/<id>`, as the certificate manager shows it",
    role_key: "assume_role_arn",
    images_key: "default_ami",
    role_help: "write `arn:aws:iam::{{ account_id }}:role/<name>`",
    not_an_account: "is not an AWS account",
    bucket_addresses: &["s3://", "arn:aws:s3:::"],
    secret_references: &["arn:", "ssm:", "secretsmanager:", "awssm:", "aws-sm:"],
    secret_store: "AWS Secrets Manager",
    object_removal: ("s3", "aws s3 rm"),
    provider: ProviderRow {
        name: "aws",
        source: "hashicorp/aws",
        version: "~> 6.0",
        arguments: &[
            ProviderArgument { block: None, name: "region", value: ProviderValue::Region },
            ProviderArgument { block: None, name: "allowed_account_ids", value: ProviderValue::Accounts },
            ProviderArgument { block: Some("assume_role"), name: "role_arn", value: ProviderValue::Role },
            ProviderArgument { block: Some("default_tags"), name: "tags", value: ProviderValue::Tags },
        ],
    },
    modules: &modules::MODULES,
    built_in: built_in::BUILT_IN,
    region_variables: &["aws_region"],
};

/// AWS.
#[derive(Debug)]
pub struct Aws;

impl Cloud for Aws {
    fn facts(&self) -> &'static CloudFacts {
        &FACTS
    }

    fn regions(&self) -> std::slice::Iter<'static, Region> {
        regions()
    }

    fn region(&self, name: &str) -> Option<&'static Region> {
        region(name)
    }

    fn regions_of_label(&self, label: &str) -> Vec<&'static Region> {
        regions_of_label(label).collect()
    }

    fn is_region_label(&self, text: &str) -> bool {
        is_region_label(text)
    }

    fn regions_of_place(&self, text: &str) -> Vec<&'static Region> {
        regions_of_place(text)
    }

    fn instance_type(&self, name: &str) -> Option<InstanceType> {
        instance_type(name)
    }

    fn instance_types(&self) -> Box<dyn Iterator<Item = InstanceType>> {
        Box::new(instance_types())
    }

    fn instance_type_names(&self) -> Box<dyn Iterator<Item = &'static str>> {
        Box::new(instance_type_names())
    }

    fn zones_offering(&self, instance_type: &InstanceType, region: &str) -> Offer {
        zones_offering(instance_type, region)
    }

    fn architecture(&self, instance_type: &str) -> Architecture {
        instance_types::architecture(instance_type)
    }

    fn is_previous_generation(&self, instance_type: &str) -> bool {
        is_previous_generation(instance_type)
    }

    fn is_special(&self, instance_type: &str) -> bool {
        is_special(instance_type)
    }

    fn nearest_instance_types(&self, name: &str, region: Option<&str>, limit: usize) -> Vec<&'static str> {
        nearest_instance_types(name, region, limit)
    }

    fn nearest_offered(&self, name: &str, region: &str) -> Vec<&'static str> {
        nearest_offered(name, region)
    }

    fn current_equivalent(&self, name: &str) -> Option<&'static str> {
        current_equivalent(name)
    }

    fn successors_of_retired(&self, name: &str, region: &str) -> Vec<&'static str> {
        successors_of_retired(name, region)
    }

    fn of_other_cloud(&self, name: &str) -> Option<&'static str> {
        of_other_cloud(name)
    }

    fn classes(&self) -> Box<dyn Iterator<Item = &'static str>> {
        Box::new(rds::classes())
    }

    fn is_known_class(&self, name: &str) -> bool {
        rds::is_known_class(name)
    }

    fn is_previous_generation_class(&self, name: &str) -> bool {
        rds::is_previous_generation_class(name)
    }

    fn current_class_equivalent(&self, name: &str) -> Option<&'static str> {
        rds::current_class_equivalent(name)
    }

    fn class_supports_encryption(&self, name: &str) -> bool {
        rds::class_supports_encryption(name)
    }

    fn takes_class(&self, engine: Engine, name: &str) -> bool {
        rds::takes_class(engine, name)
    }

    fn class_of_aurora(&self, name: &str) -> Option<&'static str> {
        rds::class_of_aurora(name)
    }

    fn nearest_classes(&self, name: &str, limit: usize) -> Vec<&'static str> {
        rds::nearest_classes(name, limit)
    }

    fn engine_version(&self, engine: Engine, version: &str) -> VersionStatus {
        rds::engine_version(engine, version)
    }

    fn newest_majors(&self, engine: Engine) -> Vec<&'static EngineVersion> {
        rds::newest_majors(engine)
    }

    fn cache_engine(&self, name: &str) -> Option<&'static CacheEngine> {
        elasticache::engine(name)
    }

    fn cache_engines(&self) -> std::slice::Iter<'static, CacheEngine> {
        elasticache::engines()
    }

    fn node_type(&self, text: &str) -> NodeType {
        elasticache::node_type(text)
    }

    fn node_types(&self) -> Box<dyn Iterator<Item = &'static str>> {
        Box::new(elasticache::node_types())
    }

    fn subnets(&self, network: Ipv4Net, region: &str, zones: &str, band: Band) -> Vec<(SmolStr, SmolStr)> {
        subnets::plan(network, region, zones, band)
    }

    fn has_form_of_instance_type(&self, text: &str) -> bool {
        formats::instance_type(text)
    }

    fn has_form_of_class(&self, text: &str) -> bool {
        rds::class_is_well_formed(text)
    }

    fn has_form_of_version(&self, text: &str) -> bool {
        formats::version(text)
    }

    fn has_form_of_image(&self, text: &str) -> bool {
        formats::resource_id("ami-", text)
    }

    fn has_form_of_network(&self, text: &str) -> bool {
        formats::resource_id("vpc-", text)
    }

    fn has_form_of_subnet(&self, text: &str) -> bool {
        formats::resource_id("subnet-", text)
    }

    fn has_form_of_account(&self, text: &str) -> bool {
        formats::account(text)
    }

    fn database_name(&self, text: &str) -> Result<(), &'static str> {
        databases::name(text)
    }

    fn is_reserved_database(&self, engine: Engine, name: &str) -> bool {
        databases::is_reserved(engine, name)
    }

    fn storage(&self, storage_type: &str) -> Option<&'static StorageFacts> {
        databases::storage(storage_type)
    }

    fn snapshot(&self, text: &str) -> Result<(), &'static str> {
        databases::snapshot(text)
    }

    fn is_snapshot_of_cluster(&self, text: &str) -> bool {
        databases::is_snapshot_of_cluster(text)
    }

    fn region_of_snapshot<'t>(&self, text: &'t str) -> Option<&'t str> {
        databases::region_of_snapshot(text)
    }

    fn parameter_name(&self, text: &str) -> Result<(), &'static str> {
        databases::parameter_name(text)
    }

    fn parameter_value(&self, text: &str) -> Result<(), &'static str> {
        databases::parameter_value(text)
    }

    fn refused_parameter(&self, name: &str) -> Option<&'static str> {
        databases::refused_parameter(name)
    }

    fn bucket_name(&self, text: &str) -> Result<(), String> {
        formats::bucket_name(text)
    }

    fn schedule(&self, text: &str) -> Result<SmolStr, &'static str> {
        formats::schedule(text)
    }

    fn certificate<'t>(&self, text: &'t str) -> Result<OfArn<'t>, &'static str> {
        formats::certificate_arn(text)
    }

    fn secret_reference<'t>(&self, text: &'t str) -> Result<Option<OfArn<'t>>, &'static str> {
        formats::secret_reference(text)
    }

    fn no_tag_letter(&self, text: &str) -> Option<char> {
        formats::no_tag_letter(text)
    }

    fn no_health_check_letter(&self, text: &str) -> Option<char> {
        formats::no_health_check_letter(text)
    }

    fn volume_kind(&self, name: &str) -> Option<&'static VolumeKind> {
        volumes::KINDS.iter().find(|kind| kind.name == name)
    }

    fn credential(&self, word: &str) -> Option<&'static str> {
        formats::access_key(word).then_some("an AWS access key id")
    }
}
