//! Type constraints of a module's inputs, read as Terraform reads them ("Type Constraints" in Terraform's language documentation, and
//! what 1.11.4 says of each form: tests/terraform/conversions.txt).

use super::fit::{Fit, Given};
use super::validation::TerraformValue;
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, FuncCall, ObjectKey};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// What an input takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableType {
    /// `any`: whatever comes.
    Any,
    /// `string`.
    Text,
    /// `number`.
    Number,
    /// `bool`.
    Boolean,
    /// `list(...)`.
    List(Box<VariableType>),
    /// `set(...)`.
    Set(Box<VariableType>),
    /// `map(...)`.
    Map(Box<VariableType>),
    /// `tuple([...])`.
    Tuple(Vec<VariableType>),
    /// `object({...})`.
    Object(BTreeMap<String, ObjectAttribute>),
}

/// An attribute of an `object({...})`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectAttribute {
    /// What it takes.
    pub kind: VariableType,
    /// True inside `optional(...)`.
    pub is_optional: bool,
    /// What holds where an optional attribute is not given.
    pub default: AttributeDefault,
}

/// What holds where an optional attribute is not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeDefault {
    /// Null.
    Null,
    /// This literal.
    Known(TerraformValue),
    /// What is not worked out here.
    Unknown,
}

/// A type constraint that Terraform does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypeProblem {
    /// Where, in bytes of the text that was parsed.
    pub(super) span: Range<usize>,
    /// What is wrong.
    pub(super) message: String,
}

const CONSTRUCTORS: &str =
    "a type is `string`, `number`, `bool`, `any`, `list(...)`, `set(...)`, `map(...)`, `tuple([...])` or `object({...})`";

/// Reads a variable's type. `list` and `map` alone are short for `list(any)` and `map(any)`, at the top only.
pub(super) fn read_type(expression: &Expression) -> Result<VariableType, TypeProblem> {
    match keyword(expression) {
        Some("list") => Ok(VariableType::List(Box::new(VariableType::Any))),
        Some("map") => Ok(VariableType::Map(Box::new(VariableType::Any))),
        _ => nested(expression),
    }
}

fn nested(expression: &Expression) -> Result<VariableType, TypeProblem> {
    let problem = |message: String| Err(TypeProblem { span: expression.span().unwrap_or_default(), message });
    match expression {
        Expression::FuncCall(call) if !call.name.is_namespaced() => constructed(call, &problem),
        Expression::String(text) => problem(format!("the type `\"{}\"` is quoted: types are written without quotes", text.value())),
        _ => match keyword(expression) {
            Some("any") => Ok(VariableType::Any),
            Some("string") => Ok(VariableType::Text),
            Some("number") => Ok(VariableType::Number),
            Some("bool") => Ok(VariableType::Boolean),
            Some(name @ ("list" | "set" | "map")) => problem(format!("`{name}` needs the type of its elements: `{name}(string)`")),
            Some("tuple") => problem("`tuple` needs the types of its elements: `tuple([string, number])`".to_owned()),
            Some("object") => problem("`object` needs its attributes: `object({ name = string })`".to_owned()),
            Some(name) => problem(format!("unknown type `{name}`: {CONSTRUCTORS}")),
            None => problem(CONSTRUCTORS.to_owned()),
        },
    }
}

fn constructed(call: &FuncCall, problem: &impl Fn(String) -> Result<VariableType, TypeProblem>) -> Result<VariableType, TypeProblem> {
    let arguments: Vec<&Expression> = call.args.iter().collect();
    let element = |wrap: fn(Box<VariableType>) -> VariableType| match arguments.as_slice() {
        [one] => nested(one).map(|kind| wrap(Box::new(kind))),
        _ => problem(format!("`{0}(...)` takes one type, that of its elements: `{0}(string)`", call.name.name.as_str())),
    };
    match (call.name.name.as_str(), arguments.as_slice()) {
        ("list", _) => element(VariableType::List),
        ("set", _) => element(VariableType::Set),
        ("map", _) => element(VariableType::Map),
        ("tuple", [Expression::Array(types)]) => types.iter().map(nested).collect::<Result<_, _>>().map(VariableType::Tuple),
        ("tuple", _) => problem("`tuple(...)` takes a list of types: `tuple([string, number])`".to_owned()),
        ("object", [Expression::Object(attributes)]) => {
            let mut read = BTreeMap::new();
            for (key, value) in attributes {
                let name = match key {
                    ObjectKey::Ident(name) => Some(name.as_str()),
                    ObjectKey::Expression(key) => keyword(key),
                };
                let Some(name) = name else { return problem("the attributes of `object({...})` are names without quotes".to_owned()) };
                if read.insert(name.to_owned(), attribute(value.expr())?).is_some() {
                    return problem(format!("the attribute `{name}` is twice in `object({{...}})`"));
                }
            }
            Ok(VariableType::Object(read))
        }
        ("object", _) => problem("`object(...)` takes attributes with their types: `object({ name = string })`".to_owned()),
        ("optional", _) => problem("`optional(...)` belongs to an attribute of `object({...})`".to_owned()),
        (name @ ("any" | "string" | "number" | "bool"), _) => problem(format!("`{name}` takes nothing in brackets")),
        (name, _) => problem(format!("unknown type `{name}(...)`: {CONSTRUCTORS}")),
    }
}

