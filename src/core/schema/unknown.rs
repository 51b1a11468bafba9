//! `unknown-key`: what a key may have meant, or where it belongs.

use super::misplaced::{around, misplaced};
use super::places::{IDENTITY, KeyPlace, SHORTHANDS};
use super::words::{Meaning, is_another_thing, is_of_section, meaning};
use super::written_keys::WrittenKeys;
use super::{Key, SECTIONS, Section, Shape, section};
use crate::diagnostics::{Diagnostic, Guess, and_list, codes, guess, or_list};
use crate::source::Spanned;
use crate::syntax::Mapping;
use smol_str::SmolStr;

/// An unknown key.
pub(super) struct Unknown {
    /// What is reported of it.
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
pub(super) fn unknown_in_place(
    key: &Spanned<SmolStr>,
    place: KeyPlace,
    environments: Option<&Mapping>,
    written: &WrittenKeys<'_>,
) -> Unknown {
    let what = KeyContext {
        section: "",
        place,
        message: format!("unknown key `{}` in {}", key.value, place.name()),
        label: "not a key of this place".to_owned(),
        environments,
    };
    let keys = place.keys();
    let all = || format!("the keys here are {}; what has no key of its own goes under `custom:`", and_list(keys.iter().copied()));
    unknown(key, &what, &keys, written, all)
}

/// An unknown key of a section.
pub(super) fn unknown_in_section(
    key: &Spanned<SmolStr>,
    section: &'static str,
    keys: &'static [Key],
    written: &WrittenKeys<'_>,
) -> Unknown {
    // The records of a key have keys of their own.
    let records = |other: &&Key| matches!(other.shape, Shape::Records(own) if std::ptr::eq(own, keys));
    let record = super::section(section).and_then(|section| section.keys.iter().find(records));
    let within = record.map_or_else(|| format!("`{section}`"), |record| format!("an item of `{}`", record.name));
    let what = KeyContext {
        section,
        place: KeyPlace::ServiceSections,
        message: format!("unknown key `{}` in {within}", key.value),
        label: format!("not a key of {within}"),
        environments: None,
    };
    if let Some(list) = keys.iter().find(|known| appends_to(&key.value, known)) {
        let help = format!("write `{name}: {{add: [...]}}`, in an environment or an overlay", name = list.name);
        return Unknown { diagnostic: what.diagnostic().at(key.span, format!("adds to `{}`?", list.name)).help(help), meant: None };
    }
    let keys: Vec<&'static str> = keys.iter().map(|key| key.name).collect();
    let all = || format!("the keys of {within} are {}", and_list(keys.iter().copied()));
    unknown(key, &what, &keys, written, all)
}

/// True for a list's key with the mark that other tools add to lists with: `allowed_cidr_blocks+`.
fn appends_to(key: &str, known: &Key) -> bool {
    let bare = key.strip_suffix("+").or_else(|| key.strip_prefix('+')).map(str::trim);
    bare == Some(known.name) && matches!(known.shape, Shape::List(_) | Shape::Records(_))
}

/// Where an unknown key stands, and what is said of it, whatever it may have meant.
pub(super) struct KeyContext<'e> {
    /// The section; empty for a part of a document.
    pub(super) section: &'static str,
    pub(super) place: KeyPlace,
    message: String,
    label: String,
    environments: Option<&'e Mapping>,
}

impl KeyContext<'_> {
    /// What is said of the key, without its place and the way out.
    pub(super) fn diagnostic(&self) -> Diagnostic {
        Diagnostic::new(&codes::UNKNOWN_KEY, self.message.clone())
    }

    /// True for an environment that the document names.
    pub(super) fn is_environment(&self, name: &str) -> bool {
        self.environments.is_some_and(|environments| environments.get(name).is_some())
    }
}

