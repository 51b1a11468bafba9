//! Events to a tree: anchors and their budget, merge keys, duplicate keys, and what the language leaves out of YAML.

use super::core::{Plain, normalised, plain};
use super::merge_key::{NotMerged, not_merged};
use super::open::{Anchored, Keys, Open, OpenKind, ParsedKey, Size};
use super::recover;
use super::refused::{assignments, no_anchor, not_a_key, second_document};
use super::tree::{Entry, Mapping, Node, Scalar, Value};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, shown};
use crate::source::{FileId, Span, Spanned};
use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, StructureStyle, Tag};
use std::collections::HashMap;
use std::rc::Rc;

/// The most bytes of a document.
pub const MAX_BYTES: usize = 1 << 20;
/// The most levels of a document, after alias expansion.
pub const MAX_LEVELS: usize = 64;
/// The most nodes of a document, after alias expansion.
pub const MAX_NODES: usize = 100_000;
/// The most bytes of text of a document, after alias expansion.
const MAX_EXPANDED: usize = 4 << 20;
/// The most characters of a key. YAML 1.2 has the same limit for keys that are written on one line (section 7.4.2).
const MAX_KEY: usize = 1024;

/// Parses one document. Nothing comes back where the text is not YAML that we take (everything wrong with it is reported then), and a
/// null node for a document with nothing in it.
pub fn parse(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Option<Node> {
    if text.len() > MAX_BYTES {
        diagnostics.push(too_large(file, text.len() as u64));
        return None;
    }
    match build(file, text) {
        Ok((node, found)) => {
            let broken = found.broken;
            diagnostics.repeats(found.repeated);
            for NotMerged { at, lost, diagnostic } in found.not_merged {
                diagnostics.not_merged(at, lost);
                diagnostic.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
            }
            found.diagnostics.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
            (!broken).then_some(node)
        }
        Err(Stop::Syntax(error)) => {
            recover::every_error(file, text, error).into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
            None
        }
        Err(Stop::Limit(diagnostic)) => {
            diagnostics.push(*diagnostic);
            None
        }
    }
}

/// `document-too-large` for a file that is over the limit, which may be known without reading it.
pub fn too_large(file: FileId, bytes: u64) -> Diagnostic {
    Diagnostic::new(&codes::DOCUMENT_TOO_LARGE, format!("the file has {bytes} bytes")).at(Span::new(file, 0, 0), "").help(format!(
        "a document may have {MAX_BYTES} bytes (1 MiB); large files belong elsewhere, such as in storage that a script reads"
    ))
}

/// `document-too-large` for a document with too many levels, at the place that opens one too many.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::DOCUMENT_TOO_LARGE, format!("the document is nested more than {MAX_LEVELS} levels deep"))
        .at(span, "the limit is reached here")
        .help("write it flatter")
}

/// The options of every parse: the default tolerance of real tools, no comments, no directives, undefined aliases reported.
pub(super) fn options() -> Options {
    let mut options = Options::default();
    options.emit_comments = false;
    options.emit_unresolved_aliases = true;
    options.disallow_directives = true;
    options.flow_nesting_limit = MAX_LEVELS;
    options.block_nesting_limit = MAX_LEVELS;
    options
}

/// Why building stopped.
pub(super) enum Stop {
    Syntax(ScanError),
    Limit(Box<Diagnostic>),
}

/// What was found on the way.
#[derive(Default)]
struct Found {
    diagnostics: Vec<Diagnostic>,
    /// True when the tree cannot be trusted.
    broken: bool,
    /// Anchored nodes that aliases repeat.
    repeated: Vec<Span>,
    /// Mappings that `<<` does not bring.
    not_merged: Vec<NotMerged>,
}

struct Builder<'t> {
    file: FileId,
    text: &'t str,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
    bytes: usize,
    /// Nodes that were copied for their anchors: anchors inside one another copy what they hold once each.
    copied: usize,
    found: Found,
    root: Option<Node>,
    documents: usize,
}

fn build(file: FileId, text: &str) -> Result<(Node, Found), Stop> {
    let mut builder = Builder {
        file,
        text,
        open: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
        bytes: 0,
        copied: 0,
        found: Found::default(),
        root: None,
        documents: 0,
    };
    for event in Parser::new_from_str_with_options(text, options()) {
        let (event, span) = event.map_err(Stop::Syntax)?;
        let range = span.byte_range().unwrap_or(0..0);
        let span = Span::new(file, range.start, range.end);
        if !builder.event(event, span)? {
            break;
        }
    }
    let root = builder.root.take().unwrap_or(Node { span: Span::new(file, 0, 0), value: Value::Null });
    Ok((root, builder.found))
}

