//! The steps that `terralet move` prints, taken as they stand in its record: by a shell, with real Terraform and real states. And the way back.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::Suite;
use crate::offline::Terraform;
use crate::statestore::StateStore;
use crate::workspace::{Failure, Workspace};

pub(crate) const SHOP: &str = "\
project_name: shop
region: us-east-1
environments: {dev: {}}
networking: {vpc_cidr: 10.20.0.0/16, enable_nat_gateway: false}
";

/// In which words Terraform is found, and the provider that runs here, which `init` must not know of.
const PRELUDE: &str = r#"set -e
terraform() {
  case " $* " in
    *" init "*) command "$TERRAFORM" "$@" ;;
    *) TF_REATTACH_PROVIDERS="$REATTACH" command "$TERRAFORM" "$@" ;;
  esac
}
terralet() { command "$TERRALET" "$@"; }
"#;

pub(crate) fn add(suite: &mut Suite) {
    suite.add("moves::another_key_and_back_and_there_again", another_key_and_back_and_there_again);
    suite.add("moves::another_backend_with_services", another_backend_with_services);
    suite.add("moves::a_root_that_was_never_applied", a_root_that_was_never_applied);
    suite.add("moves::databases_under_other_names", databases_under_other_names);
}

fn another_key_and_back_and_there_again(terraform: &Terraform) -> Result<(), Failure> {
    let moving = Moving::new(terraform, &[("variables.yml", SHOP)])?;
    let by = |layout: &str| {
        format!("state: {{backend: s3, layout: {layout}, config: {{bucket: states, region: us-east-1, use_lockfile: true}}}}\n")
    };
    moving.write("terralet.yml", &by("repository"))?;
    moving.compile()?;
    moving.apply("shop/dev")?;
    let (old, new) = ("states/shop/dev/terraform.tfstate", "states/shop/us-east-1/dev/terraform.tfstate");
    let state = moving.workspace.store().object(old).ok_or_else(|| Failure::new("apply", "it wrote no state"))?;

    moving.write("terralet.yml", &by("region"))?;
    moving.stopped("terralet move shop/dev shop/us-east-1/dev")?;
    // Neither root can be planned before the state is there.
    moving.fails("terraform -chdir=generated/shop/dev init -reconfigure", "Unsupported Terraform Core version")?;
    moving.shell("terraform -chdir=generated/shop/us-east-1/dev init -reconfigure")?;
    moving.fails("terraform -chdir=generated/shop/us-east-1/dev plan", "Unable to find remote state")?;
    moving.shell("rm -rf generated/shop/us-east-1/dev/.terraform generated/shop/us-east-1/dev/.terraform.lock.hcl")?;
    let record = moving.record("shop/us-east-1/dev")?;
    // All but the last two: what was copied is needed for the way back.
    let (there, end) = record.carry.split_at(record.carry.len() - 2);
    moving.take(there)?;
    let carried = moving.workspace.store().object(new).ok_or_else(|| Failure::new("carry", "there is no state in the new place"))?;
    if resources(&carried)? != resources(&state)? || moving.workspace.store().object(old).is_some() {
        return Err(Failure::new("carry", "the state is not in the new place alone, as it was"));
    }
    moving.compile()?;
    moving.unchanged("shop/us-east-1/dev")?;

    let documents = record.undo.iter().position(|command| command.starts_with("terralet")).unwrap_or(0);
    let (back, after) = record.undo.split_at(documents);
    moving.take(back)?;
    moving.write("terralet.yml", &by("repository"))?;
    moving.take(after)?;
    moving.compile()?;
    moving.unchanged("shop/dev")?;
    if moving.workspace.store().object(new).is_some() {
        return Err(Failure::new("undo", "a state is left in the new place"));
    }

    moving.write("terralet.yml", &by("region"))?;
    moving.stopped("terralet move shop/dev shop/us-east-1/dev")?;
    moving.take(&moving.record("shop/us-east-1/dev")?.carry)?;
    if end.iter().any(|command| command.starts_with("aws")) || moving.path("generated/shop/dev/moved.tf").exists() {
        return Err(Failure::new("done", "the old key is still taken"));
    }
    moving.compile()?;
    moving.unchanged("shop/us-east-1/dev")
}

