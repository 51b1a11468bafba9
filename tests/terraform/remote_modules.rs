//! Roots that take their shared modules from a git repository or a registry, neither of which is here.
//!
//! In the copy that is run, each such source is replaced by the local module of the same name: what is published is a copy of it. So everything
//! is proved but that the source itself can be fetched.

use std::path::{Path, PathBuf};

use crate::modules::directories;
use crate::workspace::{Failure, Workspace};

/// Where the shared modules stand in a workspace.
const MODULES: &str = "modules";

/// Rewrites the root's `main.tf` in the workspace where it has a source that is no local path.
pub(crate) fn replace(workspace: &Workspace<'_>, root: &Path) -> Result<(), Failure> {
    let file = workspace.path().join(root).join("main.tf");
    if !file.exists() {
        return Ok(());
    }
    let failed = |error: std::io::Error| Failure::new("module source", error);
    let text = std::fs::read_to_string(&file).map_err(failed)?;
    let mut lines = Vec::new();
    // The module call that the line stands in, and whether its source was replaced.
    let mut call = "";
    let mut is_replaced = false;
    for line in text.lines() {
        if let Some(label) = line.strip_prefix("module \"").and_then(|rest| rest.split('"').next()) {
            (call, is_replaced) = (label, false);
        }
        let argument = line.split_once('=').map_or("", |(name, _)| name);
        match argument {
            "  source " | "  source  " if !line.contains("\"./") && !line.contains("\"../") => {
                lines.push(format!("  source = {:?}", local(workspace, root, call)?));
                is_replaced = true;
            }
            // Only a source in a registry has a version next to it.
            "  version " if is_replaced => {}
            _ => lines.push(line.to_owned()),
        }
    }
    std::fs::write(&file, lines.join("\n") + "\n").map_err(failed)
}

/// The way from a root to the local module `customer-vpc` of the call `customer_vpc`.
fn local(workspace: &Workspace<'_>, root: &Path, call: &str) -> Result<String, Failure> {
    let name = call.replace('_', "-");
    let clouds = directories(&workspace.path().join(MODULES));
    let module = clouds.iter().map(|cloud| cloud.join(&name)).find(|module| module.is_dir());
    let module = module
        .ok_or_else(|| Failure::new("module source", format!("the source of {call} is remote, and there is no local module {name}")))?;
    let way_up: PathBuf = root.components().map(|_| "..").collect();
    let below = module.strip_prefix(workspace.path()).unwrap_or(&module);
    Ok(way_up.join(below).display().to_string())
}
