//! The calls of the shared modules: output.md's table of inputs, in its order.

use super::interface::ArgumentShape;
use super::subnets::{Band, plan};
use super::{Assembler, Callee, CompileContext};
use crate::check::{CheckedCompute, CheckedCustomer, CheckedDatabase, CheckedDeployment, CheckedNetwork};
use crate::platform::{ModuleSource, fill};
use crate::resolve::Role;
use crate::terraform::{Expression, ModuleCall, StateKey};
use smol_str::{SmolStr, format_smolstr};

/// A reference, part by part.
pub(super) type Reference = &'static [&'static str];

/// Outputs of customer-vpc.
pub(super) const VPC_OUTPUTS: &[Reference] = &[
    &["module", "customer_vpc", "vpc_id"],
    &["module", "customer_vpc", "public_subnet_ids"],
    &["module", "customer_vpc", "private_subnet_ids"],
    &["module", "customer_vpc", "database_subnet_ids"],
    &["module", "customer_vpc", "database_client_security_group_id"],
];

/// Outputs of customer-compute.
pub(super) const COMPUTE_OUTPUTS: &[Reference] = &[
    &["module", "customer_compute", "load_balancer_dns_name"],
    &["module", "customer_compute", "autoscaling_group_name"],
    &["module", "customer_compute", "security_group_id"],
    &["module", "customer_compute", "instance_role_arn"],
];

/// Outputs of customer-database.
pub(super) const DATABASE_OUTPUTS: &[Reference] = &[
    &["module", "customer_database", "endpoint"],
    &["module", "customer_database", "port"],
    &["module", "customer_database", "master_user_secret_arn"],
];

/// What is passed to each module and of what shape, in the order of its table.
pub(super) const INPUTS: [(&str, &[(&str, ArgumentShape)]); 3] = [
    (
        "customer-vpc",
        &[
            ("name", ArgumentShape::Word),
            ("environment", ArgumentShape::Text),
            ("protected", ArgumentShape::Boolean),
            ("vpc_cidr", ArgumentShape::Word),
            ("public_subnets", ArgumentShape::Words),
            ("private_subnets", ArgumentShape::Words),
            ("database_subnets", ArgumentShape::Words),
            ("enable_nat_gateway", ArgumentShape::Boolean),
            ("enable_vpn", ArgumentShape::Boolean),
        ],
    ),
    (
        "customer-compute",
        &[
            ("name", ArgumentShape::Word),
            ("environment", ArgumentShape::Text),
            ("protected", ArgumentShape::Boolean),
            ("vpc_id", ArgumentShape::Reference),
            ("public_subnet_ids", ArgumentShape::References),
            ("private_subnet_ids", ArgumentShape::References),
            ("vpc_cidr", ArgumentShape::Word),
            ("security_group_ids", ArgumentShape::ReferenceList),
            ("instance_type", ArgumentShape::Word),
            ("architecture", ArgumentShape::Word),
            ("min_instances", ArgumentShape::Number),
            ("max_instances", ArgumentShape::Number),
            ("ami_id", ArgumentShape::Word),
            ("key_name", ArgumentShape::Text),
            ("user_data_script", ArgumentShape::Text),
            ("cpu_threshold", ArgumentShape::Number),
            ("memory_threshold", ArgumentShape::Number),
            ("scale_up_cooldown", ArgumentShape::Number),
            ("scale_down_cooldown", ArgumentShape::Number),
            ("allowed_cidr_blocks", ArgumentShape::WordList),
            ("ssl_certificate_arn", ArgumentShape::Word),
            ("enable_cloudwatch", ArgumentShape::Boolean),
            ("master_user_secret_arn", ArgumentShape::ReferenceOrNull),
            ("tags", ArgumentShape::Texts),
        ],
    ),
    (
        "customer-database",
        &[
            ("name", ArgumentShape::Word),
            ("environment", ArgumentShape::Text),
            ("protected", ArgumentShape::Boolean),
            ("vpc_id", ArgumentShape::Reference),
            ("subnet_ids", ArgumentShape::References),
            ("client_security_group_id", ArgumentShape::Reference),
            ("engine", ArgumentShape::Word),
            ("engine_version", ArgumentShape::Text),
            ("instance_class", ArgumentShape::Word),
            ("allocated_storage", ArgumentShape::Number),
            ("backup_retention_period", ArgumentShape::Number),
            ("multi_az", ArgumentShape::Boolean),
        ],
    ),
];

/// Inputs that a module may lack: what a customer sets of them is then `section-without-module`.
pub(super) const OPTIONAL: [&str; 14] = [
    "enable_nat_gateway",
    "enable_vpn",
    "ami_id",
    "key_name",
    "user_data_script",
    "cpu_threshold",
    "memory_threshold",
    "scale_up_cooldown",
    "scale_down_cooldown",
    "allowed_cidr_blocks",
    "ssl_certificate_arn",
    "enable_cloudwatch",
    "master_user_secret_arn",
    "tags",
];

