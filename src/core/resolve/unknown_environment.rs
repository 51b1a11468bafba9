//! `unknown-environment`: what a name that is none of the environments may have meant.

use crate::diagnostics::{Diagnostic, Guess, and_list, codes, guess};
use crate::schema::{PRODUCTION, section, stage};
use crate::source::Span;

/// The name of the same stage.
pub(super) fn same_stage<'n>(name: &str, mut known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let own = stage(name)?;
    known.find(|known| stage(known) == Some(own))
}

/// How many of a customer's names a help lists.
const MOST_NAMED: usize = 20;
/// How many of a customer's names are looked at for the nearest one.
const MOST_COMPARED: usize = 100;

/// `unknown-environment`. `known` are the names that it may have meant, `all` those that there are, `whose` say who has them.
pub(super) fn unknown_environment<'n>(
    name: &str,
    span: Span,
    known: impl Iterator<Item = &'n str>,
    whose: &str,
    all: impl ExactSizeIterator<Item = &'n str>,
) -> Diagnostic {
    let known: Vec<&str> = known.take(MOST_COMPARED).collect();
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_ENVIRONMENT, format!("unknown environment `{name}`"));
    let help = format!("{whose} {}", some_of(all));
    let spelt = guess(name, known.iter().copied());
    let meant = match spelt.filter(Guess::is_certain) {
        Some(certain) => Some(certain),
        None => of_stage(name, &known).or_else(|| guess(name, known.iter().copied())),
    };
    if section(name).is_some() {
        let help = format!("`{name}` is a section: indent it further than the environment that it belongs to; {help}");
        return diagnostic.at(span, "not an environment").help(help);
    }
    // What everybody calls so is right, and the list has the slip.
    let is_usual_alone = |near: &Guess<'_>| stage(name).is_some() && stage(near.best()).is_none();
    match meant.map(|near| if is_usual_alone(&near) { near.uncertain() } else { near }) {
        Some(near) => diagnostic.meant(span, &near).help(format!("write {}; {help}", near.names())),
        None => diagnostic.at(span, "not an environment").help(help),
    }
}

/// The environment of the same stage, or for what comes before production the nearest other one. Names are chosen by people, so it is
/// never certain.
fn of_stage<'n>(name: &str, known: &[&'n str]) -> Option<Guess<'n>> {
    let own = stage(name)?;
    let apart = |known: &&&str| stage(known).filter(|found| *found == own || *found.max(&own) < PRODUCTION);
    let nearest = known.iter().filter(|known| apart(known).is_some()).min_by_key(|known| {
        // Of two as near, the later one: it is more like production.
        apart(known).map(|found| (found.abs_diff(own), PRODUCTION - found))
    });
    nearest.map(|near| Guess::synonym(near).uncertain())
}

/// The first names of a list that a customer may have made long.
fn some_of<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = names.len().saturating_sub(MOST_NAMED);
    let named = and_list(names.take(MOST_NAMED));
    if more == 0 { named } else { format!("{named}, and {more} more") }
}
