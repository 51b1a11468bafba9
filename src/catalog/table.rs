//! A table embedded as text: lines sorted by their first field, fields separated by tabs, comment lines on top.
//! Rows are found by halving the list of their first fields. This file knows nothing of what the rows mean.

use std::sync::LazyLock;

/// The rows of a table without the comment lines on top. Constant, so that no run spends time on it.
pub(super) const fn rows(text: &'static str) -> &'static str {
    let bytes = text.as_bytes();
    let mut start = 0;
    while start < bytes.len() && bytes[start] == b'#' {
        while start < bytes.len() && bytes[start] != b'\n' {
            start += 1;
        }
        if start < bytes.len() {
            start += 1;
        }
    }
    text.split_at(start).1
}

/// The first field of a row.
pub(super) fn key(row: &'static str) -> &'static str {
    row.split_once('\t').map_or(row, |(key, _)| key)
}

/// A table with what its rows say by their first field, read on its first use.
pub(super) struct Table<Row: 'static> {
    rows: LazyLock<Vec<(&'static str, Row)>>,
}

impl<Row> Table<Row> {
    /// A table; `read` is [`read`] of its rows.
    pub(super) const fn new(read: fn() -> Vec<(&'static str, Row)>) -> Self {
        Table { rows: LazyLock::new(read) }
    }

    /// The row whose first field is `wanted`. The rows are ASCII and sorted by the bytes of that field (`tests/catalog_tables.rs`).
    pub(super) fn find(&self, wanted: &str) -> Option<&Row> {
        let index = self.rows.binary_search_by(|(key, _)| (*key).cmp(wanted)).ok()?;
        self.rows.get(index).map(|(_, row)| row)
    }
}

/// What each row says, behind its first field.
pub(super) fn read<Row>(rows: &'static str, read: impl Fn(&'static str) -> Option<Row>) -> Vec<(&'static str, Row)> {
    rows.lines().filter_map(|row| Some((key(row), read(row)?))).collect()
}
