//! What a provider's own shared modules lack, ask for or refuse, so that a module call cannot be written.

use super::calls::{DATABASE_OUTPUTS, INPUTS, OPTIONAL, Reference, VPC_OUTPUTS};
use crate::check::Interfaces;
use crate::modules::{FilePlace, Fit, Given, Interface};
use crate::terraform::{Expression, ModuleCall};
use smol_str::SmolStr;

/// What is passed to an input, as far as it is the same for every deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArgumentShape {
    /// Text that never reads as a number or a boolean.
    Word,
    /// Text.
    Text,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// Words by key.
    Words,
    /// Texts by key.
    Texts,
    /// A list of words, which may be empty.
    WordList,
    /// What one output of another module gives.
    Reference,
    /// The same, or null where there is no such module.
    ReferenceOrNull,
    /// The same, where it has to be a list.
    References,
    /// A list of one reference.
    ReferenceList,
}

/// A module that cannot be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceProblem {
    /// The module.
    pub module: &'static str,
    /// What is wrong.
    pub message: String,
    /// The place in the module, with what stands there.
    pub place: Option<(FilePlace, String)>,
    /// The way out.
    pub help: String,
}

/// Everything that keeps the shared modules from being called.
pub fn interface_problems(interfaces: &Interfaces) -> Vec<InterfaceProblem> {
    let mut problems = Vec::new();
    for (module, inputs) in INPUTS {
        if let Some(interface) = interfaces.modules.get(module) {
            problems.extend(of_inputs(module, inputs, interface));
        }
    }
    // What other modules and service roots read.
    let needed: [(&str, &[Reference]); 2] =
        [("customer-vpc", VPC_OUTPUTS), ("customer-database", DATABASE_OUTPUTS.get(2..).unwrap_or(&[]))];
    for (module, outputs) in needed {
        let Some(interface) = interfaces.modules.get(module) else { continue };
        for output in outputs.iter().filter_map(|reference| reference.last()).filter(|output| !interface.outputs.contains_key(**output)) {
            problems.push(InterfaceProblem {
                module,
                message: format!("the shared module `{module}` has no output `{output}`"),
                place: None,
                help: format!("declare `output \"{output}\"` in it: other modules and service roots read it"),
            });
        }
    }
    problems
}

fn of_inputs(module: &'static str, inputs: &[(&'static str, ArgumentShape)], interface: &Interface) -> Vec<InterfaceProblem> {
    let mut problems = Vec::new();
    for (input, shape) in inputs {
        let Some(variable) = interface.variables.get(*input) else {
            if !OPTIONAL.contains(input) {
                problems.push(InterfaceProblem {
                    module,
                    message: format!("the shared module `{module}` has no input `{input}`"),
                    place: None,
                    help: format!("declare `variable \"{input}\"` in its `variables.tf`; docs/platform.md lists what is passed"),
                });
            }
            continue;
        };
        if let Fit::Never(reason) = variable.takes(&shape.given()) {
            problems.push(InterfaceProblem {
                module,
                message: format!("the shared module `{module}` takes `{input}` as `{}`, but is passed {}", variable.kind, shape.in_words()),
                place: variable.place.clone().map(|place| (place, reason)),
                help: format!("write `type = {}`; docs/platform.md lists what is passed", shape.as_type()),
            });
        }
    }
    let is_passed = |name: &str| inputs.iter().any(|(input, _)| *input == name);
    for (name, variable) in interface.variables.iter().filter(|(name, variable)| variable.required && !is_passed(name)) {
        let file = variable.place.as_ref().map_or("variables.tf", |place| &place.file);
        problems.push(InterfaceProblem {
            module,
            message: format!("the shared module `{module}` requires the input `{name}`, which nothing passes"),
            place: variable.place.clone().map(|place| (place, "it has no default".to_owned())),
            help: format!("give `variable \"{name}\"` in `{file}` a default; docs/platform.md lists what is passed"),
        });
    }
    problems
}

