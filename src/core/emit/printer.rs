//! A printer of the HCL that root modules are made of, laid out as `terraform fmt` lays it out: the names of consecutive single-line
//! attributes are padded to one width; a value of several lines, a blank line and a block end the run.

use super::literal::{is_plain_text, push_quoted, push_quoted_key};
use crate::terraform::Expression;
use smol_str::SmolStr;
use std::fmt::Write;
use std::ops::Range;

/// A block, an argument or an entry of an object, as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Its names from the outside in: `module`, `customer_vpc`, `vpc_cidr`; an item of a list is `[0]`.
    pub path: Vec<String>,
    /// Its lines, counted from 1, the end excluded.
    pub lines: Range<usize>,
}

/// What has been printed, and where, for those who ask: a compile does not.
pub(super) struct Page<'o> {
    out: &'o mut String,
    /// How deep the block or the value is in which the next line stands.
    level: usize,
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

/// Something that has begun and not ended: how deep it stands, its path, and its first line.
struct Begun {
    depth: usize,
    path: Vec<String>,
    start: usize,
}

/// What stands behind a name.
pub(super) trait HclValue {
    /// True when it is printed on one line.
    fn is_single_line(&self) -> bool;

    /// Prints it behind what is there.
    fn print(&self, page: &mut Page<'_>);
}

/// An object of entries, one a line.
pub(super) struct Entries<'e, N, V>(pub(super) Spelling, pub(super) &'e [(N, V)]);

/// How a name is written.
#[derive(Clone, Copy)]
pub(super) enum Spelling {
    /// Unchanged.
    Bare,
    /// As the literal of an object's key.
    Quoted,
}

/// What is printed.
pub(super) fn printed(print: impl FnOnce(&mut Page<'_>)) -> String {
    let mut out = String::new();
    print(&mut Page::onto(&mut out));
    out
}

/// What is printed, and where everything in it stands when it begins in a line of a file. What is inside another comes before it.
pub(super) fn printed_with_places(line: usize, print: impl FnOnce(&mut Page<'_>)) -> (String, Vec<Printed>) {
    let mut out = String::new();
    let mut page = Page { trail: Some(Trail { line, ..Trail::default() }), ..Page::onto(&mut out) };
    print(&mut page);
    let printed = page.trail.map(|trail| trail.printed).unwrap_or_default();
    (out, printed)
}

impl<'o> Page<'o> {
    /// A page behind what is there.
    pub(super) fn onto(out: &'o mut String) -> Self {
        Page { out, level: 0, trail: None }
    }

    /// Prints a block with what its body prints. Its type and labels are always terralet's own words.
    pub(super) fn block(&mut self, kind: &'static str, labels: &[&str], body: impl FnOnce(&mut Self)) {
        self.named(std::iter::once(kind).chain(labels.iter().copied()), |page| {
            let open = page.open(kind, labels);
            body(page);
            page.close(open);
        });
    }

    /// Opens a block. Gives where its brace ends.
    fn open(&mut self, kind: &'static str, labels: &[&str]) -> usize {
        self.indent();
        self.out.push_str(kind);
        for label in labels {
            self.out.push(' ');
            push_quoted(self.out, label);
        }
        self.out.push_str(" {");
        let open = self.out.len();
        self.out.push('\n');
        self.level += 1;
        open
    }

    fn close(&mut self, open: usize) {
        self.level -= 1;
        if self.out.len() == open + 1 {
            // There is nothing in it.
            self.out.truncate(open);
        } else {
            self.indent();
        }
        self.out.push_str("}\n");
    }

    /// Prints blocks with an empty line between.
    pub(super) fn blocks<B>(&mut self, blocks: &[B], print: impl Fn(&mut Self, &B)) {
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 {
                self.blank();
            }
            print(self, block);
        }
    }

    /// Prints attributes. Those that follow each other with nothing between have to be printed by one call: they share a width.
    pub(super) fn attributes<N: AsRef<str>, V: HclValue>(&mut self, attributes: &[(N, V)]) {
        self.lines(Spelling::Bare, attributes);
    }

    /// Prints what belongs to something else, as if it stood in there.
    pub(super) fn within(&mut self, names: &[&str], print: impl FnOnce(&mut Self)) {
        self.named(names.iter().copied(), print);
    }

    /// Prints a reference.
    fn joined(&mut self, parts: &[impl AsRef<str>]) {
        for (index, part) in parts.iter().enumerate() {
            self.out.push_str(if index > 0 { "." } else { "" });
            self.out.push_str(part.as_ref());
        }
    }

    /// Prints an empty line.
    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// Prints attributes or the entries of an object.
    fn lines<N: AsRef<str>, V: HclValue>(&mut self, spelling: Spelling, lines: &[(N, V)]) {
        let mut rest = lines;
        while !rest.is_empty() {
            let run = rest.iter().take_while(|(_, value)| value.is_single_line()).count();
            let width = rest.iter().take(run).map(|(name, _)| spelling.width(name.as_ref())).max().unwrap_or(0);
            // What ends a run is printed alone.
            let (now, behind) = rest.split_at_checked(run.max(1)).unwrap_or((rest, &[]));
            for (name, value) in now {
                self.line(spelling, name.as_ref(), value, width);
            }
            rest = behind;
        }
    }

    fn line(&mut self, spelling: Spelling, name: &str, value: &impl HclValue, width: usize) {
        self.named(std::iter::once(name), |page| {
            page.indent();
            let start = page.out.len();
            spelling.push(page.out, name);
            let written = letters(page.out.get(start..).unwrap_or(""));
            spaces(page.out, width.saturating_sub(written));
            page.out.push_str(" = ");
            value.print(page);
            page.blank();
        });
    }

    /// Prints an item of a list, on lines of its own.
    fn item(&mut self, index: usize, print: impl FnOnce(&mut Self)) {
        match &self.trail {
            Some(_) => self.named(std::iter::once(format!("[{index}]").as_str()), print),
            None => print(self),
        }
    }

    /// Prints something that has a name.
    fn named<'n>(&mut self, mut names: impl Iterator<Item = &'n str>, print: impl FnOnce(&mut Self)) {
        let begun = self.begin(&mut names);
        print(self);
        begun.into_iter().for_each(|begun| self.end(begun));
    }

    /// Notes where something begins, where places are asked for.
    fn begin(&mut self, names: &mut dyn Iterator<Item = &str>) -> Option<Begun> {
        let trail = self.trail.as_mut()?;
        let depth = trail.path.len();
        trail.path.extend(names.map(str::to_owned));
        Some(Begun { depth, path: trail.path.clone(), start: trail.line_at_end(self.out) })
    }

    fn end(&mut self, Begun { depth, path, start }: Begun) {
        if let Some(trail) = &mut self.trail {
            let end = trail.line_at_end(self.out);
            trail.printed.push(Printed { path, lines: start..end });
            trail.path.truncate(depth);
        }
    }

    fn indent(&mut self) {
        spaces(self.out, 2 * self.level);
    }
}

