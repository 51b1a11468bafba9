//! A customer repository in memory, and a platform to compile it with.

// Each test takes what it needs.
#![allow(dead_code)]

use crate::written::written;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use terralet::diagnostics::{Diagnostics, Severity};
use terralet::platform::{self, Platform};
use terralet::resolve::{Content, DocumentFile, RepositoryFiles};
use terralet::source::SourceFile;

/// Documents by file name, such as `variables.yml`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Repository {
    pub(crate) name: String,
    pub(crate) documents: BTreeMap<String, Map<String, Value>>,
}

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
            nested_platform: false,
        }
    }
}

/// The platform of a `terralet.yml`, which has to be free of errors.
pub(crate) fn platform(text: &str) -> Platform {
    let mut diagnostics = Diagnostics::new();
    let platform = platform::read(Arc::new(SourceFile::new("terralet.yml", text)), &mut diagnostics);
    let errors: Vec<&String> =
        diagnostics.iter().filter(|found| found.code.severity == Severity::Error).map(|found| &found.message).collect();
    assert!(errors.is_empty(), "{errors:?} in\n{text}");
    platform
}
