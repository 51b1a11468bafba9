//! Unknown keys whose form or place says what was meant: a path in one key, a colon without its space, a level too many, a shorthand in the
//! section that it stands for, and what an environment, a service or a section is switched off with elsewhere.
//!
//! Knows nothing of other tools' words: those are `words`'.

use super::places::{KeyPlace, SHORTHANDS};
use super::poisoned::ANY_KEY;
use super::stages::stage;
use super::unknown::{KeyContext, Unknown};
use super::written_keys::WrittenKeys;
use super::{Section, section};
use crate::clouds;
use crate::diagnostics::{Diagnostic, Guess, and_list, codes, guess};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Mapping, Node, Value};
use smol_str::SmolStr;

/// What a regions' list is written as instead.
pub(super) const SEVERAL_REGIONS: &str = "one region is written here; for each further one write an overlay: its name below `regions:` at the top level, or a file `<region>-variables.yml`";

/// What is said of a key by its form or place; nothing where neither says anything.
pub(super) fn misplaced(
    key: &Spanned<SmolStr>,
    what: &KeyContext<'_>,
    keys: &[&'static str],
    written: &WrittenKeys<'_>,
) -> Option<Unknown> {
    let unknown = |diagnostic: Diagnostic| Unknown { diagnostic, meant: None };
    without_space(key, what, keys, written)
        .or_else(|| dotted(key, what, keys, written).map(unknown))
        .or_else(|| shorthand(key, what, written))
        .or_else(|| switch(key, what, written).map(unknown))
        .or_else(|| regions(key, what, written))
        .or_else(|| inner_same(key, what, written))
}

/// `max_instances:3` between braces, which YAML takes for a key.
fn without_space(key: &Spanned<SmolStr>, what: &KeyContext<'_>, keys: &[&'static str], written: &WrittenKeys<'_>) -> Option<Unknown> {
    let (name, value) = key.value.split_once(':').filter(|(_, value)| !value.is_empty() && !value.starts_with(':'))?;
    let known = keys.iter().copied().find(|known| *known == name)?;
    let is_bare = written.mapping.get(&key.value).is_some_and(|entry| entry.value.is_null());
    let is_as_written = (key.span.end - key.span.start) as usize == key.value.len();
    if !is_bare || written.has(known) {
        return None;
    }
    let start = key.span.start + u32::try_from(name.len() + 1).ok()?;
    // A no-break space is a letter to YAML.
    let value = value.trim_start();
    let end = key.span.start + u32::try_from(key.value.len() - value.len()).ok()?;
    let diagnostic = what.diagnostic().at(key.span, "the space behind the colon is missing");
    let diagnostic = diagnostic.help(format!("write `{name}: {value}`: without a space the colon is part of the key"));
    let at = Span { start, end, ..key.span };
    Some(Unknown { diagnostic: if is_as_written { diagnostic.suggest(at, " ").unquoted() } else { diagnostic }, meant: None })
}

/// `database.multi_az`: a path in one key.
fn dotted(key: &Spanned<SmolStr>, what: &KeyContext<'_>, keys: &[&'static str], written: &WrittenKeys<'_>) -> Option<Diagnostic> {
    let (first, rest) = key.value.split_once('.').filter(|(first, rest)| !first.is_empty() && !rest.is_empty())?;
    let diagnostic = || what.diagnostic().at(key.span, "a dot does not go a level down");
    if first == what.section {
        let inner = keys.iter().copied().find(|known| *known == rest)?;
        let diagnostic = diagnostic().help(format!("write `{inner}`: it stands below `{first}:` already"));
        return Some(if written.has(inner) { diagnostic } else { diagnostic.suggest(key.span, inner) });
    }
    let home = keys.iter().copied().find(|known| *known == first)?;
    let found = section(home).filter(|section| !section.keys.is_empty());
    let inner = match found {
        Some(section) => {
            let names = || section.keys.iter().map(|key| key.name);
            let near = guess(rest, names()).filter(Guess::is_certain).map(|near| near.best());
            names().find(|name| *name == rest).or(near)?
        }
        None => rest,
    };
    if written.has(home) {
        return Some(diagnostic().help(format!("write `{inner}:` below the `{home}:` of this place")));
    }
    let line = written.on_one_line(&key.value);
    let text = line.map_or_else(|| format!("`{inner}:`"), |(_, value)| format!("`{inner}: {value}`"));
    let diagnostic = diagnostic().help(format!("write `{home}:`, and {text} below it, indented"));
    let is_only = written.mapping.entries.iter().filter(|entry| entry.key.value.starts_with(&format!("{home}."))).count() == 1;
    let is_partial = matches!(what.place, KeyPlace::Environment | KeyPlace::ServiceEnvironment | KeyPlace::TierDefaults);
    let is_whole =
        found.is_some_and(|section| is_partial || section.keys.iter().all(|key| !key.default.is_required() || key.name == inner));
    Some(match line.filter(|_| is_only && is_whole && what.section.is_empty()) {
        Some((line, value)) => diagnostic.suggest(line, format!("{home}: {{{inner}: {value}}}")).unquoted(),
        None => diagnostic,
    })
}

