//! Where text comes from: files, spans, and values that know their place.
//!
//! Knows nothing of YAML, and reads no file itself: text is handed in by the command line.

mod excerpt;
mod place;

pub use place::{Place, PlaceFile};

use std::sync::{Arc, OnceLock};

/// About how many bytes a line of a document has, or a few less.
const BYTES_OF_A_LINE: usize = 20;

/// A file of one [`SourceMap`]. File 0 is always the platform file (or a stand-in for its absence).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u16);

/// A range of bytes in one file of a [`SourceMap`], counted from 0, the end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; offsets past 4 GiB saturate, which a document (at most 1 MiB) never reaches.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The byte range, for slicing the file's text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// True when `other` lies within this span.
    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// A value together with the place it was written at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Pairs a value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Spanned { value, span }
    }
}

/// One file's text and name; or an excerpt of it, which counts its lines and bytes as the whole file does.
#[derive(Debug)]
pub struct SourceFile {
    /// Relative to the workspace, with `/`.
    pub path: Arc<str>,
    /// The text, as read.
    pub text: Box<str>,
    /// How many bytes of the file stand before the text.
    skipped_bytes: usize,
    /// How many lines of the file stand before the text.
    skipped_lines: usize,
    /// True for a file that has lines of several customers, who may not see each other's.
    is_of_several: bool,
    line_starts: OnceLock<Box<[u32]>>,
    identity: OnceLock<Arc<PlaceFile>>,
}

/// A place as people count it: lines from 1, columns from 1 in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl SourceFile {
    /// A file from its path (relative to the workspace) and its text.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Box<str>>) -> Self {
        SourceFile {
            path: path.into(),
            text: text.into(),
            skipped_bytes: 0,
            skipped_lines: 0,
            is_of_several: false,
            line_starts: OnceLock::new(),
            identity: OnceLock::new(),
        }
    }

    /// The file as one that has lines of several customers, who may not see each other's.
    pub fn of_several(&self) -> Self {
        SourceFile { is_of_several: true, ..SourceFile::new(Arc::clone(&self.path), self.text.clone()) }
    }

    /// True for a file that has lines of several customers.
    pub fn is_of_several(&self) -> bool {
        self.is_of_several
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let behind = memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX));
            let mut starts = Vec::with_capacity(1 + self.text.len() / BYTES_OF_A_LINE);
            starts.push(0);
            starts.extend(behind);
            starts.into_boxed_slice()
        })
    }

    /// Where a byte of the file stands in the text; past the text's end for one behind it.
    pub fn in_text(&self, offset: usize) -> usize {
        offset.saturating_sub(self.skipped_bytes)
    }

    /// How many lines of the file stand before the text.
    pub fn skipped_lines(&self) -> usize {
        self.skipped_lines
    }

    /// The position of a byte offset; an offset past the end gives the end.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = self.in_text(offset).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start as usize <= offset);
        let start = starts.get(line - 1).map_or(0, |start| *start as usize);
        // A byte order mark takes no column, as editors count.
        let column = self.text.get(start..offset).map_or(0, |text| text.trim_start_matches('\u{feff}').chars().count());
        Position { line: self.skipped_lines + line, column: column + 1 }
    }

    /// The line (from 1) with what ends it; nothing for a line that is not in the text.
    pub fn line(&self, line: usize) -> &str {
        let starts = self.line_starts();
        let Some(index) = line.checked_sub(self.skipped_lines + 1) else { return "" };
        let Some(start) = starts.get(index) else { return "" };
        let end = starts.get(index + 1).map_or(self.text.len(), |end| *end as usize);
        self.text.get(*start as usize..end).unwrap_or("")
    }

    /// The text of a range of the file, or nothing where the range does not fit the text.
    pub fn slice(&self, range: std::ops::Range<usize>) -> &str {
        match range.start.checked_sub(self.skipped_bytes) {
            Some(start) => self.text.get(start..self.in_text(range.end)).unwrap_or(""),
            None => "",
        }
    }
}

/// The files of one customer, with the platform file first.
#[derive(Clone, Debug)]
pub struct SourceMap {
    files: Vec<Arc<SourceFile>>,
}

impl SourceMap {
    /// The platform file's id in every map.
    pub const PLATFORM: FileId = FileId(0);

    /// A map that holds the platform file only.
    pub fn new(platform: Arc<SourceFile>) -> Self {
        SourceMap { files: vec![platform] }
    }

    /// Adds a file. A repository has at most a few hundred documents, so 16 bits are enough; past that the last id is reused,
    /// which cannot happen because `too-many-documents` stops it.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u16::try_from(self.files.len()).unwrap_or(u16::MAX));
        self.files.push(Arc::new(file));
        id
    }

    /// The file of an id.
    pub fn get(&self, id: FileId) -> Option<&Arc<SourceFile>> {
        self.files.get(usize::from(id.0))
    }

    /// Makes a span independent of this map.
    pub fn locate(&self, span: Span) -> Option<Location> {
        self.get(span.file).map(|file| Location { file: Arc::clone(file), start: span.start, end: span.end })
    }

    /// Makes a span independent of this map, and of the file's text too.
    pub fn place(&self, span: Span) -> Option<Place> {
        self.get(span.file).map(|file| file.place(span))
    }

    /// The first line of a span: a block collection is pointed at by it, which is enough and keeps what is shown short.
    pub fn first_line(&self, span: Span) -> Span {
        let text = self.text(span);
        match text.find(['\n', '\r']) {
            Some(end) => Span { end: span.start + u32::try_from(text.get(..end).unwrap_or("").trim_end().len()).unwrap_or(0), ..span },
            None => span,
        }
    }

    /// A span with the rest of its lines, where nothing is in them but white space and a comment behind it.
    pub fn whole_lines(&self, span: Span) -> Option<Span> {
        let text: &str = &self.get(span.file)?.text;
        let range = span.range();
        let (before, behind) = (text.get(..range.start)?, text.get(range.end..)?);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let length = behind.find('\n').map_or(behind.len(), |newline| newline + 1);
        let is_blank = |part: Option<&str>| part.is_some_and(|part| part.trim().is_empty() || part.trim_start().starts_with('#'));
        let is_alone = before.get(start..).is_some_and(|part| part.trim().is_empty()) && is_blank(behind.get(..length));
        (is_alone && !range.is_empty()).then(|| Span::new(span.file, start, range.end + length))
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).map_or("", |file| file.slice(span.range()))
    }
}

/// A span that stands alone, for facts that outlive their customer's [`SourceMap`].
#[derive(Clone, Debug)]
pub struct Location {
    /// The file.
    pub file: Arc<SourceFile>,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Location {
    /// The byte range.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Start, as people count.
    pub fn start_position(&self) -> Position {
        self.file.position(self.start as usize)
    }

    /// End, as people count (the position just past the last character).
    pub fn end_position(&self) -> Position {
        self.file.position(self.end as usize)
    }

    /// File, then position: the order in which diagnostics are reported.
    pub fn order(&self) -> (&str, u32, u32) {
        (&self.file.path, self.start, self.end)
    }
}

impl PartialEq for Location {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}
