//! The numbers at the end of a run.

use super::Customer;
use crate::diagnostics::{Report, Severity};
use std::collections::BTreeSet;

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

impl Summary {
    /// Counts what came of customers, and reports that are of none or of the tree.
    pub fn of(customers: &[Customer], extra: &[Report]) -> Summary {
        let count = |severity| {
            let of_customers = customers.iter().flat_map(|customer| &customer.reports);
            of_customers.chain(extra).filter(|report| report.severity == severity).count()
        };
        let names = |report: &&Report| report.severity == Severity::Error;
        let failed_by_tree: BTreeSet<_> = extra.iter().filter(names).filter_map(|report| report.customer.clone()).collect();
        let is_failed = |customer: &&Customer| {
            customer.reports.iter().any(|report| report.severity == Severity::Error) || failed_by_tree.contains(&customer.repository)
        };
        Summary {
            customers: customers.len(),
            failed: customers.iter().filter(is_failed).count(),
            root_modules: customers.iter().filter_map(|customer| customer.roots.as_ref()).map(Vec::len).sum(),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
        }
    }
}
