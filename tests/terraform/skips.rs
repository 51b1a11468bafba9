//! Checks that cannot run on this machine: they are counted and said, and where the machine is meant to have everything they fail.

use std::fmt;
use std::path::PathBuf;

use libtest_mimic::{Failed, Trial};

/// Set in continuous integration, where a skipped check is a hole.
const REQUIRE_VARIABLE: &str = "TERRALET_REQUIRE_TERRAFORM";

/// Why real Terraform cannot be run.
#[derive(Clone)]
pub(crate) enum Missing {
    Terraform(PathBuf),
    Schemas(PathBuf),
    /// A provider or the temporary directory could not be set up, for the reason given.
    Setting(String),
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Terraform(binary) if binary.as_os_str() == "terraform" => formatter.write_str("terraform on PATH"),
            Self::Terraform(binary) => write!(formatter, "a Terraform at {}", binary.display()),
            Self::Schemas(directory) => write!(formatter, "recorded provider schemas in {}", directory.display()),
            Self::Setting(reason) => write!(formatter, "a setting to run in: {reason}"),
        }
    }
}

/// A trial that stands for a check that cannot run: ignored, or a failure where Terraform is required.
pub(crate) fn skipped(name: String, reason: String) -> Trial {
    Trial::test(name, move || Err(Failed::from(format!("this check needs {reason}")))).with_ignored_flag(!required())
}

/// The line that says what was not checked.
pub(crate) fn line(count: u64, reason: &str) -> Option<String> {
    let checks = if count == 1 { "1 check needs".to_owned() } else { format!("{count} checks need") };
    (count > 0).then(|| format!("not checked: {checks} {reason}"))
}

fn required() -> bool {
    std::env::var_os(REQUIRE_VARIABLE).is_some_and(|value| value == "1")
}
