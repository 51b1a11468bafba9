//! Finds the root modules in a tree, reads where each keeps its state, and puts each service root with the shared root that it reads.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;
use walkdir::{DirEntry, WalkDir};

/// How the first line of every file that the compiler writes begins. This is the one place in these tests that knows it.
const FIRST_LINE: &str = "# Made by terralet";

/// Below the output, this directory holds shared modules, which have the first line too and are not roots.
const MODULES: &str = "modules";

/// A root module, or the tombstone of one, which has a backend and no `main.tf`.
pub(crate) struct Root {
    /// Relative to the tree.
    pub(crate) directory: PathBuf,
    pub(crate) backend: Backend,
    /// Where the state is.
    pub(crate) state: String,
    /// The states that its `data.tf` reads.
    reads: Vec<String>,
}

/// A root that reads no other's state, and the service roots that read its.
pub(crate) struct Group {
    pub(crate) shared: Root,
    pub(crate) services: Vec<Root>,
}

/// A backend's kind and arguments, from `backend.tf` or from a `terraform_remote_state`.
pub(crate) struct Backend {
    pub(crate) kind: String,
    arguments: Value,
}

/// Every root below `tree`, which is relative to `base`, in groups. The groups' directories are relative to `base`.
pub(crate) fn discover(base: &Path, tree: &Path) -> Result<Vec<Group>, String> {
    let top = base.join(tree);
    let is_wanted = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name.starts_with('.') || (entry.depth() == 1 && name == MODULES))
    };
    let mut roots = Vec::new();
    for entry in WalkDir::new(&top).sort_by_file_name().into_iter().filter_entry(is_wanted) {
        let entry = entry.map_err(|error| error.to_string())?;
        if entry.file_type().is_dir() && is_root(entry.path()) {
            let directory = entry.path().strip_prefix(base).unwrap_or(entry.path());
            roots.push(Root::read(base, directory).map_err(|error| format!("{}: {error}", directory.display()))?);
        }
    }
    group(roots)
}

fn is_root(directory: &Path) -> bool {
    let is_ours = |name: &str| std::fs::read_to_string(directory.join(name)).is_ok_and(|text| text.starts_with(FIRST_LINE));
    is_ours("main.tf") || is_ours("backend.tf")
}

fn group(roots: Vec<Root>) -> Result<Vec<Group>, String> {
    let mut owners: BTreeMap<String, PathBuf> = BTreeMap::new();
    for root in &roots {
        if let Some(other) = owners.insert(root.state.clone(), root.directory.clone()) {
            return Err(format!("{} and {} keep their state in one place, {}", other.display(), root.directory.display(), root.state));
        }
    }
    let (services, shared): (Vec<Root>, Vec<Root>) = roots.into_iter().partition(|root| !root.reads.is_empty());
    let mut groups: Vec<Group> = shared.into_iter().map(|shared| Group { shared, services: Vec::new() }).collect();
    for service in services {
        let read = groups.iter_mut().find(|group| service.reads.iter().all(|state| *state == group.shared.state));
        match read {
            Some(group) => group.services.push(service),
            None => {
                return Err(format!(
                    "{} reads {}, which no shared root of the tree writes",
                    service.directory.display(),
                    service.reads.join(", ")
                ));
            }
        }
    }
    Ok(groups)
}

impl Root {
    fn read(base: &Path, directory: &Path) -> Result<Self, String> {
        let top = base.join(directory);
        let settings = parse(&top.join("backend.tf"))?["terraform"].clone();
        // HCP Terraform has a block of its own.
        let cloud = settings.get("cloud").map(|cloud| serde_json::json!({ "cloud": cloud }));
        let backends = cloud.unwrap_or_else(|| settings["backend"].clone());
        let backend = match backends.as_object().into_iter().flatten().collect::<Vec<_>>().as_slice() {
            [(kind, arguments)] => Backend { kind: (*kind).clone(), arguments: (*arguments).clone() },
            found => return Err(format!("backend.tf has {} backends, where one is wanted", found.len())),
        };
        let state = backend.state(directory)?;
        let mut reads = Vec::new();
        if top.join("data.tf").exists() {
            let data = parse(&top.join("data.tf"))?;
            for (_, remote) in data["data"]["terraform_remote_state"].as_object().into_iter().flatten() {
                let kind = remote["backend"].as_str().ok_or("a terraform_remote_state names no backend")?.to_owned();
                reads.push(Backend { kind, arguments: remote["config"].clone() }.state(directory)?);
            }
        }
        Ok(Self { directory: directory.to_owned(), backend, state, reads })
    }
}

impl Backend {
    /// True where an argument is written.
    pub(crate) fn has(&self, argument: &str) -> bool {
        self.arguments.get(argument).is_some()
    }

    /// Where the state of a root in `directory` is, in a form that compares equal for a backend and a remote state that mean the same place.
    fn state(&self, directory: &Path) -> Result<String, String> {
        let argument = |name: &str| self.argument(name).ok_or_else(|| format!("backend {} has no {name}", self.kind));
        Ok(match self.kind.as_str() {
            "s3" => format!("{}/{}", argument("bucket")?, argument("key")?),
            "azurerm" => format!("{}/{}/{}", argument("storage_account_name")?, argument("container_name")?, argument("key")?),
            "gcs" => format!("{}/{}", argument("bucket")?, argument("prefix")?),
            "http" => argument("address")?.to_owned(),
            "cloud" | "remote" => {
                let name = self.arguments["workspaces"]["name"].as_str().ok_or("there is no name of a workspace")?;
                format!("{}/{}/{name}", argument("hostname")?, argument("organization")?)
            }
            "local" => normalised(&directory.join(argument("path")?)).display().to_string(),
            kind => return Err(format!("backend {kind} is none that is emitted")),
        })
    }

    fn argument(&self, name: &str) -> Option<&str> {
        self.arguments[name].as_str()
    }

    pub(crate) fn locks(&self) -> bool {
        self.arguments["use_lockfile"] == true
    }
}

fn parse(file: &Path) -> Result<Value, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    hcl::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
}

/// Without `.` and `..`, by the names alone.
fn normalised(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
