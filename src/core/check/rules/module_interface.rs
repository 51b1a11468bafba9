//! `module-interface`: an input that the provider's own shared module requires, and that nothing here gives; and one that it lacks, and that
//! nothing is made without.

use crate::check::Mismatches;
use crate::check::context::{DeploymentScope, RuleContext};
use crate::diagnostics::{Diagnostic, codes};
use crate::modules::{CalledBy, InputRow, InputSource, ModuleRow, SectionKey};
use crate::schema::Typed;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for module in context.cloud().facts().modules {
        let interfaces = context.input.interfaces;
        if interfaces.of(module).is_none() {
            lacks_module(context, module);
            continue;
        }
        let Some(Mismatches { lacking, required, not_passed }) = interfaces.mismatches(module) else { continue };
        of_needed(context, module, lacking);
        of_not_passed(context, module, not_passed);
        if required.is_empty() {
            continue;
        }
        for scope in context.scopes().iter() {
            if !context.input.is_called(module, scope.deployment) {
                continue;
            }
            let Some(section_key) = scope.deployment.settings.section(module.section) else { continue };
            for (row, (section, key)) in required.iter().copied() {
                let is_given = scope.deployment.settings.has(section, key) || scope.deployment.unread.contains(&(section, key));
                if is_given || has_image(context, scope, row) {
                    continue;
                }
                let diagnostic = Diagnostic::new(
                    &codes::MODULE_INTERFACE,
                    format!("the shared module `{}` requires `{section}.{key}`, which is not set", module.name),
                )
                .at(section_key, if module.section == "compute" { "by these instances" } else { "by this section" })
                .help(format!("write `{key}:` under `{section}:`"))
                .about(key);
                let diagnostic = context.with_line(diagnostic, context.platform().modules.span, "the platform's modules");
                context.report(diagnostic);
            }
        }
    }
}

/// A module that came later than the provider's own, which a deployment needs all the same.
fn lacks_module(context: &mut RuleContext<'_, '_>, module: &ModuleRow) {
    let CalledBy::With(key) = module.called_by else { return };
    for scope in context.scopes().iter() {
        let Some(setting) = scope.deployment.settings.get(module.section, key) else { continue };
        let message = format!("the platform has no module `{}`, which `{}.{key}` needs", module.name, module.section);
        let subject = (scope.deployment, module.section, key);
        let diagnostic = context.of_value(&codes::MODULE_INTERFACE, message, subject, setting, "no module takes this".to_owned());
        let diagnostic = context.with_line(diagnostic, context.platform().modules.span, "the platform's modules");
        context.report(diagnostic.help(format!("remove `{key}`, or ask your service provider to add the module")));
    }
}

/// Inputs that the module lacks, and that nothing is made without where a deployment has a value for them.
fn of_needed(context: &mut RuleContext<'_, '_>, module: &ModuleRow, lacking: &[&InputRow]) {
    for (row, way_out, key) in lacking.iter().filter_map(|row| Some((row, row.needed?, row.source.optional_key()?))) {
        let message = format!("the shared module `{}` has no input `{}`, which this {} needs", module.name, row.name, key.0);
        next_to(context, (key, row), &message, &format!("{way_out}, or ask your service provider to add the input"));
    }
}

/// Inputs that the module requires, and that are not passed next to a key that a deployment has.
fn of_not_passed(context: &mut RuleContext<'_, '_>, module: &ModuleRow, not_passed: &[(&InputRow, SectionKey)]) {
    for (row, key) in not_passed {
        let message = format!("the shared module `{}` requires `{}`, which is not passed next to `{}`", module.name, row.name, key.1);
        let help = format!("ask your service provider to give `variable \"{}\"` of the module a default", row.name);
        next_to(context, (*key, row), &message, &help);
    }
}

/// Reports of an input what is wrong with it next to a key, wherever that has a value.
fn next_to(context: &mut RuleContext<'_, '_>, ((section, key), row): (SectionKey, &InputRow), message: &str, help: &str) {
    for scope in context.scopes().iter() {
        let Some(setting) = scope.deployment.settings.get(section, key) else { continue };
        let (subject, label) = ((scope.deployment, section, key), "no module makes this".to_owned());
        let diagnostic = context.of_value(&codes::MODULE_INTERFACE, message.to_owned(), subject, setting, label);
        let diagnostic = context.with_line(diagnostic, context.platform().modules.span, "the platform's modules");
        // There may be several inputs.
        context.report(diagnostic.about(row.name).help(help.to_owned()));
    }
}

/// True where the platform has an image for an input that takes one.
fn has_image(context: &RuleContext<'_, '_>, scope: &DeploymentScope<'_>, row: &InputRow) -> bool {
    let InputSource::Image { instance_type: (section, key), .. } = row.source else { return false };
    let Some(Typed::Text(instance_type)) = scope.deployment.settings.get(section, key).map(|setting| &setting.value) else { return false };
    let image = (scope.deployment.region.value.clone(), context.cloud().architecture(instance_type).as_str());
    context.cloud_policy().images.contains_key(&image)
}
