//! What the service provider passes to its modules beyond what the language has, against what they declare.

use super::Interfaces;
use crate::clouds::modules;
use crate::diagnostics::{Code, and_list, codes, guess};
use crate::modules::{Decimal, FilePlace, Fit, Given, Interface, ModuleId, ModuleRow, TerraformValue};
use crate::platform::{Constant, ModuleSource, Platform};
use crate::schema::Typed;
use crate::source::Span;

/// A constant that its module does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConstantProblem {
    /// The module.
    pub module: ModuleId,
    /// `module-interface` or `module-validation`.
    pub code: &'static Code,
    /// What is wrong.
    pub message: String,
    /// The place in the platform file.
    pub span: Span,
    /// What is said there.
    pub label: String,
    /// The place in the module, with what stands there.
    pub place: Option<(FilePlace, String)>,
    /// The way out.
    pub help: String,
}

/// What of the platform's constants the modules do not take.
pub fn constant_problems(interfaces: &Interfaces, platform: &Platform) -> Vec<ConstantProblem> {
    let all = platform.constants().flat_map(|constants| modules().map(move |module| (module, constants.of(module.name))));
    let each = all.flat_map(|(module, constants)| constants.iter().map(move |constant| (module, constant)));
    each.filter_map(|(module, constant)| problem(module, constant, interfaces.of(module), platform)).collect()
}

fn problem(module: &ModuleRow, constant: &Constant, interface: Option<&Interface>, platform: &Platform) -> Option<ConstantProblem> {
    let (name, input) = (module.name, &constant.name.value);
    let problem = |message: String, help: String| ConstantProblem {
        module: module.id(),
        code: &codes::MODULE_INTERFACE,
        message,
        span: constant.name.span,
        label: "passed here".to_owned(),
        place: None,
        help,
    };
    if platform.modules.without.contains(&name) {
        let message = format!("`{input}` reaches nobody: the module `{name}` is held back from everybody");
        return Some(problem(message, format!("remove it here, or `{name}` from `modules.without`")));
    }
    let Some(interface) = interface else {
        let message = format!("there is no shared module `{name}`, which `{input}` is for");
        return Some(problem(message, "add the module, or remove its inputs here".to_owned()));
    };
    let Some(variable) = interface.variables.get(input.as_str()) else {
        let further: Vec<&str> = interface.variables.keys().map(String::as_str).filter(|name| module.input(name).is_none()).collect();
        let help = if platform.modules.source == ModuleSource::BuiltIn {
            "remove it: the built-in modules take what terralet passes; a module of your own, in the directory that `modules.source` names, may take more".to_owned()
        } else if let Some(near) = guess(input, further.iter().copied()) {
            format!("write {}, or declare `variable \"{input}\"` in the module", near.names())
        } else if further.is_empty() {
            format!("declare `variable \"{input}\"` in the module, or remove it here")
        } else {
            format!("its inputs that terralet does not pass itself are {}", and_list(further))
        };
        return Some(problem(format!("the shared module `{name}` has no input `{input}`"), help));
    };
    if let Fit::Never(reason) = variable.takes(&given(&constant.value)) {
        let message = format!("the shared module `{name}` does not take this as `{input}`, which is a `{}` there", variable.kind);
        let place = variable.place.clone().map(|place| (place, reason));
        return Some(ConstantProblem {
            place,
            ..problem(message, "write a value of this type, or change the type in the module".to_owned())
        });
    }
    let (validation, reason) = variable.refused(&value(&constant.value)?)?;
    let message = format!("the shared module `{name}` refuses this value of `{input}`");
    let place = Some((validation.place.clone(), "this does not hold".to_owned()));
    let help = "write a value for which the condition holds, or change the condition in the module".to_owned();
    Some(ConstantProblem { code: &codes::MODULE_VALIDATION, label: reason, place, ..problem(message, help) })
}

/// A constant as a module's rules see it; nothing for numbers that are too large.
fn value(constant: &Typed) -> Option<TerraformValue> {
    Some(match constant {
        Typed::Boolean(value) => TerraformValue::Boolean(*value),
        Typed::Integer(number) => TerraformValue::Number(Decimal::whole(*number)?),
        Typed::Text(text) => TerraformValue::Text(text.to_string()),
        Typed::Network(network) => TerraformValue::Text(network.to_string()),
        Typed::List(items) => TerraformValue::Tuple(items.iter().map(value).collect::<Option<_>>()?),
        Typed::Object(entries) => {
            TerraformValue::Object(entries.iter().map(|(key, item)| Some((key.to_string(), value(item)?))).collect::<Option<_>>()?)
        }
    })
}

fn given(value: &Typed) -> Given {
    match value {
        Typed::Boolean(_) => Given::Boolean,
        Typed::Integer(_) => Given::Number,
        Typed::Text(text) => Given::Text(text.to_string()),
        Typed::Network(network) => Given::Text(network.to_string()),
        Typed::List(items) => Given::Tuple(items.iter().map(given).collect()),
        Typed::Object(entries) => Given::Object(entries.iter().map(|(key, value)| (key.to_string(), given(value))).collect()),
    }
}
