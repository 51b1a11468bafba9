//! The steps that carry a state over, and the way back, as commands for a shell in the directory of the workspace. They are printed and
//! recorded, and never run: who runs them has the rights to the states.

use crate::clouds::object_removal;
use crate::emit::MOVE_DIRECTORY;
use crate::platform::BackendKind;
use crate::shell::quoted;
use crate::terraform::RootIdentity;
use crate::tree::WrittenBackend;
use serde::Serialize;
use std::fmt::Write as _;

/// Where the state is on its way, below the directory of a move: what Terraform keeps there is in no repository.
const CARRIED: &str = ".terraform/moved.tfstate";

/// What is asked of a new root that stood in the tree before the move.
pub(super) const NOTHING_THERE: &str = "Make sure that nothing was applied in the new root, which stood in the tree before: nothing is listed. Where something is, undo the move, and destroy first what was made a second time.";

/// What a state does not take along into a workspace.
const NEW_WORKSPACE: &str = "Terraform has made the workspace where there was none. Give it what the old place had and a state does not: how it runs, its variables, who may read its state.";

/// One step.
#[derive(Debug, Serialize)]
pub struct Step {
    /// What it is for, as a sentence.
    pub says: String,
    /// What to run; nothing where a person has to do something else.
    pub command: Option<String>,
}

/// One end of a move.
#[derive(Debug)]
pub struct End {
    /// The root's directory below the output.
    pub address: String,
    /// The same, from the workspace.
    pub path: String,
    /// Where its state is.
    pub backend: WrittenBackend,
    /// A local state's file, from the workspace.
    pub file: Option<String>,
}

/// A move, whose steps are printed.
#[derive(Debug)]
pub struct Steps<'t> {
    /// The deployment.
    pub identity: &'t RootIdentity,
    /// Where its state is.
    pub old: &'t End,
    /// Where it goes.
    pub new: &'t End,
    /// True when the providers' lock file stands in the old root alone.
    pub takes_lock_file: bool,
    /// True when the new root stood in the tree before the move.
    pub stood: bool,
    /// The options of `terralet` that this workspace takes, with a space before each.
    pub options: &'t str,
}

