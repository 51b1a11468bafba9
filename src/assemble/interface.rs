//! What a provider's own shared modules lack or ask for that a module call cannot do without.

use super::calls::{DATABASE_OUTPUTS, INPUTS, OPTIONAL, Reference, VPC_OUTPUTS};
use crate::check::Interfaces;

/// A module that cannot be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceProblem {
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: String,
}

/// Everything that keeps the shared modules from being called.
pub fn interface_problems(interfaces: &Interfaces) -> Vec<InterfaceProblem> {
    let mut problems = Vec::new();
    for (module, inputs) in INPUTS {
        let Some(interface) = interfaces.modules.get(module) else { continue };
        for input in inputs.iter().filter(|input| !OPTIONAL.contains(input) && !interface.variables.contains_key(**input)) {
            problems.push(InterfaceProblem {
                message: format!("the shared module `{module}` has no input `{input}`"),
                help: format!("declare `variable \"{input}\"` in its `variables.tf`; docs/platform.md lists what is passed"),
            });
        }
        for (name, variable) in interface.variables.iter().filter(|(name, variable)| variable.required && !inputs.contains(&name.as_str()))
        {
            problems.push(InterfaceProblem {
                message: format!("the shared module `{module}` requires the input `{name}`, which nothing passes"),
                help: format!("give `variable \"{name}\"` in `{}` a default; docs/platform.md lists what is passed", variable.file),
            });
        }
    }
    // What other modules and service roots read.
    let needed: [(&str, &[Reference]); 2] =
        [("customer-vpc", VPC_OUTPUTS), ("customer-database", DATABASE_OUTPUTS.get(2..).unwrap_or(&[]))];
    for (module, outputs) in needed {
        for output in outputs.iter().filter_map(|reference| reference.last()).filter(|output| !interfaces.gives(module, output)) {
            problems.push(InterfaceProblem {
                message: format!("the shared module `{module}` has no output `{output}`"),
                help: format!("declare `output \"{output}\"` in it: other modules and service roots read it"),
            });
        }
    }
    problems
}
