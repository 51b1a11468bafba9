//! A copy of a tree in a temporary directory, and Terraform's commands run in the directories of it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use tempfile::TempDir;
use walkdir::{DirEntry, WalkDir};

use crate::offline::{Tally, Terraform};
use crate::statestore::StateStore;

/// A copied tree with a state store of its own, so that tests that use the same keys do not meet.
pub(crate) struct Workspace<'a> {
    terraform: &'a Terraform,
    directory: TempDir,
    store: Arc<StateStore>,
}

/// A directory that Terraform is run in.
pub(crate) struct Module<'a> {
    workspace: &'a Workspace<'a>,
    directory: PathBuf,
}

/// What Terraform did not accept, or what it did that it should not have.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The step, such as `validate`.
    pub(crate) during: String,
    pub(crate) text: String,
}

/// What a command printed, and how it ended.
pub(crate) struct Outcome {
    command: String,
    /// None where a signal ended it.
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A plan, as `terraform show -json` prints it.
pub(crate) struct Plan {
    pub(crate) json: serde_json::Value,
}

#[derive(Deserialize)]
struct Validation {
    diagnostics: Vec<Diagnostic>,
}

/// One diagnostic of Terraform's JSON.
#[derive(Deserialize)]
pub(crate) struct Diagnostic {
    pub(crate) severity: String,
    pub(crate) summary: String,
    #[serde(default)]
    pub(crate) detail: String,
    range: Option<Range>,
}

#[derive(Deserialize)]
struct Range {
    filename: String,
    start: Position,
}

#[derive(Deserialize)]
struct Position {
    line: usize,
}

/// `init` gives it for every provider that comes from a mirror, whose one platform is all that the lock file can name.
const WARNING_OF_THE_MIRROR: &str = "Incomplete lock file information for providers";

const PLAN_FILE: &str = "plan.tfplan";

impl<'a> Workspace<'a> {
    /// Copies each source that exists to its place below the workspace, later ones over earlier ones.
    pub(crate) fn copy(terraform: &'a Terraform, sources: &[(PathBuf, String)], store: Arc<StateStore>) -> Result<Self, Failure> {
        let copied = terraform.new_directory().and_then(|directory| {
            for (source, place) in sources.iter().filter(|(source, _)| source.exists()) {
                copy_tree(source, &directory.path().join(place))?;
            }
            Ok(directory)
        });
        let directory = copied.map_err(|error| Failure::new("copy", error))?;
        Ok(Self { terraform, directory, store })
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn store(&self) -> &StateStore {
        &self.store
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.terraform.tally
    }

    /// `directory` is relative to the workspace.
    pub(crate) fn module(&'a self, directory: &Path) -> Module<'a> {
        Module { workspace: self, directory: self.path().join(directory) }
    }
}

impl Module<'_> {
    pub(crate) fn path(&self) -> &Path {
        &self.directory
    }

    /// Runs a command, whatever its outcome.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Outcome, Failure> {
        let command = arguments.join(" ");
        let mut process = self.workspace.terraform.command(&self.directory, &self.workspace.store);
        if arguments.first() != Some(&"init") {
            process.envs([self.workspace.terraform.reattach()]);
        }
        let output = process.args(arguments).output().map_err(|error| Failure::new(&command, error))?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok(Outcome { command, status: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) })
    }

    pub(crate) fn check_format(&self) -> Result<(), Failure> {
        self.run(&["fmt", "-check", "-diff", "-no-color", "-recursive"])?.succeeded().map(drop)
    }

    /// A real `init`, which reads the backend's arguments and reaches its store. A warning is a failure too: what is emitted is to be free of
    /// what Terraform will cease to take.
    pub(crate) fn init(&self) -> Result<(), Failure> {
        let outcome = self.run(&["init", "-json"])?;
        let mut diagnostics = outcome.diagnostics();
        diagnostics.retain(|diagnostic| diagnostic.summary != WARNING_OF_THE_MIRROR);
        if diagnostics.is_empty() { outcome.succeeded().map(drop) } else { Err(Failure::new("init", Diagnostic::list(&diagnostics))) }
    }

    pub(crate) fn init_without_backend(&self) -> Result<(), Failure> {
        self.run(&["init", "-no-color", "-backend=false"])?.succeeded().map(drop)
    }

    /// Warnings are failures here too.
    pub(crate) fn validate(&self) -> Result<(), Failure> {
        match self.validation()?.as_slice() {
            [] => Ok(()),
            diagnostics => Err(Failure::new("validate", Diagnostic::list(diagnostics))),
        }
    }

    /// What `validate` finds.
    pub(crate) fn validation(&self) -> Result<Vec<Diagnostic>, Failure> {
        let outcome = self.run(&["validate", "-json"])?;
        let validation: Validation = outcome.json()?;
        if validation.diagnostics.is_empty() {
            outcome.succeeded()?;
        }
        Ok(validation.diagnostics)
    }

