//! Whatever the number of threads: the same tree, the same diagnostics in the same order, the same exit code.

use crate::harness::{Sandbox, read_tree};
use crate::workload::Workload;
use pretty_assertions::assert_eq;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CUSTOMERS: usize = 120;

/// A fleet in which many customers make mistakes, alone and with one another.
fn fleet(sandbox: &Sandbox) -> PathBuf {
    let workspace = sandbox.path().join("fleet");
    let fleet = Workload { seed: 3, customers: CUSTOMERS, registered: 50 };
    fleet.write(&workspace).unwrap();
    for index in 0..CUSTOMERS {
        let path = workspace.join("customers").join(fleet.repository(index)).join("infra/variables.yml");
        let text = fs::read_to_string(&path).unwrap();
        let text = match index % 10 {
            3 => text.replace("networking:", "netwroking:"),
            5 => format!("{text}\ntags: [one\n"),
            7 => text.replace(&format!("customer_id: customer-{index:06}"), "customer_id: customer-000001"),
            _ => continue,
        };
        fs::write(path, text).unwrap();
    }
    workspace
}

/// What a run says and leaves: its exit code, both its streams without the time that it took, and its tree.
type Left = (Option<i32>, String, BTreeMap<String, String>);

fn run(workspace: &Path, threads: usize, arguments: &[&str]) -> Left {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terralet"));
    command.current_dir(workspace).args(arguments).env("RAYON_NUM_THREADS", threads.to_string());
    if arguments.contains(&"compile") {
        command.args(["--jobs", &threads.to_string(), "--output", "tree"]);
    }
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let said = said.lines().filter(|line| !line.ends_with(" s")).map(|line| format!("{line}\n")).collect();
    let tree = workspace.join("tree");
    let files = read_tree(&tree);
    if tree.exists() {
        fs::remove_dir_all(tree).unwrap();
    }
    (output.status.code(), said, files)
}

#[test]
fn a_run_says_and_leaves_the_same_on_any_number_of_threads() {
    let sandbox = Sandbox::new();
    let workspace = fleet(&sandbox);
    for arguments in [&["check"][..], &["check", "--format", "json"], &["compile"], &["compile", "--format", "json"]] {
        let alone = run(&workspace, 1, arguments);
        assert_eq!(alone.0, Some(1), "{arguments:?} found no mistake:\n{}", alone.1);
        for code in ["unknown-key", "yaml-syntax", "customer-id-conflict"] {
            assert!(alone.1.contains(code), "{arguments:?} does not report {code}:\n{}", alone.1);
        }
        assert_eq!(alone.2.is_empty(), arguments.contains(&"check"));
        for threads in [2, 3, 8] {
            assert_eq!(run(&workspace, threads, arguments), alone, "{arguments:?} on {threads} threads");
        }
    }
}
