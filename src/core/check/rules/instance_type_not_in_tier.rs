//! `instance-type-not-in-tier`: an instance type, a class of databases or a node type of caches that the customer's tier does not have.

use crate::check::context::{RuleContext, is_verbatim};
use crate::clouds::{Cloud, Engine, InstanceType, Offer};
use crate::diagnostics::{codes, or_list};
use crate::ir::{Deployment, Setting};
use crate::platform::Tier;
use crate::source::Span;
use smol_str::SmolStr;

/// What a pattern speaks of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Instances,
    Classes,
    Nodes,
}

impl Kind {
    /// Patterns of classes of databases and of nodes of caches start as those do.
    fn of(pattern: &str) -> Kind {
        match pattern.split_once('.') {
            Some(("db", _)) => Kind::Classes,
            Some(("cache", _)) => Kind::Nodes,
            _ => Kind::Instances,
        }
    }
}

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let tier = context.customer().identity.tier.as_ref().and_then(|tier| context.platform().tier(&tier.value));
    let Some(tier) = tier else { return };
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let of_compute = deployment.compute.as_ref().and_then(|compute| context.valid(&compute.instance_type, "instance_type"));
        if let Some(setting) = of_compute {
            judge(context, tier, (deployment, "compute", "instance_type"), Kind::Instances, setting);
        }
        let of_database = deployment.database.as_ref().and_then(|database| context.valid(&database.instance_class, "instance_class"));
        if let Some(setting) = of_database {
            judge(context, tier, (deployment, "database", "instance_class"), Kind::Classes, setting);
        }
        let of_cache = deployment.cache.as_ref().and_then(|cache| context.valid(&cache.node_type, "node_type"));
        if let Some(setting) = of_cache {
            judge(context, tier, (deployment, "cache", "node_type"), Kind::Nodes, setting);
        }
    }
}

fn judge(
    context: &mut RuleContext<'_, '_>,
    tier: &Tier,
    subject: (&Deployment, &str, &'static str),
    kind: Kind,
    setting: &Setting<SmolStr>,
) {
    let (deployment, _, key) = subject;
    let Some(patterns) = &tier.instance_types else { return };
    let of_kind = || patterns.iter().filter(|pattern| Kind::of(&pattern.text.value) == kind);
    // A list that names types of one kind only says nothing of the others.
    let silent = of_kind().next().is_none() && (kind != Kind::Instances || !patterns.is_empty());
    if silent || patterns.iter().any(|pattern| pattern.matches(&setting.value)) {
        return;
    }
    let what = match kind {
        Kind::Instances => "instance type".to_owned(),
        Kind::Classes => format!("{} class", context.cloud().facts().databases),
        Kind::Nodes => format!("{} node type", context.cloud().facts().caches),
    };
    let message = format!("the tier `{}` does not have the {what} `{}`", tier.name.value, setting.value);
    let diagnostic = context.of_value(&codes::INSTANCE_TYPE_NOT_IN_TIER, message, subject, setting, "not in the tier".to_owned());
    let ends = patterns.first().zip(patterns.last());
    let line = ends.map(|(first, last)| Span { end: last.text.span.end, ..first.text.span });
    let diagnostic = context.with_line(diagnostic, line, "the tier's types");
    let names = or_list(of_kind().map(|pattern| pattern.text.value.as_str()));
    let engine = deployment.database.as_ref().and_then(|database| database.engine.as_ref()).map(|engine| engine.value);
    let example = match kind {
        Kind::Instances => type_in_tier(context.cloud(), tier, &setting.value, &deployment.region.value),
        Kind::Classes => class_in_tier(context.cloud(), tier, &setting.value, engine),
        Kind::Nodes => node_in_tier(context.cloud(), tier, &setting.value),
    };
    let diagnostic = diagnostic.help(match example {
        Some(example) => {
            format!("write `{example}`, or another that the tier has: {names}; or ask your service provider for another tier")
        }
        None if names.is_empty() => "ask your service provider for another tier".to_owned(),
        None => format!("take one that the tier has: {names}; or ask your service provider for another tier"),
    });
    let diagnostic = match example.filter(|_| is_verbatim(setting)) {
        Some(example) => diagnostic.suggest(setting.span, example),
        None => diagnostic,
    };
    context.report_and_poison(diagnostic, &[(setting.span, key)]);
}

fn has(tier: &Tier, name: &str) -> bool {
    tier.instance_types.as_ref().is_none_or(|patterns| patterns.iter().any(|pattern| pattern.matches(name)))
}

/// The type of the tier that the region offers and that comes nearest in processors and memory, with the same architecture.
fn type_in_tier(cloud: &dyn Cloud, tier: &Tier, name: &str, region: &str) -> Option<&'static str> {
    let wanted = cloud.instance_type(name)?;
    let offered = |other: &InstanceType| !matches!(cloud.zones_offering(other, region), Offer::NotOffered);
    cloud
        .instance_types()
        .filter(|other| other.architecture() == wanted.architecture() && has(tier, other.name) && offered(other))
        .min_by_key(|other| {
            (cloud.is_previous_generation(other.name), other.vcpu.abs_diff(wanted.vcpu), other.memory_mib.abs_diff(wanted.memory_mib))
        })
        .map(|other| other.name)
}

/// The class of the tier with the same size that the engine takes.
fn class_in_tier(cloud: &dyn Cloud, tier: &Tier, name: &str, engine: Option<Engine>) -> Option<&'static str> {
    let size = name.rsplit('.').next()?;
    let is_taken = |class: &str| engine.is_none_or(|engine| cloud.takes_class(engine, class)) && !cloud.is_previous_generation_class(class);
    cloud.classes().find(|class| has(tier, class) && class.rsplit('.').next() == Some(size) && is_taken(class))
}

/// The node type of the tier with the same size, or else the first.
fn node_in_tier(cloud: &dyn Cloud, tier: &Tier, name: &str) -> Option<&'static str> {
    let size = name.rsplit('.').next()?;
    let in_tier = || cloud.node_types().filter(|known| has(tier, known));
    in_tier().find(|known| known.rsplit('.').next() == Some(size)).or_else(|| in_tier().next())
}
