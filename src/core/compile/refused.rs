//! Values that the provider's own shared modules refuse, by their types and by their `validation` blocks.

use crate::assemble::{ArgumentProblem, Assembler, CompileContext, RefusedBy, argument_problems};
use crate::check::CheckedCustomer;
use crate::diagnostics::{Diagnostic, codes};
use crate::ir;
use crate::platform::{Platform, Registration};
use crate::source::Span;
use crate::trace::Origins;

/// Values that the provider's own shared modules do not take, and that could not be judged before they were known.
pub(super) fn arguments(
    checked: &CheckedCustomer,
    customer: &ir::Customer,
    registration: Option<&Registration>,
    surroundings: &CompileContext<'_>,
) -> Vec<Diagnostic> {
    let CompileContext { platform, interfaces, .. } = *surroundings;
    if interfaces.by_value.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    // The checked customer has the customer's deployments in the customer's order.
    for (root, deployment) in Assembler::new(*surroundings).roots(checked).zip(&customer.deployments) {
        let origins = Origins { customer, deployment, platform, registration, root: &root };
        for (call, problem) in root.calls.iter().flat_map(|call| argument_problems(call, interfaces).into_iter().map(move |it| (call, it)))
        {
            let origin = ["module", &call.label, problem.input];
            let place = origins.of(&origin).or_else(|| origins.of(&origin[..2])).unwrap_or(deployment.place);
            let diagnostic = argument(&problem, place, platform);
            found.push(match platform.modules.span.and_then(|span| platform.line(span)) {
                Some(line) => diagnostic.at(line, "the platform's modules"),
                None => diagnostic,
            });
        }
    }
    found
}

/// `module-interface` or `module-validation` for a value, with where the module says what it takes.
fn argument(problem: &ArgumentProblem, place: Span, platform: &Platform) -> Diagnostic {
    let ArgumentProblem { module, input, reason, refused_by, .. } = problem;
    let (code, message, at) = match refused_by {
        RefusedBy::Type(kind) => {
            let message = format!("the shared module `{}` does not take this as `{input}`, which is a `{kind}` there", module.name);
            (&codes::MODULE_INTERFACE, message, "the type is declared at")
        }
        RefusedBy::Validation => {
            let message = format!("the shared module `{}` refuses this value of `{input}`", module.name);
            (&codes::MODULE_VALIDATION, message, "its rule stands at")
        }
    };
    let line = problem.place.as_ref().and_then(|place| platform.modules.line(module.id(), place));
    let declared = line.map(|line| format!("{at} `{line}`; ")).unwrap_or_default();
    let help = format!("{declared}write a value that the module accepts, or have the service provider change the module");
    Diagnostic::new(code, message).at(place, reason.clone()).about(*input).help(help)
}