fn unknown(
    key: &Spanned<SmolStr>,
    what: &KeyContext<'_>,
    keys: &[&'static str],
    written: &WrittenKeys<'_>,
    all: impl Fn() -> String,
) -> Unknown {
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_KEY, what.message.clone());
    let without_near = |diagnostic| Unknown { diagnostic, meant: None };
    if let Some(unknown) = misplaced(key, what, keys, written) {
        return unknown;
    }
    let home = home_of(&key.value, what, diagnostic.clone(), written);
    let spelt = guess(&key.value, keys.iter().copied());
    let is_slip = spelt.as_ref().is_some_and(|near| near.is_certain() && !written.has(near.best()));
    if written.is_of_a_program(&key.value) && what.section.is_empty() && keys.contains(&"custom") {
        let diagnostic = diagnostic.at(key.span, "variables of a program");
        let help = "no module passes variables to a program; what is to be kept with the documents goes under `custom:`";
        let is_free = !written.has("custom");
        return without_near(if is_free { diagnostic.suggest(key.span, "custom") } else { diagnostic }.help(help));
    }
    match meaning(what.section, &key.value).filter(|_| !is_slip && (home.is_none() || is_meant_here(what.section, &key.value))) {
        // Another word stands for one key alone, and yet its value may be meant otherwise: a person decides.
        Some(Meaning::Key(of, known)) if of == what.section && keys.contains(&known) => {
            if written.has(known) {
                return without_near(there_already(diagnostic, key, known, written));
            }
            if known == "min_instances" && !letters_start_with(&key.value, "min") {
                let diagnostic = diagnostic
                    .at(key.span, "did you mean `min_instances` and `max_instances`?")
                    .help("write `min_instances`; there are as many at most, unless you write `max_instances` too")
                    .suggest(key.span, known);
                return Unknown { diagnostic, meant: Some(known) };
            }
            let near = Guess::synonym(known).uncertain();
            return Unknown { diagnostic: diagnostic.meant(key.span, &near).help(format!("write `{known}`")), meant: Some(known) };
        }
        Some(Meaning::Key("", known)) => {
            let help = format!("did you mean `{known}`? It does not belong below `{}`, but next to it", what.section);
            let help = match what.section {
                "" => home_text(known, what.place).unwrap_or_else(&all),
                _ if section(known).is_some() => help,
                _ => home_text(known, what.place).unwrap_or_else(&all),
            };
            return without_near(diagnostic.at(key.span, what.label.clone()).help(help));
        }
        Some(Meaning::Key(of, known)) => {
            let shorthand = SHORTHANDS.iter().find(|shorthand| shorthand.section == of && shorthand.key == known);
            if let Some(shorthand) = shorthand.filter(|shorthand| what.section.is_empty() && keys.contains(&shorthand.name)) {
                if written.has(shorthand.name) {
                    return without_near(there_already(diagnostic, key, shorthand.name, written));
                }
                let near = Guess::synonym(shorthand.name).uncertain();
                let diagnostic = diagnostic.meant(key.span, &near).help(format!("write `{}`", shorthand.name));
                return Unknown { diagnostic, meant: Some(shorthand.name) };
            }
            let help = match what.section {
                "" => format!("write it as `{known}`, below `{of}:` in this place"),
                section => format!("write it as `{known}` below `{of}:`, next to `{section}:`"),
            };
            return without_near(diagnostic.at(key.span, what.label.clone()).help(help));
        }
        Some(Meaning::NoKey(why)) => {
            let entry = why.filter(|why| why.starts_with("remove it")).and_then(|_| written.removable(&key.value));
            let diagnostic = diagnostic.at(key.span, what.label.clone()).help(why.map_or_else(&all, str::to_owned));
            return without_near(match entry {
                Some(entry) => diagnostic.remove(entry),
                None => diagnostic,
            });
        }
        None => {}
    }
    if let Some(diagnostic) = home {
        // `regions` may be moved, or be `region`.
        let is_plural = |one: &str, many: &str| many.strip_suffix('s') == Some(one);
        let other_number = keys.iter().find(|known| is_plural(known, &key.value) || is_plural(&key.value, known));
        let label = match other_number.filter(|known| !written.has(known)) {
            Some(known) => format!("did you mean `{known}`?"),
            None => what.label.clone(),
        };
        return without_near(diagnostic.at(key.span, label));
    }
    if let Some(unknown) = (!is_slip).then(|| around(key, what, keys, written)).flatten() {
        return unknown;
    }
    let elsewhere = near_anywhere(&key.value);
    let near = spelt.filter(|near| near.is_certain() || elsewhere.is_none());
    if let Some(near) = near.filter(|near| !is_another_thing(&key.value, near.best())) {
        let best = keys.iter().copied().find(|known| *known == near.best());
        if written.has(near.best()) {
            return without_near(there_already(diagnostic, key, near.best(), written));
        }
        return Unknown { diagnostic: diagnostic.meant(key.span, &near).help(format!("write {}", near.names())), meant: best };
    }
    let help = match elsewhere {
        Some((section, near)) => format!("did you mean `{}`? It belongs under `{section}:`", near.best()),
        None => all(),
    };
    without_near(diagnostic.at(key.span, what.label.clone()).help(help))
}

/// True when a word means a key of the section that it stands in, or none of it and why, although another section has a key of that name.
fn is_meant_here(section: &'static str, word: &str) -> bool {
    match meaning(section, word) {
        Some(Meaning::Key(of, _)) => of == section,
        Some(Meaning::NoKey(_)) => is_of_section(section, word),
        None => false,
    }
}

fn letters_start_with(word: &str, start: &str) -> bool {
    word.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
}

/// The right key stands next to the misspelt one.
fn there_already(diagnostic: Diagnostic, key: &Spanned<SmolStr>, near: &str, written: &WrittenKeys<'_>) -> Diagnostic {
    let diagnostic = diagnostic.at(key.span, format!("did you mean `{near}`? It is there already"));
    let values = written.mapping.get(&key.value).zip(written.mapping.get(near)).map(|(one, other)| (&one.value, &other.value));
    match values {
        Some((one, other)) if one.same_value(other) => diagnostic.help("remove one of the two"),
        Some((one, _)) if one.as_mapping().is_some() => diagnostic.help(format!("move its keys below `{near}:`, and remove it")),
        Some(_) if section(near).is_some() => diagnostic.help(format!("write what it says below `{near}:`, and remove it")),
        _ => diagnostic.help(format!("keep the value that counts in `{near}`, and remove this one")),
    }
}

