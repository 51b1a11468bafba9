//! What no schema records and the stand-in has to know of AWS all the same: which arguments replace a resource, and what the cloud answers
//! where an invented value would not do.

use rmpv::Value;

/// The account that everything stands in.
pub(super) const ACCOUNT: &str = "123456789012";

/// The region of a provider block that names none.
pub(super) const DEFAULT_REGION: &str = "us-east-1";

/// Arguments whose change replaces the resource ("Forces new resource" in the documentation of hashicorp/aws), for the types that networks,
/// compute and databases are made of. A type that is not listed is always updated in place.
const REPLACED_ON_CHANGE: &[(&str, &[&str])] = &[
    ("aws_autoscaling_group", &["name", "name_prefix"]),
    ("aws_autoscaling_policy", &["autoscaling_group_name", "name"]),
    ("aws_backup_selection", &["iam_role_arn", "name", "not_resources", "plan_id", "resources"]),
    ("aws_backup_vault", &["kms_key_arn", "name", "region"]),
    ("aws_backup_vault_policy", &["backup_vault_name", "region"]),
    ("aws_cloudwatch_log_group", &["name", "name_prefix"]),
    ("aws_cloudwatch_metric_alarm", &["alarm_name"]),
    (
        "aws_db_instance",
        &[
            "character_set_name",
            "db_name",
            "engine",
            "kms_key_id",
            "replicate_source_db",
            "snapshot_identifier",
            "storage_encrypted",
            "timezone",
            "username",
        ],
    ),
    ("aws_db_parameter_group", &["description", "family", "name", "name_prefix"]),
    ("aws_db_subnet_group", &["name", "name_prefix"]),
    ("aws_elasticache_parameter_group", &["description", "family", "name"]),
    (
        "aws_elasticache_replication_group",
        &["at_rest_encryption_enabled", "kms_key_id", "port", "replication_group_id", "subnet_group_name"],
    ),
    ("aws_elasticache_subnet_group", &["name"]),
    ("aws_iam_instance_profile", &["name", "name_prefix", "path"]),
    ("aws_iam_role", &["name", "name_prefix", "path"]),
    ("aws_iam_role_policy", &["name", "name_prefix", "role"]),
    ("aws_iam_role_policy_attachment", &["policy_arn", "role"]),
    ("aws_kms_alias", &["name", "name_prefix"]),
    ("aws_launch_template", &["name", "name_prefix"]),
    ("aws_lb", &["internal", "load_balancer_type", "name", "name_prefix"]),
    ("aws_lb_listener", &["load_balancer_arn"]),
    ("aws_lb_target_group", &["name", "name_prefix", "port", "protocol", "target_type", "vpc_id"]),
    ("aws_nat_gateway", &["allocation_id", "connectivity_type", "subnet_id"]),
    (
        "aws_rds_cluster",
        &[
            "availability_zones",
            "cluster_identifier",
            "database_name",
            "db_subnet_group_name",
            "engine",
            "engine_mode",
            "kms_key_id",
            "master_username",
            "snapshot_identifier",
            "storage_encrypted",
        ],
    ),
    ("aws_rds_cluster_instance", &["availability_zone", "cluster_identifier", "db_subnet_group_name", "engine", "identifier"]),
    ("aws_rds_cluster_parameter_group", &["description", "family", "name", "name_prefix"]),
    ("aws_route", &["destination_cidr_block", "destination_ipv6_cidr_block", "route_table_id"]),
    ("aws_route_table", &["vpc_id"]),
    ("aws_route_table_association", &["gateway_id", "subnet_id"]),
    ("aws_s3_bucket", &["bucket", "bucket_prefix", "object_lock_enabled"]),
    ("aws_s3_bucket_policy", &["bucket"]),
    ("aws_s3_bucket_public_access_block", &["bucket"]),
    ("aws_security_group", &["description", "name", "name_prefix", "vpc_id"]),
    ("aws_sns_topic", &["fifo_topic", "name", "name_prefix"]),
    ("aws_sns_topic_policy", &["arn"]),
    ("aws_sns_topic_subscription", &["endpoint", "protocol", "topic_arn"]),
    ("aws_sqs_queue", &["fifo_queue", "name", "name_prefix"]),
    ("aws_subnet", &["availability_zone", "availability_zone_id", "cidr_block", "vpc_id"]),
    ("aws_vpc", &["cidr_block", "ipv4_ipam_pool_id"]),
    ("aws_vpc_security_group_egress_rule", &["security_group_id"]),
    ("aws_vpc_security_group_ingress_rule", &["security_group_id"]),
];

