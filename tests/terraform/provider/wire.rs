//! The messages of Terraform's plugin protocol 6 that the stand-in understands.
//!
//! Field numbers are those of `tfplugin6.proto`, version 6.8. Fields that the stand-in neither reads nor sets are left out: protocol buffers
//! skip what they do not know. Two messages of the same shape share one type here.

use std::collections::BTreeMap;

use prost::Message;

/// A value of a resource, data source or provider configuration. Terraform sends MessagePack; JSON appears for stored state only.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct DynamicValue {
    #[prost(bytes = "vec", tag = "1")]
    pub(super) msgpack: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    pub(super) json: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Diagnostic {
    /// 1 is an error, 2 a warning.
    #[prost(int32, tag = "1")]
    pub(super) severity: i32,
    #[prost(string, tag = "2")]
    pub(super) summary: String,
    #[prost(string, tag = "3")]
    pub(super) detail: String,
    #[prost(message, optional, tag = "4")]
    pub(super) attribute: Option<AttributePath>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct AttributePath {
    #[prost(message, repeated, tag = "1")]
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Step {
    #[prost(string, tag = "1")]
    pub(super) attribute_name: String,
}

impl AttributePath {
    pub(super) fn of(attribute: &str) -> Self {
        Self { steps: vec![Step { attribute_name: attribute.to_owned() }] }
    }
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Schema {
    #[prost(int64, tag = "1")]
    pub(super) version: i64,
    #[prost(message, optional, tag = "2")]
    pub(super) block: Option<Block>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Block {
    #[prost(message, repeated, tag = "2")]
    pub(super) attributes: Vec<Attribute>,
    #[prost(message, repeated, tag = "3")]
    pub(super) block_types: Vec<NestedBlock>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Attribute {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    /// The type in Terraform's JSON notation; empty where `nested_type` is set.
    #[prost(bytes = "vec", tag = "2")]
    pub(super) value_type: Vec<u8>,
    #[prost(bool, tag = "4")]
    pub(super) required: bool,
    #[prost(bool, tag = "5")]
    pub(super) optional: bool,
    #[prost(bool, tag = "6")]
    pub(super) computed: bool,
    #[prost(bool, tag = "7")]
    pub(super) sensitive: bool,
    #[prost(bool, tag = "9")]
    pub(super) deprecated: bool,
    #[prost(message, optional, tag = "10")]
    pub(super) nested_type: Option<NestedAttributes>,
    #[prost(bool, tag = "11")]
    pub(super) write_only: bool,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct NestedAttributes {
    #[prost(message, repeated, tag = "1")]
    pub(super) attributes: Vec<Attribute>,
    #[prost(int32, tag = "3")]
    pub(super) nesting: i32,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct NestedBlock {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) block: Option<Block>,
    #[prost(int32, tag = "3")]
    pub(super) nesting: i32,
    #[prost(int64, tag = "4")]
    pub(super) min_items: i64,
    #[prost(int64, tag = "5")]
    pub(super) max_items: i64,
}

/// `GetProviderSchema.Response`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Schemas {
    #[prost(message, optional, tag = "1")]
    pub(super) provider: Option<Schema>,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(super) resources: BTreeMap<String, Schema>,
    #[prost(btree_map = "string, message", tag = "3")]
    pub(super) data_sources: BTreeMap<String, Schema>,
}

/// `ConfigureProvider.Request`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct ProviderConfig {
    #[prost(message, optional, tag = "2")]
    pub(super) config: Option<DynamicValue>,
}

/// `ValidateResourceConfig.Request`, `ValidateDataResourceConfig.Request`, `ReadDataSource.Request`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct TypedConfig {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) config: Option<DynamicValue>,
}

/// `ValidateResourceConfig.Response`, `ValidateDataResourceConfig.Response`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Validated {
    #[prost(message, repeated, tag = "1")]
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// `UpgradeResourceState.Request`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct StoredState {
    #[prost(message, optional, tag = "3")]
    pub(super) raw_state: Option<RawState>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct RawState {
    #[prost(bytes = "vec", tag = "1")]
    pub(super) json: Vec<u8>,
}

/// `ReadResource.Request`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct CurrentState {
    #[prost(message, optional, tag = "2")]
    pub(super) current_state: Option<DynamicValue>,
}

/// The responses of `UpgradeResourceState`, `ReadResource`, `ReadDataSource` and `ApplyResourceChange`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct State {
    #[prost(message, optional, tag = "1")]
    pub(super) value: Option<DynamicValue>,
}

/// `PlanResourceChange.Request`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Proposal {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) prior_state: Option<DynamicValue>,
    #[prost(message, optional, tag = "3")]
    pub(super) proposed_new_state: Option<DynamicValue>,
    #[prost(message, optional, tag = "4")]
    pub(super) config: Option<DynamicValue>,
}

/// `PlanResourceChange.Response`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Planned {
    #[prost(message, optional, tag = "1")]
    pub(super) planned_state: Option<DynamicValue>,
    #[prost(message, repeated, tag = "2")]
    pub(super) requires_replace: Vec<AttributePath>,
}

/// `ApplyResourceChange.Request`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Change {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "3")]
    pub(super) planned_state: Option<DynamicValue>,
}

/// `ImportResourceState.Request`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Import {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(string, tag = "2")]
    pub(super) id: String,
}

/// `ImportResourceState.Response`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Imported {
    #[prost(message, repeated, tag = "1")]
    pub(super) resources: Vec<ImportedResource>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct ImportedResource {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) state: Option<DynamicValue>,
}
