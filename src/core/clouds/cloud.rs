//! What the compiler asks of a cloud.

use super::{
    Architecture, BuiltInFile, CacheEngine, Engine, EngineVersion, InstanceType, NodeType, Offer, ProviderRow, Region, StorageFacts,
    VersionStatus, VolumeKind,
};
use crate::modules::{Band, InputRow, ModuleRow};
use ipnet::Ipv4Net;
use smol_str::SmolStr;
use std::collections::HashMap;
use std::fmt::Debug;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// A cloud that there are modules for: its catalogue, the forms of its names and ids, and its words.
///
/// Questions about a name that does not exist are answered with nothing; whether that is an error is for the rules.
pub trait Cloud: Debug + Sync {
    /// Its names and words.
    fn facts(&self) -> &'static CloudFacts;

    /// Every region, sorted by name.
    fn regions(&self) -> std::slice::Iter<'static, Region>;
    /// The region of this name, written exactly so.
    fn region(&self, name: &str) -> Option<&'static Region>;
    /// The regions at a place that people know by another name, best first.
    fn regions_of_place(&self, text: &str) -> Vec<&'static Region>;

    /// The regions with this label, sorted by name; none when it is not a label.
    fn regions_of_label(&self, label: &str) -> Vec<&'static Region>;
    /// Whether some region has this label: `eu-west` is one, `eu-west-1` and `eu` are not.
    fn is_region_label(&self, text: &str) -> bool;

    /// The instance type of this name, written exactly so.
    fn instance_type(&self, name: &str) -> Option<InstanceType>;
    /// Every instance type, sorted by the bytes of the name.
    fn instance_types(&self) -> Box<dyn Iterator<Item = InstanceType>>;
    /// The names of every instance type, sorted by their bytes.
    fn instance_type_names(&self) -> Box<dyn Iterator<Item = &'static str>>;
    /// Whether and where a region offers a type.
    fn zones_offering(&self, instance_type: &InstanceType, region: &str) -> Offer;
    /// The architecture of an instance type, of one that the catalogue does not have by its name.
    fn architecture(&self, instance_type: &str) -> Architecture;
    /// Whether the type's family has been replaced by newer ones on the day of the tables.
    fn is_previous_generation(&self, instance_type: &str) -> bool;
    /// Whether the type is of a line with hardware of its own, such as graphics processors: other lines do not do what it does.
    fn is_special(&self, instance_type: &str) -> bool;
    /// The types that a name which does not exist may have meant, best first, at most `limit`; where a region is given, those that it offers.
    fn nearest_instance_types(&self, name: &str, region: Option<&str>, limit: usize) -> Vec<&'static str>;
    /// For a type that a region does not offer, those that it does offer and that come nearest, best first.
    fn nearest_offered(&self, name: &str, region: &str) -> Vec<&'static str>;
    /// A present type of the same size for one of a previous generation.
    fn current_equivalent(&self, name: &str) -> Option<&'static str>;
    /// The types to take in the place of one that is not offered any more, those that the region offers first.
    fn successors_of_retired(&self, name: &str, region: &str) -> Vec<&'static str>;
    /// The type with the processors and the memory of another cloud's.
    fn of_other_cloud(&self, name: &str) -> Option<&'static str>;

    /// Every instance class of databases, sorted by the bytes of the name.
    fn classes(&self) -> Box<dyn Iterator<Item = &'static str>>;
    /// Whether there is a class of this name, written exactly so.
    fn is_known_class(&self, name: &str) -> bool;
    /// Whether the class's family has been replaced by newer ones on the day of the tables.
    fn is_previous_generation_class(&self, name: &str) -> bool;
    /// A present class of the same size for one of a previous generation.
    fn current_class_equivalent(&self, name: &str) -> Option<&'static str>;
    /// Whether a database of this class can be encrypted at rest.
    fn class_supports_encryption(&self, name: &str) -> bool;
    /// Whether an engine takes a class; where nobody says so, it does.
    fn takes_class(&self, engine: Engine, name: &str) -> bool;
    /// The class nearest to one that an engine of Aurora does not take.
    fn class_of_aurora(&self, name: &str) -> Option<&'static str>;
    /// The classes that a name which does not exist may have meant, best first, at most `limit`.
    fn nearest_classes(&self, name: &str, limit: usize) -> Vec<&'static str>;
    /// What the table says of a version, a major or a full one as the customer wrote it.
    fn engine_version(&self, engine: Engine, version: &str) -> VersionStatus;
    /// Whether an engine keeps a name for itself, so that no database can have it.
    fn is_reserved_database(&self, engine: Engine, name: &str) -> bool;
    /// What a type of storage takes for a database.
    fn storage(&self, storage_type: &str) -> Option<&'static StorageFacts>;
    /// Why a parameter of a database is not a customer's to set, as the rest of a sentence about it.
    fn refused_parameter(&self, name: &str) -> Option<&'static str>;
    /// The engine's major versions in standard support on the day of the tables, newest first.
    fn newest_majors(&self, engine: Engine) -> Vec<&'static EngineVersion>;

