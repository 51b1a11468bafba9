//! Backends: the platform's arguments, the repository's over them, and the key.

use crate::paths::relative;
use crate::platform::{BackendKind, ConfigEntry, ConfigValue, Platform, StateVariables};
use crate::schema::Typed;
use crate::terraform::{Backend, Expression, StateKey};
use smol_str::{SmolStr, format_smolstr};

/// Where local state is kept when the platform file does not say.
const LOCAL_PATH: &str = ".terralet/state";

/// What the backends of one customer's roots have in common, or where the platform keeps state by environment or region, of one deployment's.
pub(super) struct Backends {
    kind: BackendKind,
    /// What the platform and the registry say, sorted by name; not the path of local state.
    arguments: Vec<(SmolStr, Expression)>,
    /// Where local state is kept.
    path: String,
}

impl Backends {
    /// The backends of a customer that has arguments of its own.
    pub(super) fn new(platform: &Platform, own: &[&ConfigEntry], variables: &StateVariables<'_>) -> Self {
        let kind = platform.state.backend;
        let is_path = |name: &str| kind == BackendKind::Local && name == "path";
        let mut path = LOCAL_PATH.to_owned();
        let mut arguments = Vec::new();
        for (name, value) in platform.state.config_for(own) {
            let value = value.filled(variables);
            match &value {
                ConfigValue::Single(Typed::Text(text)) if is_path(&name) => path = text.to_string(),
                _ if is_path(&name) => {}
                _ => arguments.push((name, expression(&value))),
            }
        }
        arguments.sort_by(|(one, _): &(SmolStr, Expression), (other, _)| one.cmp(other));
        Backends { kind, arguments, path }
    }

    /// The backend of a root.
    pub(super) fn of(&self, key: &StateKey) -> Backend {
        self.with_key(key, None)
    }

    /// The backend of a shared root as one of its service roots sees it.
    pub(super) fn remote(&self, from: &StateKey, shared: &StateKey) -> Backend {
        self.with_key(shared, Some(from))
    }

    fn with_key(&self, key: &StateKey, from: Option<&StateKey>) -> Backend {
        let (name, value) = match self.kind {
            BackendKind::S3 | BackendKind::Azurerm => ("key", key.with_file()),
            BackendKind::Gcs => ("prefix", key.directory().to_owned()),
            BackendKind::Local => {
                let path = match from {
                    Some(from) if !self.path.starts_with('/') => format!("{}/{}", relative(from.directory(), key.directory()), self.path),
                    _ => self.path.clone(),
                };
                ("path", format!("{}/{}", path.trim_end_matches('/'), key.with_file()))
            }
        };
        let before = self.arguments.partition_point(|(other, _)| other.as_str() <= name);
        let (before, behind) = self.arguments.split_at_checked(before).unwrap_or((&self.arguments, &[]));
        let mut arguments = Vec::with_capacity(self.arguments.len() + 1);
        arguments.extend_from_slice(before);
        arguments.push((SmolStr::new_static(name), Expression::text(value)));
        arguments.extend_from_slice(behind);
        Backend { kind: self.kind.as_str(), arguments }
    }
}

fn expression(value: &ConfigValue) -> Expression {
    match value {
        ConfigValue::Single(Typed::Boolean(value)) => Expression::Boolean(*value),
        ConfigValue::Single(Typed::Integer(value)) => Expression::Number(*value),
        ConfigValue::Single(Typed::Text(text)) => Expression::Text(text.clone()),
        ConfigValue::Single(other) => Expression::Text(format_smolstr!("{other}")),
        // Every template has been filled in.
        ConfigValue::Template(_) => Expression::Text(SmolStr::default()),
        ConfigValue::List(items) => Expression::List(items.iter().map(expression).collect()),
        ConfigValue::Object(entries) => Expression::Object(entries.iter().map(|(name, value)| (name.clone(), expression(value))).collect()),
    }
}