impl Trail {
    fn line_at_end(&mut self, out: &str) -> usize {
        self.line += out.bytes().skip(self.counted).filter(|byte| *byte == b'\n').count();
        self.counted = out.len();
        self.line
    }
}

fn spaces(out: &mut String, count: usize) {
    const SPACES: &str = "                                ";
    match SPACES.get(..count) {
        Some(spaces) => out.push_str(spaces),
        None => out.extend(std::iter::repeat_n(' ', count)),
    }
}

fn letters(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
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
            Spelling::Bare => letters(name),
            Spelling::Quoted if is_plain_text(name) => name.len() + 2,
            Spelling::Quoted => {
                let mut spelt = String::new();
                self.push(&mut spelt, name);
                letters(&spelt)
            }
        }
    }
}

impl<V: HclValue + ?Sized> HclValue for &V {
    fn is_single_line(&self) -> bool {
        (**self).is_single_line()
    }

    fn print(&self, page: &mut Page<'_>) {
        (**self).print(page);
    }
}

/// Literal text, whatever is in it.
impl HclValue for str {
    fn is_single_line(&self) -> bool {
        true
    }

    fn print(&self, page: &mut Page<'_>) {
        push_quoted(page.out, self);
    }
}

impl HclValue for SmolStr {
    fn is_single_line(&self) -> bool {
        true
    }

    fn print(&self, page: &mut Page<'_>) {
        self.as_str().print(page);
    }
}

/// A list.
impl<V: HclValue> HclValue for [V] {
    fn is_single_line(&self) -> bool {
        self.iter().all(HclValue::is_single_line)
    }

    fn print(&self, page: &mut Page<'_>) {
        page.out.push('[');
        if self.is_single_line() {
            for (index, item) in self.iter().enumerate() {
                page.out.push_str(if index > 0 { ", " } else { "" });
                item.print(page);
            }
        } else {
            page.blank();
            page.level += 1;
            for (index, item) in self.iter().enumerate() {
                page.item(index, |page| {
                    page.indent();
                    item.print(page);
                    page.out.push_str(",\n");
                });
            }
            page.level -= 1;
            page.indent();
        }
        page.out.push(']');
    }
}

impl<N: AsRef<str>, V: HclValue> HclValue for Entries<'_, N, V> {
    fn is_single_line(&self) -> bool {
        self.1.is_empty()
    }

    fn print(&self, page: &mut Page<'_>) {
        let Entries(spelling, entries) = *self;
        page.out.push('{');
        if !entries.is_empty() {
            page.blank();
            page.level += 1;
            page.lines(spelling, entries);
            page.level -= 1;
            page.indent();
        }
        page.out.push('}');
    }
}

impl HclValue for Expression {
    fn is_single_line(&self) -> bool {
        match self {
            Expression::Object(entries) | Expression::Record(entries) => entries.is_empty(),
            Expression::List(items) => items.is_single_line(),
            _ => true,
        }
    }

    fn print(&self, page: &mut Page<'_>) {
        match self {
            Expression::Null => page.out.push_str("null"),
            Expression::Boolean(value) => page.out.push_str(if *value { "true" } else { "false" }),
            Expression::Number(value) => {
                let written = write!(page.out, "{value}");
                // Writing to a string cannot fail.
                debug_assert!(written.is_ok());
            }
            Expression::Text(text) => text.print(page),
            Expression::Reference(parts) => page.joined(parts),
            Expression::NamedReference(parts) => page.joined(parts),
            Expression::List(items) => items.print(page),
            // A customer may have written the keys of an object: they are always quoted.
            Expression::Object(entries) => Entries(Spelling::Quoted, entries).print(page),
            Expression::Record(entries) => Entries(Spelling::Bare, entries).print(page),
        }
    }
}