/// How the identifiers of a type begin, where it is not the type's name. Modules check identifiers by their beginnings.
const IDENTIFIER_PREFIXES: &[(&str, &str)] = &[
    ("aws_ami", "ami"),
    ("aws_eip", "eipalloc"),
    ("aws_instance", "i"),
    ("aws_internet_gateway", "igw"),
    ("aws_launch_template", "lt"),
    ("aws_nat_gateway", "nat"),
    ("aws_route_table", "rtb"),
    ("aws_security_group", "sg"),
    ("aws_vpc_security_group_egress_rule", "sgr"),
    ("aws_vpc_security_group_ingress_rule", "sgr"),
    ("aws_vpn_gateway", "vgw"),
];

/// What the cloud answers for one attribute.
pub(super) enum Answer {
    /// `{region}` and `{account}` are filled in.
    Text(&'static str),
    /// As `Text`, several of them.
    Texts(&'static [&'static str]),
    Number(i64),
    /// A list with one element, made up from the type in the schema; without this a computed list is empty.
    OneElement,
}

/// Attributes that a module reads and whose form matters to it.
const ANSWERS: &[(&str, &str, Answer)] = &[
    ("aws_acm_certificate", "domain_validation_options", Answer::OneElement),
    ("aws_availability_zones", "names", Answer::Texts(&["{region}a", "{region}b", "{region}c"])),
    ("aws_caller_identity", "account_id", Answer::Text("{account}")),
    ("aws_caller_identity", "arn", Answer::Text("arn:aws:iam::{account}:role/infrastructure")),
    ("aws_db_instance", "arn", Answer::Text("arn:aws:rds:{region}:{account}:db:made")),
    ("aws_db_instance", "master_user_secret", Answer::OneElement),
    ("aws_db_instance", "port", Answer::Number(5432)),
    ("aws_elasticache_replication_group", "member_clusters", Answer::Texts(&["made-001", "made-002"])),
    ("aws_iam_policy_document", "json", Answer::Text(r#"{"Version":"2012-10-17","Statement":[]}"#)),
    ("aws_iam_policy_document", "minified_json", Answer::Text(r#"{"Version":"2012-10-17","Statement":[]}"#)),
    ("aws_kms_key", "arn", Answer::Text("arn:aws:kms:{region}:{account}:key/made")),
    ("aws_partition", "dns_suffix", Answer::Text("amazonaws.com")),
    ("aws_partition", "partition", Answer::Text("aws")),
    ("aws_region", "description", Answer::Text("Region {region}")),
    ("aws_region", "endpoint", Answer::Text("ec2.{region}.amazonaws.com")),
    ("aws_region", "id", Answer::Text("{region}")),
    ("aws_region", "name", Answer::Text("{region}")),
    ("aws_rds_cluster", "arn", Answer::Text("arn:aws:rds:{region}:{account}:cluster:made")),
    ("aws_rds_cluster", "master_user_secret", Answer::OneElement),
    ("aws_secretsmanager_secret", "arn", Answer::Text("arn:aws:secretsmanager:{region}:{account}:secret:database-master/made-AbCdEf")),
    ("aws_s3_bucket", "arn", Answer::Text("arn:aws:s3:::made")),
    ("aws_sns_topic", "arn", Answer::Text("arn:aws:sns:{region}:{account}:made")),
    ("aws_sqs_queue", "arn", Answer::Text("arn:aws:sqs:{region}:{account}:made")),
];

pub(super) fn replaced_on_change(type_name: &str) -> &'static [&'static str] {
    REPLACED_ON_CHANGE.iter().find(|(listed, _)| *listed == type_name).map_or(&[], |(_, arguments)| arguments)
}

/// The beginning of the identifiers of a type: `vpc` of `aws_vpc`.
pub(super) fn identifier_prefix(type_name: &str) -> String {
    match IDENTIFIER_PREFIXES.iter().find(|(listed, _)| *listed == type_name) {
        Some((_, prefix)) => (*prefix).to_owned(),
        None => type_name.split_once('_').map_or(type_name, |(_, rest)| rest).replace('_', "-"),
    }
}

pub(super) fn answer(type_name: &str, attribute: &str) -> Option<&'static Answer> {
    ANSWERS.iter().find(|(listed, name, _)| *listed == type_name && *name == attribute).map(|(_, _, answer)| answer)
}

pub(super) fn text(template: &str, region: &str) -> Value {
    Value::from(template.replace("{region}", region).replace("{account}", ACCOUNT))
}
