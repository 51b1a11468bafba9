//! The shared modules for AWS: a row for each input.
//!
//! What a change does is said for the resources that the built-in modules make; a provider's own modules of the same names are taken to
//! make the same. "ForceNew" is what hashicorp/aws calls an argument whose change replaces the resource; its documentation says "Forces new
//! resource".

use super::NAME;
use super::watching::{ALARM_TOPICS, NOTIFICATIONS};
use crate::modules::ArgumentShape::{
    Boolean, Number, Objects, Reference, ReferenceList, ReferenceOrNull, References, SeveralReferences, Text, Texts, Word, WordList, Words,
};
use crate::modules::InputSource::{
    Architecture, DatabaseName, EntryOutputs, Environment, Granted, Image, Key, Name, NetworkAddresses, OptionalKey, Output, OutputOrNull,
    Outputs, Protected, Subnets, Tags,
};
use crate::modules::{
    Band, CalledBy, InputRow, InputSource, ModuleRow, NetworkPart, ObjectShape, OutputRow, SectionKey, When, input, output,
};

/// The modules that a deployment calls, in the order of their calls.
pub(super) static MODULES: [ModuleRow; 9] = [
    ModuleRow {
        cloud: NAME,
        name: "customer-vpc",
        block: "customer_vpc",
        section: "networking",
        called_by: CalledBy::Without(EXISTING.1),
        newer: false,
        entries: None,
        inputs: NETWORK,
        outputs: &[&VPC_ID, &PUBLIC_SUBNET_IDS, &PRIVATE_SUBNET_IDS, &DATABASE_SUBNET_IDS, &CLIENT_GROUP],
    },
    ModuleRow {
        cloud: NAME,
        name: "customer-existing-network",
        block: "customer_existing_network",
        section: "networking",
        called_by: CalledBy::With(EXISTING.1),
        newer: true,
        entries: None,
        inputs: EXISTING_NETWORK,
        outputs: &[
            &output!("customer_existing_network", "vpc_id"),
            &output!("customer_existing_network", "public_subnet_ids"),
            &output!("customer_existing_network", "private_subnet_ids"),
            &output!("customer_existing_network", "database_subnet_ids"),
            &output!("customer_existing_network", "database_client_security_group_id"),
        ],
    },
    ModuleRow {
        cloud: NAME,
        name: "customer-compute",
        block: "customer_compute",
        section: "compute",
        called_by: CalledBy::Always,
        newer: false,
        entries: None,
        inputs: COMPUTE,
        outputs: &[
            &output!("customer_compute", "load_balancer_dns_name"),
            &output!("customer_compute", "autoscaling_group_name"),
            &output!("customer_compute", "security_group_id"),
            &output!("customer_compute", "instance_role_arn"),
        ],
    },
    ModuleRow {
        cloud: NAME,
        name: "customer-database",
        block: "customer_database",
        section: "database",
        called_by: CalledBy::Always,
        newer: false,
        entries: Some("databases"),
        inputs: DATABASE,
        outputs: &[
            &output!("customer_database", "endpoint"),
            &output!("customer_database", "port"),
            &MASTER_USER_SECRET,
            &output!("customer_database", "replica_endpoints").only_with(&["replicas", "instances"]),
        ],
    },
    ModuleRow {
        cloud: NAME,
        name: "customer-storage",
        block: "customer_storage",
        section: "storage",
        called_by: CalledBy::Always,
        newer: true,
        entries: None,
        inputs: STORAGE,
        outputs: &[&output!("customer_storage", "storage_bucket"), &BUCKET_ARN, &BUCKET_KEY_ARN],
    },
    ModuleRow {
        cloud: NAME,
        name: "customer-queue",
        block: "customer_queue",
        section: "queue",
        called_by: CalledBy::Always,
        newer: true,
        entries: None,
        inputs: QUEUE,
        outputs: &[&output!("customer_queue", "queue_url"), &QUEUE_ARN, &output!("customer_queue", "queue_dead_letters_url")],
    },
    super::cache_rows::MODULE,
    NOTIFICATIONS,
    super::backup_rows::MODULE,
];

