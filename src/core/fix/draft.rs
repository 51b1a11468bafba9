//! A document with the edits that were put into it. Knows offsets, and not what the edits are for.

use std::ops::Range;

/// A replacement in a document, by bytes of the text as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DraftEdit {
    /// What is replaced.
    pub(super) range: Range<usize>,
    /// With what.
    pub(super) text: String,
    /// The mistake that it fixes.
    pub(super) code: &'static str,
}

/// A document with changes.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// Its place among the files of its repository.
    pub(super) index: usize,
    /// Its name in the directory of the documents.
    pub(super) name: String,
    /// Its name for people, relative to the workspace.
    pub(super) shown: String,
    /// The text as it was read.
    pub(super) old: String,
    /// In order; none touches another.
    pub(super) changes: Vec<DraftEdit>,
}

impl Draft {
    /// The text with the changes.
    pub(super) fn text(&self) -> String {
        let mut text = String::with_capacity(self.old.len() + 16 * self.changes.len());
        let mut from = 0;
        for change in &self.changes {
            text.push_str(self.old.get(from..change.range.start).unwrap_or(""));
            text.push_str(&change.text);
            from = change.range.end;
        }
        text.push_str(self.old.get(from..).unwrap_or(""));
        text
    }

    /// Each change, with the place of its text in the text with the changes.
    pub(super) fn written(&self) -> impl Iterator<Item = (Range<usize>, &DraftEdit)> {
        self.changes.iter().scan((0, 0), |(old, new), change| {
            let start = *new + (change.range.start - *old);
            let end = start + change.text.len();
            (*old, *new) = (change.range.end, end);
            Some((start..end, change))
        })
    }

    /// Where a range of the text with the changes stood in the text as it was read; nothing for one that a change wrote to.
    pub(super) fn in_old(&self, range: Range<usize>) -> Option<Range<usize>> {
        let (mut old, mut new) = (0, 0);
        for (written, change) in self.written() {
            if range.end <= written.start {
                break;
            }
            if range.start < written.end {
                return None;
            }
            (old, new) = (change.range.end, written.end);
        }
        let range = old + (range.start - new)..old + (range.end - new);
        self.old.get(range.clone()).map(|_| range)
    }

    /// True where a change would write over no other one; the same change twice is one.
    pub(super) fn takes(&self, change: &DraftEdit) -> bool {
        let (at, has) = self.place_of(change);
        let is_apart = |other: &DraftEdit| other.range.end <= change.range.start || change.range.end <= other.range.start;
        let before = at.checked_sub(1).and_then(|before| self.changes.get(before));
        has || before.into_iter().chain(self.changes.get(at)).all(is_apart)
    }

    /// Adds a change that the draft takes.
    pub(super) fn add(&mut self, change: &DraftEdit) {
        let (at, has) = self.place_of(change);
        if !has {
            self.changes.insert(at, change.clone());
        }
    }

    /// Where a change belongs, and whether it is there already.
    fn place_of(&self, change: &DraftEdit) -> (usize, bool) {
        let at = self.changes.partition_point(|other| other.range.start < change.range.start);
        (at, self.changes.get(at).is_some_and(|other| other.range == change.range && other.text == change.text))
    }
}
