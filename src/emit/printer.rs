//! A printer of the HCL that root modules are made of, laid out as `terraform fmt` lays it out: the names of consecutive single-line
//! attributes are padded to one width; a value of several lines, a blank line and a block end the run.

use super::literal::{is_plain_text, push_quoted, push_quoted_key};
use crate::terraform::Expression;
use smol_str::{SmolStr, format_smolstr};
use std::borrow::Cow;
use std::ops::Range;

/// An item of a body.
pub(super) enum Item<'i> {
    /// `name = value`.
    Attribute(Cow<'i, str>, Cow<'i, Expression>),
    /// A block inside.
    Block(Block<'i>),
    /// An empty line.
    Blank,
}

/// A block.
pub(super) struct Block<'i> {
    /// Its type, always terralet's own word.
    pub(super) kind: &'static str,
    /// Its labels, always terralet's own words.
    pub(super) labels: Vec<Cow<'i, str>>,
    /// What it holds.
    pub(super) items: Vec<Item<'i>>,
}

impl<'i> Block<'i> {
    pub(super) fn new(kind: &'static str, labels: Vec<Cow<'i, str>>) -> Self {
        Block { kind, labels, items: Vec::new() }
    }

    pub(super) fn attribute(mut self, name: impl Into<Cow<'i, str>>, value: Expression) -> Self {
        self.items.push(Item::Attribute(name.into(), Cow::Owned(value)));
        self
    }

    pub(super) fn borrowed(mut self, name: impl Into<Cow<'i, str>>, value: &'i Expression) -> Self {
        self.items.push(Item::Attribute(name.into(), Cow::Borrowed(value)));
        self
    }

    pub(super) fn block(mut self, block: Block<'i>) -> Self {
        self.items.push(Item::Block(block));
        self
    }

    pub(super) fn blank(mut self) -> Self {
        self.items.push(Item::Blank);
        self
    }
}

/// A block, an argument or an entry of an object, as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Its names from the outside in: `module`, `customer_vpc`, `vpc_cidr`.
    pub path: Vec<String>,
    /// Its lines, counted from 1, the end excluded.
    pub lines: Range<usize>,
}

/// Prints blocks with an empty line between.
pub(super) fn print(blocks: &[Block<'_>]) -> String {
    let mut out = String::new();
    print_onto(&mut out, blocks);
    out
}

/// Prints blocks behind what is there.
pub(super) fn print_onto(out: &mut String, blocks: &[Block<'_>]) {
    print_blocks(&mut Page { out, trail: None }, blocks);
}

/// Prints blocks, and says where everything stands. What is inside another comes before it.
pub(super) fn print_with_places(blocks: &[Block<'_>]) -> (String, Vec<Printed>) {
    let mut out = String::new();
    let mut page = Page { out: &mut out, trail: Some(Trail { line: 1, ..Trail::default() }) };
    print_blocks(&mut page, blocks);
    let printed = page.trail.map(|trail| trail.printed).unwrap_or_default();
    (out, printed)
}

/// What has been printed, and where, for those who ask: a compile does not.
struct Page<'o> {
    out: &'o mut String,
    trail: Option<Trail>,
}

#[derive(Default)]
struct Trail {
    path: Vec<String>,
    printed: Vec<Printed>,
    /// The line at the byte up to which line ends have been counted.
    line: usize,
    counted: usize,
}

impl Page<'_> {
    /// Prints something that has a name.
    fn named<'n>(&mut self, names: impl Iterator<Item = &'n str>, print: impl FnOnce(&mut Self)) {
        let Some(trail) = &mut self.trail else { return print(self) };
        let depth = trail.path.len();
        trail.path.extend(names.map(str::to_owned));
        let path = trail.path.clone();
        let start = trail.line_at_end(self.out);
        print(self);
        if let Some(trail) = &mut self.trail {
            let end = trail.line_at_end(self.out);
            trail.printed.push(Printed { path, lines: start..end });
            trail.path.truncate(depth);
        }
    }
}

impl Trail {
    fn line_at_end(&mut self, out: &str) -> usize {
        self.line += out.bytes().skip(self.counted).filter(|byte| *byte == b'\n').count();
        self.counted = out.len();
        self.line
    }
}

fn print_blocks(page: &mut Page<'_>, blocks: &[Block<'_>]) {
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            page.out.push('\n');
        }
        print_block(page, block, 0);
    }
}

fn indent(out: &mut String, level: usize) {
    spaces(out, 2 * level);
}

fn spaces(out: &mut String, count: usize) {
    const SPACES: &str = "                                ";
    match SPACES.get(..count) {
        Some(spaces) => out.push_str(spaces),
        None => out.extend(std::iter::repeat_n(' ', count)),
    }
}

fn print_block(page: &mut Page<'_>, block: &Block<'_>, level: usize) {
    let names = std::iter::once(block.kind).chain(block.labels.iter().map(|label| &**label));
    page.named(names, |page| print_body(page, block, level));
}