impl Steps<'_> {
    /// The way there.
    pub fn carry(&self) -> Vec<Step> {
        let (new, moved) = (&self.new.path, self.moved());
        let carried = quoted(&format!("{moved}/{CARRIED}")).into_owned();
        let listed = quoted(&format!("{moved}/.terraform/list")).into_owned();
        let mut steps = vec![
            step("Let nobody apply the old root from here on, from no branch and no other checkout.", None),
            step("Reach the old place.", Some(self.reach(&moved))),
            step(
                "Fetch the state. It may hold secrets, and is kept out of the repository. When the file is empty, nothing was ever applied; then only the last two steps are left.",
                Some(format!("(umask 077 && {} > {carried})", terraform(&moved, "state pull"))),
            ),
        ];
        if self.takes_lock_file {
            steps.push(step("Move the providers' lock file too.", Some(self.lock_file(self.old, self.new))));
        }
        steps.push(step("Reach the new place.", Some(self.reach(new))));
        if self.new.backend.kind == BackendKind::Cloud {
            steps.push(step(NEW_WORKSPACE, None));
        }
        if self.stood {
            steps.push(step(NOTHING_THERE, Some(format!("! {} | grep .", terraform(new, "state list")))));
        }
        steps.extend([
            step(
                "Put the state there. Terraform refuses it where another state is.",
                Some(terraform(new, &format!("state push {MOVE_DIRECTORY}/{CARRIED}"))),
            ),
            // Not byte by byte: a state that is put into an empty place of a cloud gets another serial and lineage.
            step(
                "Compare what both places list: nothing is printed when it is the same.",
                Some(format!("({} > {listed} && {} | cmp - {listed})", terraform(&moved, "state list"), terraform(new, "state list"))),
            ),
            step(
                "Plan the new root. It says `No changes`, unless the documents changed in more than the place; what the state has is not created again.",
                Some(terraform(new, "plan")),
            ),
            step(removal_words(self.old, "Remove the state at the old place.", "Remove the workspace at the old place, with its variables and the history of its runs."), removal(self.old)),
            step("Remove the copy.", Some(self.rest())),
            step(if self.is_in_place() { "End the move." } else { "End the move, which frees the old key." }, Some(self.terralet(&format!("--done {}", quoted(&self.new.address))))),
        ]);
        steps
    }

    /// The way back, as long as nothing was applied in the new root.
    pub fn undo(&self) -> Vec<Step> {
        let (moved, old, new) = (self.moved(), &self.old.address, &self.new.address);
        let mut steps = vec![
            step("Where the state at the old place was removed, put it back.", Some(terraform(&moved, &format!("state push {CARRIED}")))),
            step(
                removal_words(
                    self.new,
                    "Where the state was put to the new place, remove it there.",
                    "Where the new place was reached, remove the workspace there, with its variables and the history of its runs.",
                ),
                removal(self.new),
            ),
        ];
        if self.takes_lock_file {
            steps.push(step("Move the providers' lock file back.", Some(self.lock_file(self.new, self.old))));
        }
        steps.extend([
            step("Remove the copy.", Some(self.rest())),
            step("Revert the change of the documents or of the platform file.", None),
            step(
                "Move the root back. Its state is there already, so that none of the steps that this prints are needed.",
                Some(self.terralet(&format!("{} {}", quoted(new), quoted(old)))),
            ),
            step("End that move.", Some(self.terralet(&format!("--done {}", quoted(old))))),
            step("Reach the old place from the old root.", Some(self.reach(&self.old.path))),
        ]);
        steps
    }

    /// The record of the move, for the reviewer: who moves from where to where, and both ways.
    pub fn readme(&self) -> String {
        let mut text = format!("# The state of {} moves\n\n", self.identity);
        // Writing to a string cannot fail.
        let _written = writeln!(text, "| | root | state |\n| --- | --- | --- |");
        for (name, end) in [("from", self.old), ("to", self.new)] {
            let place: Vec<String> = end.backend.place().iter().map(|line| format!("`{}`", line.replace('|', "\\|"))).collect();
            let _written = writeln!(text, "| {name} | `{}` | {} |", end.path, place.join(", "));
        }
        let staged = if self.is_in_place() {
            "terralet has staged the root with its new backend"
        } else {
            "terralet has staged the new root, and until the move is done no other deployment gets the old key"
        };
        let _written = write!(
            text,
            "\n{staged}. The state itself is carried over\n\
             by these steps, in the directory of the workspace, by somebody who may read and write both places. Until it is there the new root\n\
             cannot be planned. `{MOVE_DIRECTORY}/backend.tf` remembers the old place.\n\n## Carry it over\n\n"
        );
        list(&mut text, &self.carry());
        text.push_str(
            "\n## Undo it\n\nAs long as nothing was applied in the new root. Where something was, the state that is left at the old place is out of date: remove it,\nstart with the step about the documents, and follow the steps that `terralet move` then prints.\n\n",
        );
        list(&mut text, &self.undo());
        text
    }

    fn is_in_place(&self) -> bool {
        self.old.address == self.new.address
    }

    /// Reaches the place that a directory's backend names, whatever the directory knew before. Where HCP Terraform is on either side,
    /// Terraform takes no `-reconfigure` (`assertSupportedCloudInitOptions` in its `internal/command/meta_backend.go`), and `-migrate-state`
    /// neither: what it remembers of the other backend goes first.
    fn reach(&self, directory: &str) -> String {
        if [self.old, self.new].iter().all(|end| end.backend.kind != BackendKind::Cloud) {
            return terraform(directory, "init -reconfigure");
        }
        let remembered = |file: &str| quoted(&format!("{directory}/.terraform/{file}")).into_owned();
        format!("rm -f {} {} && {}", remembered("terraform.tfstate"), remembered("environment"), terraform(directory, "init"))
    }

    fn moved(&self) -> String {
        format!("{}/{MOVE_DIRECTORY}", self.new.path)
    }

    /// Takes away what Terraform left in the directory of the move; the lock file is one that no root needs.
    fn rest(&self) -> String {
        let moved = self.moved();
        format!("rm -rf {} {}", quoted(&format!("{moved}/.terraform")), quoted(&format!("{moved}/.terraform.lock.hcl")))
    }

    fn terralet(&self, call: &str) -> String {
        format!("terralet move{} {call}", self.options)
    }

    fn lock_file(&self, from: &End, to: &End) -> String {
        let file = |end: &End| quoted(&format!("{}/.terraform.lock.hcl", end.path)).into_owned();
        format!("mv {} {}", file(from), file(to))
    }
}