/// A shorthand in the section that it stands for.
fn shorthand(key: &Spanned<SmolStr>, what: &KeyContext<'_>, written: &WrittenKeys<'_>) -> Option<Unknown> {
    let shorthand = SHORTHANDS.iter().find(|shorthand| shorthand.name == key.value && shorthand.section == what.section)?;
    let help =
        format!("write `{}`: `{}` stands for it right in an environment, and not below `{}:`", shorthand.key, shorthand.name, what.section);
    let diagnostic = what.diagnostic().help(help);
    if written.has(shorthand.key) {
        return Some(Unknown {
            diagnostic: diagnostic.at(key.span, format!("this is `{}`, which is there already", shorthand.key)),
            meant: None,
        });
    }
    Some(Unknown { diagnostic: diagnostic.meant(key.span, &Guess::synonym(shorthand.key)), meant: Some(shorthand.key) })
}

/// `enabled: false` where nothing is switched: what is there is there.
fn switch(key: &Spanned<SmolStr>, what: &KeyContext<'_>, written: &WrittenKeys<'_>) -> Option<Diagnostic> {
    let name = key.value.as_str();
    let is_negative = matches!(name, "disabled" | "disable" | "skip" | "inactive");
    if !(is_negative || matches!(name, "enabled" | "enable" | "active" | "deploy" | "create")) {
        return None;
    }
    let value = written.mapping.get(name)?.value.as_scalar()?;
    let is_on = match value.text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => !is_negative,
        "false" | "no" | "off" => is_negative,
        _ => return None,
    };
    let thing = match (what.section, what.place) {
        ("", KeyPlace::Environment) => "an environment",
        ("", KeyPlace::RegionOverlay) => "a region overlay",
        ("", KeyPlace::ServiceOverlay) => "a service",
        ("", KeyPlace::ServiceEnvironment) => {
            let help = "remove it: where a service is, `deploy_to` in its overlay says; `min_instances: 0` and `max_instances: 0` run no instances";
            return Some(what.diagnostic().at(key.span, "nothing is switched here").help(help));
        }
        ("" | "backup" | "features" | "monitoring" | "storage" | "security" | "notifications", _) => return None,
        (section, _) => section,
    };
    let diagnostic = what.diagnostic().at(key.span, "nothing is switched here");
    Some(match (is_on, what.section) {
        (true, _) => {
            let thing = if what.section.is_empty() { thing.to_owned() } else { format!("`{thing}`") };
            let diagnostic = diagnostic.help(format!("remove it: {thing} that is written is there"));
            match written.removable(name) {
                Some(line) => diagnostic.remove(line),
                None => diagnostic,
            }
        }
        (false, "") if what.place == KeyPlace::ServiceOverlay => diagnostic.help("a service is left out by removing its entry, or its file"),
        (false, "") => diagnostic.help(format!("{thing} is left out by removing its entry")),
        (false, section) => diagnostic.help(format!(
            "`{section}` is left out by not writing it; where a lower layer writes it, `{section}: null` in an environment takes it away there"
        )),
    })
}

/// `regions` in an environment, which takes one.
fn regions(key: &Spanned<SmolStr>, what: &KeyContext<'_>, written: &WrittenKeys<'_>) -> Option<Unknown> {
    if key.value != "regions" || what.place != KeyPlace::Environment || !what.section.is_empty() || written.has("region") {
        return None;
    }
    let value = &written.mapping.get("regions")?.value;
    let only = match &value.value {
        Value::Scalar(scalar) => Some(scalar),
        Value::Sequence(items) => match items.as_slice() {
            [only] => only.as_scalar(),
            _ => None,
        },
        _ => None,
    };
    let only = only.map(|scalar| scalar.text.as_str()).filter(|text| clouds::is_region(text));
    let diagnostic = what.diagnostic();
    let Some(region) = only else {
        return Some(Unknown {
            diagnostic: diagnostic.at(key.span, "an environment has one region here").help(SEVERAL_REGIONS),
            meant: None,
        });
    };
    let diagnostic = diagnostic.at(key.span, "did you mean `region`?").help(format!("write `region: {region}`"));
    Some(match value.as_scalar() {
        Some(_) => Unknown { diagnostic: diagnostic.suggest(key.span, "region"), meant: Some("region") },
        None => Unknown { diagnostic, meant: None },
    })
}

/// A section within itself.
fn inner_same(key: &Spanned<SmolStr>, what: &KeyContext<'_>, written: &WrittenKeys<'_>) -> Option<Unknown> {
    let is_same = !what.section.is_empty() && key.value == what.section;
    let is_mapping = written.mapping.get(&key.value).is_some_and(|entry| entry.value.as_mapping().is_some());
    let diagnostic = || what.diagnostic().at(key.span, "this level is there already").help(a_level_less(&key.value));
    (is_same && is_mapping).then(|| Unknown { diagnostic: diagnostic(), meant: Some(ANY_KEY) })
}

fn a_level_less(name: &str) -> String {
    format!("take the line `{name}:` out, and indent what is below it less, by one level")
}

