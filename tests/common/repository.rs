//! A customer repository as data.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Documents by file name, such as `variables.yml`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Repository {
    pub(crate) name: String,
    pub(crate) documents: BTreeMap<String, Map<String, Value>>,
}