/// The network that a root's instances and database are in: its own, or its shared root's.
struct NetworkReferences {
    vpc_id: Reference,
    public_subnet_ids: Reference,
    private_subnet_ids: Reference,
    database_subnet_ids: Reference,
    client_group: Reference,
    vpc_cidr: Expression,
}

const OWN: [Reference; 5] = [VPC_OUTPUTS[0], VPC_OUTPUTS[1], VPC_OUTPUTS[2], VPC_OUTPUTS[3], VPC_OUTPUTS[4]];

const SHARED: [Reference; 5] = [
    &["data", "terraform_remote_state", "shared", "outputs", "vpc_id"],
    &["data", "terraform_remote_state", "shared", "outputs", "public_subnet_ids"],
    &["data", "terraform_remote_state", "shared", "outputs", "private_subnet_ids"],
    &["data", "terraform_remote_state", "shared", "outputs", "database_subnet_ids"],
    &["data", "terraform_remote_state", "shared", "outputs", "database_client_security_group_id"],
];

const SHARED_VPC_CIDR: Reference = &["data", "terraform_remote_state", "shared", "outputs", "vpc_cidr"];
const SHARED_SECRET: Reference = &["data", "terraform_remote_state", "shared", "outputs", "master_user_secret_arn"];

/// What a root's calls are made from.
pub(super) struct Called<'c> {
    pub(super) customer: &'c CheckedCustomer,
    pub(super) deployment: &'c CheckedDeployment,
    /// Its tags, sorted.
    pub(super) tags: &'c [(SmolStr, SmolStr)],
    /// Its network with the network's addresses as text, where it has one.
    pub(super) network: Option<(&'c CheckedNetwork, &'c SmolStr)>,
    pub(super) key: &'c StateKey,
}

impl Called<'_> {
    fn network(&self) -> NetworkReferences {
        let ([vpc_id, public_subnet_ids, private_subnet_ids, database_subnet_ids, client_group], vpc_cidr) = match self.network {
            Some((_, vpc_cidr)) if self.deployment.role != Role::Service => (OWN, Expression::Text(vpc_cidr.clone())),
            _ => (SHARED, Expression::Reference(SHARED_VPC_CIDR)),
        };
        NetworkReferences { vpc_id, public_subnet_ids, private_subnet_ids, database_subnet_ids, client_group, vpc_cidr }
    }
}

/// The outputs of a module that roots give.
pub(super) fn outputs(module: &str) -> &'static [Reference] {
    match module {
        "customer-vpc" => VPC_OUTPUTS,
        "customer-compute" => COMPUTE_OUTPUTS,
        "customer-database" => DATABASE_OUTPUTS,
        _ => &[],
    }
}

impl Assembler<'_> {
    /// The calls of a root.
    pub(super) fn calls(&self, called: &Called<'_>) -> Vec<ModuleCall> {
        let CheckedDeployment { compute, database, .. } = called.deployment;
        let up = "../".repeat(called.key.depth());
        let call = |callee: &Callee| {
            let mut arguments = match callee.module {
                "customer-vpc" => vpc(called.network?, called.deployment),
                "customer-compute" => compute_call(compute.as_ref()?, called),
                "customer-database" => database_call(database.as_ref()?, called),
                _ => return None,
            };
            debug_assert!(arguments.iter().all(|(name, _)| callee.knows(name)), "an argument of {} is not in its table", callee.module);
            arguments.retain(|(name, _)| !callee.lacks.contains(name));
            let (source, version) = source(callee.module, called.customer, &up, &self.surroundings);
            Some(ModuleCall { module: callee.module, source, version, arguments })
        };
        self.callees.iter().filter_map(call).collect()
    }
}

fn common(deployment: &CheckedDeployment) -> Vec<(&'static str, Expression)> {
    let mut arguments = Vec::with_capacity(24);
    arguments.extend([
        ("name", Expression::text(deployment.name.as_str())),
        ("environment", Expression::text(deployment.environment.as_str())),
        ("protected", Expression::Boolean(deployment.protected)),
    ]);
    arguments
}

fn vpc((network, cidr): (&CheckedNetwork, &SmolStr), deployment: &CheckedDeployment) -> Vec<(&'static str, Expression)> {
    let CheckedNetwork { vpc_cidr, private_zones, public_zones, enable_nat_gateway, enable_vpn } = network;
    let subnets = |zones: &str, band| plan(*vpc_cidr, &deployment.region, zones, band);
    let mut arguments = common(deployment);
    arguments.extend([
        ("vpc_cidr", Expression::Text(cidr.clone())),
        ("public_subnets", subnets(public_zones, Band::Public)),
        ("private_subnets", subnets(private_zones, Band::Private)),
        ("database_subnets", subnets(public_zones, Band::Database)),
        ("enable_nat_gateway", Expression::Boolean(*enable_nat_gateway)),
        ("enable_vpn", Expression::Boolean(*enable_vpn)),
    ]);
    arguments
}

