//! Lines of a file that stand for the file: what is reported of a customer is held until the run ends, and its documents are not.

use super::{Location, SourceFile};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// How many lines around a place stay with it; the terminal shows one.
const AROUND: usize = 2;
/// Lines around a place that are longer, in bytes, do not stay with it: what is around is there to be read.
const LONGEST_AROUND: usize = 400;
/// An excerpt that would be longer, in bytes, is the file itself, which all reports share: a customer can write lines, and places far
/// apart, that would otherwise be copied for each of thousands of reports.
const LONGEST: usize = 4096;

impl SourceFile {
    /// The lines that a range of bytes touches, with those around it. The file itself where that is about as much.
    pub fn excerpt(self: &Arc<Self>, range: Range<usize>) -> Arc<SourceFile> {
        let starts = self.line_starts();
        let line_of = |offset: usize| starts.partition_point(|start| *start as usize <= self.in_text(offset)).max(1) - 1;
        let start_of = |line: usize| starts.get(line).map_or(self.text.len(), |start| *start as usize);
        let is_readable = |line: &usize| start_of(line + 1) - start_of(*line) <= LONGEST_AROUND;
        let (mut first, mut last) = (line_of(range.start), line_of(range.end.max(range.start)));
        first = (first.saturating_sub(AROUND)..first).rev().take_while(is_readable).last().unwrap_or(first);
        last = (last + 1..=last + AROUND).take_while(is_readable).last().unwrap_or(last);
        let (from, to) = (start_of(first), start_of(last + 1));
        let Some(text) = self.text.get(from..to) else { return Arc::clone(self) };
        // What is short anyway, and an empty text, which says that there is none to show, stay unchanged.
        if text.is_empty() || text.len() == self.text.len() || text.len() > LONGEST {
            return Arc::clone(self);
        }
        Arc::new(SourceFile {
            path: Arc::clone(&self.path),
            text: text.into(),
            skipped_bytes: self.skipped_bytes + from,
            skipped_lines: self.skipped_lines + first,
            is_of_several: self.is_of_several,
            line_starts: OnceLock::new(),
            identity: OnceLock::new(),
        })
    }

    /// The lines that these ranges of bytes touch, with nothing on them but what the ranges hold: all else is blank, letter for letter, so
    /// that columns stay what they are, and what stands behind the last range is left out.
    pub fn only(self: &Arc<Self>, ranges: &[Range<usize>]) -> Arc<SourceFile> {
        let ranges: Vec<Range<usize>> = ranges.iter().map(|range| self.in_text(range.start)..self.in_text(range.end)).collect();
        let starts = self.line_starts();
        let first = ranges.iter().map(|range| range.start).min().unwrap_or(0);
        let line = starts.partition_point(|start| *start as usize <= first).max(1) - 1;
        let from = starts.get(line).map_or(0, |start| *start as usize);
        let to = ranges.iter().map(|range| range.end).max().unwrap_or(from);
        let Some(text) = self.text.get(from..to) else { return Arc::new(SourceFile::new(Arc::clone(&self.path), "")) };
        let is_shown = |at: usize| ranges.iter().any(|range| range.contains(&(from + at)));
        let shown =
            text.char_indices().map(|(at, letter)| if matches!(letter, '\n' | '\r') || is_shown(at) { letter } else { blank(letter) });
        Arc::new(SourceFile {
            path: Arc::clone(&self.path),
            text: shown.collect::<String>().into(),
            skipped_bytes: self.skipped_bytes + from,
            skipped_lines: self.skipped_lines + line,
            is_of_several: false,
            line_starts: OnceLock::new(),
            identity: OnceLock::new(),
        })
    }
}

/// What stands for a letter that is not shown, of as many bytes.
fn blank(letter: char) -> char {
    match letter.len_utf8() {
        1 => ' ',
        2 => '\u{b7}',
        3 => '\u{2219}',
        _ => '\u{10101}',
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