pub(super) static VPC_ID: OutputRow = output!("customer_vpc", "vpc_id");
static PUBLIC_SUBNET_IDS: OutputRow = output!("customer_vpc", "public_subnet_ids");
static PRIVATE_SUBNET_IDS: OutputRow = output!("customer_vpc", "private_subnet_ids");
pub(super) static DATABASE_SUBNET_IDS: OutputRow = output!("customer_vpc", "database_subnet_ids");
pub(super) static CLIENT_GROUP: OutputRow = output!("customer_vpc", "database_client_security_group_id");
static MASTER_USER_SECRET: OutputRow = output!("customer_database", "master_user_secret_arn");

static BUCKET_ARN: OutputRow = output!("customer_storage", "storage_bucket_arn");
static BUCKET_KEY_ARN: OutputRow = output!("customer_storage", "storage_key_arn");
static QUEUE_ARN: OutputRow = output!("customer_queue", "queue_arn");

const VPC_CIDR: SectionKey = ("networking", "vpc_cidr");
const EXISTING: SectionKey = ("networking", "existing");
const ZONES: SectionKey = ("networking", "availability_zones");
const NAMED_ZONES: SectionKey = ("networking", "zones");
const INSTANCE_TYPE: SectionKey = ("compute", "instance_type");
/// What a database is restored from.
const SNAPSHOT: SectionKey = ("database", "snapshot_identifier");
/// How many instances there are: only a cluster of Aurora has it, and always.
const INSTANCES: SectionKey = ("database", "instances");

const SUBNETS_DESTROYED: &str = "the subnets of these zones are destroyed, which the cloud refuses while they are in use";
const KEEP_THE_ZONES: &str = "revert the change, and keep `availability_zones`, or `zones`, as it was";
const KEEP_THE_GATEWAYS: &str = "revert the change, or first give the addresses that stay to those who admit yours";
pub(super) const REVERT_THE_NAME: &str = "revert the change of `project_name` or `customer_id`, which the name is made of";

/// A volume of instances.
static VOLUMES: ObjectShape = ObjectShape {
    as_type: "list(object({ name = string, size = number, type = optional(string), iops = optional(number), mount = optional(string) }))",
    attributes: &[("name", Text, true), ("size", Number, true), ("type", Word, false), ("iops", Number, false), ("mount", Word, false)],
};

const fn subnets(band: Band) -> InputSource {
    Subnets { band, addresses: VPC_CIDR, zones: ZONES, named: NAMED_ZONES }
}

const fn granted(part: NetworkPart) -> InputSource {
    Granted { key: EXISTING, part }
}

static NETWORK: &[InputRow] = &[
    input("name", Word, Name),
    input("environment", Text, Environment),
    input("protected", Boolean, Protected),
    // aws_vpc: `cidr_block` is ForceNew, since the cloud changes the range of no existing VPC (VPC User Guide, "VPC CIDR blocks");
    // everything in the network hangs on the VPC's id. A database does not move along: its subnet group takes no subnets of another VPC
    // (hashicorp/terraform-provider-aws, issue 16419).
    input("vpc_cidr", Word, Key(VPC_CIDR)).harms(
        When::Changed,
        "the network is replaced, and with it everything in it; a database cannot move along",
        "revert the change; to move to other addresses, deploy a second environment or region, carry the data over, and remove this one",
    ),
    // aws_subnet has a zone for life. EC2 deletes no subnet in which network interfaces are (VPC User Guide, "Delete your subnet"), and the
    // other subnets of these zones go with the public ones.
    input("public_subnets", Words, subnets(Band::Public)).harms(When::EntriesDestroyed, SUBNETS_DESTROYED, KEEP_THE_ZONES),
    // Instances have fewer zones than databases and load balancers, which have two at least.
    input("private_subnets", Words, subnets(Band::Private)).harms(When::EntriesDestroyed, SUBNETS_DESTROYED, KEEP_THE_ZONES),
    input("database_subnets", Words, subnets(Band::Database)),
    // aws_nat_gateway and aws_eip are made by zone: those that are not wanted any more are destroyed.
    input("enable_nat_gateway", Boolean, Key(("networking", "enable_nat_gateway")))
        .may_be_missing()
        .harms(
            When::Lower(&["false", "true"]),
            "instances can no longer reach out, and the addresses by which others know them are given back",
            KEEP_THE_GATEWAYS,
        )
        .unless("nat_gateways", "none"),
    input("enable_vpn", Boolean, Key(("networking", "enable_vpn"))).may_be_missing(),
    input("nat_gateways", Word, OptionalKey(("networking", "nat_gateways"))).newer().harms(
        When::Lower(&["none", "single", "per_zone"]),
        "the other gateways are destroyed, and the addresses by which others know the instances are given back",
        KEEP_THE_GATEWAYS,
    ),
];

