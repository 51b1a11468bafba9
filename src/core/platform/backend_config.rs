//! `state.config`: the arguments of a backend, each read by what Terraform takes there, with the templates that a provider may write.
//!
//! What is filled in for a template never has a `/`, and the state key follows in full whatever they say: two deployments never get one
//! place and key.

use super::backend_arguments::{BackendArgument, backend_argument, backend_argument_names};
use super::backend_forms::{BackendForm, WrittenArgument, kept_elsewhere, known_credential};
use super::fields::{entries, invalid, meant};
use super::state::BackendKind;
use crate::clouds::default_cloud;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess};
use crate::schema::{Part, Template, Type, Typed, Variables, read as read_value, wrong_type};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node, Value};
use smol_str::SmolStr;

/// What templates in `state.config` name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateVariable {
    /// The account that the registry gives the repository.
    AccountId,
    /// The customer's id.
    CustomerId,
    /// The repository's name.
    Repository,
    /// The deployment's environment.
    Environment,
    /// The deployment's region.
    Region,
}

const VARIABLES: &[&str] = &["account_id", "customer_id", "repository", "environment", "region"];

impl StateVariable {
    fn of(name: &str) -> Self {
        match name {
            "account_id" => StateVariable::AccountId,
            "customer_id" => StateVariable::CustomerId,
            "repository" => StateVariable::Repository,
            "environment" => StateVariable::Environment,
            _ => StateVariable::Region,
        }
    }

    /// True for what may differ between two deployments of one customer.
    fn is_of_deployment(self) -> bool {
        matches!(self, StateVariable::Environment | StateVariable::Region)
    }
}

/// The values of the variables for one deployment.
#[derive(Clone, Copy, Debug)]
pub struct StateVariables<'v> {
    /// The account, where the registry gives one.
    pub account_id: Option<&'v str>,
    /// The customer's id.
    pub customer_id: &'v str,
    /// The repository's name.
    pub repository: &'v str,
    /// The environment.
    pub environment: &'v str,
    /// The region.
    pub region: &'v str,
}

impl StateVariables<'_> {
    fn get(&self, variable: StateVariable) -> &str {
        match variable {
            StateVariable::AccountId => self.account_id.unwrap_or(""),
            StateVariable::CustomerId => self.customer_id,
            StateVariable::Repository => self.repository,
            StateVariable::Environment => self.environment,
            StateVariable::Region => self.region,
        }
    }
}

/// A part of a text with templates.
#[derive(Clone, Debug, PartialEq)]
pub enum ConfigPart {
    /// Text that stands for itself.
    Text(SmolStr),
    /// A variable.
    Variable(StateVariable),
}

/// A value of a backend's configuration.
#[derive(Clone, Debug, PartialEq)]
pub enum ConfigValue {
    /// A single value.
    Single(Typed),
    /// Text with templates.
    Template(Vec<ConfigPart>),
    /// A list.
    List(Vec<ConfigValue>),
    /// A mapping.
    Object(Vec<(SmolStr, ConfigValue)>),
}

impl ConfigValue {
    /// The value for a deployment, in which no template is left.
    #[must_use]
    pub fn filled(&self, variables: &StateVariables<'_>) -> ConfigValue {
        match self {
            ConfigValue::Single(value) => ConfigValue::Single(value.clone()),
            ConfigValue::Template(parts) => {
                let mut filled = String::new();
                for part in parts {
                    filled.push_str(match part {
                        ConfigPart::Text(text) => text,
                        ConfigPart::Variable(variable) => variables.get(*variable),
                    });
                }
                ConfigValue::Single(Typed::Text(filled.into()))
            }
            ConfigValue::List(items) => ConfigValue::List(items.iter().map(|item| item.filled(variables)).collect()),
            ConfigValue::Object(entries) => {
                ConfigValue::Object(entries.iter().map(|(name, value)| (name.clone(), value.filled(variables))).collect())
            }
        }
    }

