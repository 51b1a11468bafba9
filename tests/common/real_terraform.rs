//! The real Terraform, where there is one: TERRALET_TERRAFORM, else `terraform` on PATH.

// Each test takes what it needs.
#![allow(dead_code)]

use std::process::Command;

/// The Terraform to run; where there is none one line says what was not checked, and with TERRALET_REQUIRE_TERRAFORM the test fails.
pub(crate) fn terraform(not_checked: &str) -> Option<Command> {
    let binary = std::env::var_os("TERRALET_TERRAFORM").unwrap_or_else(|| "terraform".into());
    let mut command = Command::new(&binary);
    // Nothing of the machine's own settings, no plugins, no network.
    command
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env_remove("TF_CLI_ARGS")
        .env_remove("TF_DATA_DIR")
        .env_remove("TF_WORKSPACE");
    if Command::new(&binary).arg("version").output().is_ok_and(|output| output.status.success()) {
        return Some(command);
    }
    assert!(
        std::env::var_os("TERRALET_REQUIRE_TERRAFORM").is_none_or(|required| required != "1"),
        "TERRALET_REQUIRE_TERRAFORM is set, and there is no Terraform"
    );
    // Past the harness, which keeps what a passing test prints to itself.
    let line = format!("not checked: 1 check needs terraform on PATH: {not_checked}\n");
    std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).unwrap();
    None
}
