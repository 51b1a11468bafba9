//! What each shared module takes, as its `variables.tf` says.

use std::collections::BTreeMap;

/// The shared modules' interfaces, by module name (`customer-vpc`).
#[derive(Clone, Debug, Default)]
pub struct Interfaces {
    /// The modules; one that is absent could not be read, as a remote one.
    pub modules: BTreeMap<&'static str, Interface>,
}

/// What one module takes.
#[derive(Clone, Debug, Default)]
pub struct Interface {
    /// Its inputs, by name.
    pub inputs: BTreeMap<String, Input>,
}

/// One input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// True when it has no default.
    pub required: bool,
}

impl Interfaces {
    /// True when a module takes an input. A module of which nothing is known is taken to have it: Terraform will say.
    pub fn takes(&self, module: &str, input: &str) -> bool {
        self.modules.get(module).is_none_or(|interface| interface.inputs.contains_key(input))
    }
}
