//! States that move from one backend to another, by the steps that `terralet move` prints, and back. Their servers are those of the tests.

use crate::Suite;
use crate::moves::{Moving, SHOP, resources};
use crate::offline::Terraform;
use crate::state_servers::{ORGANIZATION, StateServer, TOKEN, USER};
use crate::workspace::Failure;

const API: &str = "compute: {instance_type: t3.small}\n";
const IN_S3: &str = "state: {backend: s3, config: {bucket: states, region: us-east-1, use_lockfile: true}}\n";
const ROOTS: [&str; 2] = ["shop/dev", "shop/dev/api-service"];
/// What docs/state-keys.md says that the two are called elsewhere.
const NAMES: [&str; 2] = ["shop-dev-ajgoka2x22rx76yu", "shop-dev-api-service-b4ltqwt6gmtqbnhn"];

pub(crate) fn add(suite: &mut Suite) {
    suite.add("moves_between_backends::to_gitlab_and_back", to_gitlab_and_back);
    suite.add("moves_between_backends::to_hcp_terraform_and_back", to_hcp_terraform_and_back);
    suite.add("moves_between_backends::from_hcp_terraform_to_gitlab", from_hcp_terraform_to_gitlab);
}

/// Both servers, and what Terraform has to know to reach them.
struct Elsewhere {
    gitlab: StateServer,
    hcp: StateServer,
}

impl Elsewhere {
    fn start() -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::new("state server", error);
        Ok(Self { gitlab: StateServer::gitlab().map_err(failed)?, hcp: StateServer::hcp_terraform().map_err(failed)? })
    }

    fn moving<'t>(&self, terraform: &'t Terraform) -> Result<Moving<'t>, Failure> {
        let mut moving = Moving::new(terraform, &[("variables.yml", SHOP), ("api-vars.yml", API)])?;
        let rc = format!(
            "{}{}",
            terraform.configuration().map_err(|error| Failure::new("configuration", error))?,
            self.hcp.services("app.terraform.io")
        );
        moving.write("terraform.rc", &rc)?;
        let file = moving.path("terraform.rc").display().to_string();
        moving.variables = vec![
            ("TF_CLI_CONFIG_FILE", file),
            ("TF_HTTP_USERNAME", USER.0.to_owned()),
            ("TF_HTTP_PASSWORD", USER.1.to_owned()),
            ("TF_TOKEN_app_terraform_io", TOKEN.to_owned()),
        ];
        Ok(moving)
    }

    fn in_gitlab(&self) -> String {
        format!("state: {{backend: http, config: {{address: '{}'}}}}\n", self.gitlab.states())
    }

    fn in_hcp(&self) -> String {
        format!("state: {{backend: cloud, config: {{organization: {ORGANIZATION}, project: '{{{{ customer_id }}}}'}}}}\n")
    }

    /// Takes steps; those that remove a workspace, whose host is not reached from here, have their effect on the server.
    fn take(&self, moving: &Moving<'_>, steps: &[String]) -> Result<(), Failure> {
        for step in steps {
            let before = "printf 'Authorization: Bearer %s' \"$TF_TOKEN_app_terraform_io\" | curl --fail --request DELETE --header @- \
                          https://app.terraform.io/api/v2/organizations/acme/workspaces/";
            match step.strip_prefix(before) {
                Some(workspace) if self.hcp.remove(workspace) => {}
                Some(_) => return Err(Failure::new(step, "there is no such workspace")),
                None => moving.take(std::slice::from_ref(step))?,
            }
        }
        Ok(())
    }

    /// Moves every root, by its record, after a change of the platform file. What there was is there, and nothing of it is left behind.
    fn carry(&self, moving: &Moving<'_>, platform: &str) -> Result<(), Failure> {
        moving.write("terralet.yml", platform)?;
        moving.stopped("terralet move shop/dev shop/dev")?;
        for root in ROOTS {
            let record = moving.record(root)?;
            if platform.contains("backend: cloud") {
                moving.fails(&format!("terraform -chdir=generated/{root} init -reconfigure"), "-reconfigure option is")?;
                moving.fails(&format!("terraform -chdir=generated/{root} init -migrate-state"), "-migrate-state option is")?;
            }
            let init = record.carry.iter().filter(|step| step.contains(" init")).nth(1);
            moving.shell(init.map_or("", String::as_str))?;
            moving.fails(&format!("terraform -chdir=generated/{root} plan"), "Unable to find remote state")?;
            self.take(moving, &record.carry)?;
            moving.shell(&format!("terraform -chdir=generated/{root} plan -detailed-exitcode"))?;
        }
        moving.compile()
    }

    /// Makes the roots, and gives their states.
    fn begin(&self, moving: &Moving<'_>, platform: &str) -> Result<(), Failure> {
        moving.write("terralet.yml", platform)?;
        moving.compile()?;
        for root in ROOTS {
            moving.shell(&format!("terraform -chdir=generated/{root} init && terraform -chdir=generated/{root} apply -auto-approve"))?;
        }
        Ok(())
    }
}

