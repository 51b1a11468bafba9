//! What Terraform's backends take as arguments, and what they took once.

use super::backend_forms::BackendForm;
use crate::clouds::table::{self, Table};

static ROWS: &str = table::rows(include_str!("tables/backend-arguments.txt"));
static BY_NAME: Table<BackendArgument> = Table::new(|| table::read(ROWS, argument));

/// What is known of an argument of a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BackendArgument {
    /// One text.
    Text,
    /// A list of texts.
    Texts,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Number,
    /// A mapping of names that are free to texts.
    Map,
    /// A mapping with arguments of its own.
    Object,
    /// Text of a form.
    Form(BackendForm),
    /// A credential, which is kept in an environment variable of Terraform's.
    Credential {
        /// Its name.
        variable: &'static str,
    },
    /// terralet sets it itself.
    Own {
        /// From what, and what a person may write.
        why: &'static str,
    },
    /// Terraform took it away.
    Gone {
        /// The version that did.
        since: &'static str,
        /// What took its place, with `.` before a name in an object.
        instead: Option<&'static str>,
    },
}

fn argument(row: &'static str) -> Option<BackendArgument> {
    let mut fields = row.split('\t').skip(1);
    Some(match fields.next()? {
        "text" => BackendArgument::Text,
        "texts" => BackendArgument::Texts,
        "boolean" => BackendArgument::Boolean,
        "number" => BackendArgument::Number,
        "map" => BackendArgument::Map,
        "object" => BackendArgument::Object,
        "address" => BackendArgument::Form(BackendForm::Address),
        "host" => BackendArgument::Form(BackendForm::Host),
        "organization" => BackendArgument::Form(BackendForm::Organization),
        "project" => BackendArgument::Form(BackendForm::Project),
        "credential" => BackendArgument::Credential { variable: fields.next()? },
        "own" => BackendArgument::Own { why: fields.next().unwrap_or("every deployment has a key of its own (see `layout`)") },
        "gone" => BackendArgument::Gone { since: fields.next()?, instead: fields.next().filter(|instead| *instead != "-") },
        _ => return None,
    })
}

/// What is known of an argument of a backend, both by their names in Terraform; one in an object as `assume_role.role_arn`.
pub(super) fn backend_argument(backend: &str, name: &str) -> Option<BackendArgument> {
    BY_NAME.find(&format!("{backend}.{name}")).copied()
}

/// The names that a person may write for a backend: at the top, or within an object.
pub(super) fn backend_argument_names<'a>(backend: &'a str, within: Option<&'a str>) -> impl Iterator<Item = &'static str> + 'a {
    ROWS.lines().filter_map(move |row| {
        let name = table::key(row).strip_prefix(backend)?.strip_prefix('.')?;
        let name = match within {
            Some(object) => name.strip_prefix(object)?.strip_prefix('.')?,
            None => name,
        };
        let is_taken =
            !matches!(argument(row)?, BackendArgument::Own { .. } | BackendArgument::Credential { .. } | BackendArgument::Gone { .. });
        (is_taken && !name.contains('.')).then_some(name)
    })
}
