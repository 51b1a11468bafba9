//! The life of a group of roots, from `init` to `destroy`, in real Terraform.
//!
//! Roots with an S3 or local backend go through all of it, with the backend that they were emitted with. Those of Azure and Google have no store
//! here, nor have those that assume a role for it: real Terraform judges the arguments of their backend and validates the rest.

use std::path::Path;

use hyper::Method;

use crate::discovery::{Group, Root};
use crate::offline::Tally;
use crate::remote_modules;
use crate::statestore::Access;
use crate::workspace::{Diagnostic, Failure, Module, Plan, Workspace};

/// An argument that no backend has.
const PROBE: &str = "terralet_probe";

/// Runs the shared root, then its services, and takes them down in the opposite order. Gives the plan of every root that was planned.
pub(crate) fn run<'a>(workspace: &Workspace<'_>, group: &'a Group) -> Result<Vec<(&'a Path, Plan)>, Failure> {
    let roots: Vec<&Root> = std::iter::once(&group.shared).chain(&group.services).collect();
    let mut plans = Vec::new();
    for root in &roots {
        let in_root = |failure: Failure| failure.in_directory(&root.directory);
        let module = workspace.module(&root.directory);
        module.check_format().map_err(in_root)?;
        remote_modules::replace(workspace, &root.directory).map_err(in_root)?;
        if has_store(root) {
            plans.push((root.directory.as_path(), create(workspace, root, &group.shared).map_err(in_root)?));
        } else {
            examine_without_store(&module).map_err(in_root)?;
        }
    }
    for root in roots.iter().rev().filter(|root| has_store(root)) {
        destroy(workspace, root, &group.shared).map_err(|failure| failure.in_directory(&root.directory))?;
        Tally::add(&workspace.tally().roots, 1);
    }
    for (_, plan) in &plans {
        Tally::add(&workspace.tally().resources, plan.created().len());
    }
    Ok(plans)
}

/// True where the backend finds its store here, which assumes no role and knows no account and no profile.
fn has_store(root: &Root) -> bool {
    let asks_for_more = ["allowed_account_ids", "assume_role", "profile"].iter().any(|name| root.backend.has(name));
    matches!(root.backend.kind.as_str(), "s3" | "local") && !asks_for_more
}

fn create(workspace: &Workspace<'_>, root: &Root, shared: &Root) -> Result<Plan, Failure> {
    let before = workspace.store().accesses().len();
    let module = workspace.module(&root.directory);
    module.init()?;
    module.validate()?;
    let plan = module.plan()?;
    let is_live = module.path().join("main.tf").exists();
    if is_live == plan.created().is_empty() {
        return Err(Failure::new("plan", format!("it creates {} resources", plan.created().len())));
    }
    module.apply()?;
    module.plan_without_changes()?;
    check_accesses(root, shared, &workspace.store().accesses()[before..], is_live)?;
    if is_live && resources_in_state(workspace, root)? == 0 {
        return Err(Failure::new("state", format!("{} holds no resource after apply", root.state)));
    }
    Ok(plan)
}

fn destroy(workspace: &Workspace<'_>, root: &Root, shared: &Root) -> Result<(), Failure> {
    let before = workspace.store().accesses().len();
    let module = workspace.module(&root.directory);
    module.destroy()?;
    check_accesses(root, shared, &workspace.store().accesses()[before..], module.path().join("main.tf").exists())?;
    match resources_in_state(workspace, root)? {
        0 => Ok(()),
        left => Err(Failure::new("state", format!("{} holds {left} resources after destroy", root.state))),
    }
}

/// A root writes its own state and lock alone, and reads no other state than that of its shared root.
fn check_accesses(root: &Root, shared: &Root, accesses: &[Access], has_changed: bool) -> Result<(), Failure> {
    if root.backend.kind != "s3" {
        return match accesses.first() {
            Some(access) => Err(Failure::new("state", format!("a root with a local state reached for {}", access.object))),
            None => Ok(()),
        };
    }
    let lock = lock_of(root);
    for Access { method, object, status } in accesses {
        let is_own = *object == root.state || *object == lock;
        let is_shared_read = *object == shared.state && (*method == Method::GET || *method == Method::HEAD);
        if !is_own && !is_shared_read {
            return Err(Failure::new("state", format!("{method} {object} ({status}), which is another's")));
        }
    }
    let has_put =
        |wanted: &str| accesses.iter().any(|access| access.method == Method::PUT && access.object == wanted && access.status == 200);
    if has_changed && !has_put(&root.state) {
        return Err(Failure::new("state", format!("nothing was written to {}", root.state)));
    }
    if root.backend.locks() && !has_put(&lock) {
        return Err(Failure::new("state", format!("no lock was taken on {}", root.state)));
    }
    Ok(())
}

/// The object that Terraform locks an S3 state with.
pub(crate) fn lock_of(root: &Root) -> String {
    format!("{}.tflock", root.state)
}

fn resources_in_state(workspace: &Workspace<'_>, root: &Root) -> Result<usize, Failure> {
    let failed = |error: String| Failure::new("state", format!("{}: {error}", root.state));
    let bytes = match root.backend.kind.as_str() {
        "s3" => workspace.store().object(&root.state).map(|bytes| bytes.to_vec()),
        _ => std::fs::read(workspace.path().join(&root.state)).ok(),
    };
    // A root that never had a resource, as a tombstone here, may have no state at all.
    let Some(bytes) = bytes else { return Ok(0) };
    let state: serde_json::Value = serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
    let resources = state["resources"].as_array().ok_or_else(|| failed("no state of Terraform".to_owned()))?;
    Ok(resources.iter().filter(|resource| resource["mode"] == "managed").count())
}

fn examine_without_store(module: &Module<'_>) -> Result<(), Failure> {
    probe_backend(module)?;
    module.init_without_backend()?;
    module.validate()
}

/// Has real Terraform judge a backend's arguments without reaching its store: with one argument added that no backend has, `init` must find
/// exactly that one, and it stops there.
fn probe_backend(module: &Module<'_>) -> Result<(), Failure> {
    let file = module.path().join("backend.tf");
    let failed = |error: std::io::Error| Failure::new("backend", error);
    let original = std::fs::read_to_string(&file).map_err(failed)?;
    let Some(end_of_block) = original.trim_end().strip_suffix('}').and_then(|rest| rest.rfind('}')) else {
        return Err(Failure::new("backend", "backend.tf does not end with its block"));
    };
    let (head, tail) = original.split_at(end_of_block);
    std::fs::write(&file, format!("{head}\n{PROBE} = true\n{tail}")).map_err(failed)?;
    let outcome = module.run(&["init", "-json"])?;
    std::fs::write(&file, &original).map_err(failed)?;
    match outcome.diagnostics().as_slice() {
        [diagnostic] if diagnostic.detail.contains(PROBE) => Ok(()),
        [] => Err(Failure::new("backend", format!("init found nothing wrong\n{}{}", outcome.stdout, outcome.stderr))),
        diagnostics => Err(Failure::new("backend", Diagnostic::list(diagnostics))),
    }
}
