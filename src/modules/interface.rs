//! What a module takes and gives, read from its `variable` and `output` blocks.

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body, Structure};
use std::collections::BTreeMap;

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
    /// Its type as written, such as `list(string)`; nothing when the module takes anything.
    pub kind: Option<String>,
    /// Its file.
    pub file: String,
    /// Where its block starts in the file, in bytes.
    pub offset: usize,
}

/// A module's file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceProblem {
    /// The file.
    pub file: String,
    /// What the parser says.
    pub message: String,
}

/// Reads the interface of a module from its `.tf` files, given as name and text.
pub fn read_interface(files: &[(String, String)]) -> Result<Interface, InterfaceProblem> {
    let mut interface = Interface::default();
    for (name, text) in files {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let body: Body =
            text.parse().map_err(|error: hcl_edit::parser::Error| InterfaceProblem { file: name.clone(), message: error.to_string() })?;
        for structure in &body {
            let Structure::Block(block) = structure else { continue };
            let Some(label) = block.labels.first().map(|label| label.as_str().to_owned()) else { continue };
            match block.ident.as_str() {
                "variable" => {
                    let variable = variable(block, name, text);
                    interface.variables.insert(label, variable);
                }
                "output" => {
                    let sensitive = attribute(block, "sensitive").is_some_and(|value| value.as_bool() == Some(true));
                    interface.outputs.insert(label, sensitive);
                }
                _ => {}
            }
        }
    }
    Ok(interface)
}

fn attribute<'b>(block: &'b Block, name: &str) -> Option<&'b Expression> {
    block.body.get_attribute(name).map(|attribute| &attribute.value)
}

fn variable(block: &Block, file: &str, text: &str) -> Variable {
    let kind = attribute(block, "type").and_then(|value| value.span()).and_then(|span| text.get(span)).map(|kind| kind.trim().to_owned());
    Variable {
        required: attribute(block, "default").is_none(),
        kind: kind.filter(|kind| kind != "any"),
        file: file.to_owned(),
        offset: block.span().map_or(0, |span| span.start),
    }
}
