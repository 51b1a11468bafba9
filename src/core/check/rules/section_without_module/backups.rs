//! Modules that act on what others of the same root make: what they leave out, and where they have nothing to act on.

use super::words::Fate;
use crate::check::acting::{ActedOn, COPY, is_on};
use crate::check::context::{DeploymentScope, RuleContext};
use crate::modules::{CalledBy, ModuleRow};
use crate::platform::Origin;
use crate::source::Span;

/// What comes to nothing, each with its section and its place.
pub(super) fn wishes(context: &RuleContext<'_, '_>, scopes: &[DeploymentScope<'_>]) -> Vec<(&'static str, Fate, Span, &'static str)> {
    let mut wishes = Vec::new();
    let acting = |module: &&ModuleRow| matches!(module.called_by, CalledBy::ToActOn(_)) && context.input.offers(module);
    for module in context.cloud().facts().modules.iter().filter(acting) {
        let (mut reaching, mut idle) = (Vec::new(), Vec::new());
        for scope in scopes.iter().filter(|scope| is_on(module, scope.deployment)) {
            let Some(section) = scope.deployment.settings.section(module.section) else { continue };
            let fates: Vec<_> = module.acts_on().map(|(_, own)| (own.module, context.input.fate_of(own, scope.deployment))).collect();
            for (of, fate) in &fates {
                match fate {
                    ActedOn::Unfit => wishes.push((module.section, Fate::Unversioned, section, "")),
                    ActedOn::Untold => wishes.push((module.section, Fate::Untold(of), section, "")),
                    ActedOn::Absent | ActedOn::Yes => {}
                }
            }
            let list = if fates.iter().all(|(_, fate)| *fate == ActedOn::Absent) { &mut idle } else { &mut reaching };
            list.push(section);
        }
        // What it acts on may be lost to an error; and there may be some in another root, of a service or an environment.
        idle.retain(|section| !context.after_errors && !reaching.contains(section));
        wishes.extend(idle.into_iter().map(|section| (module.section, Fate::NothingToActOn, section, "")));
    }
    if context.platform().origin == Origin::BuiltIn {
        let asked = scopes.iter().filter_map(|scope| context.input.asks_for_copies(scope.deployment));
        wishes.extend(asked.map(|setting| (COPY.0, Fate::NowhereToCopy, setting.span, COPY.1)));
    }
    wishes
}
