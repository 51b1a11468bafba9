//! Values as Terraform sends them, MessagePack with unknown values as an extension, and the walk over them along a schema.

use rmpv::Value;

use super::schema::{Attribute, Block, Nesting};
use super::wire::DynamicValue;

/// What an attribute holds until the cloud has answered: extension type 0, whose content is not looked at.
pub(super) fn unknown() -> Value {
    Value::Ext(0, vec![0])
}

pub(super) fn is_unknown(value: &Value) -> bool {
    matches!(value, Value::Ext(..))
}

/// Whether an unknown value stands anywhere inside.
pub(super) fn holds_unknown(value: &Value) -> bool {
    match value {
        Value::Ext(..) => true,
        Value::Array(elements) => elements.iter().any(holds_unknown),
        Value::Map(entries) => entries.iter().any(|(_, value)| holds_unknown(value)),
        _ => false,
    }
}

/// No value at all is null, which is how Terraform writes the state of what does not exist.
pub(super) fn decode(dynamic: Option<&DynamicValue>) -> Result<Value, String> {
    match dynamic {
        Some(dynamic) if !dynamic.msgpack.is_empty() => {
            rmpv::decode::read_value(&mut dynamic.msgpack.as_slice()).map_err(|error| error.to_string())
        }
        _ => Ok(Value::Nil),
    }
}

pub(super) fn encode(value: &Value) -> Result<Option<DynamicValue>, String> {
    let mut msgpack = Vec::new();
    rmpv::encode::write_value(&mut msgpack, value).map_err(|error| error.to_string())?;
    Ok(Some(DynamicValue { msgpack, json: Vec::new() }))
}

/// An attribute or nested block of an object, null where there is none.
pub(super) fn get<'a>(object: &'a Value, name: &str) -> &'a Value {
    entries(object).iter().find(|(key, _)| key.as_str() == Some(name)).map_or(&Value::Nil, |(_, value)| value)
}

/// Writes an attribute of an object that has it already; objects on the wire always have all their attributes.
pub(super) fn set(object: &mut Value, name: &str, new: Value) {
    if let Some(value) = get_mut(object, name) {
        *value = new;
    }
}

pub(super) fn entries(value: &Value) -> &[(Value, Value)] {
    value.as_map().map_or(&[], Vec::as_slice)
}

/// An object of the block's shape in which nothing is set.
pub(super) fn empty_object(block: &Block) -> Value {
    let attributes = block.attributes.keys().map(|name| (Value::from(name.as_str()), Value::Nil));
    let blocks = block.block_types.iter().map(|(name, nested)| {
        let value = match nested.nesting_mode {
            Nesting::List | Nesting::Set => Value::Array(Vec::new()),
            Nesting::Map => Value::Map(Vec::new()),
            Nesting::Group => empty_object(&nested.block),
            Nesting::Single => Value::Nil,
        };
        (Value::from(name.as_str()), value)
    });
    Value::Map(attributes.chain(blocks).collect())
}

/// Hands every attribute of the value to `visitor`, those in nested blocks and nested attributes too. The visitor gets the path of names to
/// the attribute, without the positions in lists.
pub(super) fn visit(block: &Block, value: &mut Value, visitor: &mut dyn FnMut(&[&str], &Attribute, &mut Value)) {
    visit_block(block, value, &mut Vec::new(), visitor);
}

fn visit_block<'a>(block: &'a Block, value: &mut Value, path: &mut Vec<&'a str>, visitor: &mut dyn FnMut(&[&str], &Attribute, &mut Value)) {
    visit_attributes(&block.attributes, value, path, visitor);
    for (name, nested) in &block.block_types {
        if let Some(value) = get_mut(value, name) {
            path.push(name);
            for element in elements_mut(value, nested.nesting_mode) {
                visit_block(&nested.block, element, path, visitor);
            }
            path.pop();
        }
    }
}

fn visit_attributes<'a>(
    attributes: &'a std::collections::BTreeMap<String, Attribute>,
    object: &mut Value,
    path: &mut Vec<&'a str>,
    visitor: &mut dyn FnMut(&[&str], &Attribute, &mut Value),
) {
    for (name, attribute) in attributes {
        let Some(value) = get_mut(object, name) else { continue };
        path.push(name);
        visitor(path, attribute, value);
        if let Some(nested) = &attribute.nested_type {
            for element in elements_mut(value, nested.nesting_mode) {
                visit_attributes(&nested.attributes, element, path, visitor);
            }
        }
        path.pop();
    }
}

/// The objects inside a nested block or attribute; none where it is null or unknown.
fn elements_mut(value: &mut Value, nesting: Nesting) -> Vec<&mut Value> {
    match (nesting, value) {
        (Nesting::List | Nesting::Set, Value::Array(elements)) => elements.iter_mut().collect(),
        (Nesting::Map, Value::Map(entries)) => entries.iter_mut().map(|(_, value)| value).collect(),
        (Nesting::Single | Nesting::Group, value @ Value::Map(_)) => vec![value],
        _ => Vec::new(),
    }
}

fn get_mut<'a>(object: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    match object {
        Value::Map(entries) => entries.iter_mut().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value),
        _ => None,
    }
}
