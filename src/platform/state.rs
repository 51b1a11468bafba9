//! Where state is kept.

use super::fields::{Fields, entries, invalid};
use crate::diagnostics::{Diagnostics, codes, nearest};
use crate::schema::Typed;
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node, Plain, Value, plain};
use smol_str::SmolStr;

/// A kind of backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackendKind {
    /// Files beside the workspace.
    Local,
    /// S3.
    S3,
    /// Azure blob storage.
    Azurerm,
    /// Google cloud storage.
    Gcs,
}

impl BackendKind {
    /// Its name in Terraform.
    pub fn as_str(self) -> &'static str {
        match self {
            BackendKind::Local => "local",
            BackendKind::S3 => "s3",
            BackendKind::Azurerm => "azurerm",
            BackendKind::Gcs => "gcs",
        }
    }

    /// Arguments that terralet sets itself, which the platform file may not.
    fn own_arguments(self) -> &'static [&'static str] {
        match self {
            BackendKind::Local => &["workspace_dir"],
            BackendKind::S3 => &["key", "workspace_key_prefix"],
            BackendKind::Azurerm => &["key"],
            BackendKind::Gcs => &["prefix"],
        }
    }

    /// Arguments that a backend cannot work without.
    fn required(self) -> &'static [&'static str] {
        match self {
            BackendKind::Local => &[],
            BackendKind::S3 => &["bucket", "region"],
            BackendKind::Azurerm => &["storage_account_name", "container_name"],
            BackendKind::Gcs => &["bucket"],
        }
    }

    /// Arguments that say where state is: another value there moves it.
    pub fn place_arguments(self) -> &'static [&'static str] {
        match self {
            BackendKind::Local => &["path"],
            BackendKind::S3 => &["bucket", "key", "region", "endpoint", "endpoints.s3"],
            BackendKind::Azurerm => {
                &["storage_account_name", "container_name", "key", "resource_group_name", "subscription_id", "environment"]
            }
            BackendKind::Gcs => &["bucket", "prefix", "storage_custom_endpoint"],
        }
    }
}

/// How state keys are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Layout {
    /// By repository.
    #[default]
    Repository,
    /// By customer and service.
    Service,
    /// By customer and region.
    Region,
}

/// A value of a backend's configuration.
#[derive(Clone, Debug, PartialEq)]
pub enum ConfigValue {
    /// A single value.
    Single(Typed),
    /// A list.
    List(Vec<ConfigValue>),
    /// A mapping.
    Object(Vec<(SmolStr, ConfigValue)>),
}

/// An argument of a backend.
#[derive(Clone, Debug)]
pub struct ConfigEntry {
    /// Its name.
    pub name: Spanned<SmolStr>,
    /// Its value.
    pub value: ConfigValue,
}

/// Where state is kept.
#[derive(Clone, Debug)]
pub struct State {
    /// The backend.
    pub backend: BackendKind,
    /// The layout of keys.
    pub layout: Layout,
    /// The backend's arguments but the key.
    pub config: Vec<ConfigEntry>,
    /// The place of `state` in the platform file.
    pub span: Option<Span>,
}

impl Default for State {
    fn default() -> Self {
        State { backend: BackendKind::Local, layout: Layout::Repository, config: Vec::new(), span: None }
    }
}

impl State {
    /// The arguments for a repository: its own over the platform's, key by key.
    pub fn config_for(&self, own: &[ConfigEntry]) -> Vec<(SmolStr, ConfigValue)> {
        let mut merged: Vec<(SmolStr, ConfigValue)> =
            self.config.iter().map(|entry| (entry.name.value.clone(), entry.value.clone())).collect();
        for entry in own {
            match merged.iter_mut().find(|(name, _)| *name == entry.name.value) {
                Some((_, value)) => *value = entry.value.clone(),
                None => merged.push((entry.name.value.clone(), entry.value.clone())),
            }
        }
        merged
    }
}

/// Reads `state`.
pub(super) fn read(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> State {
    let Some(entry) = entry else { return State::default() };
    let fields = Fields::of(&entry.value, "`state`", &["backend", "layout", "config"], diagnostics);
    let backends = [BackendKind::S3, BackendKind::Azurerm, BackendKind::Gcs, BackendKind::Local].map(|kind| (kind.as_str(), kind));
    let layouts = [("repository", Layout::Repository), ("service", Layout::Service), ("region", Layout::Region)];
    let state = State {
        backend: fields.choice("backend", &backends, diagnostics).unwrap_or(BackendKind::Local),
        layout: fields.choice("layout", &layouts, diagnostics).unwrap_or_default(),
        config: config(fields.get("config"), diagnostics),
        span: Some(entry.key.span),
    };
    own_arguments(&state, &state.config, diagnostics);
    for name in state.backend.required() {
        if !state.config.iter().any(|entry| entry.name.value == *name) {
            let misspelt = nearest(name, state.config.iter().map(|entry| entry.name.value.as_str()));
            let diagnostic = crate::diagnostics::Diagnostic::new(&codes::MISSING_KEY, format!("`state.config` has no `{name}`"));
            diagnostics.push(
                match misspelt {
                    Some(near) => diagnostic.at(entry.key.span, format!("did `{near}` mean `{name}`?")),
                    None => diagnostic.at(entry.key.span, format!("the backend `{}` needs it", state.backend.as_str())),
                }
                .help(format!("add `{name}:` to `config`")),
            );
        }
    }
    state
}

/// Tells arguments that terralet sets itself: a key written by hand could reach another customer's state.
pub(super) fn own_arguments(state: &State, config: &[ConfigEntry], diagnostics: &mut Diagnostics) {
    for entry in config.iter().filter(|entry| state.backend.own_arguments().contains(&entry.name.value.as_str())) {
        let message = format!("`{}` is set by terralet", entry.name.value);
        diagnostics.push(invalid(entry.name.span, message, "remove it: every deployment has a key of its own (see `layout`)"));
    }
}

/// Reads a backend's arguments.
pub(super) fn config(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> Vec<ConfigEntry> {
    let mut config = Vec::new();
    for entry in entries(entry, diagnostics) {
        if !is_argument(&entry.key.value) {
            let message = format!("`{}` is no argument of a backend", entry.key.value);
            diagnostics.push(invalid(entry.key.span, message, "an argument has lower-case letters, digits and `_`"));
            continue;
        }
        if let Some(value) = config_value(&entry.value) {
            config.push(ConfigEntry { name: entry.key.clone(), value });
        }
    }
    config
}

fn is_argument(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn config_value(node: &Node) -> Option<ConfigValue> {
    Some(match &node.value {
        Value::Null => return None,
        Value::Scalar(scalar) => ConfigValue::Single(match (scalar.plain, plain(&scalar.text)) {
            (true, Plain::Boolean(value)) => Typed::Boolean(value),
            (true, Plain::Integer(Some(value))) => Typed::Integer(value),
            _ => Typed::Text(scalar.text.clone()),
        }),
        Value::Sequence(items) => ConfigValue::List(items.iter().filter_map(config_value).collect()),
        Value::Mapping(mapping) => ConfigValue::Object(
            mapping.entries.iter().filter_map(|entry| config_value(&entry.value).map(|value| (entry.key.value.clone(), value))).collect(),
        ),
    })
}
