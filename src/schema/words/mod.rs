//! Other words for the language's keys: what the same thing is called elsewhere, by what it means and not by how it is spelt.
//!
//! Taken from the inputs of terraform-aws-modules (vpc, autoscaling, ec2-instance, rds, alb, s3-bucket), the AWS provider's arguments,
//! CloudFormation's properties, Compose files, the values of Helm charts, and Ansible's amazon.aws modules. Letters alone are compared:
//! `InstanceType`, `instance-type` and `instance_type` are one word.

mod tables;

use tables::{ANYWHERE, IN_SECTION};

/// Words of other tools for what the language has no key for, and why where that helps.
static NO_KEY: &[(&str, &[&str])] = &[
    (
        "remove it: networks and their parts are made for each deployment, and cannot be named",
        &[
            "vpc_id",
            "subnet_id",
            "subnet_ids",
            "subnets",
            "private_subnets",
            "public_subnets",
            "database_subnets",
            "private_subnet_ids",
            "public_subnet_ids",
            "vpc_zone_identifier",
            "vpc_security_group_ids",
            "security_group_id",
            "security_group_ids",
            "security_group",
            "security_groups",
            "db_subnet_group_name",
            "route_table_ids",
            "internet_gateway_id",
            "nat_gateway_ids",
            "single_nat_gateway",
            "one_nat_gateway_per_az",
            "secondary_cidr_blocks",
            "elasticache_subnets",
            "intra_subnets",
            "map_public_ip_on_launch",
            "vpc_name",
            "db_subnet_group",
            "subnet_group_name",
            "associate_public_ip_address",
            "public_ip",
            "enable_dns_hostnames",
            "enable_dns_support",
        ],
    ),
    (
        "remove it: storage grows by itself when it is nearly full, to twice `allocated_storage`",
        &["max_allocated_storage", "storage_autoscaling", "max_storage", "storage_autoscaling_limit", "rds_max_allocated_storage"],
    ),
    (
        "remove it: the name is made from the project, the environment and the service",
        &[
            "db_name",
            "identifier",
            "db_identifier",
            "db_instance_identifier",
            "database_name",
            "instance_name",
            "name_prefix",
            "use_name_prefix",
            "identifier_prefix",
            "cluster_name",
            "cluster_identifier",
            "launch_template_name",
            "asg_name",
            "rds_name",
            "container_name",
            "hostname",
        ],
    ),
    ("remove it: the engine decides the port", &["db_port", "database_port", "rds_port"]),
    (
        "remove it: storage is encrypted always, with a key of the deployment",
        &[
            "storage_encrypted",
            "encrypted",
            "encryption",
            "kms_key_id",
            "kms_key_arn",
            "encryption_enabled",
            "server_side_encryption",
            "performance_insights_kms_key_id",
            "server_side_encryption_configuration",
            "sse_algorithm",
            "kms_master_key_id",
        ],
    ),
    (
        "remove it: the service provider protects environments from deletion",
        &[
            "deletion_protection",
            "skip_final_snapshot",
            "termination_protection",
            "prevent_destroy",
            "force_destroy",
            "disable_api_termination",
            "final_snapshot_identifier",
            "deletion_policy",
            "delete_automated_backups",
            "enable_deletion_protection",
        ],
    ),
    (
        "",
        &[
            "iops",
            "storage_type",
            "storage_throughput",
            "parameter_group_name",
            "option_group_name",
            "family",
            "major_engine_version",
            "maintenance_window",
            "preferred_maintenance_window",
            "apply_immediately",
            "auto_minor_version_upgrade",
            "allow_major_version_upgrade",
            "performance_insights_enabled",
            "monitoring_interval",
            "publicly_accessible",
            "replicate_source_db",
            "snapshot_identifier",
            "parameters",
            "options",
            "license_model",
            "character_set_name",
            "timezone",
            "ca_cert_identifier",
            "port",
            "ports",
            "expose",
            "volumes",
            "command",
            "entrypoint",
            "depends_on",
            "healthcheck",
            "health_check_type",
            "health_check_grace_period",
            "liveness_probe",
            "readiness_probe",
            "restart",
            "restart_policy",
            "resources",
            "requests",
            "node_selector",
            "tolerations",
            "affinity",
            "service_account",
            "image_pull_policy",
            "image_pull_secrets",
            "pod_annotations",
            "security_context",
            "pod_security_context",
            "ingress",
            "domain",
            "domain_name",
            "dns",
            "zone_id",
            "hosted_zone_id",
            "certificate_authority",
            "iam_instance_profile",
            "iam_role",
            "iam_role_arn",
            "role_arn",
            "instance_profile_name",
            "ebs_optimized",
            "ebs_block_device",
            "block_device_mappings",
            "root_block_device",
            "root_volume_size",
            "monitoring_role_arn",
            "placement_group",
            "spot_price",
            "spot",
            "instance_market_options",
            "metadata_options",
            "mixed_instances_policy",
            "warm_pool",
            "termination_policies",
            "suspended_processes",
            "wait_for_capacity_timeout",
            "load_balancers",
            "load_balancer_type",
            "target_group_arns",
            "listeners",
            "target_groups",
            "access_logs",
            "acl",
            "policy",
            "website",
            "cors_rule",
            "logging_bucket",
            "replication_configuration",
            "object_lock_enabled",
            "block_public_acls",
            "block_public_policy",
            "ignore_public_acls",
            "restrict_public_buckets",
            "tenancy",
            "instance_tenancy",
            "enable_flow_log",
            "flow_log",
            "enable_ipv6",
            "ipv6",
            "dhcp_options",
            "peering",
            "transit_gateway_id",
            "cooldown",
            "default_cooldown",
            "evaluation_periods",
            "period",
            "statistic",
            "threshold",
            "build",
            "networks_mode",
            "network_mode",
            "cap_add",
            "privileged",
            "env_file",
            "environment_variables",
            "secrets",
            "configs",
            "deploy",
            "profiles",
            "platform_version",
            "launch_type",
            "task_definition",
            "container_port",
            "fargate",
            "memory_limit",
            "cpu_limit",
            "memory_size",
            "runtime",
            "handler",
            "timeout",
            "layers",
            "conditions",
            "outputs",
            "mappings",
            "parameters_file",
            "resources_file",
            "description",
            "awstemplate_format_version",
            "transform",
            "module",
            "source",
            "terraform",
            "backend",
            "remote_state",
            "include",
            "dependencies",
            "become",
            "hosts",
            "tasks",
            "roles",
            "vars_files",
            "gather_facts",
            "state",
            "wait",
            "profile",
        ],
    ),
];

