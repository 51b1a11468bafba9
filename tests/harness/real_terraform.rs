//! The real Terraform, where there is one: TERRALET_TERRAFORM, else `terraform` on PATH.

use std::ffi::OsString;
use std::process::Command;
use std::sync::OnceLock;

/// The Terraform to run, if there is one. With TERRALET_REQUIRE_TERRAFORM=1 there has to be.
pub(crate) fn terraform() -> Option<Command> {
    static FOUND: OnceLock<Option<OsString>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let binary = std::env::var_os("TERRALET_TERRAFORM").unwrap_or_else(|| "terraform".into());
        let is_there = Command::new(&binary).arg("version").output().is_ok_and(|output| output.status.success());
        let is_required = std::env::var_os("TERRALET_REQUIRE_TERRAFORM").is_some_and(|value| value == "1");
        assert!(is_there || !is_required, "TERRALET_REQUIRE_TERRAFORM is set, and there is no {}", binary.display());
        is_there.then_some(binary)
    });
    let mut command = Command::new(found.as_ref()?);
    // Nothing of the machine's own settings, no plugins, no network.
    command
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env_remove("TF_CLI_ARGS")
        .env_remove("TF_DATA_DIR")
        .env_remove("TF_WORKSPACE");
    Some(command)
}

/// The same; where there is none, one line says what was not checked.
pub(crate) fn terraform_for(not_checked: &str) -> Option<Command> {
    let found = terraform();
    if found.is_none() {
        // Past the test runner, which keeps what a passing test prints to itself.
        let line = format!("not checked: 1 check needs terraform on PATH: {not_checked}\n");
        std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).unwrap();
    }
    found
}
