//! What the stand-in answers to each call of the protocol.
//!
//! It keeps what it is given, leaves computed attributes open in the plan and makes them up on apply. It also does the two things that the AWS
//! provider does for every resource: it joins the provider's default tags into `tags_all`, and it writes its region into `region`. It does not
//! know which values an API accepts.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::body::Bytes;
use prost::Message;
use rmpv::Value;

use super::invent::Inventor;
use super::schema::{Block, Kind, ProviderSchema};
use super::{tables, values, wire};

/// A schema, and the answer to the question for it, which every command asks and which is large.
pub(super) struct Recorded {
    schema: ProviderSchema,
    encoded: Bytes,
}

/// One provider block of one command.
pub(super) struct Provider {
    recorded: Arc<Recorded>,
    settings: Mutex<Settings>,
}

/// What the provider block says that concerns every resource.
struct Settings {
    region: String,
    default_tags: Vec<(Value, Value)>,
}

impl Recorded {
    pub(super) fn read(file: &Path) -> Result<Self, String> {
        let schema = ProviderSchema::read(file)?;
        let encoded = Bytes::from(schema.to_wire().encode_to_vec());
        Ok(Self { schema, encoded })
    }
}

impl Provider {
    pub(super) fn new(recorded: Arc<Recorded>) -> Self {
        Self { recorded, settings: Mutex::new(Settings { region: tables::DEFAULT_REGION.to_owned(), default_tags: Vec::new() }) }
    }

    /// The answer to one call, encoded. The error's text reaches the person as "unimplemented".
    pub(super) fn answer(&self, method: &str, request: &[u8]) -> Result<Bytes, String> {
        let answer = match method {
            "GetProviderSchema" => return Ok(self.recorded.encoded.clone()),
            "ConfigureProvider" => self.configure(&read(request)?).map(|()| Vec::new()),
            "ValidateProviderConfig" | "StopProvider" | "GetFunctions" => Ok(Vec::new()),
            "ValidateResourceConfig" => self.validate(Kind::Resource, &read(request)?),
            "ValidateDataResourceConfig" => self.validate(Kind::DataSource, &read(request)?),
            "UpgradeResourceState" => Ok(upgrade(read(request)?)),
            "ReadResource" => {
                read::<wire::CurrentState>(request).map(|request| wire::State { value: request.current_state }.encode_to_vec())
            }
            "PlanResourceChange" => self.plan(&read(request)?),
            "ApplyResourceChange" => self.apply(&read(request)?),
            "ReadDataSource" => self.read_data(&read(request)?),
            "ImportResourceState" => self.import(read(request)?),
            _ => Err(format!("the stand-in provider has no {method}")),
        };
        answer.map(Bytes::from)
    }

    fn configure(&self, request: &wire::ProviderConfig) -> Result<(), String> {
        let config = values::decode(request.config.as_ref())?;
        let mut settings = self.settings();
        if let Some(region) = values::get(&config, "region").as_str() {
            region.clone_into(&mut settings.region);
        }
        let blocks = values::get(&config, "default_tags").as_array().map_or(&[][..], Vec::as_slice);
        settings.default_tags = blocks.iter().flat_map(|block| values::entries(values::get(block, "tags")).to_vec()).collect();
        Ok(())
    }

    /// Refuses values for attributes that only the cloud decides; Terraform leaves that to providers.
    fn validate(&self, kind: Kind, request: &wire::TypedConfig) -> Result<Vec<u8>, String> {
        let mut config = values::decode(request.config.as_ref())?;
        let mut diagnostics = Vec::new();
        values::visit(self.recorded.schema.block(kind, &request.type_name)?, &mut config, &mut |path, attribute, value| {
            if !value.is_nil() && attribute.is_read_only() {
                diagnostics.push(wire::Diagnostic {
                    severity: 1,
                    summary: "Value for unconfigurable attribute".to_owned(),
                    detail: format!("`{}` is decided by the cloud and cannot be set.", path.join(".")),
                    attribute: path.first().map(|name| wire::AttributePath::of(name)),
                });
            }
        });
        Ok(wire::Validated { diagnostics }.encode_to_vec())
    }

