//! Servers on loopback that keep states as GitLab and as HCP Terraform do, by their documentation: as much of each as Terraform asks for.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::background::Background;

/// What GitLab's server knows whoever may come by: `joe`, with a password.
pub(crate) const USER: (&str, &str) = ("joe", "of the tests");
const BASIC: &str = "Basic am9lOm9mIHRoZSB0ZXN0cw==";

/// The token that HCP Terraform takes.
pub(crate) const TOKEN: &str = "token-of-the-tests";

/// The one place where GitLab has states.
const GITLAB_STATES: &str = "/api/v4/projects/42/terraform/state/";
/// The one organization.
pub(crate) const ORGANIZATION: &str = "acme";

/// A server, and what it keeps: states by name, and which are locked.
pub(crate) struct StateServer {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    _background: Background,
}

#[derive(Default)]
struct Kept {
    address: String,
    states: BTreeMap<String, Bytes>,
    locks: BTreeMap<String, Bytes>,
    /// Workspaces, each with its project.
    workspaces: BTreeMap<String, Option<String>>,
    projects: Vec<String>,
    /// What was asked, with the answer's status.
    asked: Vec<String>,
}

/// A request that has come in whole.
struct Asked<'a> {
    method: &'a Method,
    path: &'a str,
    query: &'a str,
    authorization: &'a str,
    body: Bytes,
}

type Answer = (u16, Bytes);

impl StateServer {
    /// GitLab, with its states of one project.
    pub(crate) fn gitlab() -> std::io::Result<Self> {
        Self::start(gitlab)
    }

    /// HCP Terraform, with one organization, where Terraform's operations run on the machine that asks.
    pub(crate) fn hcp_terraform() -> std::io::Result<Self> {
        Self::start(hcp_terraform)
    }

    fn start(answer: fn(&mut Kept, &Asked<'_>) -> Answer) -> std::io::Result<Self> {
        let kept = Arc::new(Mutex::new(Kept::default()));
        let served = Arc::clone(&kept);
        let (address, background) = Background::listen(move |listener| serve(listener, served, answer))?;
        let server = Self { address, kept, _background: background };
        server.with(|kept| kept.address = format!("http://{address}"));
        Ok(server)
    }

    /// `address` as the platform file has it.
    pub(crate) fn states(&self) -> String {
        format!("http://{}{GITLAB_STATES}", self.address)
    }

    /// What a configuration of Terraform's command line says of a host that this server stands for.
    pub(crate) fn services(&self, host: &str) -> String {
        let services = ["tfe.v2", "tfe.v2.1"].map(|service| format!("    {service:?} = \"http://{}/api/v2/\"\n", self.address)).concat();
        format!("host {host:?} {{\n  services = {{\n{services}  }}\n}}\n")
    }

    /// A state, by its name.
    pub(crate) fn state(&self, name: &str) -> Option<Bytes> {
        self.with(|kept| kept.states.get(name).cloned())
    }

    /// The names of the states that there are.
    pub(crate) fn names(&self) -> Vec<String> {
        self.with(|kept| kept.states.keys().cloned().collect())
    }

    /// The project of a workspace.
    pub(crate) fn project(&self, workspace: &str) -> Option<String> {
        self.with(|kept| kept.workspaces.get(workspace).cloned().flatten())
    }

    /// Removes a workspace with its state, as its owner may without Terraform; false where there is none.
    pub(crate) fn remove(&self, workspace: &str) -> bool {
        self.with(|kept| {
            kept.states.remove(workspace);
            kept.workspaces.remove(workspace).is_some()
        })
    }

    /// Every request so far, such as `POST shop-dev/lock 200`, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.with(|kept| kept.asked.clone())
    }