fn another_backend_with_services(terraform: &Terraform) -> Result<(), Failure> {
    let documents = [("variables.yml", SHOP), ("api-vars.yml", "compute: {instance_type: t3.small}\n")];
    let moving = Moving::new(terraform, &documents)?;
    moving.write("terralet.yml", "state: {config: {path: ../states}}\n")?;
    moving.compile()?;
    moving.apply("shop/dev")?;
    moving.apply("shop/dev/api-service")?;
    moving.write("terralet.yml", "state: {config: {path: '../other states'}}\n")?;
    moving.stopped("terralet move shop/dev shop/dev")?;
    for root in ["shop/dev", "shop/dev/api-service"] {
        moving.take(&moving.record(root)?.carry)?;
        moving.unchanged(root)?;
        for left in [format!("generated/{root}/../states/{root}/terraform.tfstate"), format!("generated/{root}/.moved")] {
            if moving.path(&left).exists() {
                return Err(Failure::new("done", format!("{left} is left")));
            }
        }
    }
    moving.compile()
}

fn a_root_that_was_never_applied(terraform: &Terraform) -> Result<(), Failure> {
    let moving = Moving::new(terraform, &[("variables.yml", SHOP)])?;
    moving.compile()?;
    moving.write("terralet.yml", "state: {layout: region}\n")?;
    moving.stopped("terralet move shop/dev shop/us-east-1/dev")?;
    let carry = moving.record("shop/us-east-1/dev")?.carry;
    // As the step that fetches the state says: the file is empty, and the last two steps are left.
    let (fetch, end) = (&carry[..2], &carry[carry.len() - 2..]);
    moving.take(fetch)?;
    let fetched = std::fs::metadata(moving.path("generated/shop/us-east-1/dev/.moved/.terraform/moved.tfstate"));
    if fetched.map_err(|error| Failure::new("fetch", error))?.len() != 0 {
        return Err(Failure::new("fetch", "there is a state that nobody made"));
    }
    moving.take(end)?;
    moving.compile()
}

/// A database gets a name, another one, and another one at once: nothing is made, changed or destroyed, whichever of the states stands.
fn databases_under_other_names(terraform: &Terraform) -> Result<(), Failure> {
    const KEYS: &str = "engine: postgres, engine_version: '17', instance_class: db.t4g.medium";
    let named = |database: &str| format!("{SHOP}{database}\n");
    let moving = Moving::new(terraform, &[("variables.yml", &named(&format!("database: {{{KEYS}}}")))])?;
    moving.compile()?;
    moving.apply("shop/dev")?;
    let steps = [
        (format!("databases: {{orders: {{formerly: database, {KEYS}}}}}"), "module.customer_database_orders", true),
        // This is not applied: the next one finds the state under the name before.
        (format!("databases: {{sales: {{formerly: [database, orders], {KEYS}}}}}"), "module.customer_database_sales", false),
        (format!("databases: {{shop-eu: {{formerly: [database, orders, sales], {KEYS}}}}}"), "module.customer_database_shop_eu", true),
    ];
    for (documents, address, is_applied) in steps {
        moving.write("customers/shop/infra/variables.yml", &named(&documents))?;
        moving.compile()?;
        moving.shell("terraform -chdir=generated/shop/dev init")?;
        let planned = moving.shell("terraform -chdir=generated/shop/dev plan -no-color")?;
        let is_quiet = planned.contains("Plan: 0 to add, 0 to change, 0 to destroy.");
        if !is_quiet || !planned.contains(&format!("has moved to {address}.")) {
            return Err(Failure::new(address, planned));
        }
        if is_applied {
            moving.shell("terraform -chdir=generated/shop/dev apply -auto-approve -no-color")?;
        }
    }
    Ok(())
}

pub(crate) fn resources(state: &[u8]) -> Result<serde_json::Value, Failure> {
    let state: serde_json::Value = serde_json::from_slice(state).map_err(|error| Failure::new("state", error))?;
    match &state["resources"] {
        serde_json::Value::Array(resources) if !resources.is_empty() => Ok(state["resources"].clone()),
        _ => Err(Failure::new("state", "it has no resource")),
    }
}

/// A workspace whose states move.
pub(crate) struct Moving<'t> {
    terraform: &'t Terraform,
    workspace: Workspace<'t>,
    /// What commands find in their environment, over what they find there anyway.
    pub(crate) variables: Vec<(&'static str, String)>,
}

/// The commands of a record.
pub(crate) struct Record {
    pub(crate) carry: Vec<String>,
    pub(crate) undo: Vec<String>,
}

