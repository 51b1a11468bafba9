//! The steps of a sequence: a line of words each, the same in fixtures, in random sequences and in what a failure prints.
//!
//! create PATH [project=P] [claim=ID] [base=REGION] [environments=A,B] [network=CIDR] [overlay=REGION] [service=S]
//! project PATH P | claim PATH ID | environments PATH A,B | base PATH REGION | network PATH CIDR       (`-` for none)
//! overlay PATH REGION [only=ENVIRONMENT] [network=CIDR] | unoverlay PATH REGION | service PATH S | unservice PATH S
//! break PATH | mend PATH | rename PATH NEW | link PATH | twin PATH NEW | remove PATH | back PATH
//! register NAME [id=ID] [account=A] | unregister NAME | id NAME ID | account NAME A [ENVIRONMENT] | share NAME OTHER ID
//! state NAME BUCKET [ENVIRONMENT]                                                                          (`-` for the platform's)
//! formerly NAME OLD | offboard NAME | onboard NAME | layout L | bucket B
//! backend s3|http|cloud
//! lose DIRECTORY | empty DIRECTORY                                                       (the root's backend.tf)
//! compile [--check] [--allow-missing] [--overwrite] [--shard I/N] [--customer NAME] [PATH...] | shards N | check
//! killed AT compile... | move OLD NEW | done DIRECTORY | prune
//! reported SEVERITY CODE CUSTOMER | unreported CODE CUSTOMER | status N | kept | root DIRECTORY KIND REPOSITORY | absent DIRECTORY
//!
//! A step that has nothing to act on does nothing, so that any step can be left out of a sequence.

use super::fleet::{Backend, Content, Fleet, Layout, Overlay, Where};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step(pub(crate) Vec<String>);

/// The kinds of edits, each of which random sequences have to make.
pub(crate) const EDITS: [&str; 31] = [
    "create",
    "project",
    "claim",
    "environments",
    "base",
    "network",
    "overlay",
    "unoverlay",
    "service",
    "unservice",
    "break",
    "mend",
    "rename",
    "link",
    "twin",
    "remove",
    "back",
    "register",
    "unregister",
    "id",
    "account",
    "state",
    "share",
    "formerly",
    "offboard",
    "onboard",
    "layout",
    "bucket",
    "backend",
    "lose",
    "empty",
];

/// The kinds of runs.
pub(crate) const RUNS: [&str; 7] = ["compile", "shards", "check", "killed", "move", "done", "prune"];

/// What a fixture asserts of the run before.
pub(crate) const ASSERTIONS: [&str; 6] = ["reported", "unreported", "status", "kept", "root", "absent"];

impl Step {
    pub(crate) fn new(text: &str) -> Step {
        Step(text.split_whitespace().map(str::to_owned).collect())
    }

    pub(crate) fn verb(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    pub(crate) fn words(&self) -> Vec<&str> {
        self.0.iter().skip(1).map(String::as_str).collect()
    }

    pub(crate) fn is_known(&self) -> bool {
        [&EDITS[..], &RUNS, &ASSERTIONS].iter().any(|verbs| verbs.contains(&self.verb()))
    }
}

impl std::fmt::Display for Step {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", self.0.join(" "))
    }
}

/// Reads a sequence: a step a line, `#` before comments.
pub(crate) fn parse(text: &str) -> Vec<Step> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(Step::new).inspect(|step| assert!(step.is_known(), "there is no step `{step}`")).collect()
}

/// Makes an edit; false when it has nothing to act on or would give a platform file that the product refuses.
pub(crate) fn edit(fleet: &mut Fleet, step: &Step) -> bool {
    let mut edited = fleet.clone();
    let is_made = make(&mut edited, step).is_some();
    for (number, content) in edited.contents.iter_mut().enumerate() {
        content.remember(number);
    }
    let is_made = is_made && edited.is_valid();
    if is_made {
        *fleet = edited;
    }
    is_made
}

fn make(fleet: &mut Fleet, step: &Step) -> Option<()> {
    let words = step.words();
    match (step.verb(), words.as_slice()) {
        ("layout", [layout]) => fleet.layout = Layout::parse(layout)?,
        ("backend", [backend]) => fleet.backend = Backend::parse(backend)?,
        ("bucket", [bucket]) => fleet.bucket = (*bucket).to_owned(),
        ("create", [path, settings @ ..]) => create(fleet, path, settings)?,
        ("rename" | "link" | "twin" | "remove" | "back", _) => directory(fleet, step.verb(), &words)?,
        ("register" | "unregister" | "id" | "account" | "state" | "share" | "formerly" | "offboard" | "onboard", _) => {
            registry(fleet, step.verb(), &words)?;
        }
        (verb, [path, rest @ ..]) => document(content_of(fleet, path)?, verb, rest)?,
        _ => return None,
    }
    Some(())
}

fn content_of<'f>(fleet: &'f mut Fleet, path: &str) -> Option<&'f mut Content> {
    let number = *fleet.repositories.get(path)?;
    fleet.contents.get_mut(number)
}

fn create(fleet: &mut Fleet, path: &str, settings: &[&str]) -> Option<()> {
    if fleet.repositories.contains_key(path) {
        return None;
    }
    let number = fleet.contents.len();
    let mut content = Content { project: format!("project{number}canary"), network: "10.0.0.0/16".into(), ..Content::default() };
    content.environments.insert("dev".into());
    content.base = Some("eu-west-1".into());
    for setting in settings {
        let (key, value) = setting.split_once('=')?;
        document(&mut content, key, &[value])?;
    }
    fleet.contents.push(content);
    fleet.repositories.insert(path.to_owned(), number);
    fleet.away.remove(path);
    fleet.links.remove(path);
    Some(())
}

