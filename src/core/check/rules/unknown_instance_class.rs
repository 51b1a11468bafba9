//! `unknown-instance-class`: the dated table of classes does not have it, or not for the engine. A warning, since clouds add classes.

use crate::check::context::{RuleContext, is_verbatim, place};
use crate::clouds::NodeType;
use crate::diagnostics::{codes, guess, or_list};
use crate::ir::{Deployment, Setting};
use smol_str::SmolStr;

/// What Aurora takes, in words.
const OF_AURORA: &str = "Aurora takes classes with much memory such as `db.r7g.large`, and `db.t4g.medium` and `db.t4g.large`";

/// How many candidates a help names.
const NAMED: usize = 3;

/// True for classes of the catalogue and of the platform's patterns.
pub(super) fn is_known(context: &RuleContext<'_, '_>, name: &str) -> bool {
    context.cloud().is_known_class(name) || context.cloud_policy().instance_types.iter().any(|pattern| pattern.matches(name))
}

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let cloud = context.cloud();
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(setting) = context.valid(&database.instance_class, "instance_class") else { continue };
        if is_known(context, &setting.value) {
            of_engine(context, deployment, setting);
            continue;
        }
        let candidates = cloud.nearest_classes(&setting.value, NAMED);
        let label = candidates.first().map_or_else(|| "not in the table".to_owned(), |near| format!("did you mean `{near}`?"));
        let message = format!("the table of {} has no {} class `{}`", cloud.facts().as_of, cloud.facts().databases, setting.value);
        let subject = (deployment, "database", "instance_class");
        let diagnostic = context.of_value(&codes::UNKNOWN_INSTANCE_CLASS, message, subject, setting, label);
        let diagnostic = match candidates.first() {
            Some(near) => {
                let help =
                    format!("write {}, or leave it where {} has it by now", or_list(candidates.iter().copied()), cloud.facts().label);
                let diagnostic = diagnostic.help(help);
                if is_verbatim(setting) { diagnostic.suggest(setting.span, *near) } else { diagnostic }
            }
            None => diagnostic.help("a class is `db.`, a family and a size, such as `db.t4g.medium`"),
        };
        context.report_and_poison(diagnostic, &[(setting.span, "instance_class")]);
    }
}

/// A class that there is, and that the database's engine does not take.
fn of_engine(context: &mut RuleContext<'_, '_>, deployment: &Deployment, setting: &Setting<SmolStr>) {
    let cloud = context.cloud();
    let engine = deployment.database.as_ref().and_then(|database| context.valid(&database.engine, "engine"));
    let Some(engine) = engine.filter(|engine| !cloud.takes_class(engine.value, &setting.value)) else { return };
    let message = format!("`{}` is not known to take the class `{}`", engine.value, setting.value);
    let subject = (deployment, "database", "instance_class");
    let label = "not known of Aurora".to_owned();
    let diagnostic = context.of_value(&codes::UNKNOWN_INSTANCE_CLASS, message, subject, setting, label);
    let diagnostic = diagnostic.at(place(deployment, "database", engine), format!("the engine is `{}`", engine.value));
    let diagnostic = match cloud.class_of_aurora(&setting.value) {
        Some(near) => {
            let cloud = cloud.facts().label;
            let diagnostic = diagnostic.help(format!("write `{near}`, or leave it where {cloud} has it by now; {OF_AURORA}"));
            if is_verbatim(setting) { diagnostic.suggest(setting.span, near) } else { diagnostic }
        }
        None => diagnostic.help(format!("write another class: {OF_AURORA}")),
    };
    context.report_and_poison(diagnostic, &[(setting.span, "instance_class")]);
}

/// A type of nodes that the dated table does not have.
pub(super) fn of_cache(context: &mut RuleContext<'_, '_>) {
    let cloud = context.cloud();
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(setting) = deployment.cache.as_ref().and_then(|cache| context.valid(&cache.node_type, "node_type")) else { continue };
        let is_allowed = || context.cloud_policy().instance_types.iter().any(|pattern| pattern.matches(&setting.value));
        if cloud.node_type(&setting.value) != NodeType::Unknown || is_allowed() {
            continue;
        }
        let near = guess(&setting.value, cloud.node_types());
        let label = near.as_ref().map_or_else(|| "not in the table".to_owned(), |near| format!("did you mean {}?", near.names()));
        let message = format!("the table of {} has no {} node type `{}`", cloud.facts().as_of, cloud.facts().caches, setting.value);
        let diagnostic = context.of_value(&codes::UNKNOWN_INSTANCE_CLASS, message, (deployment, "cache", "node_type"), setting, label);
        let diagnostic = match near {
            Some(near) => diagnostic.help(format!("write {}, or leave it where {} has it by now", near.names(), cloud.facts().label)),
            None => diagnostic.help("a node type is `cache.`, a family and a size, such as `cache.t4g.small`"),
        };
        context.report_and_poison(diagnostic, &[(setting.span, "node_type")]);
    }
}
