//! `contradicting-keys` for `formerly`: the name of a database that still stands, or that another one was called too.

use crate::check::context::{RuleContext, place};
use crate::diagnostics::{Diagnostic, codes};
use crate::ir::{Deployment, Setting};
use crate::source::Span;
use smol_str::SmolStr;
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
            let (old, path) = (formerly.value.as_str(), part.path(DATABASE));
            if let Some(key) = standing.get(old) {
                let is_own = old == name(part);
                let message = if is_own {
                    format!("`{path}` is called `{old}`, and was formerly called so")
                } else {
                    format!("`{path}` was formerly `{old}` in {}, and there is a `{old}` still", whole.name())
                };
                let diagnostic = contradicting(part, formerly, message);
                let diagnostic = if is_own { diagnostic } else { diagnostic.at(*key, "still there") };
                let old_path = if old == DATABASE { DATABASE.to_owned() } else { format!("databases.{old}") };
                let help = format!("remove `{KEY}`, or write the old name; where `{path}` is what `{old_path}` was, remove that one");
                report(context, diagnostic.help(help), formerly);
            } else if let Some(first) = claimed.get(old).copied().filter(|first| *first != formerly.span) {
                let message = format!("two databases of {} were formerly `{old}`", whole.name());
                let diagnostic = contradicting(part, formerly, message).at(first, "and this one");
                report(context, diagnostic.help(format!("keep `{KEY}: {old}` in the one that it is, and remove the other")), formerly);
            } else if claimed.insert(old, formerly.span).is_some() {
                // One text for two of them, by an alias or a merge key.
                let message = format!("two databases of {} were formerly `{old}`", whole.name());
                let diagnostic = contradicting(part, formerly, message);
                let help = format!("write `{KEY}: {old}` in the one that it is alone, where no alias repeats it");
                report(context, diagnostic.help(help), formerly);
            }
        }
    }
}

/// What `formerly` calls it.
fn name(part: &Deployment) -> &str {
    part.entry.as_ref().map_or(DATABASE, |entry| entry.value.as_str())
}

fn contradicting(part: &Deployment, formerly: &Setting<SmolStr>, message: String) -> Diagnostic {
    Diagnostic::new(&codes::CONTRADICTING_KEYS, message).at(place(part, DATABASE, formerly), "what was this one?").about(KEY)
}

fn report(context: &mut RuleContext<'_, '_>, diagnostic: Diagnostic, formerly: &Setting<SmolStr>) {
    context.report_and_poison(diagnostic, &[(formerly.span, KEY)]);
}
