//! `unknown-key`: what a key may have meant, or where it belongs.

use super::places::{IDENTITY, Place, SHORTHANDS};
use super::{Key, SECTIONS, section};
use crate::diagnostics::{Diagnostic, and_list, codes, guess, nearest, or_list};
use crate::source::{Span, Spanned};
use crate::syntax::Mapping;
use smol_str::SmolStr;
use std::collections::HashSet;

/// The keys that a mapping has and its place takes: few, while a customer may write any number of others.
pub(super) struct Written<'m>(HashSet<&'m str>);

impl<'m> Written<'m> {
    pub(super) fn new(mapping: &'m Mapping, takes: impl Fn(&str) -> bool) -> Self {
        Written(mapping.entries.iter().map(|entry| entry.key.value.as_str()).filter(|name| takes(name)).collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

/// An unknown key.
pub(super) struct Unknown {
    /// What is told of it.
    pub(super) diagnostic: Diagnostic,
    /// The key that it is near to, which its mapping lacks.
    pub(super) meant: Option<&'static str>,
}

impl Unknown {
    /// One of too many to look for what each may mean.
    pub(super) fn counted(key: &Spanned<SmolStr>) -> Self {
        let diagnostic =
            Diagnostic::new(&codes::UNKNOWN_KEY, format!("unknown key `{}`", key.value)).at(key.span, "not a key of this place");
        Unknown { diagnostic, meant: None }
    }
}

/// An unknown key of a part of a document.
pub(super) fn unknown_in_place(key: &Spanned<SmolStr>, place: Place, written: &Written<'_>) -> Unknown {
    let what = Context {
        message: format!("unknown key `{}` in {}", key.value, place.name()),
        label: "not a key of this place".to_owned(),
        home: home_of(&key.value, place),
    };
    let keys = place.keys();
    let all = || format!("the keys here are {}; what has no key of its own goes under `custom:`", and_list(keys.iter().copied()));
    unknown(key, what, &keys, written, all)
}

/// An unknown key of a section.
pub(super) fn unknown_in_section(key: &Spanned<SmolStr>, section: &str, keys: &'static [Key], written: &Written<'_>) -> Unknown {
    let what = Context {
        message: format!("unknown key `{}` in `{section}`", key.value),
        label: format!("not a key of `{section}`"),
        home: home_of(&key.value, Place::ServiceSections),
    };
    let keys: Vec<&'static str> = keys.iter().map(|key| key.name).collect();
    let all = || format!("the keys of `{section}` are {}", and_list(keys.iter().copied()));
    unknown(key, what, &keys, written, all)
}

/// What is said of an unknown key, whatever it may have meant.
struct Context {
    message: String,
    label: String,
    /// Where a key of this name belongs.
    home: Option<String>,
}

fn unknown(key: &Spanned<SmolStr>, what: Context, keys: &[&'static str], written: &Written<'_>, all: impl Fn() -> String) -> Unknown {
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_KEY, what.message);
    let without_near = |diagnostic| Unknown { diagnostic, meant: None };
    if let Some(home) = what.home {
        // `regions` may be moved, or be `region`.
        let is_plural = |one: &str, many: &str| many.strip_suffix('s') == Some(one);
        let other_number = keys.iter().find(|known| is_plural(known, &key.value) || is_plural(&key.value, known));
        let label = match other_number.filter(|known| !written.has(known)) {
            Some(known) => format!("did you mean `{known}`?"),
            None => what.label,
        };
        return without_near(diagnostic.at(key.span, label).help(home));
    }
    if let Some(near) = guess(&key.value, keys.iter().copied()) {
        let best = keys.iter().copied().find(|known| *known == near.best());
        if written.has(near.best()) {
            return without_near(there_already(diagnostic, key.span, near.best()));
        }
        return Unknown { diagnostic: diagnostic.meant(key.span, &near).help(format!("write {}", near.names())), meant: best };
    }
    let help = match near_anywhere(&key.value) {
        Some((section, near)) => format!("did you mean `{near}`? It belongs under `{section}:`"),
        None => all(),
    };
    without_near(diagnostic.at(key.span, what.label).help(help))
}

/// The right key stands beside the misspelt one.
fn there_already(diagnostic: Diagnostic, span: Span, near: &str) -> Diagnostic {
    diagnostic.at(span, format!("did you mean `{near}`? It is there already")).help("remove one of the two")
}

/// Where a key that is spelt right belongs.
fn home_of(name: &str, place: Place) -> Option<String> {
    let sections: Vec<&str> = SECTIONS.iter().filter(|section| section.key(name).is_some()).map(|section| section.name).collect();
    if !sections.is_empty() {
        return Some(format!("`{name}` is a key of {}: move it there", or_list(sections)));
    }
    if section(name).is_some() {
        return Some(format!("`{name}` is a section of its own: move it out, to the top level or into an environment"));
    }
    if let Some(shorthand) = SHORTHANDS.iter().find(|shorthand| shorthand.name == name) {
        return Some(format!(
            "`{name}` is taken in an environment only; here write `{}:` and `{}:` below it",
            shorthand.section, shorthand.key
        ));
    }
    if IDENTITY.contains(&name) {
        return Some(format!("`{name}` belongs at the top level of the base document (or of each region overlay, where there is no base)"));
    }
    match name {
        "region" => Some("`region` belongs at the top level of the base or of a region overlay, or in one of its environments".into()),
        "environments" => Some("`environments` belongs at a document's top level".into()),
        "services" => Some("`services` belongs at the top level of the base or of a region overlay".into()),
        "regions" if place == Place::RegionOverlay => {
            Some("a region overlay speaks of one region: `regions` belongs in the base document".into())
        }
        "regions" => Some("`regions` belongs at the top level of the base or of a service overlay".into()),
        _ => None,
    }
}

fn near_anywhere(name: &str) -> Option<(&'static str, &'static str)> {
    let all = SECTIONS.iter().flat_map(|section| section.keys.iter().map(move |key| (section.name, key.name)));
    let near = nearest(name, all.clone().map(|(_, key)| key))?;
    all.into_iter().find(|(_, key)| *key == near)
}