    fn any(&self, wanted: fn(StateVariable) -> bool) -> bool {
        match self {
            ConfigValue::Single(_) => false,
            ConfigValue::Template(parts) => parts.iter().any(|part| matches!(part, ConfigPart::Variable(variable) if wanted(*variable))),
            ConfigValue::List(items) => items.iter().any(|item| item.any(wanted)),
            ConfigValue::Object(entries) => entries.iter().any(|(_, value)| value.any(wanted)),
        }
    }

    /// True when the account has to be known.
    pub(super) fn needs_account(&self) -> bool {
        self.any(|variable| variable == StateVariable::AccountId)
    }

    /// True when it may differ between two deployments of one customer.
    pub(super) fn is_of_deployment(&self) -> bool {
        self.any(StateVariable::is_of_deployment)
    }
}

/// An argument of a backend.
#[derive(Clone, Debug)]
pub struct ConfigEntry {
    /// Its name.
    pub name: Spanned<SmolStr>,
    /// Its value.
    pub value: ConfigValue,
}

/// Reads a backend's arguments. Nothing is known of those of a backend that could not be read, which is an error itself.
pub(super) fn read(backend: Option<BackendKind>, entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> Vec<ConfigEntry> {
    let Some(backend) = backend else { return Vec::new() };
    arguments(backend, None, entries(entry, diagnostics), diagnostics)
}

/// Reads the arguments at the top, or those within an object.
fn arguments(backend: BackendKind, within: Option<&str>, entries: &[Entry], diagnostics: &mut Diagnostics) -> Vec<ConfigEntry> {
    let mut config = Vec::new();
    for entry in entries {
        let name = within.map_or_else(|| entry.key.value.to_string(), |object| format!("{object}.{}", entry.key.value));
        let kind = match backend_argument(backend.as_str(), &name) {
            // A name that is written with its dot is a name that is not known.
            Some(kind) if within.is_some() || !entry.key.value.contains('.') => kind,
            _ => {
                diagnostics.push(unknown(backend, within, &entry.key, entries));
                continue;
            }
        };
        if let Some(value) = argument(backend, kind, &name, entry, diagnostics) {
            config.push(ConfigEntry { name: entry.key.clone(), value });
        }
    }
    config
}

fn argument(backend: BackendKind, kind: BackendArgument, name: &str, entry: &Entry, diagnostics: &mut Diagnostics) -> Option<ConfigValue> {
    let (key, node) = (entry.key.value.as_str(), &entry.value);
    match kind {
        BackendArgument::Own { why } => {
            let message = format!("`{key}` is left to terralet");
            diagnostics.push(invalid(entry.key.span, message, format!("remove it: {why}")));
            None
        }
        BackendArgument::Gone { since, instead } => {
            let message = format!("`{key}` is not an argument of the backend `{}` since Terraform {since}", backend.as_str());
            let help = match instead.map(|instead| instead.split_once('.').ok_or(instead)) {
                Some(Ok((object, inner))) => format!("write it as `{object}: {{{inner}: ...}}`"),
                Some(Err(instead)) => format!("write `{instead}` instead"),
                None => "remove it".to_owned(),
            };
            diagnostics.push(invalid(entry.key.span, message, help));
            None
        }
        _ if node.is_null() => None,
        BackendArgument::Credential { variable } => {
            diagnostics.push(kept_elsewhere(key, variable, node.span));
            None
        }
        BackendArgument::Text => text(key, node, None, diagnostics),
        BackendArgument::Form(form) => text(key, node, Some(form), diagnostics),
        BackendArgument::Boolean => single(Type::Boolean, key, node, diagnostics),
        BackendArgument::Number => single(Type::Integer { min: 0, max: 1_000_000, unit: "" }, key, node, diagnostics),
        BackendArgument::Texts => match &node.value {
            Value::Sequence(items) => Some(ConfigValue::List(items.iter().filter_map(|item| text(key, item, None, diagnostics)).collect())),
            _ => {
                diagnostics.push(wrong_type("a list", key, node).help(format!("write `{key}: [...]`, or one item a line behind `- `")));
                None
            }
        },
        BackendArgument::Map => {
            let entries = entries(Some(entry), diagnostics);
            let value = |entry: &Entry| Some((entry.key.value.clone(), text(&entry.key.value, &entry.value, None, diagnostics)?));
            Some(ConfigValue::Object(entries.iter().filter_map(value).collect()))
        }
        BackendArgument::Object => {
            let inner = entries(Some(entry), diagnostics);
            // Of an assumed role alone something is required.
            let is_there = |wanted: &str| inner.iter().any(|entry| entry.key.value == wanted && !entry.value.is_null());
            if backend_argument(backend.as_str(), &format!("{name}.role_arn")).is_some() && !is_there("role_arn") {
                let message = format!("`{key}` has no `role_arn`");
                let diagnostic = Diagnostic::new(&codes::MISSING_KEY, message).at(entry.key.span, "Terraform does not take it without");
                diagnostics.push(diagnostic.help(format!("add `role_arn:` to `{key}`")));
            }
            let read = arguments(backend, Some(name), inner, diagnostics);
            Some(ConfigValue::Object(read.into_iter().map(|entry| (entry.name.value, entry.value)).collect()))
        }
    }
}

fn single(kind: Type, key: &str, node: &Node, diagnostics: &mut Diagnostics) -> Option<ConfigValue> {
    match read_value(default_cloud(), kind, key, node, None) {
        Ok(value) => value.map(ConfigValue::Single),
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            None
        }
    }
}

