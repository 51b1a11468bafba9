//! A tree of values as YAML text, in every style that YAML has for it.

use super::tape::Tape;
use super::yaml_tree::Tree;

/// The text of a document.
pub(crate) fn write(tree: &Tree, tape: &mut Tape) -> String {
    let mut writer = Writer { tape, out: String::new() };
    if writer.tape.one_in(4) {
        writer.out.push('\u{feff}');
    }
    if writer.tape.one_in(3) {
        writer.out.push_str("# A comment: with \"things\" - in it\n---\n");
    }
    writer.block(tree, 0, true);
    if !writer.out.ends_with('\n') {
        writer.out.push('\n');
    }
    let crlf = writer.tape.one_in(4);
    if crlf { writer.out.replace('\n', "\r\n") } else { writer.out }
}

struct Writer<'t> {
    tape: &'t mut Tape,
    out: String,
}

impl Writer<'_> {
    fn indent(&mut self, columns: usize) {
        self.out.push_str(&" ".repeat(columns));
    }

    /// A value whose first line starts where the output ends: behind `key:`, behind `-`, or on a line of its own.
    fn block(&mut self, tree: &Tree, columns: usize, own_line: bool) {
        match tree {
            Tree::Alias(id, _) => self.out.push_str(&format!(" *a{id}\n")),
            Tree::Anchored(id, inner) => {
                self.out.push_str(&format!(" &a{id}"));
                self.block(inner, columns, false);
            }
            Tree::Plain(text) => self.out.push_str(&format!(" {text}\n")),
            Tree::Text(text) => self.text_block(text, columns),
            Tree::List(items) if !items.is_empty() && !self.takes_flow(tree) => {
                self.out.push('\n');
                for item in items {
                    self.comment(columns);
                    self.indent(columns);
                    self.out.push('-');
                    self.block(item, columns + 2, false);
                }
            }
            Tree::Map(entries, merged) if own_line || entries.len() + merged.len() > 0 && !self.takes_flow(tree) => {
                if !own_line {
                    self.out.push('\n');
                }
                self.map_block(entries, merged, columns);
            }
            Tree::List(_) | Tree::Map(..) => {
                self.out.push(' ');
                self.flow(tree);
                self.out.push('\n');
            }
        }
    }

    fn takes_flow(&mut self, tree: &Tree) -> bool {
        self.tape.one_in(4) && is_flow_text(tree)
    }

    fn map_block(&mut self, entries: &[(String, Tree)], merged: &[(usize, Tree)], columns: usize) {
        if entries.is_empty() && merged.is_empty() {
            self.indent(columns);
            self.out.push_str("{}\n");
        }
        if let Some(names) = merge_names(merged) {
            self.indent(columns);
            self.out.push_str(&format!("<<: {names}\n"));
        }
        for (key, value) in entries {
            self.comment(columns);
            self.indent(columns);
            self.key(key);
            self.out.push(':');
            let list = matches!(value.value(), Tree::List(_));
            let deeper = if list && self.tape.one_in(2) { columns } else { columns + 1 + self.tape.below(4) };
            self.block(value, deeper, false);
        }
    }

    fn comment(&mut self, columns: usize) {
        if self.tape.one_in(6) {
            self.indent(columns);
            self.out.push_str("# say: \"what\" - [it] is\n");
        }
    }

    fn key(&mut self, key: &str) {
        let safe = key.starts_with(char::is_alphabetic)
            && key.chars().all(|letter| letter.is_alphanumeric() || "-_ ".contains(letter))
            && !key.ends_with(' ')
            && !matches!(key, "true" | "null");
        if safe && !self.tape.one_in(4) {
            self.out.push_str(key);
        } else {
            self.quoted(key);
        }
    }

    fn quoted(&mut self, text: &str) {
        let printable = text.chars().all(|letter| letter == ' ' || letter.is_alphanumeric() || letter.is_ascii_graphic());
        if printable && self.tape.one_in(2) {
            self.out.push_str(&format!("'{}'", text.replace('\'', "''")));
        } else {
            self.out.push_str(&double_quoted(text));
        }
    }

    fn text_block(&mut self, text: &str, columns: usize) {
        let lines: Vec<&str> = text.trim_end_matches('\n').split('\n').collect();
        let plain_line = |line: &&str| {
            !line.starts_with([' ', '\t'])
                && line.chars().all(|letter| letter == ' ' || letter.is_alphanumeric() || letter.is_ascii_graphic())
        };
        let fits = lines.iter().all(plain_line) && lines.first().is_some_and(|line| !line.is_empty());
        let style = self.tape.below(4);
        if !fits || style == 0 {
            self.out.push(' ');
            self.quoted(text);
            self.out.push('\n');
            return;
        }
        let ends = text.len() - text.trim_end_matches('\n').len();
        let chomping = ["-", "", "+"][ends.min(2)];
        let folded = style == 1;
        self.out.push_str(&format!(" {}{chomping}\n", if folded { ">" } else { "|" }));
        let columns = columns + 1 + self.tape.below(3);
        for (index, line) in lines.iter().enumerate() {
            if folded && index > 0 {
                self.fold(&lines, index);
            }
            // A folded line may be broken at a space between two words.
            let broken = if folded && self.tape.one_in(2) {
                line.split_once(' ').filter(|(_, rest)| plain_line(rest) && !rest.is_empty())
            } else {
                None
            };
            match broken {
                Some((first, rest)) if !first.is_empty() && !first.ends_with(' ') => {
                    self.line(first, columns);
                    self.line(rest, columns);
                }
                _ => self.line(line, columns),
            }
        }
        self.out.push_str(&"\n".repeat(ends.saturating_sub(1)));
        if ends < 2 && self.tape.one_in(4) {
            self.out.push('\n');
        }
    }

    /// Between two lines of folded text stands one empty line more than in the text.
    fn fold(&mut self, lines: &[&str], index: usize) {
        if !lines[index - 1].is_empty() {
            self.out.push('\n');
        }
    }

    fn line(&mut self, line: &str, columns: usize) {
        if !line.is_empty() {
            self.indent(columns);
        }
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn flow(&mut self, tree: &Tree) {
        match tree {
            Tree::Alias(id, _) => self.out.push_str(&format!("*a{id} ")),
            Tree::Anchored(id, inner) => {
                self.out.push_str(&format!("&a{id} "));
                self.flow(inner);
            }
            Tree::Plain("") => self.out.push('~'),
            Tree::Plain(text) => self.out.push_str(text),
            Tree::Text(text) => self.quoted(text),
            Tree::List(items) => {
                self.out.push('[');
                for item in items {
                    self.flow(item);
                    self.out.push_str(if self.tape.one_in(3) { " ,  " } else { ", " });
                }
                self.out.push(']');
            }
            Tree::Map(entries, merged) => {
                self.out.push('{');
                for (key, value) in entries {
                    self.quoted(key);
                    self.out.push_str(": ");
                    self.flow(value);
                    self.out.push_str(", ");
                }
                if let Some(names) = merge_names(merged) {
                    self.out.push_str(&format!("<<: {names} "));
                }
                self.out.push('}');
            }
        }
    }
}

/// False where plain text would end early: at `,` and brackets in a flow collection.
fn is_flow_text(tree: &Tree) -> bool {
    match tree {
        Tree::Plain(text) => !text.contains(['{', '}', '[', ']', ',']),
        Tree::Text(_) | Tree::Alias(..) => true,
        Tree::Anchored(_, inner) => is_flow_text(inner),
        Tree::List(items) => items.iter().all(is_flow_text),
        Tree::Map(entries, _) => entries.iter().all(|(_, value)| is_flow_text(value)),
    }
}

fn merge_names(merged: &[(usize, Tree)]) -> Option<String> {
    let names: Vec<String> = merged.iter().map(|(id, _)| format!("*a{id}")).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("{one} ")),
        several => Some(format!("[{} ]", several.join(" , "))),
    }
}

/// A double-quoted scalar; everything that is not plain ASCII or a letter is escaped.
pub(crate) fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter if letter == ' ' || letter.is_ascii_graphic() || letter.is_alphanumeric() => out.push(letter),
            letter if u32::from(letter) <= 0xff => out.push_str(&format!("\\x{:02x}", u32::from(letter))),
            letter => out.push_str(&format!("\\U{:08x}", u32::from(letter))),
        }
    }
    out.push('"');
    out
}
