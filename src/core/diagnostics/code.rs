//! A code: the name of a bad pattern, its severity, and its page.

use serde::Serialize;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The customer's input cannot be compiled.
    Error,
    /// It compiles, and is likely not what was meant.
    Warning,
    /// It compiles, and could be better or says something that was left out.
    Advice,
}

impl Severity {
    /// The word of the JSON format.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        }
    }
}

/// A diagnostic code. Each is declared once, in [`codes`](super::codes).
#[derive(Debug)]
pub struct Code {
    /// The printed name, also the name of its page and of its fixture folder.
    pub name: &'static str,
    /// The severity that it has unless the platform's `rules` say otherwise.
    pub severity: Severity,
    /// The heading under which `explain` lists it.
    pub group: &'static str,
    /// One line on when it is raised.
    pub summary: &'static str,
    /// The version that it came with.
    pub since: &'static str,
    /// The code that there is instead, where it is on its way out.
    pub deprecated: Option<&'static str>,
    /// Its page, `docs/codes/<name>.md`.
    pub page: &'static str,
    /// True for codes that the platform's `rules` cannot change: those of isolation, keys and secrets, and those of values that nothing could
    /// be made from.
    pub fixed: bool,
    /// True for fixed codes that the platform's `rules` can make errors, and nothing less than they are.
    pub raisable: bool,
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Code {}
