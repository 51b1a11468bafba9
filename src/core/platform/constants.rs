//! `modules.inputs`: what the service provider passes to inputs of its own modules that the language has no key for.

use super::backend_forms::{known_credential, named_credential};
use super::fields::{bare_name, entries, invalid, unknown};
use crate::clouds::modules;
use crate::diagnostics::Diagnostics;
use crate::schema::{Typed, is_literal_secret, key_names_secret};
use crate::source::Spanned;
use crate::syntax::{Entry, Node, Plain, Scalar, Value, plain};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The key of `modules`.
pub(super) const INPUTS: &str = "inputs";
/// The same of a tier, and of a registry entry.
pub(super) const MODULES_INPUTS: &str = "modules_inputs";

/// What Terraform reads in a `module` block itself, so that no variable has such a name ("Input variables" in its documentation).
const NO_VARIABLES: [&str; 8] = ["source", "version", "providers", "count", "for_each", "depends_on", "lifecycle", "locals"];

/// What is passed to inputs of modules, the same for all customers whom it is for.
#[derive(Clone, Debug, Default)]
pub struct Constants(BTreeMap<&'static str, Vec<Constant>>);

/// What is passed to one input.
#[derive(Clone, Debug)]
pub struct Constant {
    /// The input's name, at its place in the platform file.
    pub name: Spanned<SmolStr>,
    /// The value. Text in it is never an expression.
    pub value: Typed,
}

impl Constants {
    /// The constants of a module, each input once.
    pub fn of(&self, module: &str) -> &[Constant] {
        self.0.get(module).map_or(&[], Vec::as_slice)
    }

    /// True where nothing is passed.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(Vec::is_empty)
    }

    /// Reads modules, each with its inputs.
    pub(super) fn read(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> Constants {
        let mut all = Constants::default();
        let Some(entry) = entry else { return all };
        let names: Vec<&str> = modules().map(|module| module.name).collect();
        let written = entries(Some(entry), diagnostics);
        for of_module in written {
            bare_name(of_module, "the module", diagnostics);
            let Some(module) = modules().find(|module| module.name == of_module.key.value) else {
                diagnostics.push(unknown(&of_module.key, &format!("`{}`", entry.key.value), &names, written));
                continue;
            };
            let inputs = entries(Some(of_module), diagnostics).iter();
            let inputs = inputs.filter_map(|entry| constant(module.name, module.input(&entry.key.value).is_some(), entry, diagnostics));
            let inputs: Vec<Constant> = inputs.collect();
            all.0.insert(module.name, inputs);
        }
        all
    }
}

/// Reads the constant of a module's input; of one that the language or the deployment gives, there is none.
fn constant(module: &str, is_passed: bool, entry: &Entry, diagnostics: &mut Diagnostics) -> Option<Constant> {
    let Entry { key: name, value } = entry;
    let refused = if is_passed {
        Some((
            format!("`{}` of `{module}` is passed by terralet already", name.value),
            "remove it: the language or the deployment gives the value; docs/platform.md says which",
        ))
    } else if !is_variable(&name.value) {
        Some((
            format!("`{}` cannot be the name of an input", name.value),
            "write the name of a variable of the module: ASCII letters, digits, `_` and `-`, a letter first, and none of Terraform's own arguments of a `module` block",
        ))
    } else {
        None
    };
    if let Some((message, help)) = refused {
        diagnostics.push(invalid(name.span, message, help));
        return None;
    }
    Some(Constant { name: name.clone(), value: read_value(Below::nothing(&name.value), value, diagnostics)? })
}

fn is_variable(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(is_letter)
        && !NO_VARIABLES.contains(&name)
}

/// What a value stands below.
#[derive(Clone, Copy)]
struct Below<'k> {
    /// The nearest key.
    key: &'k str,
    /// The nearest key that names a secret, so that what stands below it is one.
    secret: Option<&'k str>,
}

impl<'k> Below<'k> {
    fn nothing(key: &'k str) -> Self {
        Below { key, secret: None }.key(key)
    }

    fn key(self, key: &'k str) -> Self {
        Below { key, secret: if key_names_secret(key) { Some(key) } else { self.secret } }
    }
}

/// Reads a value as it is written; what is wrong with several parts of it is reported of each.
fn read_value(below: Below<'_>, node: &Node, diagnostics: &mut Diagnostics) -> Option<Typed> {
    match &node.value {
        Value::Null => {
            let help = "write a value; where the input has a default, it may be left out";
            diagnostics.push(invalid(node.span, format!("`{}` has no value", below.key), help));
            None
        }
        Value::Scalar(scalar) => single(below, scalar, node, diagnostics),
        Value::Sequence(items) => {
            let read: Vec<_> = items.iter().map(|item| read_value(below, item, diagnostics)).collect();
            read.into_iter().collect::<Option<_>>().map(Typed::List)
        }
        Value::Mapping(mapping) => {
            let read = mapping.entries.iter().map(|Entry { key, value }| {
                let credential = known_credential(&key.value, key.span);
                let value = read_value(below.key(&key.value), value, diagnostics);
                match credential {
                    Some(diagnostic) => {
                        diagnostics.push(diagnostic);
                        None
                    }
                    None => Some((key.value.clone(), value?)),
                }
            });
            let read: Vec<_> = read.collect();
            read.into_iter().collect::<Option<_>>().map(Typed::Object)
        }
    }
}

fn single(below: Below<'_>, scalar: &Scalar, node: &Node, diagnostics: &mut Diagnostics) -> Option<Typed> {
    let text = &scalar.text;
    let by_name = || below.secret.filter(|secret| is_literal_secret(secret, scalar)).map(|_| named_credential(below.key, node.span));
    if let Some(diagnostic) = known_credential(text, node.span).or_else(by_name) {
        diagnostics.push(diagnostic);
        return None;
    }
    match if scalar.plain { plain(text) } else { Plain::Text } {
        Plain::Boolean(value) => Some(Typed::Boolean(value)),
        // An account keeps its zeros, and a version its point.
        Plain::Integer(Some(value)) if value.to_string() == text.as_str() => Some(Typed::Integer(value)),
        number @ (Plain::Integer(_) | Plain::Float) => {
            let quoted = format!("\"{text}\"");
            // What Terraform makes a number of has digits first, perhaps behind a minus, and no marks of YAML's own.
            let is_decimal = text.strip_prefix('-').unwrap_or(text).starts_with(|first: char| first.is_ascii_digit())
                && !text.starts_with("0x")
                && !text.starts_with("0o");
            let message = format!("`{}` is a number that would not be passed as it is written", below.key);
            diagnostics.push(match number {
                _ if is_decimal => {
                    let help = format!("write `{quoted}`: where the input is a number, Terraform makes one of it");
                    invalid(node.span, message, help).suggest(node.span, quoted)
                }
                Plain::Integer(Some(value)) => {
                    let help = format!("write `{value}` for the number, or `{quoted}` for the text");
                    invalid(node.span, message, help).suggest(node.span, value.to_string())
                }
                _ => invalid(node.span, message, format!("write a number in decimal digits, or `{quoted}` for the text")),
            });
            None
        }
        Plain::Null | Plain::Text => Some(Typed::Text(text.clone())),
    }
}
