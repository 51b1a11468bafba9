//! What each shared module takes and gives, as the rules and `assemble` ask for it.

use crate::modules::{Interface, NAMES, built_in, read_interface};
use std::collections::BTreeMap;

/// The interfaces of the shared modules.
#[derive(Debug, Clone, Default)]
pub struct Interfaces {
    /// By module: `customer-vpc` and so on.
    pub modules: BTreeMap<&'static str, Interface>,
}

impl Interfaces {
    /// The interfaces of the built-in modules.
    pub fn built_in() -> Self {
        let read = |name: &'static str| read_interface(&built_in("aws", name)).ok().map(|interface| (name, interface));
        Interfaces { modules: NAMES.into_iter().filter_map(read).collect() }
    }

    /// True when a module has an input of this name.
    pub fn takes(&self, module: &str, input: &str) -> bool {
        self.modules.get(module).is_some_and(|interface| interface.variables.contains_key(input))
    }

    /// True when a module has an output of this name.
    pub fn gives(&self, module: &str, output: &str) -> bool {
        self.modules.get(module).is_some_and(|interface| interface.outputs.contains_key(output))
    }

    /// True when a module's output is sensitive, so that the root's must be.
    pub fn is_sensitive(&self, module: &str, output: &str) -> bool {
        self.modules.get(module).and_then(|interface| interface.outputs.get(output)).copied().unwrap_or(false)
    }
}
