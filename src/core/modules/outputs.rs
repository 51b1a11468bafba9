//! What the rows of modules' outputs are made of.

use smol_str::{SmolStr, format_smolstr};

/// A reference, part by part.
pub type Reference = &'static [&'static str];

/// An output of a shared module. `output!` makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct OutputRow {
    /// Its name.
    pub name: &'static str,
    /// The label of its module's call.
    pub block: &'static str,
    /// The inputs without any of which a root does not give it: those of an output that came after version 0.1, so that roots that stand keep
    /// theirs. Without inputs, each root gives it.
    pub only_with: &'static [&'static str],
    /// The reference to it in the root that calls the module.
    pub own: Reference,
    /// The reference to it in a service's root, whose shared root calls the module.
    pub shared: Reference,
}

/// The name of an entry as it stands in labels and names of outputs.
pub(super) fn in_identifiers(entry: &str) -> String {
    entry.replace('-', "_")
}

impl OutputRow {
    /// The name that a root gives the output by: it starts with the entry's, where an entry makes the call.
    pub fn name_of(&self, entry: &str) -> SmolStr {
        format_smolstr!("{}_{}", in_identifiers(entry), self.name)
    }

    /// The same of an output that only a call with one of these inputs gives.
    pub(crate) const fn only_with(self, inputs: &'static [&'static str]) -> OutputRow {
        OutputRow { only_with: inputs, ..self }
    }
}

/// The row of a module's output, by the label of its call and its name.
macro_rules! output {
    ($block:literal, $name:literal) => {
        $crate::modules::OutputRow {
            name: $name,
            block: $block,
            only_with: &[],
            own: &["module", $block, $name],
            shared: &["data", "terraform_remote_state", "shared", "outputs", $name],
        }
    };
}
pub(crate) use output;
