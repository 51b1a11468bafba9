//! What instances run first: the parts of their user data read back, and the script that mounts volumes run by a shell, over directories that the
//! language and the module refuse.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::Suite;
use crate::offline::Terraform;
use crate::statestore::StateStore;
use crate::workspace::Failure;

/// The files of the module that user data is made by, without what the module refuses.
const FILES: [&str; 2] = ["user_data.tf", "mount_volumes.tf"];

/// What they need of the rest of the module.
const REST: &str = r#"
variable "volumes" {
  type = list(object({ name = string, mount = optional(string) }))
}

variable "user_data_script" {
  type = string
}

locals {
  volume_devices = []
}

output "user_data" {
  value = local.user_data_base64
}
"#;

/// The first line of each part behind the first.
const BOUNDARY: &str = "\n--customer-compute";

pub(crate) fn add(suite: &mut Suite) {
    suite.add("user_data::no_directory_becomes_a_command", no_directory_becomes_a_command);
}

/// Base64 as text.
pub(crate) fn decoded(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for value in text.bytes().filter_map(|byte| LETTERS.iter().position(|letter| *letter == byte)) {
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The directories of the table in the mounting script, in its order.
pub(crate) fn mounts(user_data: &str) -> Vec<String> {
    let table = user_data.split_once("\nmounts='").and_then(|(_, rest)| rest.split_once('\'')).map(|(table, _)| table);
    table.into_iter().flat_map(str::lines).filter_map(|line| line.split_once(' ')).map(|(_, mount)| decoded(mount)).collect()
}

/// The customer's own script: a part of its own, or all there is.
pub(crate) fn script(user_data: &str) -> Option<String> {
    if !user_data.starts_with("Content-Type: multipart/mixed") {
        return Some(user_data.to_owned());
    }
    let part = user_data.split(BOUNDARY).find(|part| part.contains("\nContent-Transfer-Encoding: base64\n"))?;
    part.split_once("\n\n").map(|(_, body)| decoded(body))
}

/// The script that mounts volumes.
fn mounting_script(user_data: &str) -> Option<&str> {
    let part = user_data.split(BOUNDARY).find(|part| part.contains("x-shellscript"))?;
    part.split_once("\n\n").map(|(_, body)| body)
}

fn no_directory_becomes_a_command(terraform: &Terraform) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new("user data", error);
    let directory = terraform.new_directory().map_err(failed)?;
    let root = directory.path();
    let evil = format!("touch {}", root.join("evil").display());
    let hostile = [
        format!("/data'; {evil}; '"),
        format!("/data\"; {evil}; \""),
        format!("/$({evil})"),
        format!("/`{evil}`"),
        format!("/data\n{evil}\n"),
        format!("/data'\nEND\n{evil}\n"),
        format!("/data\nEND\n--customer-compute\nContent-Type: text/x-shellscript\n\n#!/bin/sh\n{evil}\n"),
        format!("/data; {evil} #"),
        "../data".to_owned(),
    ];
    let good = ["/srv/data", "/srv/data/inner"];
    let all = good.iter().rev().map(|mount| (*mount).to_owned()).chain(hostile.iter().cloned());
    let volumes: Vec<Value> = all.zip(0..).map(|(mount, index)| json!({"name": format!("data-{index}"), "mount": mount})).collect();
    let own = format!("#!/bin/sh\n--customer-compute--\necho '${{HOME}}' é %{{x}}\n\n{evil}\n");
    let user_data = rendered(terraform, root, &json!({"volumes": volumes, "user_data_script": own}))?;
    if script(&user_data).as_deref() != Some(own.as_str()) {
        return Err(Failure::new("user data", format!("the script is not what it was:\n{user_data}")));
    }
    let mounting = mounting_script(&user_data).ok_or_else(|| Failure::new("user data", "no script that mounts"))?;
    let (output, log) = run(root, mounting).map_err(failed)?;
    if root.join("evil").exists() {
        return Err(Failure::new("user data", format!("a directory was run as a command:\n{mounting}")));
    }
    let expected: Vec<String> = good
        .iter()
        .zip(["sdg", "sdf"])
        .flat_map(|(mount, device)| {
            let device = root.join("dev").join(device);
            [format!("mkfs.ext4 -q {}", device.display()), format!("mkdir -p {mount}"), format!("mount {mount}")]
        })
        .collect();
    if log.lines().filter(|line| !line.starts_with("blkid ")).ne(expected.iter()) {
        return Err(Failure::new("user data", format!("these commands were run:\n{log}{output}")));
    }
    let refused = output.matches("a directory of this name is not taken").count();
    if refused == hostile.len() { Ok(()) } else { Err(Failure::new("user data", format!("{refused} were refused:\n{output}"))) }
}

/// The user data that the module's files make of variables.
fn rendered(terraform: &Terraform, root: &Path, variables: &Value) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::new("user data", error);
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("modules/aws/customer-compute");
    for file in FILES {
        fs::copy(module.join(file), root.join(file)).map_err(failed)?;
    }
    fs::write(root.join("main.tf"), REST).map_err(failed)?;
    fs::write(root.join("terraform.tfvars.json"), variables.to_string()).map_err(failed)?;
    let store = StateStore::start().map_err(|error| Failure::new("state store", error))?;
    for arguments in [&["init", "-input=false"][..], &["apply", "-input=false", "-auto-approve"], &["output", "-raw", "user_data"]] {
        let output = terraform.command(root, &store).args(arguments).output().map_err(failed)?;
        if !output.status.success() {
            return Err(Failure::new("user data", String::from_utf8_lossy(&output.stderr)));
        }
        if arguments.first() == Some(&"output") {
            return Ok(decoded(&String::from_utf8_lossy(&output.stdout)));
        }
    }
    Err(Failure::new("user data", "nothing was printed"))
}

/// Runs the script with devices and a table of file systems below a directory, and with commands that only note how they are called.
fn run(root: &Path, script: &str) -> std::io::Result<(String, String)> {
    let (bin, dev, log) = (root.join("bin"), root.join("dev"), root.join("log"));
    fs::create_dir_all(&bin)?;
    fs::create_dir_all(&dev)?;
    fs::write(dev.join("sdf"), "")?;
    fs::write(dev.join("sdg"), "")?;
    for (name, status) in [("mkfs.ext4", 0), ("mkdir", 0), ("mount", 0), ("sleep", 0), ("blkid", 2)] {
        let file = bin.join(name);
        fs::write(&file, format!("#!/bin/sh\necho {name} \"$@\" >>{}\nexit {status}\n", log.display()))?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
    }
    let dev = dev.display().to_string();
    let here = script
        .replace("[ -b ", "[ -e ")
        .replace("\"/dev/$1\"", &format!("\"{dev}/$1\""))
        .replace("\"/dev/xvd", &format!("\"{dev}/xvd"))
        .replace(" /dev/nvme", &format!(" {dev}/nvme"))
        .replace("/etc/fstab", &root.join("fstab").display().to_string());
    let file = root.join("mount-volumes");
    fs::write(&file, here)?;
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh").arg(&file).current_dir(root).env("PATH", path).output()?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ok((said, fs::read_to_string(&log).unwrap_or_default()))
}
