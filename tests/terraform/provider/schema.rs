//! A recorded schema: what `terraform providers schema -json` printed for one provider, and its translation into protocol messages.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::wire;

/// Types of resources that the shared modules make and that the recordings which are trimmed to a few types leave out.
const ONLY_IN_FULL: &[&str] = &["aws_rds_cluster_parameter_group"];

#[derive(Deserialize)]
struct Recording {
    provider_schemas: BTreeMap<String, ProviderSchema>,
}

/// The schema of one provider.
#[derive(Deserialize)]
pub(super) struct ProviderSchema {
    provider: VersionedBlock,
    #[serde(default, rename = "resource_schemas")]
    resources: BTreeMap<String, VersionedBlock>,
    #[serde(default, rename = "data_source_schemas")]
    data_sources: BTreeMap<String, VersionedBlock>,
}

#[derive(Deserialize)]
struct VersionedBlock {
    #[serde(default)]
    version: i64,
    block: Block,
}

/// The body of a resource, of a data source or of a block inside one.
#[derive(Deserialize)]
pub(super) struct Block {
    #[serde(default)]
    pub(super) attributes: BTreeMap<String, Attribute>,
    #[serde(default)]
    pub(super) block_types: BTreeMap<String, NestedBlock>,
}

#[derive(Deserialize)]
pub(super) struct Attribute {
    /// In Terraform's JSON notation, such as `"string"` or `["list", "string"]`.
    #[serde(rename = "type")]
    pub(super) value_type: Option<serde_json::Value>,
    pub(super) nested_type: Option<NestedAttributes>,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) optional: bool,
    #[serde(default)]
    pub(super) computed: bool,
    #[serde(default)]
    pub(super) sensitive: bool,
    #[serde(default)]
    pub(super) deprecated: bool,
    #[serde(default)]
    pub(super) write_only: bool,
}

#[derive(Deserialize)]
pub(super) struct NestedAttributes {
    pub(super) attributes: BTreeMap<String, Attribute>,
    pub(super) nesting_mode: Nesting,
}

#[derive(Deserialize)]
pub(super) struct NestedBlock {
    pub(super) block: Block,
    pub(super) nesting_mode: Nesting,
    #[serde(default)]
    min_items: i64,
    #[serde(default)]
    max_items: i64,
}

/// How many values a nested block or attribute holds, and in what.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Nesting {
    Single,
    List,
    Set,
    Map,
    Group,
}

/// The two kinds of types that a provider serves.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Resource,
    DataSource,
}

impl ProviderSchema {
    /// Reads the first provider of a recording, with the types of [`ONLY_IN_FULL`] from the recording of the same name in `full/`, where there
    /// is one.
    pub(super) fn read(file: &Path) -> Result<Self, String> {
        let mut schema = Self::read_one(file)?;
        let full = file.parent().zip(file.file_name()).map(|(directory, name)| directory.join("full").join(name));
        if let Some(full) = full.filter(|full| full.is_file()) {
            let mut all = Self::read_one(&full)?.resources;
            schema.resources.extend(ONLY_IN_FULL.iter().filter_map(|name| all.remove_entry(*name)));
        }
        Ok(schema)
    }

    fn read_one(file: &Path) -> Result<Self, String> {
        let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let recording: Recording = serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", file.display()))?;
        recording.provider_schemas.into_values().next().ok_or_else(|| format!("{}: it records no provider", file.display()))
    }

    /// The body of a type. Terraform asks only for types that `to_wire` named, so an unknown one is a fault of the stand-in.
    pub(super) fn block(&self, kind: Kind, type_name: &str) -> Result<&Block, String> {
        let types = match kind {
            Kind::Resource => &self.resources,
            Kind::DataSource => &self.data_sources,
        };
        types.get(type_name).map(|versioned| &versioned.block).ok_or_else(|| format!("no schema of {type_name} is recorded"))
    }

    pub(super) fn to_wire(&self) -> wire::Schemas {
        let all = |types: &BTreeMap<String, VersionedBlock>| types.iter().map(|(name, schema)| (name.clone(), schema.to_wire())).collect();
        wire::Schemas { provider: Some(self.provider.to_wire()), resources: all(&self.resources), data_sources: all(&self.data_sources) }
    }
}

impl Attribute {
    /// Whether only the cloud decides the value.
    pub(super) fn is_read_only(&self) -> bool {
        !self.optional && !self.required
    }

    fn to_wire(&self, name: &str) -> wire::Attribute {
        wire::Attribute {
            name: name.to_owned(),
            value_type: self.value_type.as_ref().map(|value_type| value_type.to_string().into_bytes()).unwrap_or_default(),
            required: self.required,
            optional: self.optional,
            computed: self.computed,
            sensitive: self.sensitive,
            deprecated: self.deprecated,
            nested_type: self.nested_type.as_ref().map(|nested| wire::NestedAttributes {
                attributes: attributes_to_wire(&nested.attributes),
                nesting: nested.nesting_mode.attribute_code(),
            }),
            write_only: self.write_only,
        }
    }
}

impl VersionedBlock {
    fn to_wire(&self) -> wire::Schema {
        wire::Schema { version: self.version, block: Some(self.block.to_wire()) }
    }
}

impl Block {
    fn to_wire(&self) -> wire::Block {
        let nested = |(name, nested): (&String, &NestedBlock)| wire::NestedBlock {
            type_name: name.clone(),
            block: Some(nested.block.to_wire()),
            nesting: nested.nesting_mode.block_code(),
            min_items: nested.min_items,
            max_items: nested.max_items,
        };
        wire::Block { attributes: attributes_to_wire(&self.attributes), block_types: self.block_types.iter().map(nested).collect() }
    }
}

impl Nesting {
    /// `Schema.NestedBlock.NestingMode`.
    fn block_code(self) -> i32 {
        match self {
            Self::Single => 1,
            Self::List => 2,
            Self::Set => 3,
            Self::Map => 4,
            Self::Group => 5,
        }
    }

    /// `Schema.Object.NestingMode`, which has no group.
    fn attribute_code(self) -> i32 {
        match self {
            Self::Single | Self::Group => 1,
            Self::List => 2,
            Self::Set => 3,
            Self::Map => 4,
        }
    }
}

fn attributes_to_wire(attributes: &BTreeMap<String, Attribute>) -> Vec<wire::Attribute> {
    attributes.iter().map(|(name, attribute)| attribute.to_wire(name)).collect()
}
