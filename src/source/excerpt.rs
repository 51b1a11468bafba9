//! Lines of a file that stand for the file: what is told of a customer is held until the run ends, and its documents are not.

use super::{Location, SourceFile};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// How many lines around a place stay with it; the terminal shows one.
const AROUND: usize = 2;
/// Lines of more bytes are not copied for each of the places on them: those share the file.
const LONGEST: usize = 8192;

impl SourceFile {
    /// The lines that a range of bytes touches, with those around it. The file itself where that is about as much.
    pub fn excerpt(self: &Arc<Self>, range: Range<usize>) -> Arc<SourceFile> {
        let starts = self.line_starts();
        let line_of = |offset: usize| starts.partition_point(|start| *start as usize <= self.in_text(offset)).max(1) - 1;
        let first = line_of(range.start).saturating_sub(AROUND);
        let last = line_of(range.end.max(range.start)) + AROUND;
        let from = starts.get(first).map_or(0, |start| *start as usize);
        let to = starts.get(last + 1).map_or(self.text.len(), |start| *start as usize);
        let Some(text) = self.text.get(from..to) else { return Arc::clone(self) };
        // What is short anyway, and an empty text, which says that there is none to show, stay as they are.
        if text.is_empty() || text.len() == self.text.len() || text.len() > LONGEST {
            return Arc::clone(self);
        }
        Arc::new(SourceFile {
            path: Arc::clone(&self.path),
            text: text.to_owned(),
            skipped_bytes: self.skipped_bytes + from,
            skipped_lines: self.skipped_lines + first,
            line_starts: OnceLock::new(),
            identity: OnceLock::new(),
        })
    }
}

impl Location {
    /// Lets go of everything but the lines around these locations; those of one file keep sharing theirs.
    pub fn shorten<'l>(locations: impl Iterator<Item = &'l mut Location>) {
        let mut by_file: Vec<(Arc<SourceFile>, Vec<&mut Location>)> = Vec::new();
        for location in locations {
            match by_file.iter_mut().find(|(file, _)| file.path == location.file.path) {
                Some((_, group)) => group.push(location),
                None => by_file.push((Arc::clone(&location.file), vec![location])),
            }
        }
        for (file, group) in by_file {
            let start = group.iter().map(|location| location.start).min().unwrap_or(0);
            let end = group.iter().map(|location| location.end).max().unwrap_or(start);
            let excerpt = file.excerpt(start as usize..end as usize);
            group.into_iter().for_each(|location| location.file = Arc::clone(&excerpt));
        }
    }
}
