//! Reports and results, for people and machines.

mod clean;
mod escape;
mod github;
mod groups;
mod human;
mod json;
mod paths;
mod print;
mod results;
mod run;
mod sarif;
mod screen;
mod style;
mod wrap;

pub use clean::clean;
pub use print::{note, out, print_json, printed, table, unwritten};
pub use results::RunReport;
pub use run::{diagnostics, print_error, print_failure, print_failure_for_people, print_reports, print_run};
pub use style::{Color, Format, Style};
