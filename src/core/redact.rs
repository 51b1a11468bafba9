//! Takes credentials out of text that is printed.

use crate::diagnostics::Report;
use crate::schema::{named_secret_ranges, secret_ranges};
use crate::source::Location;
use std::ops::Range;

/// A text whose credentials, those in `known`, those that look like one and those that a key names, are asterisks of the same length.
pub fn redact(text: &str, known: Vec<Range<usize>>) -> String {
    // What the lines at hand hold of a credential: it may begin before them, or end behind.
    let in_text = |range: Range<usize>| range.start.min(text.len())..range.end.min(text.len());
    let mut ranges: Vec<Range<usize>> = known.into_iter().map(in_text).collect();
    ranges.extend(secret_ranges(text));
    // Of a document that does not parse nothing is known, and its lines are shown.
    ranges.extend(named_secret_ranges(text));
    ranges.sort_by_key(|range| range.start);
    let mut safe = String::with_capacity(text.len());
    for range in ranges {
        // Ranges overlap; what is in front of one may be covered already.
        let start = range.start.max(safe.len());
        let (Some(before), Some(letters)) = (text.get(safe.len()..start), text.get(start..range.end)) else { continue };
        safe.push_str(before);
        safe.extend(letters.chars().map(|letter| if letter == '\n' { "\n" } else { STARS.get(..letter.len_utf8()).unwrap_or("") }));
    }
    safe.push_str(text.get(safe.len()..).unwrap_or(""));
    safe
}

/// As many as a character has bytes at most.
const STARS: &str = "****";

/// The text of a document for people: without the credentials that were reported of it.
pub fn redact_document(file: &str, text: &str, reports: &[Report]) -> String {
    let hidden = reports.iter().flat_map(|report| &report.hidden);
    redact(text, hidden.filter(|location| *location.file.path == *file).map(Location::range).collect())
}