fn step(says: &str, command: Option<String>) -> Step {
    Step { says: says.to_owned(), command }
}

fn terraform(directory: &str, call: &str) -> String {
    format!("terraform -chdir={} {call}", quoted(directory))
}

/// What is said of the removal of a state, where it is not for what goes with it.
fn removal_words(end: &End, otherwise: &'static str, of_workspace: &'static str) -> &'static str {
    if end.backend.kind == BackendKind::Cloud { of_workspace } else { otherwise }
}

/// The variable in which Terraform looks for the token of a host, by its documentation of the CLI's configuration.
fn token_variable(host: &str) -> String {
    let host = host.split(':').next().unwrap_or(host).replace('-', "__");
    let name: String = host.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    format!("TF_TOKEN_{name}")
}

/// What removes a state. Which command of which cloud that is, Terraform does not say: it has none of its own.
fn removal(end: &End) -> Option<String> {
    let backend = &end.backend;
    let text = |name: &str| backend.text(name);
    let option = |option: &str, name: &str| text(name).map(|value| format!(" {option} {}", quoted(value))).unwrap_or_default();
    Some(match backend.kind {
        BackendKind::Local => format!("rm {}", quoted(end.file.as_deref()?)),
        BackendKind::S3 => {
            let object = format!("s3://{}/{}", text("bucket")?, text("key")?);
            format!(
                "{}{}{} {}",
                object_removal(backend.kind.as_str())?,
                option("--region", "region"),
                option("--endpoint-url", "endpoint"),
                quoted(&object)
            )
        }
        BackendKind::Azurerm => {
            let places = [("--account-name", "storage_account_name"), ("--container-name", "container_name"), ("--name", "key")];
            format!("az storage blob delete{}", places.map(|(name, argument)| option(name, argument)).concat())
        }
        BackendKind::Gcs => {
            let object = format!("gs://{}/{}/default.tfstate", text("bucket")?, text("prefix")?);
            format!("gcloud storage rm {}", quoted(&object))
        }
        // By basic authentication, as Terraform's own requests.
        BackendKind::Http => {
            format!("curl --fail --request DELETE --user \"$TF_HTTP_USERNAME:$TF_HTTP_PASSWORD\" {}", quoted(text("address")?))
        }
        // A workspace that one configuration names alone cannot be removed by Terraform's own command. The token goes in by a pipe, since
        // other users of the machine may read a command's words.
        BackendKind::Cloud => {
            let (host, organization) = (text("hostname")?, text("organization")?);
            let workspace = format!("https://{host}/api/v2/organizations/{organization}/workspaces/{}", text("workspaces.name")?);
            format!(
                "printf 'Authorization: Bearer %s' \"${}\" | curl --fail --request DELETE --header @- {}",
                token_variable(host),
                quoted(&workspace)
            )
        }
    })
}

fn list(text: &mut String, steps: &[Step]) {
    for (index, step) in steps.iter().enumerate() {
        let number = format!("{}. ", index + 1);
        let _written = writeln!(text, "{number}{}", step.says);
        if let Some(command) = &step.command {
            // A block of code inside the item.
            let _written = writeln!(text, "\n{}{command}\n", " ".repeat(number.len() + 4));
        }
    }
}
