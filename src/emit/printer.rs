//! A printer of the HCL that root modules are made of, laid out as `terraform fmt` lays it out: the names of consecutive single-line
//! attributes are padded to one width; a value of several lines, a blank line and a block end the run.

use super::literal::{push_quoted, quoted_key};
use crate::terraform::Expression;
use std::borrow::Cow;

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

/// Prints blocks with an empty line between.
pub(super) fn print(blocks: &[Block<'_>]) -> String {
    let mut out = String::with_capacity(1024);
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        print_block(&mut out, block, 0);
    }
    out
}

fn indent(out: &mut String, level: usize) {
    for _ in 0..level {
        out.push_str("  ");
    }
}

fn print_block(out: &mut String, block: &Block<'_>, level: usize) {
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
        let width = items.iter().take(run).map(|item| if let Item::Attribute(name, _) = item { name.chars().count() } else { 0 }).max().unwrap_or(0);
        for item in items.iter().take(run) {
            if let Item::Attribute(name, value) = item {
                print_attribute(out, name, value, width, level + 1);
            }
        }
        if run > 0 {
            items = items.get(run..).unwrap_or(&[]);
            continue;
        }
        match item {
            Item::Attribute(name, value) => print_attribute(out, name, value, 0, level + 1),
            Item::Block(inner) => print_block(out, inner, level + 1),
            Item::Blank => out.push('\n'),
        }
        items = items.get(1..).unwrap_or(&[]);
    }
    indent(out, level);
    out.push_str("}\n");
}

fn print_attribute(out: &mut String, name: &str, value: &Expression, width: usize, level: usize) {
    indent(out, level);
    out.push_str(name);
    for _ in name.chars().count()..width {
        out.push(' ');
    }
    out.push_str(" = ");
    print_value(out, value, level);
    out.push('\n');
}

fn is_single_line(value: &Expression) -> bool {
    match value {
        Expression::Object(entries) | Expression::Record(entries) => entries.is_empty(),
        Expression::List(items) => items.iter().all(is_single_line),
        _ => true,
    }
}

fn print_value(out: &mut String, value: &Expression, level: usize) {
    match value {
        Expression::Null => out.push_str("null"),
        Expression::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Expression::Number(value) => out.push_str(&value.to_string()),
        Expression::Text(text) => push_quoted(out, text),
        Expression::Reference(parts) => out.push_str(&parts.join(".")),
        Expression::List(items) if items.iter().all(is_single_line) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                print_value(out, item, level);
            }
            out.push(']');
        }
        Expression::List(items) => {
            out.push_str("[\n");
            for item in items {
                indent(out, level + 1);
                print_value(out, item, level + 1);
                out.push_str(",\n");
            }
            indent(out, level);
            out.push(']');
        }
        Expression::Object(entries) | Expression::Record(entries) if entries.is_empty() => out.push_str("{}"),
        // A customer may have written the keys of an object: they are always quoted.
        Expression::Object(entries) => print_object(out, entries, quoted_key, level),
        Expression::Record(entries) => print_object(out, entries, str::to_owned, level),
    }
}

/// An object, one key a line.
fn print_object(out: &mut String, entries: &[(String, Expression)], spell: impl Fn(&str) -> String, level: usize) {
    let keys: Vec<String> = entries.iter().map(|(key, _)| spell(key)).collect();
    out.push_str("{\n");
    let mut index = 0;
    while index < entries.len() {
        let run = entries.iter().skip(index).take_while(|(_, value)| is_single_line(value)).count();
        let width = keys.iter().skip(index).take(run).map(|key| key.chars().count()).max().unwrap_or(0);
        for ((_, value), key) in entries.iter().zip(&keys).skip(index).take(run.max(1)) {
            print_attribute(out, key, value, width, level + 1);
        }
        index += run.max(1);
    }
    indent(out, level);
    out.push('}');
}
