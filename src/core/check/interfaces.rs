//! What each shared module takes and gives, as the rules and `assemble` ask for it.

use crate::clouds::{built_in_interface, default_cloud, modules};
use crate::modules::{Interface, ModuleId, ModuleRow, Variable, VariableType};
use crate::platform::ModuleInputs;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// The interfaces of the shared modules.
#[derive(Debug, Clone, Default)]
pub struct Interfaces {
    /// By cloud and module.
    pub modules: BTreeMap<ModuleId, Interface>,
    /// Module and input: those of which each value has to be looked at, since it is not of every value that the type can be said to take it.
    pub by_value: BTreeSet<(ModuleId, &'static str)>,
}

impl Interfaces {
    /// The interfaces of the built-in modules.
    pub fn built_in() -> Self {
        let read = |module: &'static ModuleRow| (module.id(), built_in_interface(module));
        Interfaces { modules: modules().map(read).collect(), by_value: BTreeSet::new() }
    }

    /// The interfaces of modules that are not read, which are taken to be those of version 0.1, with what the platform says beyond it: module
    /// and input.
    pub fn of_first_version(provides: &BTreeSet<(&'static str, &'static str)>) -> Self {
        let mut interfaces = Self::built_in();
        for module in modules() {
            if module.newer && !provides.iter().any(|(name, _)| *name == module.name) {
                interfaces.modules.remove(&module.id());
            }
            let Some(interface) = interfaces.modules.get_mut(&module.id()) else { continue };
            // A module that is named at all has what is always passed to it.
            let is_there = |name: &str| module.input(name).is_none_or(|row| !row.newer || provides.contains(&(module.name, row.name)));
            interface.variables.retain(|name, _| is_there(name));
        }
        interfaces
    }

    /// The interfaces of an exported platform, which has the modules of the default cloud: its inputs, with the outputs of the built-in modules.
    pub fn of_inputs(inputs: &ModuleInputs) -> Self {
        let mut interfaces = Self::built_in();
        let exported = default_cloud().facts().name;
        // One that came later may not be there.
        interfaces.modules.retain(|id, _| inputs.contains_key(id.1) || !modules().any(|module| module.id() == *id && module.newer));
        for ((_, module), interface) in interfaces.modules.iter_mut().filter(|((cloud, _), _)| *cloud == exported) {
            let Some(inputs) = inputs.get(*module) else { continue };
            let variable = |(name, required): (&SmolStr, &bool)| {
                (name.to_string(), Variable { required: *required, nullable: true, kind: VariableType::Any, place: None })
            };
            interface.variables = inputs.iter().map(variable).collect();
        }
        interfaces
    }

    /// The interface of a module.
    pub fn of(&self, module: &ModuleRow) -> Option<&Interface> {
        self.modules.get(&module.id())
    }

    /// The inputs of each module of the default cloud, and whether each is required.
    pub fn inputs(&self) -> ModuleInputs {
        let of =
            |interface: &Interface| interface.variables.iter().map(|(name, variable)| (SmolStr::new(name), variable.required)).collect();
        let exported = default_cloud().facts().modules.iter();
        exported.filter_map(|module| Some((SmolStr::new_static(module.name), of(self.of(module)?)))).collect()
    }

    /// True when a module has an input of this name.
    pub fn takes(&self, module: &ModuleRow, input: &str) -> bool {
        self.of(module).is_some_and(|interface| interface.variables.contains_key(input))
    }

    /// True when a module has an output of this name.
    pub fn gives(&self, module: &ModuleRow, output: &str) -> bool {
        self.of(module).is_some_and(|interface| interface.outputs.contains_key(output))
    }

    /// True when a module's output is sensitive, so that the root's must be.
    pub fn is_sensitive(&self, module: &ModuleRow, output: &str) -> bool {
        self.of(module).and_then(|interface| interface.outputs.get(output)).copied().unwrap_or(false)
    }
}
