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
        let mut standing: BTreeMap<&str, Span> = BTreeMap::new();
        standing.extend(all().map(|(part, database)| (name(part), database.key)));
        let mut claimed: BTreeMap<&str, Span> = BTreeMap::new();
        for (part, database) in all() {
            let Some(formerly) = context.valid(&database.formerly, KEY) else { continue };
            for old in &formerly.value {
                let found = contradiction(part, old, &standing, &claimed);
                claimed.entry(old).or_insert(formerly.span);
                let Some(Contradiction { what, other, help }) = found else { continue };
                let diagnostic = Diagnostic::new(&codes::CONTRADICTING_KEYS, format!("{what} in {}", whole.name()));
                let diagnostic = diagnostic.at(place(part, DATABASE, formerly), "what was this one?").about(KEY);
                let diagnostic = match other.filter(|(span, _)| *span != formerly.span) {
                    Some((span, label)) => diagnostic.at(span, label),
                    None => diagnostic,
                };
                context.report_and_poison(diagnostic.help(help), &[(formerly.span, KEY)]);
                break;
            }
        }
    }
}

/// What is said of a former name that is no longer free.
struct Contradiction {
    what: String,
    other: Option<(Span, &'static str)>,
    help: String,
}

fn contradiction(part: &Deployment, old: &str, standing: &BTreeMap<&str, Span>, claimed: &BTreeMap<&str, Span>) -> Option<Contradiction> {
    let path = part.path(DATABASE);
    if old == name(part) {
        let what = format!("`{path}` was formerly called as it is now");
        return Some(Contradiction { what, other: None, help: format!("remove `{old}` from `{KEY}`") });
    }
    if let Some(key) = standing.get(old) {
        let what = format!("`{path}` was formerly `{old}`, and `{old}` is still there");
        let help = format!("remove `{KEY}`; or, where it is the same database, remove `{old}`");
        return Some(Contradiction { what, other: Some((*key, "still there")), help });
    }
    let first = claimed.get(old)?;
    let help = format!("keep `{old}` in the `{KEY}` of the one that it is, and remove it elsewhere");
    Some(Contradiction { what: format!("`{old}` is a former name twice"), other: Some((*first, "here too")), help })
}

/// What `formerly` calls it.
fn name(part: &Deployment) -> &str {
    part.entry.as_ref().map_or(DATABASE, |entry| entry.value.as_str())
}
