//! `invalid-tag` for the merged tags: too many, and keys that differ only in case in two layers.

use crate::check::context::RuleContext;
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::{Deployment, Source};
use crate::schema::MAX_TAGS;
use crate::source::SourceMap;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The most tags with those of the tier: the cloud takes 50 on a resource, and the platform sets up to five.
const MAX_MERGED: usize = 45;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        too_many(context, scope.deployment);
        // Keys differ, and so do those that are in lower case all of them.
        if !scope.deployment.tags.iter().all(|(key, _)| is_lower_case(&key.value)) {
            same_but_for_case(context, scope.deployment);
        }
    }
}

fn too_many(context: &mut RuleContext<'_, '_>, deployment: &Deployment) {
    let written = || deployment.tags.iter().filter(|(_, value)| value.source == Source::Written).map(|(key, _)| key);
    let of_tier = deployment.tags.len() - written().count();
    let (key, message, help) = match (written().nth(MAX_TAGS), written().next_back()) {
        (Some(key), _) => (
            key,
            format!("{} has {} tags, taken together from all layers", deployment.name(), written().count()),
            format!("remove some: a customer has at most {MAX_TAGS}"),
        ),
        (None, Some(last)) if deployment.tags.len() > MAX_MERGED => (
            last,
            format!("{} has {} tags with the {of_tier} of the tier", deployment.name(), deployment.tags.len()),
            format!("remove {}: the cloud takes 50 on a resource, and the platform sets some", deployment.tags.len() - MAX_MERGED),
        ),
        _ => return,
    };
    context.report(Diagnostic::new(&codes::INVALID_TAG, message).at(key.span, "one tag too many").help(help));
}

fn same_but_for_case(context: &mut RuleContext<'_, '_>, deployment: &Deployment) {
    let mut by_name: Vec<(Cow<'_, str>, usize)> =
        deployment.tags.iter().enumerate().map(|(index, (key, _))| (lower_case(&key.value), index)).collect();
    by_name.sort_unstable();
    let pairs = by_name.windows(2).filter_map(|pair| match pair {
        [(one, first), (other, second)] if one == other => Some((*second, *first)),
        _ => None,
    });
    let mut same: BTreeMap<usize, usize> = BTreeMap::new();
    same.extend(pairs);
    for (second, first) in same {
        let (Some((key, _)), Some((first, _))) = (deployment.tags.get(second), deployment.tags.get(first)) else { continue };
        // Of a customer's tag and the tier's, the customer's can be fixed by the customer.
        let (offender, other) = if key.span.file == SourceMap::PLATFORM { (first, key) } else { (key, first) };
        context.report(
            Diagnostic::new(&codes::INVALID_TAG, format!("the tags `{}` and `{}` differ only in case", other.value, offender.value))
                .at(offender.span, "this one")
                .at(other.span, "and this one")
                .help(format!("write `{}` in both places: some services of the cloud take the two for the same tag", other.value)),
        );
    }
}

/// True for ASCII without capitals.
fn is_lower_case(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
}

/// A text in lower case, as it is where it has no other letters.
fn lower_case(text: &str) -> Cow<'_, str> {
    if is_lower_case(text) { text.into() } else { text.to_lowercase().into() }
}
