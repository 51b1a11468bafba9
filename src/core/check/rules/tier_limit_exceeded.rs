//! `tier-limit-exceeded`: more than the customer's tier allows.

use super::requirement_not_met::{expected, has_effect, nearest};
use crate::check::context::{RuleContext, by_default, leader};
use crate::diagnostics::{Diagnostic, codes};
use crate::platform::{Bound, Condition, Subject};
use crate::schema::Typed;
use crate::source::{Span, Spanned};
use smol_str::SmolStr;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let customer = context.customer();
    let tier = customer.identity.tier.as_ref().and_then(|tier| context.platform().tier(&tier.value));
    let Some(tier) = tier else { return };
    for limit in &tier.limits {
        match limit.subject {
            Subject::Key { section, key } => value(context, &tier.name.value, limit, section, key),
            Subject::Regions => {
                let mut regions: Vec<&Spanned<SmolStr>> = Vec::new();
                for scope in context.scopes().iter().filter(|scope| context.has_valid_region(scope.deployment)) {
                    let region = &scope.deployment.region;
                    if !regions.iter().any(|known| known.value == region.value) {
                        regions.push(region);
                    }
                }
                count(context, &tier.name.value, limit, "regions", regions.len(), |index| regions.get(index).map(|region| region.span));
            }
            Subject::Services => {
                let scopes = context.scopes();
                let place = |index: usize| {
                    let name = customer.services.get(index)?;
                    let mut services = scopes.iter().filter_map(|scope| scope.deployment.service.as_ref());
                    services.find(|service| service.value == *name).map(|service| service.span)
                };
                count(context, &tier.name.value, limit, "services", customer.services.len(), place);
            }
        }
    }
}

fn value(context: &mut RuleContext<'_, '_>, tier: &str, limit: &Condition, section: &'static str, key: &'static str) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(setting) = deployment.settings.get(section, key) else { continue };
        if !context.is_valid(setting, key) || !has_effect(deployment.role, section, key) {
            continue;
        }
        let Some(broken) = limit.bounds.iter().find(|bound| !bound.holds(&setting.value)) else { continue };
        let leader = leader(deployment, (section, key));
        let default = leader.map_or_else(|| by_default(setting.source).to_owned(), |leader| format!(" by `{leader}`"));
        let (path, home) = (deployment.path(section), deployment.key(section));
        let wanted = match leader {
            Some(leader) => format!("write another `{leader}` under {home}, which gives {}", expected(key, broken)),
            None => format!("write {} under {home}", expected(key, broken)),
        };
        let message = format!("`{path}.{key}` is `{}`{default}, and the tier `{tier}` allows {broken}", setting.value);
        let label = format!("the tier allows {broken}");
        let diagnostic = context.of_value(&codes::TIER_LIMIT_EXCEEDED, message, (deployment, section, key), setting, label);
        let diagnostic = context
            .with_line(diagnostic, Some(limit.span), "the tier's limit")
            .help(format!("{wanted}, or ask your service provider for another tier"));
        let diagnostic = match nearest(broken).filter(|_| context.may_replace((section, key), setting, |_| true)) {
            Some(new) => diagnostic.suggest(setting.span, new).unquoted(),
            None => diagnostic,
        };
        context.report_and_poison(diagnostic, &[(setting.span, key)]);
    }
}

/// A limit on how many there are; the first one too many is pointed at.
fn count(
    context: &mut RuleContext<'_, '_>,
    tier: &str,
    limit: &Condition,
    what: &'static str,
    found: usize,
    place: impl Fn(usize) -> Option<Span>,
) {
    let number = i64::try_from(found).unwrap_or(i64::MAX);
    if found == 0 {
        return;
    }
    let Some(broken) = limit.bounds.iter().find(|bound| !bound.holds(&Typed::Integer(number))) else { return };
    let first_too_many = match broken {
        Bound::Max(most) => usize::try_from(*most).unwrap_or(0),
        Bound::Equals(_) | Bound::Min(_) | Bound::OneOf(_) => found - 1,
    };
    let span = place(first_too_many).unwrap_or(context.customer().identity.place);
    let message = format!("the customer has {found} {what}, and the tier `{tier}` allows {broken}");
    let diagnostic = Diagnostic::new(&codes::TIER_LIMIT_EXCEEDED, message).at(span, format!("the tier allows {broken}")).about(what);
    let diagnostic = context.with_line(diagnostic, Some(limit.span), "the tier's limit");
    context.report(diagnostic.help(match broken {
        Bound::Min(_) => format!("add {what}, or ask your service provider for another tier"),
        Bound::Max(_) | Bound::Equals(_) | Bound::OneOf(_) => {
            format!("remove {what} until the number fits, or ask your service provider for another tier")
        }
    }));
}
