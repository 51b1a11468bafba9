//! What will be written: root modules, in Terraform's words and with no word of YAML. Data only.

mod expression;
mod state_key;

pub use expression::Expression;
pub use state_key::{RootIdentity, StateKey};

use crate::clouds::ProviderRow;
use crate::modules::ModuleRow;
use crate::platform::BackendKind;
use smol_str::SmolStr;

/// The text behind an expression that Terraform requires of every run.
pub const REQUIRED_VERSION: &str = ">= 1.11";

/// A root module: one deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct RootModule {
    /// Which deployment it is.
    pub identity: RootIdentity,
    /// Its state key, which also gives its directory.
    pub key: StateKey,
    /// Where its state is.
    pub backend: Backend,
    /// The provider block.
    pub provider: Provider,
    /// The module calls, in order.
    pub calls: Vec<ModuleCall>,
    /// The outputs, in order.
    pub outputs: Vec<Output>,
    /// A service root's view of its shared root.
    pub shared: Option<RemoteState>,
}

/// A backend with its arguments, sorted by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Backend {
    /// Its name in Terraform, such as `s3`; `cloud` for what has a block of its own.
    pub kind: &'static str,
    /// Names and values; names come from terralet or, checked, from the platform file.
    pub arguments: Vec<(SmolStr, Expression)>,
}

impl Backend {
    /// True for what is a `cloud` block, in which `workspaces` is a block too.
    pub fn is_cloud(&self) -> bool {
        self.kind == BackendKind::Cloud.as_str()
    }

    /// The same as `terraform_remote_state` takes it: there a workspace of HCP Terraform is one of the backend `remote`, which knows no
    /// projects.
    #[must_use]
    pub fn as_read(&self) -> Backend {
        if !self.is_cloud() {
            return self.clone();
        }
        let arguments = self.arguments.iter().map(|(name, value)| match value {
            Expression::Record(entries) => {
                (name.clone(), Expression::Record(entries.iter().filter(|(name, _)| name == "name").cloned().collect()))
            }
            other => (name.clone(), other.clone()),
        });
        Backend { kind: "remote", arguments: arguments.collect() }
    }
}

/// The provider of a root.
#[derive(Debug, Clone, PartialEq)]
pub struct Provider {
    /// What it is called, and which of its arguments hold what.
    pub row: &'static ProviderRow,
    /// The region.
    pub region: SmolStr,
    /// The version constraint.
    pub version: String,
    /// The role that it assumes.
    pub role_arn: Option<String>,
    /// The one account that it may touch.
    pub account_id: Option<String>,
    /// The tags of every resource, sorted by key.
    pub default_tags: Vec<(SmolStr, SmolStr)>,
}

/// A call of a shared module.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleCall {
    /// The module.
    pub module: &'static ModuleRow,
    /// The label of its block.
    pub label: SmolStr,
    /// The labels that it had before, the oldest first, each of which a `moved` block says.
    pub formerly: Vec<SmolStr>,
    /// Where it is.
    pub source: String,
    /// Its version, for registry sources.
    pub version: Option<String>,
    /// Its arguments, in the order of the module's table.
    pub arguments: Vec<(&'static str, Expression)>,
    /// What the service provider passes beyond that, by name.
    pub constants: Vec<(SmolStr, Expression)>,
}

/// An output of a root.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Its name.
    pub name: SmolStr,
    /// Its value.
    pub value: Expression,
    /// True when Terraform must not show it.
    pub sensitive: bool,
}

/// The state of a service's shared root.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteState {
    /// The shared root's key.
    pub key: StateKey,
    /// The backend with the shared root's key, [as it is read](Backend::as_read).
    pub backend: Backend,
}