static EXISTING_NETWORK: &[InputRow] = &[
    input("name", Word, Name),
    input("environment", Text, Environment),
    // Load balancers, instances and databases are replaced in another network; aws_db_subnet_group takes no subnets of another VPC
    // (hashicorp/terraform-provider-aws, issue 16419).
    input("vpc_id", Word, granted(NetworkPart::Id)).harms(
        When::Changed,
        "everything in the network is replaced; a database cannot move along",
        "have the service provider grant the old network under this name again; to move to another one, deploy a second environment or region, carry the data over, and remove this one",
    ),
    input("public_subnet_ids", WordList, granted(NetworkPart::SubnetIds(Band::Public))),
    input("private_subnet_ids", WordList, granted(NetworkPart::SubnetIds(Band::Private))),
    input("database_subnet_ids", WordList, granted(NetworkPart::SubnetIds(Band::Database))),
];

static COMPUTE: &[InputRow] = &[
    // aws_lb: `name` is ForceNew, and so is aws_autoscaling_group's.
    input("name", Word, Name).harms(
        When::Changed,
        "the load balancer and all instances are replaced, and the load balancer gets another address",
        REVERT_THE_NAME,
    ),
    input("environment", Text, Environment),
    input("protected", Boolean, Protected),
    input("vpc_id", Reference, Output(&VPC_ID)),
    input("public_subnet_ids", References, Output(&PUBLIC_SUBNET_IDS)),
    input("private_subnet_ids", References, Output(&PRIVATE_SUBNET_IDS)),
    input("vpc_cidr", Word, NetworkAddresses(VPC_CIDR)),
    input("security_group_ids", ReferenceList, Output(&CLIENT_GROUP)),
    input("instance_type", Word, Key(INSTANCE_TYPE)),
    input("architecture", Word, Architecture(INSTANCE_TYPE)),
    input("min_instances", Number, Key(("compute", "min_instances"))),
    input("max_instances", Number, Key(("compute", "max_instances"))),
    input("ami_id", Word, Image { key: ("compute", "ami_id"), instance_type: INSTANCE_TYPE }).may_be_missing(),
    input("key_name", Text, OptionalKey(("compute", "key_name"))).may_be_missing(),
    input("user_data_script", Text, OptionalKey(("compute", "user_data_script"))).may_be_missing(),
    // aws_lb_target_group: `port` is ForceNew. A new group has no healthy instance until those have passed its first health checks.
    input("port", Number, OptionalKey(("compute", "port"))).newer().absent("80").harms(
        When::Changed,
        "the load balancer gets a new group of targets, and answers with errors until instances are healthy on the new port",
        "revert the change, or apply it at a time when a minute of errors does little harm",
    ).unless("load_balancer", "none"),
    input("health_check_path", Word, OptionalKey(("compute", "health_check_path"))).newer(),
    // aws_lb: `internal` is ForceNew, and the DNS name is the load balancer's own.
    input("load_balancer", Word, OptionalKey(("compute", "load_balancer"))).newer().absent("public").harms(
        When::ChangedUnless("none"),
        "the load balancer is destroyed, and another one has another address",
        "revert the change; or make a second service with the other kind of load balancer, and remove this one when nobody uses its address",
    ),
    // What instances and volumes are started with is in the launch template: a change starts new instances one after the other, as a change of
    // the image or of the script does, and the volumes of old ones are deleted with them.
    input("root_volume_size", Number, OptionalKey(("compute", "root_volume_size"))).newer(),
    input("volumes", Objects(&VOLUMES), OptionalKey(("compute", "volumes"))).newer(),
    input("cpu_threshold", Number, OptionalKey(("scaling", "cpu_threshold"))).may_be_missing(),
    input("memory_threshold", Number, OptionalKey(("scaling", "memory_threshold"))).may_be_missing(),
    input("scale_up_cooldown", Number, OptionalKey(("scaling", "scale_up_cooldown"))).may_be_missing(),
    input("scale_down_cooldown", Number, OptionalKey(("scaling", "scale_down_cooldown"))).may_be_missing(),
    input("allowed_cidr_blocks", WordList, OptionalKey(("security", "allowed_cidr_blocks"))).may_be_missing().harms(
        When::EntriesRemoved,
        "what is in these networks can no longer reach the load balancer",
        "where they should still reach it, write them again under `security.allowed_cidr_blocks`; a list replaces that of a lower layer, where `{add: [...]}` adds to it",
    ),
    input("ssl_certificate_arn", Word, OptionalKey(("security", "ssl_certificate_arn"))).may_be_missing(),
    input("enable_cloudwatch", Boolean, OptionalKey(("monitoring", "enable_cloudwatch"))).may_be_missing(),
    input("master_user_secret_arn", ReferenceOrNull, OutputOrNull(&MASTER_USER_SECRET)).may_be_missing(),
    input("database_secret_arns", SeveralReferences, EntryOutputs(&MASTER_USER_SECRET)).newer(),
    input("bucket_arns", SeveralReferences, Outputs(&BUCKET_ARN)).newer(),
    input("bucket_key_arns", SeveralReferences, Outputs(&BUCKET_KEY_ARN)).newer(),
    input("queue_arns", SeveralReferences, Outputs(&QUEUE_ARN)).newer(),
    ALARM_TOPICS,
    input("tags", Texts, Tags).may_be_missing(),
];

