//! The model's picture of the generated tree.

use super::deployments::{Deployment, Identity, Name};
use super::fleet::{Backend, Fleet};
use super::state_names;
use std::collections::BTreeMap;

/// What a root on disk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Live,
    Tombstone,
    /// Only the word that the state went elsewhere.
    Left,
}

/// What `moved.tf` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    From(String),
    To(String),
}

/// A root on disk.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Root {
    /// Whose it is, with the repository under its written name.
    pub(crate) owner: Identity,
    pub(crate) kind: Kind,
    pub(crate) note: Option<Note>,
    /// The bucket and the key, or what is in their places elsewhere; nothing where `backend.tf` is missing or empty.
    pub(crate) place: Option<String>,
    /// The customer's id, as the tags have it.
    pub(crate) id: Option<String>,
    pub(crate) name: Option<Name>,
    pub(crate) network: Option<String>,
    /// The account that its providers are held to.
    pub(crate) account: Option<String>,
    /// What else is in its files; nothing where a run was killed over it.
    pub(crate) rest: Option<String>,
}

/// Directory to root.
pub(crate) type Tree = BTreeMap<String, Root>;

/// The bucket and the key of a deployment's root; where a backend takes no `/`, what makes the name of a key is put in its place.
pub(crate) fn place(fleet: &Fleet, Deployment { directory, bucket, .. }: &Deployment) -> String {
    let name = || state_names::of_key(&format!("{directory}/terraform.tfstate"));
    match fleet.backend {
        Backend::S3 => format!("{bucket} {directory}"),
        Backend::Http => format!("https://states.test/{bucket}/{}", name()),
        Backend::Cloud => format!("app.terraform.io {bucket} {}", name()),
    }
}

/// The first segment of a key, as prefixes are compared.
pub(crate) fn prefix(directory: &str) -> String {
    directory.split('/').next().unwrap_or("").to_ascii_lowercase()
}

impl Root {
    /// The root that a deployment becomes.
    pub(crate) fn of(fleet: &Fleet, deployment: &Deployment, note: Option<Note>) -> Root {
        Root {
            owner: deployment.identity.clone(),
            kind: Kind::Live,
            note,
            place: Some(place(fleet, deployment)),
            id: Some(deployment.name.id.clone()),
            name: Some(deployment.name.clone()),
            network: deployment.network.clone(),
            account: deployment.account.clone(),
            rest: Some(deployment.rest.clone()),
        }
    }

    /// What is left of it when its deployment is gone, under the name that its repository has now.
    pub(crate) fn tombstone(&self, fleet: &Fleet) -> Root {
        Root { owner: self.current(fleet), kind: Kind::Tombstone, name: None, network: None, rest: None, ..self.clone() }
    }

    /// Whose it is, under the name that the repository has now.
    pub(crate) fn current(&self, fleet: &Fleet) -> Identity {
        Identity { repository: fleet.current(&self.owner.repository), ..self.owner.clone() }
    }

    pub(crate) fn is_left(&self) -> bool {
        self.kind == Kind::Left
    }

    /// The word of sequences.
    pub(crate) fn word(&self) -> &'static str {
        match (self.kind, &self.note) {
            (Kind::Live, Some(_)) => "staged",
            (Kind::Live, None) => "live",
            (Kind::Tombstone, _) => "tombstone",
            (Kind::Left, _) => "left",
        }
    }
}