/// Module and input: those of which each value has to be judged separately (see [`Interfaces::by_value`]).
pub fn inputs_by_value(interfaces: &Interfaces) -> impl Iterator<Item = (&'static str, &'static str)> {
    INPUTS.into_iter().flat_map(|(module, inputs)| inputs.iter().map(move |(input, shape)| (module, *input, *shape))).filter_map(
        |(module, input, shape)| {
            let variable = interfaces.modules.get(module)?.variables.get(input)?;
            let may_be_refused = |given: &Given| variable.takes(given) != Fit::Yes;
            let is_judged = may_be_refused(&shape.given()) || (shape == ArgumentShape::ReferenceOrNull && may_be_refused(&Given::Null));
            is_judged.then_some((module, input))
        },
    )
}

/// An argument that the module does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgumentProblem {
    /// The module.
    pub module: &'static str,
    /// The input.
    pub input: &'static str,
    /// What is wrong.
    pub message: String,
    /// Why.
    pub reason: String,
    /// The place of the type in the module.
    pub place: Option<FilePlace>,
}

/// The arguments of a call that its module refuses, among those of which each value has to be looked at.
pub fn argument_problems(call: &ModuleCall, interfaces: &Interfaces) -> Vec<ArgumentProblem> {
    let module = call.module;
    let judged = call.arguments.iter().filter(|(input, _)| interfaces.by_value.contains(&(module, *input)));
    let problem = |(input, value): &(&'static str, Expression)| {
        let variable = interfaces.modules.get(module)?.variables.get(*input)?;
        let Fit::Never(reason) = variable.takes(&given(value)) else { return None };
        Some(ArgumentProblem {
            module,
            input,
            message: format!("the shared module `{module}` does not take this as `{input}`, which is a `{}` there", variable.kind),
            reason,
            place: variable.place.clone(),
        })
    };
    judged.filter_map(problem).collect()
}

fn given(value: &Expression) -> Given {
    let entries = |entries: &[(SmolStr, Expression)]| entries.iter().map(|(key, value)| (key.to_string(), given(value))).collect();
    match value {
        Expression::Null => Given::Null,
        Expression::Boolean(_) => Given::Boolean,
        Expression::Number(_) => Given::Number,
        Expression::Text(text) => Given::Text(text.to_string()),
        Expression::List(items) => Given::Tuple(items.iter().map(given).collect()),
        Expression::Object(object) | Expression::Record(object) => Given::Object(entries(object)),
        Expression::Reference(_) => Given::Unknown,
    }
}

impl ArgumentShape {
    fn given(self) -> Given {
        match self {
            ArgumentShape::Word => Given::Word,
            ArgumentShape::Text => Given::AnyText,
            ArgumentShape::Number => Given::Number,
            ArgumentShape::Boolean => Given::Boolean,
            ArgumentShape::Words => Given::ObjectOf(Box::new(Given::Word)),
            ArgumentShape::Texts => Given::ObjectOf(Box::new(Given::AnyText)),
            ArgumentShape::WordList => Given::TupleOf(Box::new(Given::Word)),
            ArgumentShape::Reference | ArgumentShape::ReferenceOrNull | ArgumentShape::References => Given::Unknown,
            ArgumentShape::ReferenceList => Given::Tuple(vec![Given::Unknown]),
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            ArgumentShape::Word | ArgumentShape::Text | ArgumentShape::Reference | ArgumentShape::ReferenceOrNull => "text",
            ArgumentShape::Number => "a number",
            ArgumentShape::Boolean => "a boolean",
            ArgumentShape::Words | ArgumentShape::Texts => "a map of text",
            ArgumentShape::WordList | ArgumentShape::References | ArgumentShape::ReferenceList => "a list of text",
        }
    }

    fn as_type(self) -> &'static str {
        match self {
            ArgumentShape::Word | ArgumentShape::Text | ArgumentShape::Reference | ArgumentShape::ReferenceOrNull => "string",
            ArgumentShape::Number => "number",
            ArgumentShape::Boolean => "bool",
            ArgumentShape::Words | ArgumentShape::Texts => "map(string)",
            ArgumentShape::WordList | ArgumentShape::References | ArgumentShape::ReferenceList => "list(string)",
        }
    }
}
