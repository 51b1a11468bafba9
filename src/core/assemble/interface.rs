//! What a provider's own shared modules lack, ask for or refuse, so that a module call cannot be written.

use crate::check::Interfaces;
use crate::clouds::modules;
use crate::modules::{
    ArgumentShape, Decimal, FilePlace, Fit, Given, InputRow, InputSource, Interface, ModuleId, ModuleRow, TerraformValue,
};
use crate::platform::Platform;
use crate::terraform::{Expression, ModuleCall};
use smol_str::SmolStr;

/// A module that cannot be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceProblem {
    /// The module.
    pub module: ModuleId,
    /// What is wrong.
    pub message: String,
    /// The place in the module, with what stands there.
    pub place: Option<(FilePlace, String)>,
    /// The way out.
    pub help: String,
}

/// Everything that keeps the shared modules from being called.
pub fn interface_problems(interfaces: &Interfaces, platform: &Platform) -> Vec<InterfaceProblem> {
    let mut problems = Vec::new();
    for module in modules() {
        if let Some(interface) = interfaces.of(module) {
            problems.extend(of_inputs(module, interface, platform));
        }
    }
    let inputs = || modules().flat_map(|module| module.inputs);
    for module in modules() {
        let Some(interface) = interfaces.of(module) else { continue };
        let is_read = |name: &str| inputs().filter_map(|row| row.source.output()).any(|it| it.name == name);
        for output in module.outputs.iter().map(|output| output.name) {
            if interface.outputs.contains_key(output) || !is_read(output) {
                continue;
            }
            problems.push(InterfaceProblem {
                module: module.id(),
                message: format!("the shared module `{}` has no output `{output}`", module.name),
                place: None,
                help: format!("declare `output \"{output}\"` in it: other modules and service roots read it"),
            });
        }
    }
    problems
}

fn of_inputs(row: &'static ModuleRow, interface: &Interface, platform: &Platform) -> Vec<InterfaceProblem> {
    let (id, module) = (row.id(), row.name);
    let mut problems = Vec::new();
    for InputRow { name: input, shape, may_be_missing, .. } in row.inputs {
        let Some(variable) = interface.variables.get(*input) else {
            if !may_be_missing {
                problems.push(InterfaceProblem {
                    module: id,
                    message: format!("the shared module `{module}` has no input `{input}`"),
                    place: None,
                    help: format!("declare `variable \"{input}\"` in its `variables.tf`; docs/platform.md lists what is passed"),
                });
            }
            continue;
        };
        if let Fit::Never(reason) = variable.takes(&shape.given()) {
            problems.push(InterfaceProblem {
                module: id,
                message: format!("the shared module `{module}` takes `{input}` as `{}`, but is passed {}", variable.kind, shape.in_words()),
                place: variable.place.clone().map(|place| (place, reason)),
                help: format!("write `type = {}`; docs/platform.md lists what is passed", shape.as_type()),
            });
        }
    }
    let is_passed = |name: &str| row.input(name).is_some() || platform.gives_all(module, name);
    for (name, variable) in interface.variables.iter().filter(|(name, variable)| variable.required && !is_passed(name)) {
        let file = variable.place.as_ref().map_or("variables.tf", |place| &place.file);
        let lack = if platform.constants().flat_map(|constants| constants.of(module)).any(|constant| constant.name.value == name) {
            "only some customers' calls pass"
        } else {
            "nothing passes"
        };
        problems.push(InterfaceProblem {
            module: id,
            message: format!("the shared module `{module}` requires the input `{name}`, which {lack}"),
            place: variable.place.clone().map(|place| (place, "it has no default".to_owned())),
            help: format!("give `variable \"{name}\"` in `{file}` a default, or write what is passed to all under `modules.inputs`, or under `modules_inputs` in every tier"),
        });
    }
    problems
}

/// Module and input: those of which each value has to be judged separately (see [`Interfaces::by_value`]).
pub fn inputs_by_value(interfaces: &Interfaces) -> impl Iterator<Item = (ModuleId, &'static str)> {
    let all = modules().flat_map(|module| module.inputs.iter().map(move |row| (module, row)));
    all.filter_map(|(module, row)| {
        let variable = interfaces.of(module)?.variables.get(row.name)?;
        let may_be_refused = |given: &Given| variable.takes(given) != Fit::Yes;
        let may_be_null = row.shape == ArgumentShape::ReferenceOrNull;
        // What the platform grants is not known to a customer's own check.
        let has_rules = variable.judged().next().is_some() && !matches!(row.source, InputSource::Granted { .. });
        let is_judged = has_rules || may_be_refused(&row.shape.given()) || (may_be_null && may_be_refused(&Given::Null));
        is_judged.then_some((module.id(), row.name))
    })
}

/// An argument that the module does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgumentProblem {
    /// The module.
    pub module: &'static ModuleRow,
    /// The input.
    pub input: &'static str,
    /// Why, in the words of Terraform's conversions or of the module's `validation` block.
    pub reason: String,
    /// What refuses it.
    pub refused_by: RefusedBy,
    /// The place of that in the module.
    pub place: Option<FilePlace>,
}

/// What of an input refuses a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusedBy {
    /// Its type, as it is written.
    Type(String),
    /// A `validation` block.
    Validation,
}

/// The arguments of a call that its module refuses, among those of which each value has to be looked at.
pub fn argument_problems(call: &ModuleCall, interfaces: &Interfaces) -> Vec<ArgumentProblem> {
    let module = call.module;
    let judged = call.arguments.iter().filter(|(input, _)| interfaces.by_value.contains(&(module.id(), *input)));
    let problem = |(input, argument): &(&'static str, Expression)| {
        let variable = interfaces.of(module)?.variables.get(*input)?;
        if let Fit::Never(reason) = variable.takes(&given(argument)) {
            let refused_by = RefusedBy::Type(variable.kind.to_string());
            return Some(ArgumentProblem { module, input, reason, refused_by, place: variable.place.clone() });
        }
        let (validation, reason) = variable.refused(&value(argument)?)?;
        Some(ArgumentProblem { module, input, reason, refused_by: RefusedBy::Validation, place: Some(validation.place.clone()) })
    };
    judged.filter_map(problem).collect()
}

/// An argument as a module's rules see it; nothing for a reference, and for numbers that are too large.
fn value(argument: &Expression) -> Option<TerraformValue> {
    let entry = |(key, item): &(SmolStr, Expression)| Some((key.to_string(), value(item)?));
    Some(match argument {
        Expression::Null => TerraformValue::Null,
        Expression::Boolean(value) => TerraformValue::Boolean(*value),
        Expression::Number(number) => TerraformValue::Number(Decimal::whole(*number)?),
        Expression::Text(text) => TerraformValue::Text(text.to_string()),
        Expression::List(items) => TerraformValue::Tuple(items.iter().map(value).collect::<Option<_>>()?),
        Expression::Object(object) | Expression::Record(object) => TerraformValue::Object(object.iter().map(entry).collect::<Option<_>>()?),
        Expression::Reference(_) | Expression::NamedReference(_) => return None,
    })
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
        Expression::Reference(_) | Expression::NamedReference(_) => Given::Unknown,
    }
}
