//! What a move says, and what it leaves.

use super::workspace::{Reported, Workspace};

/// The platform with another layout of keys than the workspaces' own.
pub const BY_REGION: &str = "state: {backend: s3, layout: region, config: {bucket: states, region: us-east-1}}";
/// A service of a customer.
pub const API: &str = "compute: {instance_type: t3.small}\n";

/// What a refused call says: message and help.
pub fn refused(workspace: &Workspace, call: &[&str]) -> String {
    let before = workspace.tree();
    let reported = workspace.run(call, 2);
    assert_eq!(workspace.tree(), before, "{call:?} was refused and changed the tree");
    let error = &reported.json["error"];
    format!("{}\n{}", error["message"].as_str().unwrap_or_else(|| panic!("{}", reported.text)), error["help"].as_str().unwrap_or(""))
}

/// The moves of an answer, as `from -> to`.
pub fn moves(reported: &Reported) -> Vec<String> {
    let moves = reported.json["moves"].as_array().unwrap_or_else(|| panic!("{}", reported.text));
    moves.iter().map(|moved| format!("{} -> {}", moved["from"].as_str().unwrap(), moved["to"].as_str().unwrap())).collect()
}

pub fn assert_clean(workspace: &Workspace) {
    let before = workspace.tree();
    assert!(workspace.run(&["compile", "--check"], 0).differences().is_empty());
    assert!(workspace.compile().codes().iter().all(|code| !code.starts_with("error")));
    assert_eq!(workspace.tree(), before);
}

/// Stages a move, and has the tree clean for compile, which changes nothing.
pub fn stage(workspace: &Workspace, old: &str, new: &str) -> Reported {
    let reported = workspace.run(&["move", old, new], 0);
    assert_clean(workspace);
    reported
}
