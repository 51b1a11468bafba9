//! A root with the place that each of its lines comes from.

use super::Origins;
use crate::diff;
use crate::emit::root_with_places;
use crate::source::{Location, SourceMap, Span};
use crate::terraform::RootModule;
use std::ops::Range;

/// A root as the documents make it now.
#[derive(Debug)]
pub struct TracedRoot {
    /// The root.
    pub module: RootModule,
    /// What to point at for the whole.
    pub place: Option<Location>,
    /// Its files.
    pub files: Vec<TracedFile>,
}

/// A file of a root.
#[derive(Debug)]
pub struct TracedFile {
    /// Its name.
    pub name: &'static str,
    /// Its text as it would be written.
    pub text: String,
    /// What it holds; what is inside another comes before it.
    items: Vec<Item>,
}

#[derive(Debug)]
struct Item {
    lines: Range<usize>,
    path: Vec<String>,
    origin: Option<ValueOrigin>,
}

/// A place that something comes from.
#[derive(Debug, Clone)]
pub struct ValueOrigin {
    /// The place.
    pub location: Location,
    /// The key's path in its document.
    pub key: Option<String>,
}

/// What stands at a generated line, and where it comes from.
#[derive(Debug, Clone)]
pub struct Mapped {
    /// In the words of messages: `` `vpc_cidr` of `module.customer_vpc` ``.
    pub what: String,
    /// The place.
    pub origin: ValueOrigin,
}

/// The call that leads to a module's directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalledFrom {
    /// The label of its block in the root.
    pub block: String,
    /// True for a module that the called one calls in turn: its variables are not the root's arguments.
    pub is_nested: bool,
}

impl TracedRoot {
    /// Finds out where everything in a root comes from.
    pub fn new(origins: &Origins<'_>, sources: &SourceMap, key_at: impl Fn(Span) -> Option<String>) -> TracedRoot {
        let origin = |path: &[String]| {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let span = origins.of(&path)?;
            Some(ValueOrigin { location: sources.locate(sources.first_line(span))?, key: key_at(span) })
        };
        let files = root_with_places(origins.root).into_iter().map(|file| {
            let items = file.printed.into_iter().map(|item| Item { origin: origin(&item.path), lines: item.lines, path: item.path });
            TracedFile { name: file.name, text: file.text, items: items.collect() }
        });
        TracedRoot { module: origins.root.clone(), place: sources.locate(origins.deployment.place), files: files.collect() }
    }

    /// A file by its name.
    pub fn file(&self, name: &str) -> Option<&TracedFile> {
        self.files.iter().find(|file| file.name == name)
    }

    /// A module call, by the label of its block.
    pub fn call(&self, block: &str) -> Option<Mapped> {
        self.at_path(&["module", block])
    }

    /// An argument of a module call.
    pub fn argument(&self, block: &str, argument: &str) -> Option<Mapped> {
        self.at_path(&["module", block, argument])
    }

    /// Something by its path: the block's words, then the argument.
    pub fn at_path(&self, path: &[&str]) -> Option<Mapped> {
        self.files.iter().flat_map(|file| &file.items).find(|item| item.path == path).and_then(Item::mapped)
    }

    /// The call whose module is in a directory, given relative to the root's; `named` is the label of the call, where it is known.
    pub fn call_of_directory(&self, directory: &str, named: Option<&str>) -> Option<CalledFrom> {
        let inside = |source: &str| directory.strip_prefix(source).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let local = self.module.calls.iter().filter(|call| call.source.starts_with('.'));
        let local: Vec<_> = local.filter_map(|call| Some((call, inside(call.source.trim_end_matches('/'))?))).collect();
        let found = match local.as_slice() {
            [] => None,
            [only] => Some(only),
            // Each named database calls one module: without its name nobody knows which it is.
            several => Some(several.iter().find(|(call, _)| named == Some(&*call.label))?),
        };
        if let Some((call, rest)) = found {
            return Some(CalledFrom { block: call.label.to_string(), is_nested: !rest.is_empty() });
        }
        // Terraform puts what it fetches into a directory that is named after the call, and after calls inside that behind a dot. What is
        // below may be the module itself, which its repository has in a directory of its own.
        let fetched = directory.strip_prefix(".terraform/modules/")?.split('/').next()?;
        let (block, is_nested) = fetched.split_once('.').map_or((fetched, false), |(block, _)| (block, true));
        let call = self.module.calls.iter().find(|call| call.label == block)?;
        Some(CalledFrom { block: call.label.to_string(), is_nested })
    }
}

impl TracedFile {
    /// Where a line comes from: the innermost thing that stands there and has a place.
    pub fn at(&self, line: usize) -> Option<Mapped> {
        self.items.iter().filter(|item| item.lines.contains(&line)).find_map(Item::mapped)
    }

    /// Every argument that it prints, each once and in order: its path, its lines, and where it comes from.
    pub fn arguments(&self) -> Vec<(&[String], Range<usize>, Option<&ValueOrigin>)> {
        let holds_others =
            |item: &Item| self.items.iter().any(|other| other.path.len() > item.path.len() && other.path.starts_with(&item.path));
        let leaves = self.items.iter().filter(|item| !holds_others(item));
        let mut found: Vec<_> = leaves.map(|item| (item.path.as_slice(), item.lines.clone(), item.origin.as_ref())).collect();
        found.sort_by_key(|(_, lines, _)| lines.start);
        found
    }

    /// The line of this text that a line of another version of the file is, when it stands in both.
    pub fn line_of(&self, other: &str, line: usize) -> Option<usize> {
        diff::line_in(&self.text, other, line)
    }
}

impl Item {
    fn mapped(&self) -> Option<Mapped> {
        Some(Mapped { what: what(&self.path), origin: self.origin.clone()? })
    }
}

/// Names with dots between; an item of a list stands right behind it: `volumes[0].name`.
fn joined(names: &[&str]) -> String {
    names.join(".").replace(".[", "[")
}

/// A path in the words of messages.
fn what(path: &[String]) -> String {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["module", block] => format!("`module.{block}`"),
        ["module", block, rest @ ..] => format!("`{}` of `module.{block}`", joined(rest)),
        ["provider", _] => "the provider".to_owned(),
        ["provider", _, rest @ ..] => format!("`{}` of the provider", joined(rest)),
        ["terraform", "backend", _] | ["terraform", "cloud"] => "the backend".to_owned(),
        ["terraform", "backend", _, rest @ ..] | ["terraform", "cloud", rest @ ..] => format!("`{}` of the backend", joined(rest)),
        ["terraform", rest @ ..] => format!("`{}`", joined(rest)),
        ["data", kind, name] => format!("`data.{kind}.{name}`"),
        ["data", kind, name, rest @ ..] => format!("`{}` of `data.{kind}.{name}`", joined(rest)),
        ["output", name, ..] => format!("the output `{name}`"),
        other => format!("`{}`", joined(other)),
    }
}