    /// Plans into a file, which `apply` takes.
    pub(crate) fn plan(&self) -> Result<Plan, Failure> {
        let outcome = self.run(&["plan", "-no-color", "-out", PLAN_FILE])?.succeeded()?;
        // Text of the configuration is indented or quoted, so it cannot begin a line like this.
        if outcome.stdout.lines().any(|line| line.starts_with("Warning: ")) {
            return Err(outcome.failure());
        }
        Tally::add(&self.workspace.tally().plans, 1);
        Ok(Plan { json: self.run(&["show", "-json", PLAN_FILE])?.succeeded()?.json()? })
    }

    pub(crate) fn apply(&self) -> Result<(), Failure> {
        self.run(&["apply", "-no-color", PLAN_FILE])?.succeeded().map(drop)
    }

    /// Plans again, after everything has been applied.
    pub(crate) fn plan_without_changes(&self) -> Result<(), Failure> {
        let outcome = self.run(&["plan", "-no-color", "-detailed-exitcode"])?;
        Tally::add(&self.workspace.tally().plans, 1);
        match outcome.status {
            Some(2) => Err(Failure::new("second plan", format!("nothing was changed, and there are changes to make\n{}", outcome.stdout))),
            _ => outcome.succeeded().map(drop),
        }
    }

    /// The second plan, just before, has read everything again; to do it once more would be half of the time.
    pub(crate) fn destroy(&self) -> Result<(), Failure> {
        self.run(&["destroy", "-no-color", "-auto-approve", "-refresh=false"])?.succeeded().map(drop)
    }

    /// Runs the module's own tests in one of its directories and counts the runs in them. No run is a failure, since nothing was tested.
    pub(crate) fn test(&self, directory: &str) -> Result<usize, Failure> {
        self.run(&["init", "-json", "-test-directory", directory])?.succeeded()?;
        let outcome = self.run(&["test", "-no-color", "-test-directory", directory])?.succeeded()?;
        let passed = outcome.stdout.lines().find_map(|line| line.strip_prefix("Success! ")?.split(' ').next()?.parse().ok());
        match passed {
            None | Some(0) => Err(Failure::new("test", format!("no test of {directory} was run\n{}", outcome.stdout))),
            Some(passed) => Ok(passed),
        }
    }
}

impl Outcome {
    pub(crate) fn succeeded(self) -> Result<Self, Failure> {
        if self.status == Some(0) { Ok(self) } else { Err(self.failure()) }
    }

    /// The diagnostics among the lines of a command run with `-json`.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        let lines = self.stdout.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        lines.filter_map(|line| serde_json::from_value(line["diagnostic"].clone()).ok()).collect()
    }

    fn failure(&self) -> Failure {
        let name = self.command.split(' ').next().unwrap_or_default();
        Failure::new(name, format!("{}{}", self.stdout, self.stderr))
    }

    fn json<T: for<'de> Deserialize<'de>>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.stdout).map_err(|error| Failure { text: format!("{error}\n{}", self.failure().text), ..self.failure() })
    }
}

impl Plan {
    /// The addresses of what the plan creates.
    pub(crate) fn created(&self) -> Vec<&str> {
        self.addresses(&["create"])
    }

    /// The addresses of what the plan makes again, for a change that cannot be made in place.
    pub(crate) fn replaced(&self) -> Vec<&str> {
        self.addresses(&["delete", "create"])
    }

    fn addresses(&self, actions: &[&str]) -> Vec<&str> {
        let changes = self.json["resource_changes"].as_array().into_iter().flatten();
        changes
            .filter(|change| change["change"]["actions"] == serde_json::json!(actions))
            .filter_map(|change| change["address"].as_str())
            .collect()
    }
}

impl Diagnostic {
    /// The line of a file that it is reported at.
    pub(crate) fn line_in(&self, file: &str) -> Option<usize> {
        self.range.as_ref().filter(|range| range.filename == file).map(|range| range.start.line)
    }

    pub(crate) fn list(diagnostics: &[Self]) -> String {
        diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, summary, detail, range } = self;
        if let Some(range) = range {
            write!(formatter, "{}:{}: ", range.filename, range.start.line)?;
        }
        write!(formatter, "{severity}: {summary}: {detail}")
    }
}

impl Failure {
    pub(crate) fn new(during: &str, text: impl fmt::Display) -> Self {
        Self { during: during.to_owned(), text: text.to_string() }
    }

    /// The same failure, said to have happened in a directory of the tree.
    pub(crate) fn in_directory(self, directory: &Path) -> Self {
        Self { text: format!("in {}\n{}", directory.display(), self.text), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.during, self.text)
    }
}

/// Leaves out what runs of Terraform leave behind. The lock file is among it, since one with real hashes would refuse the stand-in provider.
fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    let wanted = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        !(name == ".terraform" || name == ".terraform.lock.hcl" || name.contains(".tfstate"))
    };
    for entry in WalkDir::new(from).follow_links(true).into_iter().filter_entry(wanted) {
        let entry = entry?;
        let target = to.join(entry.path().strip_prefix(from).unwrap_or(entry.path()));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(&target)?;
        } else {
            // The content alone: a read-only original must not make the copy one.
            std::fs::write(&target, std::fs::read(entry.path())?)?;
        }
    }
    Ok(())
}
