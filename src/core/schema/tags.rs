//! Tags: their keys, their number, and two that the cloud may take for one.

use super::Type;
use super::walk::Walk;
use crate::clouds::{Cloud, CloudFacts};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::Spanned;
use crate::syntax::{Entry, Mapping};
use smol_str::SmolStr;

/// The most tags of a customer; the cloud takes 50 of which the platform keeps ten (language.md section 4).
pub const MAX_TAGS: usize = 40;

impl Walk<'_> {
    /// Reports what is wrong with tags, at most up to the first that is one too many.
    pub(super) fn tags(&mut self, mapping: &Mapping) {
        let all_ascii = mapping.entries.iter().all(|entry| entry.key.value.is_ascii());
        for (index, entry) in mapping.entries.iter().enumerate() {
            let key = &entry.key;
            if let Some(diagnostic) = tag_key_problem(self.cloud, key) {
                self.report(diagnostic);
            }
            let is_same = |other: &&Entry| {
                let other = &other.key.value;
                other.eq_ignore_ascii_case(&key.value) || !all_ascii && other.to_lowercase() == key.value.to_lowercase()
            };
            let earlier = mapping.entries.iter().take(index).find(is_same);
            if let Some(first) = earlier {
                self.report(
                    Diagnostic::new(&codes::INVALID_TAG, format!("the tags `{}` and `{}` differ only in case", first.key.value, key.value))
                        .at(key.span, "this one")
                        .at(first.key.span, "and this one")
                        .help("keep one of the two: some services of the cloud take them for the same tag"),
                );
            }
            if index >= MAX_TAGS {
                self.report(
                    Diagnostic::new(&codes::INVALID_TAG, format!("there are more than {MAX_TAGS} tags"))
                        .at(key.span, format!("this is tag {}", index + 1))
                        .help("remove some: the cloud takes 50 on a resource, and the platform needs a few of them"),
                );
                return;
            }
            if !entry.value.is_null() {
                self.key = Some(key.span);
                self.scalar(Type::TagValue, &key.value, &entry.value);
                self.key = None;
            }
        }
    }
}

fn tag_key_problem(cloud: &dyn Cloud, key: &Spanned<SmolStr>) -> Option<Diagnostic> {
    let CloudFacts { label, reserved_tag_prefix: prefix, .. } = cloud.facts();
    // Bytes are at least as many as characters.
    let count = || key.value.chars().count();
    let reason = if key.value.is_empty() || key.value.len() > 128 && count() > 128 {
        format!("it has {} characters, and 1 to 128 are taken", count())
    } else if key.value.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)) {
        format!("{label} keeps keys that start with `{prefix}`")
    } else if let Some(letter) = cloud.no_tag_letter(&key.value) {
        format!("`{}` is not taken in a tag", letter.escape_debug())
    } else {
        return None;
    };
    let short: String = key.value.chars().take(40).collect();
    Some(
        Diagnostic::new(&codes::INVALID_TAG, format!("the tag key `{short}` is refused by the cloud"))
            .at(key.span, reason)
            .help(format!("a tag has letters, digits, spaces and `_ . : / = + - @` only, and does not start with `{prefix}`")),
    )
}
