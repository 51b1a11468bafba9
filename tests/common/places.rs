//! The places that reports name, against the texts that they are in.

use terralet_core::diagnostics::Report;

/// Panics where a place does not lie in its file, between characters.
pub(crate) fn places_fit(reports: &[Report]) {
    for report in reports {
        let labels = report.labels.iter().map(|label| &label.location);
        for location in labels.chain(report.edits.iter().map(|edit| &edit.location)) {
            let (file, range) = (&location.file, location.range());
            let in_text = file.in_text(range.start)..file.in_text(range.end);
            assert!(in_text.len() == range.len() && file.text.get(in_text).is_some(), "{}: {location:?}", report.message);
            let (start, end) = (location.start_position(), location.end_position());
            assert!((start.line, start.column) <= (end.line, end.column) && start.line >= 1 && start.column >= 1, "{start:?} to {end:?}");
        }
    }
}