    fn with<T>(&self, what: impl FnOnce(&mut Kept) -> T) -> T {
        what(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn serve(listener: TcpListener, kept: Arc<Mutex<Kept>>, answer: fn(&mut Kept, &Asked<'_>) -> Answer) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let kept = Arc::clone(&kept);
        let service = service_fn(move |request| respond(Arc::clone(&kept), answer, request));
        tokio::spawn(async move {
            // A client that goes away in the middle of a request is its own affair.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn respond(
    kept: Arc<Mutex<Kept>>,
    answer: fn(&mut Kept, &Asked<'_>) -> Answer,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let authorization = head.headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let asked = Asked { method: &head.method, path: head.uri.path(), query: head.uri.query().unwrap_or_default(), authorization, body };
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let (status, body) = answer(&mut kept, &asked);
    let name = asked.path.strip_prefix(GITLAB_STATES).unwrap_or(asked.path);
    kept.asked.push(format!("{} {name} {status}", asked.method));
    let response = Response::builder().status(status).header("content-type", "application/vnd.api+json").header("TFP-API-Version", "2.6");
    Ok(response.body(Full::new(body)).unwrap_or_default())
}

/// Locks are taken by `POST` and given back by `DELETE` below a state; whoever writes a state that is locked says the lock's id.
fn gitlab(kept: &mut Kept, asked: &Asked<'_>) -> Answer {
    let Some(path) = asked.path.strip_prefix(GITLAB_STATES) else { return (404, Bytes::new()) };
    if asked.authorization != BASIC {
        return (401, Bytes::new());
    }
    let id = |lock: &Bytes| serde_json::from_slice::<Value>(lock).ok().and_then(|lock| lock["ID"].as_str().map(str::to_owned));
    match (asked.method.as_str(), path.split_once('/')) {
        ("POST", Some((name, "lock"))) => match kept.locks.get(name) {
            Some(lock) => (423, lock.clone()),
            None => {
                kept.locks.insert(name.to_owned(), asked.body.clone());
                (200, Bytes::new())
            }
        },
        ("DELETE", Some((name, "lock"))) => match kept.locks.get(name) {
            Some(lock) if id(lock) != id(&asked.body) => (409, lock.clone()),
            _ => {
                kept.locks.remove(name);
                (200, Bytes::new())
            }
        },
        ("GET", None) => kept.states.get(path).map_or((404, Bytes::new()), |state| (200, state.clone())),
        ("POST", None) => {
            let said = asked.query.strip_prefix("ID=").map(str::to_owned);
            match kept.locks.get(path) {
                Some(lock) if id(lock) != said => (409, lock.clone()),
                _ => {
                    kept.states.insert(path.to_owned(), asked.body.clone());
                    (200, Bytes::new())
                }
            }
        }
        ("DELETE", None) => {
            kept.states.remove(path);
            (200, Bytes::new())
        }
        _ => (405, Bytes::new()),
    }
}

/// The API of HCP Terraform: a workspace's id is its name.
fn hcp_terraform(kept: &mut Kept, asked: &Asked<'_>) -> Answer {
    let is_upload = asked.path.starts_with("/upload/");
    if !is_upload && asked.authorization != format!("Bearer {TOKEN}") {
        return failed(401, "unauthorized");
    }
    let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let path: Vec<&str> = asked.path.trim_start_matches("/api/v2/").trim_matches('/').split('/').collect();
    match (asked.method.as_str(), path.as_slice()) {
        ("GET", ["ping"]) => (204, Bytes::new()),
        ("GET", ["organizations", ORGANIZATION, "entitlement-set"]) => {
            data("entitlement-sets", ORGANIZATION, json!({"operations": false, "state-storage": true}))
        }
        ("GET", ["organizations", ORGANIZATION, "projects"]) => {
            let project = |name: &String| json!({"type": "projects", "id": name, "attributes": {"name": name}});
            (200, json!({"data": kept.projects.iter().map(project).collect::<Vec<_>>()}).to_string().into())
        }
        ("POST", ["organizations", ORGANIZATION, "projects"]) => {
            let name = body["data"]["attributes"]["name"].as_str().unwrap_or_default();
            kept.projects.push(name.to_owned());
            data("projects", name, json!({"name": name}))
        }
        ("POST", ["organizations", ORGANIZATION, "workspaces"]) => {
            let name = body["data"]["attributes"]["name"].as_str().unwrap_or_default();
            let project = body["data"]["relationships"]["project"]["data"]["id"].as_str();
            kept.workspaces.insert(name.to_owned(), project.map(str::to_owned));
            workspace(kept, name)
        }
        ("GET", ["organizations", ORGANIZATION, "workspaces", name]) | ("PATCH" | "GET", ["workspaces", name]) => workspace(kept, name),
        ("POST", ["workspaces", name, "actions", "lock"]) if kept.locks.contains_key(*name) => failed(409, "workspace already locked"),
        ("POST", ["workspaces", name, "actions", action]) => {
            match *action {
                "lock" => drop(kept.locks.insert((*name).to_owned(), Bytes::new())),
                _ => drop(kept.locks.remove(*name)),
            }
            workspace(kept, name)
        }
        ("POST", ["workspaces", name, "state-versions"]) if !kept.locks.contains_key(*name) => failed(409, "workspace is not locked"),
        ("POST", ["workspaces", name, "state-versions"]) => state_version(kept, name),
        ("GET", ["workspaces", name, "current-state-version"]) if !kept.states.contains_key(*name) => failed(404, "not found"),
        ("GET", ["workspaces" | "state-versions", name, ..]) => state_version(kept, name),
        ("GET", ["download", name]) => kept.states.get(*name).map_or((404, Bytes::new()), |state| (200, state.clone())),
        ("PUT", ["upload", "state", name]) => {
            kept.states.insert((*name).to_owned(), asked.body.clone());
            (200, Bytes::new())
        }
        ("PUT", ["upload", "json", _]) => (200, Bytes::new()),
        _ => failed(404, "not found"),
    }
}

fn workspace(kept: &Kept, name: &str) -> Answer {
    if !kept.workspaces.contains_key(name) {
        return failed(404, "not found");
    }
    let permissions = ["can-update", "can-lock", "can-unlock", "can-read-state-versions", "can-create-state-versions", "can-read-settings"];
    let permissions: serde_json::Map<String, Value> = permissions.into_iter().map(|name| (name.to_owned(), json!(true))).collect();
    let locked = kept.locks.contains_key(name);
    let attributes = json!({"name": name, "locked": locked, "operations": false, "execution-mode": "local", "permissions": permissions});
    data("workspaces", name, attributes)
}

fn state_version(kept: &Kept, name: &str) -> Answer {
    let state: Value = kept.states.get(name).and_then(|state| serde_json::from_slice(state).ok()).unwrap_or_default();
    let at = |what: &str| format!("{}/{what}/{name}", kept.address);
    let attributes = json!({
        "serial": state["serial"], "status": "finalized", "resources-processed": true,
        "hosted-state-download-url": at("api/v2/download"), "hosted-state-upload-url": at("upload/state"),
        "hosted-json-state-upload-url": at("upload/json"),
    });
    data("state-versions", name, attributes)
}

fn data(kind: &str, id: &str, attributes: Value) -> Answer {
    (200, json!({"data": {"type": kind, "id": id, "attributes": attributes}}).to_string().into())
}

fn failed(status: u16, title: &str) -> Answer {
    (status, json!({"errors": [{"status": status.to_string(), "title": title}]}).to_string().into())
}
