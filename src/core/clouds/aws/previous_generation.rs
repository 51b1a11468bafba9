//! Which families AWS has replaced, and by what.

use super::family;
use crate::clouds::table::{self, Table};

static ROWS: &str = table::rows(include_str!("tables/previous-generation.txt"));
static BY_FAMILY: Table<&str> = Table::new(|| table::read(ROWS, Some));

/// Whether the name's family is of a previous generation. `name` may be an EC2 type or an RDS class.
pub(super) fn is_previous(name: &str) -> bool {
    BY_FAMILY.find(key(name)).is_some()
}

/// The same size in the first family of the table's row that `exists` says has it.
pub(super) fn successor<T>(name: &str, exists: impl Fn(&str) -> Option<T>) -> Option<T> {
    let row = BY_FAMILY.find(key(name))?;
    let (_, size) = parts(name);
    let (_, successors) = row.split_once('\t')?;
    successors.split(' ').find_map(|family| exists(&format!("{family}.{size}")))
}

/// The family, with its `db.` where it has one.
fn key(name: &str) -> &str {
    let (family, _) = parts(name);
    let before = if name.starts_with("db.") { "db.".len() } else { 0 };
    name.get(..before + family.len()).unwrap_or(name)
}

fn parts(name: &str) -> (&str, &str) {
    family::split(name.strip_prefix("db.").unwrap_or(name))
}