fn compute_call(compute: &CheckedCompute, called: &Called<'_>) -> Vec<(&'static str, Expression)> {
    let deployment = called.deployment;
    let CheckedCompute {
        instance_type,
        architecture,
        min_instances,
        max_instances,
        ami_id,
        key_name,
        user_data_script,
        cpu_threshold,
        memory_threshold,
        scale_up_cooldown,
        scale_down_cooldown,
        allowed_cidr_blocks,
        ssl_certificate_arn,
        enable_cloudwatch,
    } = compute;
    let network = called.network();
    let text = |value: &Option<SmolStr>| value.clone().map(Expression::Text);
    let number = |value: &Option<i64>| value.map(Expression::Number);
    let blocks = allowed_cidr_blocks
        .as_ref()
        .map(|blocks| Expression::List(blocks.iter().map(|block| Expression::Text(format_smolstr!("{block}"))).collect()));
    let secret = if deployment.database.is_some() {
        Expression::Reference(DATABASE_OUTPUTS[2])
    } else if deployment.role == Role::Service && deployment.shared_database {
        Expression::Reference(SHARED_SECRET)
    } else {
        Expression::Null
    };
    let tags = called.tags.iter().map(|(key, value)| (key.clone(), Expression::Text(value.clone()))).collect();
    let mut arguments = common(deployment);
    arguments.extend([
        ("vpc_id", Expression::Reference(network.vpc_id)),
        ("public_subnet_ids", Expression::Reference(network.public_subnet_ids)),
        ("private_subnet_ids", Expression::Reference(network.private_subnet_ids)),
        ("vpc_cidr", network.vpc_cidr),
        ("security_group_ids", Expression::List(vec![Expression::Reference(network.client_group)])),
        ("instance_type", Expression::text(instance_type.as_str())),
        ("architecture", Expression::text(architecture.as_str())),
        ("min_instances", Expression::Number(*min_instances)),
        ("max_instances", Expression::Number(*max_instances)),
    ]);
    let optional = [
        ("ami_id", text(ami_id)),
        ("key_name", text(key_name)),
        ("user_data_script", text(user_data_script)),
        ("cpu_threshold", number(cpu_threshold)),
        ("memory_threshold", number(memory_threshold)),
        ("scale_up_cooldown", number(scale_up_cooldown)),
        ("scale_down_cooldown", number(scale_down_cooldown)),
        ("allowed_cidr_blocks", blocks),
        ("ssl_certificate_arn", text(ssl_certificate_arn)),
        ("enable_cloudwatch", enable_cloudwatch.map(Expression::Boolean)),
    ];
    arguments.extend(optional.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))));
    arguments.extend([("master_user_secret_arn", secret), ("tags", Expression::Object(tags))]);
    arguments
}

fn database_call(database: &CheckedDatabase, called: &Called<'_>) -> Vec<(&'static str, Expression)> {
    let deployment = called.deployment;
    let CheckedDatabase { engine, engine_version, instance_class, allocated_storage, backup_retention_period, multi_az } = database;
    let network = called.network();
    let mut arguments = common(deployment);
    arguments.extend([
        ("vpc_id", Expression::Reference(network.vpc_id)),
        ("subnet_ids", Expression::Reference(network.database_subnet_ids)),
        ("client_security_group_id", Expression::Reference(network.client_group)),
        ("engine", Expression::text(engine.as_str())),
        ("engine_version", Expression::text(engine_version.as_str())),
        ("instance_class", Expression::text(instance_class.as_str())),
        ("allocated_storage", Expression::Number(*allocated_storage)),
        ("backup_retention_period", Expression::Number(*backup_retention_period)),
        ("multi_az", Expression::Boolean(*multi_az)),
    ]);
    arguments
}

/// The source and version of a module as a root names them; `up` leads from the root to the output.
fn source(module: &str, customer: &CheckedCustomer, up: &str, surroundings: &CompileContext<'_>) -> (String, Option<String>) {
    let modules = &surroundings.platform.modules;
    match &modules.source {
        ModuleSource::BuiltIn => ([up, "modules/aws/", module].concat(), None),
        ModuleSource::Local(path) => {
            let way = crate::paths::relative("", &normalised(&format!("{up}{}/{path}/aws/{module}", surroundings.output_to_workspace)));
            (if way.starts_with("..") { way } else { format!("./{way}") }, None)
        }
        ModuleSource::Remote(template) => {
            let version = customer.modules_version.clone().or_else(|| modules.version.as_ref().map(|version| version.value.to_string()));
            let filled = fill(template, "cloud", "aws").unwrap_or_else(|| template.clone());
            let filled = fill(&filled, "module", module).unwrap_or(filled);
            match version {
                Some(version) => match fill(&filled, "version", &version) {
                    Some(source) => (source, None),
                    None => (filled, modules.is_registry().then_some(version)),
                },
                None => (filled, None),
            }
        }
    }
}

/// A relative path without `.` and without `name/..`.
fn normalised(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match parts.last() {
            Some(last) if part == ".." && *last != ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}