    fn plan(&self, request: &wire::Proposal) -> Result<Vec<u8>, String> {
        let prior = values::decode(request.prior_state.as_ref())?;
        let config = values::decode(request.config.as_ref())?;
        let mut planned = values::decode(request.proposed_new_state.as_ref())?;
        let mut requires_replace = Vec::new();
        if !planned.is_nil() {
            let block = self.recorded.schema.block(Kind::Resource, &request.type_name)?;
            self.settings().write_into(block, &config, &mut planned);
            if planned != prior {
                if !prior.is_nil() {
                    requires_replace = replaced(&request.type_name, &prior, &planned);
                }
                values::visit(block, &mut planned, &mut |_, attribute, value| {
                    if attribute.write_only {
                        *value = Value::Nil;
                    } else if attribute.computed && value.is_nil() {
                        *value = values::unknown();
                    }
                });
            }
        }
        Ok(wire::Planned { planned_state: values::encode(&planned)?, requires_replace }.encode_to_vec())
    }

    fn apply(&self, request: &wire::Change) -> Result<Vec<u8>, String> {
        let mut state = values::decode(request.planned_state.as_ref())?;
        if !state.is_nil() {
            let settings = self.settings();
            let arguments = request.planned_state.as_ref().map_or(&[][..], |planned| planned.msgpack.as_slice());
            let inventor = Inventor::new(&request.type_name, &settings.region, arguments);
            values::visit(self.recorded.schema.block(Kind::Resource, &request.type_name)?, &mut state, &mut |path, attribute, value| {
                if values::is_unknown(value) {
                    *value = inventor.value(path.last().unwrap_or(&""), attribute);
                }
            });
        }
        Ok(wire::State { value: values::encode(&state)? }.encode_to_vec())
    }

    fn read_data(&self, request: &wire::TypedConfig) -> Result<Vec<u8>, String> {
        let mut state = values::decode(request.config.as_ref())?;
        let settings = self.settings();
        let block = self.recorded.schema.block(Kind::DataSource, &request.type_name)?;
        if block.attributes.contains_key("region") && values::get(&state, "region").is_nil() {
            values::set(&mut state, "region", Value::from(settings.region.as_str()));
        }
        let arguments = request.config.as_ref().map_or(&[][..], |config| config.msgpack.as_slice());
        let inventor = Inventor::new(&request.type_name, &settings.region, arguments);
        values::visit(block, &mut state, &mut |path, attribute, value| {
            if attribute.computed && value.is_nil() {
                *value = inventor.value(path.last().unwrap_or(&""), attribute);
            }
        });
        Ok(wire::State { value: values::encode(&state)? }.encode_to_vec())
    }

    fn import(&self, request: wire::Import) -> Result<Vec<u8>, String> {
        let mut state = values::empty_object(self.recorded.schema.block(Kind::Resource, &request.type_name)?);
        values::set(&mut state, "id", Value::from(request.id));
        let resource = wire::ImportedResource { type_name: request.type_name, state: values::encode(&state)? };
        Ok(wire::Imported { resources: vec![resource] }.encode_to_vec())
    }

    fn settings(&self) -> MutexGuard<'_, Settings> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Settings {
    /// What the AWS provider plans for every resource that has these attributes.
    fn write_into(&self, block: &Block, config: &Value, planned: &mut Value) {
        if block.attributes.contains_key("region") && values::get(config, "region").is_nil() {
            values::set(planned, "region", Value::from(self.region.as_str()));
        }
        if block.attributes.contains_key("tags_all") {
            let tags = values::get(planned, "tags");
            let all = if values::holds_unknown(tags) { values::unknown() } else { self.merged(values::entries(tags)) };
            values::set(planned, "tags_all", all);
        }
    }

    /// The default tags with the resource's own in front of them, in the order of their names, as Terraform itself keeps maps.
    fn merged(&self, tags: &[(Value, Value)]) -> Value {
        let defaults = self.default_tags.iter().filter(|(name, _)| !tags.iter().any(|(own, _)| own == name));
        let mut all: Vec<_> = defaults.chain(tags).cloned().collect();
        all.sort_by(|(one, _), (other, _)| one.as_str().cmp(&other.as_str()));
        Value::Map(all)
    }
}

/// The changed arguments that cannot be changed in place. The region never can.
fn replaced(type_name: &str, prior: &Value, planned: &Value) -> Vec<wire::AttributePath> {
    let listed = tables::replaced_on_change(type_name).iter().chain(&["region"]);
    listed.filter(|name| values::get(prior, name) != values::get(planned, name)).map(|name| wire::AttributePath::of(name)).collect()
}

/// State is kept in the newest form already, so there is nothing to upgrade.
fn upgrade(request: wire::StoredState) -> Vec<u8> {
    let json = request.raw_state.map(|state| state.json).unwrap_or_default();
    wire::State { value: Some(wire::DynamicValue { msgpack: Vec::new(), json }) }.encode_to_vec()
}

fn read<M: Message + Default>(request: &[u8]) -> Result<M, String> {
    M::decode(request).map_err(|error| error.to_string())
}