/// What people write to set a database's user, who is not theirs to set.
static OF_THE_USER: [&str; 12] = [
    "master_password",
    "master_username",
    "master_user",
    "master_user_password",
    "manage_master_user_password",
    "db_username",
    "db_user",
    "password",
    "passwd",
    "user",
    "user_name",
    "username",
];

/// Words that make another thing of the key that they stand beside: `max_allocated_storage` is not `allocated_storage`.
static OTHER_THINGS: [&str; 22] = [
    "max",
    "min",
    "maximum",
    "minimum",
    "secondary",
    "additional",
    "extra",
    "default",
    "old",
    "new",
    "previous",
    "private",
    "public",
    "disable",
    "disabled",
    "no",
    "without",
    "id",
    "ids",
    "arn",
    "prefix",
    "suffix",
];

/// What people call environments.
static STAGES: [&str; 17] = [
    "dev",
    "development",
    "develop",
    "sandbox",
    "test",
    "testing",
    "qa",
    "staging",
    "stage",
    "stg",
    "uat",
    "acceptance",
    "preprod",
    "production",
    "prod",
    "prd",
    "live",
];

/// True for a word that environments are called by.
pub(super) fn is_stage(word: &str) -> bool {
    STAGES.contains(&word)
}

/// What another tool's word means.
pub(super) enum Meaning {
    /// A key of a section; of a part of a document where the section is empty.
    Key(&'static str, &'static str),
    /// Nothing that the language has a key for, and what to do about it where that is known.
    NoKey(Option<&'static str>),
}

/// What a word means in a section, or in a part of a document when the section is empty.
pub(super) fn meaning(section: &str, word: &str) -> Option<Meaning> {
    let word = letters(word);
    let among = |words: &[&str]| words.iter().any(|known| letters(known) == word);
    if section == "database" && among(&OF_THE_USER) {
        return Some(Meaning::NoKey(Some("remove it: the database's user and its password are made by AWS and kept in Secrets Manager")));
    }
    let key = |(of, key, _): &(&'static str, &'static str, &[&str])| Meaning::Key(of, key);
    if let Some(found) = IN_SECTION.iter().find(|(of, _, words)| *of == section && among(words)) {
        return Some(key(found));
    }
    if section == "database" && word == "name" {
        return Some(Meaning::NoKey(Some("remove it: the name is made from the project, the environment and the service")));
    }
    if let Some(found) = ANYWHERE.iter().find(|(_, _, words)| among(words)) {
        return Some(key(found));
    }
    let (why, _) = NO_KEY.iter().find(|(_, words)| among(words))?;
    Some(Meaning::NoKey(Some(*why).filter(|why| !why.is_empty())))
}

/// True when a word holds a key's words and others that make another thing of it.
pub(super) fn is_another_thing(word: &str, key: &str) -> bool {
    let words = |text: &str| text.to_ascii_lowercase().split(['_', '-', '.', ' ']).map(str::to_owned).collect::<Vec<_>>();
    let (word, key) = (words(word), words(key));
    word.len() > key.len() && word.iter().any(|part| !key.contains(part) && OTHER_THINGS.contains(&part.as_str()))
}

/// The words of other tools: each once for the key or the section in which it stands for something.
pub fn words_of_other_tools() -> impl Iterator<Item = (&'static str, Option<(&'static str, &'static str)>, &'static str)> {
    let of_keys = |of_section: bool| {
        move |(section, key, words): &(&'static str, &'static str, &'static [&'static str])| {
            let (section, key) = (*section, *key);
            words.iter().map(move |word| (if of_section { section } else { "*" }, Some((section, key)), *word))
        }
    };
    let none = NO_KEY.iter().flat_map(|(_, words)| words.iter().map(|word| ("*", None, *word)));
    let of_the_user = OF_THE_USER.iter().map(|word| ("database", None, *word));
    ANYWHERE.iter().flat_map(of_keys(false)).chain(IN_SECTION.iter().flat_map(of_keys(true))).chain(none).chain(of_the_user)
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
