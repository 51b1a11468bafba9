//! The numbers at the end of a run.

/// The numbers of the summary.
#[derive(Debug, Default, Clone, Copy)]
pub struct Summary {
    /// Customers of the run.
    pub customers: usize,
    /// Those with errors.
    pub failed: usize,
    /// Root modules of those without.
    pub root_modules: usize,
    /// Errors of customers, and others.
    pub errors: usize,
    /// The same of warnings.
    pub warnings: usize,
}
