//! A table embedded as text: lines sorted by their first field, fields separated by tabs, comment lines on top.
//! Rows are found by halving the text itself. This file knows nothing of what the rows mean.

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

/// The row whose first field is `wanted`. The rows are ASCII and sorted by the bytes of that field (`tests/catalog_tables.rs`).
pub(super) fn find(rows: &'static str, wanted: &str) -> Option<&'static str> {
    let bytes = rows.as_bytes();
    let mut low = 0;
    let mut high = rows.len();
    while low < high {
        let middle = low + (high - low) / 2;
        let start = bytes[low..middle].iter().rposition(|byte| *byte == b'\n').map_or(low, |newline| low + newline + 1);
        let end = bytes[middle..high].iter().position(|byte| *byte == b'\n').map_or(high, |newline| middle + newline);
        let row = rows.get(start..end)?;
        match key(row).cmp(wanted) {
            std::cmp::Ordering::Equal => return Some(row),
            std::cmp::Ordering::Less => low = (end + 1).min(high),
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}