    /// An engine of caches, with its versions.
    fn cache_engine(&self, name: &str) -> Option<&'static CacheEngine>;
    /// Every engine of caches.
    fn cache_engines(&self) -> std::slice::Iter<'static, CacheEngine>;
    /// What is known of a type of nodes.
    fn node_type(&self, text: &str) -> NodeType;
    /// The names of every type of nodes that caches can be made of.
    fn node_types(&self) -> Box<dyn Iterator<Item = &'static str>>;

    /// The subnets of a band in these zones of a network, by the name of their zone, sorted.
    fn subnets(&self, network: Ipv4Net, region: &str, zones: &str, band: Band) -> Vec<(SmolStr, SmolStr)>;

    /// Whether a text has the form of an instance type; it need not exist.
    fn has_form_of_instance_type(&self, text: &str) -> bool;
    /// Whether a text has the form of a class of databases; it need not exist.
    fn has_form_of_class(&self, text: &str) -> bool;
    /// Whether a text has the form of a database's version.
    fn has_form_of_version(&self, text: &str) -> bool;
    /// Whether a text has the form of an image's id.
    fn has_form_of_image(&self, text: &str) -> bool;
    /// Whether a text has the form of a network's id.
    fn has_form_of_network(&self, text: &str) -> bool;
    /// Whether a text has the form of a subnet's id.
    fn has_form_of_subnet(&self, text: &str) -> bool;
    /// Whether a text has the form of an account's id.
    fn has_form_of_account(&self, text: &str) -> bool;
    /// What is wrong with a bucket's name.
    fn bucket_name(&self, text: &str) -> Result<(), String>;
    /// What is wrong with the name of a database inside an instance, whatever its engine.
    fn database_name(&self, text: &str) -> Result<(), &'static str>;
    /// What is wrong with the name or the id of a database's snapshot.
    fn snapshot(&self, text: &str) -> Result<(), &'static str>;
    /// True for the id of a snapshot that only a cluster can be restored from.
    fn is_snapshot_of_cluster(&self, text: &str) -> bool;
    /// The region of a database's snapshot, where its id says one.
    fn region_of_snapshot<'t>(&self, text: &'t str) -> Option<&'t str>;
    /// What is wrong with the name of a database's parameter.
    fn parameter_name(&self, text: &str) -> Result<(), &'static str>;
    /// What is wrong with the value of a database's parameter.
    fn parameter_value(&self, text: &str) -> Result<(), &'static str>;
    /// A schedule of backups in the one form that the cloud takes, or what is wrong with it.
    fn schedule(&self, text: &str) -> Result<SmolStr, &'static str>;
    /// Where a certificate is, by its id, or what is wrong with that.
    fn certificate<'t>(&self, text: &'t str) -> Result<OfArn<'t>, &'static str>;

    /// Where the secret is that a reference names, or what is wrong with the reference. Nothing of one in the deployment's own account.
    fn secret_reference<'t>(&self, text: &'t str) -> Result<Option<OfArn<'t>>, &'static str>;
    /// The first character that is not taken in a tag's key or value.
    fn no_tag_letter(&self, text: &str) -> Option<char>;
    /// The first character that is not taken in the path of a health check.
    fn no_health_check_letter(&self, text: &str) -> Option<char>;
    /// What volumes of a type take.
    fn volume_kind(&self, name: &str) -> Option<&'static VolumeKind>;
    /// What a word is, where it has the form of the cloud's credentials.
    fn credential(&self, word: &str) -> Option<&'static str>;
}

