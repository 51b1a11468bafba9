//! Faults that only Terraform finds, each with the line that it is about. What a document may say is checked by terralet itself, so the faults are
//! put where terralet does not look: into what the shared modules take and do, and into arguments of the backend.
//!
//! `tests/terraform` has real Terraform find each of them over `fixtures/trace` and compares what it says with the recording next to the fixture;
//! `tests/cli/trace.rs` has `terralet trace` report the recordings, with no Terraform.

#![allow(dead_code, reason = "each of the two tests uses a part of this")]

mod table;

use std::path::Path;

pub(crate) use table::FAULTS;

/// The workspace, below the package.
pub(crate) const WORKSPACE: &str = "fixtures/trace";

/// Where what Terraform said of each fault is kept, below the package.
pub(crate) const RECORDED: &str = "fixtures/trace/recorded";

/// A fault.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) mistake: Mistake,
    /// The root that Terraform runs in, below the output.
    pub(crate) root: &'static str,
    pub(crate) command: Command,
    /// Part of what Terraform says.
    pub(crate) said: &'static str,
    /// The line that `trace` is to name: a file below the workspace, and text that stands in it once; nothing where it can name none.
    pub(crate) reported: Option<(&'static str, &'static str)>,
    /// The key at that place, where it stands in a customer's document.
    pub(crate) key: Option<&'static str>,
    /// How the file that Terraform names ends; empty where it names none.
    pub(crate) found: &'static str,
}

/// What is wrong.
pub(crate) enum Mistake {
    /// An input of a module takes no value at all.
    Refused(&'static str, &'static str),
    /// An input of a module has another type.
    Type(&'static str, &'static str, &'static str),
    /// Text of a file below the package that stands there once is another.
    Text { file: &'static str, from: &'static str, to: &'static str },
    /// Nothing: what Terraform needs is not there.
    Nothing,
}

/// What an injection makes of a text; nothing where it does not fit.
type Change = Box<dyn Fn(&str) -> Option<String>>;

/// What is run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    /// `init -json`, whose output is a stream of lines.
    Init,
    /// `validate -json`, whose output is one document.
    Validate,
    /// `plan -json`, a stream again.
    Plan,
}

impl Command {
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        match self {
            Command::Init => &["init", "-json", "-reconfigure"],
            Command::Validate => &["validate", "-json"],
            Command::Plan => &["plan", "-json", "-lock=false"],
        }
    }
}

impl Fault {
    /// True when the fault is in what terralet compiles, so that the tree has to be made again.
    pub(crate) fn is_compiled(&self) -> bool {
        matches!(&self.mistake, Mistake::Text { file, .. } if file.starts_with(WORKSPACE))
    }

    /// The file and line that `trace` is to name, in a copy of the workspace.
    pub(crate) fn place(&self, workspace: &Path) -> Result<Option<(&'static str, usize)>, String> {
        let Some((file, text)) = self.reported else { return Ok(None) };
        let whole = std::fs::read_to_string(workspace.join(file)).map_err(|error| format!("{file}: {error}"))?;
        line_of(&whole, text).map(|line| Some((file, line))).ok_or_else(|| format!("`{text}` is to stand once in {file}"))
    }

    /// Puts the fault into a copy of the package; gives the file and its text before.
    pub(crate) fn inject(&self, package: &Path) -> Result<Option<(std::path::PathBuf, String)>, String> {
        let (file, change): (String, Change) = match self.mistake {
            Mistake::Refused(module, input) => (variables(module), Box::new(move |text| refused(text, input))),
            Mistake::Type(module, input, kind) => (variables(module), Box::new(move |text| typed(text, input, kind))),
            Mistake::Text { file, from, to } => {
                (file.to_owned(), Box::new(move |text| (text.matches(from).count() == 1).then(|| text.replace(from, to))))
            }
            Mistake::Nothing => return Ok(None),
        };
        let path = package.join(file);
        let failed = |error: &dyn std::fmt::Display| format!("{}: {}: {error}", self.name, path.display());
        let before = std::fs::read_to_string(&path).map_err(|error| failed(&error))?;
        let after = change(&before).ok_or_else(|| failed(&"what is to be changed does not stand there once"))?;
        std::fs::write(&path, after).map_err(|error| failed(&error))?;
        Ok(Some((path, before)))
    }
}

/// The line of a text that stands in another once, from 1; newlines before it distinguish several of the same words.
pub(crate) fn line_of(whole: &str, text: &str) -> Option<usize> {
    let before = whole.split_once(text).filter(|(_, behind)| !behind.contains(text))?.0;
    Some(before.matches('\n').count() + 1 + text.len() - text.trim_start_matches('\n').len())
}

fn variables(module: &str) -> String {
    format!("modules/aws/{module}/variables.tf")
}

/// The block of an input: what is before it, the block, and what is behind.
fn block<'t>(text: &'t str, input: &str) -> Option<(&'t str, &'t str, &'t str)> {
    let start = text.find(&format!("variable \"{input}\" {{\n"))?;
    let (before, rest) = text.split_at(start);
    let (block, behind) = rest.split_at(rest.find("\n}\n")? + 3);
    Some((before, block, behind))
}

fn refused(text: &str, input: &str) -> Option<String> {
    let (before, block, behind) = block(text, input)?;
    let block = block.strip_suffix("}\n")?;
    let refusal = format!(
        "\n  validation {{\n    condition     = jsonencode(var.{input}) == \"none\"\n    error_message = \"This module does not take that {input}.\"\n  }}\n}}\n"
    );
    Some(format!("{before}{block}{refusal}{behind}"))
}

/// Another type; a default of the old one goes, since Terraform would stop at it.
fn typed(text: &str, input: &str, kind: &str) -> Option<String> {
    let (before, block, behind) = block(text, input)?;
    let lines = block.lines().filter(|line| !line.starts_with("  default "));
    let changed: Vec<String> =
        lines.map(|line| if line.starts_with("  type ") { format!("  type        = {kind}") } else { line.to_owned() }).collect();
    Some(format!("{before}{}\n{behind}", changed.join("\n")))
}
