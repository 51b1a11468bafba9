//! A table embedded as text: lines sorted by their first field, fields separated by tabs, comment lines on top.
//! This file knows nothing of what the rows mean.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The rows of a table without the comment lines on top. Constant, so that no run spends time on it.
pub(crate) const fn rows(text: &'static str) -> &'static str {
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
pub(crate) fn key(row: &'static str) -> &'static str {
    row.split_once('\t').map_or(row, |(key, _)| key)
}

/// A table with what its rows say by their first field, read on its first use. Every deployment asks several of them, so that halving a
/// sorted list, which looks at a dozen places of it, would take longer.
pub(crate) struct Table<Row: 'static> {
    rows: LazyLock<HashMap<&'static str, Row>>,
}

impl<Row> Table<Row> {
    /// A table; `read` is [`read`] of its rows.
    pub(crate) const fn new(read: fn() -> HashMap<&'static str, Row>) -> Self {
        Table { rows: LazyLock::new(read) }
    }

    /// The row whose first field is `wanted`.
    pub(crate) fn find(&self, wanted: &str) -> Option<&Row> {
        self.rows.get(wanted)
    }
}

/// What each row says, behind its first field.
pub(crate) fn read<Row>(rows: &'static str, read: impl Fn(&'static str) -> Option<Row>) -> HashMap<&'static str, Row> {
    let mut by_key = HashMap::with_capacity(rows.lines().count());
    by_key.extend(rows.lines().filter_map(|row| Some((key(row), read(row)?))));
    by_key
}