fn attribute(expression: &Expression) -> Result<ObjectAttribute, TypeProblem> {
    let Expression::FuncCall(call) = expression else {
        return Ok(ObjectAttribute { kind: nested(expression)?, is_optional: false, default: AttributeDefault::Null });
    };
    if call.name.is_namespaced() || call.name.name.as_str() != "optional" {
        return Ok(ObjectAttribute { kind: nested(expression)?, is_optional: false, default: AttributeDefault::Null });
    }
    let arguments: Vec<&Expression> = call.args.iter().collect();
    let problem = |place: &Expression, message: String| Err(TypeProblem { span: place.span().unwrap_or_default(), message });
    match arguments.as_slice() {
        [kind] => Ok(ObjectAttribute { kind: nested(kind)?, is_optional: true, default: AttributeDefault::Null }),
        [kind, default] => {
            let kind = nested(kind)?;
            if matches!(default, Expression::Variable(_) | Expression::Traversal(_) | Expression::FuncCall(_)) {
                return problem(default, "the default of an optional attribute is a value, without references and functions".to_owned());
            }
            match kind.takes(&Given::of_literal(default)) {
                Fit::Never(reason) => problem(default, format!("the default of an optional attribute is not a valid `{kind}`: {reason}")),
                Fit::Yes | Fit::Perhaps => Ok(ObjectAttribute { kind, is_optional: true, default: known(default) }),
            }
        }
        _ => problem(expression, "`optional(...)` takes a type, and optionally a default".to_owned()),
    }
}

/// A default that is a literal; Terraform composes letters, which is left to it.
fn known(default: &Expression) -> AttributeDefault {
    let literal = TerraformValue::of_literal(default).filter(|value| value.to_string().is_ascii());
    literal.map_or(AttributeDefault::Unknown, AttributeDefault::Known)
}

fn keyword(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Variable(name) => Some(name.as_str()),
        // What reads as a literal elsewhere is a word here, and no type's.
        Expression::Null(_) => Some("null"),
        Expression::Bool(value) => Some(if *value.value() { "true" } else { "false" }),
        _ => None,
    }
}

impl VariableType {
    /// False where a default of an attribute is not known, so that its constraint cannot be written as it was.
    pub(super) fn is_known(&self) -> bool {
        match self {
            VariableType::List(element) | VariableType::Set(element) | VariableType::Map(element) => element.is_known(),
            VariableType::Tuple(kinds) => kinds.iter().all(VariableType::is_known),
            VariableType::Object(attributes) => {
                attributes.values().all(|attribute| attribute.default != AttributeDefault::Unknown && attribute.kind.is_known())
            }
            VariableType::Any | VariableType::Text | VariableType::Number | VariableType::Boolean => true,
        }
    }

    /// Its constraint, with the defaults of optional attributes, which [`Display`](fmt::Display) leaves out.
    pub(super) fn with_defaults(&self) -> String {
        let each = |kinds: &[VariableType]| kinds.iter().map(VariableType::with_defaults).collect::<Vec<_>>().join(", ");
        match self {
            VariableType::List(element) => format!("list({})", element.with_defaults()),
            VariableType::Set(element) => format!("set({})", element.with_defaults()),
            VariableType::Map(element) => format!("map({})", element.with_defaults()),
            VariableType::Tuple(kinds) => format!("tuple([{}])", each(kinds)),
            VariableType::Object(attributes) => {
                let written = |(name, ObjectAttribute { kind, is_optional, default }): (&String, &ObjectAttribute)| {
                    let kind = kind.with_defaults();
                    match (is_optional, default) {
                        (true, AttributeDefault::Known(default)) => format!("{name} = optional({kind}, {default})"),
                        (true, AttributeDefault::Null | AttributeDefault::Unknown) => format!("{name} = optional({kind})"),
                        (false, _) => format!("{name} = {kind}"),
                    }
                };
                format!("object({{{}}})", attributes.iter().map(written).collect::<Vec<_>>().join(", "))
            }
            VariableType::Any | VariableType::Text | VariableType::Number | VariableType::Boolean => self.to_string(),
        }
    }
}

impl fmt::Display for VariableType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VariableType::Any => out.write_str("any"),
            VariableType::Text => out.write_str("string"),
            VariableType::Number => out.write_str("number"),
            VariableType::Boolean => out.write_str("bool"),
            VariableType::List(element) => write!(out, "list({element})"),
            VariableType::Set(element) => write!(out, "set({element})"),
            VariableType::Map(element) => write!(out, "map({element})"),
            VariableType::Tuple(elements) => {
                let elements: Vec<String> = elements.iter().map(VariableType::to_string).collect();
                write!(out, "tuple([{}])", elements.join(", "))
            }
            VariableType::Object(attributes) => {
                let written = |(name, ObjectAttribute { kind, is_optional, .. }): (&String, &ObjectAttribute)| match is_optional {
                    true => format!("{name} = optional({kind})"),
                    false => format!("{name} = {kind}"),
                };
                let attributes: Vec<String> = attributes.iter().map(written).collect();
                write!(out, "object({{{}}})", attributes.join(", "))
            }
        }
    }
}
