//! Paths as a repository's host wants them: from the root of its checkout.

use std::path::Path;
use terralet_core::paths::slashes;

/// From where the host of a repository counts paths.
#[derive(Debug)]
pub(super) struct FromRoot {
    /// The way from the checkout's root to the workspace, with `/` behind it; empty where they are the same.
    prefix: String,
}

impl FromRoot {
    /// The workspace's place in the checkout, which GitHub names in `GITHUB_WORKSPACE`. Elsewhere, and for a workspace outside of the
    /// checkout, the workspace is taken for the root.
    pub(super) fn of(workspace: &Path) -> FromRoot {
        let checkout = std::env::var_os("GITHUB_WORKSPACE").filter(|value| !value.is_empty());
        let below = || {
            let checkout = std::fs::canonicalize(checkout?).ok()?;
            let workspace = std::fs::canonicalize(workspace).ok()?;
            Some(slashes(workspace.strip_prefix(checkout).ok()?))
        };
        let prefix = below().filter(|below| !below.is_empty()).map(|below| format!("{below}/")).unwrap_or_default();
        FromRoot { prefix }
    }

    /// A path of the workspace, as the host counts it.
    pub(super) fn path(&self, path: &str) -> String {
        if path.starts_with('/') {
            return path.to_owned();
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in self.prefix.split('/').chain(path.split('/')).filter(|part| !part.is_empty() && *part != ".") {
            match (part, parts.last()) {
                ("..", Some(last)) if *last != ".." => {
                    parts.pop();
                }
                _ => parts.push(part),
            }
        }
        parts.join("/")
    }
}