fn optional(word: &str) -> Option<String> {
    (word != "-").then(|| word.to_owned())
}

fn document(content: &mut Content, verb: &str, words: &[&str]) -> Option<()> {
    match (verb, words) {
        ("project", [project]) => content.project = (*project).to_owned(),
        ("claim", [id]) => content.claim = optional(id),
        ("environments", [list]) => content.environments = list.split(',').map(str::to_owned).collect(),
        ("network", [network]) => content.network = (*network).to_owned(),
        ("base", [region]) => {
            content.base = optional(region);
            content.overlays.remove(*region);
        }
        ("overlay", [region, settings @ ..]) => {
            let mut overlay = Overlay::default();
            for setting in settings {
                match setting.split_once('=')? {
                    ("only", environment) => overlay.only = Some(environment.to_owned()),
                    ("network", network) => overlay.network = Some(network.to_owned()),
                    _ => return None,
                }
            }
            // The base leaves its region to the overlay.
            content.base = content.base.take().filter(|base| base != region);
            content.overlays.insert((*region).to_owned(), overlay);
        }
        ("unoverlay", [region]) => drop(content.overlays.remove(*region)?),
        ("service", [service]) => drop(content.services.insert((*service).to_owned()).then_some(())?),
        ("unservice", [service]) => drop(content.services.remove(*service).then_some(())?),
        ("break", []) => content.broken = (!content.broken).then_some(true)?,
        ("mend", []) => content.broken = !content.broken.then_some(true)?,
        _ => return None,
    }
    Some(())
}

fn directory(fleet: &mut Fleet, verb: &str, words: &[&str]) -> Option<()> {
    match (verb, words) {
        ("rename", [path, new]) if !fleet.repositories.contains_key(*new) => {
            let number = fleet.repositories.remove(*path)?;
            fleet.repositories.insert((*new).to_owned(), number);
            fleet.away.remove(*new);
            if fleet.links.remove(*path) {
                fleet.links.insert((*new).to_owned());
            }
        }
        ("link", [path]) if fleet.repositories.contains_key(*path) => drop(fleet.links.insert((*path).to_owned()).then_some(())?),
        ("twin", [path, new]) if !fleet.repositories.contains_key(*new) => {
            let number = *fleet.repositories.get(*path)?;
            fleet.links.extend([*path, *new].map(str::to_owned));
            fleet.repositories.insert((*new).to_owned(), number);
            fleet.away.remove(*new);
        }
        ("remove", [path]) => {
            let number = fleet.repositories.remove(*path)?;
            fleet.links.remove(*path);
            fleet.away.insert((*path).to_owned(), number);
        }
        ("back", [path]) if !fleet.repositories.contains_key(*path) => {
            let number = fleet.away.remove(*path)?;
            // Content that has another place by now is shared by links.
            let others: Vec<String> =
                fleet.repositories.iter().filter(|(_, other)| **other == number).map(|(other, _)| other.clone()).collect();
            if !others.is_empty() {
                fleet.links.extend(others);
                fleet.links.insert((*path).to_owned());
            }
            fleet.repositories.insert((*path).to_owned(), number);
        }
        _ => return None,
    }
    Some(())
}

fn registry(fleet: &mut Fleet, verb: &str, words: &[&str]) -> Option<()> {
    match (verb, words) {
        ("register", [name, settings @ ..]) if !fleet.registry.contains_key(*name) => {
            let entry = fleet.registry.entry((*name).to_owned()).or_default();
            for setting in settings {
                match setting.split_once('=')? {
                    ("id", id) => entry.id = Some(id.to_owned()),
                    ("account", account) => entry.everywhere.account = Some(account.to_owned()),
                    _ => return None,
                }
            }
        }
        ("unregister", [name]) => drop(fleet.registry.remove(*name)?),
        ("id", [name, id]) => fleet.registry.get_mut(*name)?.id = optional(id),
        ("account", [name, account, environment @ ..]) => place_of(fleet, name, environment)?.account = optional(account),
        ("state", [name, bucket, environment @ ..]) => place_of(fleet, name, environment)?.bucket = optional(bucket),
        ("share", [name, other, id]) if name != other => {
            for name in [name, other] {
                fleet.registry.entry((*name).to_owned()).or_default().id = Some((*id).to_owned());
            }
        }
        ("formerly", [name, old]) => fleet.registry.entry((*name).to_owned()).or_default().formerly = optional(old),
        ("offboard", [name]) => {
            let entry = fleet.registry.get_mut(*name)?;
            entry.offboarded = (!entry.offboarded).then_some(true)?;
        }
        ("onboard", [name]) => {
            let entry = fleet.registry.get_mut(*name)?;
            entry.offboarded = !entry.offboarded.then_some(true)?;
        }
        _ => return None,
    }
    Some(())
}

/// Where the registry says that a repository's things are: in one environment, or in those that say nothing else.
fn place_of<'f>(fleet: &'f mut Fleet, name: &str, environment: &[&str]) -> Option<&'f mut Where> {
    let entry = fleet.registry.get_mut(name)?;
    match environment {
        [] => Some(&mut entry.everywhere),
        [environment] => Some(entry.environments.entry((*environment).to_owned()).or_default()),
        _ => None,
    }
}