impl<'t> Moving<'t> {
    pub(crate) fn new(terraform: &'t Terraform, documents: &[(&str, &str)]) -> Result<Self, Failure> {
        let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
        let moving = Self { terraform, workspace: Workspace::copy(terraform, &[], Arc::new(store))?, variables: Vec::new() };
        moving.write("terralet.yml", "")?;
        for (name, text) in documents {
            moving.write(&format!("customers/shop/infra/{name}"), text)?;
        }
        Ok(moving)
    }

    pub(crate) fn store(&self) -> &StateStore {
        self.workspace.store()
    }

    pub(crate) fn path(&self, path: &str) -> std::path::PathBuf {
        self.workspace.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> Result<(), Failure> {
        let file = self.path(path);
        let directory = file.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(directory).and_then(|()| std::fs::write(&file, text)).map_err(|error| Failure::new("write", error))
    }

    /// Compiles to a tree in which nothing differs.
    pub(crate) fn compile(&self) -> Result<(), Failure> {
        self.shell("terralet compile")?;
        self.shell("terralet compile --check").map(drop)
    }

    /// A compile stops and gives a command, which is run as it is given.
    pub(crate) fn stopped(&self, command: &str) -> Result<(), Failure> {
        self.fails("terralet compile", &format!("`{command}`"))?;
        self.shell(command)?;
        self.compile()
    }

    fn apply(&self, root: &str) -> Result<(), Failure> {
        let module = self.workspace.module(&Path::new("generated").join(root));
        module.init()?;
        if module.plan()?.created().is_empty() {
            return Err(Failure::new("plan", "it creates nothing"));
        }
        module.apply()
    }

    fn unchanged(&self, root: &str) -> Result<(), Failure> {
        self.workspace.module(&Path::new("generated").join(root)).plan_without_changes()
    }

    /// What a reviewer reads.
    pub(crate) fn record(&self, root: &str) -> Result<Record, Failure> {
        let file = self.path(&format!("generated/{root}/.moved/README.md"));
        let text = std::fs::read_to_string(file).map_err(|error| Failure::new("record", error))?;
        let commands =
            |part: &str| part.lines().filter_map(|line| line.strip_prefix("       ")).map(|line| line.trim_start().to_owned()).collect();
        let (carry, undo) = text.split_once("\n## Undo it\n").ok_or_else(|| Failure::new("record", &text))?;
        let record = Record { carry: commands(carry), undo: commands(undo) };
        if record.carry.len() < 8 || record.undo.len() < 5 { Err(Failure::new("record", text)) } else { Ok(record) }
    }

    /// Takes steps in order, each as it stands. The one command that is not here, `aws`, has its effect on the store.
    pub(crate) fn take(&self, steps: &[String]) -> Result<(), Failure> {
        for command in steps {
            match command.strip_prefix("aws s3 rm --region us-east-1 s3://") {
                Some(object) if self.workspace.store().object(object).is_none() => {
                    return Err(Failure::new(command, "there is no such object"));
                }
                Some(object) => self.workspace.store().remove(object),
                None => {
                    let said = self.shell(command)?;
                    if command.ends_with(" plan") && !said.contains("No changes.") {
                        return Err(Failure::new(command, said));
                    }
                }
            }
        }
        Ok(())
    }

    pub(crate) fn fails(&self, command: &str, words: &str) -> Result<(), Failure> {
        match self.run(command)? {
            (true, said) => Err(Failure::new(command, format!("it succeeded\n{said}"))),
            // Long lines are broken for the eye.
            (false, said) if said.split_whitespace().collect::<Vec<_>>().join(" ").contains(words) => Ok(()),
            (false, said) => Err(Failure::new(command, format!("it does not say `{words}`\n{said}"))),
        }
    }

    pub(crate) fn shell(&self, command: &str) -> Result<String, Failure> {
        match self.run(command)? {
            (true, said) => Ok(said),
            (false, said) => Err(Failure::new(command, said)),
        }
    }

    /// Runs a command in the directory of the workspace, as its record says.
    fn run(&self, command: &str) -> Result<(bool, String), Failure> {
        let terraform = self.terraform.command(self.workspace.path(), self.workspace.store());
        let (_, reattach) = self.terraform.reattach();
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{PRELUDE}{command}\n")]).current_dir(self.workspace.path()).env_clear().stdin(Stdio::null());
        shell.envs(terraform.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.env("TERRAFORM", terraform.get_program()).env("REATTACH", reattach).env("TERRALET", env!("CARGO_BIN_EXE_terralet"));
        shell.envs(self.variables.iter().map(|(name, value)| (name, value)));
        let output = shell.output().map_err(|error| Failure::new(command, error))?;
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Ok((output.status.success(), said))
    }
}