impl Builder<'_> {
    /// Takes one event; false ends the reading.
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<bool, Stop> {
        match event {
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Anchor(..) => {}
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.found.broken = true;
                    self.found.diagnostics.push(second_document(self.first_line_at(span), self.text));
                    return Ok(false);
                }
            }
            Event::Alias(id) => {
                let Some(anchored) = self.anchors.get(&id).cloned() else {
                    // An alias inside the node that it names.
                    self.unsupported(span, "an alias inside the value that it stands for", "write the value out");
                    self.value(Node { span, value: Value::Null }, Size::one(0))?;
                    return Ok(true);
                };
                self.count(anchored.size, span)?;
                self.found.repeated.push(anchored.node.span);
                self.value((*anchored.node).clone(), anchored.size)?;
            }
            Event::UnresolvedAlias(name) => {
                self.found.broken = true;
                self.found.diagnostics.push(no_anchor(&name, self.slice(span), span));
                self.count(Size::one(0), span)?;
                self.value(Node { span, value: Value::Null }, Size::one(0))?;
            }
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span)?,
            Event::SequenceStart(style, anchor, tag) => self.start(OpenKind::Sequence(Vec::new()), style, anchor, tag.as_deref(), span)?,
            Event::MappingStart(style, anchor, tag) => {
                let kind = OpenKind::Mapping { entries: Vec::new(), keys: Keys::default(), key: None, merges: Vec::new() };
                self.start(kind, style, anchor, tag.as_deref(), span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
            #[allow(unreachable_patterns)]
            _ => {}
        }
        Ok(true)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, span: Span) -> Result<(), Stop> {
        let mut is_plain = style == ScalarStyle::Plain;
        if let Some(tag) = tag {
            match tag.core_suffix() {
                Some("str") => is_plain = false,
                Some("int" | "bool" | "float" | "null") => is_plain = true,
                _ => self.unsupported_tag(tag, span),
            }
        }
        // A block scalar with nothing in it arrives with the place of its header.
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let span = if is_block && text.is_empty() { Span { end: span.start, ..span } } else { span };
        // It ends with its last line, and not with what stands before the next key.
        let behind = self
            .text
            .get(span.range())
            .filter(|_| is_block)
            .map_or(0, |text| text.len() - text.trim_end_matches([' ', '\t', '\n', '\r']).len());
        let span = Span { end: span.end - behind as u32, ..span };
        let normal = normalised(text);
        let is_changed = normal != text;
        let text = normal;
        let size = Size::one(text.len());
        self.count(size, span)?;
        // In place of a document's or a section's keys; deeper down it may be meant as text.
        if is_plain
            && self.open.len() <= 1
            && text.contains('=')
            && let Some(diagnostic) = assignments(self.file, self.text, span)
        {
            self.found.broken = true;
            self.found.diagnostics.push(diagnostic);
        }
        let value = if is_plain && plain(&text) == Plain::Null {
            Value::Null
        } else {
            Value::Scalar(Scalar { text, plain: is_plain, is_changed, is_block })
        };
        let node = Node { span, value };
        if anchor > 0 {
            self.anchors.insert(anchor, Anchored { node: Rc::new(node.clone()), size });
        }
        self.value(node, size)
    }

    fn start(&mut self, kind: OpenKind, style: StructureStyle, anchor: usize, tag: Option<&Tag>, span: Span) -> Result<(), Stop> {
        if let Some(tag) = tag
            && !matches!(tag.core_suffix(), Some("map" | "seq"))
        {
            self.unsupported_tag(tag, span);
        }
        self.count(Size::one(0), span)?;
        self.open.push(Open { kind, anchor, span, flow: style == StructureStyle::Flow, size: Size::one(0) });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Stop> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let (value, last) = match open.kind {
            OpenKind::Sequence(items) => {
                let last = items.last().map(|item| item.span.end);
                (Value::Sequence(items), last)
            }
            OpenKind::Mapping { entries, keys, key: _, merges } => {
                let last = entries.iter().map(|entry| entry.value.span.end.max(entry.key.span.end)).max();
                let last = last.max(merges.iter().map(|(key, _)| key.end).max());
                (Value::Mapping(self.merged(entries, keys, merges)), last)
            }
        };
        let end = if open.flow { span.end } else { last.unwrap_or(open.span.end) };
        let node = Node { span: Span { end: end.max(open.span.start), ..open.span }, value };
        if open.anchor > 0 {
            self.copied += open.size.nodes;
            if self.copied > MAX_NODES {
                let message = format!("more than {MAX_NODES} values stand below anchors, counted once for each anchor");
                let diagnostic = Diagnostic::new(&codes::DOCUMENT_TOO_LARGE, message).at(open.span, "the limit is reached here");
                return Err(Stop::Limit(Box::new(diagnostic.help("remove anchors that no alias uses, or that stand inside one another"))));
            }
            self.anchors.insert(open.anchor, Anchored { node: Rc::new(node.clone()), size: open.size });
        }
        self.value(node, open.size)
    }

    /// Adds keys of `<<` that the mapping does not write itself; of several merged mappings the earlier wins.
    fn merged(&mut self, mut entries: Vec<Entry>, mut keys: Keys, merges: Vec<(Span, Node)>) -> Mapping {
        for (key, node) in merges {
            let span = node.span;
            let sources = match node.value {
                Value::Sequence(items) => items,
                value => vec![Node { span, value }],
            };
            for source in sources {
                // An alias without its anchor has been reported.
                let is_alias = matches!(source.value, Value::Null) && self.slice(source.span).starts_with('*');
                let Value::Mapping(mapping) = source.value else {
                    if is_alias {
                        continue;
                    }
                    self.unsupported(key, "`<<` takes a mapping, or a list of mappings", "name an anchored mapping: `<<: *defaults`");
                    continue;
                };
                for entry in mapping.entries {
                    match keys.first(&entries, &entry.key.value) {
                        Some(own) => self.found.not_merged.extend(not_merged(own, &entry, key)),
                        None => {
                            keys.add(&entries, &entry.key.value);
                            entries.push(entry);
                        }
                    }
                }
            }
        }
        Mapping { entries }
    }

    /// Puts a finished node where it belongs.
    fn value(&mut self, node: Node, size: Size) -> Result<(), Stop> {
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return Ok(());
        };
        open.size.nodes += size.nodes;
        open.size.bytes += size.bytes;
        open.size.levels = open.size.levels.max(size.levels + 1);
        match &mut open.kind {
            OpenKind::Sequence(items) => items.push(node),
            OpenKind::Mapping { entries, keys, key, merges } => match key.take() {
                None => {
                    let found = ParsedKey::read(&node);
                    // Bytes are at least as many.
                    let length = found.text.as_ref().filter(|text| text.len() > MAX_KEY).map_or(0, |text| text.chars().count());
                    if length > MAX_KEY {
                        let diagnostic = Diagnostic::new(&codes::UNSUPPORTED_YAML, format!("a key of {length} characters"));
                        self.found.diagnostics.push(
                            diagnostic
                                .at(found.span, "this key")
                                .help(format!("a key has at most {MAX_KEY} characters; long text belongs in a value")),
                        );
                        self.found.broken = true;
                    } else if found.text.is_none() && !found.merge {
                        self.found.diagnostics.push(not_a_key(self.text, &node, found.span, MAX_KEY));
                        self.found.broken = true;
                    }
                    *key = Some(found);
                }
                Some(ParsedKey { merge: true, span, .. }) => {
                    if let Some((first, _)) = merges.first() {
                        self.found.diagnostics.push(
                            Diagnostic::new(&codes::DUPLICATE_KEY, "the key `<<` stands twice in one mapping")
                                .at(span, "again here")
                                .at(*first, "first here")
                                .help("merge several anchors with a list, the most important one first: `<<: [*one, *other]`"),
                        );
                    }
                    merges.push((span, node));
                }
                Some(ParsedKey { text: None, .. }) => {}
                Some(ParsedKey { text: Some(text), span, .. }) => {
                    // A missing value arrives with an empty span somewhere behind its key.
                    let value = if node.span.start == node.span.end && node.is_null() { Node { span, ..node } } else { node };
                    match keys.first(entries, &text) {
                        Some(first) => self.found.diagnostics.push(
                            Diagnostic::new(&codes::DUPLICATE_KEY, format!("the key `{}` stands twice in one mapping", shown(&text)))
                                .at(span, "again here")
                                .at(first.key.span, "first here")
                                .help("keep one of the two; where they hold different keys, merge them into one"),
                        ),
                        None => {
                            keys.add(entries, &text);
                            entries.push(Entry { key: Spanned::new(text, span), value });
                        }
                    }
                }
            },
        }
        Ok(())
    }

    /// Counts nodes, bytes and levels against the limits.
    fn count(&mut self, size: Size, span: Span) -> Result<(), Stop> {
        self.nodes += size.nodes;
        self.bytes += size.bytes;
        let too_much = match (self.nodes > MAX_NODES, self.bytes > MAX_EXPANDED) {
            (true, _) => Some(format!("{MAX_NODES} values")),
            (false, true) => Some(format!("{MAX_EXPANDED} bytes of text")),
            (false, false) => None,
        };
        if let Some(limit) = too_much {
            let message = format!("the document has more than {limit}, with aliases written out");
            let diagnostic = Diagnostic::new(&codes::DOCUMENT_TOO_LARGE, message).at(span, "the limit is reached here");
            return Err(Stop::Limit(Box::new(diagnostic.help("split it into overlays, or use fewer aliases of large values"))));
        }
        if self.open.len() + size.levels > MAX_LEVELS {
            return Err(Stop::Limit(Box::new(too_deep(span))));
        }
        Ok(())
    }

    fn unsupported_tag(&mut self, tag: &Tag, span: Span) {
        let help = "remove the tag; the type of a value follows from its key";
        self.unsupported(span, format!("the YAML tag `{}` is not taken", shown(&tag.original())), help);
    }

    fn unsupported(&mut self, span: Span, message: impl Into<String>, help: &'static str) {
        self.found.broken = true;
        self.found.diagnostics.push(Diagnostic::new(&codes::UNSUPPORTED_YAML, message).at(span, "").help(help));
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    fn first_line_at(&self, span: Span) -> Span {
        let rest = self.text.get(span.start as usize..).unwrap_or("");
        let length = rest.lines().next().map_or(0, |line| line.trim_end().len());
        Span::new(self.file, span.start as usize, span.start as usize + length)
    }
}
