//! What a module takes and gives, read from its `variable` and `output` blocks.

use super::fit::{Fit, Given};
use super::types::{VariableType, read_type};
use super::validation::Validation;
use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use std::collections::BTreeMap;
use std::ops::Range;

/// What a module takes and gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interface {
    /// Its inputs, by name.
    pub variables: BTreeMap<String, Variable>,
    /// Its outputs, by name, and whether each is sensitive.
    pub outputs: BTreeMap<String, bool>,
}

/// An input of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// True when it has no default.
    pub required: bool,
    /// False with `nullable = false`: null is then the default, where there is one.
    pub nullable: bool,
    /// Its type.
    pub kind: VariableType,
    /// The place of its type, else of its name; nothing for an input that was not read from a file.
    pub place: Option<FilePlace>,
    /// Its `validation` blocks.
    pub validations: Vec<Validation>,
}

/// A place in one of a module's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlace {
    /// The file's name in the module.
    pub file: String,
    /// Bytes of the file.
    pub bytes: Range<usize>,
    /// The line of the first byte, from 1.
    pub line: usize,
}

/// What of a module cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// Where.
    pub place: FilePlace,
    /// What is wrong.
    pub message: String,
    /// True when the file as a whole is not HCL, so that nothing is known of what it declares.
    pub is_whole_file: bool,
}

/// Reads the interface of a module from its `.tf` files, given as name and text, and everything in them that cannot be read. An input
/// whose type cannot be read is taken to take anything.
pub fn read_interface(files: &[(String, String)]) -> (Interface, Vec<FileProblem>) {
    let mut interface = Interface::default();
    let mut problems = Vec::new();
    // Override files are merged over what the others declare ("Override Files" in Terraform's language documentation).
    let (overrides, declarations): (Vec<_>, Vec<_>) = files.iter().partition(|(name, _)| is_override(name));
    for (name, text) in declarations.into_iter().chain(overrides) {
        let line_ends = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        let file = ModuleFile { name, text, line_ends };
        match file.body() {
            Ok(body) => body.blocks().for_each(|block| file.declaration(block, &mut interface, &mut problems)),
            Err(problem) => problems.push(problem),
        }
    }
    (interface, problems)
}

fn is_override(name: &str) -> bool {
    name.strip_suffix(".tf").is_some_and(|stem| stem == "override" || stem.ends_with("_override"))
}

struct ModuleFile<'f> {
    name: &'f str,
    text: &'f str,
    /// The places of its line ends.
    line_ends: Vec<usize>,
}

impl ModuleFile<'_> {
    fn body(&self) -> Result<Body, FileProblem> {
        // The parser takes no byte order mark; Terraform does.
        self.text.strip_prefix('\u{feff}').unwrap_or(self.text).parse().map_err(|error: hcl_edit::parser::Error| {
            let at = error.location().offset();
            FileProblem { place: self.place(at..at), message: error.message().to_owned(), is_whole_file: true }
        })
    }

    /// A place from a range of what was parsed.
    fn place(&self, parsed: Range<usize>) -> FilePlace {
        let skipped = self.text.len() - self.text.strip_prefix('\u{feff}').unwrap_or(self.text).len();
        let bytes = parsed.start + skipped..parsed.end + skipped;
        let line = self.line_ends.partition_point(|end| *end < bytes.start) + 1;
        FilePlace { file: self.name.to_owned(), bytes, line }
    }

    fn declaration(&self, block: &Block, interface: &mut Interface, problems: &mut Vec<FileProblem>) {
        let Some(label) = block.labels.first() else { return };
        let name = label.as_str().to_owned();
        match block.ident.as_str() {
            "variable" => {
                let place = self.place(label.span().unwrap_or_default());
                self.once(interface.variables.contains_key(&name), "variable", &name, &place, problems);
                let validations = self.validations(&name, block);
                if let (Some(first), true) = (validations.first(), is_override(self.name)) {
                    let message = "override files cannot override `validation` blocks".to_owned();
                    problems.push(FileProblem { place: first.place.clone(), message, is_whole_file: false });
                }
                let known = interface.variables.entry(name).or_insert(Variable { place: Some(place), ..Variable::of_any(true) });
                known.validations.extend(validations);
                known.required &= attribute(block, "default").is_none();
                if let Some(nullable) = attribute(block, "nullable").and_then(Expression::as_bool) {
                    known.nullable = nullable;
                }
                if let Some(written) = attribute(block, "type") {
                    known.place = Some(self.place(written.span().unwrap_or_default()));
                    match read_type(written) {
                        Ok(kind) => known.kind = kind,
                        Err(problem) => {
                            let place = self.place(problem.span);
                            problems.push(FileProblem { place, message: problem.message, is_whole_file: false });
                        }
                    }
                }
            }
            "output" => {
                let place = self.place(label.span().unwrap_or_default());
                self.once(interface.outputs.contains_key(&name), "output", &name, &place, problems);
                let sensitive = attribute(block, "sensitive").is_some_and(|value| value.as_bool() == Some(true));
                *interface.outputs.entry(name).or_default() |= sensitive;
            }
            _ => {}
        }
    }
}

