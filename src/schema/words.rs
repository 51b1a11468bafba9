//! Other words for the language's keys: what the same thing is called in Terraform, CloudFormation and other tools.

/// A section (empty for a part of a document), a key of it, and other words for it.
static WORDS: &[(&str, &str, &[&str])] = &[
    ("", "project_name", &["name", "project"]),
    ("", "customer_id", &["customer", "customer_name", "tenant", "tenant_id"]),
    ("", "customer_tier", &["tier", "plan"]),
    ("", "cloud_provider", &["cloud", "provider"]),
    ("", "region", &["location", "aws_region"]),
    ("", "environments", &["env", "envs", "stages"]),
    ("", "networking", &["network", "vpc"]),
    ("", "compute", &["ec2", "instances", "autoscaling"]),
    ("", "database", &["db", "rds"]),
    ("", "storage", &["s3", "bucket"]),
    ("", "tags", &["labels"]),
    ("", "custom", &["variables", "vars", "extra"]),
    ("networking", "vpc_cidr", &["cidr", "cidr_block", "cidr_range", "vpc_cidr_block"]),
    ("networking", "availability_zones", &["azs", "zones", "az_count", "zone_count"]),
    ("networking", "enable_nat_gateway", &["nat", "nat_gateway"]),
    ("networking", "enable_vpn", &["vpn", "vpn_gateway"]),
    ("compute", "instance_type", &["type", "size", "machine_type", "vm_size"]),
    ("compute", "min_instances", &["min", "min_size", "min_capacity", "minimum"]),
    ("compute", "max_instances", &["max", "max_size", "max_capacity", "maximum"]),
    ("compute", "ami_id", &["ami", "image", "image_id"]),
    ("compute", "key_name", &["key", "key_pair", "keypair", "ssh_key"]),
    ("compute", "user_data_script", &["user_data", "userdata", "startup_script"]),
    ("database", "engine", &["type", "kind"]),
    ("database", "engine_version", &["version"]),
    ("database", "instance_class", &["class", "db_instance_class", "node_type"]),
    ("database", "allocated_storage", &["disk", "disk_size", "size", "storage", "storage_gb", "storage_size", "volume_size"]),
    ("database", "backup_retention_period", &["backup_days", "backup_retention", "backups", "retention"]),
    ("database", "multi_az", &["ha", "high_availability"]),
    ("storage", "bucket_name", &["bucket", "name"]),
    ("storage", "versioning_enabled", &["enable_versioning", "versioning"]),
    ("storage", "lifecycle_rules", &["lifecycle", "rules"]),
    ("monitoring", "alarm_email", &["alert_email", "email"]),
    ("monitoring", "log_retention_days", &["log_retention", "retention"]),
    ("security", "allowed_cidr_blocks", &["allowed_cidrs", "allowed_ips", "allowlist", "ingress_cidr_blocks", "whitelist"]),
    ("security", "ssl_certificate_arn", &["acm_certificate_arn", "certificate", "certificate_arn"]),
    ("scaling", "cpu_threshold", &["cpu", "target_cpu"]),
    ("scaling", "memory_threshold", &["memory", "target_memory"]),
    ("notifications", "slack_webhook", &["slack", "slack_url", "webhook"]),
    ("notifications", "email_list", &["email", "emails"]),
];

/// What people write to set a database's user, who is not theirs to set.
static OF_THE_USER: [&str; 7] = ["master_password", "master_username", "password", "passwd", "user", "user_name", "username"];

/// The key that another word stands for in a section, or in a part of a document when the section is empty.
pub(super) fn key_of_word(section: &str, word: &str) -> Option<&'static str> {
    let folded = word.to_ascii_lowercase().replace('-', "_");
    let found = WORDS.iter().find(|(of, _, words)| *of == section && words.contains(&folded.as_str()));
    found.map(|(_, key, _)| *key)
}

/// Why a section has no key for what a word says, where people look for one.
pub(super) fn on_purpose(section: &str, word: &str) -> Option<&'static str> {
    let is_user = section == "database" && OF_THE_USER.contains(&word.to_ascii_lowercase().replace('-', "_").as_str());
    is_user.then_some("remove it: the database's user and its password are made by AWS and kept in Secrets Manager")
}
