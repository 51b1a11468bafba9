//! A customer repository for the library, without a file system.

use super::repository::Repository;
use super::written::written;
use serde_json::{Map, Value};
use terralet_core::resolve::{Content, DocumentFile, RepositoryFiles};

impl Repository {
    /// The repository as the file system would have it, at `customers/<name>` of a workspace.
    pub(crate) fn files(&self) -> RepositoryFiles {
        let file = |(name, document): (&String, &Map<String, Value>)| DocumentFile {
            name: name.clone(),
            content: Content::Bytes(written(document).text.into_bytes()),
        };
        RepositoryFiles {
            name: self.name.clone(),
            directory: format!("customers/{}", self.name),
            infra: format!("customers/{}/infra", self.name),
            listed: true,
            files: self.documents.iter().map(file).collect(),
            unread: None,
            nested_platform: None,
        }
    }
}
