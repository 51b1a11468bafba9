//! Why an expression has no value.

/// Why an expression has no value here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoValue {
    /// Terraform refuses to work it out, for this reason.
    Error(String),
    /// Only Terraform knows.
    Undecided,
}

/// What comes of an expression.
pub(super) type Outcome<T> = Result<T, NoValue>;

impl NoValue {
    /// `null` where a value is needed.
    pub(super) fn null() -> NoValue {
        NoValue::Error("a value is needed, and this is null".to_owned())
    }

    /// An error with this reason.
    pub(super) fn error<T>(reason: impl Into<String>) -> Outcome<T> {
        Err(NoValue::Error(reason.into()))
    }
}
