//! What each shared module takes and gives, as the rules and `assemble` ask for it.

use crate::clouds::{CLOUDS, CloudFacts, built_in_interface, default_cloud, modules, newer_outputs};
use crate::modules::{InputRow, Interface, ModuleId, ModuleRow, SectionKey, Validation, Variable};
use crate::platform::ModuleInputs;
use crate::schema::SECTIONS;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// The interfaces of the shared modules.
#[derive(Debug, Clone, Default)]
pub struct Interfaces {
    modules: BTreeMap<ModuleId, Interface>,
    /// Module and input: those of which each value has to be looked at, since it is not of every value that the type can be said to take it.
    pub by_value: BTreeSet<(ModuleId, &'static str)>,
    /// Found on the first question.
    asked: OnceLock<Asked>,
}

/// What is asked for every customer.
#[derive(Debug, Clone)]
struct Asked {
    /// By cloud, for each key of the language in the order of its table.
    takers: BTreeMap<&'static str, Vec<Option<KeyTaker>>>,
    /// What the rules ask of each module.
    modules: BTreeMap<ModuleId, Mismatches>,
}

/// Where what the language's rows say of a module and the interface of the platform's differ.
#[derive(Debug, Clone, Default)]
pub struct Mismatches {
    /// The inputs that it lacks: all of them where there is no such module.
    pub lacking: Vec<&'static InputRow>,
    /// The inputs that it requires, and whose keys a customer may leave out.
    pub required: Vec<(&'static InputRow, SectionKey)>,
    /// The inputs that it requires, and that are not passed next to a key.
    pub not_passed: Vec<(&'static InputRow, SectionKey)>,
}

impl Mismatches {
    fn of(module: &'static ModuleRow, interfaces: &Interfaces) -> Mismatches {
        let rows = || module.inputs.iter();
        let variables = interfaces.of(module).map(|interface| &interface.variables);
        let variable = |row: &InputRow| variables.and_then(|all| all.get(row.name));
        let required = || rows().filter(|row| variable(row).is_some_and(|variable| variable.required));
        Mismatches {
            lacking: rows().filter(|row| variable(row).is_none()).collect(),
            required: required().filter_map(|row| Some((row, row.source.optional_key()?))).collect(),
            not_passed: required().filter_map(|row| Some((row, row.without?))).collect(),
        }
    }
}

/// The module that a key is for.
#[derive(Debug, Clone, Copy)]
pub struct KeyTaker {
    /// Its row.
    pub module: &'static ModuleRow,
    /// The row of the input that the key reaches first.
    pub input: &'static InputRow,
    /// False where the platform's module lacks the input.
    pub takes: bool,
}

impl Asked {
    fn of(interfaces: &Interfaces) -> Asked {
        let keys = || SECTIONS.iter().flat_map(|section| section.keys.iter().map(|key| (section.name, key.name)));
        let taker = |facts: &CloudFacts, key: (&str, &str)| {
            facts.taken_by(key).map(|(module, input)| KeyTaker { module, input, takes: interfaces.takes(module, input.name) })
        };
        let of_cloud = |facts: &'static CloudFacts| (facts.name, keys().map(|key| taker(facts, key)).collect());
        let (mut takers, mut mismatches) = (BTreeMap::new(), BTreeMap::new());
        takers.extend(CLOUDS.iter().map(|cloud| of_cloud(cloud.facts())));
        mismatches.extend(modules().map(|module| (module.id(), Mismatches::of(module, interfaces))));
        Asked { takers, modules: mismatches }
    }
}

impl Interfaces {
    /// The interfaces of these modules.
    pub fn new(modules: BTreeMap<ModuleId, Interface>) -> Self {
        Interfaces { modules, ..Interfaces::default() }
    }

    /// The same, with the inputs of which each value has to be looked at.
    pub fn with_inputs_by_value(self, by_value: BTreeSet<(ModuleId, &'static str)>) -> Self {
        Interfaces { by_value, ..self }
    }

    /// Every interface, by cloud and module.
    pub fn into_modules(self) -> BTreeMap<ModuleId, Interface> {
        self.modules
    }

    fn asked(&self) -> &Asked {
        self.asked.get_or_init(|| Asked::of(self))
    }

    /// The module that takes the key which stands at this place among all keys of the language.
    pub fn taker(&self, cloud: &CloudFacts, index: usize) -> Option<KeyTaker> {
        *self.asked().takers.get(cloud.name)?.get(index)?
    }

    /// Where the language's rows of a module and the platform's module differ. Nothing for a module that the language does not know.
    pub fn mismatches(&self, module: &ModuleRow) -> Option<&Mismatches> {
        self.asked().modules.get(&module.id())
    }

    /// The interfaces of the built-in modules.
    pub fn built_in() -> Self {
        let mut all = BTreeMap::new();
        all.extend(modules().map(|module| (module.id(), built_in_interface(module))));
        Interfaces::new(all)
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
            for output in newer_outputs(module).filter(|output| !provides.contains(&(module.name, *output))) {
                interface.outputs.remove(output);
            }
        }
        interfaces
    }

    /// The interfaces of an exported platform, which has the modules of the default cloud: its inputs, with the outputs of the built-in modules.
    pub fn of_inputs(inputs: &ModuleInputs) -> Self {
        let mut interfaces = Self::built_in();
        let exported = default_cloud().facts().name;
        let is_newer =
            |of: &str, output: &str| modules().any(|module| module.name == of && newer_outputs(module).any(|name| name == output));
        // One that came later may not be there.
        interfaces.modules.retain(|id, _| inputs.contains_key(id.1) || !modules().any(|module| module.id() == *id && module.newer));
        for ((_, module), interface) in interfaces.modules.iter_mut().filter(|((cloud, _), _)| *cloud == exported) {
            let Some(inputs) = inputs.get(*module) else { continue };
            interface.outputs.retain(|output, _| inputs.contains_key(output.as_str()) || !is_newer(module, output));
            interface.variables.clear();
            interface.variables.extend(inputs.iter().map(|(name, variable)| (name.to_string(), variable.clone())));
        }
        interfaces
    }

    /// The interface of a module.
    pub fn of(&self, module: &ModuleRow) -> Option<&Interface> {
        self.modules.get(&module.id())
    }

    /// The inputs of each module of the default cloud, with types and rules where each value has to be looked at; next to them the outputs that
    /// others act on.
    pub fn inputs(&self) -> ModuleInputs {
        let mut inputs = ModuleInputs::new();
        for module in default_cloud().facts().modules {
            let Some(interface) = self.of(module) else { continue };
            let of_module = inputs.entry(SmolStr::new_static(module.name)).or_default();
            of_module.extend(interface.variables.iter().map(|(name, variable)| {
                let is_judged = module.input(name).is_some_and(|row| self.by_value.contains(&(module.id(), row.name)));
                (SmolStr::new(name), if is_judged { variable.clone() } else { Variable::of_any(variable.required) })
            }));
            let outputs = newer_outputs(module).filter(|output| interface.outputs.contains_key(*output));
            of_module.extend(outputs.map(|output| (SmolStr::new_static(output), Variable::of_any(false))));
        }
        inputs
    }

    /// The rules of modules that Terraform alone judges.
    pub fn left_to_terraform(&self) -> impl Iterator<Item = (ModuleId, &Validation)> {
        let variables = self.modules.iter().flat_map(|(id, interface)| interface.variables.values().map(|variable| (*id, variable)));
        let all = variables.flat_map(|(id, variable)| variable.validations.iter().map(move |validation| (id, validation)));
        all.filter(|(_, validation)| validation.left().is_some())
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
