//! Values for what only a cloud decides. They are made from a seed, so that the same plan gives the same state every time.

use rmpv::Value;
use sha2::{Digest, Sha256};

use super::schema::{Attribute, Nesting};
use super::tables::{self, Answer};

/// Makes the computed values of one resource or data source.
pub(super) struct Inventor<'a> {
    type_name: &'a str,
    region: &'a str,
    /// 17 hexadecimal digits, as in AWS's own identifiers.
    seed: String,
}

impl<'a> Inventor<'a> {
    /// Two resources of one type with the same arguments get the same values, since a provider does not get their addresses.
    pub(super) fn new(type_name: &'a str, region: &'a str, arguments: &[u8]) -> Self {
        let digest = Sha256::new().chain_update(type_name).chain_update(arguments).finalize();
        let mut seed: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        seed.truncate(17);
        Self { type_name, region, seed }
    }

    /// The value of a computed attribute that nothing else decides.
    pub(super) fn value(&self, name: &str, attribute: &Attribute) -> Value {
        match tables::answer(self.type_name, name) {
            Some(Answer::Text(template)) => tables::text(template, self.region),
            Some(Answer::Texts(templates)) => Value::Array(templates.iter().map(|template| tables::text(template, self.region)).collect()),
            Some(Answer::Number(number)) => Value::from(*number),
            Some(Answer::OneElement) => {
                let element = attribute.value_type.as_ref().map_or(Value::Nil, |value_type| self.of_type(name, &value_type[1]));
                Value::Array(vec![element])
            }
            None => match (&attribute.value_type, &attribute.nested_type) {
                (Some(value_type), _) => self.of_type(name, value_type),
                (None, Some(nested)) => match nested.nesting_mode {
                    Nesting::Single | Nesting::Group => Value::Nil,
                    Nesting::List | Nesting::Set => Value::Array(Vec::new()),
                    Nesting::Map => Value::Map(Vec::new()),
                },
                (None, None) => Value::Nil,
            },
        }
    }

    /// A value of a type in Terraform's JSON notation. Collections are empty, objects have all their attributes.
    fn of_type(&self, name: &str, value_type: &serde_json::Value) -> Value {
        if let Some(primitive) = value_type.as_str() {
            return match primitive {
                "number" => Value::from(0),
                "bool" => Value::from(false),
                _ => Value::from(self.text(name)),
            };
        }
        match value_type[0].as_str() {
            Some("map") => Value::Map(Vec::new()),
            Some("object") => {
                let attributes = value_type[1].as_object().into_iter().flatten();
                Value::Map(attributes.map(|(name, value_type)| (Value::from(name.as_str()), self.of_type(name, value_type))).collect())
            }
            Some("tuple") => {
                let elements = value_type[1].as_array().into_iter().flatten();
                Value::Array(elements.map(|value_type| self.of_type(name, value_type)).collect())
            }
            _ => Value::Array(Vec::new()),
        }
    }

    fn text(&self, name: &str) -> String {
        let prefix = tables::identifier_prefix(self.type_name);
        let identifier = format!("{prefix}-{}", self.seed);
        match name {
            "id" => identifier,
            "arn" => format!("arn:aws:{prefix}:{}:{}:{identifier}", self.region, tables::ACCOUNT),
            // The secret that RDS manages; modules check that it is one.
            "secret_arn" => format!("arn:aws:secretsmanager:{}:{}:secret:rds!{identifier}-AbCdEf", self.region, tables::ACCOUNT),
            _ if name.ends_with("_arn") => format!("arn:aws:{prefix}:{}:{}:{name}/{identifier}", self.region, tables::ACCOUNT),
            _ => format!("{name}-of-{identifier}"),
        }
    }
}