/// What is said of a key that is spelt right and belongs elsewhere.
fn home_of(name: &str, what: &KeyContext<'_>, diagnostic: Diagnostic, written: &WrittenKeys<'_>) -> Option<Diagnostic> {
    let here = match (what.section, sections_with(name).as_slice()) {
        ("", [only]) => Some((*only, only.key(name)?)),
        ("", []) => SHORTHANDS.iter().find(|shorthand| shorthand.name == name).and_then(|shorthand| {
            let section = section(shorthand.section)?;
            Some((section, section.key(shorthand.key)?))
        }),
        _ => None,
    };
    // Moved to the section of another place, it would hold there too: it is written where it stands.
    if let Some((section, key)) = here.filter(|(section, _)| what.place.takes(section.name)) {
        if let Some((at, width)) = written.slipped_out(section, name, what.place) {
            let help =
                format!("`{name}` stands in the column of `{0}:`, and not below it: indent it, to write it below `{0}:`", section.name);
            return Some(diagnostic.help(help).suggest(at, " ".repeat(width)).unquoted());
        }
        if written.has(section.name) {
            return Some(
                diagnostic.help(format!("`{name}` is a key of `{0}`: write `{1}:` below the `{0}:` of this place", section.name, key.name)),
            );
        }
        // Elsewhere the section would lack what it needs.
        let is_override = matches!(what.place, KeyPlace::Environment | KeyPlace::ServiceEnvironment | KeyPlace::TierDefaults);
        let is_whole = section.keys.iter().all(|other| !other.default.is_required() || other.name == key.name);
        let line = written.on_one_line(name).filter(|_| (is_override || is_whole) && written.is_only_one_of(section, name));
        return Some(match line {
            Some((line, value)) => {
                let text = format!("{}: {{{}: {value}}}", section.name, key.name);
                diagnostic
                    .help(format!("`{name}` is a key of `{}`: write `{text}` in its place", section.name))
                    .suggest(line, text)
                    .unquoted()
            }
            None => diagnostic.help(format!("`{name}` is a key of `{0}`: write `{0}:` here, and `{1}:` below it", section.name, key.name)),
        });
    }
    if what.section.is_empty() {
        return home_text(name, what.place).map(|home| diagnostic.help(home));
    }
    let diagnostic = diagnostic.help(home_from(name, what)?);
    let moved = match sections_with(name).as_slice() {
        [only] => written.moved(name, only.name),
        _ => None,
    };
    Some(match moved {
        Some((here, there, line)) => diagnostic.remove(here).suggest(there, line),
        None => diagnostic,
    })
}

/// The sections that have a key of this name.
fn sections_with(name: &str) -> Vec<&'static Section> {
    SECTIONS.iter().filter(|section| section.key(name).is_some()).collect()
}

/// Where a key that stands in a section belongs.
fn home_from(name: &str, what: &KeyContext<'_>) -> Option<String> {
    let sections: Vec<&str> = sections_with(name).iter().map(|section| section.name).collect();
    if !sections.is_empty() {
        return Some(format!("`{name}` is a key of {}: write it there, next to `{}:`", or_list(sections), what.section));
    }
    if section(name).is_some() {
        return Some(format!(
            "`{name}` is a section of its own: write it next to `{0}:`, in the same column, and not below `{0}:`",
            what.section
        ));
    }
    home_text(name, what.place)
}

/// Where a key that is spelt right belongs.
fn home_text(name: &str, place: KeyPlace) -> Option<String> {
    let sections: Vec<&str> = sections_with(name).iter().map(|section| section.name).collect();
    if !sections.is_empty() {
        return Some(format!("`{name}` is a key of {}: write it there", or_list(sections)));
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
        "deploy_to" => Some("`deploy_to` belongs at the top level of a service overlay".into()),
        "environments" => Some("`environments` belongs at a document's top level".into()),
        "services" => Some("`services` belongs at the top level of the base or of a region overlay".into()),
        "regions" if place == KeyPlace::RegionOverlay => {
            Some("a region overlay speaks of one region: `regions` belongs in the base document".into())
        }
        "regions" => Some("`regions` belongs at the top level of the base or of a service overlay".into()),
        _ => None,
    }
}

/// The key of any section that is surely meant, with the section.
fn near_anywhere(name: &str) -> Option<(&'static str, Guess<'static>)> {
    let all = SECTIONS.iter().flat_map(|section| section.keys.iter().map(move |key| (section.name, key.name)));
    let near = guess(name, all.clone().map(|(_, key)| key)).filter(Guess::is_certain)?;
    let (section, _) = all.into_iter().find(|(_, key)| *key == near.best())?;
    Some((section, near))
}
