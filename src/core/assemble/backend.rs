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
    /// What the platform and the registry say, but for what is written with the key.
    arguments: Vec<(SmolStr, Expression)>,
    /// What is written with the key: where local state is kept, the address before a state's name, the project of a workspace.
    base: Option<SmolStr>,
}

impl Backends {
    /// The backends of a customer that has arguments of its own.
    pub(super) fn new(platform: &Platform, own: &[&ConfigEntry], variables: &StateVariables<'_>) -> Self {
        let kind = platform.state.backend;
        let with_key = match kind {
            BackendKind::Local => "path",
            BackendKind::Http => "address",
            BackendKind::Cloud => "project",
            BackendKind::S3 | BackendKind::Azurerm | BackendKind::Gcs => "",
        };
        let mut base = None;
        let mut arguments: Vec<(SmolStr, Expression)> = Vec::new();
        for (name, value) in platform.state.config_for(own) {
            match value.filled(variables) {
                ConfigValue::Single(Typed::Text(text)) if name == with_key => base = Some(text),
                _ if name == with_key => {}
                value => arguments.push((name, expression(&value))),
            }
        }
        for (name, value) in kind.defaults() {
            if arguments.iter().all(|(written, _)| written != name) {
                arguments.push((SmolStr::new_static(name), Expression::text(*value)));
            }
        }
        Backends { kind, arguments, base }
    }

    /// The backend of a root.
    pub(super) fn of(&self, key: &StateKey) -> Backend {
        self.with_key(key, None)
    }

    /// The backend of a shared root as one of its service roots sees it.
    pub(super) fn remote(&self, from: &StateKey, shared: &StateKey) -> Backend {
        self.with_key(shared, Some(from)).as_read()
    }

    fn with_key(&self, key: &StateKey, from: Option<&StateKey>) -> Backend {
        let mut arguments = Vec::with_capacity(self.arguments.len() + 3);
        arguments.extend_from_slice(&self.arguments);
        let mut add = |name: &'static str, value: Expression| arguments.push((SmolStr::new_static(name), value));
        match self.kind {
            BackendKind::S3 | BackendKind::Azurerm => add("key", Expression::text(key.with_file())),
            BackendKind::Gcs => add("prefix", Expression::text(key.directory())),
            BackendKind::Local => {
                let path = self.base.as_deref().unwrap_or(LOCAL_PATH);
                let way = from.filter(|_| !path.starts_with('/')).map(|from| relative(from.directory(), key.directory()) + "/");
                let path = format!("{}{path}", way.unwrap_or_default());
                add("path", Expression::text(format!("{}/{}", path.trim_end_matches('/'), key.with_file())));
            }
            BackendKind::Http => {
                let address = format!("{}/{}", self.base.as_deref().unwrap_or("").trim_end_matches('/'), key.name());
                let lock = Expression::text(format!("{address}/lock"));
                add("address", Expression::text(address));
                add("lock_address", lock.clone());
                add("unlock_address", lock);
            }
            BackendKind::Cloud => {
                let mut workspace = vec![(SmolStr::new_static("name"), Expression::text(key.name()))];
                workspace.extend(self.base.clone().map(|project| (SmolStr::new_static("project"), Expression::Text(project))));
                add("workspaces", Expression::Record(workspace));
            }
        }
        arguments.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
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
