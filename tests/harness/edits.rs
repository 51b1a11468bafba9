//! The edits of messages, put into the files that they are about.

use super::proposals::{Proposal, proposals_of_edits, with_changes};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Puts the edits of all diagnostics in, each diagnostic's together; false when there are none. Where two diagnostics want the same bytes, the
/// first one has them.
pub fn apply(directory: &Path, diagnostics: &[Value]) -> bool {
    let mut by_file: BTreeMap<String, Vec<(usize, usize, String)>> = BTreeMap::new();
    for Proposal { file, changes } in diagnostics.iter().filter_map(proposals_of_edits) {
        let taken = by_file.entry(file).or_default();
        let is_free = |(start, end, _): &(usize, usize, String)| {
            taken.iter().all(|(from, to, _)| (end <= from || to <= start) && (start, end) != (from, to))
        };
        if changes.iter().all(is_free) {
            taken.extend(changes);
        }
    }
    for (file, changes) in &by_file {
        let path = directory.join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, with_changes(&text, changes).unwrap().0).unwrap();
    }
    !by_file.is_empty()
}
