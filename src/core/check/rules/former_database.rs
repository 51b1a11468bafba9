//! `contradicting-keys` for `formerly`: the name of a database that still stands, or that another one was called too.

use crate::check::context::{RuleContext, place};
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::Deployment;
use crate::source::Span;
use std::collections::BTreeMap;

/// What the section `database` is called by `formerly`.
const DATABASE: &str = "database";
const KEY: &str = "formerly";

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for whole in &context.customer().deployments {
        let all = || std::iter::once(whole).chain(&whole.databases).filter_map(|part| Some((part, part.database.as_ref()?)));
        let standing: BTreeMap<&str, Span> = all().map(|(part, database)| (name(part), database.key)).collect();
        let mut claimed: BTreeMap<&str, Span> = BTreeMap::new();
        for (part, database) in all() {
            let Some(formerly) = context.valid(&database.formerly, KEY) else { continue };
            for old in &formerly.value {
                let found = contradiction(part, old, &standing, &claimed);
                claimed.entry(old).or_insert(formerly.span);
                let Some((what, other, help)) = found else { continue };
                let diagnostic = Diagnostic::new(&codes::CONTRADICTING_KEYS, format!("{what} in {}", whole.name()));
                let diagnostic = diagnostic.at(place(part, DATABASE, formerly), "what was this one?").about(KEY);
                let (other, label) = other.filter(|(span, _)| *span != formerly.span).unzip();
                let diagnostic = other.zip(label).into_iter().fold(diagnostic, |diagnostic, (span, label)| diagnostic.at(span, label));
                context.report_and_poison(diagnostic.help(help), &[(formerly.span, KEY)]);
                break;
            }
        }
    }
}

/// What is said of a former name that is no longer free: what is wrong, the other place, and the way out.
fn contradiction(
    part: &Deployment,
    old: &str,
    standing: &BTreeMap<&str, Span>,
    claimed: &BTreeMap<&str, Span>,
) -> Option<(String, Option<(Span, &'static str)>, String)> {
    let path = part.path(DATABASE);
    if old == name(part) {
        return Some((format!("`{path}` was formerly called as it is now"), None, format!("remove `{old}` from `{KEY}`")));
    }
    if let Some(key) = standing.get(old) {
        let what = format!("`{path}` was formerly `{old}`, and `{old}` is still there");
        return Some((what, Some((*key, "still there")), format!("remove `{KEY}`; or, where it is the same database, remove `{old}`")));
    }
    let first = claimed.get(old)?;
    let help = format!("keep `{old}` in the `{KEY}` of the one that it is, and remove it elsewhere");
    Some((format!("`{old}` is a former name twice"), Some((*first, "here too")), help))
}

/// What `formerly` calls it.
fn name(part: &Deployment) -> &str {
    part.entry.as_ref().map_or(DATABASE, |entry| entry.value.as_str())
}
