//! Backends: the platform's arguments, the repository's over them, and the key.

use crate::platform::{BackendKind, ConfigEntry, ConfigValue, Platform};
use crate::schema::Typed;
use crate::terraform::{Backend, Expression, StateKey};
use smol_str::{SmolStr, format_smolstr};

/// Where local state is kept when the platform file does not say.
const LOCAL_PATH: &str = ".terralet/state";

/// The backend of a root.
pub(super) fn backend(platform: &Platform, own: &[ConfigEntry], key: &StateKey) -> Backend {
    with_key(platform, own, key, "")
}

/// The backend of a shared root as one of its service roots sees it.
pub(super) fn remote(platform: &Platform, own: &[ConfigEntry], from: &StateKey, shared: &StateKey) -> Backend {
    with_key(platform, own, shared, &relative(from.directory(), shared.directory()))
}

fn with_key(platform: &Platform, own: &[ConfigEntry], key: &StateKey, way: &str) -> Backend {
    let kind = platform.state.backend;
    let config = platform.state.config_for(own);
    let local = config
        .iter()
        .find(|(name, _)| name == "path")
        .and_then(|(_, value)| if let ConfigValue::Single(Typed::Text(path)) = value { Some(path.to_string()) } else { None });
    let mut arguments: Vec<(SmolStr, Expression)> = config
        .iter()
        .filter(|(name, _)| !(kind == BackendKind::Local && name == "path"))
        .map(|(name, value)| (name.clone(), expression(value)))
        .collect();
    let (name, value) = match kind {
        BackendKind::S3 | BackendKind::Azurerm => ("key", key.with_file()),
        BackendKind::Gcs => ("prefix", key.directory().to_owned()),
        BackendKind::Local => {
            let path = local.unwrap_or_else(|| LOCAL_PATH.to_owned());
            let path = if path.starts_with('/') || way.is_empty() { path } else { format!("{way}/{path}") };
            ("path", format!("{}/{}", path.trim_end_matches('/'), key.with_file()))
        }
    };
    arguments.push((SmolStr::new_static(name), Expression::text(value)));
    arguments.sort_by(|a, b| a.0.cmp(&b.0));
    Backend { kind: kind.as_str(), arguments }
}

fn expression(value: &ConfigValue) -> Expression {
    match value {
        ConfigValue::Single(Typed::Boolean(value)) => Expression::Boolean(*value),
        ConfigValue::Single(Typed::Integer(value)) => Expression::Number(*value),
        ConfigValue::Single(Typed::Text(text)) => Expression::Text(text.clone()),
        ConfigValue::Single(other) => Expression::Text(format_smolstr!("{other}")),
        ConfigValue::List(items) => Expression::List(items.iter().map(expression).collect()),
        ConfigValue::Object(entries) => Expression::Object(entries.iter().map(|(name, value)| (name.clone(), expression(value))).collect()),
    }
}

/// The way from one directory to another, both relative to one root, with `/`; `.` for the same.
pub fn relative(from: &str, to: &str) -> String {
    let parts = |path: &str| path.split('/').filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (parts(from), parts(to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(common).map(|_| "..".to_owned());
    let down = to.iter().skip(common).cloned();
    let way: Vec<String> = up.chain(down).collect();
    if way.is_empty() { ".".to_owned() } else { way.join("/") }
}