impl ModuleFile<'_> {
    /// The `validation` blocks of a variable.
    fn validations(&self, variable: &str, block: &Block) -> Vec<Validation> {
        let blocks = block.body.get_blocks("validation");
        let of = blocks.filter_map(|block| {
            let condition = attribute(block, "condition")?;
            let place = self.place(condition.span().unwrap_or_default());
            let written = self.text.get(place.bytes.clone()).unwrap_or_default();
            Some(Validation::new(variable, condition, written, attribute(block, "error_message"), place))
        });
        of.collect()
    }

    /// Reports a second declaration of one name, which only an override file may have.
    fn once(&self, is_known: bool, what: &str, name: &str, place: &FilePlace, problems: &mut Vec<FileProblem>) {
        if is_known && !is_override(self.name) {
            let message = format!("the {what} `{name}` is declared twice");
            problems.push(FileProblem { place: place.clone(), message, is_whole_file: false });
        }
    }
}

fn attribute<'b>(block: &'b Block, name: &str) -> Option<&'b Expression> {
    block.body.get_attribute(name).map(|attribute| &attribute.value)
}

impl Variable {
    /// One that takes anything.
    pub fn of_any(required: bool) -> Variable {
        Variable { required, nullable: true, kind: VariableType::Any, place: None, validations: Vec::new() }
    }

    /// The one that a `variable` block of this name declares; nothing for other text.
    pub fn declared(name: &str, block: &str) -> Option<Variable> {
        let (mut interface, problems) = read_interface(&[(name.to_owned(), block.to_owned())]);
        interface.variables.remove(name).filter(|_| problems.is_empty() && interface.variables.is_empty())
    }

    /// Its block, with `null` for whatever default it has, and the rules that can be judged and have no comment in them.
    pub fn declaration(&self, name: &str) -> String {
        // Rules count with the defaults of attributes; a type alone says as much without.
        let rules: Vec<String> = self.judged().filter(|_| self.kind.is_known()).filter_map(Validation::block).collect();
        let kind = if rules.is_empty() { self.kind.to_string() } else { self.kind.with_defaults() };
        let mut text = format!("variable \"{name}\" {{\n  type = {kind}\n");
        if !self.required {
            text.push_str("  default = null\n");
        }
        if !self.nullable {
            text.push_str("  nullable = false\n");
        }
        text + &rules.concat() + "}\n"
    }

    /// Whether Terraform takes a value for this input, without its `validation` blocks.
    pub fn takes(&self, given: &Given) -> Fit {
        match given {
            Given::Null if !self.nullable && self.required => {
                Fit::Never("null is passed, which it does not accept, and it has no default".to_owned())
            }
            given => self.kind.takes(given),
        }
    }
}