/// A mapping around keys of the place: a level too many; or an environment that is not below `environments:`.
pub(super) fn around(key: &Spanned<SmolStr>, what: &KeyContext<'_>, keys: &[&'static str], written: &WrittenKeys<'_>) -> Option<Unknown> {
    let value = &written.mapping.get(&key.value)?.value;
    let inner = value.as_mapping();
    let all = |inner: &Mapping, takes: &dyn Fn(&str) -> bool| inner.entries.iter().all(|entry| takes(&entry.key.value));
    let is_top = what.section.is_empty() && matches!(what.place, KeyPlace::Base | KeyPlace::RegionOverlay | KeyPlace::ServiceOverlay);
    // One with nothing below it may be an environment too.
    let is_environment = || value.is_null() || inner.is_some_and(|inner| all(inner, &|name| KeyPlace::Environment.takes(name)));
    if is_top && (stage(&key.value).is_some() || what.is_environment(&key.value)) && is_environment() {
        let help = format!("write it below `environments:`, indented: `{}` is an environment", key.value);
        let diagnostic = what.diagnostic().at(key.span, "an environment, and not a key of this place").help(help);
        return Some(Unknown { diagnostic, meant: Some("environments") });
    }
    let inner = inner.filter(|inner| !inner.entries.is_empty())?;
    let is_alone = written.mapping.entries.len() == 1;
    let is_inside = all(inner, &|name| keys.contains(&name));
    if is_top
        && !is_alone
        && what.place == KeyPlace::Base
        && all(inner, &|name| section(name).is_some_and(|section| section.name != "networking"))
    {
        let help = format!(
            "for a service write it below `services:`, for an environment below `environments:`; where it is neither, {}",
            a_level_less(&key.value)
        );
        let diagnostic = what.diagnostic().at(key.span, "not a key of this place").help(help);
        return Some(Unknown { diagnostic, meant: None });
    }
    let diagnostic = || what.diagnostic().at(key.span, "a level that does not exist").help(a_level_less(&key.value));
    is_inside.then(|| Unknown { diagnostic: diagnostic(), meant: Some(ANY_KEY) })
}

/// The most that stands between a name with nothing behind it and the key on the next line.
const NEXT_LINE: u32 = 12;

/// A key of an environment, or a section of a service, in the column of the names: with the section whose keys stand below it.
pub(super) fn slipped_out(entry: &Entry, above: &Entry, inside: KeyPlace) -> Option<(Diagnostic, Option<&'static Section>)> {
    let (name, span) = (entry.key.value.as_str(), entry.key.span);
    // What stands in the column is a name of its own to YAML, and what is above has nothing.
    let indent = |diagnostic: Diagnostic| {
        let diagnostic = diagnostic.help(format!("indent `{name}` further than `{}`", above.key.value));
        let at = Span { end: span.start, ..span };
        let is_next = above.key.span.file == span.file && span.start.saturating_sub(above.key.span.end) <= NEXT_LINE;
        if above.is_bare() && is_next && entry.value.as_scalar().is_some() { diagnostic.suggest(at, "  ").unquoted() } else { diagnostic }
    };
    if matches!(inside, KeyPlace::Environment | KeyPlace::ServiceEnvironment) && inside.takes(name) && section(name).is_none() {
        let message = format!("`{name}` stands where the names of environments are");
        return Some((indent(Diagnostic::new(&codes::INVALID_IDENTIFIER, message).at(span, "a key of an environment")), None));
    }
    let found = section(name).filter(|_| inside == KeyPlace::ServiceOverlay)?;
    let is_of_section = match &entry.value.value {
        Value::Mapping(mapping) => !mapping.entries.iter().any(|entry| inside.takes(&entry.key.value)),
        Value::Null => entry.is_bare(),
        Value::Scalar(_) | Value::Sequence(_) => true,
    };
    let message = format!("the service `{name}` has the name of a section");
    let diagnostic = || indent(Diagnostic::new(&codes::MISPLACED_OVERLAY, message).at(span, "a section, and not a service"));
    is_of_section.then(|| (diagnostic(), Some(found)))
}

/// `wrong-type` for a list of regions, some of which are there without it.
pub(super) fn regions_again(known: &[&SmolStr], further: &[&SmolStr], node: &Node) -> Diagnostic {
    let names = |names: &[&SmolStr]| and_list(names.iter().map(|name| name.as_str()));
    let diagnostic = Diagnostic::new(&codes::WRONG_TYPE, "`regions` is a list").at(node.span, "expected keys, each with a value");
    if further.is_empty() {
        return diagnostic.help(format!("remove it: {} is the region already, as `region:` says", names(known)));
    }
    let lines: Vec<String> = further.iter().map(|name| format!("{name}: {{}}")).collect();
    let help = format!(
        "write each further region as a key on a line of its own, indented, with a colon behind it: {}; the documents are in {} already",
        names(further),
        names(known)
    );
    let diagnostic = diagnostic.help(help);
    if further.iter().all(|name| clouds::is_region(name)) {
        diagnostic.suggest(node.span, format!("{{{}}}", lines.join(", "))).unquoted()
    } else {
        diagnostic
    }
}
