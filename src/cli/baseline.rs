//! `check --baseline FILE`: what an earlier check has found is spared, so that a new rule is about what comes, and not about what stands.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use terralet_core::diagnostics::Report;
use terralet_core::failure::Failure;
use terralet_report as report;

/// What an earlier `check --format json` printed.
#[derive(Debug, Deserialize)]
struct Document {
    version: u32,
    diagnostics: Vec<Found>,
}

/// A finding, by what stays the same when lines are added above it.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    code: String,
    message: String,
    customer: Option<String>,
    path: Option<String>,
    #[serde(default)]
    labels: Vec<Label>,
}

#[derive(Debug, Clone, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Label {
    file: String,
}

/// The findings that are spared, each as often as it was found.
#[derive(Debug)]
pub(super) struct Baseline {
    left: BTreeMap<Found, usize>,
    /// How many have been spared.
    pub(super) spared: usize,
}

impl Baseline {
    /// Reads a file that `terralet check --format json` wrote.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, error))?;
        let document: Result<Document, _> = serde_json::from_str(&text);
        let Ok(Document { version: 1, diagnostics }) = document else {
            return Err(Failure::usage(
                format!("`{}` is not a valid baseline", path.display()),
                "write one with `terralet check --format json > baseline.json`",
            ));
        };
        let mut left = BTreeMap::new();
        for found in diagnostics {
            *left.entry(found.of_first_file()).or_insert(0) += 1;
        }
        Ok(Baseline { left, spared: 0 })
    }

    /// Takes out what the baseline has. Errors of isolation, keys and secrets, and of values that nothing can be made from, are never spared.
    pub(super) fn spare(&mut self, reports: &mut Vec<Report>) {
        reports.retain(|report| report.code.fixed || !self.has(report));
    }

    /// How many of its findings a run over all of the workspace has not found any more.
    pub(super) fn stale(&self) -> usize {
        let is_spared = |found: &Found| terralet_core::diagnostics::codes::find(&found.code).is_none_or(|code| !code.fixed);
        self.left.iter().filter(|(found, _)| is_spared(found)).map(|(_, count)| count).sum()
    }

    fn has(&mut self, report: &Report) -> bool {
        // As it is printed, without credentials and shortened, since the baseline was.
        let printed = serde_json::to_value(report::diagnostics(&[report])).ok();
        let found: Option<Vec<Found>> = printed.and_then(|printed| serde_json::from_value(printed).ok());
        let Some(found) = found.and_then(|found| found.into_iter().next()) else { return false };
        let Some(count) = self.left.get_mut(&found.of_first_file()).filter(|count| **count > 0) else { return false };
        *count -= 1;
        self.spared += 1;
        true
    }
}

impl Found {
    fn of_first_file(mut self) -> Self {
        self.labels.truncate(1);
        self
    }
}
