//! What each shared module takes and gives, as the rules and `assemble` ask for it.

use crate::clouds::{CLOUDS, built_in_interface};
use crate::modules::{Interface, Variable, VariableType};
use crate::platform::ModuleInputs;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// The interfaces of the shared modules.
#[derive(Debug, Clone, Default)]
pub struct Interfaces {
    /// By module: `customer-vpc` and so on.
    pub modules: BTreeMap<&'static str, Interface>,
    /// Module and input: those of which each value has to be looked at, since it is not of every value that the type can be said to take it.
    pub by_value: BTreeSet<(&'static str, &'static str)>,
}

impl Interfaces {
    /// The interfaces of the built-in modules.
    pub fn built_in() -> Self {
        let all = CLOUDS.iter().flat_map(|cloud| cloud.facts().modules.iter().map(move |module| (*cloud, module.name)));
        let read = |(cloud, module)| (module, built_in_interface(cloud, module));
        Interfaces { modules: all.map(read).collect(), by_value: BTreeSet::new() }
    }

    /// The interfaces of an exported platform: its inputs, with the outputs of the built-in modules.
    pub fn of_inputs(inputs: &ModuleInputs) -> Self {
        let mut interfaces = Self::built_in();
        for (module, interface) in &mut interfaces.modules {
            let Some(inputs) = inputs.get(*module) else { continue };
            let variable = |(name, required): (&SmolStr, &bool)| {
                (name.to_string(), Variable { required: *required, nullable: true, kind: VariableType::Any, place: None })
            };
            interface.variables = inputs.iter().map(variable).collect();
        }
        interfaces
    }

    /// The inputs of each module, and whether each is required.
    pub fn inputs(&self) -> ModuleInputs {
        let of =
            |interface: &Interface| interface.variables.iter().map(|(name, variable)| (SmolStr::new(name), variable.required)).collect();
        self.modules.iter().map(|(module, interface)| (SmolStr::new_static(module), of(interface))).collect()
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
