//! `reserved-tag`: a tag that the platform sets may be repeated with the same value, and not changed; a key that only looks like one of
//! them is refused with any value.

use crate::check::context::RuleContext;
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::{Deployment, Source};
use crate::platform::{Origin, ReservedTag, reserved_tag};
use crate::source::Span;

/// What the platform sets a tag to.
enum Set<'s> {
    /// This value.
    To(&'s str),
    /// Another value on every resource.
    OnEach,
    /// The key is another one, which people would take for this one.
    LooksLike(&'static str),
}

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        for (key, setting) in scope.deployment.tags.iter().filter(|(_, setting)| setting.source == Source::Written) {
            let Some(set) = set_by_platform(context, scope.deployment, &key.value) else { continue };
            let diagnostic = match set {
                Set::To(value) if value == setting.value => continue,
                Set::To(value) => {
                    let message = format!("the tag `{}` is `{}`, and the platform sets it to `{value}`", key.value, setting.value);
                    Diagnostic::new(&codes::RESERVED_TAG, message).at(key.span, "set by the platform").help(format!(
                        "remove the tag: the platform sets it for {}; a tag of your own needs another key",
                        scope.deployment.name()
                    ))
                }
                Set::LooksLike(name) => looks_like(&key.value, name).at(key.span, format!("people read `{name}`")),
                Set::OnEach => Diagnostic::new(&codes::RESERVED_TAG, format!("the tag `{}` is the platform's", key.value))
                    .at(key.span, "set by the platform, to another name on each resource")
                    .help("remove the tag, or give it another key, such as `application`"),
            };
            // Without its only key a section is emptied, which says something else.
            let is_behind = setting.span.file == key.span.file && key.span.end < setting.span.start;
            let has_others = scope.deployment.tags.iter().any(|(other, of)| of.source == Source::Written && other.span != key.span);
            let entry = Span { end: setting.span.end, ..key.span };
            context.report(if is_behind && has_others { diagnostic.remove(entry) } else { diagnostic });
        }
    }
}

fn set_by_platform<'s>(context: &RuleContext<'_, 's>, deployment: &'s Deployment, key: &str) -> Option<Set<'s>> {
    let platform = context.platform();
    let identity = &context.customer().identity;
    let ReservedTag { name, is_same } = reserved_tag(key)?;
    if !is_same {
        return Some(Set::LooksLike(name));
    }
    match name {
        "Name" => Some(Set::OnEach),
        "customer_id" => Some(Set::To(&identity.customer_id.value)),
        "environment" => Some(Set::To(&deployment.environment.value)),
        // A customer's own checkout may be in a directory of any name.
        "source_repository" => (platform.origin != Origin::Exported).then_some(Set::To(&identity.repository)),
        // A platform without a name sets no such tag.
        _ => platform.name.as_ref().map(|name| Set::To(&name.value)),
    }
}

fn looks_like(key: &str, name: &str) -> Diagnostic {
    let shown = key.escape_default();
    Diagnostic::new(&codes::RESERVED_TAG, format!("the tag `{shown}` looks like the platform's `{name}`"))
        .help("remove the tag, or give it a key that nobody takes for the platform's")
}
