//! A table embedded as text: lines sorted by their first field, fields separated by tabs, comment lines on top.
//! Rows are found by halving the list of their starts. This file knows nothing of what the rows mean.

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

/// A table with the places of its rows, found on its first use.
pub(super) struct Table {
    rows: &'static str,
    starts: LazyLock<Vec<u32>>,
}

impl Table {
    /// A table of these rows; `starts` is [`starts`] of the same rows.
    pub(super) const fn new(rows: &'static str, starts: fn() -> Vec<u32>) -> Self {
        Table { rows, starts: LazyLock::new(starts) }
    }

    /// The row whose first field is `wanted`. The rows are ASCII and sorted by the bytes of that field (`tests/catalog_tables.rs`).
    pub(super) fn find(&self, wanted: &str) -> Option<&'static str> {
        let index = self.starts.binary_search_by(|start| self.key(*start).cmp(wanted.as_bytes())).ok()?;
        let rest = self.rows.get(*self.starts.get(index)? as usize..)?;
        rest.lines().next()
    }

    fn key(&self, start: u32) -> &'static [u8] {
        let rest = self.rows.as_bytes().get(start as usize..).unwrap_or_default();
        let length = rest.iter().position(|byte| matches!(byte, b'\t' | b'\n')).unwrap_or(rest.len());
        rest.get(..length).unwrap_or_default()
    }
}

/// Where each row starts.
pub(super) fn starts(rows: &str) -> Vec<u32> {
    let mut starts = Vec::new();
    let mut start = 0;
    for line in rows.split_inclusive('\n') {
        starts.push(start);
        start += u32::try_from(line.len()).unwrap_or(0);
    }
    starts
}
