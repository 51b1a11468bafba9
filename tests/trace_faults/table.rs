//! The faults, by what is wrong.

use super::{Command, Fault, Mistake};

const SHOP: &str = "customers/shop/infra/variables.yml";
const WORKS: &str = "customers/works/infra/variables.yml";
const WORKS_US: &str = "customers/works/infra/us-east-1-variables.yml";
const API: &str = "customers/works/infra/api-vars.yml";
const PLATFORM: &str = "terralet.yml";

/// The root of a customer without services, in a protected environment.
const PRODUCTION: &str = "shop/production";
const STAGING: &str = "shop/staging";
/// A shared root and a service root of a region overlay.
const SHARED_US: &str = "works/staging/us-east-1";
const API_US: &str = "works/staging/us-east-1/api-service";

const REFUSED: &str = "This module does not take that";

const fn refused_input(
    name: &'static str,
    module: &'static str,
    input: &'static str,
    root: &'static str,
    reported: (&'static str, &'static str),
    key: Option<&'static str>,
) -> Fault {
    let reported = Some(reported);
    Fault {
        name,
        mistake: Mistake::Refused(module, input),
        root,
        command: Command::Validate,
        said: REFUSED,
        reported,
        key,
        found: "/main.tf",
    }
}

const fn wrong_type(
    name: &'static str,
    (module, input, kind): (&'static str, &'static str, &'static str),
    root: &'static str,
    reported: (&'static str, &'static str),
    key: Option<&'static str>,
) -> Fault {
    let mistake = Mistake::Type(module, input, kind);
    Fault { name, mistake, root, command: Command::Validate, said: "is not suitable for", reported: Some(reported), key, found: "/main.tf" }
}

/// Every fault.
pub(crate) const FAULTS: &[Fault] = &[
    // A value that a module's validation refuses.
    refused_input(
        "vpc_cidr_refused",
        "customer-vpc",
        "vpc_cidr",
        PRODUCTION,
        (SHOP, "vpc_cidr: 10.60.0.0/16"),
        Some("networking.vpc_cidr"),
    ),
    refused_input(
        "vpc_cidr_of_a_region_refused",
        "customer-vpc",
        "vpc_cidr",
        SHARED_US,
        (WORKS_US, "vpc_cidr:"),
        Some("networking.vpc_cidr"),
    ),
    refused_input("private_subnets_refused", "customer-vpc", "private_subnets", STAGING, (SHOP, "vpc_cidr:"), Some("networking.vpc_cidr")),
    refused_input(
        "nat_refused",
        "customer-vpc",
        "enable_nat_gateway",
        PRODUCTION,
        (SHOP, "enable_nat_gateway: true"),
        Some("networking.enable_nat_gateway"),
    ),
    refused_input("default_of_the_language_refused", "customer-vpc", "enable_vpn", PRODUCTION, (SHOP, "networking:"), Some("networking")),
    refused_input("project_name_refused", "customer-vpc", "name", PRODUCTION, (SHOP, "project_name: webshop"), Some("project_name")),
    refused_input("environment_refused", "customer-database", "environment", STAGING, (SHOP, "staging: {}"), Some("environments.staging")),
    refused_input("protected_refused", "customer-database", "protected", PRODUCTION, (PLATFORM, "  production:"), None),
    refused_input(
        "instance_type_refused",
        "customer-compute",
        "instance_type",
        PRODUCTION,
        (SHOP, "instance_type: t3.medium"),
        Some("compute.instance_type"),
    ),
    refused_input(
        "instance_type_of_a_service_refused",
        "customer-compute",
        "instance_type",
        API_US,
        (API, "instance_type: t4g.small"),
        Some("compute.instance_type"),
    ),
    refused_input(
        "architecture_refused",
        "customer-compute",
        "architecture",
        PRODUCTION,
        (SHOP, "instance_type: t3.medium"),
        Some("compute.instance_type"),
    ),
    refused_input(
        "min_instances_of_the_base_refused",
        "customer-compute",
        "min_instances",
        STAGING,
        (SHOP, "min_instances: 1"),
        Some("compute.min_instances"),
    ),
    refused_input(
        "min_instances_of_an_environment_refused",
        "customer-compute",
        "min_instances",
        PRODUCTION,
        (SHOP, "min_instances: 2"),
        Some("environments.production.min_instances"),
    ),
    refused_input(
        "max_instances_of_an_overlay_refused",
        "customer-compute",
        "max_instances",
        API_US,
        (API, "max_instances: 3"),
        Some("environments.staging.compute.max_instances"),
    ),
    refused_input("image_of_the_platform_refused", "customer-compute", "ami_id", PRODUCTION, (PLATFORM, "ami-0a1b2c3d4e5f60718"), None),
    refused_input(
        "image_of_the_customer_refused",
        "customer-compute",
        "ami_id",
        API_US,
        (API, "ami_id: ami-0e5f60718293a4b5c"),
        Some("regions.us-east-1.compute.ami_id"),
    ),
    refused_input(
        "script_refused",
        "customer-compute",
        "user_data_script",
        PRODUCTION,
        (SHOP, "    #!/bin/sh"),
        Some("compute.user_data_script"),
    ),
    refused_input(
        "cpu_threshold_refused",
        "customer-compute",
        "cpu_threshold",
        PRODUCTION,
        (SHOP, "cpu_threshold: 60"),
        Some("scaling.cpu_threshold"),
    ),
    refused_input(
        "scale_up_cooldown_refused",
        "customer-compute",
        "scale_up_cooldown",
        PRODUCTION,
        (SHOP, "scale_up_cooldown: 120"),
        Some("scaling.scale_up_cooldown"),
    ),
    refused_input(
        "certificate_refused",
        "customer-compute",
        "ssl_certificate_arn",
        PRODUCTION,
        (SHOP, "ssl_certificate_arn:"),
        Some("security.ssl_certificate_arn"),
    ),
    refused_input(
        "cloudwatch_refused",
        "customer-compute",
        "enable_cloudwatch",
        PRODUCTION,
        (SHOP, "enable_cloudwatch: true"),
        Some("monitoring.enable_cloudwatch"),
    ),
    refused_input("tags_refused", "customer-compute", "tags", PRODUCTION, (SHOP, "team: counter"), Some("tags.team")),
    refused_input("engine_refused", "customer-database", "engine", PRODUCTION, (SHOP, "engine: postgres"), Some("database.engine")),
    refused_input(
        "engine_version_refused",
        "customer-database",
        "engine_version",
        PRODUCTION,
        (SHOP, "engine_version: \"15\""),
        Some("database.engine_version"),
    ),
    refused_input(
        "class_of_an_environment_refused",
        "customer-database",
        "instance_class",
        PRODUCTION,
        (SHOP, "instance_class: db.t4g.large"),
        Some("environments.production.database.instance_class"),
    ),
    refused_input(
        "class_of_a_region_overlay_refused",
        "customer-database",
        "instance_class",
        SHARED_US,
        (WORKS_US, "instance_class: db.m7g.large"),
        Some("environments.staging.database.instance_class"),
    ),
    refused_input(
        "default_of_the_tier_refused",
        "customer-database",
        "backup_retention_period",
        PRODUCTION,
        (PLATFORM, "backup_retention_period: 7"),
        None,
    ),
    refused_input(
        "default_of_the_language_in_another_document_refused",
        "customer-database",
        "allocated_storage",
        SHARED_US,
        (WORKS, "database:"),
        Some("database"),
    ),
    // A value of another type than the module takes.
    wrong_type(
        "key_name_of_another_type",
        ("customer-compute", "key_name", "list(string)"),
        PRODUCTION,
        (SHOP, "key_name: shop-keys"),
        Some("compute.key_name"),
    ),
    wrong_type(
        "memory_threshold_of_another_type",
        ("customer-compute", "memory_threshold", "map(string)"),
        PRODUCTION,
        (SHOP, "memory_threshold: 75"),
        Some("scaling.memory_threshold"),
    ),
    wrong_type(
        "networks_of_another_type",
        ("customer-compute", "allowed_cidr_blocks", "number"),
        PRODUCTION,
        (SHOP, "    - 198.51.100.0/24"),
        Some("security.allowed_cidr_blocks"),
    ),
    wrong_type(
        "multi_az_of_another_type",
        ("customer-database", "multi_az", "number"),
        PRODUCTION,
        (SHOP, "multi_az: true"),
        Some("environments.production.database.multi_az"),
    ),
    wrong_type(
        "storage_of_another_type",
        ("customer-database", "allocated_storage", "bool"),
        PRODUCTION,
        (SHOP, "allocated_storage: 50"),
        Some("database.allocated_storage"),
    ),
    wrong_type(
        "reference_of_another_type",
        ("customer-compute", "security_group_ids", "number"),
        PRODUCTION,
        (SHOP, "compute:"),
        Some("compute"),
    ),
    // An error inside a module leads to the section behind the module call.
    Fault {
        name: "argument_misspelt_in_the_network",
        mistake: Mistake::Text { file: "modules/aws/customer-vpc/main.tf", from: "enable_dns_hostnames", to: "enable_dns_hostname" },
        root: PRODUCTION,
        command: Command::Validate,
        said: "Unsupported argument",
        reported: Some((SHOP, "networking:")),
        key: Some("networking"),
        found: "modules/aws/customer-vpc/main.tf",
    },
    Fault {
        name: "block_misspelt_in_compute",
        mistake: Mistake::Text {
            file: "modules/aws/customer-compute/launch_template.tf",
            from: "metadata_options {",
            to: "metadata_option {",
        },
        root: API_US,
        command: Command::Validate,
        said: "Unsupported block type",
        reported: Some((API, "compute:\n  instance_type")),
        key: Some("compute"),
        found: "modules/aws/customer-compute/launch_template.tf",
    },
    Fault {
        name: "unknown_resource_in_the_database",
        mistake: Mistake::Text {
            file: "modules/aws/customer-database/encryption.tf",
            from: "resource \"aws_kms_alias\" \"this\"",
            to: "resource \"aws_kms_alien\" \"this\"",
        },
        root: PRODUCTION,
        command: Command::Validate,
        said: "Invalid resource type",
        reported: Some((SHOP, "database:\n  engine")),
        key: Some("database"),
        found: "modules/aws/customer-database/encryption.tf",
    },
    Fault {
        name: "value_that_the_provider_refuses",
        mistake: Mistake::Text {
            file: "modules/aws/customer-database/main.tf",
            from: "multi_az               = var.multi_az",
            to: "multi_az               = var.instance_class",
        },
        root: PRODUCTION,
        command: Command::Plan,
        said: "Incorrect attribute value type",
        reported: Some((SHOP, "database:\n  engine")),
        key: Some("database"),
        found: "modules/aws/customer-database/main.tf",
    },
    Fault {
        name: "precondition_of_the_network",
        mistake: Mistake::Text {
            file: "modules/aws/customer-vpc/main.tf",
            from: "  cidr_block = var.vpc_cidr\n",
            to: "  cidr_block = var.vpc_cidr\n\n  lifecycle {\n    precondition {\n      condition     = !startswith(var.vpc_cidr, \"10.\")\n      error_message = \"The range 10.0.0.0/8 is used up.\"\n    }\n  }\n",
        },
        root: PRODUCTION,
        command: Command::Plan,
        said: "Resource precondition failed",
        reported: Some((SHOP, "networking:")),
        key: Some("networking"),
        found: "modules/aws/customer-vpc/main.tf",
    },
    Fault {
        name: "check_that_only_warns",
        mistake: Mistake::Text {
            file: "modules/aws/customer-compute/main.tf",
            from: "data \"aws_partition\" \"current\" {}\n",
            to: "data \"aws_partition\" \"current\" {}\n\ncheck \"size\" {\n  assert {\n    condition     = var.max_instances > 100\n    error_message = \"Fewer than a hundred instances.\"\n  }\n}\n",
        },
        root: PRODUCTION,
        command: Command::Plan,
        said: "Check block assertion failed",
        reported: Some((SHOP, "compute:")),
        key: Some("compute"),
        found: "modules/aws/customer-compute/main.tf",
    },
    // What the platform file decides.
    Fault {
        name: "backend_retry_mode_refused",
        mistake: Mistake::Text {
            file: "fixtures/trace/terralet.yml",
            from: "    use_lockfile: true\n",
            to: "    use_lockfile: true\n    retry_mode: fastest\n",
        },
        root: PRODUCTION,
        command: Command::Init,
        said: "unknown RetryMode",
        reported: Some((PLATFORM, "retry_mode: fastest")),
        key: None,
        found: "/backend.tf",
    },
    Fault {
        name: "backend_key_refused",
        mistake: Mistake::Text {
            file: "fixtures/trace/terralet.yml",
            from: "    encrypt: true\n",
            to: "    encrypt: true\n    kms_key_id: the usual one\n",
        },
        root: PRODUCTION,
        command: Command::Init,
        said: "Invalid KMS Key ID",
        reported: Some((PLATFORM, "kms_key_id: the usual one")),
        key: None,
        found: "/backend.tf",
    },
    Fault {
        name: "backend_argument_of_a_registry_entry",
        mistake: Mistake::Text {
            file: "fixtures/trace/terralet.yml",
            from: "        bucket: northwind-works-state\n",
            to: "        bucket: northwind-works-state\n        kms_key_id: the works' own\n",
        },
        root: SHARED_US,
        command: Command::Init,
        said: "Invalid KMS Key ID",
        reported: Some((PLATFORM, "kms_key_id: the works' own")),
        key: None,
        found: "/backend.tf",
    },
    Fault {
        name: "provider_version_that_there_is_not",
        mistake: Mistake::Text { file: "fixtures/trace/terralet.yml", from: "\"~> 6.0\"", to: "\"~> 66.0\"" },
        root: PRODUCTION,
        command: Command::Init,
        said: "does not match configured version constraint",
        reported: None,
        key: None,
        found: "",
    },
    Fault {
        name: "shared_root_not_applied",
        mistake: Mistake::Nothing,
        root: API_US,
        command: Command::Plan,
        said: "Unable to find remote state",
        reported: Some((API, "compute:\n  instance_type")),
        key: Some("compute"),
        found: "/data.tf",
    },
];
