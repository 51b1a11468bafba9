//! What is reported to people: codes, severities, labels, edits, and the sink that every pass reports to.
//!
//! Passes build a plain [`Diagnostic`] whose labels are [`Span`](crate::source::Span)s of one customer; the sink turns it into a
//! [`Report`], which stands alone. How a report looks on a terminal is known to `cli` alone.

mod bounded;
mod code;
pub mod codes;
mod diagnostic;
mod report;
mod shown;
mod sink;
mod suggest;
mod summary;

pub use code::{Code, Severity};
pub use diagnostic::{Diagnostic, Edit, Label};
pub use report::{Report, ReportEdit, ReportLabel};
pub use shown::shown;
pub use sink::{Diagnostics, MOST_OF_A_CODE, Rules};
pub use suggest::{Guess, and_list, guess, nearest, nearest_of, or_list};
pub use summary::Summary;