fn to_gitlab_and_back(terraform: &Terraform) -> Result<(), Failure> {
    let elsewhere = Elsewhere::start()?;
    let moving = elsewhere.moving(terraform)?;
    elsewhere.begin(&moving, IN_S3)?;
    let object = |root: &str| moving.store().object(&format!("states/{root}/terraform.tfstate"));
    let before = ROOTS.map(|root| object(root).unwrap_or_default());

    elsewhere.carry(&moving, &elsewhere.in_gitlab())?;
    for ((root, name), before) in ROOTS.into_iter().zip(NAMES).zip(&before) {
        let now = elsewhere.gitlab.state(name).ok_or_else(|| Failure::new("carry", "there is no state in GitLab"))?;
        if resources(&now)? != resources(before)? || object(root).is_some() {
            return Err(Failure::new("carry", "the state is not in GitLab alone, as it was"));
        }
    }
    let asked = elsewhere.gitlab.asked();
    for wanted in
        NAMES.iter().flat_map(|name| [format!("POST {name}/lock 200"), format!("POST {name} 200"), format!("DELETE {name}/lock 200")])
    {
        if !asked.contains(&wanted) {
            return Err(Failure::new("lock", format!("nobody asked for {wanted}: {asked:#?}")));
        }
    }
    moving.fails("TF_HTTP_PASSWORD= terraform -chdir=generated/shop/dev plan", "requires auth")?;

    elsewhere.carry(&moving, IN_S3)?;
    if !elsewhere.gitlab.names().is_empty() || ROOTS.iter().any(|root| object(root).is_none()) {
        return Err(Failure::new("back", "the states are not in S3 alone"));
    }
    Ok(())
}

fn to_hcp_terraform_and_back(terraform: &Terraform) -> Result<(), Failure> {
    let elsewhere = Elsewhere::start()?;
    let moving = elsewhere.moving(terraform)?;
    elsewhere.begin(&moving, IN_S3)?;
    elsewhere.carry(&moving, &elsewhere.in_hcp())?;
    if elsewhere.hcp.names() != NAMES || NAMES.iter().any(|name| elsewhere.hcp.project(name).as_deref() != Some("shop")) {
        return Err(Failure::new("carry", format!("workspaces {:?}", elsewhere.hcp.names())));
    }
    // A change of the documents is applied, with what the services read of their shared root.
    moving.write("customers/shop/infra/api-vars.yml", "compute: {instance_type: t3.medium}\n")?;
    moving.compile()?;
    moving.shell("terraform -chdir=generated/shop/dev/api-service apply -auto-approve")?;

    // The way back of the record, after everything was carried over but the end.
    moving.write("terralet.yml", &elsewhere.in_gitlab())?;
    moving.stopped("terralet move shop/dev shop/dev")?;
    let record = moving.record("shop/dev")?;
    elsewhere.take(&moving, record.carry.get(..record.carry.len() - 2).unwrap_or_default())?;
    if elsewhere.hcp.names() != [NAMES[1]] || elsewhere.gitlab.names() != [NAMES[0]] {
        return Err(Failure::new("carry", "the state is not in GitLab alone"));
    }
    let documents = record.undo.iter().position(|command| command.starts_with("terralet")).unwrap_or(0);
    let (back, after) = record.undo.split_at(documents);
    elsewhere.take(&moving, back)?;
    moving.write("terralet.yml", &elsewhere.in_hcp())?;
    elsewhere.take(&moving, after)?;
    moving.shell("terralet move --done shop/dev/api-service")?;
    moving.compile()?;
    if elsewhere.hcp.names() != NAMES || !elsewhere.gitlab.names().is_empty() {
        return Err(Failure::new("undo", "the states are not where they were"));
    }
    elsewhere.carry(&moving, IN_S3)?;
    if elsewhere.hcp.names().is_empty() { Ok(()) } else { Err(Failure::new("back", "a workspace is left")) }
}

fn from_hcp_terraform_to_gitlab(terraform: &Terraform) -> Result<(), Failure> {
    let elsewhere = Elsewhere::start()?;
    let moving = elsewhere.moving(terraform)?;
    elsewhere.begin(&moving, &elsewhere.in_hcp())?;
    elsewhere.carry(&moving, &elsewhere.in_gitlab())?;
    elsewhere.carry(&moving, &elsewhere.in_hcp())?;
    if elsewhere.hcp.names() == NAMES { Ok(()) } else { Err(Failure::new("back", "the states are not where they were")) }
}
