//! `architecture-mismatch`: an image starts on one architecture only. The platform's images are known; of a customer's own image it is
//! known that it cannot be of two.

use crate::check::context::{DeploymentScope, RuleContext, place};
use crate::clouds::Architecture;
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::Setting;
use smol_str::SmolStr;
use std::collections::BTreeMap;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let scopes = context.scopes();
    let mut first: BTreeMap<&SmolStr, (&Setting<SmolStr>, Architecture, &DeploymentScope<'_>)> = BTreeMap::new();
    for scope in scopes.iter() {
        let Some(compute) = &scope.deployment.compute else { continue };
        let Some(instance_type) = context.valid(&compute.instance_type, "instance_type") else { continue };
        let Some(image) = context.valid(&compute.ami_id, "ami_id") else { continue };
        let Some(architecture) = context.cloud().instance_type(&instance_type.value).map(|known| known.architecture()) else { continue };
        let mut images = context.cloud_policy().images.iter();
        if let Some(((_, of_image), known)) = images.find(|(_, known)| known.value == image.value) {
            if *of_image != architecture.as_str() {
                let diagnostic = mismatch(context, scope, instance_type, architecture, image, of_image);
                let diagnostic = context.with_line(diagnostic, Some(known.span), "one of the platform's images");
                context.report(diagnostic);
            }
            continue;
        }
        match first.get(&image.value) {
            None => {
                first.insert(&image.value, (instance_type, architecture, scope));
            }
            Some((_, of_first, _)) if *of_first == architecture => {}
            Some((other, of_first, other_scope)) => {
                let diagnostic = mismatch(context, scope, instance_type, architecture, image, of_first.as_str());
                let span = place(other_scope.deployment, "compute", *other);
                context.report(diagnostic.at(span, format!("`{}` is {of_first}, and takes the same image", other.value)));
            }
        }
    }
}

fn mismatch(
    context: &RuleContext<'_, '_>,
    scope: &DeploymentScope<'_>,
    instance_type: &Setting<SmolStr>,
    architecture: Architecture,
    image: &Setting<SmolStr>,
    of_image: &str,
) -> Diagnostic {
    let message = format!("`{}` is {architecture}, and the image `{}` is for {of_image}", instance_type.value, image.value);
    let subject = (scope.deployment, "compute", "instance_type");
    context
        .of_value(&codes::ARCHITECTURE_MISMATCH, message, subject, instance_type, format!("an {architecture} type"))
        .at(place(scope.deployment, "compute", image), format!("an image for {of_image}"))
        .help(format!("write an instance type of {of_image}, or the `ami_id` of an image for {architecture}"))
}