fn print_body(page: &mut Page<'_>, block: &Block<'_>, level: usize) {
    let out = &mut *page.out;
    indent(out, level);
    out.push_str(block.kind);
    for label in &block.labels {
        out.push(' ');
        push_quoted(out, label);
    }
    if block.items.is_empty() {
        out.push_str(" {}\n");
        return;
    }
    out.push_str(" {\n");
    let mut items = block.items.as_slice();
    while let Some(item) = items.first() {
        let run = items.iter().take_while(|item| matches!(item, Item::Attribute(_, value) if is_single_line(value))).count();
        let width = items
            .iter()
            .take(run)
            .map(|item| if let Item::Attribute(name, _) = item { Spelling::Bare.width(name) } else { 0 })
            .max()
            .unwrap_or(0);
        for item in items.iter().take(run) {
            if let Item::Attribute(name, value) = item {
                print_attribute(page, name, Spelling::Bare, value, width, level + 1);
            }
        }
        if run > 0 {
            items = items.get(run..).unwrap_or(&[]);
            continue;
        }
        match item {
            Item::Attribute(name, value) => print_attribute(page, name, Spelling::Bare, value, 0, level + 1),
            Item::Block(inner) => print_block(page, inner, level + 1),
            Item::Blank => page.out.push('\n'),
        }
        items = items.get(1..).unwrap_or(&[]);
    }
    indent(page.out, level);
    page.out.push_str("}\n");
}

/// How a name is written.
#[derive(Clone, Copy)]
enum Spelling {
    /// As it is.
    Bare,
    /// As the literal of an object's key.
    Quoted,
}

impl Spelling {
    fn push(self, out: &mut String, name: &str) {
        match self {
            Spelling::Bare => out.push_str(name),
            Spelling::Quoted => push_quoted_key(out, name),
        }
    }

    /// How many letters the name is wide.
    fn width(self, name: &str) -> usize {
        match self {
            Spelling::Bare if name.is_ascii() => name.len(),
            Spelling::Quoted if is_plain_text(name) => name.len() + 2,
            Spelling::Bare | Spelling::Quoted => {
                let mut spelt = String::new();
                self.push(&mut spelt, name);
                spelt.chars().count()
            }
        }
    }
}

/// Prints an attribute or an entry of an object.
fn print_attribute(page: &mut Page<'_>, name: &str, spelling: Spelling, value: &Expression, width: usize, level: usize) {
    page.named(std::iter::once(name), |page| {
        indent(page.out, level);
        spelling.push(page.out, name);
        let padding = width.saturating_sub(spelling.width(name));
        spaces(page.out, padding);
        page.out.push_str(" = ");
        print_value(page, value, level);
        page.out.push('\n');
    });
}

fn is_single_line(value: &Expression) -> bool {
    match value {
        Expression::Object(entries) | Expression::Record(entries) => entries.is_empty(),
        Expression::List(items) => items.iter().all(is_single_line),
        _ => true,
    }
}

fn print_value(page: &mut Page<'_>, value: &Expression, level: usize) {
    let out = &mut *page.out;
    match value {
        Expression::Null => out.push_str("null"),
        Expression::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Expression::Number(value) => out.push_str(&format_smolstr!("{value}")),
        Expression::Text(text) => push_quoted(out, text),
        Expression::Reference(parts) => {
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    out.push('.');
                }
                out.push_str(part);
            }
        }
        Expression::List(items) if items.iter().all(is_single_line) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    page.out.push_str(", ");
                }
                print_value(page, item, level);
            }
            page.out.push(']');
        }
        Expression::List(items) => {
            out.push_str("[\n");
            for item in items {
                indent(page.out, level + 1);
                print_value(page, item, level + 1);
                page.out.push_str(",\n");
            }
            indent(page.out, level);
            page.out.push(']');
        }
        Expression::Object(entries) | Expression::Record(entries) if entries.is_empty() => out.push_str("{}"),
        // A customer may have written the keys of an object: they are always quoted.
        Expression::Object(entries) => print_object(page, entries, Spelling::Quoted, level),
        Expression::Record(entries) => print_object(page, entries, Spelling::Bare, level),
    }
}

/// An object, one key a line.
fn print_object(page: &mut Page<'_>, entries: &[(SmolStr, Expression)], spelling: Spelling, level: usize) {
    page.out.push_str("{\n");
    let mut index = 0;
    while index < entries.len() {
        let run = entries.iter().skip(index).take_while(|(_, value)| is_single_line(value)).count();
        let width = entries.iter().skip(index).take(run).map(|(name, _)| spelling.width(name)).max().unwrap_or(0);
        for (name, value) in entries.iter().skip(index).take(run.max(1)) {
            print_attribute(page, name, spelling, value, width, level + 1);
        }
        index += run.max(1);
    }
    indent(page.out, level);
    page.out.push('}');
}
