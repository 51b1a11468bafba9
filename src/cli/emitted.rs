//! What stands in a root module, for `why`: each argument with its line, and the line of a document or of the platform file that it comes
//! from.

use serde::Serialize;
use std::path::{Path, PathBuf};
use terralet_core::paths::{normal, slashes};
use terralet_core::trace::{TracedFile, TracedRoot, ValueOrigin};
use terralet_core::why::{LayerValue, Provenance};
use terralet_host::output::Output;
use terralet_host::workspace::Workspace;

/// An argument of a root module.
#[derive(Debug, Serialize)]
pub(super) struct Emitted {
    /// Its names from the outside in, such as `module.customer_vpc.name`.
    key: String,
    /// Its value as it is printed.
    value: String,
    /// The generated file.
    file: String,
    /// Its line in it, from 1.
    line: usize,
    /// The lines that it takes.
    #[serde(skip)]
    end: usize,
    /// Where it comes from; nothing for what is terralet's own.
    from: Option<From>,
}

/// A line of a document or of the platform file.
#[derive(Debug, Serialize)]
struct From {
    file: String,
    line: usize,
    column: usize,
    key: Option<String>,
}

/// What people call an argument that has another name in the root.
const ALIASES: [(&str, &[&str]); 7] = [
    ("image", &["ami_id"]),
    ("ami", &["ami_id"]),
    ("account", &["allowed_account_ids", "assume_role"]),
    ("account_id", &["allowed_account_ids", "assume_role"]),
    ("subnets", &["public_subnets", "private_subnets", "database_subnets"]),
    ("zones", &["public_subnets", "private_subnets", "database_subnets"]),
    ("state", &["backend", "cloud"]),
];

impl Emitted {
    /// True for an answer to a key: a name of its path or several that stand side by side, or a word for it.
    pub(super) fn answers(&self, key: &str) -> bool {
        let aliases = ALIASES.iter().filter(|(alias, _)| *alias == key).flat_map(|(_, names)| *names);
        std::iter::once(&key).chain(aliases).any(|name| format!(".{}.", self.key.replace('[', ".")).contains(&format!(".{name}.")))
    }

    /// Its names, for suggestions.
    pub(super) fn name(&self) -> &str {
        self.key.rsplit_once('.').map_or(&self.key, |(_, name)| name)
    }

    /// True when it stands at a line of a file.
    pub(super) fn is_at(&self, file: &str, line: usize) -> bool {
        self.file == file && (self.line..self.end).contains(&line)
    }

    /// True when it comes from a value, or from an item of one that is a list.
    pub(super) fn is_of(&self, value: &Provenance) -> bool {
        let LayerValue { file, line, column, .. } = &value.winner;
        let is_place = |from: &From| *file == Some(from.file.clone()) && *line == Some(from.line) && *column == Some(from.column);
        let last = |key: &str| key.rsplit('.').next().map(str::to_owned);
        self.from.as_ref().is_some_and(is_place) || self.key.split_once('[').is_some_and(|(argument, _)| last(argument) == last(&value.key))
    }

    /// In the words of people, on lines of their own.
    pub(super) fn text(&self, short: impl Fn(&str) -> String) -> String {
        let from = match &self.from {
            Some(From { file, line, column, key }) => {
                let key = key.as_ref().map(|key| format!(" (`{key}`)")).unwrap_or_default();
                format!("from {file}:{line}:{column}{key}")
            }
            None => "made by terralet, from no line of a document".to_owned(),
        };
        format!("{} = {}\n    at {}:{}\n    {from}\n", self.key, short(&self.value), self.file, self.line)
    }
}

/// Every argument of a root, whose files are below a directory as it is shown.
pub(super) fn all(root: &TracedRoot, shown: &str) -> Vec<Emitted> {
    root.files.iter().flat_map(|file| of_file(file, shown)).collect()
}

fn of_file(file: &TracedFile, shown: &str) -> Vec<Emitted> {
    let lines: Vec<&str> = file.text.lines().collect();
    let emitted = |(path, range, origin): (&[String], std::ops::Range<usize>, Option<&ValueOrigin>)| {
        let text: Vec<&str> = lines.get(range.start.saturating_sub(1)..range.end.saturating_sub(1)).unwrap_or_default().to_vec();
        let text = text.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        let value = text.split_once(" = ").map_or(text.as_str(), |(_, value)| value).to_owned();
        let from = origin.map(|origin| {
            let source = &origin.location.file;
            let position = source.position(origin.location.start as usize);
            From { file: source.path.to_string(), line: position.line, column: position.column, key: origin.key.clone() }
        });
        let file = format!("{shown}/{}", file.name);
        Emitted { key: path.join(".").replace(".[", "["), value, file, line: range.start, end: range.end, from }
    };
    file.arguments().into_iter().map(emitted).collect()
}

/// A line of a generated file, as `why` takes it: `generated/acme/production/main.tf:12`, perhaps with a column behind.
#[derive(Debug)]
pub(super) struct Line {
    /// The root's directory below the output.
    pub(super) directory: String,
    /// The file's name.
    pub(super) name: String,
    /// From 1.
    pub(super) line: usize,
}

impl Line {
    /// Reads an address as a line of a file below the output; nothing where it is none.
    pub(super) fn read(address: &str, workspace: &Workspace, output: &Output) -> Option<Line> {
        let number = |text: &str| text.parse::<usize>().ok();
        let (path, last) = address.rsplit_once(':')?;
        let last = number(last)?;
        let (path, line) = match path.rsplit_once(':').and_then(|(path, line)| Some((path, number(line)?))) {
            Some((path, line)) => (path, line),
            None => (path, last),
        };
        let bases: [&Path; 3] = [&workspace.start, &workspace.root, &output.root];
        let ways = bases.map(|base| normal(&base.join(path)));
        let below = |way: &PathBuf| way.is_file().then(|| way.strip_prefix(&output.root).ok().map(Path::to_owned)).flatten();
        let file =
            ways.iter().find_map(below).or_else(|| ways.iter().find_map(|way| way.strip_prefix(&output.root).ok().map(Path::to_owned)))?;
        let name = file.file_name()?.to_string_lossy().into_owned();
        Some(Line { directory: slashes(file.parent()?), name, line })
    }
}