static DATABASE: &[InputRow] = &[
    // aws_db_subnet_group: `name` is ForceNew. RDS deletes no subnet group that has instances (RDS API, DeleteDBSubnetGroup), and moves
    // no instance to another group of the same VPC (InvalidVPCNetworkStateFault; hashicorp/terraform-provider-aws, issue 512).
    input("name", Word, DatabaseName(("database", "formerly"))).harms(
        When::Changed,
        "the database is renamed, and its subnet group would have to be replaced, which the cloud refuses while the database is in it",
        "revert the change of `project_name`, `customer_id` or `formerly`, which the name is made of",
    ),
    input("environment", Text, Environment),
    input("protected", Boolean, Protected),
    input("vpc_id", Reference, Output(&VPC_ID)),
    input("subnet_ids", References, Output(&DATABASE_SUBNET_IDS)),
    input("client_security_group_id", Reference, Output(&CLIENT_GROUP)),
    // aws_db_instance: `engine` is ForceNew, and so is aws_rds_cluster's; no call of the RDS API turns one of our engines into another. Between
    // RDS and Aurora the module makes a cluster in the place of the instance, or the other way round.
    input("engine", Word, Key(("database", "engine"))).harms(
        When::Changed,
        "the database is replaced by an empty one",
        "revert the change; to move to another engine, make a second database, and carry the data over",
    ),
    // RDS takes no instance back to an earlier version (RDS User Guide, "Upgrading a DB instance engine version"), nor a cluster of Aurora.
    input("engine_version", Text, Key(("database", "engine_version"))).harms(
        When::Older { of_same: "engine" },
        "a database cannot go back to an older version, and the cloud refuses it",
        "write the old version or a newer one; an older one takes a new database, restored from a dump",
    ),
    input("instance_class", Word, Key(("database", "instance_class"))),
    // RDS reduces the storage of no instance (RDS User Guide, "Working with storage for Amazon RDS DB instances").
    input("allocated_storage", Number, Key(("database", "allocated_storage"))).harms(
        When::Smaller,
        "the storage of a database cannot be made smaller, and the cloud refuses it",
        "write the old number or a larger one",
    ).without(INSTANCES),
    input("backup_retention_period", Number, Key(("database", "backup_retention_period"))),
    // Of Aurora, `instances` says it.
    input("multi_az", Boolean, Key(("database", "multi_az"))).without(INSTANCES),
    // aws_db_instance: `db_name` is ForceNew, from none to one too, and so is aws_rds_cluster's `database_name`.
    // What is restored has the databases of its snapshot. The provider knows which name that had, and replaces it where another one comes when
    // the snapshot goes.
    input("database_name", Word, OptionalKey(("database", "name"))).newer().without(SNAPSHOT).harms(
        When::Given,
        "the database is replaced by an empty one, unless it was restored and has this name already",
        "revert the change, and make the database inside of it with the master user: `name` is for databases that are new",
    ),
    // RDS changes type and IOPS in place, and takes no other change of the storage for six hours (RDS User Guide, "Working with storage for
    // Amazon RDS DB instances").
    input("storage_type", Word, OptionalKey(("database", "storage_type"))).newer(),
    input("iops", Number, OptionalKey(("database", "iops"))).newer(),
    // What the storage has grown to is not known here; a limit below it is refused by the cloud when it is applied.
    input("max_allocated_storage", Number, OptionalKey(("database", "max_allocated_storage"))).newer(),
    input("backup_window", Word, OptionalKey(("database", "backup_window"))).newer(),
    input("maintenance_window", Word, OptionalKey(("database", "maintenance_window"))).newer(),
    input("parameters", Texts, OptionalKey(("database", "parameters"))).newer(),
    // The instances of the module are numbered: fewer of them are destroyed, the last first.
    input("replicas", Number, OptionalKey(("database", "replicas"))).newer().absent("0").harms(
        When::Smaller,
        "the last read replicas are destroyed, and their addresses go",
        "where applications still read from them, write the old number",
    ),
    // The instances of the module have numbers, and the last go first. The data is the cluster's.
    input("instances", Number, OptionalKey(INSTANCES)).newer().needed("write an engine that is not Aurora's").harms(
        When::Smaller,
        "the last instances of the cluster are destroyed; connections to them break, and where one of them writes, until another has taken over",
        "apply it at a time when few need the database, or write the old number",
    ),
    // It names something that exists. aws_db_instance: `snapshot_identifier` is ForceNew, from none to one too; taken away, it stays what it
    // was, since the argument is computed. aws_rds_cluster: the same, since the provider suppresses the difference of one that is taken away.
    input("snapshot_identifier", Text, OptionalKey(SNAPSHOT)).newer().harms(
        When::Given,
        "the database is replaced by one that is restored from this snapshot",
        "revert the change; to restore next to a database that stands, write the snapshot for a new environment or a new service",
    ),
    input("deletion_protection", Boolean, OptionalKey(("database", "deletion_protection"))).newer(),
];

