//! How a run's results are printed.

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people, on standard error.
    Human,
    /// One JSON document on standard output.
    Json,
    /// One SARIF 2.1.0 document on standard output, as GitHub code scanning reads it.
    Sarif,
    /// Workflow commands of GitHub Actions on standard output.
    Github,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// On a terminal; never with NO_COLOR or CLICOLOR=0, always with CLICOLOR_FORCE.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// The format of diagnostics.
    pub format: Format,
    /// Colours for people.
    pub color: Color,
    /// True where nothing but errors is printed.
    pub quiet: bool,
}