/// What a cloud is called, and what it says in messages.
#[derive(Debug)]
pub struct CloudFacts {
    /// Its name in the language, in the platform file and in paths of modules.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// Its service of virtual machines.
    pub machines: &'static str,
    /// Its service of managed databases.
    pub databases: &'static str,
    /// Its service of managed caches.
    pub caches: &'static str,
    /// Other names that are written for it, in lower case.
    pub other_names: &'static [&'static str],
    /// The day that its tables speak of, as `YYYY-MM-DD`.
    pub as_of: &'static str,
    /// What names of projects may not start with, since the cloud keeps it; one that ends with `-` is not taken without the `-` either.
    pub reserved_prefixes: &'static [&'static str],
    /// What keys of tags may not start with, in any case, since the cloud keeps it.
    pub reserved_tag_prefix: &'static str,
    /// The most characters of a health check's path.
    pub longest_health_check_path: usize,
    /// The most bytes of a start script where volumes are mounted too.
    pub longest_script_with_mounts: usize,
    /// The most volumes of an instance next to those of its image.
    pub most_volumes: usize,
    /// The prefixes that a network may have, from the largest network to the smallest.
    pub network_prefixes: RangeInclusive<u8>,
    /// The same in words.
    pub network_sizes: &'static str,
    /// How many bits longer than a network's prefix that of its subnets is.
    pub subnet_bits: u8,
    /// Addresses of each subnet that the cloud keeps.
    pub kept_addresses: u64,
    /// How a certificate's id is written, as the help of a mistake.
    pub certificate_help: &'static str,
    /// How a reference to a secret is written.
    pub secret_help: &'static str,
    /// The key of the platform file with the role that roots assume.
    pub role_key: &'static str,
    /// The key of the platform file with images by region and architecture.
    pub images_key: &'static str,
    /// How the role of an account is written, as the help of a mistake.
    pub role_help: &'static str,
    /// What is wrong with an account's id: the end of a sentence that starts with it.
    pub not_an_account: &'static str,
    /// What addresses of buckets start with, in front of the name.
    pub bucket_addresses: &'static [&'static str],
    /// What texts start with that say where a secret is kept in the cloud.
    pub secret_references: &'static [&'static str],
    /// The cloud's own store of secrets.
    pub secret_store: &'static str,
    /// The backend that keeps states in the cloud's storage of objects, and the command that removes an object from there.
    pub object_removal: (&'static str, &'static str),
    /// The shared modules that a deployment calls, in the order of their calls.
    pub modules: &'static [ModuleRow],
    /// Every file of its built-in modules, sorted by path.
    pub built_in: &'static [BuiltInFile],
    /// Its provider.
    pub provider: ProviderRow,
    /// What other tools call the variable with the region, in snake case.
    pub region_variables: &'static [&'static str],
}

/// A module, and an input of it.
type Taker = (&'static ModuleRow, &'static InputRow);

/// The inputs that take each key, by cloud, section and key. Every customer asks for each of its keys.
static TAKERS: LazyLock<HashMap<(&str, &str, &str), Taker>> = LazyLock::new(|| {
    let mut takers = HashMap::new();
    for module in super::modules() {
        for input in module.inputs {
            for (section, key) in input.source.keys().into_iter().flatten() {
                takers.entry((module.cloud, section, key)).or_insert((module, input));
            }
        }
    }
    takers
});

impl CloudFacts {
    /// The row of a module, by the label of its call.
    pub fn module_of_block(&self, block: &str) -> Option<&'static ModuleRow> {
        self.modules.iter().find(|module| module.block == block)
    }

    /// The input that takes a key of a section, with its module: the first of those that it reaches.
    pub fn taken_by(&self, (section, key): (&str, &str)) -> Option<(&'static ModuleRow, &'static InputRow)> {
        TAKERS.get(&(self.name, section, key)).copied()
    }
}

/// Where what an ARN names is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfArn<'t> {
    /// Its region.
    pub region: &'t str,
    /// Its account.
    pub account: &'t str,
}