/// A rule by which objects expire.
static LIFECYCLE_RULES: ObjectShape = ObjectShape {
    as_type: "list(object({ name = string, enabled = optional(bool), expiration_days = number }))",
    attributes: &[("name", Text, true), ("enabled", Boolean, false), ("expiration_days", Number, true)],
};

static STORAGE: &[InputRow] = &[
    input("name", Word, Name),
    input("environment", Text, Environment),
    input("protected", Boolean, Protected),
    // aws_s3_bucket: `bucket` is ForceNew. Terraform deletes no bucket that has objects.
    input("bucket_name", Word, Key(("storage", "bucket_name"))).global().harms(
        When::Changed,
        "the bucket is replaced by an empty one, and the apply is refused while the old one has objects",
        "revert the change; to move to another name, make a second bucket in a service of its own, and copy what is in this one",
    ),
    input("versioning_enabled", Boolean, Key(("storage", "versioning_enabled"))),
    input("lifecycle_rules", Objects(&LIFECYCLE_RULES), OptionalKey(("storage", "lifecycle_rules"))),
];

static QUEUE: &[InputRow] = &[
    // aws_sqs_queue: `name` and `fifo_queue` are ForceNew.
    input("name", Word, Name).harms(When::Changed, "the queue is replaced by an empty one, which has another address", REVERT_THE_NAME),
    input("environment", Text, Environment),
    input("protected", Boolean, Protected),
    input("fifo", Boolean, Key(("queue", "fifo"))).harms(
        When::Changed,
        "the queue is replaced by an empty one, which has another address",
        "revert the change; or make a second queue in a service of its own, and remove this one when it is empty",
    ),
    input("visibility_timeout", Number, Key(("queue", "visibility_timeout"))),
    // Messages that are older than a shorter time are deleted.
    input("retention_days", Number, Key(("queue", "retention_days"))).harms(
        When::Smaller,
        "messages that have waited for longer are deleted",
        "revert the change, or apply it when no message is that old",
    ),
    input("max_receives", Number, Key(("queue", "max_receives"))),
    input("alarm_age", Number, Key(("queue", "alarm_age"))),
    ALARM_TOPICS,
];