/// Text as it is written, such as `012345670123`, with its templates found, perhaps of a form.
fn text(key: &str, node: &Node, form: Option<BackendForm>, diagnostics: &mut Diagnostics) -> Option<ConfigValue> {
    let Some(scalar) = node.as_scalar() else {
        diagnostics.push(wrong_type("text", key, node));
        return None;
    };
    match formed(key, &scalar.text, node.span, form) {
        Ok(value) => Some(value),
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            None
        }
    }
}

fn formed(key: &str, text: &str, span: Span, form: Option<BackendForm>) -> Result<ConfigValue, Diagnostic> {
    if let Some(diagnostic) = known_credential(text, span) {
        return Err(diagnostic);
    }
    let template = Template::parse_of(VARIABLES, text, span)?;
    let part = |part: &Part<'_>| match part {
        Part::Text(text) => ConfigPart::Text(SmolStr::new(text)),
        Part::Variable(name) => ConfigPart::Variable(StateVariable::of(name)),
    };
    let parts: Vec<ConfigPart> = template.parts().iter().map(part).collect();
    if let Some(form) = form {
        let letters = parts.iter().map(|part| if let ConfigPart::Text(text) = part { text.as_str() } else { "x" });
        let has_repository = parts.contains(&ConfigPart::Variable(StateVariable::Repository));
        form.judge(&WrittenArgument { key, text, filled: &letters.collect::<String>(), has_repository, span })?;
    }
    Ok(if template.is_literal() {
        ConfigValue::Single(Typed::Text(template.expand(&Variables::default()).into()))
    } else {
        ConfigValue::Template(parts)
    })
}

/// A name that the backend does not know, with the nearest that it does, or the backend that knows it.
fn unknown(backend: BackendKind, within: Option<&str>, key: &Spanned<SmolStr>, next_to: &[Entry]) -> Diagnostic {
    let place = within.map_or_else(|| "`config`".to_owned(), |object| format!("`{object}`"));
    let message = format!("unknown argument `{}` in {place} of the backend `{}`", key.value, backend.as_str());
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_KEY, message);
    if let Some(near) = guess(&key.value, backend_argument_names(backend.as_str(), within)) {
        return meant(diagnostic, key, &near, next_to);
    }
    let diagnostic = diagnostic.at(key.span, "Terraform has no such argument here");
    let is_known = |other: &&BackendKind| **other != backend && backend_argument(other.as_str(), &key.value).is_some();
    diagnostic.help(match BackendKind::ALL.iter().find(is_known).filter(|_| within.is_none()) {
        Some(other) => format!("it is an argument of the backend `{}`; `state.backend` says which one is used", other.as_str()),
        None => format!("its arguments are listed at {}", backend.documentation()),
    })
}
