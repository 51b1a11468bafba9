//! Counts what came of a run.

use super::CompiledCustomer;
use crate::diagnostics::{Report, Severity, Summary};
use std::collections::BTreeSet;

impl Summary {
    /// Counts what came of customers, and reports that are of none or of the tree.
    pub fn of(customers: &[CompiledCustomer], extra: &[Report]) -> Summary {
        let count = |severity| {
            let of_customers = customers.iter().flat_map(|customer| &customer.reports);
            of_customers.chain(extra).filter(|report| report.severity == severity).count()
        };
        let names = |report: &&Report| report.severity == Severity::Error;
        let mut failed_by_tree: BTreeSet<_> = BTreeSet::new();
        failed_by_tree.extend(extra.iter().filter(names).filter_map(|report| report.customer.clone()));
        let is_failed = |customer: &&CompiledCustomer| {
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
