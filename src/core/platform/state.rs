//! Where state is kept.

use super::backend_config::{self, ConfigEntry, ConfigValue};
use super::fields::Fields;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::Span;
use crate::syntax::Entry;
use smol_str::SmolStr;

/// A kind of backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackendKind {
    /// Files next to the workspace.
    Local,
    /// S3.
    S3,
    /// Azure blob storage.
    Azurerm,
    /// Google cloud storage.
    Gcs,
    /// A server that keeps states, such as GitLab's.
    Http,
    /// Workspaces of HCP Terraform or Terraform Enterprise. In Terraform it is a block of its own, `cloud`.
    Cloud,
}

impl BackendKind {
    /// All of them.
    pub const ALL: [BackendKind; 6] =
        [BackendKind::S3, BackendKind::Azurerm, BackendKind::Gcs, BackendKind::Http, BackendKind::Cloud, BackendKind::Local];

    /// Its name in Terraform.
    pub fn as_str(self) -> &'static str {
        match self {
            BackendKind::Local => "local",
            BackendKind::S3 => "s3",
            BackendKind::Azurerm => "azurerm",
            BackendKind::Gcs => "gcs",
            BackendKind::Http => "http",
            BackendKind::Cloud => "cloud",
        }
    }

    /// Arguments that a backend cannot work without.
    fn required(self) -> &'static [&'static str] {
        match self {
            BackendKind::Local => &[],
            BackendKind::S3 => &["bucket", "region"],
            BackendKind::Azurerm => &["storage_account_name", "container_name"],
            BackendKind::Gcs => &["bucket"],
            BackendKind::Http => &["address"],
            BackendKind::Cloud => &["organization"],
        }
    }

    /// Arguments that are written where the platform file leaves them out: what Terraform would take for them otherwise is not what is
    /// meant, or comes from the environment of whoever runs it. GitLab locks by these methods
    /// (docs.gitlab.com/user/infrastructure/iac/terraform_state), and so does Gitea.
    pub fn defaults(self) -> &'static [(&'static str, &'static str)] {
        match self {
            BackendKind::Local | BackendKind::S3 | BackendKind::Azurerm | BackendKind::Gcs => &[],
            BackendKind::Http => &[("lock_method", "POST"), ("unlock_method", "DELETE")],
            BackendKind::Cloud => &[("hostname", "app.terraform.io")],
        }
    }

    /// Where Terraform's documentation has its arguments.
    pub(super) fn documentation(self) -> String {
        match self {
            BackendKind::Cloud => "https://developer.hashicorp.com/terraform/cli/cloud/settings".to_owned(),
            other => format!("https://developer.hashicorp.com/terraform/language/backend/{}", other.as_str()),
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
            BackendKind::Http => &["address"],
            // A name is one workspace in all of an organization, whatever its project.
            BackendKind::Cloud => &["hostname", "organization", "workspaces.name"],
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
    /// The arguments of a repository, each with its place in the platform file: its own over the platform's.
    fn entries_for<'s>(&'s self, own: &'s [&'s ConfigEntry]) -> impl Iterator<Item = &'s ConfigEntry> {
        let is_own = |entry: &&ConfigEntry| own.iter().any(|other| other.name.value == entry.name.value);
        own.iter().copied().chain(self.config.iter().filter(move |entry| !is_own(entry)))
    }

    /// The place of an argument of a repository for which its account has to be known.
    pub fn needs_account(&self, own: &[&ConfigEntry]) -> Option<Span> {
        self.entries_for(own).find(|entry| entry.value.needs_account()).map(|entry| entry.name.span)
    }

    /// True when the deployments of one repository may have different arguments.
    pub fn differs_by_deployment(&self, own: &[&ConfigEntry]) -> bool {
        self.entries_for(own).any(|entry| entry.value.is_of_deployment())
    }

    /// The arguments for a repository: its own over the platform's, key by key.
    pub fn config_for(&self, own: &[&ConfigEntry]) -> Vec<(SmolStr, ConfigValue)> {
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

/// Reads `state`, and says which backend it has: nothing where that could not be read.
pub(super) fn read(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> (State, Option<BackendKind>) {
    let Some(entry) = entry else { return (State::default(), Some(BackendKind::Local)) };
    let fields = Fields::of(&entry.value, "`state`", &["backend", "layout", "config"], diagnostics);
    let backends = BackendKind::ALL.map(|kind| (kind.as_str(), kind));
    let layouts = [("repository", Layout::Repository), ("service", Layout::Service), ("region", Layout::Region)];
    let backend = match fields.get("backend") {
        Some(_) => fields.choice("backend", &backends, diagnostics),
        None => Some(BackendKind::Local),
    };
    let state = State {
        backend: backend.unwrap_or(BackendKind::Local),
        layout: fields.choice("layout", &layouts, diagnostics).unwrap_or_default(),
        config: backend_config::read(backend, fields.get("config"), diagnostics),
        span: Some(entry.key.span),
    };
    let written = fields.get("config").and_then(|config| config.value.as_mapping());
    for name in backend.map_or(&[][..], BackendKind::required) {
        // One that is written and wrong has been reported.
        if written.is_none_or(|written| written.get(name).is_none_or(|entry| entry.value.is_null())) {
            let message = format!("`state.config` has no `{name}`");
            let needs = format!("the backend `{}` needs it", state.backend.as_str());
            diagnostics
                .push(Diagnostic::new(&codes::MISSING_KEY, message).at(entry.key.span, needs).help(format!("add `{name}:` to `config`")));
        }
    }
    (state, backend)
}
